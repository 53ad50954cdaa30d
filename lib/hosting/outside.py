"""What can be looked at only through the public address: whether it answers, is encrypted, and the proxy honest."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

import aiohttp

from lib.albums.host import Share
from lib.hosting.lines import HostLine, mend, ok, unknown
from lib.hosting.seen import HEADER, PATH, PURPOSE
from lib.links.fetch import Fetched, Fetcher
from lib.links.reach import Reach, reach
from lib.recipients.pages import ICON, ICON_PATH
from lib.settings import origin_of

_MADE_UP: Final = "203.0.113.66"  # TEST-NET-3 of RFC 5737: nobody comes from there
_DAYS_LEFT: Final = 14  # Caddy and certbot renew at 30; later means that renewing fails
_WAIT_S: Final = 15.0
_DAY_S: Final = 86_400


async def look_outside(share: Share) -> AsyncIterator[HostLine]:
    """Look at the public address from here, and from elsewhere where the host named a service for that."""
    public = share.settings.public_url
    if public is None:
        yield mend(
            "address", "public_url is not set: links open on this computer and in its network only.",
            "Set public_url to the https address of this app; for a while, `python -m lib share-out` will do.",
        )  # fmt: skip
        return
    https = public.startswith("https:")
    if not https:
        yield mend("https", "public_url is not encrypted.", "Put a proxy with https before the app, such as Caddy.")
    elif reach(public) is not Reach.ANYWHERE:
        yield mend(
            "address", "public_url means something only inside this network.", "Use a name that everybody knows."
        )
    async with Fetcher(frozenset({origin_of(public)}), ssl_context=ssl.create_default_context()) as fetcher:
        answer = await fetcher.get(public + ICON_PATH)
        if not (answer.ok and answer.body == ICON):
            why = answer.failure.text if answer.failure else f"It answered with status {answer.status}."
            yield mend("address", f"The app does not answer at public_url. {why}", _why_not(answer))
            return
        yield ok("address", "The app answers at public_url from here.")
        if https:
            yield await _certificate(public)
        async for line in _proxy(share, fetcher, public, https=https):
            yield line
        yield await _websocket(public)
        yield await _from_elsewhere(share, fetcher, public)


def _why_not(answer: Fetched) -> str:
    if answer.failure:
        return "Start the app and the proxy; look at the name in the DNS, and whether ports 80 and 443 are open."
    return "See whether another program has that address, and whether the proxy leads to the app."


async def _certificate(public: str) -> HostLine:
    parts = urlsplit(public)
    try:
        async with asyncio.timeout(_WAIT_S):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or 443, ssl=ssl.create_default_context()
            )
    except (OSError, TimeoutError):
        return mend("certificate", "It could not be looked at.", "Look at the log of the proxy.")
    found: dict[str, Any] = writer.get_extra_info("peercert")
    writer.close()
    ends = ssl.cert_time_to_seconds(str(found["notAfter"]))
    starts = ssl.cert_time_to_seconds(str(found["notBefore"]))
    now = datetime.now(UTC).timestamp()
    days = int((ends - now) // _DAY_S)
    if ends - now < min(_DAYS_LEFT * _DAY_S, (ends - starts) / 4):  # short-lived ones are renewed late
        return mend("certificate", f"It ends in {days} days.", "Look at the log of the proxy: renewing fails.")
    return ok("certificate", f"Trusted, and good for {days} more days." if days else "Trusted; renewed each day.")


async def _proxy(share: Share, fetcher: Fetcher, public: str, *, https: bool) -> AsyncIterator[HostLine]:
    sign = share.keys.sign(PURPOSE, ["seen"])
    answer = await fetcher.get(public + PATH, headers={HEADER: sign, "X-Forwarded-For": _MADE_UP})
    try:
        seen: dict[str, str] = json.loads(answer.body) if answer.ok else {}
    except ValueError:
        seen = {}
    if not seen:
        yield mend(
            "same host", "The app at public_url does not know this host's key.",
            "Run this with the settings and the data folder of the running app, and start the app anew.",
        )  # fmt: skip
        return
    how = "Set trusted_proxies to the proxy's address, as the app sees it, and to nothing else."
    if seen["address"] == _MADE_UP:
        yield mend(
            "proxy", "The app believes what visitors write into X-Forwarded-For: guessing cannot be held back.",
            "Let the proxy write the header anew (Caddy does), and trust the proxy alone.",
        )  # fmt: skip
    elif https and seen["scheme"] != "https":
        found = f"The app does not know that visitors come by https. It sees them come from {seen['address']}."
        yield mend("proxy", found, how)
    else:
        yield ok("proxy", "What visitors make up is not believed.")


async def _websocket(public: str) -> HostLine:
    address = public.replace("http", "ws", 1) + "/_stcore/stream"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_WAIT_S)) as session,
            session.ws_connect(
                address, origin=origin_of(public), protocols=("streamlit",), ssl=ssl.create_default_context()
            ),
        ):
            return ok("WebSocket", "It opens.")
    except (aiohttp.ClientError, OSError, TimeoutError):
        return mend(
            "WebSocket", "It does not open: the app's pages stay empty.",
            "Let the proxy pass on Upgrade and Connection, as Caddy does by itself.",
        )  # fmt: skip


async def _from_elsewhere(share: Share, fetcher: Fetcher, public: str) -> HostLine:
    """Ask the service that the host named to open the public address from elsewhere."""
    service = share.settings.outside_look
    if service is None:
        return unknown("from elsewhere", "Open public_url on a phone without Wi-Fi, or set outside_look.")
    answer = await fetcher.get(service.replace("{address}", quote(public + ICON_PATH, safe="")))
    if answer.ok:
        return ok("from elsewhere", "The service in outside_look could open it.")
    return mend("from elsewhere", "The service in outside_look could not open it.", "Look at firewall, router and DNS.")
