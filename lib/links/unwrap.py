"""Detours that apps and mail filters put around a link, and the link itself inside them.

Which there are, and how each packs the link, are rows of `wrappers.toml`; the ways to unpack have a name here.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, parse_qsl, unquote

import ada_url

from lib.links.guard import host_matches
from lib.links.known import at_host
from lib.links.rules import Wrapper, wrappers

_HOST = re.compile(r"https?://([^/?#:\\@]+)", re.IGNORECASE)
_WEB = re.compile(r"https?:/", re.IGNORECASE)
_ENCODED = re.compile(r"https?%3a", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What stood inside a detour. `url` is empty where the detour hides it."""

    url: str = field(repr=False)
    wrapper: Wrapper


@dataclass(frozen=True, slots=True)
class _WrappedLink:
    """A detour's address, taken apart. `row` is what is known about it."""

    url: str
    host: str
    path: str
    search: str
    row: Wrapper

    def value(self) -> str:
        """Return the parameter that holds the link, decoded once."""
        values = parse_qs(self.search.lstrip("?").replace("+", "%2B"), keep_blank_values=True)
        return next((values[name][0] for name in self.row.parameter if values.get(name)), "")


@functools.lru_cache(maxsize=4_096)
def _rows_at(host: str) -> tuple[Wrapper, ...]:
    return tuple(row for row in wrappers() if _is_at(host, row.host))


def unwrap(url: str) -> Unwrapped | None:
    """Return the link inside a detour, or None where this is no detour. Never raises."""
    written = _HOST.match(url)
    rows = _rows_at(written[1].lower()) if written else ()
    if not any(row.host != "*" or re.search(row.path.lstrip("^"), url) for row in rows):
        return None
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return None
    host, path = parsed.hostname, parsed.pathname
    for row in rows:
        if not re.match(row.path, path):
            continue
        inner = _WAYS[row.how](_WrappedLink(url, host, path, parsed.search, row))
        for _ in range(2):  # encoded twice, now and then
            if _ENCODED.match(inner):
                inner = unquote(inner)
        if not _WEB.match(inner):
            if row.how == "hidden":
                return Unwrapped("", row)
            continue
        if parsed.hash and "#" not in inner:  # a browser carries it over to where the detour leads
            inner += parsed.hash
        return Unwrapped(inner, row)
    return None


_INSIDE = re.compile(r"=(?:https?(?::|%(?:25)*3a)(?:/|%(?:25)*2f)|aHR0c)|/https?(?::|%3a)(?:/|%2f)", re.IGNORECASE)
_ARCHIVE: Final = re.compile(r"^(?:web\.archive\.org|archive\.[a-z]+|webcache\.)")


def packed(url: str) -> Unwrapped | None:
    """Return the link of a known service inside the address of a server that nobody knows. Never raises.

    No list can name every detour. Photos are not shared through others' addresses: what holds such a link leads to it.
    """
    if (url.find("http", 8) < 0 and "aHR0c" not in url) or not _INSIDE.search(url, 8):
        return None
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return None
    host = parsed.hostname
    if _ARCHIVE.match(host) or _is_known(host):
        return None
    row = Wrapper(host, "", f"a link of {host}", "", _NO_DAY, "likely")
    path = _rest_of_path(_WrappedLink(url, host, parsed.pathname, "", row)) if _INSIDE.search(parsed.pathname) else ""
    for value in (*(each for _, each in parse_qsl(parsed.search.lstrip("?").replace("+", "%2B"))), path):
        inner = _text_of(value) if value.startswith("aHR0c") else value
        for _ in range(2):
            if _ENCODED.match(inner):
                inner = unquote(inner)
        named = _HOST.match(inner)
        if named and _is_known(named[1].lower()):
            if parsed.hash and "#" not in inner:
                inner += parsed.hash
            return Unwrapped(inner, row)
    return None


_NO_DAY: Final = dt.date(1970, 1, 1)


@functools.lru_cache(maxsize=4_096)
def _is_known(host: str) -> bool:
    return "*" not in at_host(host)[0].hosts


def _is_at(host: str, wanted: str) -> bool:
    if wanted.endswith(".*"):  # one name in every country
        return host.startswith(wanted[:-1]) and "." not in host.removeprefix(wanted[:-1]).removeprefix(
            "co."
        ).removeprefix("com.")
    return wanted == "*" or host_matches(host, (wanted,))


def _parameter(parts: _WrappedLink) -> str:
    if parts.row.parameter:
        return parts.value()
    return unquote(parts.search.lstrip("?")) or parts.path.lstrip("/")


def _base64(parts: _WrappedLink) -> str:
    return _text_of(parts.value())


def _bing(parts: _WrappedLink) -> str:
    """Bing writes a1 before the base64 text."""
    return _text_of(parts.value().removeprefix("a1"))


def _text_of(coded: str) -> str:
    try:
        found = base64.b64decode(coded.translate(_TO_PLAIN).rstrip("=") + "=" * (-len(coded.rstrip("=")) % 4))
        return found.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


_TO_PLAIN: Final = str.maketrans("-_", "+/")
_PROOFPOINT_V2: Final = str.maketrans("-_", "%/")


def _proofpoint_v2(parts: _WrappedLink) -> str:
    """Version 2 writes - for % and _ for /."""
    return unquote(parts.value().translate(_PROOFPOINT_V2))


_V3 = re.compile(r"/v3/__(?P<link>.+?)__;(?P<hidden>[\w-]*)")
_RUN_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # how many: A is 2


def _proofpoint_v3(parts: _WrappedLink) -> str:
    """Version 3 writes * for one character and **X for a run; which ones, stands base64-coded behind the link."""
    found = _V3.search(parts.url)
    if found is None:
        link = parts.url.partition("/v3/__")[2]
        return link.partition("__;")[0].removesuffix("__")
    hidden = iter(_text_of(found["hidden"]))

    def put_back(star: re.Match[str]) -> str:
        many = _RUN_LETTERS.find(star[1]) + 2 if star[1] else 1
        return "".join(letter for _, letter in zip(range(many), hidden, strict=False)) or star[0]

    return re.sub(r"\*(?:\*([\w-]))?", put_back, found["link"])


def _underscores(parts: _WrappedLink) -> str:
    """Avanan and Check Point write the link between ___ and ___."""
    found = re.search(r"/___(.+?)(?:___|$)", parts.url)
    return unquote(found[1]) if found and _ENCODED.match(found[1]) else found[1] if found else ""


def _rest_of_path(parts: _WrappedLink) -> str:
    """The link stands encoded in the path, behind a code of the filter."""
    found = re.search(r"/(https?(?::|%3a).*)$", parts.url, re.IGNORECASE)
    return found[1] if found else ""


_OF_AMP: Final = ("amp_", "usqp=", "aoh=")  # what its viewer adds


def _amp(parts: _WrappedLink) -> str:
    """AMP copies name the page in their path, without its scheme: "s/" before it says that it is https."""
    found = re.match(r"/(?:amp|c|v|i|r)/(s/)?([^/]+\.[^/]+/.*)$", parts.path)
    query = "&".join(part for part in parts.search.lstrip("?").split("&") if part and not part.startswith(_OF_AMP))
    return f"http{'s' if found[1] else ''}://{found[2]}" + (f"?{query}" if query else "") if found else ""


def _translated(parts: _WrappedLink) -> str:
    """Google Translate writes a host's dots as - and its - as --."""
    host = parts.host.removesuffix(".translate.goog").replace("--", "\0").replace("-", ".").replace("\0", "-")
    query = "&".join(part for part in parts.search.lstrip("?").split("&") if part and not part.startswith("_x_tr_"))
    return f"https://{host}{parts.path}" + (f"?{query}" if query else "")


_WAYS: Final[Mapping[str, Callable[[_WrappedLink], str]]] = {
    "": _parameter,
    "base64": _base64,
    "bing": _bing,
    "proofpoint_v2": _proofpoint_v2,
    "proofpoint_v3": _proofpoint_v3,
    "underscores": _underscores,
    "path": _rest_of_path,
    "translated": _translated,
    "amp": _amp,
    "hidden": lambda _: "",
}
