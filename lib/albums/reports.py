"""Reports about photos, from the people who see them to the host. Who reported is not kept.

Who is in a photo and wants it removed is heard by the sender as well, who can take it out at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from typing import Final

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.keys import new_id
from lib.albums.owners import Owners
from lib.albums.tables import albums, links, photos, reports
from lib.albums.wishes import clean_text
from lib.text.later import later

IN_IT: Final = "me"
URGENT: Final = ("child", "intimate")  # an intimate picture of a child, or of whoever reports it
# In the order of the form: those two, I am in it, harmful or illegal, spam, something else.
REASONS: Final = ("intimate", "child", IN_IT, "harm", "spam", "other")
MAX_REPORT_WORDS: Final = 1_000
MAX_OPEN: Final = 20  # open reports of one link: more say nothing new
MAX_SHOWN: Final = 200  # reports that a host looks at together


@dataclass(frozen=True, slots=True)
class Report:
    """One report, for the host. `link_id` is what `revoke_as_host` takes; it opens nothing."""

    id: str
    link_id: str
    reason: str
    words: str
    created_at: datetime
    title: str  # of the album; "" when the link is gone
    link_opens: bool
    photo: int | None  # the number of the photo that it is about, where they said so

    @property
    def urgent(self) -> bool:
        """Whether it is of a kind that comes before all others."""
        return self.reason in URGENT


@dataclass(frozen=True, slots=True)
class AskedOut:
    """Somebody is in a photo and asks its sender to take it out."""

    id: str
    link_id: str
    album_id: str
    photo_id: str | None  # None: they did not say which one
    words: str
    created_at: datetime


class Reports:
    """The stored list."""

    def __init__(self, index: Index, owners: Owners) -> None:
        self._index = index
        self._owners = owners

    def add(self, link_id: str, reason: str, words: str, photo: int | None = None) -> None:
        """Keep a report, of one photo by its number or of all.

        Beyond `MAX_OPEN` open ones on a link they are dropped. Urgent ones are counted apart: nothing crowds them out.
        """
        kept = {
            "id": new_id(),
            "link_id": link_id,
            "reason": reason if reason in REASONS else "other",
            "words": clean_text(words[:MAX_REPORT_WORDS], MAX_REPORT_WORDS, later("The report"), lines=True),
            "photo": photo,
            "created_at": time(),
        }
        with self._index.write() as connection:
            alike = reports.c.reason.in_(URGENT)
            open_ones = sa.select(sa.func.count()).where(
                reports.c.link_id == link_id, reports.c.closed_at.is_(None),
                alike if kept["reason"] in URGENT else sa.not_(alike),
            )  # fmt: skip
            if connection.execute(open_ones).scalar_one() < MAX_OPEN:
                connection.execute(sa.insert(reports).values(**kept))

    def asked_out(self, owner: str) -> list[AskedOut]:
        """Return what people in photos ask of this sender, newest first: on links that work, not yet answered.

        What names a photo that is not shown any more is answered by that.
        """
        shown = sa.and_(
            photos.c.album_id == links.c.album_id, photos.c.number == reports.c.photo, photos.c.removed_at.is_(None)
        )
        statement = (
            sa.select(reports, links.c.album_id, photos.c.id.label("photo_id"))
            .join(links, links.c.id == reports.c.link_id)
            .outerjoin(photos, shown)
            .where(
                links.c.person == self._owners.person(owner), links.c.revoked_at.is_(None),
                links.c.expires_at > time(), reports.c.reason == IN_IT, reports.c.answered_at.is_(None),
                sa.or_(reports.c.photo.is_(None), photos.c.id.is_not(None)),
            )
            .order_by(reports.c.created_at.desc(), reports.c.id)
        )  # fmt: skip
        return [
            AskedOut(row.id, row.link_id, row.album_id, row.photo_id, row.words,
                     datetime.fromtimestamp(row.created_at, UTC))
            for row in self._index.rows(statement)
        ]  # fmt: skip

    def answer(self, owner: str, report_id: str) -> None:
        """Note that the sender dealt with what somebody in a photo asked. The host's own list stays as it is."""
        mine = sa.select(links.c.id).where(links.c.person == self._owners.person(owner))
        here = sa.and_(reports.c.id == report_id, reports.c.link_id.in_(mine))
        with self._index.write() as connection:
            connection.execute(sa.update(reports).where(here).values(answered_at=time()))

    def all(self) -> list[Report]:
        """Return the open reports, at most `MAX_SHOWN`.

        Urgent ones come first, those of children before others and each kind with its oldest on top; then the newest.
        """
        urgent = reports.c.reason.in_(URGENT)
        order = sa.case((reports.c.reason == URGENT[0], 0), (urgent, 1), else_=2)
        due = sa.case((urgent, reports.c.created_at), else_=-reports.c.created_at)
        statement = (
            sa.select(reports, albums.c.title, links.c.expires_at, links.c.revoked_at)
            .outerjoin(links, links.c.id == reports.c.link_id)
            .outerjoin(albums, albums.c.id == links.c.album_id)
            .where(reports.c.closed_at.is_(None))
            .order_by(order, due, reports.c.id)
            .limit(MAX_SHOWN)
        )
        now = time()
        return [
            Report(
                row.id, row.link_id, row.reason, row.words, datetime.fromtimestamp(row.created_at, UTC),
                row.title or "", row.expires_at is not None and row.revoked_at is None and row.expires_at > now,
                row.photo,
            )
            for row in self._index.rows(statement)
        ]  # fmt: skip

    def close(self, report_id: str) -> bool:
        """Mark a report as dealt with. False: there is no such open report."""
        with self._index.write() as connection:
            closed = connection.execute(
                sa.update(reports).where(reports.c.id == report_id, reports.c.closed_at.is_(None))
                .values(closed_at=time())
            )  # fmt: skip
            return closed.rowcount == 1
