"""One request of a recipient's browser: read once, answered whole, and the link that it is about."""

from __future__ import annotations

import asyncio
import functools
import re
import zlib
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from starlette.types import Receive, Scope, Send

from lib.albums.host import Share
from lib.albums.link_rows import OpenLink
from lib.recipients import pages
from lib.recipients.body_limit import limited
from lib.recipients.translations import Translation, translation_for
from lib.settings import below

MAX_FORM: Final = 16_000  # bytes of a form: a password or a report
FORM_S: Final = 15.0  # a form that takes longer is not sent by a browser
_FIELDS: Final = 10  # of a form
_LEVEL: Final = 2  # of compression: a page is small, and made anew for everybody

Headers = list[tuple[bytes, bytes]]

ALWAYS: Final[Headers] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex, nofollow, noarchive, noimageindex"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_CSP: Final = (
    b"default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; form-action 'self'; "
    b"frame-ancestors 'none'; base-uri 'none'"
)
_POLICY: Final = b"content-security-policy"
PAGE: Final[Headers] = [
    *ALWAYS,
    (b"content-type", b"text/html; charset=utf-8"),
    (_POLICY, _CSP),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    (b"vary", b"Accept-Language, Accept-Encoding, Cookie, User-Agent"),
]
FILE: Final[Headers] = [*ALWAYS, (b"content-security-policy", b"default-src 'none'; sandbox")]
NO_STORE: Final = (b"cache-control", b"private, no-store")
REVALIDATE: Final = (b"cache-control", b"private, no-cache")


_HOST: Final = re.compile(r"[A-Za-z0-9.:\[\]-]{1,253}")


class _FormTooLargeError(Exception):
    """More bytes than a form may have."""


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
    def texts(self) -> Translation:
        """The texts in the browser's language."""
        return translation_for(self.header(b"accept-language"))

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

    async def page(
        self, status: int, html: str, cache: tuple[bytes, bytes], *more: tuple[bytes, bytes], scripts: str = ""
    ) -> None:
        """Send a page, compressed where the browser takes it. `scripts` names the hosts from which ours is loaded."""
        body, headers = html.encode(), [*PAGE, cache, *more]
        if scripts:
            headers = [h for h in headers if h[0] != _POLICY]
            headers.append((_POLICY, _CSP + _script_policy(scripts)))
        if b"gzip" in self.headers.get(b"accept-encoding", b""):
            packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
            body = packer.compress(body) + packer.flush()
            headers.append((b"content-encoding", b"gzip"))
        await self.answer(status, headers, body)

    async def gone(self) -> None:
        """Send the one answer for unknown, expired, used up and taken back."""
        texts = self.texts
        await self.page(404, pages.note_page(texts, texts["gone_title"], texts["gone"], texts["gone_hint"]), NO_STORE)

    async def photo_gone(self, album: str) -> None:
        """Say to somebody who is inside that one photo is not there, and lead back to those that are."""
        texts = self.texts
        await self.page(404, pages.note_page(texts, texts["gone_title"], back=album), NO_STORE)

    def from_our_page(self, hosts: frozenset[str]) -> bool:
        """Say whether a page of ours sent this form, as far as the browser tells. `hosts` are our own names.

        Our pages name no referrer, so that old browsers send the origin "null": then it tells nothing.
        """
        if site := self.header(b"sec-fetch-site"):
            return site in {"same-origin", "none"}
        origin = self.header(b"origin")
        return origin in {"", "null"} or urlsplit(origin).netloc in hosts

    async def form(self, *, more_fields: int = 0, bytes_a_field: int = 0) -> dict[str, str] | None:
        """Read a small form; None when it is too large, too slow or not a form."""
        kind = self.header(b"content-type").partition(";")[0].strip().lower()
        if kind not in {"", "application/x-www-form-urlencoded"}:
            return None
        try:
            async with asyncio.timeout(FORM_S):
                body = await self._body(MAX_FORM + more_fields * bytes_a_field)
        except TimeoutError:
            return None
        if body is None:
            return None
        try:
            fields = parse_qs(
                body.decode("utf-8"), keep_blank_values=True, max_num_fields=_FIELDS + more_fields, errors="strict"
            )
        except (ValueError, UnicodeDecodeError):
            return None
        return {name: values[0] for name, values in fields.items()}

    async def _body(self, max_bytes: int) -> bytes | None:
        body = bytearray()
        receive = limited(self.receive, self.header(b"content-length"), max_bytes, _FormTooLargeError)
        while True:
            try:
                message = await receive()
            except _FormTooLargeError:
                return None
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if not message.get("more_body"):
                return bytes(body)


@functools.lru_cache(maxsize=64)
def _script_policy(hosts: str) -> bytes:
    """Allow our one script, by its path, and what it loads: photos of links, below `/s/`. Nothing inline, ever."""
    script = " ".join(f"{host}{below()}{pages.SCRIPT}" for host in hosts.split())
    loads = " ".join(f"{host}{below()}/s/" for host in hosts.split())
    return f"; script-src {script}; connect-src {loads}; require-trusted-types-for 'script'".encode()


class LinkVisit:
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
        return NO_STORE if self.link.gated else REVALIDATE

    @property
    def origin(self) -> str:
        """The address that a preview picture needs in full: the host's own, or the one that was asked."""
        if self.share.settings.public_origin:
            return self.share.settings.public_origin
        asked = f"{self.request.scope.get('scheme', 'http')}://{self.request.header(b'host')}"
        try:
            parts = urlsplit(asked)
            good = parts.hostname is not None and re.fullmatch(r"[A-Za-z0-9.:\[\]-]{1,253}", parts.netloc) is not None
        except ValueError:
            good = False
        return asked if good else ""

    @property
    def sources(self) -> str:
        """The hosts of this page for its policy: the one that was asked, and the one that the sender's app knows.

        A proxy may have changed the one that was asked; without either, the page goes without its script.
        """
        return " ".join(sorted(self.hosts))

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which this server was asked, and is known."""
        return frozenset({urlsplit(self.origin).netloc, self._asked()} - {""})

    def _asked(self) -> str:
        host = self.request.header(b"host")
        return host if _HOST.fullmatch(host) else ""

    def cookie(self, name: str, value: str, max_age_s: int) -> tuple[bytes, bytes]:
        """Return the header that sets a cookie for this link alone."""
        secure = "; Secure" if self.request.secure else ""
        return (
            b"set-cookie",
            f"{name}={value}; Path={self.base}; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}".encode(),
        )

    async def still_open(self) -> bool:
        """Say whether the link is as this request found it: a transfer that takes its time asks again and again."""
        token = self.base.rpartition("/")[2]
        return bool(await self.read(self.share.visits.still_open, token, self.link.version))

    async def read(self, read: Callable[..., Any], *args: Any) -> Any:
        """Run a small read: at once on SQLite, where it takes microseconds; in a thread where it crosses a network."""
        return await read_soon(self.share, read, *args)


async def read_soon(share: Share, read: Callable[..., Any], *args: Any) -> Any:
    """Run a small read of the index without holding up others."""
    if share.index.is_sqlite:
        return read(*args)
    return await asyncio.to_thread(read, *args)
