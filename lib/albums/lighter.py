"""Lighter copies of photos, made after their link is out: in AVIF, kept beside the photo, and gone with it.

Nobody waits for them: as long as a copy is not there, the JPEG is sent. One photo at a time, so that several copies of
the app share the work, and one that ends in the middle leaves nothing half done.
"""

from __future__ import annotations

import zlib
from time import time
from typing import Final

import sqlalchemy as sa

from lib.albums.album import AlbumState
from lib.albums.index import Index
from lib.albums.photo_store import PhotoStore
from lib.albums.photos import AVIF, SMALL, kept_bytes, photo_path
from lib.albums.problems import NoRoom, PhotoGone
from lib.albums.tables import albums, photos
from lib.albums.totals import Totals
from lib.problems import Problem

LEASE_S: Final = 120.0  # for this long one process keeps an album to itself; after that another one may go on
_NOT_LOOKED_AT: Final = photos.c.avif_bytes.is_(None)


class Lighter:
    """Works through the albums that wait for it."""

    def __init__(self, index: Index, store: PhotoStore, totals: Totals) -> None:
        self._index = index
        self._store = store
        self._totals = totals

    def step(self) -> bool:
        """Make the copies of one photo. False: no photo waits. Costs one small read then."""
        now = time()
        due = sa.select(albums.c.id).where(albums.c.lighten_at <= sa.bindparam("now")).order_by(albums.c.lighten_at)
        album_id = self._index.value(due.limit(1), {"now": now})
        if album_id is None:
            return False
        here = albums.c.id == album_id
        lease = now + LEASE_S
        with self._index.write() as connection:  # two processes never have the same album
            mine = sa.update(albums).where(here, albums.c.lighten_at <= now).values(lighten_at=lease)
            if not connection.execute(mine.returning(albums.c.id)).scalar():
                return True
        waiting = sa.select(
            photos.c.id, photos.c.media_type, photos.c.size_bytes, photos.c.small_bytes,
            photos.c.crc32, photos.c.small_crc32,
        ).where(
            photos.c.album_id == album_id, photos.c.removed_at.is_(None), _NOT_LOOKED_AT
        )  # fmt: skip
        photo = self._index.row(waiting.order_by(photos.c.position).limit(1))
        if photo is not None:
            self._make(album_id, photo)
        with self._index.write() as connection:
            again = now if photo is not None else None
            same = albums.c.lighten_at == lease  # else a photo came meanwhile
            connection.execute(sa.update(albums).where(here, same).values(lighten_at=again))
        return True

    def _make(self, album_id: str, photo: sa.Row[tuple[str, str, int, int, int, int]]) -> None:
        from lib.photos.lighter import SMALL_QUALITIES, lighter_photo

        path = photo_path(album_id, photo.id)
        made: dict[str, bytes | None] = {"": None, SMALL: None}
        try:
            if photo.media_type == "image/jpeg":
                made[""] = lighter_photo(self._store.read(kept_bytes(album_id, photo)), photo.size_bytes)
            made[SMALL] = lighter_photo(
                self._store.read(kept_bytes(album_id, photo, SMALL)), photo.small_bytes, SMALL_QUALITIES
            )
            for form, data in made.items():
                if data is not None:
                    self._store.put(path + form + AVIF, data)
        except PhotoGone:  # taken out meanwhile
            return
        except Problem:  # nothing that a recipient should notice: the JPEG is there
            made = dict.fromkeys(made)
        try:
            kept = self._keep(album_id, photo.id, {form: data or b"" for form, data in made.items()})
        except NoRoom:
            kept = False
            self._keep(album_id, photo.id, dict.fromkeys(made, b""))
        if not kept:
            self._store.delete([path + form + AVIF for form in made])

    def _keep(self, album_id: str, photo_id: str, written: dict[str, bytes]) -> bool:
        """Note the copies of a photo that is still there. Raises `NoRoom`."""
        with self._index.write() as connection:
            ready = sa.and_(albums.c.id == album_id, albums.c.state == AlbumState.READY)
            album = connection.execute(
                sa.select(albums.c.person, albums.c.network).where(ready).with_for_update()
            ).first()
            if album is None:
                return False
            here = sa.and_(photos.c.id == photo_id, photos.c.album_id == album_id, _NOT_LOOKED_AT)
            noted = sa.update(photos).where(here).values(
                avif_bytes=len(written[""]), small_avif_bytes=len(written[SMALL]),
                avif_crc32=zlib.crc32(written[""]), small_avif_crc32=zlib.crc32(written[SMALL]),
            )  # fmt: skip
            if not connection.execute(noted).rowcount:
                return False
            if more := sum(map(len, written.values())):
                connection.execute(
                    sa.update(albums).where(albums.c.id == album_id).values(kept_bytes=albums.c.kept_bytes + more)
                )
                self._totals.add(connection, album, more)
        return True
