"""What strangers' requests ask of the index: find a link, read its photos, spend and count views."""

from __future__ import annotations

from time import time
from typing import Any, Final

import sqlalchemy as sa

from lib.albums.guesses import FORGET_S
from lib.albums.happened import VIEW, Happened
from lib.albums.index import Index
from lib.albums.keys import hashed
from lib.albums.link_rows import BY_TOKEN, ONE_PHOTO, PHOTOS, OpenLink, PhotoRow
from lib.albums.notifications import News, notify
from lib.albums.tables import links, photos
from lib.albums.tombstones import Tombstones

ROUNDED_S: Final = 3_600  # opened times are kept to the hour only


class Visits:
    """Small reads that are compiled once, and counts that are one statement each."""

    def __init__(self, index: Index, tombstones: Tombstones, happened: Happened) -> None:
        self._index = index
        self._tombstones = tombstones
        self._happened = happened
        self._by_token = index.quick(BY_TOKEN)
        self._photos = index.quick(PHOTOS)
        self._one_photo = index.quick(ONE_PHOTO)

    def find(self, token: str) -> OpenLink | None:
        """Return the link of a token, or None for unknown, expired and taken back alike. One small read."""
        rows = self._by_token({"token_hash": hashed(token), "now": time()})
        if not rows or self._tombstones.has(rows[0][0]):
            return None
        return OpenLink(*rows[0])

    def still_open(self, token: str, version: int) -> bool:
        """Say whether a link that was found before is as it was: not taken back, nor ended, nor locked anew."""
        link = self.find(token)
        return link is not None and link.version == version

    def photos_of(self, album_id: str) -> list[PhotoRow]:
        """Return the photos of an album in their order."""
        return [PhotoRow(*row) for row in self._photos({"album": album_id})]

    def photo_of(self, album_id: str, number: int) -> PhotoRow | None:
        """Return one photo of an album by the number in its address."""
        rows = self._one_photo({"album": album_id, "number": number})
        return PhotoRow(*rows[0]) if rows else None

    def spend(self, link: OpenLink) -> bool:
        """Spend one view, before the first byte: one statement decides, however many ask at once.

        False when no view is left, or the link ended or changed its password meanwhile.
        """
        now = time()
        hour = now - now % ROUNDED_S
        with self._index.write() as connection:
            spent = connection.execute(
                sa.update(links)
                .where(
                    links.c.id == link.id, links.c.version == link.version, links.c.revoked_at.is_(None),
                    links.c.expires_at > now, links.c.over_at.is_(None),
                    sa.or_(links.c.max_views.is_(None), links.c.views < links.c.max_views),
                )
                .values(
                    views=links.c.views + 1, first_view_at=sa.func.coalesce(links.c.first_view_at, hour),
                    last_view_at=hour, expires_at=_slid(now),
                )
                .returning(links.c.views)
            ).scalar()  # fmt: skip
            if spent == 1:
                notify(connection, link.id, News.OPENED)
        if spent is not None:
            self._happened.count(VIEW)
        return spent is not None

    def note_damage(self, photo_id: str) -> None:
        """Note for its sender that what is stored of a photo is not what was written."""
        here = sa.and_(photos.c.id == photo_id, photos.c.removed_at.is_(None), photos.c.damaged_at.is_(None))
        with self._index.write() as connection:
            connection.execute(sa.update(photos).where(here).values(damaged_at=time()))

    def count_bot(self, link_id: str) -> None:
        """Count one preview that a chat app's machine made."""
        self._count(link_id, bot_previews=links.c.bot_previews + 1)

    def count_own_look(self, link_id: str) -> None:
        """Count one look of the owner's own."""
        self._count(link_id, own_looks=links.c.own_looks + 1)

    def count_wrong_password(self, link_id: str) -> None:
        """Count one wrong password on a link; the count starts anew after a quiet hour."""
        now = time()
        quiet = sa.or_(links.c.wrong_at.is_(None), links.c.wrong_at < now - FORGET_S)
        self._count(link_id, wrong_passwords=sa.case((quiet, 1), else_=links.c.wrong_passwords + 1), wrong_at=now)

    def _count(self, link_id: str, **values: Any) -> None:
        with self._index.write() as connection:
            connection.execute(sa.update(links).where(links.c.id == link_id).values(**values))


def _slid(now: float) -> sa.ColumnElement[float]:
    """Return the end of a link that is visited now: later where its end slides, and never behind its latest."""
    then = now + links.c.idle_s
    return sa.case(
        (links.c.idle_s.is_(None), links.c.expires_at), (then < links.c.ends_by, then), else_=links.c.ends_by
    )
