"""The one guarded fetcher of this project: asks a public web address once, as a stranger, within firm limits.

Every address is checked when its socket is made, every redirect is checked like the first link, nothing is taken
from the environment, no cookie is kept, and bodies are unpacked within their cap. A network failure is a result with
words, never an exception. Nothing is logged.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any, Final, Self

import ada_url
import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from lib.links.guard import Refusal, WebAddress, host_matches, may_connect, web_address

KILOBYTE: Final = 1_000
PAGE_BYTES: Final = 512 * KILOBYTE  # every page whose markers we know says so much earlier
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
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
    BROKEN = "broken"


WORDS: Final[dict[FailureKind, str]] = {
    FailureKind.LOCAL_ONLY: "It leads to an address inside a network, not to one on the internet.",
    FailureKind.DNS: "No server with this name was found.",
    FailureKind.REFUSED: "The server did not take the connection.",
    FailureKind.TIMEOUT: "The server took too long to answer.",
    FailureKind.TLS_EXPIRED: "The server's certificate is not valid today.",
    FailureKind.TLS_NAME: "The server's certificate is for another name.",
    FailureKind.TLS_UNTRUSTED: "The server made its certificate itself; browsers do not trust it.",
    FailureKind.TLS_CHAIN: "The server's certificate comes from nobody that browsers know, or a part is missing.",
    FailureKind.REDIRECT_LOOP: "The link leads from one address to the next without an end.",
    FailureKind.BROKEN: "The server's answer could not be read.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, in words for a person."""

    kind: FailureKind
    words: str


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
    left_for: str = field(default="", repr=False)  # where a redirect led that was not followed, because of `stay`

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
    first_byte_s: float = 10  # and between two pieces of the body
    total_s: float = 20  # over all redirects
    redirects: int = 5
    header_bytes: int = 16_384  # one header line; sign-in redirects run to several kilobytes
    headers: int = 128
    concurrency: int = 512  # requests under way in all
    per_host: int = 4  # requests under way at one host
    burst: int = 10  # requests at one host before they are spaced out
    per_host_rate: float = 10  # requests a second at one host after the burst


class BlockedAddress(OSError):  # noqa: N818 - not a fault of ours but a decision
    """A connection that the guard did not allow."""


class _PatientResolver(AbstractResolver):
    """The system's resolver with a time limit. Refuses a name when any of its addresses is not public."""

    def __init__(self, inner: AbstractResolver, seconds: float, permit: _Permit) -> None:
        self._inner, self._seconds, self._permit = inner, seconds, permit

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._inner.resolve(host, port, family)
        except TimeoutError as error:
            raise OSError(None, "name lookup took too long") from error
        if not all(self._permit(answer["host"]) for answer in found):
            raise BlockedAddress(None, "not a public address")
        return found

    async def close(self) -> None:
        await self._inner.close()


@dataclass(frozen=True)
class _Permit:
    """Which addresses one set of connections may reach."""

    anywhere: bool = False
    also: frozenset[str] = frozenset()

    def __call__(self, address: str) -> bool:
        return self.anywhere or address in self.also or may_connect(address)

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Make a socket, having looked at the very address that it is for."""
        family, kind, protocol, _, address = info
        if not self(str(address[0])):
            raise BlockedAddress(None, "not a public address")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)  # noqa: FBT003 - its only argument
        return made


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
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        self._everyone = asyncio.Semaphore(self._limits.concurrency)
        self._sessions[False] = self._session(self._permit)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
        self._gates.clear()

    def _session(self, permit: _Permit) -> aiohttp.ClientSession:
        limits = self._limits
        inner = self._resolver or aiohttp.ThreadedResolver()
        connector = aiohttp.TCPConnector(
            resolver=_PatientResolver(inner, limits.dns_s, permit),
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
            self._sessions[own] = self._session(_Permit(anywhere=True))
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
    ) -> Fetched:
        """Ask a web address and return what came back, after at most `Limits.redirects` redirects if `follow`.

        `stay` names the hosts that redirects may lead to (`*.example.org` for every name below); where one leads
        elsewhere, that is the result, in `left_for`. Without it, any public host.

        `total_s` replaces the limit for a slow service. Time spent waiting for one's turn does not count. Raises
        nothing for anything that a link or a server does.
        """
        left_s = self._limits.total_s if total_s is None else total_s
        hops: list[Hop] = []
        seen: set[tuple[str, str]] = set()
        spent_s = 0.0
        while True:
            address = web_address(url, self._allow_origins)
            if isinstance(address, Refusal):
                return _nothing(url, hops, spent_s, Failure(FailureKind(address.kind), address.words))
            if (method, address.href) in seen or len(hops) > self._limits.redirects:
                return _nothing(url, hops, spent_s, _failure(FailureKind.REDIRECT_LOOP))
            seen.add((method, address.href))
            async with self._gate(address.host), self._everyone:
                started = time.monotonic()
                answer = await self._once(address, method, headers, body, max_bytes, left_s - spent_s)
                spent_s += time.monotonic() - started
            if isinstance(answer, Failure):
                return _nothing(address.href, hops, spent_s, answer)
            status, answered, content, truncated, failure = answer
            hops.append(Hop(address.href, address.host, status))
            target = answered.get("Location") if follow and status in REDIRECTS else None
            if target is None:
                return Fetched(status, address.href, answered, content, tuple(hops), truncated, spent_s, failure)
            try:
                url = ada_url.URL(target, base=address.href).href
            except ValueError:
                return _nothing(address.href, hops, spent_s, _failure(FailureKind.BROKEN))
            if stay and not host_matches(ada_url.URL(url).hostname, stay):
                return Fetched(
                    status, address.href, answered, content, tuple(hops), truncated, spent_s, failure, left_for=url
                )
            if status == 303 or (status in {301, 302} and method == "POST"):  # noqa: PLR2004 - HTTP
                method, body = "GET", None
            if headers and ada_url.URL(url).origin != address.origin:
                headers = {name: value for name, value in headers.items() if name.lower() in _HARMLESS}

    async def _once(
        self,
        address: WebAddress,
        method: str,
        headers: Mapping[str, str] | None,
        body: bytes | None,
        max_bytes: int,
        seconds: float,
    ) -> tuple[int, Mapping[str, str], bytes, bool, Failure | None] | Failure:
        target = URL(address.href, encoded=True)
        if target.raw_host != address.host.strip("[]") or target.port != address.port:
            return _failure(FailureKind.BROKEN)  # two readings of one address: nobody's link, so nobody asks it
        started = time.monotonic()
        try:
            async with (
                asyncio.timeout(max(seconds, 0.001)),
                self._session_for(address).request(
                    method, target, headers=headers, data=body, allow_redirects=False
                ) as response,
            ):
                content, truncated, failure = await _read(response, max_bytes)
                return response.status, response.headers, content, truncated, failure
        except (aiohttp.ClientError, OSError, ValueError, zlib.error) as error:
            late = time.monotonic() - started >= seconds  # closing a late connection can hide that it was late
            return _failure(FailureKind.TIMEOUT if late else _kind(error))


# Headers that may go along to another origin: they say how to answer, not who asks.
_HARMLESS: Final = frozenset({"accept", "accept-language", "range", "user-agent"})


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
    (BlockedAddress, FailureKind.LOCAL_ONLY),
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
