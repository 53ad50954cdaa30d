"""Whether this computer's clock can be believed: after a jump nothing is deleted until it has run evenly for a while.

A clock that is set wrongly, by a dead battery or a wrong time server, is mostly mended within minutes. Until then links
open and close as it says; what is deleted never comes back, so deleting waits.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, time
from typing import Final

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.tables import host_notes

EVEN_S: Final = 60.0  # the clock may differ this much from the time that really passed: small corrections are normal
AWAY_S: Final = 86_400.0  # the app was off for longer: the clock may have lost its way meanwhile
SETTLE_S: Final = 600.0
_NOTE_S: Final = 300.0  # how often the time is noted
_NAME: Final = "clock"


class Clock:
    """Compares the clock with the time that really passes, from one look to the next."""

    def __init__(
        self, index: Index, tell: Callable[[], None], wall: Callable[[], float] = time,
        real: Callable[[], float] = monotonic,
    ) -> None:  # fmt: skip
        """`tell` hears of a jump; `wall` is seconds since 1970, `real` those that really pass."""
        self._index = index
        self._tell = tell
        self._wall = wall
        self._real = real
        self.has_settled = False  # after a jump: moments that were noted before it may be wrong
        self._seen: tuple[float, float] | None = None
        self._suspect_since: float | None = None
        self._noted_at: float | None = None

    def may_delete(self) -> bool:
        """Look at the clock, and say whether it has run evenly for long enough."""
        if self._jumped():
            self._tell()
        real = self._real()
        if self._suspect_since is not None and real - self._suspect_since < SETTLE_S:
            return False
        self.has_settled |= self._suspect_since is not None
        self._suspect_since = None
        if self._noted_at is None or real - self._noted_at >= _NOTE_S:
            self._note(self._wall())
            self._noted_at = real
        return True

    def _jumped(self) -> bool:
        wall, real = self._wall(), self._real()
        if self._seen is None:
            noted = self._index.value(sa.select(host_notes.c.created_at).where(host_notes.c.name == _NAME))
            jumped = noted is not None and not -EVEN_S <= wall - noted <= AWAY_S
        else:
            before, then = self._seen
            jumped = abs((wall - before) - (real - then)) > EVEN_S
        self._seen = wall, real
        if jumped:
            self._suspect_since = real
        return jumped

    def _note(self, wall: float) -> None:
        here = host_notes.c.name == _NAME
        with self._index.write() as connection:
            if not connection.execute(sa.update(host_notes).where(here).values(created_at=wall)).rowcount:
                new = self._index.insert_new(host_notes).values(name=_NAME, value="", created_at=wall)
                connection.execute(new)
