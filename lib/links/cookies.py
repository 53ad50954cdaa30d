"""The cookies of one check: kept while it lasts, sent back only to whom they belong, gone after it.

Some services set a cookie at their first answer and look for it at the next: a pass for a guest, or a test whether the
browser takes cookies at all. Without them an open link looks closed. The rules are those of RFC 6265 as browsers apply
them, read more narrowly: what came over https never goes out over http, and no cookie is for a whole public suffix.
"""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie
from typing import Final

import aiohttp
from yarl import URL

from lib.links.domains import is_public_suffix, registrable

MAX_COOKIES: Final = 50  # of one check; browsers keep about so many of one site
MAX_CHARS: Final = 4_096  # of one cookie, name and value; browsers refuse larger ones


class Cookies:
    """The cookies of one check. Made inside a running event loop."""

    __slots__ = ("_count", "_jars")

    def __init__(self) -> None:
        self._jars: dict[bool, aiohttp.CookieJar] = {}  # those that came over https, and those that did not
        self._count = 0

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._jars)

    def take(self, set_by: str, cookies: SimpleCookie) -> None:
        """Keep what the answer of an address set."""
        url = URL(set_by, encoded=True)
        for name, morsel in cookies.items():
            if self._count >= MAX_COOKIES or len(name) + len(morsel.value) > MAX_CHARS or not _may_set(url, morsel):
                continue
            self._count += 1
            https = url.scheme == "https"
            jar = self._jars.get(https)
            if jar is None:
                jar = self._jars[https] = aiohttp.CookieJar(unsafe=True)
            jar.update_cookies({name: morsel}, url)

    def header(self, address: str, own: str = "") -> str:
        """Return the value of the header `Cookie` for an address; `own` are cookies that a request names itself."""
        url = URL(address, encoded=True)
        pairs = dict(part.strip().partition("=")[::2] for part in own.split(";") if part.strip())
        for https, jar in self._jars.items():
            if https and url.scheme != "https":
                continue
            for name, morsel in jar.filter_cookies(url).items():
                pairs.setdefault(name, morsel.value)
        return "; ".join(f"{name}={value}" for name, value in pairs.items())


def _may_set(url: URL, morsel: Morsel[str]) -> bool:
    """Whether a host may set a cookie for the domain that it names: its own site, never all of a public suffix."""
    host = url.raw_host or ""
    domain = str(morsel["domain"]).lstrip(".").lower()
    if not domain or domain == host:
        return True
    return host.endswith(f".{domain}") and registrable(domain) == registrable(host) and not is_public_suffix(domain)
