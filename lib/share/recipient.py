"""What a recipient's browser asks for: everything below `/s/`, as one small ASGI app with no middleware before it.

========================  ==========================================================================
`/s/<token>`              the share page, or the neutral page of a protected or limited link
`/s/<token>/open`         POST: the human gesture that unlocks and spends one view
`/s/<token>/<n>`          photo n, large
`/s/<token>/p/<n>.jpg`    its bytes; `<n>-small.jpg` is the grid size
`/s/<token>/save/<n>.jpg` its bytes, to keep; `/s/<token>/photos.zip` all of them
`/s/<token>/preview.jpg`  the picture of a chat preview, where the sender wished one
`/s/<token>/report`       the form to report photos, and its POST
========================  ==========================================================================

Unknown, expired, used up and taken back are answered alike: the same 404 page. Only the POST of `open` spends a
view. Without a gate, a view is counted when a browser loads the first photo of the page as a picture, and not again
while it keeps that photo for twenty minutes; no cookie is set. Protected and limited links are never cacheable.
"""

from __future__ import annotations

import asyncio
import logging
import re
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from http.cookies import CookieError, SimpleCookie
from time import time
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from starlette.types import Message, Receive, Scope, Send

from lib.problems import Problem
from lib.share import pages
from lib.share.albums import photo_path
from lib.share.bots import is_bot
from lib.share.drafts import SMALL
from lib.share.host import Share
from lib.share.keys import TOKEN_CHARS
from lib.share.link_rows import OpenLink, PhotoRow
from lib.share.owner_cookie import OWNER_COOKIE
from lib.share.pages import VISIT_S
from lib.share.passwords import CALM_FAILURES, FORGET_S, PasswordGuard, network
from lib.share.photo_store import CHUNK_BYTES
from lib.share.problems import LinkGone, PhotoGone
from lib.share.words import Words, words_for
from lib.share.zipped import zip_length, zip_stream

_log = logging.getLogger(__name__)

OWN_CHECK: Final = "Passalong"  # this app's own look as a stranger is neither a person nor a chat app
VISIT_COOKIE: Final = "passalong_visit"
TRY_COOKIE: Final = "passalong_try"  # proves, before a view is spent, that the browser keeps cookies
TAG_S: Final = 600  # grain of the time in the first photo's ETag
MAX_FORM: Final = 16_000  # bytes of a form: a password or a report
_LEVEL: Final = 2  # of compression: a page is small, and made anew for everybody
FORM_S: Final = 15.0  # a form that takes longer is not sent by a browser
REPORTS_PER_HOUR: Final = 5  # of one address
# The token; then nothing, a path, or text that a chat glued to the link.
_PATH: Final = re.compile(
    rf"/s/([A-Za-z0-9_-]{{{TOKEN_CHARS}}})(?:/([A-Za-z0-9/._-]*))?(?:[^A-Za-z0-9_/-].*)?", re.DOTALL
)
_PHOTO: Final = re.compile(r"p/([1-9]\d{0,2})(-small)?\.(jpg|png)")
_SAVE: Final = re.compile(r"save/([1-9]\d{0,2})\.(jpg|png)")
_NUMBER: Final = re.compile(r"[1-9]\d{0,2}")
_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")

Headers = list[tuple[bytes, bytes]]

_ALWAYS: Final[Headers] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex, nofollow, noarchive, noimageindex"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_CSP: Final = (
    b"default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_PAGE: Final[Headers] = [
    *_ALWAYS,
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", _CSP),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    (b"vary", b"Accept-Language, Accept-Encoding, Cookie"),
]
_FILE: Final[Headers] = [*_ALWAYS, (b"content-security-policy", b"default-src 'none'; sandbox")]
_NO_STORE: Final = (b"cache-control", b"private, no-store")
_REVALIDATE: Final = (b"cache-control", b"private, no-cache")


class Request:
    """One request: the few headers that matter, read once."""

    __slots__ = ("_cookies", "headers", "method", "receive", "scope", "send")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.method: str = scope["method"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self._cookies: SimpleCookie | None = None

    def header(self, name: bytes) -> str:
        """Return a header, or an empty text."""
        return self.headers.get(name, b"").decode("latin-1")

    def cookie(self, name: str) -> str:
        """Return a cookie, or an empty text."""
        if b"cookie" not in self.headers:
            return ""
        if self._cookies is None:
            try:
                self._cookies = SimpleCookie(self.header(b"cookie")[:8_000])
            except CookieError:
                self._cookies = SimpleCookie()
        found = self._cookies.get(name)
        return found.value if found else ""

    @property
    def words(self) -> Words:
        """The words in the browser's language."""
        return words_for(self.header(b"accept-language"))

    @property
    def address(self) -> str:
        """Where it comes from: used to hold back guessing, never kept."""
        client = self.scope.get("client")
        return client[0] if client else ""

    @property
    def secure(self) -> bool:
        """The browser came over https."""
        return bool(self.scope.get("scheme") == "https")

    async def answer(self, status: int, headers: Headers, body: bytes = b"", *, length: int | None = None) -> None:
        """Send a whole answer; a HEAD gets its headers only."""
        size = len(body) if length is None else length
        await self.send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*headers, (b"content-length", b"%d" % size)],
            }
        )
        await self.send({"type": "http.response.body", "body": b"" if self.method == "HEAD" else body})

    async def page(self, status: int, html: str, cache: tuple[bytes, bytes], *more: tuple[bytes, bytes]) -> None:
        """Send a page, compressed where the browser takes it."""
        body, headers = html.encode(), [*_PAGE, cache, *more]
        if b"gzip" in self.headers.get(b"accept-encoding", b""):
            packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
            body = packer.compress(body) + packer.flush()
            headers.append((b"content-encoding", b"gzip"))
        await self.answer(status, headers, body)

    async def form(self) -> dict[str, str] | None:
        """Read a small form; None when it is too large, too slow or not a form."""
        kind = self.header(b"content-type").partition(";")[0].strip().lower()
        if kind not in {"", "application/x-www-form-urlencoded"}:
            return None
        try:
            async with asyncio.timeout(FORM_S):
                body = await self._body()
        except TimeoutError:
            return None
        if body is None:
            return None
        try:
            fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=10, errors="strict")
        except (ValueError, UnicodeDecodeError):
            return None
        return {name: values[0] for name, values in fields.items()}

    async def _body(self) -> bytes | None:
        body = bytearray()
        while True:
            message: Message = await self.receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if len(body) > MAX_FORM:
                return None
            if not message.get("more_body"):
                return bytes(body)


class Recipient:
    """The ASGI app below `/s/`. `share` opens the share host at the first request."""

    def __init__(self, share: Callable[[], Share]) -> None:
        self._open = share
        self._guard = PasswordGuard()
        self._report_times: dict[str, list[float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what fails is told in words."""
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
                await self._gone(request)
            else:
                words = request.words
                await request.page(503, pages.note_page(words, words["broken"]), _NO_STORE, (b"retry-after", b"30"))

    async def _route(self, request: Request, path: str) -> None:
        if path.startswith("/s/_/"):
            await _static(request, path)
            return
        found = _PATH.fullmatch(path)
        if request.method not in {"GET", "HEAD", "POST"}:
            await request.answer(405, [*_ALWAYS, _NO_STORE, (b"allow", b"GET, HEAD, POST")])
            return
        share = self._open()
        link = await self._read(share, share.find, found[1]) if found else None
        if found is None or link is None:
            await self._gone(request)
            return
        await self._link(_Visit(share, request, link, f"/s/{found[1]}"), found[2] or "")

    async def _link(self, visit: _Visit, what: str) -> None:
        if visit.request.method == "POST":
            post = {"open": self._unlock, "report": self._keep_report}.get(what)
            await (post(visit) if post else self._gone(visit.request))
            return
        own, inside = await self._inside(visit)
        if not inside:
            if visit.link.used_up:
                await self._gone(visit.request)
            elif what in {"", "open"}:
                await self._gate(visit)
            elif what == "report":
                await visit.request.page(200, pages.report_page(visit.base, visit.request.words), _NO_STORE)
            elif _PHOTO.fullmatch(what) or _SAVE.fullmatch(what) or what in {"photos.zip", "preview.jpg"}:
                await self._gone(visit.request)
            else:
                await self._gate(visit) if _NUMBER.fullmatch(what) else await self._gone(visit.request)
            return
        await self._show(visit, what, own=own)

    async def _show(self, visit: _Visit, what: str, *, own: bool) -> None:
        if what == "":
            await self._album(visit, own=own)
        elif photo := _PHOTO.fullmatch(what):
            await self._photo(visit, int(photo[1]), photo[3], small=bool(photo[2]), own=own)
        elif _NUMBER.fullmatch(what):
            await self._large(visit, int(what))
        elif save := _SAVE.fullmatch(what):
            await self._photo(visit, int(save[1]), save[2], save=True, own=own)
        elif what == "photos.zip":
            await self._zip(visit)
        elif what == "preview.jpg":
            await self._preview(visit)
        elif what == "report":
            await visit.request.page(200, pages.report_page(visit.base, visit.request.words), visit.cache)
        elif what == "open":  # a reload after unlocking, typed by hand
            await visit.request.answer(303, [*_ALWAYS, _NO_STORE, (b"location", visit.base.encode())])
        else:
            await self._gone(visit.request)

    async def _inside(self, visit: _Visit) -> tuple[bool, bool]:
        """Say whether this is the owner's own look, and whether the photos may be shown."""
        share, link, cookie = visit.share, visit.link, visit.request.cookie(OWNER_COOKIE)
        if cookie and link.person in await self._read(share, share.owners.looks_as, cookie):
            return True, True
        if not link.gated:
            return False, True
        seen = share.keys.read("visit", visit.request.cookie(VISIT_COOKIE), VISIT_S)
        return False, seen == [link.id, link.version]

    async def _album(self, visit: _Visit, *, own: bool) -> None:
        request, share, link = visit.request, visit.share, visit.link
        photos = await self._read(share, share.photos_of, link.album_id)
        if own and request.method == "GET":
            self._later(share.count_own_look, link.id)
        elif not link.gated:
            self._count_bot(visit)
        html = pages.album_page(visit.base, link, photos, request.words, origin=_origin(visit), own=own)
        await request.page(200, html, visit.cache)

    def _count_bot(self, visit: _Visit) -> None:
        agent = visit.request.header(b"user-agent")
        if visit.request.method == "GET" and is_bot(agent) and OWN_CHECK not in agent:
            self._later(visit.share.count_bot, visit.link.id)

    async def _large(self, visit: _Visit, number: int) -> None:
        photo = await self._photo_row(visit, number)
        await visit.request.page(200, pages.large_page(visit.base, visit.link, photo, visit.request.words), visit.cache)

    async def _photo_row(self, visit: _Visit, number: int) -> PhotoRow:
        photo: PhotoRow | None = await self._read(visit.share, visit.share.photo_of, visit.link.album_id, number)
        if photo is None:
            raise PhotoGone
        return photo

    async def _gate(self, visit: _Visit, status: int = 200, problem: str = "", *more: tuple[bytes, bytes]) -> None:
        self._count_bot(visit)
        probe = _cookie(visit, TRY_COOKIE, "1", VISIT_S)
        html = pages.gate_page(visit.base, visit.link, visit.request.words, problem)
        await visit.request.page(status, html, _NO_STORE, probe, *more)

    async def _unlock(self, visit: _Visit) -> None:  # noqa: PLR0911 - one way out for each thing that can be wrong
        """Take the human gesture: the only place where a view is spent."""
        request, share, link, words = visit.request, visit.share, visit.link, visit.request.words
        own, inside = await self._inside(visit)
        home: Headers = [*_ALWAYS, _NO_STORE, (b"location", visit.base.encode())]
        if request.header(b"sec-fetch-site") == "cross-site":
            await self._gate(visit, 403)
            return
        if own or inside or not link.gated:
            await request.answer(303, home)
            return
        if link.used_up:
            await self._gone(request)
            return
        form = await request.form()
        if form is None:
            await self._gate(visit, 400)
            return
        if link.password_hash is not None and not await self._password_fits(visit, form.get("password", "")):
            return
        if not request.cookie(TRY_COOKIE):
            await request.page(200, pages.note_page(words, words["gate_title"], words["cookies"]), _NO_STORE)
            return
        if not await asyncio.to_thread(share.spend_view, link):
            await self._gone(request)
            return
        seen = share.keys.sign("visit", [link.id, link.version])
        await request.answer(303, [*home, _cookie(visit, VISIT_COOKIE, seen, VISIT_S)])

    async def _password_fits(self, visit: _Visit, typed: str) -> bool:
        """Compare, wait and count; when it does not fit, the answer is already sent."""
        request, link, words = visit.request, visit.link, visit.request.words
        wait_s = self._guard.wait_s(link.id, request.address)
        if wait_s > 0:
            seconds = int(wait_s) + 1
            await self._gate(visit, 429, words.say("wait", seconds=seconds), (b"retry-after", str(seconds).encode()))
            return False
        under_attack = link.wrong_passwords >= CALM_FAILURES and (link.wrong_at or 0) > time() - FORGET_S
        self._guard.missed(link.id, request.address)  # counted before it is compared: parallel tries gain nothing
        fits = await self._guard.compare(link.id, link.password_hash or "", typed, under_attack=under_attack)
        if fits is None:
            await self._gate(visit, 429, words["busy"], (b"retry-after", b"5"))
        elif fits:
            self._guard.fitted(link.id, request.address)
            return True
        else:
            await asyncio.to_thread(visit.share.count_wrong_password, link.id)
            await self._gate(visit, 403, words["wrong_password"])
        return False

    async def _photo(
        self, visit: _Visit, number: int, ending: str, *, own: bool, small: bool = False, save: bool = False
    ) -> None:
        request, link = visit.request, visit.link
        photo = await self._photo_row(visit, number)
        if ending != ("jpg" if small else photo.ending) or (save and not link.allow_download):
            raise PhotoGone
        headers: Headers = [*_FILE, visit.cache]
        if not link.gated:
            first = number == 1 and not save and (small or link.photo_count == 1)
            tag, fresh = _tag(f"{photo.id}{'s' if small else ''}", request.header(b"if-none-match"), timed=first)
            headers.append((b"etag", tag.encode()))
            if not fresh:
                await request.send({"type": "http.response.start", "status": 304, "headers": headers})
                await request.send({"type": "http.response.body", "body": b""})
                return
            if first and not own and _is_picture_of_page(request):
                self._later(visit.share.spend_view, link)
        kind = b"image/jpeg" if small else photo.media_type.encode()
        how = "attachment" if save else "inline"
        headers += [
            (b"content-type", kind),
            (b"content-disposition", f'{how}; filename="{photo.file_name}"'.encode()),
            (b"accept-ranges", b"bytes"),
        ]
        path = photo_path(link.album_id, photo.id) + (SMALL if small else "")
        await self._bytes(visit, path, photo.small_bytes if small else photo.size_bytes, headers)

    async def _bytes(self, visit: _Visit, path: str, size: int, headers: Headers) -> None:
        request, store = visit.request, visit.share.store
        if request.method == "HEAD":
            await request.answer(200, headers, length=size)
            return
        asked = _RANGE.fullmatch(request.header(b"range").strip()) if b"range" in request.headers else None
        if asked is not None and b"if-range" not in request.headers and (asked[1] or asked[2]):
            start, end = _span(asked[1], asked[2], size)
            if start >= end:
                await request.answer(416, [*headers, (b"content-range", f"bytes */{size}".encode())])
                return
            await self._stream(
                request, 206, [*headers, (b"content-range", f"bytes {start}-{end - 1}/{size}".encode())], end - start,
                _ranges(lambda a, b: store.range_async(path, a, b), start, end),
            )  # fmt: skip
        elif size <= CHUNK_BYTES:
            await request.answer(200, headers, await store.get_async(path))
        else:
            await self._stream(request, 200, headers, size, store.stream(path))

    async def _stream(
        self, request: Request, status: int, headers: Headers, size: int, chunks: AsyncIterator[bytes]
    ) -> None:
        """Send chunks; the headers wait for the first one, so that a store that fails is told properly."""
        first = await anext(chunks, b"")
        head = [*headers, (b"content-length", str(size).encode())]
        await request.send({"type": "http.response.start", "status": status, "headers": head})
        await request.send({"type": "http.response.body", "body": first, "more_body": True})
        async for chunk in chunks:
            await request.send({"type": "http.response.body", "body": chunk, "more_body": True})
        await request.send({"type": "http.response.body", "body": b""})

    async def _zip(self, visit: _Visit) -> None:
        request, share, link = visit.request, visit.share, visit.link
        if not link.allow_download or link.size_bytes >= pages.ZIP_LIMIT:
            raise PhotoGone
        photos = await self._read(share, share.photos_of, link.album_id)
        headers: Headers = [
            *_FILE, _NO_STORE, (b"content-type", b"application/zip"),
            (b"content-disposition", b'attachment; filename="photos.zip"'),
        ]  # fmt: skip
        if request.method == "HEAD":
            await request.answer(200, headers, length=zip_length(photos))
            return
        chunks = zip_stream(photos, lambda photo: share.store.stream(photo_path(link.album_id, photo.id)))
        await self._stream(request, 200, headers, zip_length(photos), chunks)

    async def _preview(self, visit: _Visit) -> None:
        from lib.photos import preview_card

        share, link = visit.share, visit.link
        if link.shown_preview.value == "none":
            raise PhotoGone
        photo = await self._photo_row(visit, 1)
        data = await share.store.get_async(photo_path(link.album_id, photo.id))
        card = await asyncio.to_thread(preview_card, data, blurred=link.shown_preview.value == "blurred")
        # The one address that other sites' pages may show: it is made for them.
        headers = [h for h in _FILE if h[0] != b"cross-origin-resource-policy"]
        await visit.request.answer(
            200, [*headers, (b"cross-origin-resource-policy", b"cross-origin"), _REVALIDATE,
                  (b"content-type", b"image/jpeg")], card,
        )  # fmt: skip

    async def _keep_report(self, visit: _Visit) -> None:
        request, words = visit.request, visit.request.words
        _own, inside = await self._inside(visit)
        if visit.link.used_up and not inside:
            await self._gone(request)
            return
        if not self._may_report(request.address):
            note = pages.note_page(words, words["report_title"], words["report_busy"])
            await request.page(429, note, _NO_STORE, (b"retry-after", b"3600"))
            return
        form = await request.form()
        if form is None or request.header(b"sec-fetch-site") == "cross-site":
            await request.page(400, pages.report_page(visit.base, words), _NO_STORE)
            return
        await asyncio.to_thread(visit.share.reports.add, visit.link.id, form.get("reason", ""), form.get("words", ""))
        note = pages.note_page(words, words["report_thanks"], words["report_sent"], back=visit.base)
        await request.page(200, note, _NO_STORE)

    def _may_report(self, address: str) -> bool:
        now, who = time(), network(address)
        for known in [a for a, times in self._report_times.items() if times[-1] < now - FORGET_S]:
            del self._report_times[known]
        times = [t for t in self._report_times.get(who, []) if t > now - FORGET_S]
        if len(times) >= REPORTS_PER_HOUR:
            return False
        self._report_times[who] = [*times, now]
        return True

    async def _gone(self, request: Request) -> None:
        """The one answer for unknown, expired, used up and taken back."""
        words = request.words
        note = pages.note_page(words, words["gone_title"], words["gone"], words["gone_hint"])
        await request.page(404, note, _NO_STORE)

    async def _read(self, share: Share, read: Callable[..., Any], *args: Any) -> Any:
        """Run a small read: at once on SQLite, where it takes microseconds; in a thread where it crosses a network."""
        if share.index.is_sqlite:
            return read(*args)
        return await asyncio.to_thread(read, *args)

    def _later(self, count: Callable[..., Any], *args: Any) -> None:
        """Count without making anybody wait."""

        async def counting() -> None:
            try:
                await asyncio.to_thread(count, *args)
            except Problem as problem:
                _log.warning("A look could not be counted: %s", type(problem).__name__)

        task = asyncio.get_running_loop().create_task(counting())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait for counting that is still under way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))


class _Visit:
    """One request to one link that is neither taken back nor expired."""

    __slots__ = ("base", "link", "request", "share")

    def __init__(self, share: Share, request: Request, link: OpenLink, base: str) -> None:
        self.share = share
        self.request = request
        self.link = link
        self.base = base

    @property
    def cache(self) -> tuple[bytes, bytes]:
        """Open links are asked again each time, so that taking back works at once; others are never kept."""
        return _NO_STORE if self.link.gated else _REVALIDATE


def _tag(name: str, shown: str, *, timed: bool) -> tuple[str, bool]:
    """Return the ETag of a photo, and whether the browser needs its bytes.

    The tag of the first photo holds the ten minutes in which it was given, the same for everybody: a browser that
    shows one of the last twenty minutes is still on the same visit.
    """
    if not timed:
        tag = f'"{name}"'
        return tag, tag not in shown
    now = int(time() // TAG_S)
    for given in range(now, now - VISIT_S // TAG_S - 1, -1):
        if (tag := f'"{name}-{given}"') in shown:
            return tag, False
    return f'"{name}-{now}"', True


def unlocked_cookie(share: Share, owner: str, link_id: str) -> str:
    """Return the cookie of somebody who is inside a link now, for its owner's proof that taking back ends that too.

    Raises `LinkGone`.
    """
    link = share.find(share.link(owner, link_id).path.rpartition("/")[2])
    if link is None:
        raise LinkGone
    return f"{VISIT_COOKIE}={share.keys.sign('visit', [link.id, link.version])}"


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


def _cookie(visit: _Visit, name: str, value: str, max_age_s: int) -> tuple[bytes, bytes]:
    secure = "; Secure" if visit.request.secure else ""
    return (
        b"set-cookie",
        f"{name}={value}; Path={visit.base}; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}".encode(),
    )


def _origin(visit: _Visit) -> str:
    """Return the address that a preview picture needs in full: the host's own, or the one that was asked."""
    if visit.share.settings.public_url:
        return visit.share.settings.public_url
    asked = f"{visit.request.scope.get('scheme', 'http')}://{visit.request.header(b'host')}"
    try:
        parts = urlsplit(asked)
        good = parts.hostname is not None and re.fullmatch(r"[A-Za-z0-9.:\[\]-]{1,253}", parts.netloc) is not None
    except ValueError:
        good = False
    return asked if good else ""


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:  # the last so many bytes
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


async def _ranges(read: Callable[[int, int], Coroutine[Any, Any, bytes]], start: int, end: int) -> AsyncIterator[bytes]:
    while start < end:
        stop = min(end, start + CHUNK_BYTES)
        yield await read(start, stop)
        start = stop


async def _static(request: Request, path: str) -> None:
    """Send the stylesheet and the icon: the same for everybody, and kept by browsers."""
    for_ever = (b"cache-control", b"public, max-age=31536000, immutable")
    if request.method not in {"GET", "HEAD"}:
        await request.answer(405, [*_ALWAYS, (b"allow", b"GET, HEAD")])
    elif path == pages.SHEET:
        headers: Headers = [
            *_FILE,
            for_ever,
            (b"content-type", b"text/css; charset=utf-8"),
            (b"vary", b"Accept-Encoding"),
        ]
        if b"gzip" in request.headers.get(b"accept-encoding", b""):
            await request.answer(200, [*headers, (b"content-encoding", b"gzip")], pages.CSS_GZIP)
        else:
            await request.answer(200, headers, pages.CSS)
    elif path == "/s/_/icon.svg":
        day = (b"cache-control", b"public, max-age=86400")
        await request.answer(200, [*_FILE, day, (b"content-type", b"image/svg+xml")], pages.ICON)
    else:
        words = request.words
        note = pages.note_page(words, words["gone_title"], words["gone"], words["gone_hint"])
        await request.page(404, note, _NO_STORE)
