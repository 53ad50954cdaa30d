"""Answers the HTTP API: who asks is settled by a token before a byte of a body is read."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lib.albums.album import AlbumState
from lib.albums.host import Share
from lib.albums.link_rows import LinkInfo, LinkState
from lib.albums.links import KEEP
from lib.albums.problems import AlbumGone, LinkEnded, LinkGone, NoPhotos, ShareProblem, TokenEnded, WishRefused
from lib.albums.tokens import Token
from lib.front.language import language_of
from lib.http_api.openapi import document
from lib.http_api.operations import BASE, OPERATIONS, Operation
from lib.http_api.shapes import (
    ChangedPhotos,
    LinkAndPhotos,
    LinkChange,
    LinkList,
    LinkShape,
    MadeLink,
    NewLink,
    PhotoShape,
    Proof,
    RefusedFile,
    StrangerShape,
    TakenBackLink,
    read_shape,
)
from lib.links.stranger import closed, gone
from lib.problems import Problem
from lib.settings import MEGABYTE
from lib.text.catalogue import catalogue
from lib.text.later import later, later_counted
from lib.text.spans import span
from lib.uploads.door import Door, announced_bytes, body, status_of
from lib.uploads.finished import base_of, inner_base, look
from lib.uploads.form_parts import Form, FormRefused, FormTooLarge, SentFile, read_form
from lib.uploads.keeping import LeftOut, keep_files
from lib.uploads.options import SIZES, USUAL_SIZE

_JSON_BYTES: Final = 64_000  # of a change: the words of an album are the longest
_FORM_BYTES: Final = MEGABYTE  # of a form around its photos
_SCHEME: Final = "bearer "
_HEADERS: Final = {
    "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex", "Content-Security-Policy": "default-src 'none'; sandbox",
}  # fmt: skip
_NOT_THERE: Final = 404

Admit = Callable[[Mapping[str, str]], Awaitable[None]]


class NotForThis(ShareProblem):
    """A token that was not made for this."""

    title = later("This token is not for that")
    fix = later("Make a token under My links that may do it.")
    status = 403


class NoSuchThing(ShareProblem):
    """An address of the API that is not there."""

    title = later("There is nothing at this address")
    fix = later("Look at openapi.json beside it.")
    status = 404


class StillWorks(ShareProblem):
    """A proof that a link is gone, of one that works."""

    title = later("This link still works")
    fix = later("Take it back first.")
    status = 409


class NotTaken(ShareProblem):
    """Files that were refused, so that nothing of what was sent with them was kept."""

    title = later("Nothing was kept")
    fix = later("Send the others without them, or say skip_refused.")
    status = 422

    def __init__(self, left_out: list[LeftOut]) -> None:
        """Keep which ones, and why."""
        self.left_out = left_out
        super().__init__(
            later_counted(
                "{n} file cannot be used, so nothing was kept.", "{n} files cannot be used, so nothing was kept.",
                len(left_out),
            )
        )  # fmt: skip


def routes(share: Callable[[], Share], door: Door | None = None) -> list[BaseRoute]:
    """Return the routes. Where the host switched the API off, each answers as if it were not there."""
    return LinkApi(share, door or Door()).routes()


class LinkApi:
    """One method for each operation; each gets the token as its owner."""

    def __init__(self, share: Callable[[], Share], door: Door) -> None:
        self._share = share
        self._door = door

    def routes(self) -> list[BaseRoute]:
        """Return the routes, in the order of the table."""
        return [
            Route(f"{BASE}/openapi.json", self._document, methods=["GET"]),
            *(Route(BASE + one.path, partial(self._answer, one), methods=[one.method]) for one in OPERATIONS),
            Route(f"{BASE}/{{rest:path}}", self._nothing, methods=["GET", "POST", "PATCH", "PUT", "DELETE"]),
        ]

    async def _document(self, request: Request) -> Response:
        if not self._share().settings.http_api:
            return await self._nothing(request)
        return JSONResponse(document(base_of(request, self._share().settings)), headers=_HEADERS)

    async def _nothing(self, request: Request) -> Response:
        return _refusal(request, NoSuchThing(later("The HTTP API has no such address, or it is switched off.")))

    async def _answer(self, operation: Operation, request: Request) -> Response:
        share = self._share()
        if not share.settings.http_api:
            return await self._nothing(request)
        try:
            owner, token = await asyncio.to_thread(_who, share, request)
            if operation.scope not in token.scopes:
                raise NotForThis(later("It was not made for: {scope}.", scope=operation.scope.value))
            await asyncio.to_thread(share.tokens.used, token)
            answer: Callable[..., Awaitable[BaseModel]] = getattr(self, operation.name)
            told = await answer(request, share, owner, token)
        except Problem as problem:
            if operation.takes_photos:
                self._door.refused(request, problem)
            return _refusal(request, problem)
        status = 201 if operation.name == "make" else 200
        return JSONResponse(told.model_dump(mode="json"), status, _HEADERS)

    async def make(self, request: Request, share: Share, owner: str, token: Token) -> MadeLink:
        """Clean the photos, make the link, and open it as a stranger."""
        address = request.client.host if request.client else ""
        may = await asyncio.to_thread(share.tokens.may_create, token)
        read: dict[str, NewLink] = {}

        async def admit(fields: Mapping[str, str]) -> None:
            # A field that is left empty, as programs with a fixed form send it, is one that is not there.
            read["wish"] = read_shape(NewLink, {name: value for name, value in fields.items() if value})
            _choices(read["wish"])  # an end that is none is refused before the photos come
            await asyncio.to_thread(share.admission.check, owner, address=address, **may)

        form = await self._form(request, share, admit)
        try:
            album_id, left_out = await asyncio.to_thread(_make, share, owner, read["wish"], form, address)
        finally:
            form.close()
        view = await look(share, request, owner, album_id, anew=True)  # photos may have joined earlier ones
        return await asyncio.to_thread(
            self._made, request, share, owner, album_id, left_out, StrangerShape.of(view) if view else None
        )

    @staticmethod
    def _made(
        request: Request, share: Share, owner: str, album_id: str, left_out: list[LeftOut], seen: StrangerShape | None
    ) -> MadeLink:
        info = share.albums.get(owner, album_id)
        if info.link is None:
            raise LinkGone
        values = LinkShape.values_of(info.link, base_of(request, share.settings))
        return MadeLink(
            **values, items=[PhotoShape.of(photo) for photo in info.photos], removed=info.receipt()["removed"],
            refused=_told(request, left_out), stranger=seen,
        )  # fmt: skip

    async def list(self, request: Request, share: Share, owner: str, _token: Token) -> LinkList:
        """Return one page."""
        asked = request.query_params.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1  # noqa: PLR2004
        page = await asyncio.to_thread(
            partial(share.links.page, owner, search=request.query_params.get("search", "")[:200], number=number)
        )
        base = base_of(request, share.settings)
        return LinkList(
            links=[LinkShape(**LinkShape.values_of(link, base)) for link in page.links], page=page.number,
            pages=page.pages, found=page.found, total=page.total,
        )  # fmt: skip

    async def get(self, request: Request, share: Share, owner: str, _token: Token) -> LinkAndPhotos:
        """Return one link."""
        link = await asyncio.to_thread(share.links.get, owner, request.path_params["link"])
        return await asyncio.to_thread(_whole, request, share, owner, link)

    async def change(self, request: Request, share: Share, owner: str, _token: Token) -> LinkAndPhotos:
        """Change what is named, and nothing else."""
        small = body(request, share.settings, _JSON_BYTES, _too_long)
        wish = read_shape(LinkChange, await Request(request.scope, small).body())
        if not wish.model_fields_set:
            raise WishRefused(later("Nothing was named that should change."))
        named = {name: getattr(wish, name) for name in wish.model_fields_set}
        expires, idle = named.pop("expires", None), named.pop("idle", KEEP)
        if expires is not None:
            named["expires_at"] = datetime.now(UTC) + span(expires)
        if idle is not KEEP:
            named["idle_s"] = span(idle).total_seconds() if idle is not None else None
        link = await asyncio.to_thread(partial(share.links.change, owner, request.path_params["link"], **named))
        return await asyncio.to_thread(_whole, request, share, owner, link)

    async def add(self, request: Request, share: Share, owner: str, _token: Token) -> ChangedPhotos:
        """Add photos to an album that is out."""
        link = await asyncio.to_thread(share.links.get, owner, request.path_params["link"])
        _check_lives(link)
        await asyncio.to_thread(share.photos.check_room, owner, link.album_id)

        async def admit(fields: Mapping[str, str]) -> None:
            if fields.keys() - {"size"} or fields.get("size", USUAL_SIZE) not in SIZES:
                raise WishRefused(later("Beside the photos, only their size can be named."))

        form = await self._form(request, share, admit)
        try:
            side = SIZES[form.fields.get("size", USUAL_SIZE)]
            if not _sent(form):
                raise NoPhotos
            left_out = await asyncio.to_thread(
                partial(keep_files, share, owner, link.album_id, _sent(form), side, once=True)
            )
            if len(left_out) == len(_sent(form)):
                raise NotTaken(left_out)
        finally:
            form.close()
        link = await asyncio.to_thread(share.links.get, owner, link.id)
        whole = await asyncio.to_thread(_whole, request, share, owner, link)
        return ChangedPhotos(**dict(whole), refused=_told(request, left_out))

    async def take_out(self, request: Request, share: Share, owner: str, _token: Token) -> Proof:
        """Take one photo out for everybody, and open every address that it had."""
        link = await asyncio.to_thread(share.links.get, owner, request.path_params["link"])
        photo = request.path_params["photo"]
        paths = await asyncio.to_thread(share.photos.addresses, owner, link.album_id, photo)
        await asyncio.to_thread(share.photos.remove, owner, link.album_id, photo)
        return await _proof(request, share, paths)

    async def take_back(self, request: Request, share: Share, owner: str, _token: Token) -> TakenBackLink:
        """Close a link for everybody, and open every address that it had."""
        link = await asyncio.to_thread(share.links.revoke, owner, request.path_params["link"])
        paths = await asyncio.to_thread(share.links.addresses, owner, link.id)
        values = LinkShape.values_of(link, base_of(request, share.settings))
        return TakenBackLink(**values, proof=await _proof(request, share, paths))

    async def undo(self, request: Request, share: Share, owner: str, _token: Token) -> LinkShape:
        """Bring a link back."""
        link = await asyncio.to_thread(share.links.undo, owner, request.path_params["link"])
        return LinkShape(**LinkShape.values_of(link, base_of(request, share.settings)))

    async def prove(self, request: Request, share: Share, owner: str, _token: Token) -> Proof:
        """Look again at a link that is over."""
        link = await asyncio.to_thread(share.links.get, owner, request.path_params["link"])
        if link.state is LinkState.LIVE:
            raise StillWorks(later("It opens for whoever has it."))
        return await _proof(request, share, await asyncio.to_thread(share.links.addresses, owner, link.id))

    async def _form(self, request: Request, share: Share, admit: Admit) -> Form:
        """Read a form with photos, or one photo that is the whole body, with its fields in the query."""
        limits = share.settings
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            async with self._door.entered(request, limits):
                return await read_form(
                    request, max_file_bytes=limits.max_photo_bytes, max_files=limits.max_photos,
                    max_bytes=limits.max_photos * limits.max_photo_bytes + _FORM_BYTES, settings=limits, admit=admit,
                )  # fmt: skip
        if not kind.startswith("image/") and kind != "application/octet-stream":
            raise FormRefused(
                later("A photo comes as a form (multipart/form-data) or as the whole body (image/jpeg, …)."),
                fix=later("Set the Content-Type to one of them."),
            )
        fields = dict(request.query_params)
        await admit(fields)
        most = limits.max_photo_bytes
        async with self._door.entered(request, limits, in_memory=announced_bytes(request, most)):
            small = body(request, limits, most, _too_long)
            data = await Request(request.scope, small).body()
        name = unquote(request.headers.get("x-file-name", ""), errors="replace")
        return Form(fields, [SentFile(name, io.BytesIO(data), len(data))])


def _too_long() -> FormTooLarge:
    return FormTooLarge(later("That is more than may come here."))


def _who(share: Share, request: Request) -> tuple[str, Token]:
    """Return the token of a request, as an owner and as what it may do. Raises `TokenEnded`."""
    given = request.headers.get("authorization", "")
    secret = given[len(_SCHEME) :].strip() if given.lower().startswith(_SCHEME) else ""
    token = share.tokens.find(secret)
    if token is None:
        raise TokenEnded
    return secret, token


def _make(share: Share, owner: str, wish: NewLink, form: Form, address: str) -> tuple[str, list[LeftOut]]:
    """Keep photos and make their link; where a file was refused, nothing is kept. Runs in a thread."""
    files = _sent(form)
    album_id = share.albums.open(owner, f"api.{wish.key}" if wish.key else "", address=address)
    info = share.albums.get(owner, album_id)
    if info.state is AlbumState.OVER:
        raise AlbumGone
    if not files and not info.photo_count:
        share.albums.delete(owner, album_id)
        raise NoPhotos
    if info.link is not None:
        _check_lives(info.link)
    before = {photo.id for photo in info.photos}
    left_out = keep_files(share, owner, album_id, files, SIZES[wish.size], once=True)
    try:
        if left_out and not (wish.skip_refused and share.albums.get(owner, album_id).photo_count):
            raise NotTaken(left_out)
        if info.state is AlbumState.DRAFT:
            share.albums.choose(owner, album_id, **_choices(wish))
            share.links.make(owner, album_id)
    except ShareProblem:
        _take_out_again(share, owner, album_id, before)
        raise
    return album_id, left_out


def _take_out_again(share: Share, owner: str, album_id: str, before: set[str]) -> None:
    """Leave an album as it was; what an earlier request with the same key brought stays."""
    if not before:
        share.albums.delete(owner, album_id)
        return
    for photo in share.photos.all(owner, album_id):
        if photo.id not in before:
            share.photos.remove(owner, album_id, photo.id)


def _check_lives(link: LinkInfo) -> None:
    """Raise `LinkEnded` where a link is over: photos that came to it would open for nobody."""
    if link.state not in {LinkState.LIVE, LinkState.USED_UP}:
        raise LinkEnded(later("A link that was taken back or has expired cannot be changed any more."))


def _choices(wish: NewLink) -> dict[str, Any]:
    """Return what is kept with the album. Raises `NotATime`."""
    made = wish.model_dump(exclude={"expires", "key", "skip_refused", "password"})
    if wish.expires:
        made["life_s"] = int(span(wish.expires).total_seconds())
    return made | ({"password": wish.password} if wish.password else {})


def _sent(form: Form) -> list[SentFile]:
    return [one for one in form.files if one.size or one.name]


def _whole(request: Request, share: Share, owner: str, link: LinkInfo) -> LinkAndPhotos:
    try:
        photos = share.photos.all(owner, link.album_id)
    except AlbumGone:
        photos = []
    values = LinkShape.values_of(link, base_of(request, share.settings))
    return LinkAndPhotos(**values, items=[PhotoShape.of(photo) for photo in photos])


async def _proof(request: Request, share: Share, paths: list[str]) -> Proof:
    base = inner_base(request, share.settings)
    answers = await gone([base + path for path in paths], own_origins=frozenset({base}))
    return Proof.of(closed(answers), datetime.now(UTC))


def _told(request: Request, left_out: list[LeftOut]) -> list[RefusedFile]:
    say = catalogue(language_of({}, request.headers.get("accept-language", "")))
    told = []
    for one in left_out:
        said = one.problem.said(say)
        told.append(RefusedFile(name=one.name, title=said["title"], detail=said["happened"], fix=said["fix"]))
    return told


def _refusal(request: Request, problem: Problem) -> JSONResponse:
    """Return a problem as RFC 9457 has it."""
    said = problem.said(catalogue(language_of({}, request.headers.get("accept-language", ""))))
    status = _NOT_THERE if isinstance(problem, LinkGone | AlbumGone) else status_of(problem)
    told: dict[str, Any] = {
        "title": said["title"], "status": status, "detail": said["happened"], "fix": said["fix"],
    }  # fmt: skip
    if isinstance(problem, NotTaken):
        told["refused"] = [one.model_dump() for one in _told(request, problem.left_out)]
    headers = _HEADERS | ({"WWW-Authenticate": "Bearer"} if isinstance(problem, TokenEnded) else {})
    return JSONResponse(told, status, headers, media_type="application/problem+json")
