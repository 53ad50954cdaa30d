"""Albums: what one link opens, from the first photo kept to the owner's own look at it."""

from __future__ import annotations

import zlib
from time import time
from typing import Any, Final

import sqlalchemy as sa

from lib.albums.drafts import SMALL, SMALL_SIDE
from lib.albums.index import Index
from lib.albums.keys import hashed, new_id
from lib.albums.link_rows import ENDINGS, PHOTOS
from lib.albums.owners import Owners
from lib.albums.photo_store import PhotoStore
from lib.albums.problems import AlbumGone, TooManyPhotos, WishRefused
from lib.albums.quota import Quota
from lib.albums.tables import albums, photos
from lib.albums.wishes import MAX_TITLE, MAX_WORDS, plain_text
from lib.services.base import VIDEO_TYPE, Album, OnProgress, Progress, no_progress
from lib.settings import Settings

_KEY_CHARS: Final = 128


class Albums:
    """Albums of all visitors. Every call names the owner; another owner's album is simply not there."""

    def __init__(self, index: Index, store: PhotoStore, owners: Owners, quota: Quota, settings: Settings) -> None:
        self._index = index
        self._store = store
        self._owners = owners
        self._quota = quota
        self._settings = settings

    def create(self, owner: str, album: Album, on_progress: OnProgress = no_progress) -> str:
        """Keep an album's photos and return its id. Nobody sees it before it has a link.

        Called again with the same key it continues where it stopped; a complete album is only found again. Photos that
        were taken out or changed meanwhile are never shared.
        """
        person = self._owners.person(owner)
        title = plain_text(album.title, MAX_TITLE, "The title")
        words = plain_text(album.words, MAX_WORDS, "The text", lines=True)
        key = album.key if len(album.key) <= _KEY_CHARS else hashed(album.key)
        self._check(album)
        album_id, state = self._begin(person, key, title, words)
        if state in {"dropping", "dropped"}:
            raise AlbumGone
        self._keep_photos(person, album_id, album, on_progress)
        return album_id

    def _check(self, album: Album) -> None:
        if not album.photos:
            raise TooManyPhotos("There are no photos yet.", fix="Choose at least one photo.")
        if len(album.photos) > self._settings.max_photos:
            raise TooManyPhotos(
                f"These are {len(album.photos)} photos; one link holds at most {self._settings.max_photos}."
            )
        if any(photo.media_type not in ENDINGS for photo in album.photos):
            raise WishRefused(
                "This server shows JPEG and PNG photos, and videos that it made of them.", fix="Clean the photos first."
            )

    def _begin(self, person: str, key: str, title: str, words: str) -> tuple[str, str]:
        now = time()
        here = sa.and_(albums.c.person == person, albums.c.key == key)
        with self._index.write() as connection:
            connection.execute(
                self._index.insert_new(albums).values(
                    id=new_id(), person=person, key=key, title=title, words=words,
                    state="making", created_at=now, touched_at=now,
                )
            )  # fmt: skip
            connection.execute(
                sa.update(albums).where(here, albums.c.state.in_(("making", "ready")))
                .values(title=title, words=words, touched_at=now)
            )  # fmt: skip
            row = connection.execute(sa.select(albums.c.id, albums.c.state).where(here)).one()
        return row.id, row.state

    def _keep_photos(self, person: str, album_id: str, album: Album, on_progress: OnProgress) -> None:
        kept = self._kept_before(album_id, album)
        total = sum(photo.size_bytes for photo in album.photos)
        self._quota.check(person, total - sum(kept.values()))
        bytes_done = 0
        for position, photo in enumerate(album.photos, 1):
            on_progress(Progress(position - 1, len(album.photos), bytes_done, total, f"Keeping {photo.name}"))
            if position not in kept:
                self._keep_photo(album_id, position, photo.read(), photo.media_type, (photo.width, photo.height))
            bytes_done += photo.size_bytes
        with self._index.write() as connection:
            ready = connection.execute(
                sa.update(albums).where(albums.c.id == album_id, albums.c.state.in_(("making", "ready")))
                .values(state="ready", touched_at=time())
            )  # fmt: skip
            if ready.rowcount != 1:
                raise AlbumGone
        on_progress(Progress(len(album.photos), len(album.photos), total, total, "Done"))

    def _kept_before(self, album_id: str, album: Album) -> dict[int, int]:
        """Return position and bytes of the photos that are here already; those that are not wanted any more go."""
        rows = self._index.rows(PHOTOS, {"album": album_id})
        kept = {row.position: row.size_bytes for row in rows if _is_at_its_place(row, album)}
        gone = [row.id for row in rows if row.position not in kept]
        if gone:
            with self._index.write() as connection:
                connection.execute(sa.delete(photos).where(photos.c.id.in_(gone)))
            paths = [photo_path(album_id, photo_id) for photo_id in gone]
            self._store.delete([*paths, *(path + SMALL for path in paths)])
        return kept

    def _keep_photo(self, album_id: str, position: int, data: bytes, media_type: str, size: tuple[int, int]) -> None:
        """Write the bytes first; the row that makes them part of the album comes last."""
        photo_id, small = new_id(), _small(data, media_type)
        path = photo_path(album_id, photo_id)
        self._store.put(path, data)
        self._store.put(path + SMALL, small)
        with self._index.write() as connection:
            alive = connection.execute(
                sa.update(albums)
                .where(albums.c.id == album_id, albums.c.state.in_(("making", "ready")))
                .values(touched_at=time())
            )
            if alive.rowcount != 1:
                raise AlbumGone
            kept = connection.execute(
                self._index.insert_new(photos).values(
                    id=photo_id, album_id=album_id, position=position, media_type=media_type, width=size[0],
                    height=size[1], size_bytes=len(data), small_bytes=len(small), crc32=zlib.crc32(data),
                ).returning(photos.c.id)
            ).first()  # fmt: skip
        if kept is None:  # another tab was first with the same photo
            self._store.delete([path, path + SMALL])

    def thumbnail(self, owner: str, album_id: str, number: int = 1) -> bytes:
        """Return the grid size of one photo of this visitor's album. Raises `AlbumGone`."""
        return self._store.get(self._own_photo(owner, album_id, number) + SMALL)

    def photo(self, owner: str, album_id: str, number: int = 1) -> bytes:
        """Return one photo of this visitor's album in full. Raises `AlbumGone`."""
        return self._store.get(self._own_photo(owner, album_id, number))

    def _own_photo(self, owner: str, album_id: str, number: int) -> str:
        person = self._owners.person(owner)
        photo_id = self._index.value(
            sa.select(photos.c.id).join(albums, albums.c.id == photos.c.album_id).where(
                albums.c.id == album_id, albums.c.person == person, albums.c.state == "ready",
                photos.c.position == number,
            )
        )  # fmt: skip
        if photo_id is None:
            raise AlbumGone
        return photo_path(album_id, photo_id)


def _small(data: bytes, media_type: str) -> bytes:
    """Return the grid size of a photo, or the poster of a video, which is looked at once more before it is kept."""
    if media_type == VIDEO_TYPE:
        from lib.photos.video import check_video

        return check_video(data, whole=False).small
    from lib.photos import small_photo

    return small_photo(data, SMALL_SIDE)


def _is_at_its_place(row: sa.Row[Any], album: Album) -> bool:
    """Return whether a kept photo is the one that the album now has there. Its bytes are read only when it may be."""
    if row.position > len(album.photos):
        return False
    photo = album.photos[row.position - 1]
    looks = (photo.media_type, photo.width, photo.height, photo.size_bytes)
    if looks != (row.media_type, row.width, row.height, row.size_bytes):
        return False
    return bool(zlib.crc32(photo.read()) == row.crc32)


def photo_path(album_id: str, photo_id: str) -> str:
    """Return where a photo of an album lies in the store."""
    return f"albums/{album_id}/{photo_id}"
