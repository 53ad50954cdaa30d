"""How many bytes a visitor and the whole host keep: counted as they come and go, never summed while somebody waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.problems import NoRoom
from lib.albums.tables import albums, totals
from lib.settings import Settings
from lib.text.later import Size, later

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

EVERYBODY: Final = ""  # the person of the host's own total
_BYTES: Final = sa.select(totals.c.bytes).where(totals.c.person == sa.bindparam("who"))


class Totals:
    """Bytes kept, exact under concurrency: each change is one statement in the transaction of the photo."""

    def __init__(self, index: Index, settings: Settings) -> None:
        self._index = index
        self.settings = settings

    def used(self, person: str = EVERYBODY) -> int:
        """Return the bytes kept by one person, or by all."""
        return int(self._index.value(_BYTES, {"who": person}) or 0)

    def check(self, person: str, more_bytes: int) -> None:
        """Raise `NoRoom` when that many more bytes would be over a quota. Asked again when they are added."""
        for who, limit in self._limits(person):
            if self.used(who) + more_bytes > limit:
                raise self._no_room(who, self.used(who), limit)

    def add(self, connection: Connection, person: str, more_bytes: int) -> None:
        """Count bytes that came, or went when it is negative. Raises `NoRoom`, and then nothing is counted."""
        for who, limit in self._limits(person):
            here = totals.c.person == who
            fits = totals.c.bytes + more_bytes <= limit if more_bytes > 0 else sa.true()
            change = sa.update(totals).where(here, fits).values(bytes=totals.c.bytes + more_bytes)
            if connection.execute(change).rowcount:
                continue
            connection.execute(self._index.insert_new(totals).values(person=who, bytes=0))
            if not connection.execute(change).rowcount:
                raise self._no_room(who, int(connection.execute(_BYTES, {"who": who}).scalar_one()), limit)

    def move(self, connection: Connection, before: str, after: str) -> None:
        """Give everything that one person keeps to another one: after their albums changed hands."""
        for who in sorted((before, after)):  # always in this order, so that two moves never wait for each other
            connection.execute(self._index.insert_new(totals).values(person=who, bytes=0))
            connection.execute(sa.update(totals).where(totals.c.person == who).values(bytes=_kept_by(who)))

    def mend(self) -> int:
        """Compare every total with what is kept, and set right what differs; return how many did."""
        with self._index.write() as connection:
            self._index.lock(connection, totals)  # changes under way end first, new ones wait
            kept = {
                row.person: int(row.bytes)
                for row in connection.execute(
                    sa.select(albums.c.person, sa.func.sum(albums.c.kept_bytes).label("bytes")).group_by(
                        albums.c.person
                    )
                )
            }
            kept[EVERYBODY] = sum(kept.values())
            told = {row.person: int(row.bytes) for row in connection.execute(sa.select(totals))}
            wrong = {who for who in kept.keys() | told.keys() if kept.get(who, 0) != told.get(who, 0)}
            for who in sorted(wrong):
                connection.execute(self._index.insert_new(totals).values(person=who, bytes=0))
                connection.execute(sa.update(totals).where(totals.c.person == who).values(bytes=kept.get(who, 0)))
            connection.execute(sa.delete(totals).where(totals.c.bytes == 0, totals.c.person != EVERYBODY))
        return len(wrong)

    def _limits(self, person: str) -> tuple[tuple[str, int], tuple[str, int]]:
        return (person, self.settings.visitor_bytes), (EVERYBODY, self.settings.host_bytes)

    def _no_room(self, who: str, used: int, limit: int) -> NoRoom:
        if who == EVERYBODY:
            return NoRoom(
                later("All photos on this server together reach its limit of {size}.", size=Size(limit)),
                fix=later("Try again later, or tell the person who runs this app."),
            )
        return NoRoom(
            later("You keep {used} here; {most} is the limit for one visitor.", used=Size(used), most=Size(limit))
        )


def _kept_by(person: str) -> sa.ScalarSelect[int]:
    summed = sa.func.coalesce(sa.func.sum(albums.c.kept_bytes), 0)
    return sa.select(summed).where(albums.c.person == person).scalar_subquery()
