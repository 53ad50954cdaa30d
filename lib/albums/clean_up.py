"""Clean-up: what is over is deleted, and its space really freed."""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import Final

import sqlalchemy as sa

from lib.albums.drafts import SMALL, Drafts
from lib.albums.index import Index
from lib.albums.photo_store import PhotoStore
from lib.albums.tables import albums, drafts, links, photos, reports
from lib.settings import Settings

HISTORY_DAYS: Final = 30  # how long My links still lists a link that is over; its photos are long deleted
HALF_MADE_S: Final = 3_600  # an album nobody finished, or that never got a link
ORPHAN_S: Final = 86_400  # bytes without a row: left by a crash in the wrong moment


@dataclass(frozen=True, slots=True)
class Swept:
    """What one clean-up deleted."""

    albums: int = 0
    drafts: int = 0
    history: int = 0
    orphans: int = 0

    def __bool__(self) -> bool:
        return any((self.albums, self.drafts, self.history, self.orphans))


class CleanUp:
    """Runs as often as one likes; a crash in the middle is mended the next time."""

    def __init__(self, index: Index, store: PhotoStore, drafts: Drafts, settings: Settings) -> None:
        self._index = index
        self._store = store
        self._drafts = drafts
        self._settings = settings

    def sweep(self, *, orphans: bool = False) -> Swept:
        """Delete what is over: photos without a working link, old drafts, old history, and bytes that no row knows."""
        dropped = self._drop_albums()
        old_drafts = self._drafts.sweep()
        history = self._forget_history()
        lost = self._drop_orphans() if orphans else 0
        swept = Swept(dropped, old_drafts, history, lost)
        if swept:
            self._index.free_space()
        return swept

    def _drop_albums(self) -> int:
        """Mark albums that no link needs any more, then delete their bytes; a crash between is mended next time."""
        now = time()
        working = sa.exists().where(
            links.c.album_id == albums.c.id, links.c.expires_at > now,
            sa.or_(links.c.revoked_at.is_(None), links.c.revoked_at > now - self._settings.undo_grace_s),
        )  # fmt: skip
        ever = sa.exists().where(links.c.album_id == albums.c.id)
        abandoned = albums.c.touched_at < now - HALF_MADE_S
        over = sa.or_(
            sa.and_(albums.c.state == "ready", sa.not_(working), sa.or_(ever, abandoned)),
            sa.and_(albums.c.state == "making", abandoned),
        )
        if self._index.value(sa.select(albums.c.id).where(sa.or_(over, albums.c.state == "dropping")).limit(1)) is None:
            return 0  # the usual case costs one read and no lock
        with self._index.write() as connection:
            connection.execute(sa.update(albums).where(over).values(state="dropping"))
        doomed = self._index.rows(sa.select(albums.c.id).where(albums.c.state == "dropping"))
        for row in doomed:
            self._store.delete_all(f"albums/{row.id}")
            with self._index.write() as connection:
                connection.execute(sa.update(albums).where(albums.c.id == row.id).values(state="dropped"))
        return len(doomed)

    def _forget_history(self) -> int:
        """Delete the rows of links that were over 30 days ago, and of albums that have no link left."""
        old = time() - HISTORY_DAYS * 86_400
        over = sa.or_(links.c.revoked_at < old, links.c.expires_at < old)
        unlinked = sa.and_(
            albums.c.state == "dropped",
            sa.not_(sa.exists().where(links.c.album_id == albums.c.id)),
        )
        due = sa.or_(sa.exists(sa.select(links.c.id).where(over)), sa.exists(sa.select(albums.c.id).where(unlinked)))
        if not self._index.value(sa.select(sa.literal(1)).where(due)):
            return 0
        with self._index.write() as connection:
            doomed = connection.execute(sa.select(links.c.id).where(over)).scalars().all()
            connection.execute(sa.delete(reports).where(reports.c.link_id.in_(doomed)))
            connection.execute(sa.delete(links).where(links.c.id.in_(doomed)))
            empty = sa.select(albums.c.id).where(unlinked)
            connection.execute(sa.delete(photos).where(photos.c.album_id.in_(empty)))
            gone = connection.execute(sa.delete(albums).where(unlinked)).rowcount
        return len(doomed) + gone

    def _drop_orphans(self) -> int:
        """Delete bytes older than a day that no album or draft knows: what a crash left."""
        known = {f"albums/{row.id}" for row in self._index.rows(sa.select(albums.c.id))}
        known |= {f"drafts/{row.id}" for row in self._index.rows(sa.select(drafts.c.id))}
        rows = {f"{row.album_id}/{row.id}" for row in self._index.rows(sa.select(photos.c.album_id, photos.c.id))}
        count, old = 0, time() - ORPHAN_S
        for kind in ("albums", "drafts"):
            lost = [
                path
                for path, changed in self._store.list(kind)
                if changed < old
                and (
                    path.rpartition("/")[0] not in known
                    or (kind == "albums" and path.removeprefix("albums/").removesuffix(SMALL) not in rows)
                )
            ]
            self._store.delete(lost)
            count += len(lost)
        return count
