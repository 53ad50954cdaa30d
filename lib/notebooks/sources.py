"""What photos are given as: a path, bytes, an open file, a folder, or a list of these."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from lib.photos.folder import looked_through
from lib.photos.problems import NoUsablePhoto, PhotoProblem, UnreadableFile
from lib.photos.source import Source, bytes_of
from lib.settings import settings

Photos = Source | Iterable[Source]


@dataclass(frozen=True, slots=True)
class GivenPhoto:
    """One photo that is still to be read."""

    name: str
    read: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """A photo that could not be used, and why."""

    name: str
    problem: PhotoProblem

    def __repr__(self) -> str:
        return f"{self.name}: {self.problem} {self.problem.fix}"


def items_of(photos: Photos) -> tuple[list[GivenPhoto], bool]:
    """Return the photos, and whether they were given as several: a folder or a list, whatever it holds.

    Raises `UnreadableFile` for what is no photo source at all, `NoUsablePhoto` for a folder or list without any.
    """
    if not _is_several(photos):
        return [_item(photos, 1)], False
    given = [Path(photos)] if isinstance(photos, str | os.PathLike) else list(photos)
    found: list[GivenPhoto] = []
    for one in given:
        if isinstance(one, str | os.PathLike) and Path(one).is_dir():
            found += [_item(path, 0) for path in looked_through(Path(one))[0]]
        else:
            found.append(_item(one, len(found) + 1))
    if not found:
        raise NoUsablePhoto("There is no photo in there.", fix="Name photos, or a folder with photos in it.")
    return found, True


def all_or_raise(done: Sequence[Any], refused: Sequence[Refused], *, several: bool) -> None:
    """Raise where nothing came of it: the problem itself where it was about one photo.

    Raises `PhotoProblem` in one of its kinds; `NoUsablePhoto` where each of several was refused.
    """
    if done:
        return
    if not several:
        raise refused[0].problem
    first = refused[0]
    raise NoUsablePhoto(f"None of {len(refused)} photos could be used. {first.name}: {first.problem}")


def _is_several(photos: Any) -> bool:
    if isinstance(photos, str | os.PathLike):
        return Path(photos).is_dir()
    one = isinstance(photos, bytes | bytearray | memoryview) or hasattr(photos, "read")
    if not one and not isinstance(photos, Iterable):
        bytes_of(photos, 0)  # raises, in words
    return not one


def _item(photo: Any, number: int) -> GivenPhoto:
    limit = settings().max_photo_bytes
    if isinstance(photo, str | os.PathLike):
        return GivenPhoto(Path(photo).name, partial(bytes_of, photo, limit))
    named = getattr(photo, "name", "")
    name = Path(named).name if isinstance(named, str) and named else f"photo {number}"
    if not isinstance(photo, bytes | bytearray | memoryview):
        try:  # a file is read now: it may be closed later
            photo = bytes_of(photo, limit)
        except PhotoProblem as problem:
            return GivenPhoto(name, partial(_raise, problem))
    return GivenPhoto(name, partial(bytes_of, photo, limit))


def _raise(problem: PhotoProblem) -> bytes:
    raise problem


__all__ = ["GivenPhoto", "Photos", "Refused", "Source", "UnreadableFile", "all_or_raise", "items_of"]
