"""The one guarded fetcher of this project: asks a public web address once, as a stranger, within firm limits.

Every address is checked when its socket is made, every redirect is checked like the first link, nothing is taken
from the environment, cookies live only in the jar that a check brings along, and bodies are unpacked within their cap.
A network failure is a result with words, never an exception. Nothing is logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import re
import socket
import ssl
import time
import weakref
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import TracebackType
from typing import Any, Final, Self

import ada_url
import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from lib.links.budget import Budget
from lib.links.cookies import Cookies
from lib.links.guard import PORTS, WEB_PORTS, Refusal, WebAddress, host_matches, may_connect, web_address

KILOBYTE: Final = 1_000
PAGE_BYTES: Final = 512 * KILOBYTE  # every page whose markers we know says so much earlier
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
GONE: Final = frozenset({404, 410})  # statuses of what is not there: the one place that says so
USER_AGENT: Final = "Mozilla/5.0 (compatible; Passalong link doctor) AppleWebKit/537.36 (KHTML, like Gecko)"
_GZIP: Final = 31  # zlib: gzip format, largest window


class FailureKind(StrEnum):
    """What kept a link from answering."""

    UNSAFE_URL = "unsafe_url"
    LOCAL_ONLY = "local_only"
    NOT_WEB = "not_web"
    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS_EXPIRED = "tls_expired"
    TLS_NAME = "tls_name"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_CHAIN = "tls_chain"
    REDIRECT_LOOP = "redirect_loop"
    BUSY = "busy"
    ODD_PORT = "odd_port"
    BROKEN = "broken"


WORDS: Final[dict[FailureKind, str]] = {
    FailureKind.LOCAL_ONLY: "It leads to an address inside a network, not to one on the internet.",
    # Said of names that do not exist and of names that lead to inner addresses alike: what differs would tell
    # anybody on the internet which names exist inside the network where this app runs.
    FailureKind.DNS: "No server on the internet was found under this name.",
    FailureKind.REFUSED: "The server did not take the connection.",
    FailureKind.TIMEOUT: "The server took too long to answer.",
    FailureKind.TLS_EXPIRED: "The server's certificate is not valid today.",
    FailureKind.TLS_NAME: "The server's certificate is for another name.",
    FailureKind.TLS_UNTRUSTED: "The server made its certificate itself; browsers do not trust it.",
    FailureKind.TLS_CHAIN: "The server's certificate comes from nobody that browsers know, or a part is missing.",
    FailureKind.REDIRECT_LOOP: "The link leads from one address to the next without an end.",
    FailureKind.BUSY: "This checker has asked so much lately that it has to wait first.",
    FailureKind.BROKEN: "The server's answer could not be read.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, in words for a person."""

    kind: FailureKind
    text: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way: who answered, and how."""

    url: str = field(repr=False)
    host: str
    status: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back. `status` is 0 when nothing answered; `failure` is None when the last address answered."""

    status: int
    url: str = field(repr=False)  # the last address asked
    headers: Mapping[str, str] = field(repr=False)  # names in any case
    body: bytes = field(repr=False)  # unpacked, at most `max_bytes`
    hops: tuple[Hop, ...]  # every answer in order, the last one included
    truncated: bool  # there was more than `max_bytes`
    elapsed_s: float
    failure: Failure | None = None
    left_for: str = field(default="", repr=False)  # where a redirect led that was not followed: `stay`, or `halt`

    @property
    def host(self) -> str:
        """The host of the last address asked."""
        return self.hops[-1].host if self.hops else ""

    @property
    def ok(self) -> bool:
        """Whether the last address answered with a 2xx status."""
        return self.failure is None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one request may go. Choices of ours: a person waits no longer, and no known page needs more."""

    dns_s: float = 3
    connect_s: float = 8  # TCP and TLS together
    first_byte_s: float = 18  # and between two pieces of the body; a home server that sleeps needs 10 to 15 to wake
    total_s: float = 25  # over all redirects
    redirects: int = 5  # to the next service that we know; its own redirects count anew. Browsers follow 20
    header_bytes: int = 16_384  # one header line; sign-in redirects run to several kilobytes
    headers: int = 128
    concurrency: int = 512  # requests under way in all
    per_host: int = 4  # requests under way at one host
    burst: int = 10  # requests at one host before they are spaced out
    per_host_rate: float = 10  # requests a second at one host after the burst


@dataclass(frozen=True, slots=True)
class Terms:
    """What one check brings along and allows for all of its requests."""

    cookies: Cookies | None = None  # the check's own; without them none are kept
    halt: Callable[[str], bool] | None = None  # asked about a redirect to another origin: True, it is not followed
    ports: frozenset[int] = PORTS  # that may be asked


ANY: Final = Terms()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is sent to an address."""

    method: str
    headers: Mapping[str, str] | None
    body: bytes | None

    def onward(self, status: int, *, same_origin: bool) -> _Asked:
        """Return what is sent to the next address after an answer of this status."""
        as_it_was = status in {307, 308} or (status in {301, 302} and self.method != "POST")
        headers = self.headers
        if headers and not same_origin:
            headers = {name: value for name, value in headers.items() if name.lower() in _HARMLESS}
        return _Asked(self.method, headers, self.body) if as_it_was else _Asked("GET", headers, None)


class BlockedAddress(OSError):  # noqa: N818 - not a fault of ours but a decision
    """A connection that the guard did not allow."""


_LOOKUP_KEPT_S: Final = 10  # as long as aiohttp keeps one
_HANG_UP_S: Final = 1.0  # closed sockets are let go within milliseconds


class _PatientResolver(AbstractResolver):
    """The system's resolver with a time limit. Refuses a name when any of its addresses is not public."""

    def __init__(self, inner: AbstractResolver, seconds: float, permit: _Permit) -> None:
        self._inner, self._seconds, self._permit = inner, seconds, permit
        self._known: dict[tuple[str, int], tuple[float, list[ResolveResult]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        until, known = self._known.get((host, port), (0.0, []))
        if until > time.monotonic():
            return known
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._inner.resolve(host, port, family)
        except TimeoutError as error:
            raise OSError(None, "name lookup took too long") from error
        if not all(self._permit(answer["host"]) for answer in found):
            raise BlockedAddress(None, "not a public address")
        self._known[host, port] = (time.monotonic() + _LOOKUP_KEPT_S, found)
        return found

    async def first(self, address: WebAddress) -> str:
        """Return the numeric address that a host will be reached at; empty where there is none to reach."""
        if may_connect(address.host.strip("[]")):
            return address.host
        try:
            found = await self.resolve(address.host, address.port)
        except OSError:
            return ""
        return found[0]["host"] if found else ""

    async def close(self) -> None:
        await self._inner.close()


@dataclass(frozen=True)
class _Permit:
    """Which addresses one set of connections may reach."""

    anywhere: bool = False
    also: frozenset[str] = frozenset()
    made: weakref.WeakSet[socket.socket] = field(default_factory=weakref.WeakSet, compare=False, repr=False)

    def __call__(self, address: str) -> bool:
        return self.anywhere or address in self.also or may_connect(address)

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Make a socket, having looked at the very address that it is for."""
        family, kind, protocol, _, address = info
        if not self(str(address[0])):
            raise BlockedAddress(None, "not a public address")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)  # noqa: FBT003 - its only argument
        self.made.add(made)
        return made

    async def hang_up(self) -> None:
        """Close what is still open, whatever the other side does: an event loop cannot end in the middle of a goodbye.

        A connection closed by a server's wish, or for a body that is too large, is no longer among those that its
        session closes, and TLS waits up to half a minute for the other side's last word.
        """
        for each in self.made:
            if each.fileno() >= 0:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        until = time.monotonic() + _HANG_UP_S
        while any(each.fileno() >= 0 for each in self.made) and time.monotonic() < until:  # noqa: ASYNC110 - nothing tells when a socket closes
            await asyncio.sleep(0.001)


class _Gate:
    """Politeness towards one host: so many at a time, and after a burst so many a second."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._places = asyncio.Semaphore(limits.per_host)
        self._tokens = float(limits.burst)
        self._at = time.monotonic()

    async def __aenter__(self) -> None:
        await self._places.acquire()
        try:
            now = time.monotonic()
            rate, burst = self._limits.per_host_rate, self._limits.burst
            self._tokens = min(burst, self._tokens + (now - self._at) * rate)
            self._at = now
            self._tokens -= 1
            if self._tokens < 0:
                await asyncio.sleep(-self._tokens / rate)
        except BaseException:
            self._places.release()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._places.release()


class Fetcher:
    """Asks web addresses for the link doctor; use it as an asynchronous context manager, many requests at a time.

    `allow_origins` are exact origins of this app itself, which may live on a private address; they are asked through
    connections of their own, so that nothing else gets there. `resolver`, `ssl_context` and `also_permit` let a
    test's own small internet stand in for the real one: production never passes them.
    """

    def __init__(
        self,
        allow_origins: frozenset[str] = frozenset(),
        *,
        limits: Limits | None = None,
        user_agent: str = USER_AGENT,
        resolver: AbstractResolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
        also_permit: frozenset[str] = frozenset(),
    ) -> None:
        self._allow_origins = frozenset(origin.rstrip("/").lower() for origin in allow_origins)
        self._limits = limits or Limits()
        self._user_agent = user_agent
        self._resolver, self._ssl_context = resolver, ssl_context
        self._permit = _Permit(also=also_permit)
        self._gates: dict[str, _Gate] = {}
        self._budget: Budget | None = None
        self._visitor = ""
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._names: dict[bool, _PatientResolver] = {}

    async def __aenter__(self) -> Self:
        self._everyone = asyncio.Semaphore(self._limits.concurrency)
        self._sessions[False] = self._session(self._permit)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.values():
            await session.close()
        await self._permit.hang_up()
        self._sessions.clear()
        self._gates.clear()

    def draw_on(self, budget: Budget, visitor: str = "") -> None:
        """Let every request from now on draw on a budget that others share, on account of a visitor."""
        self._budget, self._visitor = budget, visitor

    def _session(self, permit: _Permit) -> aiohttp.ClientSession:
        limits = self._limits
        resolver = _PatientResolver(self._resolver or aiohttp.ThreadedResolver(), limits.dns_s, permit)
        self._names.setdefault(permit.anywhere, resolver)
        connector = aiohttp.TCPConnector(
            resolver=resolver,
            socket_factory=permit.socket,
            ssl=self._ssl_context or True,
            limit=0,  # the gates limit
            ttl_dns_cache=10,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            max_line_size=limits.header_bytes,
            max_field_size=limits.header_bytes,
            max_headers=limits.headers,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_s, sock_read=limits.first_byte_s),
            headers={
                "User-Agent": self._user_agent,
                "Accept": "text/html,application/xhtml+xml,image/*,*/*;q=0.8",
                "Accept-Language": "en-US,en;q=0.9",
                "Accept-Encoding": "gzip",
            },
        )

    def _session_for(self, address: WebAddress) -> aiohttp.ClientSession:
        own = address.origin in self._allow_origins
        if own not in self._sessions:
            self._sessions[own] = self._session(replace(self._permit, anywhere=True))
        return self._sessions[own]

    def _gate(self, host: str) -> _Gate:
        gate = self._gates.get(host)
        if gate is None:
            gate = self._gates[host] = _Gate(self._limits)
        return gate

    async def get(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        max_bytes: int = PAGE_BYTES,
        follow: bool = True,
        stay: tuple[str, ...] = (),
        total_s: float | None = None,
        terms: Terms = ANY,
    ) -> Fetched:
        """Ask a web address and return what came back, after at most `Limits.redirects` redirects if `follow`.

        `stay` names the hosts that redirects may lead to (`*.example.org` for every name below); where one leads
        elsewhere, that is the result, in `left_for`. Without it, any public host. A page that sends browsers on by
        itself ("refresh") counts as a redirect. `terms` are those of the check that asks.

        `total_s` replaces the limit for a slow service. Time spent waiting for one's turn does not count. Raises
        nothing for anything that a link or a server does.
        """
        left_s = self._limits.total_s if total_s is None else total_s
        asked = _Asked(method, headers, body)
        hops: list[Hop] = []
        seen: set[tuple[str, str, str]] = set()
        spent_s = 0.0
        while True:
            address = self._may_ask(url, terms)
            if isinstance(address, Failure):
                return _nothing(url, hops, spent_s, address)
            sent = _with_cookies(asked.headers, terms.cookies, address.href)
            turn = (asked.method, address.href, sent.get("Cookie", "") if sent else "")
            if turn in seen or len(hops) > self._limits.redirects:
                return _nothing(url, hops, spent_s, _failure(FailureKind.REDIRECT_LOOP))
            seen.add(turn)
            busy = self._budget is not None and not await self._turn(address)
            async with self._gate(address.host), self._everyone:
                started = time.monotonic()
                if sent is not asked.headers:
                    asked = replace(asked, headers=sent)
                answer = (
                    _failure(FailureKind.BUSY)
                    if busy
                    else await self._once(address, asked, max_bytes, left_s - spent_s, terms.cookies)
                )
                spent_s += time.monotonic() - started
            if isinstance(answer, Failure):
                return _nothing(address.href, hops, spent_s, answer)
            status, answered, content, truncated, failure = answer
            hops.append(Hop(address.href, address.host, status))
            here = Fetched(status, address.href, answered, content, tuple(hops), truncated, spent_s, failure)
            target = _target(here) if follow else None
            if target is None:
                return here
            try:
                url = ada_url.URL(target, base=address.href).href
            except ValueError:
                return _nothing(address.href, hops, spent_s, _failure(FailureKind.BROKEN))
            if _leaves(url, address, stay, terms):
                return replace(here, left_for=url)
            asked = asked.onward(status, same_origin=ada_url.URL(url).origin == address.origin)

    def _may_ask(self, url: str, terms: Terms) -> WebAddress | Failure:
        """Read an address and decide whether it may be asked on these terms."""
        address = web_address(url, self._allow_origins)
        if isinstance(address, Refusal):
            return Failure(FailureKind(address.kind), address.text)
        if address.port not in terms.ports and address.origin not in self._allow_origins:
            text = f"It names port {address.port}, and only known home servers are asked at such a port."
            return Failure(FailureKind.ODD_PORT, text)
        return address

    async def connect(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a bare connection to where a web address leads, through the same gates as every request.

        For the proxy of a browser. This app's own pages are not reached this way. Raises OSError where the guard, the
        budget or the network says no.
        """
        address = web_address(url)
        if isinstance(address, Refusal) or address.port not in WEB_PORTS:
            raise BlockedAddress(None, "not an address that is asked")
        if not await self._turn(address):
            raise BlockedAddress(None, "the budget is used up")
        literal = address.host.strip("[]")
        if may_connect(literal):
            family = socket.AF_INET6 if ":" in literal else socket.AF_INET
            where, port = literal, address.port
        else:
            found = (await self._names[False].resolve(address.host, address.port))[0]
            where, port, family = found["host"], found["port"] or address.port, socket.AddressFamily(found["family"])
        made = self._permit.socket((family, socket.SOCK_STREAM, 0, "", (where, port)))
        try:
            async with asyncio.timeout(self._limits.connect_s):
                await asyncio.get_running_loop().sock_connect(made, (where, port))
            return await asyncio.open_connection(sock=made)
        except BaseException:
            made.close()
            raise

    async def _turn(self, address: WebAddress) -> bool:
        """Wait for what the budget allows; False where that would take too long. This app's own pages are free."""
        if self._budget is None or address.origin in self._allow_origins:
            return True
        if not await self._budget.turn(address.host, self._visitor):
            return False
        where = await self._names[False].first(address)
        return not where or await self._budget.turn_at(where)

    async def _once(
        self, address: WebAddress, asked: _Asked, max_bytes: int, seconds: float, cookies: Cookies | None
    ) -> tuple[int, Mapping[str, str], bytes, bool, Failure | None] | Failure:
        target = URL(address.href, encoded=True)
        if target.raw_host != address.host.strip("[]") or target.port != address.port:
            return _failure(FailureKind.BROKEN)  # ada and yarl read it as different hosts: not asked
        started = time.monotonic()
        try:
            async with (
                asyncio.timeout(max(seconds, 0.001)),
                self._session_for(address).request(
                    asked.method, target, headers=asked.headers, data=asked.body, allow_redirects=False
                ) as response,
            ):
                if cookies is not None and "Set-Cookie" in response.headers:
                    cookies.take(address.href, response.cookies)
                content, truncated, failure = await _read(response, max_bytes)
                return response.status, response.headers, content, truncated, failure
        except (aiohttp.ClientError, OSError, ValueError, zlib.error) as error:
            late = time.monotonic() - started >= seconds  # closing a late connection can hide that it was late
            return _failure(FailureKind.TIMEOUT if late else _kind(error))


# Headers that may go along to another origin: they say how to answer, not who asks.
_HARMLESS: Final = frozenset({"accept", "accept-language", "range", "user-agent"})


def _with_cookies(headers: Mapping[str, str] | None, cookies: Cookies | None, address: str) -> Mapping[str, str] | None:
    """Add to a request's own headers the cookies of its check that are for this address."""
    if cookies is None or not cookies:
        return headers
    value = cookies.header(address, (headers or {}).get("Cookie", ""))
    return {**(headers or {}), "Cookie": value} if value else headers


_REFRESH_S: Final = 5  # a page that waits longer before it sends people on has something to show
_REFRESH: Final = re.compile(r"\s*(\d+(?:\.\d*)?)\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'>]+)", re.IGNORECASE)
_META: Final = re.compile(rb"<meta\b[^>]*http-equiv\s*=\s*[\"']?refresh\b[^>]*>", re.IGNORECASE)
_CONTENT: Final = re.compile(rb"content\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_NOT_FOR_BROWSERS: Final = re.compile(
    rb"<noscript\b.*?</noscript\s*>|<!--.*?-->|<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL
)
_HEAD_BYTES: Final = 32 * KILOBYTE


_SCRIPT: Final = re.compile(rb"<script\b[^>]*>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
_UNSHOWN: Final = re.compile(
    rb"<(noscript|title|style)\b.*?</\1\s*>|<!--.*?-->|<script\b.*?</script\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL
)
_LOCATION: Final = re.compile(
    rb"(?<![\w.$])(?:(?:window|document|self|top)\s*\.\s*)?location"
    rb"(?:\s*\.\s*href)?(?:\s*=\s*|\s*\.\s*(?:replace|assign)\s*\(\s*)([\"'])((?:\\.|(?!\1)[^\\])+)\1"
)
_ONLY_SENDS_ON: Final = 1_500  # bytes of script on a page that does nothing but send people on


def _scripted(body: bytes) -> str:
    """Return where a page that shows nothing sends people by its own small program, as short links do; else empty.

    A program that looks at something first ("if") is not believed: it may send only some people there.
    """
    if len(body) > _HEAD_BYTES or b"location" not in body:
        return ""
    programs = b" ".join(_SCRIPT.findall(body))
    if len(programs) > _ONLY_SENDS_ON or re.search(rb"\bif\s*\(|\bswitch\b|\breload\b", programs):
        return ""
    places = {found[2] for found in _LOCATION.finditer(programs)}
    shown = b" ".join(_UNSHOWN.sub(b" ", body).split())
    if len(places) != 1 or len(shown) > _SAYS_NOTHING:
        return ""
    return re.sub(r"\\(?=[/\"'&?=])", "", places.pop().decode("utf-8", "replace")).replace("\\u0026", "&")


_SAYS_NOTHING: Final = 80  # bytes of text: "Redirecting…"


def _leaves(url: str, address: WebAddress, stay: tuple[str, ...], terms: Terms) -> bool:
    """Whether a redirect leads to where it is not followed."""
    there = ada_url.URL(url)
    if stay and not host_matches(there.hostname, stay):
        return True
    return terms.halt is not None and there.origin != address.origin and terms.halt(url)


def _target(here: Fetched) -> str | None:
    """Return where an answer sends a browser on: by its status, by `Refresh`, or by the same inside the page."""
    if here.failure is not None:
        return None
    if here.status in REDIRECTS:
        return here.headers.get("Location")
    told, body, address = here.headers.get("Refresh", ""), here.body, here.url
    if not told and body[:64].lstrip()[:1] == b"<" and b"refresh" in (head := body[:_HEAD_BYTES]).lower():
        meta = _META.search(_NOT_FOR_BROWSERS.sub(b"", head))
        content = _CONTENT.search(meta[0]) if meta else None
        told = html.unescape(content[1].strip(b"\"'").decode("utf-8", "replace")) if content else ""
    match = _REFRESH.match(told) if told else None
    if match is not None and float(match[1]) > _REFRESH_S:
        return None
    place = match[2].strip() if match is not None else _scripted(body)
    if not place:
        return None
    try:
        target = str(ada_url.URL(place, base=address).href)
    except ValueError:
        return None
    return None if target.partition("#")[0] == address else target


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> tuple[bytes, bool, Failure | None]:
    """Read a body up to its cap, unpacking as it comes. The rest is left unread."""
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in {"", "identity", "gzip", "x-gzip"}:
        response.close()
        return b"", False, Failure(FailureKind.BROKEN, "The server packed its answer in a way nobody asked for.")
    unpacker = zlib.decompressobj(_GZIP) if "gzip" in coding else None
    pieces: list[bytes] = []
    size = wire = 0
    while arrived := await response.content.readany():
        wire += len(arrived)
        piece = unpacker.decompress(arrived, max_bytes + 1 - size) if unpacker else arrived
        pieces.append(piece)
        size += len(piece)
        # An unpacked body smaller than its packed form is a trick of its own: stop there as well.
        if size > max_bytes or wire > max_bytes + PAGE_BYTES:
            response.close()
            return b"".join(pieces)[:max_bytes], True, None
    return b"".join(pieces), False, None


def _failure(kind: FailureKind) -> Failure:
    return Failure(kind, WORDS[kind])


def _nothing(url: str, hops: list[Hop], elapsed_s: float, failure: Failure) -> Fetched:
    return Fetched(hops[-1].status if hops else 0, url, {}, b"", tuple(hops), False, elapsed_s, failure)  # noqa: FBT003


# OpenSSL's X509_V_ERR_… numbers.
_CERTIFICATES: Final = {
    9: FailureKind.TLS_EXPIRED, 10: FailureKind.TLS_EXPIRED, 18: FailureKind.TLS_UNTRUSTED,
    19: FailureKind.TLS_UNTRUSTED, 20: FailureKind.TLS_CHAIN, 21: FailureKind.TLS_CHAIN, 62: FailureKind.TLS_NAME,
    64: FailureKind.TLS_NAME,
}  # fmt: skip


# The first that fits, for an exception of aiohttp or the one of the system inside it.
_KINDS: Final[tuple[tuple[type[BaseException], FailureKind], ...]] = (
    (BlockedAddress, FailureKind.DNS),  # a name that leads inside is not told from one that does not exist
    (aiohttp.ClientConnectorDNSError, FailureKind.DNS),
    (aiohttp.ClientConnectorSSLError, FailureKind.BROKEN),
    (TimeoutError, FailureKind.TIMEOUT),
    (aiohttp.ClientConnectorError, FailureKind.REFUSED),
)


def _kind(error: BaseException) -> FailureKind:
    """Say in one word what an exception of the network means."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        inner = error.certificate_error
        return _CERTIFICATES.get(getattr(inner, "verify_code", 0), FailureKind.TLS_CHAIN)
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    for kind, found in _KINDS:
        if isinstance(cause, kind) or isinstance(error, kind):
            return found
    return FailureKind.BROKEN
