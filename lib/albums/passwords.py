"""Passwords of links: argon2id, checked in few threads, and a wait that grows with every wrong one.

Two waits hold guessing back. An *address* that was wrong waits 1, 2, 4 … up to 60 seconds before its next try is
even looked at. A *link* that sees many wrong passwords from anywhere answers everybody slower, and looks at a few
tries at a time only: never a lock, so that the person with the right password still gets in. Addresses are kept in
memory as keyed hashes for an hour and never written down; an IPv6 network counts as one address.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lib.albums.wishes import MAX_PASSWORD, normalised_password

FREE_TRIES: Final = 2  # typing errors of an address that cost nothing
MAX_WAIT_S: Final = 60.0  # of one address
FORGET_S: Final = 3_600.0  # quiet time after which all is forgotten
CALM_FAILURES: Final = 20  # wrong passwords on one link before it slows down for everybody
LINK_WAIT_S: Final = 4.0  # how slowly a link under attack answers: bearable for a person, hopeless for guessing
LINK_PLACES: Final = 8  # tries looked at together on one link under attack
_REMEMBERED: Final = 50_000  # addresses: some megabytes at most
# argon2id with 46 MB and one pass: the first of OWASP's equal choices, kind to small servers.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
_AT_ONCE: Final = 2  # comparisons at a time: 92 MB and two cores at most


def password_hash(password: str) -> str:
    """Return the argon2id hash of a checked password. Takes some 50 ms: never on the event loop."""
    return _HASHER.hash(password)


def password_fits(hashed: str, typed: str) -> bool:
    """Say whether a typed password is the hashed one. Takes some 50 ms: never on the event loop."""
    if len(typed) > 4 * MAX_PASSWORD:
        return False
    try:
        return _HASHER.verify(hashed, normalised_password(typed))
    except (VerificationError, InvalidHashError):
        return False


@dataclass(slots=True)
class _Misses:
    count: int = 0
    last_at: float = 0.0


@dataclass
class PasswordGuard:
    """What one process remembers of wrong passwords. Holds no address, no password and no token."""

    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _addresses: OrderedDict[bytes, _Misses] = field(default_factory=OrderedDict, repr=False)
    _busy: dict[str, int] = field(default_factory=dict)
    _compare: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE), repr=False)

    def wait_s(self, link_id: str, address: str) -> float:
        """Return how long this address still has to wait before its next try on this link."""
        misses = self._addresses.get(self._key(link_id, address))
        if misses is None or misses.count <= FREE_TRIES:
            return 0.0
        ready_at = misses.last_at + min(2.0 ** (misses.count - FREE_TRIES - 1), MAX_WAIT_S)
        return max(0.0, ready_at - monotonic())

    def missed(self, link_id: str, address: str) -> None:
        """Remember a wrong password."""
        now, key = monotonic(), self._key(link_id, address)
        misses = self._addresses.pop(key, None) or _Misses()
        if now - misses.last_at > FORGET_S:
            misses.count = 0
        misses.count, misses.last_at = misses.count + 1, now
        self._addresses[key] = misses
        while self._addresses and (
            len(self._addresses) > _REMEMBERED or now - next(iter(self._addresses.values())).last_at > FORGET_S
        ):
            self._addresses.popitem(last=False)

    def fitted(self, link_id: str, address: str) -> None:
        """Forget the wrong passwords of an address that then knew the right one."""
        self._addresses.pop(self._key(link_id, address), None)

    async def compare(self, link_id: str, hashed: str, typed: str, *, under_attack: bool) -> bool | None:
        """Compare off the event loop; None when too many tries on this link wait already: ask again later."""
        places = LINK_PLACES if under_attack else 4 * LINK_PLACES
        if self._busy.get(link_id, 0) >= places:
            return None
        self._busy[link_id] = self._busy.get(link_id, 0) + 1
        try:
            if under_attack:
                await asyncio.sleep(LINK_WAIT_S)
            async with self._compare:
                return await asyncio.to_thread(password_fits, hashed, typed)
        finally:
            self._busy[link_id] -= 1
            if not self._busy[link_id]:
                del self._busy[link_id]

    def _key(self, link_id: str, address: str) -> bytes:
        return hashlib.blake2b(f"{link_id}\0{network(address)}".encode(), key=self._salt, digest_size=16).digest()


def network(address: str) -> str:
    """Return what counts as one address: IPv4 as it is, IPv6 by its /64, which one customer holds whole."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
