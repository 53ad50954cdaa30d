"""The plain upload page, the share target of the installed app, and the app's manifest.

`/upload` is an ordinary form without script: for old browsers, for phones on which the app's picker fails, and, as a
share target on Android, for photos that the gallery hands over. Photos are cleaned, put into this visitor's draft,
and the visitor is led to the app, which finds the draft by the owner cookie: its id is never part of an address.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import jinja2
from anyio import to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Scope

from lib.albums.host import Share
from lib.albums.owner_cookie import LIFE_S, OWNER_COOKIE, has_owner
from lib.albums.photos import plain_name
from lib.albums.problems import DraftGone, NoRoom, ShareProblem, TooManyPhotos
from lib.problems import Problem
from lib.send.api import same_origin
from lib.settings import MEGABYTE, ROOT, Settings

_HERE: Final = Path(__file__).parent / "upload_page"
_ASSETS: Final = ROOT / "lib" / "ui" / "assets"
_STYLE: Final = re.sub(r"\s+", " ", (_HERE / "page.css").read_text(encoding="utf-8"))
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_NEXT: Final = "/create?from=upload"
_FORM_BYTES: Final = MEGABYTE  # the form around the photos: names, boundaries, a shared text
_DAY_S: Final = 86_400
_ICONS: Final = ("icon-192.png", "icon-512.png", "icon-maskable-512.png", "apple-touch-icon.png")

HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}


class UploadRefused(ShareProblem):
    """An upload that did not come from this app's own page, or is no upload at all."""

    title = "This upload was refused"
    fix = "Open the upload page of this app and choose the photos there."


class UploadTooLarge(ShareProblem):
    """More bytes than photos may have in all."""

    title = "Too much at once"
    fix = "Upload fewer photos at a time."


@dataclass(frozen=True, slots=True)
class _Refused:
    """One line of the page: which file was not taken, and why."""

    name: str
    problem: Problem


def routes(share: Callable[[], Share], is_https: Callable[[Scope], bool]) -> list[BaseRoute]:
    """Return the routes of the upload page, the manifest and its icons."""
    page = UploadPage(share, is_https)
    return [
        Route("/upload", page.show, methods=["GET"]),
        Route("/upload", page.take, methods=["POST"]),
        Route("/manifest.webmanifest", manifest, methods=["GET"]),
        *(Route(f"/icons/{name}", partial(_icon, name), methods=["GET"]) for name in _ICONS),
    ]


class UploadPage:
    """The form, and what it sends."""

    def __init__(self, share: Callable[[], Share], is_https: Callable[[Scope], bool]) -> None:
        self._share = share
        self._is_https = is_https

    async def show(self, _request: Request) -> Response:
        """Show the form."""
        return _page(self._share().settings, "Upload photos", kept=None, refused=())

    async def take(self, request: Request) -> Response:
        """Clean the photos of the form, or of a share target, into the visitor's draft, then lead to the app."""
        share = self._share()
        try:
            if not same_origin(request):
                raise UploadRefused("It came from another site.")
            form = await _read_form(request, share.settings)
        except Problem as problem:
            return _refusal(share.settings, problem)
        known = has_owner(request.scope)
        owner = request.cookies[OWNER_COOKIE] if known else secrets.token_urlsafe(24)
        try:
            files = [
                (part.filename or "photo", part) for part in form.getlist("photos") if isinstance(part, UploadFile)
            ]
            answer = await to_thread.run_sync(_keep_all, share, owner, form.get("password"), files)
        finally:
            await form.close()
        if not known:
            # A browser that meets this app for the first time, by a share from the gallery.
            answer.set_cookie(
                OWNER_COOKIE, owner, max_age=LIFE_S, secure=self._is_https(request.scope), httponly=True, samesite="lax"
            )
        return answer


async def _read_form(request: Request, limits: Settings) -> FormData:
    """Read the form, and stop as soon as it is larger than it may be, whatever was announced."""
    most = limits.max_photos * limits.max_photo_bytes + _FORM_BYTES
    received = 0
    receive = request.receive

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            raise UploadTooLarge(f"That is more than {limits.max_photos} photos may have together.")
        return message

    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UploadRefused("It was not sent by an upload form.")
    try:
        # A few files more than the limit are read, so that the page can say which ones do not fit.
        return await Request(request.scope, counted).form(max_files=limits.max_photos + 20, max_fields=20)
    except (MultiPartException, HTTPException, ClientDisconnect) as error:
        # Starlette says the same in two kinds: beside an app it is an answer, alone a parser's complaint.
        said = getattr(error, "message", "") or getattr(error, "detail", "")
        if "Too many files" in said:
            raise TooManyPhotos(f"One link holds at most {limits.max_photos} photos.") from None
        raise UploadRefused("The upload arrived broken.", fix="Try once more.") from None


def _keep_all(share: Share, owner: str, password: Any, files: Sequence[tuple[str, UploadFile]]) -> Response:
    """Clean and keep every photo that can be; say which could not."""
    try:
        _check_may_upload(share, owner, password if isinstance(password, str) else None)
        chosen = [(name, part) for name, part in files if part.size or name != "photo"]
        if not chosen:
            raise UploadRefused("No photo was chosen.", fix="Choose at least one photo.")
        album_id = share.albums.latest(owner) or share.albums.open(owner)
        kept, refused = _keep(share, owner, album_id, chosen)
    except Problem as problem:
        return _refusal(share.settings, problem)
    if not refused:
        return RedirectResponse(_NEXT, 303, HEADERS)
    return _page(share.settings, "Some photos were left out", kept=kept, refused=refused, status=200 if kept else 422)


def _check_may_upload(share: Share, owner: str, password: str | None) -> None:
    if share.admission.rule == "signed_in":
        raise UploadRefused(
            "Only people who are signed in create links here.", fix="Sign in in the app, and pick there."
        )
    share.admission.check(owner, password=password)


def _keep(
    share: Share, owner: str, album_id: str, files: Sequence[tuple[str, UploadFile]]
) -> tuple[int, list[_Refused]]:
    from lib.photos import prepare_photos

    limits = share.settings
    room = limits.max_photos - len(share.photos.all(owner, album_id))
    refused = [
        _Refused(name, TooManyPhotos(f"One link holds at most {limits.max_photos} photos."))
        for name, _ in files[max(room, 0) :]
    ]
    taken = files[: max(room, 0)]

    def read() -> Iterator[tuple[str, bytes]]:
        for name, part in taken:
            part.file.seek(0)
            yield name, part.file.read(limits.max_photo_bytes + 1)

    prepared = prepare_photos(
        read(), max_bytes=limits.max_photo_bytes, max_pixels=limits.max_photo_pixels, workers=limits.workers
    )
    ids: dict[int, str] = {}
    for index, result in prepared:
        name = taken[index][0]
        try:
            if isinstance(result, Problem):
                raise result
            ids[index] = share.photos.add(owner, album_id, name=name, photo=result).id
        except DraftGone:
            raise
        except Problem as problem:
            refused.append(_Refused(name, problem))
    if ids:
        there = [photo.id for photo in share.photos.all(owner, album_id) if photo.id not in ids.values()]
        share.photos.reorder(owner, album_id, there + [ids[index] for index in sorted(ids)])
    return len(ids), refused


def _refusal(limits: Settings, problem: Problem) -> Response:
    status = 413 if isinstance(problem, UploadTooLarge | TooManyPhotos | NoRoom) else 403
    return _page(limits, "Upload photos", kept=None, refused=(_Refused("", problem),), status=status)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((_HERE / "page.html").read_text(encoding="utf-8"))


def _page(
    limits: Settings, title: str, *, kept: int | None, refused: Sequence[_Refused], status: int = 200
) -> Response:
    html = _template().render(
        title=title,
        style=_STYLE,
        kept=kept,
        refused=[(plain_name(one.name) if one.name else "", str(one.problem), one.problem.fix) for one in refused],
        max_photos=limits.max_photos,
        max_megabytes=limits.max_photo_bytes // MEGABYTE,
        needs_password=limits.who_may_create == "password",
    )
    return Response(html, status, HEADERS, media_type="text/html")


async def manifest(_request: Request) -> Response:
    """Say how the app is installed, and that the gallery can share photos to it."""
    icons = [
        {"src": "/icons/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {"src": "/icons/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": "/icons/icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    return JSONResponse(
        {
            "id": "/create",
            "lang": "en",
            "name": "Passalong",
            "short_name": "Passalong",
            "description": "Photos in, link out: nothing private left inside.",
            "start_url": "/create",
            "scope": "/",
            "display": "standalone",
            "background_color": "#fdfcf9",
            "theme_color": "#0b7a66",
            "icons": icons,
            "shortcuts": [
                {"name": "Create a link", "url": "/create"},
                {"name": "Attach clean photos", "url": "/attach"},
            ],
            "share_target": {
                "action": "/upload",
                "method": "POST",
                "enctype": "multipart/form-data",
                "params": {
                    "title": "title",
                    "text": "text",
                    "url": "url",
                    "files": [{"name": "photos", "accept": ["image/*", ".heic", ".heif", ".avif", ".tif", ".tiff"]}],
                },
            },
        },
        headers={"Cache-Control": f"public, max-age={_DAY_S}", "X-Content-Type-Options": "nosniff"},
        media_type="application/manifest+json",
    )


async def _icon(name: str, _request: Request) -> Response:
    return FileResponse(
        _ASSETS / name,
        media_type="image/png",
        headers={"Cache-Control": f"public, max-age={_DAY_S}", "X-Content-Type-Options": "nosniff"},
    )
