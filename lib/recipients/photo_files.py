"""The bytes of an album: photos whole or in part, all of them in a zip, and the picture of a chat preview."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from time import time
from typing import Final
from urllib.parse import quote

from lib.albums.link_rows import PhotoRow
from lib.albums.photo_store import CHUNK_BYTES, StoredBytes
from lib.albums.photos import AVIF, SMALL, kept_bytes
from lib.albums.problems import PhotoDamaged, PhotoGone
from lib.albums.security_log import Event
from lib.recipients import pages
from lib.recipients.background import BackgroundCounts
from lib.recipients.bots import is_bot
from lib.recipients.cards import Cards
from lib.recipients.in_app import in_app_browser
from lib.recipients.pages import VISIT_S
from lib.recipients.ranges import asked_part
from lib.recipients.request import FILE, NO_STORE, REVALIDATE, Headers, LinkVisit, Request
from lib.recipients.zipped import zip_length, zip_stream

TAG_S: Final = 600  # grain of the time in the first photo's ETag
# Opened by itself, a browser shows a video in a page of its own making, which may play it and nothing else.
_VIDEO_POLICY: Final = (
    b"content-security-policy",
    b"default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin",
)


class PhotoFiles:
    """Sends files of albums whose gate is open to this visit."""

    def __init__(self, counts: BackgroundCounts) -> None:
        self._counts = counts
        self._cards = Cards()

    async def photo(
        self, visit: LinkVisit, number: int, ending: str, *, own: bool, small: bool = False, save: bool = False
    ) -> None:
        """Send one photo or video, or its grid size or poster. Raises `PhotoGone`."""
        request, link = visit.request, visit.link
        photo = await photo_row(visit, number)
        if ending != ("jpg" if small else photo.ending) or (save and not link.allow_download):
            raise PhotoGone
        as_video = photo.is_video and not small
        headers: Headers = [*(h for h in FILE if h[0] != _VIDEO_POLICY[0]), _VIDEO_POLICY] if as_video else [*FILE]
        headers.append(visit.cache)
        light_bytes = 0 if save else (photo.small_avif_bytes if small else photo.avif_bytes) or 0
        light = light_bytes > 0 and _takes_avif(request)
        if not save:
            headers.append((b"vary", b"Accept, User-Agent"))
        if not link.gated:
            first = photo.place == 1 and not save and (small or (link.photo_count == 1 and not as_video))
            name = f"{photo.id}{'s' if small else ''}"
            names = (f"{name}a", name) if light else (name,)  # what a browser has already stays good enough
            tag, fresh = _tag(names, request.header(b"if-none-match"), timed=first)
            headers.append((b"etag", tag.encode()))
            if not fresh:
                await request.send({"type": "http.response.start", "status": 304, "headers": headers})
                await request.send({"type": "http.response.body", "body": b""})
                return
            if first and not own and _is_picture_of_page(request):
                self._counts.count(visit.share.visits.spend, link)
        kind = b"image/avif" if light else b"image/jpeg" if small else photo.media_type.encode()
        how = "attachment" if save else "inline"
        file_name = photo.small_name if small else photo.file_name
        if light:
            file_name = f"{file_name.rpartition('.')[0]}.avif"
        headers += [
            (b"content-type", kind),
            (b"content-disposition", _disposition(how, file_name)),
            (b"accept-ranges", b"bytes"),
        ]
        kept = kept_bytes(link.album_id, photo, (SMALL if small else "") + (AVIF if light else ""))
        with self._telling(visit, photo):
            await _send(visit, kept, headers)

    @contextmanager
    def _telling(self, visit: LinkVisit, photo: PhotoRow) -> Iterator[None]:
        """Note for the sender that what is stored of a photo is damaged, or is not there."""
        try:
            yield
        except (PhotoDamaged, PhotoGone):
            visit.share.security.tell(Event.PHOTO_DAMAGED)
            self._counts.count(visit.share.visits.note_damage, photo.id)
            raise

    async def zip(self, visit: LinkVisit) -> None:
        """Send all photos in one file, made while it is sent. Raises `PhotoGone`."""
        request, share, link = visit.request, visit.share, visit.link
        if not link.allow_download or link.size_bytes >= pages.ZIP_LIMIT:
            raise PhotoGone
        photos = await visit.read(share.visits.photos_of, link.album_id)
        headers: Headers = [
            *FILE, NO_STORE, (b"content-type", b"application/zip"),
            (b"content-disposition", b'attachment; filename="photos.zip"'),
        ]  # fmt: skip
        if request.method == "HEAD":
            await request.answer(200, headers, length=zip_length(photos))
            return

        async def read(photo: PhotoRow) -> AsyncIterator[bytes]:
            await photo_row(visit, photo.number)  # it may have been taken out while others were sent
            kept = kept_bytes(link.album_id, photo)
            with self._telling(visit, photo):
                async for chunk in share.store.stream(kept):
                    yield chunk

        await _stream(visit, 200, headers, zip_length(photos), zip_stream(photos, read))

    async def preview(self, visit: LinkVisit) -> None:
        """Send the picture that a chat app may show. Raises `PhotoGone` when the sender wished none."""
        from lib.photos import preview_card

        share, link = visit.share, visit.link
        if link.shown_preview.value == "none":
            raise PhotoGone
        first: Sequence[PhotoRow] = await visit.read(share.visits.photos_of, link.album_id)
        if not first:
            raise PhotoGone
        photo = first[0]
        blurred = link.shown_preview.value == "blurred"
        kept = kept_bytes(link.album_id, photo, SMALL if photo.is_video else "")
        with self._telling(visit, photo):
            card = await self._cards.get(
                f"{photo.id} {blurred}", lambda: share.store.read_async(kept), partial(preview_card, blurred=blurred)
            )
        # The one address that other sites' pages may show: it is made for them.
        headers = [h for h in FILE if h[0] != b"cross-origin-resource-policy"]
        await visit.request.answer(
            200, [*headers, (b"cross-origin-resource-policy", b"cross-origin"), REVALIDATE,
                  (b"content-type", b"image/jpeg")], card,
        )  # fmt: skip


async def photo_row(visit: LinkVisit, number: int) -> PhotoRow:
    """Return one photo of the visited album. Raises `PhotoGone`."""
    photo: PhotoRow | None = await visit.read(visit.share.visits.photo_of, visit.link.album_id, number)
    if photo is None:
        raise PhotoGone
    return photo


async def _send(visit: LinkVisit, kept: StoredBytes, headers: Headers) -> None:
    request, store, size = visit.request, visit.share.store, kept.size
    if request.method == "HEAD":
        await request.answer(200, headers, length=size)
        return
    part = asked_part(request.header(b"range"), size) if _same_as_before(request, headers) else None
    if part is not None:
        start, end = part
        if start >= end:
            await request.answer(416, [*headers, (b"content-range", f"bytes */{size}".encode())])
            return
        await _stream(
            visit, 206, [*headers, (b"content-range", f"bytes {start}-{end - 1}/{size}".encode())], end - start,
            store.stream(kept, start, end),
        )  # fmt: skip
    elif size <= CHUNK_BYTES:
        await request.answer(200, headers, await store.read_async(kept))
    else:
        await _stream(visit, 200, headers, size, store.stream(kept))


async def _stream(visit: LinkVisit, status: int, headers: Headers, size: int, chunks: AsyncIterator[bytes]) -> None:
    """Send chunks; the headers wait for the first one, so that a store that fails is told properly.

    When the reader has left, nothing more is read. Before each chunk the link is looked at again: once it is taken
    back, or its password is changed, the line is cut, and the file stays incomplete.
    """
    request = visit.request
    first = await anext(chunks, b"")
    head = [*headers, (b"content-length", str(size).encode())]
    await request.send({"type": "http.response.start", "status": status, "headers": head})
    await request.send({"type": "http.response.body", "body": first, "more_body": True})
    left = asyncio.get_running_loop().create_task(_left(request))
    try:
        async for chunk in chunks:
            if left.done() or not await visit.still_open():
                return
            await request.send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        left.cancel()
    await request.send({"type": "http.response.body", "body": b""})


async def _left(request: Request) -> None:
    """Wait until the reader has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _disposition(how: str, name: str) -> bytes:
    """Return how a file is shown or saved, and under which name: in letters of any script where it has them."""
    if name.isascii():
        return f'{how}; filename="{name}"'.encode()
    plain = name.encode("ascii", "ignore").decode().replace("-.", ".")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}".encode()


def _takes_avif(request: Request) -> bool:
    """Say whether a browser takes AVIF. Where photos are saved by pressing them, what is saved has to be a JPEG."""
    if b"image/avif" not in request.headers.get(b"accept", b""):
        return False
    app = in_app_browser(request.header(b"user-agent"))
    return app is None or app.saving != "hold"


def _tag(names: Sequence[str], shown: str, *, timed: bool) -> tuple[str, bool]:
    """Return the ETag of a photo, and whether the browser needs its bytes. The first name is that of the best form.

    The tag of the first photo holds the ten minutes in which it was given, the same for everybody: a browser that
    shows one of the last twenty minutes is still on the same visit.
    """
    if not (timed or shown):
        return f'"{names[0]}"', True
    now = int(time() // TAG_S)
    given = [f"-{moment}" for moment in range(now, now - VISIT_S // TAG_S - 1, -1)] if timed else [""]
    tags = [f'"{name}{end}"' for name in names for end in given]
    known = next((tag for tag in tags if tag in shown), None) if shown else None
    return known or tags[0], known is None


def _is_picture_of_page(request: Request) -> bool:
    """Say whether a browser loads this as a picture of our page, for a person."""
    if request.method != "GET" or b"range" in request.headers or is_bot(request.header(b"user-agent")):
        return False
    if request.header(b"purpose") == "prefetch" or "prefetch" in request.header(b"sec-purpose"):
        return False
    kind = request.header(b"sec-fetch-dest")
    if kind:
        return kind == "image" and request.header(b"sec-fetch-site") == "same-origin"
    return request.header(b"accept").startswith("image/")  # browsers from before these headers


def _same_as_before(request: Request, headers: Headers) -> bool:
    """Say whether a part still fits what the browser has of the file: then only the part is sent."""
    return b"if-range" not in request.headers or (b"etag", request.headers[b"if-range"]) in headers
