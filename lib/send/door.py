"""The one front door for bytes: how many may be on their way at once, how slowly, and how full the disk may get.

Who asks is settled before a body is read; this door then counts what is under way, by network and in all, and looks
at the disk first. The plain page and the picker's routes go through the same one.
"""

from __future__ import annotations

import asyncio
import ipaddress
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.types import Message

from lib.albums.problems import DiskFull, ShareProblem, TooFast
from lib.settings import Settings
from lib.text.later import later

IDLE_S: Final = 15.0  # a connection that sends nothing for so long is given up
WHOLE_S: Final = 600.0  # and one that has not sent its photos by then
IN_ALL: Final = 24  # bodies on their way at the same time; each may hold a photo in memory
OF_NETWORK: Final = 8  # of one network: a family behind one address, each with a few photos
KEEP_FREE_BYTES: Final = 300_000_000  # of the disk: room for the index, for taking back and for everything else


class SentTooSlowly(ShareProblem):
    """The connection ended or was too slow."""

    title = later("The photos did not arrive")
    fix = later("Check the connection and try again.")
    status = 408


def same_origin(request: Request) -> bool:
    """Say whether a page of this app asks, as far as a browser tells; programs tell nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def network_of(request: Request) -> str:
    """Return the network that a request comes from: IPv4 by its /24, IPv6 by its /56, which one household holds."""
    address = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 56), strict=False))  # noqa: PLR2004


class Door:
    """Counts what is on its way in this process."""

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()

    @asynccontextmanager
    async def entered(self, request: Request, settings: Settings) -> AsyncIterator[None]:
        """Let one body in. Raises `TooFast` where enough are on their way, and `DiskFull` before a byte is read."""
        network = network_of(request)
        if self._under_way[network] >= OF_NETWORK or self._under_way.total() >= IN_ALL:
            raise TooFast(later("Many photos are on their way just now."), fix=later("Wait a moment, then try again."))
        self._under_way[network] += 1
        try:
            await asyncio.to_thread(check_disk, settings)
            yield
        finally:
            self._under_way[network] -= 1
            if not self._under_way[network]:
                del self._under_way[network]


def check_disk(settings: Settings) -> None:
    """Raise `DiskFull` while less than `KEEP_FREE_BYTES` are free where photos and index are kept."""
    url = urlsplit(settings.store_url)
    folders = [settings.data_dir, *([Path(unquote(url.path))] if url.scheme == "file" else [])]
    for folder in folders:
        try:
            free = shutil.disk_usage(folder).free
        except OSError:  # not there yet: it is made with the first photo
            continue
        if free < KEEP_FREE_BYTES:
            raise DiskFull


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
