"""Who may use which account: a visitor's own sign-in, or the host's own account on a private installation."""

from __future__ import annotations

import ipaddress
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Literal

from lib.settings import Settings


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens an account. Exactly one of the two secrets is there.

    `access_token` came from the visitor's sign-in and expires; `stored` is the host's own (a refresh token, or
    Google's authorised-user JSON).
    """

    whose: Literal["visitor", "host"]
    access_token: str = field(default="", repr=False)
    stored: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """All that a provider needs to work for one visitor.

    `resume` is a dict of JSON values. The provider fills it while it uploads; given again, it continues in the middle
    of a photo. Without it finished photos are still found at the provider. It holds secrets: keep it in the visitor's
    state.
    """

    settings: Settings
    owner: str = field(default="", repr=False)
    base_url: str = ""  # what stands before "/s/…" in links of this server
    credentials: Credentials | None = field(default=None, repr=False)
    resume: MutableMapping[str, str] = field(default_factory=dict, repr=False)


def is_this_computer(address: str | None) -> bool:
    """Return whether a server bound to this address can be reached from this computer only."""
    if not address:  # bound to every interface
        return False
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def may_use_host_account(settings: Settings, bound_address: str | None) -> bool:
    """Return whether visitors may use the accounts in secrets.toml: never strangers.

    Either nobody but this computer reaches the app (no public address, no proxy in front), or everybody who gets this
    far has given the access password.
    """
    if settings.who_may_create == "password" and settings.access_password is not None:
        return True
    return is_this_computer(bound_address) and settings.public_url is None and not settings.trusted_proxies
