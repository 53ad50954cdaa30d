"""How many bytes a visitor and the whole host may keep."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.problems import NoRoom
from lib.albums.tables import albums, draft_photos, drafts, photos
from lib.settings import Settings
from lib.text.amounts import size

_KEPT: Final = ("making", "ready", "dropping")


class Quota:
    """Bytes kept, summed when they are asked for: never a counter that drifts."""

    def __init__(self, index: Index, settings: Settings) -> None:
        self._index = index
        self.settings = settings

    def used(self, person: str | None = None) -> int:
        """Return the bytes kept by one person, or by all."""
        in_albums = (
            sa.select(sa.func.coalesce(sa.func.sum(photos.c.size_bytes + photos.c.small_bytes), 0))
            .join(albums, albums.c.id == photos.c.album_id)
            .where(albums.c.state.in_(_KEPT))
        )
        in_drafts = sa.select(sa.func.coalesce(sa.func.sum(draft_photos.c.size_bytes), 0)).join(
            drafts, drafts.c.id == draft_photos.c.draft_id
        )
        if person is not None:
            in_albums = in_albums.where(albums.c.person == person)
            in_drafts = in_drafts.where(drafts.c.person == person)
        return int(self._index.value(in_albums)) + int(self._index.value(in_drafts))

    def check(self, person: str, more_bytes: int) -> None:
        """Raise `NoRoom` when that many more bytes would be over a quota."""
        used, limit = self.used(person), self.settings.visitor_bytes
        if used + more_bytes > limit:
            raise NoRoom(f"You keep {size(used)} here; {size(limit)} is the limit for one visitor.")
        if self.used() + more_bytes > self.settings.host_bytes:
            raise NoRoom(
                f"All photos on this server together reach its limit of {size(self.settings.host_bytes)}.",
                fix="Try again later, or tell the person who runs this app.",
            )
