"""One budget for everything that this app asks of other people's servers, whoever presses the button.

A link doctor that anybody may use is a machine that sends requests on demand. So every request draws on four accounts:
the visitor's, that of the registered domain, that of the numeric address behind the name, and that of the whole app.
All sessions and all presses of one process share them. Whoever draws too fast waits; whoever would have to wait long is
told to come back later.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from lib.links.domains import registrable

_KEPT: Final = 20_000  # accounts before those that are full again are dropped
_KEY: Final = secrets.token_bytes(16)  # visitors are counted under a name that means nothing outside this process


@dataclass(frozen=True, slots=True)
class Rate:
    """How much one account holds: so many requests at once, and after that so many a second."""

    burst: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of the four accounts. Our choices: one person with a long list is served, a flood is not.

    A known service is thousands of people's; its own limits are far above ours. A small server at home is the one to
    spare: it sees what one eager person with a browser would send.
    """

    visitor: Rate = Rate(1_000, 20)  # one full list at full speed, then slowly
    domain: Rate = Rate(20, 8)
    address: Rate = Rate(40, 16)
    app: Rate = Rate(2_000, 100)
    longest_wait_s: float = 90


class Budget:
    """The accounts. Safe to use from several threads and event loops."""

    def __init__(self, rates: Rates | None = None, *, now: Callable[[], float] = time.monotonic) -> None:
        self.rates = rates or Rates()
        self._now = now
        self._lock = threading.Lock()
        # When an account will be full again: one number says all (the generic cell rate algorithm).
        self._full_at: dict[tuple[str, str], float] = {}

    def reserve(self, accounts: Iterable[tuple[str, str, Rate]]) -> float | None:
        """Take one request out of each account and return how long to wait for it; None: too long, nothing taken."""
        wanted = list(accounts)
        with self._lock:
            now = self._now()
            self._forget(now)
            full_at = [max(self._full_at.get((kind, name), now), now) for kind, name, _ in wanted]
            wait_s = max(
                (
                    full + 1 / rate.per_second - now - rate.burst / rate.per_second
                    for full, (_, _, rate) in zip(full_at, wanted, strict=True)
                ),
                default=0.0,
            )
            if wait_s > self.rates.longest_wait_s:
                return None
            for full, (kind, name, rate) in zip(full_at, wanted, strict=True):
                self._full_at[kind, name] = full + 1 / rate.per_second
        return max(0.0, wait_s)

    async def turn(self, host: str, visitor: str = "") -> bool:
        """Wait for one's turn to ask a host on account of a visitor; False: it would take too long."""
        rates = self.rates
        accounts = [("app", "", rates.app), ("domain", registrable(host), rates.domain)]
        if visitor:
            accounts.append(("visitor", _name(visitor), rates.visitor))
        return await self._wait(self.reserve(accounts))

    async def turn_at(self, address: str) -> bool:
        """Wait for one's turn to reach a numeric address; False: it would take too long."""
        return await self._wait(self.reserve([("address", address, self.rates.address)]))

    async def _wait(self, wait_s: float | None) -> bool:
        if wait_s is None:
            return False
        if wait_s:
            await asyncio.sleep(wait_s)
        return True

    def _forget(self, now: float) -> None:
        if len(self._full_at) > _KEPT:
            self._full_at = {account: full for account, full in self._full_at.items() if full > now}


def _name(visitor: str) -> str:
    return hashlib.blake2b(visitor.encode(), key=_KEY, digest_size=12).hexdigest()


PATIENT: Final = Rates(longest_wait_s=24 * 3_600)  # for whoever runs the app and has a list that takes its time
SHARED: Final = Budget()  # of this process: how often it asked whom, never what
