"""Albums that come whole, from a program or the command line, in the shape of every provider."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from lib.albums.albums import Albums
from lib.albums.link_rows import ENDINGS
from lib.albums.photos import Photos
from lib.albums.problems import NoPhotos, TooManyPhotos, WishRefused
from lib.albums.totals import Totals
from lib.photos import MetadataReport
from lib.services.base import Album, AlbumPhoto, OnProgress, Progress, no_progress
from lib.settings import Settings
from lib.text.later import later


@dataclass(frozen=True, slots=True)
class _Clean:
    """A clean photo of an album, with its bytes: what `Photos.add` takes."""

    data: bytes = field(repr=False)
    width: int
    height: int
    media_type: str
    report: MetadataReport = field(repr=False)
    notes: tuple[str, ...] = ()
    looked_through: bool = False


class Intake:
    """Turns albums that come whole into albums of this server."""

    def __init__(self, owners_albums: Albums, photos: Photos, totals: Totals, settings: Settings) -> None:
        self._albums = owners_albums
        self._photos = photos
        self._totals = totals
        self._settings = settings

    def take(self, owner: str, album: Album, on_progress: OnProgress = no_progress) -> str:
        """Keep an album's photos and return its id. Nobody sees it before it has a link.

        Called again with the same key it continues where it stopped; a complete album is only found again. Photos that
        were taken out or changed meanwhile are never shared.
        """
        self._check(album)
        album_id = self._albums.open(owner, album.key)
        self._albums.choose(owner, album_id, title=album.title, words=album.words)
        total, bytes_done, order = sum(photo.size_bytes for photo in album.photos), 0, []
        row = self._albums.check(owner, album_id)
        self._totals.check(row, total - int(row.size_bytes))
        there = {photo.upload_key: photo.id for photo in self._photos.all(owner, album_id)}
        keys: list[str] = []
        for done, photo in enumerate(album.photos):
            on_progress(Progress(done, len(album.photos), bytes_done, total, f"Keeping {photo.name}"))
            data = photo.read()
            same = hashlib.sha256(data).hexdigest()[:40]
            keys.append(f"{same}-{sum(key.startswith(same) for key in keys)}")
            order.append(there.get(keys[-1]) or self._keep(owner, album_id, photo, data, keys[-1]))
            bytes_done += photo.size_bytes
        if order != list(there.values()):
            for photo_id in there.values():
                if photo_id not in order:
                    self._photos.remove(owner, album_id, photo_id)
                    self._photos.discard(owner, album_id, photo_id)
            self._photos.reorder(owner, album_id, order)
        on_progress(Progress(len(album.photos), len(album.photos), total, total, "Done"))
        return album_id

    def _check(self, album: Album) -> None:
        if not album.photos:
            raise NoPhotos
        if len(album.photos) > self._settings.max_photos:
            raise TooManyPhotos(
                later(
                    "These are {n} photos; one link holds at most {most}.",
                    n=len(album.photos),
                    most=self._settings.max_photos,
                )
            )
        if any(photo.media_type not in ENDINGS for photo in album.photos):
            raise WishRefused(
                later("This server shows JPEG and PNG photos, and videos that it made of them."),
                fix=later("Clean the photos first."),
            )

    def _keep(self, owner: str, album_id: str, photo: AlbumPhoto, data: bytes, key: str) -> str:
        if photo.is_video:
            return self._photos.add_video(owner, album_id, name=photo.name, data=data, upload_key=key).id
        told = MetadataReport(ENDINGS[photo.media_type], photo.width, photo.height, len(data), 1, (), *_NOTHING)
        clean = _Clean(data, photo.width, photo.height, photo.media_type, told)
        return self._photos.add(owner, album_id, name=photo.name, photo=clean, upload_key=key).id


_NOTHING = (None, None, None, None, None)  # no place, no time, no device: it was cleaned before
