"""What every client gives: a public address, and a way to wait for its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

ADDRESS_S: Final = 40.0  # a quick tunnel of Cloudflare takes 6 to 10 seconds on a good line
CONNECT_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class OpenTunnel:
    """A tunnel that stands. `ended` returns when the other side or the program ended it."""

    address: str
    ended: Callable[[], Awaitable[None]]
    fingerprint: str = ""  # of the SSH server that answered
