"""How often something happened: numbers by the day, for the person who runs the app. Of nobody, and of no link."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from time import time
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lib.albums.index import Index
from lib.albums.tables import happened

DAY_S: Final = 86_400
KEPT_DAYS: Final = 90
VIEW: Final = "view"  # a recipient opened an album


class Happened:
    """Counts in memory, and by `keep` in the index. Safe to use from several threads."""

    def __init__(self, index: Index, now: Callable[[], float] = time) -> None:
        self._index = index
        self._now = now
        self._counts: Counter[tuple[int, str]] = Counter()
        self._lock = threading.Lock()

    def count(self, event: str) -> None:
        """Count that something happened now."""
        with self._lock:
            self._counts[int(self._now() // DAY_S), event] += 1

    def keep(self) -> None:
        """Add what was counted to the index, and forget days that are long gone. Costs nothing without anything new."""
        with self._lock:
            new, self._counts = self._counts, Counter()
        if not new:
            return
        dialect = sqlite if self._index.is_sqlite else postgresql
        insert = dialect.insert(happened)
        add = insert.on_conflict_do_update(
            index_elements=[happened.c.day, happened.c.event], set_={"count": happened.c.count + insert.excluded.count}
        )
        rows = [{"day": day, "event": event, "count": count} for (day, event), count in sorted(new.items())]
        try:
            with self._index.write() as connection:
                connection.execute(add, rows)
                connection.execute(sa.delete(happened).where(happened.c.day < int(self._now() // DAY_S) - KEPT_DAYS))
        except Exception:
            with self._lock:
                self._counts.update(new)  # the next time
            raise

    def lately(self, days: int) -> dict[str, int]:
        """Return event -> how often it happened within so many days, today included."""
        self.keep()
        since = int(self._now() // DAY_S) - days + 1
        statement = (
            sa.select(happened.c.event, sa.func.sum(happened.c.count).label("total"))
            .where(happened.c.day >= since)
            .group_by(happened.c.event)
        )
        return {row.event: int(row.total) for row in self._index.rows(statement)}
