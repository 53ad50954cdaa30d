"""What a recipient's browser asks for: everything below `/s/`, as one small ASGI app with no middleware before it.

========================  ==========================================================================
`/s/<token>`              the share page, or the neutral page of a protected or limited link
`/s/<token>/open`         POST: the human gesture that unlocks and spends one view
`/s/<token>/<n>`          photo n, large
`/s/<token>/p/<n>.jpg`    its bytes; `<n>-small.jpg` is the grid size. A video is `<n>.mp4`, sent in parts where a
                          player asks for parts; its `<n>-small.jpg` is its poster
`/s/<token>/save/<n>.jpg` its bytes, to keep; `/s/<token>/photos.zip` all of them
`/s/<token>/preview.jpg`  the picture of a chat preview, where the sender wished one
`/s/<token>/answer`       POST: the answer to the sender's question
`/s/<token>/report`       the form to report photos, and its POST
========================  ==========================================================================

Unknown, expired, used up and taken back are answered alike: the same 404 page. Only the POST of `open` spends a
view. Without a gate, a view is counted when a browser loads the first photo of the page as a picture, and not again
while it keeps that photo for twenty minutes; no cookie is set. Protected and limited links are never cacheable.

Nothing that anybody uploaded is served as it came. What is served are photos that were encoded anew (or JPEGs that were
decoded and found to hold nothing but the picture), and videos that this server itself made of such photos and a second
reader found clean; no route takes a video.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Final

from starlette.types import Message, Receive, Scope, Send

from lib.albums.host import Share
from lib.albums.keys import TOKEN_CHARS
from lib.albums.link_rows import PhotoRow
from lib.albums.problems import PhotoGone
from lib.albums.reports import URGENT
from lib.albums.security_log import Event
from lib.problems import Problem
from lib.recipients import pages
from lib.recipients.answering import Answering
from lib.recipients.background import BackgroundCounts
from lib.recipients.gate import LinkGate
from lib.recipients.in_app import in_app_browser
from lib.recipients.pace import Pace
from lib.recipients.photo_files import PhotoFiles
from lib.recipients.request import ALWAYS, FILE, NO_STORE, Headers, LinkVisit, Request, read_soon
from lib.settings import below

_log = logging.getLogger(__name__)

REPORTS_PER_HOUR: Final = 5  # of one address
# The token; then nothing, a path, or text that a chat glued to the link.
_PATH: Final = re.compile(
    rf"/s/([A-Za-z0-9_-]{{{TOKEN_CHARS}}})(?:/([A-Za-z0-9/._-]*))?(?:[^A-Za-z0-9_/-].*)?", re.DOTALL
)
_PHOTO: Final = re.compile(r"p/([1-9]\d{0,3})(-small)?\.(jpg|png|mp4)")
_SAVE: Final = re.compile(r"save/([1-9]\d{0,3})\.(jpg|png|mp4)")
_NUMBER: Final = re.compile(r"[1-9]\d{0,3}")
_TEXTS: Final = {
    pages.SHEET: (b"text/css; charset=utf-8", pages.CSS, pages.CSS_GZIP),
    pages.SCRIPT: (b"text/javascript; charset=utf-8", pages.SCRIPT_CODE, pages.SCRIPT_GZIP),
}


class Recipient:
    """The ASGI app below `/s/`. `share` opens the share host at the first request."""

    def __init__(self, share: Callable[[], Share]) -> None:
        self._open = share
        self._counts = BackgroundCounts()
        self._gate = LinkGate(self._counts)
        self._files = PhotoFiles(self._counts)
        self._answering = Answering(self._gate)
        self._reports = Pace(REPORTS_PER_HOUR)
        self.finish = self._counts.finish

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what fails is explained on a page."""
        request = Request(scope, receive, send)
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        request.send = sending
        try:
            await self._route(request, scope["path"])
        except Problem as problem:
            _log.warning("A share page could not be answered: %s", type(problem).__name__)
            if started:
                raise ConnectionAbortedError from None
            if isinstance(problem, PhotoGone):
                await request.gone()
            else:
                texts = request.texts
                await request.page(503, pages.note_page(texts, texts["broken"]), NO_STORE, (b"retry-after", b"30"))

    async def _route(self, request: Request, path: str) -> None:
        if path.startswith("/s/_/"):
            await _static(request, path)
            return
        found = _PATH.fullmatch(path)
        if request.method not in {"GET", "HEAD", "POST"}:
            await request.answer(405, [*ALWAYS, NO_STORE, (b"allow", b"GET, HEAD, POST")])
            return
        share = self._open()
        link = await read_soon(share, share.visits.find, found[1]) if found else None
        if found is None or link is None:
            await request.gone()
            return
        await self._link(LinkVisit(share, request, link, f"{below()}/s/{found[1]}"), found[2] or "")

    async def _link(self, visit: LinkVisit, what: str) -> None:
        if visit.request.method == "POST":
            post = {
                "open": self._gate.unlock, "report": self._keep_report, "answer": self._answering.take,
            }.get(what)  # fmt: skip
            await (post(visit) if post else visit.request.gone())
            return
        own, inside = await self._gate.inside(visit)
        if not inside:
            if visit.link.used_up:
                await visit.request.gone()
            elif what in {"", "open", "answer"}:
                await self._gate.page(visit)
            elif what == "report":
                await visit.request.page(200, pages.report_page(visit.base, visit.request.texts), NO_STORE)
            elif _PHOTO.fullmatch(what) or _SAVE.fullmatch(what) or what in {"photos.zip", "preview.jpg"}:
                await visit.request.gone()
            else:
                await self._gate.page(visit) if _NUMBER.fullmatch(what) else await visit.request.gone()
            return
        await self._show(visit, what, own=own)

    async def _show(self, visit: LinkVisit, what: str, *, own: bool) -> None:
        if what == "":
            await self._album(visit, own=own)
        elif photo := _PHOTO.fullmatch(what):
            await self._files.photo(visit, int(photo[1]), photo[3], small=bool(photo[2]), own=own)
        elif _NUMBER.fullmatch(what):
            await self._large(visit, int(what))
        elif save := _SAVE.fullmatch(what):
            await self._files.photo(visit, int(save[1]), save[2], save=True, own=own)
        elif what == "photos.zip":
            await self._files.zip(visit)
        elif what == "preview.jpg":
            await self._files.preview(visit)
        elif what == "report":
            photos = await visit.read(visit.share.visits.photos_of, visit.link.album_id)
            await visit.request.page(200, pages.report_page(visit.base, visit.request.texts, photos), visit.cache)
        elif what in {"open", "answer"}:  # a reload after unlocking or answering, typed by hand
            await visit.request.answer(303, [*ALWAYS, NO_STORE, (b"location", visit.base.encode())])
        else:
            await visit.request.gone()

    async def _album(self, visit: LinkVisit, *, own: bool) -> None:
        request, share, link = visit.request, visit.share, visit.link
        photos = await visit.read(share.visits.photos_of, link.album_id)
        if own and request.method == "GET":
            self._counts.count(share.visits.count_own_look, link.id)
        elif not link.gated:
            self._gate.count_bot(visit)
        app = in_app_browser(request.header(b"user-agent"))
        hint = app.save_hint(request.texts) if app else ""
        html = pages.album_page(
            visit.base, link, photos, request.texts, origin=visit.origin, own=own, hint=hint,
            ask=await self._answering.form(visit),
        )  # fmt: skip
        await request.page(200, html, visit.cache, scripts=visit.sources)

    async def _large(self, visit: LinkVisit, number: int) -> None:
        photos: list[PhotoRow] = await visit.read(visit.share.visits.photos_of, visit.link.album_id)
        photo = next((one for one in photos if one.number == number), None)
        if photo is None:
            await visit.request.photo_gone(visit.base)
            return
        html = pages.large_page(visit.base, visit.link, photos, photo, visit.request.texts)
        await visit.request.page(200, html, visit.cache)

    async def _keep_report(self, visit: LinkVisit) -> None:
        request, texts = visit.request, visit.request.texts
        _own, inside = await self._gate.inside(visit)
        if visit.link.used_up and not inside:
            await request.gone()
            return
        if not self._reports.take_of_network(request.address):
            note = pages.note_page(texts, texts["report_title"], texts["report_busy"])
            await request.page(429, note, NO_STORE, (b"retry-after", b"3600"))
            return
        form = await request.form()
        if form is None or not request.from_our_page(visit.hosts):
            await request.page(400, pages.report_page(visit.base, texts), NO_STORE)
            return
        number = form.get("photo", "") if inside else ""  # who is outside does not know which photos there are
        photo = None
        if _NUMBER.fullmatch(number):
            photo = await visit.read(visit.share.visits.photo_of, visit.link.album_id, int(number))
        await asyncio.to_thread(
            visit.share.reports.add, visit.link.id, form.get("reason", ""), form.get("words", ""),
            photo.number if photo else None,
        )  # fmt: skip
        visit.share.security.tell(Event.PHOTO_REPORTED)
        first = [texts["report_first"]] if form.get("reason") in URGENT else []
        note = pages.note_page(texts, texts["report_thanks"], texts["report_sent"], *first, back=visit.base)
        await request.page(200, note, NO_STORE)


async def _static(request: Request, path: str) -> None:
    """Send the stylesheet, the gallery's script and the icon: the same for everybody, and kept by browsers."""
    for_ever = (b"cache-control", b"public, max-age=31536000, immutable")
    if request.method not in {"GET", "HEAD"}:
        await request.answer(405, [*ALWAYS, (b"allow", b"GET, HEAD")])
    elif path in _TEXTS:
        kind, content, compressed = _TEXTS[path]
        headers: Headers = [*FILE, for_ever, (b"content-type", kind), (b"vary", b"Accept-Encoding")]
        if b"gzip" in request.headers.get(b"accept-encoding", b""):
            await request.answer(200, [*headers, (b"content-encoding", b"gzip")], compressed)
        else:
            await request.answer(200, headers, content)
    elif path == pages.ICON_PATH:
        day = (b"cache-control", b"public, max-age=86400")
        await request.answer(200, [*FILE, day, (b"content-type", b"image/svg+xml")], pages.ICON)
    else:
        await request.gone()
