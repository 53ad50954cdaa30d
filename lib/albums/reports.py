"""Reports about photos, from the people who see them to the host. Who reported is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from typing import Final

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.keys import new_id
from lib.albums.tables import albums, links, reports
from lib.albums.wishes import clean_text
from lib.text.later import later

REASONS: Final = ("me", "harm", "spam", "other")  # I am in it; harmful or illegal; spam; something else
MAX_REPORT_WORDS: Final = 1_000
MAX_OPEN: Final = 20  # open reports of one link: more say nothing new


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


class Reports:
    """The stored list."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def add(self, link_id: str, reason: str, words: str) -> None:
        """Keep a report. Beyond twenty open ones on a link they are dropped."""
        kept = {
            "id": new_id(),
            "link_id": link_id,
            "reason": reason if reason in REASONS else "other",
            "words": clean_text(words[:MAX_REPORT_WORDS], MAX_REPORT_WORDS, later("The report"), lines=True),
            "created_at": time(),
        }
        with self._index.write() as connection:
            open_ones = sa.select(sa.func.count()).where(reports.c.link_id == link_id, reports.c.closed_at.is_(None))
            if connection.execute(open_ones).scalar_one() < MAX_OPEN:
                connection.execute(sa.insert(reports).values(**kept))

    def all(self) -> list[Report]:
        """Return the open reports, newest first."""
        statement = (
            sa.select(reports, albums.c.title, links.c.expires_at, links.c.revoked_at)
            .outerjoin(links, links.c.id == reports.c.link_id)
            .outerjoin(albums, albums.c.id == links.c.album_id)
            .where(reports.c.closed_at.is_(None))
            .order_by(reports.c.created_at.desc(), reports.c.id)
        )
        now = time()
        return [
            Report(
                row.id, row.link_id, row.reason, row.words, datetime.fromtimestamp(row.created_at, UTC),
                row.title or "", row.expires_at is not None and row.revoked_at is None and row.expires_at > now,
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
