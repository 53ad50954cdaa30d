"""How much memory pictures may take at the same time in this process, however many people upload, and however large."""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from lib.settings import settings

ARENA_MAX, ARENAS = -8, 2  # of glibc's `mallopt`
TRIM_BYTES: Final = 64_000_000  # so much came and went: then what is free is given back to the system
LOOK_S: Final = 0.5  # how often somebody who waits is told how many are before them


def share_arenas() -> None:
    """Let threads share what they free: glibc keeps an arena for each, and twenty of them hold twice the budget.

    Where the C library is another one, nothing happens.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give free memory back to the system: glibc keeps it otherwise, and the process stays as large as its peak.

    Takes some milliseconds. Where the C library is another one, nothing happens.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


class Gate:
    """Lets pictures in, in the order in which they came, while what they take fits together.

    A thread that is inside already does not wait again: what it works on was counted.
    """

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._inside = 0
        self._passed = 0
        self._mine = threading.local()
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """How much may be inside, in bytes."""
        return self._limit()

    @contextmanager
    def room(self, amount: int) -> Iterator[None]:
        """Wait until there is room for so much (bytes), and hold it. What is larger than the gate comes in alone."""
        if getattr(self._mine, "inside", False):
            yield
            return
        amount = min(amount, self.limit)
        with self._changed:
            ticket = object()
            self._waiting.append(ticket)
            try:
                self._changed.wait_for(lambda: self._waiting[0] is ticket and self._inside + amount <= self.limit)
                self._inside += amount
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        self._mine.inside = True
        try:
            yield
        finally:
            self._mine.inside = False
            with self._changed:
                self._inside -= amount
                self._passed += amount
                trim = not self._inside and self._passed >= TRIM_BYTES
                if trim:
                    self._passed = 0
                self._changed.notify_all()
            if trim:
                give_back()


class SlotLine:
    """Lets a few in at a time, in the order in which they came, and tells the others how many are before them."""

    def __init__(self, places: Callable[[], int]) -> None:
        self._places = places
        self._line: list[object] = []
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, waiting: Callable[[int], None]) -> Iterator[None]:
        """Wait for a place and hold it. `waiting` hears again and again how many are before; it may raise to leave."""
        ticket = object()
        with self._changed:
            self._line.append(ticket)
        try:
            while (before := self._before(ticket)) > 0:
                waiting(before)
                with self._changed:
                    self._changed.wait(LOOK_S)
            yield
        finally:
            with self._changed:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _before(self, ticket: object) -> int:
        """Return how many have to end before this one's turn; 0: it is now."""
        with self._changed:
            return max(0, self._line.index(ticket) - self._places() + 1)


share_arenas()
decoding = Gate(lambda: settings().photo_memory_bytes)
videos = SlotLine(lambda: settings().workers)
