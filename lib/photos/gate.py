"""How much memory pictures may take at the same time in this process, however many people upload, and however large."""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lib.settings import settings

ARENA_MAX, ARENAS = -8, 2  # of glibc's `mallopt`


def share_arenas() -> None:
    """Let threads share what they free: glibc keeps an arena for each, and twenty of them hold twice the budget.

    Where the C library is another one, nothing happens.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, ARENAS)


class Gate:
    """Lets pictures in, in the order in which they came, while what they take fits together."""

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._inside = 0
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """How much may be inside, in bytes."""
        return self._limit()

    @contextmanager
    def room(self, amount: int) -> Iterator[None]:
        """Wait until there is room for so much (bytes), and hold it. What is larger than the gate comes in alone."""
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
        try:
            yield
        finally:
            with self._changed:
                self._inside -= amount
                self._changed.notify_all()


share_arenas()
decoding = Gate(lambda: settings().photo_memory_bytes)
