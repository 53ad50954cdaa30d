"""The one front door for bytes: how many may be on their way at once, how slowly, and how full the disk may get.

Who asks is settled before a body is read; this door then counts what is under way, by network and in all, and looks
at the disk first and while it comes. The plain page, the picker's routes and Streamlit's own uploader go through the
same one.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.types import Message

from lib.albums.guesses import network
from lib.albums.problems import (
    DiskFull,
    DraftGone,
    NoRoom,
    PhotoGone,
    ShareProblem,
    StoreDown,
    TicketRefused,
    TooFast,
    TooManyPhotos,
)
from lib.albums.security_log import Event
from lib.problems import Problem
from lib.recipients.body_limit import limited
from lib.settings import Settings
from lib.text.later import later

IDLE_S: Final = 15.0  # a connection that sends nothing for this long is given up
WHOLE_S: Final = 600.0  # and one that has not sent its photos by then
IN_ALL: Final = 24  # bodies on their way at the same time; each may hold a photo in memory
OF_NETWORK: Final = 8  # of one network: a family behind one address, each with a few photos
KEEP_FREE_BYTES: Final = 300_000_000  # of the disk: room for the index, for taking back and for everything else
KEEP_FREE_TEMPORARY_BYTES: Final = 50_000_000  # where files wait while they come; often a small disk of its own
_DIGITS: Final = 18  # of a length that is a number worth reading
LOOK_BYTES: Final = 8_000_000  # of a body, after which the disk is looked at again

_STATUS: Final[dict[type[Problem], int]] = {
    TicketRefused: 404, DraftGone: 404, PhotoGone: 404, TooManyPhotos: 413, NoRoom: 413, TooFast: 429, DiskFull: 507,
    StoreDown: 503,
}  # fmt: skip


class SentTooSlowly(ShareProblem):
    """The connection ended or was too slow."""

    title = later("The photos did not arrive")
    fix = later("Check the connection and try again.")
    status = 408


_TOLD: Final = (DiskFull, NoRoom, TooFast, TooManyPhotos, SentTooSlowly)


def status_of(problem: Problem) -> int:
    """Return the HTTP status that fits a problem with something that was sent."""
    own: int | None = getattr(problem, "status", None)
    return own or next((code for kind, code in _STATUS.items() if isinstance(problem, kind)), 400)


def same_origin(request: Request) -> bool:
    """Say whether a page of this app asks, as far as a browser tells; programs tell nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def network_of(request: Request) -> str:
    """Return the network that a request comes from: IPv4 by its /24, IPv6 by its /56, which one household holds."""
    return network(request.client.host if request.client else "")


def _nobody(_event: Event, _address: str, _detail: str) -> None:
    """Tell nobody."""


class Door:
    """Counts what is on its way in this process. `tell` hears of what is refused."""

    def __init__(self, tell: Callable[[Event, str, str], None] = _nobody) -> None:
        self._tell = tell
        self._under_way: Counter[str] = Counter()
        self._in_memory = 0

    def refused(self, request: Request, problem: Problem) -> None:
        """Tell the host that something was not taken, where somebody may try to fill the server with it."""
        if isinstance(problem, _TOLD):
            event = Event.DISK_LOW if isinstance(problem, DiskFull) else Event.UPLOAD_REFUSED
            self._tell(event, request.client.host if request.client else "", type(problem).__name__)

    @asynccontextmanager
    async def entered(self, request: Request, settings: Settings, *, in_memory: int = 0) -> AsyncIterator[None]:
        """Let one body in. Raises `TooFast` where enough are on their way, and `DiskFull` before a byte is read.

        `in_memory` is how many bytes of it are held in memory at most; all together may have as many as photos that
        are worked on.
        """
        network = network_of(request)
        too_many = self._under_way[network] >= OF_NETWORK or self._under_way.total() >= IN_ALL
        if too_many or (self._in_memory and self._in_memory + in_memory > settings.photo_memory_bytes):
            raise TooFast(later("Many photos are on their way just now."), fix=later("Wait a moment, then try again."))
        self._under_way[network] += 1
        self._in_memory += in_memory
        try:
            await asyncio.to_thread(check_disk, settings)
            yield
        finally:
            self._in_memory -= in_memory
            self._under_way[network] -= 1
            if not self._under_way[network]:
                del self._under_way[network]


def check_disk(settings: Settings) -> None:
    """Raise `DiskFull` while too little is free where photos and index are kept, or where files wait."""
    url = urlsplit(settings.store_url)
    wanted = {Path(tempfile.gettempdir()): KEEP_FREE_TEMPORARY_BYTES, settings.data_dir: KEEP_FREE_BYTES}
    if url.scheme == "file":
        wanted[Path(unquote(url.path))] = KEEP_FREE_BYTES
    for folder, at_least in wanted.items():
        try:
            free = shutil.disk_usage(folder).free
        except OSError:  # not there yet: it is made with the first photo
            continue
        if free < at_least:
            raise DiskFull


def body(
    request: Request, settings: Settings, max_bytes: int, too_large: Callable[[], Exception]
) -> Callable[[], Awaitable[Message]]:
    """Return a request's body as the one stream that may be read of it: counted, timed, and with an eye on the disk."""
    watched = _watched(timed(request.receive), settings)
    return limited(watched, request.headers.get("content-length", ""), max_bytes, too_large)


def announced_bytes(request: Request, at_most: int) -> int:
    """Return how long a body says that it is; the most that it may have where it does not say."""
    length = request.headers.get("content-length", "")
    return min(at_most, int(length)) if length.isascii() and length.isdigit() and len(length) < _DIGITS else at_most


def _watched(receive: Callable[[], Awaitable[Message]], settings: Settings) -> Callable[[], Awaitable[Message]]:
    since = 0

    async def receiving() -> Message:
        nonlocal since
        message = await receive()
        since += len(message.get("body", b""))
        if since > LOOK_BYTES:
            since = 0
            await asyncio.to_thread(check_disk, settings)
        return message

    return receiving


def timed(receive: Callable[[], Awaitable[Message]]) -> Callable[[], Awaitable[Message]]:
    """Return a request's body as a stream that ends in words when it stops for `IDLE_S`, or lasts over `WHOLE_S`."""
    begun = monotonic()

    async def receiving() -> Message:
        left = begun + WHOLE_S - monotonic()
        try:
            async with asyncio.timeout(max(0.0, min(IDLE_S, left))):
                return await receive()
        except TimeoutError:
            raise SentTooSlowly(later("They came too slowly.")) from None

    return receiving
