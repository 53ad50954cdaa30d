"""Links: made on an album, changed, taken back, and every address that one of them ever had."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from time import time
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from lib.albums.album import AlbumState
from lib.albums.albums import Albums
from lib.albums.choices import read_choices
from lib.albums.index import Index
from lib.albums.keys import Keys, hashed, new_id
from lib.albums.link_rows import FIRST, OWNED, LinkInfo, LinkState, link_info
from lib.albums.owners import Owners
from lib.albums.passwords import password_hash
from lib.albums.photo_store import PhotoStore
from lib.albums.photos import forget_details, photo_paths
from lib.albums.problems import DiskFull, LinkEnded, LinkGone, NoPhotos, ShareProblem, StoreDown
from lib.albums.tables import albums, links, photos
from lib.albums.tombstones import Tombstones
from lib.albums.wishes import (
    MAX_NAME,
    MAX_TITLE,
    MAX_WORDS,
    checked_expiry,
    checked_idle,
    checked_password,
    checked_views,
    clean_text,
)
from lib.services.base import LinkQuestion, Preview, Wishes
from lib.settings import Settings
from lib.text.later import later

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class _Keep(Enum):
    KEEP = "keep"


KEEP: Final = _Keep.KEEP  # "leave as it is", where None means "none"
Kept = Literal[_Keep.KEEP]


PAGE: Final = 20  # links of one page of My links
_NEWEST: Final = (links.c.created_at.desc(), links.c.id)


@dataclass(frozen=True, slots=True)
class LinkPage:
    """One page of a visitor's links."""

    links: tuple[LinkInfo, ...]
    number: int  # of this page, from 1
    pages: int
    found: int  # links that the search found, on all pages
    total: int  # links of this visitor
    living: int  # of these, links that can be opened, or whose views are used up


class Links:
    """Links of all visitors. Every call names the owner; another owner's link is simply not there.

    `check_pace` raises when a person makes links too fast; `sweep` deletes photos that no link needs any more.
    """

    def __init__(
        self, index: Index, store: PhotoStore, tombstones: Tombstones, keys: Keys, owners: Owners,
        owners_albums: Albums, settings: Settings, *, check_pace: Callable[[str, str | None], None],
        sweep: Callable[[], object],
    ) -> None:  # fmt: skip
        self._index = index
        self._store = store
        self._tombstones = tombstones
        self._keys = keys
        self._owners = owners
        self._albums = owners_albums
        self._settings = settings
        self._check_pace = check_pace
        self._sweep = sweep

    def make(self, owner: str, album_id: str) -> LinkInfo:
        """Give an album out, with what its sender chose: in one transaction it gets its link and is no draft any more.

        A second call, in another tab or another process, finds the same link. Raises `NoPhotos` and `DraftGone`.
        """
        row = self._albums.check(owner, album_id)
        chosen = read_choices(row.title, row.words, row.choices, has_password=row.password_hash is not None)
        return self.create(owner, album_id, chosen.wishes(), key=FIRST)

    def create(self, owner: str, album_id: str, wishes: Wishes, *, key: str | None = None) -> LinkInfo:
        """Make a link on an album, or one more. With a `key`, a second call finds the first one's link again."""
        person, now = self._owners.person(owner), time()
        values: dict[str, Any] = {
            "name": clean_text(wishes.name, MAX_NAME, later("The name")), "max_views": checked_views(wishes.max_views),
            "allow_download": wishes.allow_download, "preview": Preview(wishes.preview).value,
            "question": LinkQuestion(wishes.question).value,
            **_end(checked_expiry(wishes.expires_at, self._settings, now), checked_idle(wishes.idle_s, self._settings),
                   now),
        }  # fmt: skip
        password = checked_password(wishes.password)
        link_id, key = new_id(), key or new_id()
        if (found := self._of_key(person, album_id, key)) is not None:
            return found
        network = self._albums.check(owner, album_id).network
        self._check_pace(person, network)
        stored = password_hash(password) if password is not None else None
        with self._index.write() as connection:
            album = self._albums.touch(connection, owner, album_id)
            if not album.photo_count:
                raise NoPhotos
            if wishes.password_kept:
                stored = album.password_hash
            connection.execute(
                self._index.insert_new(links).values(
                    id=link_id, album_id=album_id, key=key, person=album.person, created_at=now, network=network,
                    token_hash=hashed(self._keys.token(link_id)), password_hash=stored,
                    version=1, views=0, bot_previews=0, own_looks=0, wrong_passwords=0, **values,
                )
            )  # fmt: skip
            if album.state == AlbumState.DRAFT:
                # What was taken out before goes as soon as the sweep comes by; so does what the originals told.
                connection.execute(
                    sa.update(albums).where(albums.c.id == album_id)
                    .values(state=AlbumState.READY.value, due_at=now + self._settings.undo_grace_s, lighten_at=now)
                )  # fmt: skip
                forget_details(connection, album_id)
        made = self._of_key(person, album_id, key)
        if made is None:
            raise LinkGone
        return made

    def _of_key(self, person: str, album_id: str, key: str) -> LinkInfo | None:
        row = self._index.row(OWNED.where(links.c.album_id == album_id, links.c.key == key, links.c.person == person))
        return self._info(row) if row is not None else None

    def _info(self, row: sa.Row[Any]) -> LinkInfo:
        info = link_info(row, self._keys.path(row.id, row.token_hash), time(), self._settings.undo_grace_s)
        if info.taken_back_at is None and self._tombstones.has(info.id):  # the index does not know it yet
            return replace(info, state=LinkState.TAKEN_BACK)
        return info

    def all(self, owner: str) -> list[LinkInfo]:
        """Return all links of this visitor, newest first; those that are over stay listed for 30 days."""
        mine = links.c.person == self._owners.person(owner)
        return [self._info(row) for row in self._index.rows(OWNED.where(mine).order_by(*_NEWEST))]

    def page(self, owner: str, *, search: str = "", number: int = 1, size: int = PAGE) -> LinkPage:
        """Return one page of this visitor's links, newest first; `search` looks in names and titles."""
        mine = links.c.person == self._owners.person(owner)
        found = mine
        if wanted := search.strip():
            found = sa.and_(
                mine,
                sa.or_(
                    links.c.name.icontains(wanted, autoescape=True), albums.c.title.icontains(wanted, autoescape=True)
                ),
            )
        live = sa.and_(links.c.revoked_at.is_(None), links.c.expires_at > time(), albums.c.state == AlbumState.READY)
        joined = links.join(albums, albums.c.id == links.c.album_id)
        counted = self._index.row(
            sa.select(sa.func.count().label("total"), _how_many(live), _how_many(found)).select_from(joined).where(mine)
        )
        total, living, matching = (int(one) for one in counted or (0, 0, 0))
        pages = max(1, -(-matching // size))
        number = min(max(1, number), pages)
        rows = self._index.rows(OWNED.where(found).order_by(*_NEWEST).limit(size).offset((number - 1) * size))
        return LinkPage(tuple(self._info(row) for row in rows), number, pages, matching, total, living)

    def get(self, owner: str, link_id: str) -> LinkInfo:
        """Return one link of this visitor. Raises `LinkGone`."""
        person = self._owners.person(owner)
        row = self._index.row(OWNED.where(links.c.id == link_id, links.c.person == person))
        if row is None:
            raise LinkGone
        return self._info(row)

    def of_path(self, owner: str, path: str) -> LinkInfo:
        """Return this visitor's link with an address such as `/s/…`. Raises `LinkGone`."""
        token = path.rpartition("/s/")[2][:22]
        person = self._owners.person(owner)
        row = self._index.row(OWNED.where(links.c.token_hash == hashed(token), links.c.person == person))
        if row is None:
            raise LinkGone
        return self._info(row)

    def change(  # noqa: C901, PLR0913 - one argument for each thing that can be changed
        self,
        owner: str,
        link_id: str,
        *,
        name: str | Kept = KEEP,
        title: str | Kept = KEEP,
        words: str | Kept = KEEP,
        expires_at: datetime | Kept = KEEP,
        idle_s: float | Kept | None = KEEP,
        password: str | Kept | None = KEEP,
        max_views: int | Kept | None = KEEP,
        allow_download: bool | Kept = KEEP,
        preview: Preview | Kept = KEEP,
        question: LinkQuestion | Kept = KEEP,
    ) -> LinkInfo:
        """Change a link that still works, or whose views are used up. Title and words belong to the album.

        With `idle_s` the link ends this long after the last visit, but never later than `expires_at`, or than the end
        that it has. A new password (or None, for none) ends every visit that was unlocked with the old one. Raises
        `LinkEnded`.
        """
        person, now = self._owners.person(owner), time()
        values: dict[str, Any] = {}
        if name is not KEEP:
            values["name"] = clean_text(name, MAX_NAME, later("The name"))
        if max_views is not KEEP:
            values["max_views"] = checked_views(max_views)
        if allow_download is not KEEP:
            values["allow_download"] = bool(allow_download)
        if preview is not KEEP:
            values["preview"] = Preview(preview).value
        if question is not KEEP:
            values["question"] = LinkQuestion(question).value
        if password is not KEEP:
            checked = checked_password(password)
            values["password_hash"] = password_hash(checked) if checked is not None else None
            values |= {"version": links.c.version + 1, "wrong_passwords": 0, "wrong_at": None}
        of_album: dict[str, Any] = {}
        if title is not KEEP:
            of_album["title"] = clean_text(title, MAX_TITLE, later("The title"))
        if words is not KEEP:
            of_album["words"] = clean_text(words, MAX_WORDS, later("The text"), lines=True)
        info = self.get(owner, link_id)
        if expires_at is not KEEP or idle_s is not KEEP:
            latest = (info.ends_by or info.expires_at) if expires_at is KEEP else expires_at
            ends_by = (
                latest.timestamp() if expires_at is KEEP and latest else checked_expiry(latest, self._settings, now)
            )
            values |= _end(ends_by, info.idle_s if idle_s is KEEP else checked_idle(idle_s, self._settings), now)
        here = sa.and_(
            links.c.id == link_id, links.c.person == person, links.c.revoked_at.is_(None), links.c.expires_at > now
        )
        with self._index.write() as connection:
            ready = connection.execute(
                sa.select(albums.c.id).where(albums.c.id == info.album_id, albums.c.state == "ready").with_for_update()
            ).first()
            changed = connection.execute(sa.update(links).where(here).values(**({"name": links.c.name} | values)))
            if ready is None or changed.rowcount != 1:
                raise LinkEnded(later("A link that was taken back or has expired cannot be changed any more."))
            if of_album:
                connection.execute(sa.update(albums).where(albums.c.id == info.album_id).values(**of_album))
            if "expires_at" in values:
                self._look_again(connection, albums.c.id == info.album_id, values["expires_at"])
        return self.get(owner, link_id)

    def revoke(self, owner: str, link_id: str) -> LinkInfo:
        """Take a link back: from this moment every address of it is gone for everybody. Twice is no error.

        Its photos are deleted when the time for undoing is over, unless another link on the album still works. Where
        the index takes nothing more, they are deleted now, and there is no undoing.
        """
        person = self._owners.person(owner)
        self._revoke(sa.and_(links.c.id == link_id, links.c.person == person))
        return self.get(owner, link_id)

    def revoke_all(self, owner: str) -> int:
        """Take back every link of this visitor that still works, in one statement; return how many."""
        mine, now = links.c.person == self._owners.person(owner), time()
        return self._revoke(sa.and_(mine, links.c.expires_at > now))

    def revoke_as_host(self, link_id: str) -> bool:
        """Take back any link, without undoing: for the host, after a report. False: it was over already."""
        over = time() - self._settings.undo_grace_s - 1
        works = sa.and_(links.c.id == link_id, links.c.expires_at > time())
        count = self._revoke(works, at=over)

        def no_undoing(connection: Connection) -> None:  # of an owner's own taking back either
            connection.execute(
                sa.update(links).where(links.c.id == link_id, links.c.revoked_at > over).values(revoked_at=over)
            )
            self._look_again(connection, albums.c.id.in_(_albums_of(links.c.id == link_id)), over)

        if not self._tombstones.has(link_id):
            self._index.urgently(no_undoing)
            self._sweep()
        return count > 0

    def _revoke(self, which: sa.ColumnElement[bool], at: float | None = None) -> int:
        at = time() if at is None else at
        working = sa.and_(which, links.c.revoked_at.is_(None))

        def mark(connection: Connection) -> int:
            marked = sa.update(links).where(working).values(revoked_at=at, version=links.c.version + 1)
            count = connection.execute(marked).rowcount
            taken = sa.and_(which, links.c.revoked_at == at)
            self._look_again(connection, albums.c.id.in_(_albums_of(taken)), at + self._settings.undo_grace_s)
            return int(count)

        try:
            count = self._index.urgently(mark)
        except (DiskFull, StoreDown):
            return self._bury(working)
        if count and not self._settings.undo_grace_s:
            self._sweep()
        return count

    def _bury(self, working: sa.ColumnElement[bool]) -> int:
        """Close links whose index can be read but not written: delete their photos, then mark them beside the photos.

        That order, because deleting is what makes room. Photos stay where another link still needs them.
        """
        doomed = self._index.rows(sa.select(links.c.id, links.c.album_id).where(working))
        ids = {row.id for row in doomed}
        for album_id in {row.album_id for row in doomed}:
            living = sa.and_(links.c.album_id == album_id, links.c.revoked_at.is_(None), links.c.expires_at > time())
            others = self._index.rows(sa.select(links.c.id).where(living))
            if all(row.id in ids or self._tombstones.has(row.id) for row in others):
                with suppress(ShareProblem):  # closing comes first; the sweep deletes what is left
                    self._store.delete_all(f"albums/{album_id}")
        for link_id in ids:
            self._tombstones.put(link_id)
        return len(ids)

    @staticmethod
    def _look_again(connection: Connection, which: sa.ColumnElement[bool], at: float) -> None:
        """Make the sweep look at these albums at that moment, if it would look at them later."""
        connection.execute(
            sa.update(albums).where(which, albums.c.state == AlbumState.READY, albums.c.due_at > at).values(due_at=at)
        )

    def undo(self, owner: str, link_id: str) -> LinkInfo:
        """Bring a link back within the time for undoing. Visits unlocked before stay ended. Raises `LinkEnded`."""
        person, now = self._owners.person(owner), time()
        info = self.get(owner, link_id)
        with self._index.write() as connection:
            ready = connection.execute(
                sa.select(albums.c.id).where(albums.c.id == info.album_id, albums.c.state == "ready").with_for_update()
            ).first()
            undone = connection.execute(
                sa.update(links)
                .where(
                    links.c.id == link_id, links.c.person == person, links.c.expires_at > now,
                    links.c.revoked_at > now - self._settings.undo_grace_s, links.c.revoked_at <= now,
                )
                .values(revoked_at=None, version=links.c.version + 1)
            )  # fmt: skip
            if ready is None or undone.rowcount != 1:
                raise LinkEnded(later("The time for undoing is over; the photos were deleted."))
        return self.get(owner, link_id)

    def addresses(self, owner: str, link_id: str) -> list[str]:
        """Return every path that this server ever issued for a link, for the proof that all of them are gone."""
        info = self.get(owner, link_id)
        return self._addresses(info.path, info.album_id)

    def addresses_as_host(self, link_id: str) -> list[str]:
        """Return the same of anybody's link: for the host, before it is taken back after a report."""
        row = self._index.row(sa.select(links.c.token_hash, links.c.album_id).where(links.c.id == link_id))
        return self._addresses(self._keys.path(link_id, row.token_hash), row.album_id) if row is not None else []

    def _addresses(self, base: str, album_id: str) -> list[str]:
        if not base:  # made with a key that is lost: nobody knows them any more
            return []
        paths = [base, f"{base}/open", f"{base}/report", f"{base}/answer", f"{base}/photos.zip", f"{base}/preview.jpg"]
        held = sa.select(photos.c.number, photos.c.media_type).where(photos.c.album_id == album_id)
        for row in self._index.rows(held.order_by(photos.c.number)):
            paths += photo_paths(base, row.number, row.media_type)
        return paths


def _end(ends_by: float, idle_s: float | None, now: float) -> dict[str, float | None]:
    """Return the columns that say when a link ends."""
    if idle_s is None:
        return {"expires_at": ends_by, "idle_s": None, "ends_by": None}
    return {"expires_at": min(ends_by, now + idle_s), "idle_s": float(idle_s), "ends_by": ends_by}


def _how_many(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0)


def _albums_of(which: sa.ColumnElement[bool]) -> sa.Select[tuple[str]]:
    return sa.select(links.c.album_id).where(which)
