"""Files of a form become photos of an album: what can be kept is kept, in its order, and the rest is named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lib.albums.host import Share
from lib.albums.problems import DraftGone, TooManyPhotos
from lib.photos import prepare_photos
from lib.photos.problems import TooLarge
from lib.problems import Problem
from lib.text.amounts import size
from lib.text.later import later
from lib.uploads.form_parts import SentFile


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One file that was not taken, and why. An empty name: it is about all of them."""

    name: str
    problem: Problem


def keep_files(
    share: Share, owner: str, album_id: str, files: Sequence[SentFile], max_side: int, *, once: bool = False
) -> list[LeftOut]:
    """Clean files into an album, in their order; return those that were left out, and why.

    `max_side` is the longest side in pixels. With `once`, a file whose very bytes came before is there already.
    """
    limits = share.settings
    room = max(0, limits.max_photos - share.albums.get(owner, album_id).photo_count)
    left_out = [
        LeftOut(one.name, TooManyPhotos(later("One link holds at most {most} photos.", most=limits.max_photos)))
        for one in files[room:]
    ]
    taken = files[:room]
    keys: dict[int, str] = {}

    def read() -> Iterator[tuple[str, bytes]]:
        for index, one in enumerate(taken):
            one.file.seek(0)
            data = one.file.read()
            if once:
                keys[index] = hashlib.sha256(data).hexdigest()[:40]
            yield one.name, data

    prepared = prepare_photos(
        read(), max_side=max_side, max_bytes=limits.max_photo_bytes, max_pixels=limits.max_photo_pixels,
        workers=limits.workers,
    )  # fmt: skip
    ids: dict[int, str] = {}
    for index, result in prepared:
        try:
            if taken[index].too_large:
                most = size(limits.max_photo_bytes)
                raise TooLarge(later("The photo is larger than {most}, the limit for one.", most=most))
            if isinstance(result, Problem):
                raise result
            ids[index] = share.photos.add(
                owner, album_id, name=taken[index].name, photo=result, upload_key=keys.get(index)
            ).id
        except DraftGone:
            raise
        except Problem as problem:
            left_out.append(LeftOut(taken[index].name, problem))
    if ids:
        there = [photo.id for photo in share.photos.all(owner, album_id) if photo.id not in ids.values()]
        share.photos.reorder(owner, album_id, there + list(dict.fromkeys(ids[index] for index in sorted(ids))))
    return left_out
