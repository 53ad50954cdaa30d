"""Links: made on an album, changed, taken back, and every address that one of them ever had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from time import time
from typing import Any, Final, Literal

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.keys import Keys, hashed, new_id
from lib.albums.link_rows import ENDINGS, OWNED, PHOTOS, LinkInfo, link_info
from lib.albums.owners import Owners
from lib.albums.passwords import password_hash
from lib.albums.problems import AlbumGone, LinkEnded, LinkGone
from lib.albums.tables import albums, links
from lib.albums.wishes import (
    MAX_NAME,
    MAX_TITLE,
    MAX_WORDS,
    checked_expiry,
    checked_password,
    checked_views,
    plain_text,
)
from lib.services.base import Preview, Wishes
from lib.settings import Settings


class _Keep(Enum):
    KEEP = "keep"


KEEP: Final = _Keep.KEEP  # "leave as it is", where None means "none"
Kept = Literal[_Keep.KEEP]


class Links:
    """Links of all visitors. Every call names the owner; another owner's link is simply not there.

    `check_pace` raises when a person makes links too fast; `sweep` deletes photos that no link needs any more.
    """

    def __init__(
        self, index: Index, keys: Keys, owners: Owners, settings: Settings, *,
        check_pace: Callable[[str], None], sweep: Callable[[], object],
    ) -> None:  # fmt: skip
        self._index = index
        self._keys = keys
        self._owners = owners
        self._settings = settings
        self._check_pace = check_pace
        self._sweep = sweep

    def create(self, owner: str, album_id: str, wishes: Wishes, *, key: str | None = None) -> LinkInfo:
        """Make one more link on an album. With a `key`, a second call finds the first one's link again."""
        person, now = self._owners.person(owner), time()
        name = plain_text(wishes.name, MAX_NAME, "The name")
        expires_at = checked_expiry(wishes.expires_at, self._settings, now)
        max_views = checked_views(wishes.max_views)
        password = checked_password(wishes.password)
        link_id, key = new_id(), key or new_id()
        if (found := self._of_key(person, album_id, key)) is not None:
            return found
        self._check_pace(person)
        stored = password_hash(password) if password is not None else None
        with self._index.write() as connection:
            ready = connection.execute(
                sa.select(albums.c.id)
                .where(albums.c.id == album_id, albums.c.person == person, albums.c.state == "ready")
                .with_for_update()
            ).first()
            if ready is None:
                raise AlbumGone
            connection.execute(
                self._index.insert_new(links).values(
                    id=link_id, album_id=album_id, key=key, person=person, name=name, created_at=now,
                    token_hash=hashed(self._keys.token(link_id)), expires_at=expires_at, password_hash=stored,
                    max_views=max_views, allow_download=wishes.allow_download, preview=Preview(wishes.preview).value,
                    version=1, views=0, bot_previews=0, own_looks=0, wrong_passwords=0,
                )
            )  # fmt: skip
        made = self._of_key(person, album_id, key)
        if made is None:
            raise LinkGone
        return made

    def _of_key(self, person: str, album_id: str, key: str) -> LinkInfo | None:
        row = self._index.row(OWNED.where(links.c.album_id == album_id, links.c.key == key, links.c.person == person))
        return self._info(row) if row is not None else None

    def _info(self, row: sa.Row[Any]) -> LinkInfo:
        return link_info(row, self._path(row.id), time(), self._settings.undo_grace_s)

    def _path(self, link_id: str) -> str:
        return f"/s/{self._keys.token(link_id)}"

    def all(self, owner: str) -> list[LinkInfo]:
        """Return all links of this visitor, newest first; those that are over stay listed for 30 days."""
        person = self._owners.person(owner)
        rows = self._index.rows(OWNED.where(links.c.person == person).order_by(links.c.created_at.desc(), links.c.id))
        return [self._info(row) for row in rows]

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
        password: str | Kept | None = KEEP,
        max_views: int | Kept | None = KEEP,
        allow_download: bool | Kept = KEEP,
        preview: Preview | Kept = KEEP,
    ) -> LinkInfo:
        """Change a link that still works, or whose views are used up. Title and words belong to the album.

        A new password (or None, for none) ends every visit that was unlocked with the old one. Raises `LinkEnded`.
        """
        person, now = self._owners.person(owner), time()
        values: dict[str, Any] = {}
        if name is not KEEP:
            values["name"] = plain_text(name, MAX_NAME, "The name")
        if expires_at is not KEEP:
            values["expires_at"] = checked_expiry(expires_at, self._settings, now)
        if max_views is not KEEP:
            values["max_views"] = checked_views(max_views)
        if allow_download is not KEEP:
            values["allow_download"] = bool(allow_download)
        if preview is not KEEP:
            values["preview"] = Preview(preview).value
        if password is not KEEP:
            plain = checked_password(password)
            values["password_hash"] = password_hash(plain) if plain is not None else None
            values |= {"version": links.c.version + 1, "wrong_passwords": 0, "wrong_at": None}
        of_album: dict[str, Any] = {}
        if title is not KEEP:
            of_album["title"] = plain_text(title, MAX_TITLE, "The title")
        if words is not KEEP:
            of_album["words"] = plain_text(words, MAX_WORDS, "The text", lines=True)
        info = self.get(owner, link_id)
        here = sa.and_(
            links.c.id == link_id, links.c.person == person, links.c.revoked_at.is_(None), links.c.expires_at > now
        )
        with self._index.write() as connection:
            ready = connection.execute(
                sa.select(albums.c.id).where(albums.c.id == info.album_id, albums.c.state == "ready").with_for_update()
            ).first()
            changed = connection.execute(sa.update(links).where(here).values(**({"name": links.c.name} | values)))
            if ready is None or changed.rowcount != 1:
                raise LinkEnded("A link that was taken back or has expired cannot be changed any more.")
            if of_album:
                connection.execute(sa.update(albums).where(albums.c.id == info.album_id).values(**of_album))
        return self.get(owner, link_id)

    def revoke(self, owner: str, link_id: str) -> LinkInfo:
        """Take a link back: from this moment every address of it is gone for everybody. Twice is no error.

        Its photos are deleted when the time for undoing is over, unless another link on the album still works.
        """
        person = self._owners.person(owner)
        self._revoke(sa.and_(links.c.id == link_id, links.c.person == person))
        return self.get(owner, link_id)

    def revoke_all(self, owner: str) -> int:
        """Take back every link of this visitor that still works; return how many."""
        return self._revoke(links.c.person == self._owners.person(owner))

    def revoke_as_host(self, link_id: str) -> bool:
        """Take back any link, without undoing: for the host, after a report. False: it was over already."""
        over = time() - self._settings.undo_grace_s - 1
        works = sa.and_(links.c.id == link_id, links.c.expires_at > time())
        count = self._revoke(works, at=over)
        with self._index.write() as connection:  # an owner's own taking back can be undone no more either
            connection.execute(
                sa.update(links).where(links.c.id == link_id, links.c.revoked_at > over).values(revoked_at=over)
            )
        self._sweep()
        return count > 0

    def _revoke(self, which: sa.ColumnElement[bool], at: float | None = None) -> int:
        with self._index.write() as connection:
            count = connection.execute(
                sa.update(links)
                .where(which, links.c.revoked_at.is_(None))
                .values(revoked_at=at if at is not None else time(), version=links.c.version + 1)
            ).rowcount
        if count and not self._settings.undo_grace_s:
            self._sweep()
        return count

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
                    links.c.revoked_at > now - self._settings.undo_grace_s,
                )
                .values(revoked_at=None, version=links.c.version + 1)
            )  # fmt: skip
            if ready is None or undone.rowcount != 1:
                raise LinkEnded("The time for undoing is over; the photos were deleted.")
        return self.get(owner, link_id)

    def addresses(self, owner: str, link_id: str) -> list[str]:
        """Return every path that this server ever issued for a link, for the proof that all of them are gone."""
        info = self.get(owner, link_id)
        base = info.path
        paths = [base, f"{base}/open", f"{base}/report", f"{base}/photos.zip", f"{base}/preview.jpg"]
        for row in self._index.rows(PHOTOS, {"album": info.album_id}):
            n, ending = row.position, ENDINGS[row.media_type]
            paths += [f"{base}/{n}", f"{base}/p/{n}.{ending}", f"{base}/p/{n}-small.jpg", f"{base}/save/{n}.{ending}"]
        return paths
