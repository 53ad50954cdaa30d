"""Drafts over HTTP, for the photo picker of the page: add, list, look, remove, restore, put in order.

Everything is below `/api/drafts/<ticket>`, where the ticket comes from `share.tickets.write(owner, album_id)` and works
as long as a draft lives. Only pages of this app may ask (Origin and Sec-Fetch-Site are checked). Only photos are taken:
a video that is sent here is refused, whoever made it.

=======================================  ==============================================================
`GET    …/<ticket>`                      `{"photos": [photo, …], "max_photos": 30, "max_photo_bytes": …, "finds": true}`
`POST   …/<ticket>/photos`               one photo: its bytes as the body with `X-File-Name` (percent-encoded),
                                         or `multipart/form-data` with one file. Query: `max_side`, one of the sizes
                                         on offer (`lib.uploads.options`).
                                         A picker that cleaned it first adds `X-Removed` (kinds of hidden data, with
                                         commas), `X-Original-Bytes` and `X-Upload-Key` (names it across retries).
                                         Answers 201 with the photo. `?instead_of=<id>` puts it in the place of
                                         that photo, which is deleted for good, and says in `X-Covered` what was
                                         covered on the device (`face=2,code=1`). A form may hold `edit` beside the
                                         file, as JSON (`lib.photos.cover`): applied before anything is kept
`POST   …/<ticket>/photos/<id>/edit`     an edit as JSON, for a photo that only this server has: covered and cropped,
                                         and the photo as it was deleted. Answers with the photo
`GET    …/<ticket>/photos/<id>/thumb`    its grid size, JPEG; `…/full` the clean photo, or a video made here, in parts
                                         where a player asks for parts
`DELETE …/<ticket>/photos/<id>`          take it out: 204. `POST …/photos/<id>/restore` brings it back: 204
`POST   …/<ticket>/photos/<id>/find`     `{"found": [{"kind": "face", "box": [x, y, width, height]}, …]}`:
                                         what may be worth covering (face, code, plate, number of a house, text), in
                                         parts of the clean photo; nothing is kept
`PUT    …/<ticket>/order`                `{"ids": ["…", …]}`: 204
=======================================  ==============================================================

A photo is `{"id", "name", "media_type", "width", "height", "size_bytes", "original_size_bytes", "report", "notes",
"thumb", "full", "key"}`; `media_type` is `video/mp4` where this server made a video of photos, `thumb` and `full` are
paths, `key` is the `X-Upload-Key`. What does not work answers
`{"problem": {"title", "happened", "fix"}}` with 400 (photo cannot be used), 403 (another site asks), 404 (draft or
photo gone), 408 (too slow), 413 (too large or no room), 415, 429 (too many at once) or 507 (disk full).
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from lib.albums.album import PhotoInfo
from lib.albums.host import Share
from lib.albums.photo_store import PhotoStore, StoredBytes
from lib.albums.problems import (
    PhotoGone,
    ShareProblem,
    TooFast,
)
from lib.front.language import language_of
from lib.photos import find
from lib.problems import Problem
from lib.recipients.ranges import asked_part
from lib.services.base import VIDEO_TYPE
from lib.settings import Settings, below
from lib.text.catalogue import catalogue
from lib.text.later import Size, later
from lib.uploads.door import Door, announced_bytes, body, same_origin, status_of
from lib.uploads.options import SIZES, USUAL_SIZE

if TYPE_CHECKING:
    from lib.albums.photos import CleanedPhoto
    from lib.photos import Edit

Made = TypeVar("Made")
DEFAULT_SIDE: Final = SIZES[USUAL_SIZE]
FORM_EXTRA: Final = 65_536  # bytes that a form adds around its file
CLEANING_NICENESS: Final = 5  # a share page that waits gets three quarters of a core, cleaning the rest
AT_ONCE: Final = 6  # uploads of one ticket at the same time
_JSON_LIMIT: Final = 100_000
_KEY: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_SIZE_DIGITS: Final = 12
_COVERED: Final = re.compile(r"\b(face|code|plate|number|text|other)=([1-9]\d{0,2})\b")
_COVERED_CHARS: Final = 100
# Kinds of hidden data, as `lib.photos.Finding.kind` names them
KINDS: Final = frozenset({
    "position", "device", "lens", "serial", "owner", "time", "software", "preview", "caption", "xmp", "iptc",
    "comment", "profile", "trailer", "maker_note", "text", "credentials", "other",
})  # fmt: skip

_HEADERS: Final = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; sandbox",
}


class OtherSite(ShareProblem):
    """A page of another site asked."""

    title = later("This was not asked by this app")
    fix = later("Load the page again and choose the photos there.")
    status = 403


class PhotoWentMeanwhile(ShareProblem):
    """An edit of a photo that was taken out of the draft before it arrived."""

    title = later("This photo is not in the draft any more")
    fix = later("Choose it again, then cover it.")
    status = 409


class UploadTooLarge(ShareProblem):
    """More bytes than one photo may have."""

    title = later("Photo too large")
    fix = later("Choose a smaller photo, or make it smaller on your device first.")
    status = 413


class UploadBroken(ShareProblem):
    """The connection ended or was too slow, or the form was not one."""

    title = later("The photo did not arrive")
    fix = later("Check the connection and try again.")
    status = 408


def problem_answer(problem: Problem, spoken: str = "en") -> JSONResponse:
    """Return a problem as JSON, with its words in a language and a fitting status."""
    return JSONResponse({"problem": problem.said(catalogue(spoken))}, status_of(problem), _HEADERS)


async def read_photo(request: Request, settings: Settings) -> tuple[str, bytes, str]:
    """Read one uploaded photo, its name, and the edit sent with it; stops as soon as it is too large or too slow."""
    max_bytes = settings.max_photo_bytes
    form = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    most = max_bytes + (FORM_EXTRA if form else 0)
    photo = Request(request.scope, body(request, settings, most, lambda: _too_large(max_bytes)))
    try:
        if not form:
            return unquote(request.headers.get("x-file-name", ""), errors="replace"), await photo.body(), ""
        async with photo.form(max_files=1, max_fields=10) as fields:
            told = fields.get("edit", "")
            for one in fields.values():
                if isinstance(one, UploadFile):
                    data = await one.read()
                    if len(data) > max_bytes:
                        raise _too_large(max_bytes)
                    return one.filename or "", data, told if isinstance(told, str) else ""
    except (ClientDisconnect, MultiPartException, HTTPException, KeyError):
        raise UploadBroken(later("What arrived was not a whole photo.")) from None
    raise UploadBroken(later("No photo was in the form."))


def _offered(side: int) -> int:
    """Return the size on offer that is at least as large as the one that is asked for, or the largest."""
    return min((offered for offered in SIZES.values() if offered >= side), default=max(SIZES.values()))


def _too_large(max_bytes: int) -> UploadTooLarge:
    return UploadTooLarge(later("A photo may have at most {size}.", size=Size(max_bytes)))


@dataclass(frozen=True, slots=True)
class Said:
    """What the sender's own device says about a photo that it cleaned; believed for words only, never for safety."""

    removed: tuple[str, ...] = ()
    original_bytes: int = 0
    upload_key: str | None = None
    covered: Mapping[str, int] = field(default_factory=dict)
    instead_of: str | None = None
    edit: str = ""  # JSON, not read yet

    @classmethod
    def of(cls, request: Request) -> Said:
        """Read the headers; what is not well-formed is ignored."""
        kinds = request.headers.get("x-removed", "").split(",")
        size = request.headers.get("x-original-bytes", "")
        key = request.headers.get("x-upload-key", "")
        covered = _COVERED.findall(request.headers.get("x-covered", "")[:_COVERED_CHARS])
        return cls(
            tuple(dict.fromkeys(kind for kind in kinds if kind in KINDS)),
            int(size) if size.isascii() and size.isdigit() and len(size) <= _SIZE_DIGITS else 0,
            key if _KEY.fullmatch(key) else None,
            {kind: int(count) for kind, count in covered},
            request.query_params.get("instead_of") or None,
        )


def step_back(niceness: int = CLEANING_NICENESS) -> None:
    """Let share pages go before the work of this thread: on Linux, niceness belongs to a thread."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


class DraftApi:
    """The routes of drafts."""

    def __init__(self, share: Callable[[], Share], door: Door) -> None:
        self._open = share
        self._door_for_bytes = door
        self._uploading: Counter[str] = Counter()
        self._workers: ThreadPoolExecutor | None = None

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        base = "/api/drafts/{ticket}"
        table: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", "", self._list),
            ("POST", "/photos", self._add),
            ("GET", "/photos/{photo}/{size:str}", self._look),
            ("DELETE", "/photos/{photo}", self._remove),
            ("POST", "/photos/{photo}/restore", self._restore),
            ("POST", "/photos/{photo}/edit", self._edit),
            ("POST", "/photos/{photo}/find", self._find),
            ("PUT", "/order", self._order),
        )
        return [Route(base + path, self._door(answer), methods=[method]) for method, path, answer in table]

    def _door(self, answer: Callable[..., Any]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                if not same_origin(request):
                    raise OtherSite(later("Another site tried to add or read photos here."))
                share = self._open()
                owner, album = await asyncio.to_thread(share.tickets.read, request.path_params["ticket"])
                result: Response = await answer(request, share, owner, album)
            except Problem as problem:
                if request.method == "POST":
                    self._door_for_bytes.refused(request, problem)
                return problem_answer(problem, language_of(request.cookies, request.headers.get("accept-language", "")))
            return result

        return endpoint

    async def _list(self, request: Request, share: Share, owner: str, album: str) -> Response:
        photos = await asyncio.to_thread(share.photos.all, owner, album)
        ticket = request.path_params["ticket"]
        return JSONResponse(
            {
                "photos": [_told(photo, ticket) for photo in photos],
                "max_photos": share.settings.max_photos,
                "max_photo_bytes": share.settings.max_photo_bytes,
                "finds": bool(find.kinds()),
            },
            headers=_HEADERS,
        )

    async def _add(self, request: Request, share: Share, owner: str, album: str) -> Response:
        side = request.query_params.get("max_side", "")
        max_side = (
            _offered(int(side)) if side.isascii() and side.isdigit() and len(side) < _SIZE_DIGITS else DEFAULT_SIDE
        )
        said = Said.of(request)
        if said.instead_of is None:
            await asyncio.to_thread(share.photos.check_room, owner, album)
        async with self._entered(request, share, album):
            name, data, told = await read_photo(request, share.settings)
            said = replace(said, edit=told)
            photo = await self._in_a_worker(share, prepare_and_add, share, owner, album, name, data, max_side, said)
        return JSONResponse(_told(photo, request.path_params["ticket"]), 201, _HEADERS)

    @asynccontextmanager
    async def _entered(self, request: Request, share: Share, album: str) -> AsyncIterator[None]:
        """Hold a place for one photo that comes or is edited. Raises `TooFast`."""
        if self._uploading[album] >= AT_ONCE:
            raise TooFast(
                later("{n} photos are already on their way.", n=AT_ONCE),
                fix=later("Wait for them, then try again."),
            )
        held = announced_bytes(request, share.settings.max_photo_bytes)
        self._uploading[album] += 1
        try:
            async with self._door_for_bytes.entered(request, share.settings, in_memory=held):
                yield
        finally:
            self._uploading[album] -= 1
            if not self._uploading[album]:
                del self._uploading[album]

    async def _in_a_worker(self, share: Share, work: Callable[..., Made], *given: Any) -> Made:
        if self._workers is None:
            self._workers = ThreadPoolExecutor(share.settings.workers, "clean", initializer=step_back)
        return await asyncio.get_running_loop().run_in_executor(self._workers, work, *given)

    async def _edit(self, request: Request, share: Share, owner: str, album: str) -> Response:
        small = body(request, share.settings, _JSON_LIMIT, lambda: _too_large(_JSON_LIMIT))
        told = (await Request(request.scope, small).body()).decode("utf-8", errors="replace")
        said = replace(Said.of(request), edit=told, instead_of=request.path_params["photo"])
        async with self._entered(request, share, album):
            photo = await self._in_a_worker(share, edit_kept, share, owner, album, said)
        return JSONResponse(_told(photo, request.path_params["ticket"]), 200, _HEADERS)

    async def _find(self, request: Request, share: Share, owner: str, album: str) -> Response:
        async with self._entered(request, share, album):
            found = await self._in_a_worker(share, look_at, share, owner, album, request.path_params["photo"])
        return JSONResponse({"found": [one.to_dict() for one in found]}, headers=_HEADERS)

    async def _look(self, request: Request, share: Share, owner: str, album: str) -> Response:
        photo_id, size = request.path_params["photo"], request.path_params["size"]
        if size not in {"thumb", "full"}:
            raise PhotoGone
        photo, path = await asyncio.to_thread(share.photos.find, owner, album, photo_id)
        if size == "full" and photo.is_video:
            return _video(request, share.store, photo, path)
        data = await asyncio.to_thread(share.photos.read, owner, album, photo_id, small=size == "thumb")
        return Response(data, media_type=photo.media_type if size == "full" else "image/jpeg", headers=_HEADERS)

    async def _remove(self, request: Request, share: Share, owner: str, album: str) -> Response:
        await asyncio.to_thread(share.photos.remove, owner, album, request.path_params["photo"])
        return Response(status_code=204, headers=_HEADERS)

    async def _restore(self, request: Request, share: Share, owner: str, album: str) -> Response:
        await asyncio.to_thread(share.photos.restore, owner, album, request.path_params["photo"])
        return Response(status_code=204, headers=_HEADERS)

    async def _order(self, request: Request, share: Share, owner: str, album: str) -> Response:
        small = body(request, share.settings, _JSON_LIMIT, lambda: _too_large(_JSON_LIMIT))
        text = await Request(request.scope, small).body()
        try:
            wished = json.loads(text)["ids"]
        except (ValueError, KeyError, TypeError, RecursionError):
            wished = None
        if not isinstance(wished, list) or not all(isinstance(item, str) for item in wished):
            raise UploadBroken(later("The order of the photos could not be read."))
        await asyncio.to_thread(share.photos.reorder, owner, album, wished)
        return Response(status_code=204, headers=_HEADERS)


def _video(request: Request, store: PhotoStore, video: PhotoInfo, path: str) -> Response:
    """Send a video that was made here, or the part that a player asks for; phones play nothing without parts."""
    size = video.size_bytes
    part = asked_part(request.headers.get("range", ""), size)
    start, end = part or (0, size)
    headers = {**_HEADERS, "accept-ranges": "bytes"}
    if start >= end:
        return Response(status_code=416, headers=headers | {"content-range": f"bytes */{size}"})
    headers["content-length"] = str(end - start)
    if part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    return StreamingResponse(
        store.stream(StoredBytes(path, size), start, end), 206 if part else 200, headers, VIDEO_TYPE
    )


def prepare_and_add(
    share: Share, owner: str, album: str, name: str, data: bytes, max_side: int = DEFAULT_SIDE, said: Said | None = None
) -> PhotoInfo:
    """Clean one photo and add it to an album. Decodes and encodes: never on the event loop."""
    from lib.photos import prepare_photo

    said = said or Said()
    edit = _edit_of(said)
    photo = prepare_photo(
        data, max_side=max_side, max_bytes=share.settings.max_photo_bytes, max_pixels=share.settings.max_photo_pixels,
        edit=edit,
    )  # fmt: skip
    if said.instead_of is None:
        return share.photos.add(
            owner, album, name=name, photo=photo, removed=said.removed, original_size_bytes=said.original_bytes,
            upload_key=said.upload_key, covered=_covered(said, edit),
        )  # fmt: skip
    return _replaced(share, owner, album, photo, said, edit)


def edit_kept(share: Share, owner: str, album: str, said: Said) -> PhotoInfo:
    """Cover and crop a photo that only this server has. Decodes and encodes: never on the event loop."""
    from lib.photos import prepare_photo

    edit, photo_id = _edit_of(said), said.instead_of or ""
    info = next((one for one in share.photos.all(owner, album) if one.id == photo_id and not one.is_video), None)
    if info is None:
        raise PhotoWentMeanwhile(later("It was taken out before the covers arrived. Nothing was changed."))
    data = share.photos.read(owner, album, photo_id, unmarked=True)
    side = max(info.width, info.height)  # nothing becomes smaller a second time
    return _replaced(share, owner, album, prepare_photo(data, max_side=side, edit=edit), said, edit)


def look_at(share: Share, owner: str, album: str, photo_id: str) -> tuple[find.Proposal, ...]:
    """Look for what may be worth covering in a kept photo: never on the event loop. Raises `PhotoGone`."""
    info, _ = share.photos.find(owner, album, photo_id)
    if info.is_video or info.removed_at is not None:
        raise PhotoGone
    return find.look(share.photos.read(owner, album, photo_id))


def _replaced(
    share: Share, owner: str, album: str, photo: CleanedPhoto, said: Said, edit: Edit | None
) -> PhotoInfo:  # fmt: skip
    try:
        return share.photos.replace(
            owner, album, said.instead_of or "", photo=photo, upload_key=said.upload_key, covered=_covered(said, edit)
        )
    except PhotoGone:
        raise PhotoWentMeanwhile(later("It was taken out before the covers arrived. Nothing was changed.")) from None


def _edit_of(said: Said) -> Edit | None:
    """Read the edit that was sent with the photo. Raises `EditRefused`."""
    from lib.photos import Edit

    if not said.edit:
        return None
    try:
        told = json.loads(said.edit[:_JSON_LIMIT])
    except (ValueError, RecursionError):
        told = None
    return Edit.parse(told)


def _covered(said: Said, edit: Edit | None) -> Mapping[str, int]:
    """How many covers, by kind: as the device says, and of what was covered here as many as there are."""
    if said.covered or edit is None or not edit.covers:
        return said.covered
    return {"other": len(edit.covers)}


def _told(photo: PhotoInfo, ticket: str) -> dict[str, Any]:
    base = f"{below()}/api/drafts/{ticket}/photos/{photo.id}"
    return {
        "id": photo.id, "name": photo.name, "media_type": photo.media_type, "width": photo.width,
        "height": photo.height, "size_bytes": photo.size_bytes, "original_size_bytes": photo.original_size_bytes,
        "report": photo.report, "notes": list(photo.notes), "thumb": f"{base}/thumb", "full": f"{base}/full",
        "key": photo.upload_key,
    }  # fmt: skip


def routes(share: Callable[[], Share], door: Door | None = None) -> list[BaseRoute]:
    """Return the routes of drafts."""
    return DraftApi(share, door or Door()).routes()
