"""Clean-up: what is over is deleted, and its space really freed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, time
from typing import Any, Final

import sqlalchemy as sa

from lib.albums.album import AlbumState
from lib.albums.albums import HISTORY_DAYS, Albums
from lib.albums.clock import EVEN_S, Clock
from lib.albums.index import Index
from lib.albums.notifications import forget_links
from lib.albums.photo_store import PhotoStore
from lib.albums.photos import BYTES, Photos, photo_of_path
from lib.albums.problems import DiskFull, ShareProblem
from lib.albums.reserve import Reserve
from lib.albums.tables import albums, answers, links, photos, reports
from lib.albums.tombstones import Tombstones
from lib.albums.totals import Totals
from lib.albums.wishes import DAY_S
from lib.settings import Settings

ORPHAN_S: Final = DAY_S  # bytes without a row: left by a crash in the wrong moment
PARKED: Final = "parked"  # forms that wait, encrypted, while their sender signs in elsewhere
PARKED_S: Final = 3_600.0  # a sign-in with a second factor takes minutes; then nobody comes back
_PARKED_EVERY_S: Final = 600.0  # how often they are looked through: a list costs a request at an object store
LATER_S: Final = 60.0  # before the next try where the store did not answer
_AT_ONCE: Final = 200  # albums looked at before the next ones are asked for
# Photos of albums, and photos that waited in drafts before drafts were albums.
_FOLDERS: Final = ("albums", "drafts")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one clean-up deleted."""

    albums: int = 0
    drafts: int = 0
    photos: int = 0  # taken out of albums that are out
    history: int = 0
    orphans: int = 0
    mended: int = 0  # totals that were wrong

    def __bool__(self) -> bool:
        return any((self.albums, self.drafts, self.photos, self.history, self.orphans))


class CleanUp:
    """Runs as often as one likes; a crash in the middle is mended the next time.

    Each album says when it is due, so that a run with nothing to do costs four small reads, with any
    number of links.
    """

    def __init__(
        self, index: Index, store: PhotoStore, tombstones: Tombstones, owners_albums: Albums, photos_of: Photos,
        totals: Totals, reserve: Reserve, clock: Clock, settings: Settings,
    ) -> None:  # fmt: skip
        self._index = index
        self._store = store
        self._tombstones = tombstones
        self._reserve = reserve
        self._clock = clock
        self._albums = owners_albums
        self._photos = photos_of
        self._totals = totals
        self._settings = settings
        self._parked_at = -_PARKED_EVERY_S

    def sweep(self, *, orphans: bool = False) -> Swept:
        """Delete what is over: photos without a working link, old drafts, old history.

        After the clock has jumped nothing is deleted until it has run evenly for a while (`lib.albums.clock`).
        With `orphans` also bytes that no row knows; and every total is compared with what is kept. On a full disk the
        reserve is given up, and bytes are deleted before the index notes it: deleting is what makes room.
        """
        try:
            if not self._clock.may_delete():
                return Swept()
            if self._clock.has_settled:
                self._look_at_all()
                self._clock.has_settled = False
            swept = self._sweep(orphans=orphans)
        except DiskFull:
            self._reserve.give_up()
            self._delete_first()
            swept = self._sweep(orphans=orphans)
        self._settle()
        if swept:
            with suppress(DiskFull):  # it needs a little room itself
                self._index.free_space()
        return swept

    def _sweep(self, *, orphans: bool) -> Swept:
        self._end_links()
        counts = {"albums": 0, "drafts": 0, "photos": 0, "history": self._forget_links()}
        due = sa.select(albums).where(albums.c.due_at <= sa.bindparam("now")).order_by(albums.c.due_at).limit(_AT_ONCE)
        now, failed = time(), []
        while rows := self._index.rows(due, {"now": now}):
            for row in rows:
                try:
                    what, many = self._look_at(row, now)
                    counts[what] += many
                except ShareProblem as problem:  # the others do not wait for one whose bytes cannot be deleted now
                    failed.append(problem)
                    with self._index.write() as connection:
                        self._next(connection, row.id, now + LATER_S)
        self._drop_parked()
        lost = self._drop_orphans() if orphans else 0
        mended = self._mend() if orphans else 0
        if failed:
            raise failed[0]
        return Swept(**counts, orphans=lost, mended=mended)

    def _look_at_all(self) -> None:
        """Let every album with photos be looked at now: after a jump nobody knows when the next thing is due."""
        with self._index.write() as connection:
            connection.execute(sa.update(albums).where(albums.c.emptied_at.is_(None)).values(due_at=0.0))

    def _end_links(self) -> None:
        """Note which links are over, so that a clock that is set back does not open them again."""
        ended = sa.and_(links.c.over_at.is_(None), links.c.expires_at <= time())
        if self._index.value(sa.select(links.c.id).where(ended).limit(1)) is not None:
            with self._index.write() as connection:
                connection.execute(sa.update(links).where(ended).values(over_at=time()))

    def _delete_first(self) -> None:
        """Delete the bytes of what is over, where the index can be read only. It notes it with the next sweep."""
        now = time()
        last = sa.select(sa.func.max(self._end)).where(links.c.album_id == albums.c.id).scalar_subquery()
        over = sa.or_(
            albums.c.state == AlbumState.OVER,
            sa.and_(albums.c.state == AlbumState.DRAFT, albums.c.touched_at <= now - self._settings.draft_life_s),
            sa.and_(albums.c.state == AlbumState.READY, sa.func.coalesce(last, 0.0) <= now),
        )
        doomed = sa.select(albums.c.id).where(albums.c.due_at <= now, albums.c.emptied_at.is_(None), over)
        for row in self._index.rows(doomed):
            self._store.delete_all(f"albums/{row.id}")

    def _settle(self) -> None:
        """Tell the index which links were closed while it could not be written."""
        for link_id, at in self._tombstones.all():
            over = at - self._settings.undo_grace_s - 1  # their photos are deleted: no undoing
            here = sa.and_(links.c.id == link_id, links.c.revoked_at.is_(None))
            with self._index.write() as connection:
                closed = sa.update(links).where(here).values(revoked_at=over, version=links.c.version + 1)
                album = connection.execute(closed.returning(links.c.album_id)).scalar()
                if album is not None:
                    self._next(connection, album, 0.0)
            self._tombstones.drop(link_id)

    @property
    def _end(self) -> sa.ColumnElement[float]:
        """Return the moment at which a link stops keeping its album's photos."""
        undone = links.c.revoked_at + self._settings.undo_grace_s
        return sa.case(
            (links.c.over_at.is_not(None), 0.0),
            (links.c.revoked_at.is_(None), links.c.expires_at),
            (links.c.revoked_at > time() + EVEN_S, 0.0),  # the clock went back: there is no undoing
            (undone < links.c.expires_at, undone),
            else_=links.c.expires_at,
        )  # fmt: skip

    def _look_at(self, album: sa.Row[Any], now: float) -> tuple[str, int]:
        """Do what is due for one album, and note when the next thing is; return what was deleted, and how many."""
        if album.state == AlbumState.DRAFT:
            return "drafts", self._end_draft(album, now)
        if album.state == AlbumState.READY:
            if (over := self._end_album(album.id, now)) or not self._taken_out(album.id, now):
                return "albums", over
            return "photos", self._photos.drop(album.id, photos.c.removed_at <= now - self._settings.undo_grace_s)
        if album.emptied_at is None:
            self._albums.empty(album.id)
            return "albums", 1
        return "history", self._forget_album(album.id, now)

    def _end_draft(self, album: sa.Row[Any], now: float) -> int:
        old = sa.and_(
            albums.c.id == album.id, albums.c.state == AlbumState.DRAFT,
            albums.c.touched_at <= now - self._settings.draft_life_s,
        )  # fmt: skip
        with self._index.write() as connection:
            over = self._albums.end(connection, old, result=None)
            if not over:  # somebody is still at it
                self._next(connection, album.id, albums.c.touched_at + self._settings.draft_life_s)
        if over:
            self._albums.empty(album.id)
        return over

    def _end_album(self, album_id: str, now: float) -> int:
        """End an album when no link needs it any more; otherwise note when it has to be looked at again."""
        with self._index.write() as connection:
            held = sa.select(albums.c.id).where(albums.c.id == album_id, albums.c.state == AlbumState.READY)
            if connection.execute(held.with_for_update()).first() is None:
                return 0
            here = links.c.album_id == album_id
            last = connection.execute(sa.select(sa.func.max(self._end)).where(here)).scalar()
            answered = sa.exists().where(answers.c.link_id == links.c.id)
            ended = sa.select(links.c.id).where(here, self._end <= now, answered)
            for some in _in_parts(connection.execute(ended).scalars().all()):
                connection.execute(sa.delete(answers).where(answers.c.link_id.in_(some)))
            over = self._albums.end(connection, albums.c.id == album_id) if last is None or last <= now else 0
            if not over:
                taken_out = sa.select(sa.func.min(photos.c.removed_at)).where(
                    photos.c.album_id == album_id, photos.c.removed_at > now - self._settings.undo_grace_s
                )
                removed = connection.execute(taken_out).scalar()
                answered_until = sa.select(sa.func.min(self._end)).where(here, self._end > now, answered)
                until = connection.execute(answered_until).scalar()
                undone = None if removed is None else removed + self._settings.undo_grace_s
                self._next(connection, album_id, min(at for at in (last, undone, until) if at is not None))
        if over:
            self._albums.empty(album_id)
        return over

    def _taken_out(self, album_id: str, now: float) -> bool:
        late = photos.c.removed_at <= now - self._settings.undo_grace_s
        return self._index.value(sa.select(photos.c.id).where(photos.c.album_id == album_id, late).limit(1)) is not None

    @staticmethod
    def _next(connection: Any, album_id: str, at: Any) -> None:
        connection.execute(sa.update(albums).where(albums.c.id == album_id).values(due_at=at))

    def _forget_links(self) -> int:
        """Delete the rows of links that were over 30 days ago."""
        old = time() - HISTORY_DAYS * DAY_S
        count = 0
        for over in (links.c.revoked_at < old, links.c.expires_at < old):
            if self._index.value(sa.select(links.c.id).where(over).limit(1)) is None:
                continue  # the usual case costs one read and no lock
            with self._index.write() as connection:
                doomed = connection.execute(sa.select(links.c.id).where(over)).scalars().all()
                for some in _in_parts(doomed):
                    connection.execute(sa.delete(reports).where(reports.c.link_id.in_(some)))
                    connection.execute(sa.delete(answers).where(answers.c.link_id.in_(some)))
                    forget_links(connection, some)
                    connection.execute(sa.delete(links).where(links.c.id.in_(some)))
            count += len(doomed)
        return count

    def _forget_album(self, album_id: str, now: float) -> int:
        """Delete the rows of an album that has no link left; with one left, look again in a day."""
        with self._index.write() as connection:
            left = sa.exists().where(links.c.album_id == album_id)
            here = sa.and_(albums.c.id == album_id, albums.c.state == AlbumState.OVER)
            if connection.execute(sa.select(left)).scalar():
                self._next(connection, album_id, now + DAY_S)
                return 0
            connection.execute(sa.delete(photos).where(photos.c.album_id == album_id))
            return int(connection.execute(sa.delete(albums).where(here)).rowcount)

    def _drop_parked(self) -> None:
        """Delete parked forms for which nobody came back."""
        if monotonic() - self._parked_at < _PARKED_EVERY_S:
            return
        self._parked_at = monotonic()
        for batch in self._store.batches(PARKED):
            self._store.delete([path for path, at in batch if at < time() - PARKED_S])

    def _drop_orphans(self) -> int:
        """Delete bytes older than a day that no row knows, left by a crash; some at a time, however many there are."""
        count, old = 0, time() - ORPHAN_S
        for folder in _FOLDERS:
            for batch in self._store.batches(folder):
                aged = {path: photo_of_path(path).rpartition("/")[2] for path, at in batch if at < old}
                known: set[str] = set()
                for some in _in_parts(list(aged.values())):
                    known |= {f"albums/{row.album_id}/{row.id}" for row in self._index.rows(
                        sa.select(photos.c.album_id, photos.c.id).where(photos.c.id.in_(some))
                    )}  # fmt: skip
                lost = [path for path in aged if photo_of_path(path) not in known]
                self._store.delete(lost)
                count += len(lost)
        return count

    def _mend(self) -> int:
        """Set right what does not agree with the photos that are kept: first of each album, then of each person."""
        held = sa.func.coalesce(sa.func.sum(BYTES), 0)
        kept = sa.select(held).where(photos.c.album_id == albums.c.id).scalar_subquery()
        wrong = sa.and_(albums.c.emptied_at.is_(None), albums.c.kept_bytes != kept)
        miscounted = self._index.rows(sa.select(albums.c.id).where(wrong))
        for row in miscounted:
            here = albums.c.id == row.id
            with self._index.write() as connection:  # held first, so that no photo comes or goes meanwhile
                connection.execute(sa.select(albums.c.id).where(here).with_for_update())
                connection.execute(sa.update(albums).where(here, albums.c.emptied_at.is_(None)).values(kept_bytes=kept))
        return self._totals.mend()


def _in_parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]
