"""How many bytes of other people's photos are held at once, by all checks of this process together.

A photo that is looked into is held whole. One visitor's ten links may be ten large photos, and ten visitors come at
once: what does not fit waits in the order of its coming, and what would wait long is judged by its first part instead.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

ROOM_BYTES: Final = 120_000_000  # eight of the largest photos that are looked into: our own choice
LONGEST_WAIT_S: Final = 60.0
_LOOK_S: Final = 0.02  # between two looks whether there is room


class Held:
    """Room for bytes. Safe to use from several threads and event loops."""

    def __init__(self, room_bytes: int = ROOM_BYTES, longest_wait_s: float = LONGEST_WAIT_S) -> None:
        self._room, self._longest_wait_s = room_bytes, longest_wait_s
        self._inside = 0
        self._line: list[object] = []
        self._lock = threading.Lock()

    @asynccontextmanager
    async def hold(self, amount: int) -> AsyncGenerator[bool]:
        """Wait for room for so many bytes and hold it. Yields False, and holds nothing, where the wait is too long."""
        amount = min(amount, self._room)
        ticket, until = object(), time.monotonic() + self._longest_wait_s
        with self._lock:
            self._line.append(ticket)
        got = False
        try:
            while not (got := self._enter(ticket, amount)) and time.monotonic() < until:  # noqa: ASYNC110 - many loops
                await asyncio.sleep(_LOOK_S)
        finally:
            with self._lock:
                if not got:
                    self._line.remove(ticket)
        try:
            yield got
        finally:
            if got:
                with self._lock:
                    self._inside -= amount

    def _enter(self, ticket: object, amount: int) -> bool:
        with self._lock:
            if self._line[0] is not ticket or self._inside + amount > self._room:
                return False
            self._line.pop(0)
            self._inside += amount
            return True


PHOTOS: Final = Held()  # of this process
