"""Runs of pages take turns: a few at a time, so that nobody waits for everybody.

Python runs one thread at a moment. Fifty runs side by side would each come to their first line when all are nearly
done, and whoever opens a share page meanwhile would wait behind all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

SIDE_BY_SIDE: Final = 1  # Python draws one page at a time, whatever is begun
TURN_S: Final = 0.05  # a run of a page takes 20 ms; whoever is not done then waits for something else


class Turns:
    """At most `side_by_side` runs hold a turn. A turn ends with the run, or by itself after `turn_s` seconds.

    So nothing that a page waits for, such as a link that it opens, keeps others from theirs.
    """

    def __init__(self, side_by_side: int = SIDE_BY_SIDE, turn_s: float = TURN_S) -> None:
        self._most = side_by_side
        self._turn_s = turn_s
        self._began: dict[int, float] = {}  # thread → when its turn began
        self._changed = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and hold it inside of the block."""
        me = threading.get_ident()
        with self._changed:
            while (wait := self._wait_s()) > 0:
                self._changed.wait(wait)
            self._began[me] = monotonic()
        try:
            yield
        finally:
            with self._changed:
                self._began.pop(me, None)
                self._changed.notify()

    def _wait_s(self) -> float:
        """Return for how long every turn is taken; 0 where there is one."""
        now = monotonic()
        for run, began in list(self._began.items()):
            if began + self._turn_s <= now:
                del self._began[run]
        if len(self._began) < self._most:
            return 0
        return min(self._began.values()) + self._turn_s - now


turns: Final = Turns()
