"""What this host keeps, for the person who runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import time

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.tables import albums, draft_photos, links, photos, reports
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


def read_status(index: Index, settings: Settings) -> Status:
    """Return what this host keeps."""
    now, one = time(), index.value
    live = sa.and_(links.c.revoked_at.is_(None), links.c.expires_at > now)
    oldest = one(sa.select(sa.func.min(links.c.created_at)).where(live))
    ready = sa.select(albums.c.id).where(albums.c.state != "dropped")
    return Status(
        live_links=one(sa.select(sa.func.count()).where(live)),
        ended_links=one(sa.select(sa.func.count()).where(sa.not_(live))),
        albums=one(sa.select(sa.func.count()).select_from(ready.subquery())),
        photos=one(sa.select(sa.func.count()).where(photos.c.album_id.in_(ready))),
        photo_bytes=int(
            one(
                sa.select(sa.func.coalesce(sa.func.sum(photos.c.size_bytes + photos.c.small_bytes), 0)).where(
                    photos.c.album_id.in_(ready)
                )
            )
        ),
        draft_photos=one(sa.select(sa.func.count()).select_from(draft_photos)),
        draft_bytes=int(one(sa.select(sa.func.coalesce(sa.func.sum(draft_photos.c.size_bytes), 0)))),
        oldest_link_at=datetime.fromtimestamp(oldest, UTC) if oldest else None,
        open_reports=one(sa.select(sa.func.count()).where(reports.c.closed_at.is_(None))),
        host_bytes=settings.host_bytes,
        index=index.url.get_backend_name(),
    )
