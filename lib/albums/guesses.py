"""Holding back guesses: how long an address waits after wrong passwords, and who is looked at first.

Three rules, for a link's password and for the host's own alike. An *address* that was wrong waits 1, 2, 4 … up to 60
seconds before its next try is even looked at. A *door* (a link, or the host) that sees many wrong passwords from
anywhere is *under attack*: then tries are looked at at a steady pace, and those come first that come from a network
without a wrong try and with a ticket of the page. So one who knows the password is served at once, however many guess.
And a try that was not looked at is no miss.

Addresses are kept in memory as keyed hashes for an hour and never written down.
"""

from __future__ import annotations

import asyncio
import hashlib
import heapq
import ipaddress
import itertools
import secrets
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from lib.albums.problems import GuessedTooOften

FREE_TRIES: Final = 2  # typing errors of an address that cost nothing
MAX_WAIT_S: Final = 60.0  # of one address
FORGET_S: Final = 3_600.0  # quiet time after which all is forgotten
CALM_FAILURES: Final = 20  # wrong passwords at one door before it is under attack
AT_ONCE: Final = 2  # comparisons at a time: 92 MB and two cores at most
FRESH_PACE_S: Final = 0.125  # under attack, between two looks at tries of networks that were never wrong
OTHER_PACE_S: Final = 0.5  # … and at all other tries: 7,200 guesses an hour, however many addresses
LINE: Final = 48  # tries that wait at one door; more are told to come back
_FOUR: Final = 4  # IPv4
_REMEMBERED: Final = 50_000  # addresses: some megabytes at most


@dataclass(slots=True)
class _Misses:
    count: int = 0
    last_at: float = 0.0


class Misses:
    """Wrong tries by address and by network, for many doors. Safe to use from several threads."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._salt = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, _Misses] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, door: str, address: str) -> float:
        """Return how long this address still has to wait before its next try at this door."""
        with self._lock:
            return self._wait_s(door, address)

    def _wait_s(self, door: str, address: str) -> float:
        misses = self._known.get(self._key(door, one_address(address)))
        if misses is None or misses.count <= FREE_TRIES:
            return 0.0
        ready_at = misses.last_at + min(2.0 ** (misses.count - FREE_TRIES - 1), MAX_WAIT_S)
        return max(0.0, ready_at - self._now())

    def count(self, door: str, address: str) -> int:
        """Return how many wrong tries of this address are remembered."""
        with self._lock:
            found = self._known.get(self._key(door, one_address(address)))
            return found.count if found and self._now() - found.last_at <= FORGET_S else 0

    def is_fresh(self, door: str, address: str) -> bool:
        """Say whether nobody in this address's network was ever wrong at this door."""
        with self._lock:
            found = self._known.get(self._key(door, network(address)))
            return found is None or not found.count or self._now() - found.last_at > FORGET_S

    def missed(self, door: str, address: str) -> Callable[[], None]:
        """Remember a wrong try, and return what takes it back: counted first, parallel tries gain nothing."""
        with self._lock:
            keys = [self._key(door, one_address(address)), self._key(door, network(address))]
            before = [self._add(key) for key in keys]

        def undo() -> None:
            with self._lock:
                for key, last_at in zip(keys, before, strict=True):
                    if (misses := self._known.get(key)) is not None:
                        misses.count -= 1
                        misses.last_at = last_at
                        if misses.count <= 0:
                            del self._known[key]

        return undo

    def forget(self, door: str, address: str) -> None:
        """Forget the wrong tries of an address that then knew the right password, and that its network was wrong."""
        with self._lock:
            for who in (one_address(address), network(address)):
                self._known.pop(self._key(door, who), None)

    def _add(self, key: bytes) -> float:
        now = self._now()
        misses = self._known.pop(key, None) or _Misses()
        if now - misses.last_at > FORGET_S:
            misses.count = 0
        before, misses.count, misses.last_at = misses.last_at, misses.count + 1, now
        self._known[key] = misses
        while self._known and (
            len(self._known) > _REMEMBERED or now - next(iter(self._known.values())).last_at > FORGET_S
        ):
            self._known.popitem(last=False)
        return before

    def _key(self, door: str, who: str) -> bytes:
        return hashlib.blake2b(f"{door}\0{who}".encode(), key=self._salt, digest_size=16).digest()


def one_address(address: str) -> str:
    """Return what counts as one address: IPv4 as it is, IPv6 by its /64, which one customer holds whole."""
    return _net(address, 32, 64)


def network(address: str) -> str:
    """Return the network of an address: IPv4 by its /24, IPv6 by its /56, which one household holds."""
    return _net(address, 24, 56)


def _net(address: str, of_four: int, of_six: int) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    bits = of_four if found.version == _FOUR else of_six
    return str(found) if bits == found.max_prefixlen else str(ipaddress.ip_network((found, bits), strict=False))


@dataclass(order=True, slots=True)
class _Waiting:
    rank: tuple[int, float, int]  # lane (0 goes first), then misses or the ticket's time, then who came first
    door: str = field(compare=False)
    turn: asyncio.Future[bool] = field(compare=False)
    pace_s: float = field(compare=False)


class WaitingLine:
    """The line of tries before the few that are compared at a time. Belongs to one event loop."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._waiting: list[_Waiting] = []
        self._running = 0
        self._ready_at: dict[tuple[str, int], float] = {}  # a door's lane under attack: when the next one may go
        self._number = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(
        self, door: str, *, fresh_since: float | None, misses: int, under_attack: bool
    ) -> AsyncIterator[bool]:
        """Wait for a turn and hold it; False where too many wait already: ask again later.

        `fresh_since` is when the page was shown to somebody whose network was never wrong, None for all others.
        """
        lane = int(fresh_since is None)
        pace = (FRESH_PACE_S, OTHER_PACE_S)[lane] if under_attack else 0.0
        rank = lane, float(misses) if fresh_since is None else fresh_since, next(self._number)
        mine = _Waiting(rank, door, asyncio.get_running_loop().create_future(), pace)
        heapq.heappush(self._waiting, mine)
        self._keep_short(door)
        self._move_on()
        try:
            came = await mine.turn
        except asyncio.CancelledError:
            if mine.turn.done() and not mine.turn.cancelled() and mine.turn.result():
                self._leave()
            raise
        if not came:
            yield False
            return
        try:
            yield True
        finally:
            self._leave()

    def _keep_short(self, door: str) -> None:
        here = [one for one in self._waiting if one.door == door]
        if len(here) > LINE:
            last = max(here)
            self._waiting.remove(last)
            heapq.heapify(self._waiting)
            last.turn.set_result(False)

    def _leave(self) -> None:
        self._running -= 1
        self._move_on()

    def _move_on(self) -> None:
        """Let in whoever may go now; come back when the next one may."""
        now, held, soonest = self._now(), [], None
        while self._waiting and self._running < AT_ONCE:
            first = heapq.heappop(self._waiting)
            if first.turn.done():  # its reader has left
                continue
            clock = first.door, first.rank[0]
            ready_at = self._ready_at.get(clock, 0.0) if first.pace_s else 0.0
            if ready_at > now:
                held.append(first)
                soonest = ready_at if soonest is None else min(soonest, ready_at)
                continue
            if first.pace_s:
                self._ready_at[clock] = now + first.pace_s
            self._running += 1
            first.turn.set_result(True)
        for one in held:
            heapq.heappush(self._waiting, one)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if soonest is not None:
            self._alarm = asyncio.get_running_loop().call_later(max(0.001, soonest - now), self._move_on)
        if not self._waiting:
            self._ready_at = {clock: at for clock, at in self._ready_at.items() if at > now}


class HostGuard:
    """Guards the host's own password, which many threads compare. Holds keyed hashes, no password and no address."""

    DOOR: Final = "host"

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._misses = Misses(now)
        self._salt = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._knew: OrderedDict[bytes, None] = OrderedDict()  # visitors who gave the right one
        self._last_wrong: OrderedDict[str, bytes] = OrderedDict()
        self._wrong = _Misses()  # of all together
        self._ready_at = 0.0

    @property
    def under_attack(self) -> bool:
        """Many wrong ones came within the last hour, from anywhere."""
        return self._wrong.count >= CALM_FAILURES and self._now() - self._wrong.last_at <= FORGET_S

    def allows(self, owner: str, address: str, typed: str, fits: Callable[[str], bool]) -> bool:
        """Compare what was typed, or say at once what is known. Raises `GuessedTooOften`, and then nothing is counted.

        A visitor who gave the right one before never waits again. The same wrong one again is no new guess: a page
        that is drawn again says it once more.
        """
        known, wrong, who = self._hash(owner, typed), self._hash("", typed), one_address(address)
        with self._lock:
            if known in self._knew:
                return True
            if self._last_wrong.get(who) == wrong:
                return False
            wait_s = self._misses.wait_s(self.DOOR, address)
            if self.under_attack and not self._misses.is_fresh(self.DOOR, address):
                wait_s = max(wait_s, self._ready_at - self._now())
            if wait_s > 0:
                raise GuessedTooOften(wait_s)
            self._ready_at = self._now() + OTHER_PACE_S
            if fits(typed):
                self._misses.forget(self.DOOR, address)
                _keep(self._knew, known, None)
                return True
            self._misses.missed(self.DOOR, address)
            _keep(self._last_wrong, who, wrong)
            if self._now() - self._wrong.last_at > FORGET_S:
                self._wrong.count = 0
            self._wrong.count, self._wrong.last_at = self._wrong.count + 1, self._now()
            return False

    def _hash(self, owner: str, typed: str) -> bytes:
        text = f"{owner}\0{typed}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=self._salt, digest_size=16).digest()


def _keep(kept: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    kept[key] = value
    while len(kept) > _REMEMBERED:
        kept.popitem(last=False)
