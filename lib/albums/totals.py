"""How many bytes a visitor, a network and the whole host keep: counted as they come and go, never added up on request.

Whoever deletes their cookie looks like somebody new. So new visitors share what one network may have, and a
part of the host's room is kept for those who sent something a day ago or earlier. Where the host asks for a password
or a sign-in, nobody is new.
"""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.problems import NoRoom
from lib.albums.tables import albums, links, totals
from lib.settings import Settings
from lib.text.later import Size, later

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_NO_LIMIT: Final = 2**62
EVERYBODY: Final = ""  # the person of the host's own total
NETWORK: Final = "net:"  # begins the names of networks
KNOWN_S: Final = 86_400.0  # a sender whose first link is this old is no longer new
_KNOWN: Final = (
    sa.select(links.c.id)
    .where(links.c.person == sa.bindparam("who"), links.c.created_at < sa.bindparam("then"))
    .limit(1)
)
_BYTES: Final = sa.select(totals.c.bytes).where(totals.c.person == sa.bindparam("who"))


class Totals:
    """Bytes kept, exact under concurrency: each change is one statement in the transaction of the photo."""

    def __init__(self, index: Index, settings: Settings) -> None:
        self._index = index
        self.settings = settings

    def used(self, person: str = EVERYBODY) -> int:
        """Return the bytes kept by one person, or by all."""
        return int(self._index.value(_BYTES, {"who": person}) or 0)

    def is_new(self, person: str, connection: Connection | None = None) -> bool:
        """Say whether this sender is new: then they could as well be a program that deletes its cookie each time."""
        if (self.settings.who_may_create or "anyone") != "anyone":
            return False
        values = {"who": person, "then": time() - KNOWN_S}
        if connection is not None:
            return connection.execute(_KNOWN, values).first() is None
        return self._index.value(_KNOWN, values) is None

    def check(self, album: Any, more_bytes: int) -> None:
        """Raise `NoRoom` when so many more bytes would be over a quota. Asked again when they are added.

        `album` is a row with person and network.
        """
        for who, limit in self._limits(album, is_new=self.is_new(album.person)):
            if self.used(who) + more_bytes > limit:
                raise self._no_room(who, self.used(who), limit)

    def add(self, connection: Connection, album: Any, more_bytes: int) -> None:
        """Count bytes that came, or went when it is negative. Raises `NoRoom`, and then nothing is counted."""
        is_new = more_bytes > 0 and self.is_new(album.person, connection)
        for who, limit in self._limits(album, is_new=is_new):
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
            everything = sum(kept.values())
            here = sa.select(albums.c.network, sa.func.sum(albums.c.kept_bytes).label("bytes")).where(
                albums.c.network.is_not(None)
            )
            for row in connection.execute(here.group_by(albums.c.network)):
                kept[NETWORK + row.network] = int(row.bytes)
            kept[EVERYBODY] = everything
            told = {row.person: int(row.bytes) for row in connection.execute(sa.select(totals))}
            wrong = {who for who in kept.keys() | told.keys() if kept.get(who, 0) != told.get(who, 0)}
            for who in sorted(wrong):
                connection.execute(self._index.insert_new(totals).values(person=who, bytes=0))
                connection.execute(sa.update(totals).where(totals.c.person == who).values(bytes=kept.get(who, 0)))
            connection.execute(sa.delete(totals).where(totals.c.bytes == 0, totals.c.person != EVERYBODY))
        return len(wrong)

    def _limits(self, album: Any, *, is_new: bool) -> list[tuple[str, int]]:
        """Return who is counted, and how much they may keep; a network always in the same place, against waiting."""
        mine, host = (album.person, self.settings.visitor_bytes), self.settings.host_bytes
        if not album.network:  # the command line, or a proxy behind which everybody may be
            return [mine, (EVERYBODY, host)]
        theirs = NETWORK + album.network, self.settings.network_bytes if is_new else _NO_LIMIT
        return [mine, theirs, (EVERYBODY, int(host * (1 - self.settings.known_share)) if is_new else host)]

    def _no_room(self, who: str, used: int, limit: int) -> NoRoom:
        if who == EVERYBODY and limit < self.settings.host_bytes:
            return NoRoom(
                later("The room on this server for new visitors is full: {size}.", size=Size(limit)),
                fix=later("Try again later, or tell the person who runs this app."),
            )
        if who == EVERYBODY:
            return NoRoom(
                later("All photos on this server together reach its limit of {size}.", size=Size(limit)),
                fix=later("Try again later, or tell the person who runs this app."),
            )
        if who.startswith(NETWORK):
            return NoRoom(
                later(
                    "New visitors from your network keep {used} here; {most} is the limit for one network.",
                    used=Size(used), most=Size(limit),
                ),
                fix=later("Try again later, or from another connection."),
            )  # fmt: skip
        return NoRoom(
            later("You keep {used} here; {most} is the limit for one visitor.", used=Size(used), most=Size(limit))
        )


def _kept_by(person: str) -> sa.ScalarSelect[int]:
    summed = sa.func.coalesce(sa.func.sum(albums.c.kept_bytes), 0)
    return sa.select(summed).where(albums.c.person == person).scalar_subquery()
