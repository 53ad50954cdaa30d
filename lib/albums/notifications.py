"""What a sender wants to hear of a link, and what waits to be told. Off unless they switch it on, link by link.

Where a message goes is encrypted with the host's key, and goes with the link. What happened is noted in the transaction
in which it happens, so it is told once however many ask at a time; it is sent later, by whoever takes it from here, and
nobody who looks at photos waits for that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic, time
from typing import Any, Final

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.keys import Keys, hashed, new_id
from lib.albums.owners import Owners
from lib.albums.problems import LinkGone, TooFast, WishRefused
from lib.albums.tables import albums, links, notifications, outbox
from lib.albums.wishes import DAY_S
from lib.settings import Settings
from lib.text.later import later

MAX_WAYS: Final = 5  # to hear of one link
GIVEN_UP_S: Final = DAY_S  # what cannot be told within a day is news no more
FIRST_WAIT_S: Final = 60.0  # before the second try; each further one waits four times as long
LONGEST_WAIT_S: Final = 4 * 3_600.0
_TAKEN_S: Final = 120.0  # who took something has so long to send it, before another process tries
_PLAN_EVERY_S: Final = 600.0  # how often links that end soon are looked for


class News(StrEnum):
    """What can be told."""

    OPENED = "opened"  # for the first time, by a person
    ANSWERED = "answered"
    ENDING = "ending"  # within a day


class Carrier(StrEnum):
    """What brings it there."""

    PUSH = "push"  # Web Push, to a browser or an installed app
    NTFY = "ntfy"  # https://ntfy.sh, or a server of that kind
    WEBHOOK = "webhook"  # a POST with JSON


@dataclass(frozen=True, slots=True)
class Notification:
    """One way to hear of one link, as its sender sees it."""

    id: str
    way: Carrier
    events: frozenset[News]
    where: str  # the name of the server that is told; the whole address is a secret


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something to be told, with what is needed to tell it. Neither who was there nor the link's address."""

    id: str
    event: News
    way: Carrier
    details: Mapping[str, str] = field(repr=False)
    title: str  # of the album; may be empty
    tries: int


class Notifications:
    """Safe to use from several processes: each delivery is taken by one of them."""

    def __init__(self, index: Index, keys: Keys, owners: Owners, settings: Settings) -> None:
        self._index = index
        self._keys = keys
        self._owners = owners
        self._settings = settings
        self._planned_at = -_PLAN_EVERY_S

    def add(
        self, owner: str, link_id: str, way: Carrier, events: Iterable[News], details: Mapping[str, str], *, where: str
    ) -> None:  # fmt: skip
        """Tell a link's owner from now on; the same place twice is one. `details["to"]` names the place.

        Raises `LinkGone`, `WishRefused` where nothing is to be told, and `TooFast` where there are enough of them.
        """
        wanted = " ".join(sorted(set(map(News, events))))
        if not wanted:
            raise WishRefused(later("Nothing is chosen that could be told."), fix=later("Choose what to hear of."))
        same_as = hashed(f"{way}\0{details['to']}")
        box = self._keys.box(json.dumps(dict(details) | {"where": where}))
        with self._index.write() as connection:
            if connection.execute(self._mine(owner, link_id).with_for_update()).first() is None:
                raise LinkGone
            here = sa.and_(notifications.c.link_id == link_id, notifications.c.same_as == same_as)
            changed = sa.update(notifications).where(here).values(events=wanted, box=box)
            if connection.execute(changed).rowcount:
                return
            count = sa.select(sa.func.count()).where(notifications.c.link_id == link_id)
            if connection.execute(count).scalar_one() >= MAX_WAYS:
                raise TooFast(
                    later("This link tells {n} places; that is the limit.", n=MAX_WAYS),
                    fix=later("End one of them first."),
                )
            connection.execute(
                sa.insert(notifications).values(
                    id=new_id(), link_id=link_id, way=way, same_as=same_as, box=box, events=wanted, created_at=time(),
                )
            )  # fmt: skip

    def of(self, owner: str, link_id: str) -> list[Notification]:
        """Return how a link's owner hears of it."""
        rows = self._index.rows(
            sa.select(notifications)
            .where(notifications.c.link_id.in_(self._mine(owner, link_id)))
            .order_by(notifications.c.created_at, notifications.c.id)
        )
        return [
            Notification(
                row.id, Carrier(row.way), frozenset(map(News, row.events.split())), self._open(row.box).get("where", "")
            )
            for row in rows
        ]

    def stop(self, owner: str, link_id: str, notification_id: str) -> None:
        """Tell nothing there any more. One that is gone is no error."""
        here = sa.and_(
            notifications.c.id == notification_id, notifications.c.link_id.in_(self._mine(owner, link_id))
        )  # fmt: skip
        with self._index.write() as connection:
            _forget(connection, sa.select(notifications.c.id).where(here))

    def details(self, owner: str, link_id: str, notification_id: str) -> tuple[Carrier, dict[str, str]] | None:
        """Return where a message goes, for a try that its owner asks for."""
        row = self._index.row(
            sa.select(notifications.c.way, notifications.c.box).where(
                notifications.c.id == notification_id, notifications.c.link_id.in_(self._mine(owner, link_id))
            )
        )
        return None if row is None else (Carrier(row.way), self._open(row.box))

    def plan(self) -> None:
        """Note which links end within a day, and forget what belongs to links that are over. Every ten minutes."""
        if monotonic() - self._planned_at < _PLAN_EVERY_S:
            return
        self._planned_at = monotonic()
        now = time()
        over = sa.or_(
            links.c.over_at.is_not(None), links.c.expires_at <= now,
            links.c.revoked_at <= now - self._settings.undo_grace_s,
        )  # fmt: skip
        joined = notifications.join(links, links.c.id == notifications.c.link_id)
        dead = sa.select(notifications.c.id).select_from(joined).where(over)
        # A link of a day or less was always about to end. One whose end moved on is told about its new end.
        soon = sa.and_(
            links.c.revoked_at.is_(None), links.c.expires_at > now, links.c.expires_at <= now + DAY_S,
            links.c.expires_at - links.c.created_at > 1.5 * DAY_S, notifications.c.events.contains(News.ENDING),
            sa.or_(notifications.c.ending_told_at.is_(None),
                   notifications.c.ending_told_at < links.c.expires_at - DAY_S),
        )  # fmt: skip
        with self._index.write() as connection:
            _forget(connection, dead)
            rows = connection.execute(
                sa.select(notifications.c.id, notifications.c.ending_told_at).select_from(joined).where(soon)
            ).all()
            for row in rows:
                same = notifications.c.ending_told_at == row.ending_told_at
                here = same if row.ending_told_at is not None else notifications.c.ending_told_at.is_(None)
                claimed = sa.update(notifications).where(notifications.c.id == row.id, here).values(ending_told_at=now)
                if connection.execute(claimed).rowcount:
                    _put(connection, row.id, News.ENDING)

    def take(self, most: int) -> list[Delivery]:
        """Take what is due, so that no other process sends it as well. What is older than a day is given up."""
        now = time()
        due = sa.select(outbox.c.id, outbox.c.due_at).where(outbox.c.due_at <= now).order_by(outbox.c.due_at)
        found = self._index.rows(due.limit(most))
        return [delivery for row in found if (delivery := self._take(row.id, row.due_at, now)) is not None]

    def _take(self, outbox_id: str, due_at: float, now: float) -> Delivery | None:
        here = sa.and_(outbox.c.id == outbox_id, outbox.c.due_at == due_at)
        with self._index.write() as connection:
            if not connection.execute(sa.update(outbox).where(here).values(due_at=now + _TAKEN_S)).rowcount:
                return None  # another process was first
            row = connection.execute(
                sa.select(outbox, notifications.c.way, notifications.c.box, albums.c.title, links.c.revoked_at,
                          links.c.expires_at)
                .select_from(
                    outbox.join(notifications, notifications.c.id == outbox.c.notification_id)
                    .join(links, links.c.id == notifications.c.link_id)
                    .join(albums, albums.c.id == links.c.album_id)
                )
                .where(outbox.c.id == outbox_id)
            ).first()  # fmt: skip
            over = row is None or row.revoked_at is not None or row.expires_at <= now
            if row is None or over or row.created_at < now - GIVEN_UP_S:
                connection.execute(sa.delete(outbox).where(outbox.c.id == outbox_id))
                return None
        return Delivery(row.id, News(row.event), Carrier(row.way), self._open(row.box), row.title, row.tries)

    def told(self, delivery: Delivery) -> None:
        """Note that it arrived."""
        with self._index.write() as connection:
            connection.execute(sa.delete(outbox).where(outbox.c.id == delivery.id))

    def not_told(self, delivery: Delivery, at_least_s: float = 0) -> None:
        """Note that it did not arrive: it is tried again, later each time, and not before the place says."""
        wait = max(min(FIRST_WAIT_S * 4**delivery.tries, LONGEST_WAIT_S), min(at_least_s, GIVEN_UP_S))
        with self._index.write() as connection:
            connection.execute(
                sa.update(outbox).where(outbox.c.id == delivery.id)
                .values(due_at=time() + wait, tries=delivery.tries + 1)
            )  # fmt: skip

    def place_is_gone(self, delivery: Delivery) -> None:
        """Forget a place that does not exist any more, for every link that tells it."""
        same_as = hashed(f"{delivery.way}\0{delivery.details.get('to', '')}")
        with self._index.write() as connection:
            connection.execute(sa.delete(outbox).where(outbox.c.id == delivery.id))
            _forget(connection, sa.select(notifications.c.id).where(notifications.c.same_as == same_as))

    def _mine(self, owner: str, link_id: str) -> sa.Select[Any]:
        return sa.select(links.c.id).where(links.c.id == link_id, links.c.person == self._owners.person(owner))

    def _open(self, box: str) -> dict[str, str]:
        """Return what is in a box; nothing where the key that it was made with is lost."""
        return dict(json.loads(self._keys.unbox(box) or "{}"))


def notify(connection: sa.Connection, link_id: str, event: News) -> None:
    """Note, in the transaction in which it happens, that something is to be told. Nothing where nobody wants to hear.

    What waits already is not noted twice: "somebody answered" says as much of three answers as of one.
    """
    wanting = sa.select(notifications.c.id, notifications.c.events).where(notifications.c.link_id == link_id)
    wanting = wanting.with_for_update(read=True, key_share=True)  # a sender who stops one just now waits so long
    for row in connection.execute(wanting).all():
        if event in row.events.split():
            _put(connection, row.id, event)


def forget_links(connection: sa.Connection, link_ids: Iterable[str]) -> None:
    """Delete what belongs to these links."""
    _forget(connection, sa.select(notifications.c.id).where(notifications.c.link_id.in_(list(link_ids))))


def _put(connection: sa.Connection, notification_id: str, event: News) -> None:
    waiting = sa.and_(outbox.c.notification_id == notification_id, outbox.c.event == event)
    if connection.execute(sa.select(outbox.c.id).where(waiting)).first() is None:
        now = time()
        connection.execute(
            sa.insert(outbox).values(
                id=new_id(), notification_id=notification_id, event=event, created_at=now, due_at=now, tries=0
            )
        )


def _forget(connection: sa.Connection, which: sa.Select[Any]) -> None:
    ids = connection.execute(which.with_for_update(of=notifications)).scalars().all()
    if ids:
        connection.execute(sa.delete(outbox).where(outbox.c.notification_id.in_(ids)))
        connection.execute(sa.delete(notifications).where(notifications.c.id.in_(ids)))
