"""The plain door: choose photos, choose options, get the link. Light, and it needs no script to the end.

==========================  ===========================================================================
`GET  /send`                the page: photos that wait in this visitor's album, the form, the options
`POST /send/_/ticket`       for the page's own script: where its photos go
`POST /send`                photos and options of the form, or of the gallery's share menu; `do=create`
                            makes the link as well
`GET  /send/<album>`        the finished link: share, copy, message, QR code; for its owner only
`GET  /send/<album>/qr.png` its QR code
`/upload`                   the old address, still known to phones that installed the app
==========================  ===========================================================================

It works on the same album as the app, through the same calls: "More options" goes on there with everything kept.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ipaddress
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Final

import jinja2
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from lib.albums.album import AlbumInfo, AlbumState
from lib.albums.choices import Choices
from lib.albums.host import Share
from lib.albums.owner_cookie import cookie_header
from lib.albums.photos import clean_name
from lib.albums.problems import AlbumGone, DraftGone, NoPhotos, NoRoom, ShareProblem, TicketRefused, TooManyPhotos
from lib.albums.wishes import MAX_PASSWORD, MAX_TITLE, MAX_WORDS
from lib.front.language import choices as language_choices
from lib.front.language import language_of
from lib.links.reach import Reach, reach
from lib.links.stranger import read_view
from lib.message import compose, qr_png
from lib.picker.files import address, ahead
from lib.problems import Problem
from lib.services.registry import description_or_blank
from lib.settings import MEGABYTE, below
from lib.text.amounts import day, size
from lib.text.catalogue import Catalogue, catalogue
from lib.text.covered import covered_line
from lib.text.escapes import strong
from lib.text.later import later
from lib.tunnels import public_base
from lib.uploads.door import Door, same_origin
from lib.uploads.finished import base_of, look
from lib.uploads.form_parts import Form, FormRefused, read_form
from lib.uploads.keeping import LeftOut, keep_files
from lib.uploads.options import (
    PREVIEWS,
    QUESTIONS,
    SIZES,
    USUAL_SIZE,
    choices_of_form,
    life_text,
    lives,
    place_text,
    preview_text,
    question_text,
    size_text,
    summary,
    usual_life,
)

_HERE: Final = Path(__file__).parent / "templates"
_STYLE: Final = re.sub(r"\s+", " ", (_HERE / "page.css").read_text(encoding="utf-8"))
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_SCRIPTS: Final = {name: (_HERE / f"{name}.js").read_bytes() for name in ("send", "result")}
_ADDRESSES: Final = {
    name: f"/send/_/{name}.{hashlib.sha256(code).hexdigest()[:12]}.js" for name, code in _SCRIPTS.items()
}
_FORM_BYTES: Final = MEGABYTE  # the form around the photos: names, boundaries, words
_MORE_FILES: Final = 20  # read above the limit, so that the page can say which ones do not fit

HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'self' 'sha256-{_STYLE_HASH}'; img-src 'self' blob:; manifest-src 'self'; "
        "script-src 'self'; worker-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}


@dataclass(frozen=True, slots=True)
class _Visitor:
    """Whose album it is, and in which language the page speaks."""

    owner: str
    known: bool  # the browser brought its secret
    say: Catalogue
    address: str = ""  # where it comes from: used to hold back guessing, never kept
    ticket: str = ""  # of a browser that keeps no cookie: the form names whose photos it is about
    album: str = ""  # the one album of that ticket


def routes(share: Callable[[], Share], is_https: Callable[[Scope], bool], door: Door | None = None) -> list[BaseRoute]:
    """Return the routes of the plain door."""
    page = SendPage(share, is_https, door or Door())
    return [
        Route("/send", page.show, methods=["GET"]),
        Route("/send", page.take, methods=["POST"]),
        Route("/send/_/ticket", page.ticket, methods=["POST"]),
        *(Route(address, partial(_script, name), methods=["GET"]) for name, address in _ADDRESSES.items()),
        Route("/send/{album}", page.show_link, methods=["GET"]),
        Route("/send/{album}/qr.png", page.qr, methods=["GET"]),
        Route("/upload", _moved, methods=["GET"]),
        Route("/upload", page.take, methods=["POST"]),
    ]


async def _moved(_request: Request) -> Response:
    return RedirectResponse("/send", 301, {"Cache-Control": "public, max-age=86400"})


async def _script(name: str, _request: Request) -> Response:
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(_SCRIPTS[name], media_type="text/javascript", headers=headers)


class SendPage:
    """The form, what it sends, and the finished link."""

    def __init__(self, share: Callable[[], Share], is_https: Callable[[Scope], bool], door: Door) -> None:
        self._share = share
        self._is_https = is_https
        self._door = door

    async def show(self, request: Request) -> Response:
        """Show the form, with what waits already."""
        visitor = await self._visitor(request)
        return self._answer(request, visitor, await asyncio.to_thread(self._page, visitor, ()))

    async def take(self, request: Request) -> Response:
        """Take photos and options, and make the link where that was pressed."""
        share, visitor = self._share(), await self._visitor(request)
        try:
            if not same_origin(request):
                raise FormRefused(later("It came from another site."))
            form = await self._read(request, share, visitor)
        except Problem as problem:
            self._door.refused(request, problem)
            return await asyncio.to_thread(self._refusal, visitor, problem)
        owner = await asyncio.to_thread(self._by_ticket, visitor, form.fields.get("ticket", ""))
        try:
            answer = await asyncio.to_thread(self._keep_all, owner, form)
        finally:
            form.close()
        if isinstance(answer, str):  # the id of an album that has its link now
            await look(share, request, owner.owner, answer)
            if visitor.known:
                answer = RedirectResponse(f"/send/{answer}", 303, HEADERS)
            else:  # this browser perhaps keeps no cookie: then it is never shown again
                answer = await asyncio.to_thread(self._shown_once, request, owner, answer)
        return answer if owner.ticket else self._answer(request, visitor, answer)

    def _shown_once(self, request: Request, owner: _Visitor, album: str) -> Response:
        """Return a finished link at once, with a ticket in place of the cookie: its QR code asks for one."""
        share = self._share()
        ticket = owner.ticket or share.tickets.write(owner.owner, album)
        return self._result(request, replace(owner, ticket=ticket), share.albums.get(owner.owner, album))

    def _by_ticket(self, visitor: _Visitor, ticket: str) -> _Visitor:
        """Return the visitor whose photos a form is about: the ticket says it where the browser keeps no cookie.

        A ticket is for one album. It never becomes a cookie, which would open all others.
        """
        if not ticket:
            return visitor
        try:
            owner, album = self._share().tickets.read(ticket)
            if visitor.known and owner != visitor.owner:
                self._share().albums.check(visitor.owner, album)  # theirs as well, since they signed in
        except TicketRefused:
            return visitor
        except AlbumGone:  # their cookie was lost on the way, and another one came
            pass
        else:
            if visitor.known:
                return visitor
        return replace(visitor, owner=owner, known=True, ticket=ticket, album=album)

    async def _read(self, request: Request, share: Share, visitor: _Visitor) -> Form:
        limits = share.settings

        async def admit(fields: Mapping[str, str]) -> None:
            await asyncio.to_thread(_check_may_send, share, visitor, fields.get("access", ""))

        kind = request.headers.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded"):  # the form without its file field
            fields = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
            await admit(fields)
            return Form(fields, [])
        async with self._door.entered(request, limits):
            return await read_form(
                request, max_file_bytes=limits.max_photo_bytes, max_files=limits.max_photos + _MORE_FILES,
                max_bytes=limits.max_photos * limits.max_photo_bytes + _FORM_BYTES, settings=limits, admit=admit,
            )  # fmt: skip

    def _keep_all(self, visitor: _Visitor, form: Form) -> Response | str:
        """Keep what can be kept and say what could not. Returns the album's id where its link was made."""
        share, owner = self._share(), visitor.owner
        sent = [one for one in form.files if one.size or one.name]
        try:
            _check_may_send(share, visitor, form.fields.get("access", ""))
            album_id, out = self._album(visitor, form.fields.get("album", ""))
            if out and not sent and form.fields.get("do") == "create":
                return album_id  # pressed again, or in another tab: the link is there
            if (not album_id or out) and not sent:
                raise NoPhotos
            album_id = share.albums.open(owner, address=visitor.address) if out or not album_id else album_id
            side = SIZES.get(form.fields.get("size", ""), SIZES[USUAL_SIZE])
            refused = keep_files(share, owner, album_id, sent, side)
            try:
                share.albums.choose(owner, album_id, **choices_of_form(form.fields))
            except ShareProblem as problem:
                refused.append(LeftOut("", problem))
            if form.fields.get("do") == "create" and not refused:
                share.links.make(owner, album_id)
                return album_id
        except Problem as problem:
            return self._refusal(visitor, problem)
        visitor = replace(visitor, known=True)  # somebody who came without a cookie sees what was just kept
        return self._page(
            visitor, refused, status=422 if refused and not share.albums.get(owner, album_id).photos else 200
        )

    def _album(self, visitor: _Visitor, wished: str) -> tuple[str, bool]:
        """Return the album that a page is about, or this visitor's latest with photos, and whether it is out."""
        share = self._share()
        wished = visitor.album or wished
        if wished and visitor.known:
            try:
                info = share.albums.get(visitor.owner, wished)
            except AlbumGone:
                pass
            else:
                return info.id, info.link is not None
        if not visitor.known or visitor.album:
            return "", False
        return share.albums.latest(visitor.owner) or "", False

    async def ticket(self, request: Request) -> Response:
        """Tell the page's script where its photos go. Raises nothing: without a ticket the form stays as it is."""
        share, visitor = self._share(), await self._visitor(request)
        try:
            if not same_origin(request) or share.admission.rule != "anyone":
                raise FormRefused(later("Photos go by the form here."))
            wished = str((await request.form()).get("album", ""))[:64]
            album, ticket = await asyncio.to_thread(self._ticket, visitor, wished)
        except ShareProblem as problem:
            shown = problem.said(visitor.say)
            return JSONResponse({"problem": shown}, 403, HEADERS)
        return self._answer(request, visitor, JSONResponse({"album": album, "ticket": ticket}, headers=HEADERS))

    def _ticket(self, visitor: _Visitor, wished: str) -> tuple[str, str]:
        share = self._share()
        share.admission.check(visitor.owner, address=visitor.address)
        album, out = self._album(visitor, wished)
        album = share.albums.open(visitor.owner, address=visitor.address) if out or not album else album
        return album, share.tickets.write(visitor.owner, album)

    def _refusal(self, visitor: _Visitor, problem: Problem) -> Response:
        status = getattr(problem, "status", None) or (413 if isinstance(problem, TooManyPhotos | NoRoom) else 403)
        if isinstance(problem, NoPhotos | DraftGone):
            status = 422
        return self._page(visitor, (LeftOut("", problem),), status=status)

    def _page(self, visitor: _Visitor, refused: Sequence[LeftOut], status: int = 200) -> Response:
        share, say = self._share(), visitor.say
        limits = share.settings
        album_id = visitor.album or (share.albums.latest(visitor.owner) if visitor.known else None)
        info = share.albums.get(visitor.owner, album_id) if album_id else None
        chosen = info.choices if info else Choices()
        place = description_or_blank(chosen.place)
        ticket = share.tickets.write(visitor.owner, info.id) if info else ""
        html = _template("page.html").render(
            languages=language_choices(say.language, "/send"),
            say=say, counted=say.counted, lang=say.language, style=_STYLE, info=info, chosen=chosen, ticket=ticket,
            refused=[(clean_name(one.name) if one.name else "", one.problem.said(say)) for one in refused],
            max_photos=limits.max_photos, most=size(limits.max_photo_bytes, say.language),
            needs_access=share.admission.rule == "password", needs_sign_in=share.admission.rule == "signed_in",
            elsewhere=None if place.kept_here else place.label, max_title=MAX_TITLE, max_words=MAX_WORDS,
            max_password=MAX_PASSWORD, size_name=chosen.size or USUAL_SIZE,
            sum=summary(
                chosen,
                settings=limits,
                place=place_text(place, say),
                can=lambda what: bool(getattr(place, what)),
                say=say,
            ),
            life=chosen.life_s or usual_life(limits), lives=[(life, life_text(life, say)) for life in lives(limits)],
            previews=[(one.value, preview_text(one, say)) for one in PREVIEWS],
            questions=[(one.value, question_text(one, say)) for one in QUESTIONS],
            sizes=[(name, size_text(name, say), side) for name, side in SIZES.items()],
            script=_ADDRESSES["send"], picker=address(), max_bytes=limits.max_photo_bytes,
            ahead=ahead(say.language),
        )  # fmt: skip
        return Response(html, status, HEADERS, media_type="text/html")

    async def show_link(self, request: Request) -> Response:
        """Show the finished link to its owner."""
        visitor = await self._visitor(request)
        try:
            info = await asyncio.to_thread(self._finished, visitor, request.path_params["album"])
        except AlbumGone:
            return RedirectResponse("/send", 303, HEADERS)
        return await asyncio.to_thread(self._result, request, visitor, info)

    async def qr(self, request: Request) -> Response:
        """Show the finished link as a QR code."""
        try:
            ticket = request.query_params.get("ticket", "")
            visitor = await asyncio.to_thread(self._by_ticket, await self._visitor(request), ticket)
            info = await asyncio.to_thread(self._finished, visitor, request.path_params["album"])
        except AlbumGone:
            return Response("", 404, HEADERS)
        return Response(qr_png(self._address(request, info), scale=6), headers=HEADERS, media_type="image/png")

    def _finished(self, visitor: _Visitor, album_id: str) -> AlbumInfo:
        """Return an album that went out from here. Raises `AlbumGone`."""
        known = visitor.known and visitor.album in {"", album_id}
        info = self._share().albums.get(visitor.owner, album_id) if known else None
        if info is None or info.link is None or info.state is AlbumState.DRAFT:
            raise AlbumGone
        return info

    def _result(self, request: Request, visitor: _Visitor, info: AlbumInfo) -> Response:
        say, link = visitor.say, info.link
        assert link is not None  # noqa: S101 - `_finished` looked
        url = self._address(request, info)
        message = compose(
            url, photo_count=link.photo_count, video_count=link.video_count, size_bytes=link.size_bytes,
            language=say.language, expires_at=link.expires_at, has_password=link.has_password, max_views=link.max_views,
        )  # fmt: skip
        kept = info.result.get("seen")
        seen = read_view(kept) if kept else None
        share = self._share()
        where = Reach.ANYWHERE if public_base(share.settings) else reach(url)
        alone = where is Reach.THIS_COMPUTER and not share.settings.trusted_proxies and _is_loopback(visitor.address)
        receipt = info.receipt()
        removed = receipt["removed"]
        html = _template("result.html").render(
            languages=language_choices(say.language, f"/send/{info.id}"),
            say=say, counted=say.counted, lang=say.language, style=_STYLE, script=_ADDRESSES["result"], url=url,
            message=message.text, info=info, ticket=visitor.ticket,
            until=day(link.expires_at, say.language), moment=link.expires_at.isoformat(),
            weight=size(link.size_bytes, say.language), seen=seen, where=where.name, alone=alone, strong=strong,
            kinds=len(removed), location="position" in removed,
            covered=covered_line(receipt.get("covered", {}), say),
        )  # fmt: skip
        return Response(html, 200, HEADERS, media_type="text/html")

    def _address(self, request: Request, info: AlbumInfo) -> str:
        """Return the link as people get it."""
        assert info.link is not None  # noqa: S101 - `_finished` looked
        return base_of(request, self._share().settings) + info.link.path

    async def _visitor(self, request: Request) -> _Visitor:
        https = self._is_https(request.scope)
        known = await self._share().cookies.owner_now(cookie_header(request.scope), https=https)
        owner = known or secrets.token_urlsafe(24)
        spoken = language_of(request.cookies, request.headers.get("accept-language", ""))
        return _Visitor(owner, bool(known), catalogue(spoken), request.client.host if request.client else "")

    def _answer(self, request: Request, visitor: _Visitor, answer: Response) -> Response:
        if not visitor.known and request.method == "POST":
            # A browser that meets this app for the first time, by a share from the gallery.
            https = self._is_https(request.scope)
            answer.headers.append("set-cookie", self._share().cookies.header(visitor.owner, https=https))
        return answer


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _check_may_send(share: Share, visitor: _Visitor, access: str) -> None:
    if share.admission.rule == "signed_in":
        raise FormRefused(
            later("Only people who are signed in create links here."), fix=later("Sign in in the app, and pick there.")
        )
    share.admission.check(visitor.owner, password=access, address=visitor.address)


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.globals["below"] = below
    return environment.get_template(name)
