"""What this host keeps, for the person who runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import time

import sqlalchemy as sa

from lib.albums.album import AlbumState
from lib.albums.index import Index
from lib.albums.tables import albums, links, reports
from lib.albums.totals import Totals
from lib.settings import Settings


@dataclass(frozen=True, slots=True)
class Status:
    """What this host keeps, for the person who runs it."""

    live_links: int
    ended_links: int
    albums: int
    photos: int
    photo_bytes: int
    draft_photos: int
    draft_bytes: int
    oldest_link_at: datetime | None
    open_reports: int
    host_bytes: int  # the limit
    index: str  # "sqlite", "postgresql"


def read_status(index: Index, totals: Totals, settings: Settings) -> Status:
    """Return what this host keeps. Counts rows: for the host, who asks seldom."""
    now, one = time(), index.value
    live = sa.and_(links.c.revoked_at.is_(None), links.c.expires_at > now)
    oldest = one(sa.select(sa.func.min(links.c.created_at)).where(live))
    kept = {
        row.state: row
        for row in index.rows(
            sa.select(
                albums.c.state, sa.func.count().label("albums"), sa.func.sum(albums.c.photo_count).label("photos"),
                sa.func.sum(albums.c.kept_bytes).label("bytes"),
            )
            .where(albums.c.emptied_at.is_(None))
            .group_by(albums.c.state)
        )
    }  # fmt: skip
    draft = kept.pop(AlbumState.DRAFT.value, None)
    draft_bytes = int(draft.bytes) if draft else 0
    return Status(
        live_links=one(sa.select(sa.func.count()).where(live)),
        ended_links=one(sa.select(sa.func.count()).where(sa.not_(live))),
        albums=sum(row.albums for row in kept.values()),
        photos=sum(int(row.photos) for row in kept.values()),
        photo_bytes=totals.used() - draft_bytes,
        draft_photos=int(draft.photos) if draft else 0,
        draft_bytes=draft_bytes,
        oldest_link_at=datetime.fromtimestamp(oldest, UTC) if oldest else None,
        open_reports=one(sa.select(sa.func.count()).where(reports.c.closed_at.is_(None))),
        host_bytes=settings.host_bytes,
        index=index.url.get_backend_name(),
    )
