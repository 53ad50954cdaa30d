"""Where a message may go: which addresses are taken, and what is sent to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from lib.links.guard import Refusal, WebAddress, web_address
from lib.problems import Problem
from lib.settings import Settings, origin_of
from lib.text.later import later

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class PlaceRefused(Problem):
    """A message cannot go to this address."""

    title = later("This address cannot be used")
    fix = later("Copy the whole address from where you made it, and paste it here.")


@dataclass(frozen=True, slots=True)
class Post:
    """One request that tells something. Address and headers are secrets."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def checked(typed: str, settings: Settings, own_origins: Iterable[str]) -> WebAddress:
    """Return an address that somebody typed, where messages may go there. Raises `PlaceRefused`.

    Only the public web over https, and what the host allows by `notify_origins`; never this app itself.
    """
    typed = typed.strip()
    url = typed if _SCHEME.match(typed) else f"https://{typed}"
    allowed = frozenset(settings.notify_origins)
    address = web_address(url, allowed)
    if isinstance(address, Refusal):
        if address.kind == "local_only":
            raise PlaceRefused(
                later("It leads to an address inside a network, not to one on the internet."),
                fix=later("Who runs this app can allow it with the setting notify_origins."),
            )
        raise PlaceRefused(later("It is no address on the web that messages can go to."))
    if address.scheme != "https" and address.origin not in allowed:
        raise PlaceRefused(later("It has to begin with https://."))
    if address.origin in set(own_origins) or address.host in _own_hosts(settings):
        raise PlaceRefused(later("It is an address of this app itself."))
    return address


def _own_hosts(settings: Settings) -> set[str]:
    own = {name.lower() for name in settings.allowed_hosts}
    if settings.public_url:
        own.add(origin_of(settings.public_url).partition("://")[2].partition(":")[0].lower())
    return own
