"""Drafts: cleaned photos that wait, for an hour, to become an album. In the store, so several copies share them.

A video that this server made of such photos can wait among them (`add_video`). It never comes from outside: no route
takes one, and its bytes are looked at again before they are kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import time
from typing import TYPE_CHECKING, Any, Final, Protocol

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.keys import new_id
from lib.albums.owners import Owners
from lib.albums.photo_store import PhotoStore
from lib.albums.problems import DraftGone, PhotoGone, TooFast, TooManyPhotos
from lib.albums.quota import Quota
from lib.albums.tables import draft_photos, drafts
from lib.albums.wishes import TURNS
from lib.services.base import VIDEO_TYPE
from lib.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from lib.photos import MetadataReport

MAX_NAME_CHARS: Final = 120  # of a file's name, shown to its sender only
MAX_DRAFTS: Final = 30  # open drafts of one visitor: one for each tab, and many more than anybody opens
SMALL: Final = ".small"  # the grid size lies beside the photo
SMALL_SIDE: Final = 480  # pixels
_ENDING_CHARS: Final = 5  # ".jpeg", ".heif"


class Prepared(Protocol):
    """A clean photo, as `lib.photos.prepare_photo` returns it."""

    @property
    def data(self) -> bytes:
        """Its bytes."""

    @property
    def width(self) -> int:
        """Pixels."""

    @property
    def height(self) -> int:
        """Pixels."""

    @property
    def media_type(self) -> str:
        """JPEG or PNG; MP4 of a video that was made here."""

    @property
    def report(self) -> MetadataReport:
        """What was hidden in the original."""

    @property
    def notes(self) -> Sequence[str]:
        """What the sender has to know."""


@dataclass(frozen=True, slots=True)
class DraftPhoto:
    """One clean photo of a draft, or a video made of photos. `report` is `MetadataReport.to_dict()` of the original."""

    id: str
    name: str  # the sender's file name, without path, control characters and turning marks
    media_type: str
    width: int
    height: int
    size_bytes: int
    original_size_bytes: int
    report: dict[str, Any] = field(repr=False)
    notes: tuple[str, ...]
    position: float
    upload_key: str | None = None  # the picker's own name for this upload

    @property
    def is_video(self) -> bool:
        """It is a video that was made here."""
        return self.media_type == VIDEO_TYPE

    @property
    def seconds(self) -> float:
        """How long a video plays."""
        return float(self.report.get("seconds", 0.0))


def plain_name(name: str) -> str:
    """Return a file's name as it may be shown: its last part, printable, not longer than it should be."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" or c == "\u200d").translate(TURNS).strip()
    if len(kept) > MAX_NAME_CHARS:
        stem, dot, ending = kept.rpartition(".")
        ending = f"…{dot}{ending}" if dot and len(ending) <= _ENDING_CHARS else "…"
        kept = (stem or kept)[: MAX_NAME_CHARS - len(ending)] + ending
    return kept or "photo"


class Drafts:
    """Drafts of all visitors. Every call names the owner; another owner's draft is simply not there."""

    def __init__(self, index: Index, store: PhotoStore, owners: Owners, quota: Quota, settings: Settings) -> None:
        self._index = index
        self._store = store
        self._owners = owners
        self._quota = quota
        self._settings = settings

    def create(self, owner: str) -> str:
        """Open a draft and return its unguessable id."""
        person = self._owners.person(owner)
        draft_id = new_id()
        with self._index.write() as connection:
            count = connection.execute(
                sa.select(sa.func.count()).where(drafts.c.person == person, drafts.c.touched_at > self._oldest())
            ).scalar_one()
            if count >= MAX_DRAFTS:
                raise TooFast(f"This visitor has {count} unfinished sets of photos; {MAX_DRAFTS} is the limit.")
            connection.execute(sa.insert(drafts).values(id=draft_id, person=person, touched_at=time()))
        return draft_id

    def latest(self, owner: str) -> str | None:
        """Return this visitor's living draft that was touched last and holds photos: a page loaded again finds it."""
        found = self._index.value(
            sa.select(drafts.c.id)
            .where(
                drafts.c.person == self._owners.person(owner),
                drafts.c.touched_at > self._oldest(),
                sa.exists().where(draft_photos.c.draft_id == drafts.c.id, draft_photos.c.removed_at.is_(None)),
            )
            .order_by(drafts.c.touched_at.desc())
            .limit(1)
        )
        return None if found is None else str(found)

    def _oldest(self) -> float:
        return time() - self._settings.draft_life_s

    def _check(self, draft_id: str, owner: str) -> None:
        person = self._owners.person(owner)
        found = self._index.value(
            sa.select(drafts.c.id).where(
                drafts.c.id == draft_id, drafts.c.person == person, drafts.c.touched_at > self._oldest()
            )
        )
        if found is None:
            raise DraftGone

    def _touch(self, connection: Connection, draft_id: str, person: str) -> None:
        """Keep the draft for another hour, and hold its row until the transaction ends."""
        touched = connection.execute(
            sa.update(drafts)
            .where(
                drafts.c.id == draft_id,
                drafts.c.person == person,
                drafts.c.touched_at > self._oldest(),
            )
            .values(touched_at=time())
        )
        if touched.rowcount != 1:
            raise DraftGone

    def check_room(self, draft_id: str, owner: str) -> None:
        """Raise `TooManyPhotos` or `NoRoom` before a photo is even read: cheap, and asked again when it is added."""
        self._check(draft_id, owner)
        if self._count(draft_id) >= self._settings.max_photos:
            raise self._too_many()
        self._quota.check(self._owners.person(owner), 1)

    def _count(self, draft_id: str) -> int:
        return int(
            self._index.value(
                sa.select(sa.func.count()).where(
                    draft_photos.c.draft_id == draft_id, draft_photos.c.removed_at.is_(None)
                )
            )
        )

    def _too_many(self) -> TooManyPhotos:
        return TooManyPhotos(f"One link holds at most {self._settings.max_photos} photos.")

    def add(
        self,
        draft_id: str,
        owner: str,
        *,
        name: str,
        photo: Prepared,
        removed: Sequence[str] = (),
        original_size_bytes: int = 0,
        upload_key: str | None = None,
    ) -> DraftPhoto:
        """Keep one clean photo. Its bytes are written first; the row that makes it visible comes last.

        A photo that was already cleaned on the sender's device comes with the kinds of hidden data that were
        `removed` there (they join the report) and the size of the original. The same `upload_key` never makes a
        second photo: an upload that was repeated finds the first one again.
        """
        from lib.photos import small_photo

        self._check(draft_id, owner)
        return self._add(
            draft_id, owner, photo, small_photo(photo.data, SMALL_SIDE), name=name, upload_key=upload_key,
            original_size_bytes=original_size_bytes or int(photo.report.size_bytes),
            report=photo.report.to_dict() | ({"removed": list(removed)} if removed else {}),
        )  # fmt: skip

    def add_video(
        self, draft_id: str, owner: str, *, name: str, data: bytes, notes: Sequence[str] = (), aside: bool = False
    ) -> DraftPhoto:
        """Keep a video that `lib.photos.slideshow` made. It is looked at first: raises `VideoRefused`.

        With `aside` it waits beside the album until `restore` puts it in, as a photo does that was removed.
        """
        from lib.photos.video import check_video

        self._check(draft_id, owner)
        video = check_video(data, notes=tuple(notes))
        return self._add(
            draft_id, owner, video, video.small, name=name, original_size_bytes=len(data),
            report=video.report.to_dict() | {"seconds": video.seconds}, aside=aside,
        )  # fmt: skip

    def _add(
        self,
        draft_id: str,
        owner: str,
        photo: Prepared,
        small: bytes,
        *,
        name: str,
        original_size_bytes: int,
        report: dict[str, Any],
        upload_key: str | None = None,
        aside: bool = False,
    ) -> DraftPhoto:
        person = self._owners.person(owner)
        self._quota.check(person, len(photo.data) + len(small))
        photo_id = new_id()
        path = _path(draft_id, photo_id)
        kept = {
            "id": photo_id,
            "name": plain_name(name),
            "media_type": photo.media_type,
            "width": photo.width,
            "height": photo.height,
            "size_bytes": len(photo.data),
            "original_size_bytes": original_size_bytes,
            "report": report,
            "notes": list(photo.notes),
            "upload_key": upload_key,
            "removed_at": time() if aside else None,
        }
        try:
            self._store.put(path, photo.data)
            self._store.put(path + SMALL, small)
            with self._index.write() as connection:
                self._touch(connection, draft_id, person)
                here = draft_photos.c.draft_id == draft_id
                same = sa.select(draft_photos).where(here, draft_photos.c.upload_key == upload_key)
                if upload_key is not None and (first := connection.execute(same).first()) is not None:
                    self._store.delete([path, path + SMALL])
                    wanted = sa.update(draft_photos).where(here, draft_photos.c.id == first.id)
                    connection.execute(wanted.values(removed_at=None))  # removed, then undone while it was on its way
                    return _photo(dict(first._mapping))  # noqa: SLF001 - SQLAlchemy's public name for it
                # Asked again now: uploads side by side all passed the first time.
                self._quota.check(person, len(photo.data) + len(small))
                count = connection.execute(
                    sa.select(sa.func.count()).where(here, draft_photos.c.removed_at.is_(None))
                ).scalar_one()
                if count >= self._settings.max_photos and not aside:
                    raise self._too_many()  # noqa: TRY301 - the bytes above have to go again
                last = connection.execute(
                    sa.select(sa.func.coalesce(sa.func.max(draft_photos.c.position), 0.0)).where(here)
                ).scalar_one()
                kept["position"] = float(last) + 1
                connection.execute(sa.insert(draft_photos).values(draft_id=draft_id, **kept))
        except BaseException:
            self._store.delete([path, path + SMALL])
            raise
        return _photo(kept)

    def photos(self, draft_id: str, owner: str) -> list[DraftPhoto]:
        """Return the photos of a draft in their order, without those removed."""
        self._check(draft_id, owner)
        rows = self._index.rows(
            sa.select(draft_photos)
            .where(draft_photos.c.draft_id == draft_id, draft_photos.c.removed_at.is_(None))
            .order_by(draft_photos.c.position)
        )
        return [_photo(dict(row._mapping)) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it

    def read(self, draft_id: str, owner: str, photo_id: str, *, small: bool = False) -> bytes:
        """Return the bytes of one clean photo, or of its grid size."""
        self._check(draft_id, owner)
        here = draft_photos.c.draft_id == draft_id, draft_photos.c.id == photo_id
        if self._index.value(sa.select(draft_photos.c.id).where(*here)) is None:
            raise PhotoGone
        return self._store.get(_path(draft_id, photo_id) + (SMALL if small else ""))

    def find(self, draft_id: str, owner: str, photo_id: str) -> tuple[DraftPhoto, str]:
        """Return one photo, also one that was removed or stands aside, and where its bytes lie in the store."""
        self._check(draft_id, owner)
        here = draft_photos.c.draft_id == draft_id, draft_photos.c.id == photo_id
        row = self._index.row(sa.select(draft_photos).where(*here))
        if row is None:
            raise PhotoGone
        return _photo(dict(row._mapping)), _path(draft_id, photo_id)  # noqa: SLF001 - SQLAlchemy's public name for it

    def discard(self, draft_id: str, owner: str, photo_id: str) -> None:
        """Delete for good what was removed or stands aside; what is part of the album stays. Twice is no error."""
        person = self._owners.person(owner)
        with self._index.write() as connection:
            self._touch(connection, draft_id, person)
            gone = connection.execute(
                sa.delete(draft_photos).where(
                    draft_photos.c.draft_id == draft_id,
                    draft_photos.c.id == photo_id,
                    draft_photos.c.removed_at.is_not(None),
                )
            )
        if gone.rowcount:
            path = _path(draft_id, photo_id)
            self._store.delete([path, path + SMALL])

    def remove(self, draft_id: str, owner: str, photo_id: str) -> None:
        """Take one photo out; `restore` brings it back to its place while the draft lives."""
        self._mark(draft_id, owner, photo_id, time())

    def restore(self, draft_id: str, owner: str, photo_id: str) -> None:
        """Undo a removal. Raises `TooManyPhotos` when its place was taken meanwhile."""
        if self._count(draft_id) >= self._settings.max_photos:
            self._check(draft_id, owner)
            raise self._too_many()
        self._mark(draft_id, owner, photo_id, None)

    def _mark(self, draft_id: str, owner: str, photo_id: str, removed_at: float | None) -> None:
        person = self._owners.person(owner)
        with self._index.write() as connection:
            self._touch(connection, draft_id, person)
            marked = connection.execute(
                sa.update(draft_photos)
                .where(draft_photos.c.draft_id == draft_id, draft_photos.c.id == photo_id)
                .values(removed_at=removed_at)
            )
            if marked.rowcount != 1:
                raise PhotoGone

    def reorder(self, draft_id: str, owner: str, photo_ids: Sequence[str]) -> None:
        """Put the photos into this order. Ids that are not there are passed over; photos not named come last."""
        person = self._owners.person(owner)
        with self._index.write() as connection:
            self._touch(connection, draft_id, person)
            here = draft_photos.c.draft_id == draft_id
            known = [
                row.id
                for row in connection.execute(
                    sa.select(draft_photos.c.id).where(here).order_by(draft_photos.c.position)
                )
            ]
            wished = [photo_id for photo_id in dict.fromkeys(photo_ids) if photo_id in known]
            order = wished + [photo_id for photo_id in known if photo_id not in wished]
            for position, photo_id in enumerate(order, 1):
                connection.execute(
                    sa.update(draft_photos).where(here, draft_photos.c.id == photo_id).values(position=float(position))
                )

    def delete(self, draft_id: str, owner: str) -> None:
        """Delete a draft and its photos now. One that is already gone is no error."""
        person = self._owners.person(owner)
        with self._index.write() as connection:
            connection.execute(
                sa.update(drafts).where(drafts.c.id == draft_id, drafts.c.person == person).values(touched_at=0.0)
            )
        mine = self._index.value(sa.select(drafts.c.id).where(drafts.c.id == draft_id, drafts.c.person == person))
        if mine is not None:
            self._drop(draft_id)

    def sweep(self) -> int:
        """Delete drafts whose time is over; return how many."""
        old = self._index.rows(sa.select(drafts.c.id).where(drafts.c.touched_at <= self._oldest()))
        for row in old:
            self._drop(row.id)
        return len(old)

    def _drop(self, draft_id: str) -> None:
        """Delete the bytes, then the rows: a crash between leaves a draft that is over and is dropped again."""
        self._store.delete_all(f"drafts/{draft_id}")
        with self._index.write() as connection:
            connection.execute(sa.delete(draft_photos).where(draft_photos.c.draft_id == draft_id))
            connection.execute(sa.delete(drafts).where(drafts.c.id == draft_id))


def _path(draft_id: str, photo_id: str) -> str:
    return f"drafts/{draft_id}/{photo_id}"


def _photo(kept: dict[str, Any]) -> DraftPhoto:
    names = ("id", "name", "media_type", "width", "height", "size_bytes", "original_size_bytes", "report", "position")
    return DraftPhoto(
        notes=tuple(kept["notes"]), upload_key=kept.get("upload_key"), **{name: kept[name] for name in names}
    )
