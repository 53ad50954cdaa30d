"""Photos of albums: added, swapped, taken out, put in order, whether the album is a draft or already out.

A photo is written twice, large and as its grid picture, and the second parser looks through it once before that. From
then on it stays where it is: making a link copies nothing.

A video that this server made of such photos can be among them (`add_video`). It never comes from outside: no route
takes one, and its bytes are looked at again before they are kept.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

import sqlalchemy as sa

from lib.albums.album import AlbumState, PhotoInfo, hidden_kinds, photo_info
from lib.albums.albums import Albums
from lib.albums.index import Index
from lib.albums.keys import Keys, new_id
from lib.albums.link_rows import ENDINGS
from lib.albums.photo_store import PhotoStore, StoredBytes
from lib.albums.problems import LastPhoto, PhotoDamaged, PhotoGone, StillPrivate, StoreDown, TooManyPhotos, WishRefused
from lib.albums.sheet import SheetItem
from lib.albums.tables import albums, links, photos, reports
from lib.albums.totals import Totals
from lib.albums.wishes import TURNS, clean_text
from lib.services.base import VIDEO_TYPE
from lib.settings import Settings
from lib.text.later import later, to_plain

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from lib.photos import MetadataReport

MAX_NAME_CHARS: Final = 120  # of a file's name, shown to its sender only
MAX_LABEL: Final = 80  # characters
MAX_PRICE: Final = 40
MAX_MARK: Final = 60
MAX_CAPTION: Final = 300  # characters
MAX_NUMBER: Final = 9_999  # photos that one album ever held: their numbers are part of their addresses
SMALL: Final = ".small"  # the grid size lies beside the photo
AVIF: Final = ".avif"  # and so do lighter copies of both
UNMARKED: Final = ".plain"  # a photo without its watermark: never served
FORMS: Final = ("", SMALL, UNMARKED, AVIF, SMALL + AVIF)
# Form -> its columns: how many bytes, and their CRC-32 where one is kept
_COLUMNS: Final = {
    "": ("size_bytes", "crc32"), SMALL: ("small_bytes", "small_crc32"), UNMARKED: ("plain_bytes", ""),
    AVIF: ("avif_bytes", "avif_crc32"), SMALL + AVIF: ("small_avif_bytes", "small_avif_crc32"),
}  # fmt: skip
# All bytes that a photo takes.
BYTES: Final = (
    photos.c.size_bytes
    + photos.c.small_bytes
    + photos.c.plain_bytes
    + sa.func.coalesce(photos.c.avif_bytes, 0)
    + photos.c.small_avif_bytes
)
_ENDING_CHARS: Final = 5  # ".jpeg", ".heif"
_SHOWN: Final = photos.c.removed_at.is_(None)


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


class CleanedPhoto(Prepared, Protocol):
    """A prepared photo that says whether the second parser has seen it."""

    @property
    def looked_through(self) -> bool:
        """The second parser has seen these very bytes, and found nothing."""


def clean_name(name: str) -> str:
    """Return a file's name as it may be shown: its last part, printable, not longer than it should be."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" or c == "\u200d").translate(TURNS).strip()
    if len(kept) > MAX_NAME_CHARS:
        stem, dot, ending = kept.rpartition(".")
        ending = f"…{dot}{ending}" if dot and len(ending) <= _ENDING_CHARS else "…"
        kept = (stem or kept)[: MAX_NAME_CHARS - len(ending)] + ending
    return kept or "photo"


class _MarkChangedError(Exception):
    """The album's watermark is another one than that of a photo on its way."""


@dataclass(frozen=True, slots=True)
class _Bytes:
    """What is written of one photo: as it is shown, its grid size, and the photo without its watermark."""

    shown: bytes
    small: bytes
    unmarked: bytes = b""

    @classmethod
    def of(cls, unmarked: bytes, text: str) -> Self:
        """Return a photo with a watermark in both sizes. The second parser looks through what is new."""
        from lib.photos import small_photo
        from lib.photos.watermark import watermarked

        shown = watermarked(unmarked, text)
        _refuse_leftovers(shown)
        return cls(shown, small_photo(shown), unmarked)

    @property
    def total(self) -> int:
        return len(self.shown) + len(self.small) + len(self.unmarked)

    def columns(self) -> dict[str, int]:
        return {
            "size_bytes": len(self.shown), "small_bytes": len(self.small), "plain_bytes": len(self.unmarked),
            "crc32": zlib.crc32(self.shown), "small_crc32": zlib.crc32(self.small),
        }  # fmt: skip

    def put(self, store: PhotoStore, path: str) -> None:
        for form, data in ((UNMARKED, self.unmarked), ("", self.shown), (SMALL, self.small)):
            if data:
                store.put(path + form, data)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Bytes that were written to take the place of a photo: the id under which they lie, how many, and the columns."""

    id: str
    total: int
    columns: Mapping[str, int]


def _refuse_leftovers(data: bytes) -> None:
    """Let the second parser look through bytes. Raises `StillPrivate`."""
    from lib.photos import find_leftovers

    if found := find_leftovers(data):
        raise StillPrivate(
            later(
                "A second reader still found something inside: {where}, {what}.",
                where=found[0].where, what=found[0].what,
            )
        )  # fmt: skip


def _check_mark(album: sa.Row[Any], photo: Prepared, mark: str) -> None:
    if photo.media_type != VIDEO_TYPE and album.watermark != mark:
        raise _MarkChangedError


class Photos:
    """Photos of all albums. Every call names the owner; another owner's photo is simply not there."""

    def __init__(
        self, index: Index, store: PhotoStore, keys: Keys, owners_albums: Albums, totals: Totals, settings: Settings
    ) -> None:
        self._index = index
        self._store = store
        self._keys = keys
        self._albums = owners_albums
        self._totals = totals
        self._settings = settings

    def check_room(self, owner: str, album_id: str) -> None:
        """Raise `TooManyPhotos` or `NoRoom` before a photo is even read: cheap, and asked again when it is added."""
        album = self._albums.check(owner, album_id)
        self._check_count(album.photo_count + 1)
        self._totals.check(album, 1)

    def _check_count(self, wanted: int) -> None:
        if wanted > self._settings.max_photos:
            raise TooManyPhotos(later("One link holds at most {most} photos.", most=self._settings.max_photos))

    def add(
        self,
        owner: str,
        album_id: str,
        *,
        name: str,
        photo: CleanedPhoto,
        removed: Sequence[str] = (),
        original_size_bytes: int = 0,
        upload_key: str | None = None,
        instead_of: str | None = None,
        covered: Mapping[str, int] | None = None,
    ) -> PhotoInfo:
        """Keep one clean photo; in an album that is out, people see it at once.

        A photo that was already cleaned on the sender's device comes with the kinds of hidden data that were
        `removed` there (they join the report) and the size of the original. The same `upload_key` never makes a
        second photo: an upload that was repeated finds the first one again. `instead_of` is a photo whose place it
        takes; `covered` says how many faces, codes and other things were covered in it. Raises `StillPrivate`,
        `TooManyPhotos` and `NoRoom`.
        """
        from lib.photos import small_photo

        self._albums.check(owner, album_id)
        if not photo.looked_through:
            _refuse_leftovers(photo.data)
        return self._add(
            owner, album_id, photo, small_photo(photo.data), name=clean_name(name),
            upload_key=upload_key, instead_of=instead_of,
            original_size_bytes=original_size_bytes or int(photo.report.size_bytes),
            report=photo.report.to_dict() | ({"removed": list(removed)} if removed else {})
            | ({"covered": dict(covered)} if covered else {}),
        )  # fmt: skip

    def add_video(
        self, owner: str, album_id: str, *, name: str, data: bytes, notes: Sequence[str] = (), removed: bool = False,
        upload_key: str | None = None,
    ) -> PhotoInfo:  # fmt: skip
        """Keep a video that `lib.photos.slideshow` made. It is looked at first: raises `VideoRefused`.

        With `removed` it is stored as if it had been removed, and becomes part of the album with `restore`.
        """
        from lib.photos.video import check_video

        self._albums.check(owner, album_id)
        video = check_video(data, notes=tuple(notes))
        return self._add(
            owner, album_id, video, video.small, name=clean_name(name), original_size_bytes=len(data),
            report=video.report.to_dict() | {"seconds": video.seconds}, removed=removed,
            upload_key=upload_key,
        )  # fmt: skip

    def _add(
        self, owner: str, album_id: str, photo: Prepared, small: bytes, *, instead_of: str | None = None,
        upload_key: str | None = None, removed: bool = False, **told: Any,
    ) -> PhotoInfo:  # fmt: skip
        """Write the bytes first; the row that makes them part of the album comes last."""
        while True:
            mark = self._albums.check(owner, album_id).watermark if photo.media_type != VIDEO_TYPE else ""
            bytes_ = _Bytes.of(photo.data, mark) if mark else _Bytes(photo.data, small)
            with suppress(_MarkChangedError):
                return self._add_bytes(owner, album_id, photo, bytes_, mark, instead_of, upload_key, removed, **told)

    def _add_bytes(
        self, owner: str, album_id: str, photo: Prepared, written: _Bytes, mark: str, instead_of: str | None,
        upload_key: str | None, removed: bool, **told: Any,  # noqa: FBT001
    ) -> PhotoInfo:  # fmt: skip
        photo_id, now = new_id(), time()
        path = photo_path(album_id, photo_id)
        kept = told | {
            "id": photo_id, "album_id": album_id, "label": "", "price": "", "caption": "",
            "media_type": photo.media_type, "width": photo.width,
            "height": photo.height, **written.columns(), "notes": [to_plain(note) for note in photo.notes],
            "upload_key": upload_key, "added_at": now,
            "removed_at": now if removed else None,
        }  # fmt: skip
        self._totals.check(self._albums.check(owner, album_id), written.total)
        first: sa.Row[Any] | None = None
        try:
            written.put(self._store, path)
            with self._index.write() as connection:
                album = self._albums.touch(connection, owner, album_id)
                _check_mark(album, photo, mark)
                if upload_key is not None:
                    first = self._uploaded_before(connection, album_id, upload_key)
                if first is None:
                    self._insert(connection, album, kept, instead_of)
        except StoreDown:
            raise  # nobody knows whether the row was written: bytes that belong to none go with the sweep
        except BaseException:
            self._store.delete([path + form for form in FORMS])
            raise
        if first is not None:
            self._store.delete([path + form for form in FORMS])
            return photo_info(first)
        return self.find(owner, album_id, photo_id)[0]

    def _uploaded_before(self, connection: Connection, album_id: str, upload_key: str) -> sa.Row[Any] | None:
        """Return the photo of a repeated upload. One that was taken out meanwhile and is sent again is shown again."""
        same = sa.and_(photos.c.album_id == album_id, photos.c.upload_key == upload_key)
        connection.execute(sa.update(photos).where(same, photos.c.removed_at.is_not(None)).values(removed_at=None))
        first = connection.execute(sa.select(photos).where(same)).first()
        if first is not None:
            self._count(connection, album_id)
        return first

    def _insert(self, connection: Connection, album: sa.Row[Any], kept: dict[str, Any], instead_of: str | None) -> None:
        here = photos.c.album_id == album.id
        last = connection.execute(
            sa.select(
                sa.func.coalesce(sa.func.max(photos.c.number), 0).label("number"),
                sa.func.coalesce(sa.func.max(photos.c.position), 0.0).label("position"),
            ).where(here)
        ).one()
        if last.number >= MAX_NUMBER:
            raise TooManyPhotos(
                later("So many photos came and went that this album takes no more."), fix=later("Make a new link.")
            )
        position = float(last.position) + 1
        if instead_of is not None:
            old = sa.and_(here, photos.c.id == instead_of, _SHOWN)
            place = connection.execute(sa.select(photos.c.position).where(old)).scalar()
            if place is None:
                raise PhotoGone
            connection.execute(sa.update(photos).where(old).values(removed_at=time()))
            self._look_again(connection, album.id)
            position = float(place)
        if album.state == AlbumState.READY:
            kept = kept | {"report": _kinds_only(kept["report"])}
            connection.execute(sa.update(albums).where(albums.c.id == album.id).values(lighten_at=time()))
        connection.execute(sa.insert(photos).values(**kept, number=last.number + 1, position=position))
        # Asked again now: uploads side by side all passed the first time.
        if kept["removed_at"] is None:
            self._check_count(self._count(connection, album.id))
        more = kept["size_bytes"] + kept["small_bytes"] + kept["plain_bytes"]
        connection.execute(
            sa.update(albums).where(albums.c.id == album.id).values(kept_bytes=albums.c.kept_bytes + more)
        )
        self._totals.add(connection, album, more)

    def _count(self, connection: Connection, album_id: str) -> int:
        """Write what the album now shows, after a change in the same transaction; return how many photos it shows."""
        here = sa.and_(photos.c.album_id == album_id, _SHOWN)
        shown = connection.execute(
            sa.select(
                sa.func.count().label("photo_count"),
                sa.func.coalesce(sa.func.sum(sa.case((photos.c.media_type == VIDEO_TYPE, 1), else_=0)), 0)
                .label("video_count"),
                sa.func.coalesce(sa.func.sum(photos.c.size_bytes), 0).label("size_bytes"),
            ).where(here)
        ).one()  # fmt: skip
        connection.execute(
            sa.update(albums).where(albums.c.id == album_id).values(**shown._mapping, changed_at=time())  # noqa: SLF001
        )
        return int(shown.photo_count)

    def all(self, owner: str, album_id: str) -> list[PhotoInfo]:
        """Return the photos of an album in their order, without those removed."""
        self._albums.check(owner, album_id)
        shown = sa.select(photos).where(photos.c.album_id == album_id, _SHOWN).order_by(photos.c.position)
        return [photo_info(row) for row in self._index.rows(shown)]

    def find(self, owner: str, album_id: str, photo_id: str) -> tuple[PhotoInfo, str]:
        """Return one photo, also one that was removed or not yet put in, and where its bytes lie in the store."""
        return photo_info(self._row(owner, album_id, photo_id)), photo_path(album_id, photo_id)

    def _row(self, owner: str, album_id: str, photo_id: str) -> sa.Row[Any]:
        self._albums.check(owner, album_id)
        row = self._index.row(sa.select(photos).where(photos.c.album_id == album_id, photos.c.id == photo_id))
        if row is None:
            raise PhotoGone
        return row

    def read(self, owner: str, album_id: str, photo_id: str, *, small: bool = False, unmarked: bool = False) -> bytes:
        """Return the bytes of one clean photo, or of its grid size, or those without its watermark."""
        row = self._row(owner, album_id, photo_id)
        form = SMALL if small else UNMARKED if unmarked and row.plain_bytes else ""
        return self._store.read(kept_bytes(album_id, row, form))

    def cover(self, owner: str, album_id: str) -> bytes:
        """Return the grid size of the first photo. Raises `PhotoGone`."""
        self._albums.check(owner, album_id)
        shown = sa.select(photos).where(photos.c.album_id == album_id, _SHOWN).order_by(photos.c.position)
        if (first := self._index.row(shown.limit(1))) is None:
            raise PhotoGone
        return self._store.read(kept_bytes(album_id, first, SMALL))

    def reported(self, report_id: str, most: int) -> list[bytes]:
        """Return grid pictures for the host: of the photo that an open report names, else of the album's first ones.

        Nothing where the report is closed or its link is over: what nobody reported is not looked at.
        """
        this_one = sa.or_(reports.c.photo.is_(None), reports.c.photo == photos.c.number)
        opens = sa.and_(links.c.revoked_at.is_(None), links.c.expires_at > time())
        rows = self._index.rows(
            sa.select(photos)
            .join(links, links.c.album_id == photos.c.album_id)
            .join(reports, reports.c.link_id == links.c.id)
            .where(reports.c.id == report_id, reports.c.closed_at.is_(None), this_one, opens, _SHOWN)
            .order_by(photos.c.position)
            .limit(most)
        )
        return [self._store.read(kept_bytes(row.album_id, row, SMALL)) for row in rows]

    def damaged(self, owner: str, album_id: str) -> list[PhotoInfo]:
        """Return the photos whose bytes were found damaged, and still are; what is whole again is forgotten.

        Reads what was noted before: costs one small read where nothing was.
        """
        self._albums.check(owner, album_id)
        noted = sa.select(photos).where(photos.c.album_id == album_id, _SHOWN, photos.c.damaged_at.is_not(None))
        broken = []
        for row in self._index.rows(noted.order_by(photos.c.position)):
            try:
                for form in ("", SMALL):
                    self._store.read(kept_bytes(album_id, row, form))
            except (PhotoDamaged, PhotoGone):
                broken.append(photo_info(row))
            else:
                with self._index.write() as connection:
                    connection.execute(sa.update(photos).where(photos.c.id == row.id).values(damaged_at=None))
        return broken

    def remove(self, owner: str, album_id: str, photo_id: str) -> None:
        """Take one photo out: from now on no address shows it. `restore` brings it back to its place.

        That works while a draft lives, and for as long as taking back can be undone where the album is out. Raises
        `LastPhoto` for the only photo of an album that is out.
        """
        with self._index.write() as connection:
            album = self._albums.touch(connection, owner, album_id)
            here = sa.and_(photos.c.album_id == album_id, photos.c.id == photo_id)
            if not connection.execute(sa.update(photos).where(here).values(removed_at=time())).rowcount:
                raise PhotoGone
            left = self._count(connection, album_id)
            if album.state == AlbumState.READY:
                if not left:
                    raise LastPhoto
                self._look_again(connection, album_id)

    def restore(self, owner: str, album_id: str, photo_id: str) -> None:
        """Undo a removal. Raises `TooManyPhotos` when its place was taken, `PhotoGone` when it is too late."""
        with self._index.write() as connection:
            album = self._albums.touch(connection, owner, album_id)
            here = [photos.c.album_id == album_id, photos.c.id == photo_id]
            if album.state == AlbumState.READY:
                here.append(sa.or_(_SHOWN, photos.c.removed_at > time() - self._settings.undo_grace_s))
            if not connection.execute(sa.update(photos).where(*here).values(removed_at=None)).rowcount:
                raise PhotoGone
            self._check_count(self._count(connection, album_id))

    def _look_again(self, connection: Connection, album_id: str) -> None:
        """Let the sweep delete what was taken out, once that can no longer be undone."""
        then = time() + self._settings.undo_grace_s
        connection.execute(sa.update(albums).where(albums.c.id == album_id, albums.c.due_at > then).values(due_at=then))

    def discard(self, owner: str, album_id: str, photo_id: str) -> None:
        """Delete for good a photo that was removed or not yet put in; one in the album stays. Twice is no error."""
        with self._index.write() as connection:
            self._albums.touch(connection, owner, album_id)
        self.drop(album_id, photos.c.id == photo_id)

    def drop(self, album_id: str, which: sa.ColumnElement[bool]) -> int:
        """Delete removed photos for good: first their rows, so that nobody can bring back what has no bytes.

        Bytes that a crash left behind belong to no row, and the sweep takes them.
        """
        here = sa.and_(photos.c.album_id == album_id, photos.c.removed_at.is_not(None), which)
        with self._index.write() as connection:
            album = connection.execute(
                sa.update(albums).where(albums.c.id == album_id).values(touched_at=albums.c.touched_at)
                .returning(albums.c.person, albums.c.network)
            ).one()  # fmt: skip
            rows = connection.execute(sa.delete(photos).where(here).returning(photos.c.id, BYTES.label("bytes"))).all()
            if freed := sum(int(row.bytes) for row in rows):
                connection.execute(
                    sa.update(albums).where(albums.c.id == album_id).values(kept_bytes=albums.c.kept_bytes - freed)
                )
                self._totals.add(connection, album, -freed)
        paths = [photo_path(album_id, row.id) for row in rows]
        self._store.delete([path + form for path in paths for form in FORMS])
        return len(rows)

    def describe(self, owner: str, album_id: str, items: Mapping[str, SheetItem]) -> None:
        """Keep what recipients read below photos, by photo id: all of it, or nothing. Raises `WishRefused`."""
        kept = {
            photo_id: {
                "label": clean_text(item.label, MAX_LABEL, later("The name of a photo")),
                "price": clean_text(item.price, MAX_PRICE, later("The price of a photo")),
                "caption": clean_text(item.caption, MAX_CAPTION, later("The line under a photo")),
            }
            for photo_id, item in items.items()
        }
        with self._index.write() as connection:
            self._albums.touch(connection, owner, album_id)
            for photo_id, values in kept.items():
                here = sa.and_(photos.c.album_id == album_id, photos.c.id == photo_id)
                if not connection.execute(sa.update(photos).where(here).values(**values)).rowcount:
                    raise PhotoGone
            self._count(connection, album_id)

    def mark(self, owner: str, album_id: str, text: str) -> dict[str, str]:
        """Write a text across every photo of an album, in every size; an empty one takes it away again.

        Photos that come later get it too. All change at once: whoever looks, or comes back after a crash, sees the text
        on every photo or on none. Each photo gets a new id and keeps its place and its addresses; returned are the old
        ids with the new ones. Videos stay as they are. Raises `WishRefused`, `NoRoom` and `PhotoDamaged`.
        """
        from lib.photos.watermark import can_be_drawn

        text = clean_text(text, MAX_MARK, later("The watermark"))
        if text and not can_be_drawn(text):
            raise WishRefused(later("This server has no font for these letters."))
        pictures = sa.select(photos).where(photos.c.album_id == album_id, photos.c.media_type != VIDEO_TYPE)
        before = self._index.rows(pictures.order_by(photos.c.position))
        if text:
            album = self._albums.check(owner, album_id)
            self._totals.check(album, sum(int(row.size_bytes) for row in before if not row.plain_bytes))
        fresh: dict[str, _Fresh] = {}  # of each photo: the one that takes its place
        try:
            while (moved := self._put_in_place(owner, album_id, text, fresh)) is None:
                for row in self._index.rows(pictures.order_by(photos.c.position)):
                    if row.id not in fresh and (new := self._marked(album_id, row, text)) is not None:
                        fresh[row.id] = new
        except StoreDown:
            raise  # nobody knows whether the rows were written: bytes that belong to none go with the sweep
        except BaseException:
            self._drop_bytes(album_id, [new.id for new in fresh.values()])
            raise
        self._drop_bytes(album_id, [*moved, *(new.id for old, new in fresh.items() if old not in moved)])
        return moved

    def _marked(self, album_id: str, photo: sa.Row[Any], text: str) -> _Fresh | None:
        """Write the bytes of a photo with another text, or with none, beside its own; None for one that went meanwhile.

        Raises `PhotoGone` for one whose bytes the store has lost, and `PhotoDamaged`.
        """
        from lib.photos import small_photo

        try:
            unmarked = self._store.read(kept_bytes(album_id, photo, UNMARKED if photo.plain_bytes else ""))
        except PhotoGone:
            if self._index.row(sa.select(photos.c.id).where(photos.c.id == photo.id)) is None:
                return None
            raise
        written = _Bytes.of(unmarked, text) if text else _Bytes(unmarked, small_photo(unmarked))
        fresh = _Fresh(new_id(), written.total, written.columns())
        try:
            written.put(self._store, photo_path(album_id, fresh.id))
        except BaseException:
            with suppress(StoreDown):
                self._drop_bytes(album_id, [fresh.id])
            raise
        return fresh

    def _put_in_place(
        self, owner: str, album_id: str, text: str, fresh: Mapping[str, _Fresh]
    ) -> dict[str, str] | None:  # fmt: skip
        """Let every photo become its fresh one, all at once; None, and nothing changed, while one has none yet."""
        here = sa.and_(photos.c.album_id == album_id, photos.c.media_type != VIDEO_TYPE)
        with self._index.write() as connection:
            album = self._albums.touch(connection, owner, album_id)
            there = connection.execute(sa.select(photos.c.id, BYTES.label("bytes")).where(here)).all()
            if any(row.id not in fresh for row in there):
                return None
            for row in there:
                new = fresh[row.id]
                connection.execute(
                    sa.update(photos).where(here, photos.c.id == row.id)
                    .values(id=new.id, avif_bytes=None, small_avif_bytes=0, damaged_at=None, **new.columns)
                )  # fmt: skip
            more = sum(fresh[row.id].total - int(row.bytes) for row in there)
            lighten_at = time() if album.state == AlbumState.READY else None
            connection.execute(
                sa.update(albums).where(albums.c.id == album_id)
                .values(watermark=text, kept_bytes=albums.c.kept_bytes + more, lighten_at=lighten_at)
            )  # fmt: skip
            self._count(connection, album_id)
            self._totals.add(connection, album, more)
            return {row.id: fresh[row.id].id for row in there}

    def _drop_bytes(self, album_id: str, photo_ids: Sequence[str]) -> None:
        self._store.delete([photo_path(album_id, photo_id) + form for photo_id in photo_ids for form in FORMS])

    def replace(
        self,
        owner: str,
        album_id: str,
        photo_id: str,
        *,
        photo: CleanedPhoto,
        upload_key: str | None = None,
        covered: Mapping[str, int] | None = None,
    ) -> PhotoInfo:
        """Put an edited picture in the place of a photo, and delete the photo as it was, for good and in every form.

        Its words and its place stay; its addresses are new. Videos in the album showed it as it was and are deleted
        too. `covered` says what was covered, by kind. An upload that was repeated finds its photo again. Raises
        `PhotoGone` for a photo that is not there or was taken out, `StillPrivate` and `NoRoom`.
        """
        from lib.photos import small_photo

        if not photo.looked_through:
            _refuse_leftovers(photo.data)
        small = small_photo(photo.data)
        while True:
            album = self._albums.check(owner, album_id)
            mark = str(album.watermark)
            self._totals.check(album, len(photo.data) + len(small))
            written = _Bytes.of(photo.data, mark) if mark else _Bytes(photo.data, small)
            with suppress(_MarkChangedError):
                new_id_ = self._replace_bytes(owner, album_id, photo_id, photo, written, mark, upload_key, covered)
                break
        self.drop(album_id, photos.c.media_type == VIDEO_TYPE)
        return self.find(owner, album_id, new_id_)[0]

    def _replace_bytes(
        self, owner: str, album_id: str, photo_id: str, photo: Prepared, written: _Bytes, mark: str,
        upload_key: str | None, covered: Mapping[str, int] | None,
    ) -> str:  # fmt: skip
        fresh_id = new_id()
        old, new = photo_path(album_id, photo_id), photo_path(album_id, fresh_id)
        here = photos.c.album_id == album_id
        there = sa.and_(here, photos.c.id == photo_id, _SHOWN, photos.c.media_type != VIDEO_TYPE)
        values = written.columns() | {
            "id": fresh_id, "width": photo.width, "height": photo.height, "media_type": photo.media_type,
            "notes": [to_plain(note) for note in photo.notes], "avif_bytes": None, "small_avif_bytes": 0,
            "damaged_at": None,
        } | ({"upload_key": upload_key} if upload_key else {})  # fmt: skip
        try:
            written.put(self._store, new)
            with self._index.write() as connection:
                album = self._albums.touch(connection, owner, album_id)
                _check_mark(album, photo, mark)
                before = connection.execute(sa.select(photos.c.report, BYTES.label("bytes")).where(there)).first()
                if before is None:
                    fresh_id = self._replaced_before(connection, album_id, upload_key)
                else:
                    numbers = connection.execute(sa.select(sa.func.max(photos.c.number)).where(here)).scalar()
                    report = {**before.report, "covered": dict(covered)} if covered else {**before.report}
                    if not covered:
                        report.pop("covered", None)
                    number = min(int(numbers or 0) + 1, MAX_NUMBER)
                    connection.execute(sa.update(photos).where(there).values(**values, report=report, number=number))
                    videos = sa.and_(here, photos.c.media_type == VIDEO_TYPE, _SHOWN)
                    connection.execute(sa.update(photos).where(videos).values(removed_at=time()))
                    self._count(connection, album_id)
                    more = written.total - int(before.bytes or 0)
                    lighten_at = time() if album.state == AlbumState.READY else None
                    connection.execute(
                        sa.update(albums).where(albums.c.id == album_id)
                        .values(kept_bytes=albums.c.kept_bytes + more, lighten_at=lighten_at)
                    )  # fmt: skip
                    self._totals.add(connection, album, more)
        except StoreDown:
            raise  # nobody knows whether the row was written: bytes that belong to none go with the sweep
        except BaseException:
            self._store.delete([new + form for form in FORMS])
            raise
        taken = new == photo_path(album_id, fresh_id)
        self._store.delete([(old if taken else new) + form for form in FORMS])
        return fresh_id

    def _replaced_before(self, connection: Connection, album_id: str, upload_key: str | None) -> str:
        """Return the photo of a repeated edit. Raises `PhotoGone`: the photo itself went meanwhile."""
        same = sa.and_(photos.c.album_id == album_id, photos.c.upload_key == upload_key, _SHOWN)
        found = connection.execute(sa.select(photos.c.id).where(same)).scalar() if upload_key else None
        if found is None:
            raise PhotoGone
        return str(found)

    def reorder(self, owner: str, album_id: str, photo_ids: Sequence[str]) -> None:
        """Put the photos into this order. Unknown ids are ignored; photos that are not named come last."""
        with self._index.write() as connection:
            self._albums.touch(connection, owner, album_id)
            here = photos.c.album_id == album_id
            known = connection.execute(sa.select(photos.c.id).where(here).order_by(photos.c.position)).scalars().all()
            wished = [photo_id for photo_id in dict.fromkeys(photo_ids) if photo_id in known]
            order = wished + [photo_id for photo_id in known if photo_id not in wished]
            for position, photo_id in enumerate(order, 1):
                connection.execute(
                    sa.update(photos).where(here, photos.c.id == photo_id).values(position=float(position))
                )

    def addresses(self, owner: str, album_id: str, photo_id: str) -> list[str]:
        """Return every path that a photo ever had, on every link of its album, for the proof that it is gone.

        A link that is over has no address that could show it. Raises `PhotoGone`.
        """
        photo, _ = self.find(owner, album_id, photo_id)
        works = sa.and_(links.c.album_id == album_id, links.c.revoked_at.is_(None), links.c.expires_at > time())
        made = self._index.rows(sa.select(links.c.id, links.c.token_hash).where(works).order_by(links.c.created_at))
        return [
            path
            for row in made
            if (base := self._keys.path(row.id, row.token_hash))
            for path in photo_paths(base, photo.number, photo.media_type)
        ]


def photo_paths(base: str, number: int, media_type: str) -> list[str]:
    """Return every address of one photo below the path of a link."""
    ending = ENDINGS[media_type]
    return [
        f"{base}/{number}", f"{base}/p/{number}.{ending}", f"{base}/p/{number}-small.jpg",
        f"{base}/save/{number}.{ending}",
    ]  # fmt: skip


def photo_path(album_id: str, photo_id: str) -> str:
    """Return where a photo of an album lies in the store."""
    return f"albums/{album_id}/{photo_id}"


def kept_bytes(album_id: str, photo: Any, form: str = "") -> StoredBytes:
    """Return what the index knows of one form of a photo; `photo` is a row with its columns of that form."""
    size, crc32 = _COLUMNS[form]
    return StoredBytes(
        photo_path(album_id, photo.id) + form, getattr(photo, size), getattr(photo, crc32) if crc32 else None
    )


def photo_of_path(path: str) -> str:
    """Return where the photo lies to which these bytes in the store belong."""
    return next(path.removesuffix(form) for form in reversed(FORMS) if path.endswith(form))


def _kinds_only(report: dict[str, Any]) -> dict[str, Any]:
    seconds = {"seconds": report["seconds"]} if "seconds" in report else {}
    covered = {"covered": report["covered"]} if "covered" in report else {}
    return {"removed": sorted(hidden_kinds(report))} | seconds | covered


def forget_details(connection: Connection, album_id: str) -> None:
    """Keep only the kinds of what was hidden in the originals: where and when they were taken is forgotten."""
    for row in connection.execute(sa.select(photos.c.id, photos.c.report).where(photos.c.album_id == album_id)).all():
        connection.execute(sa.update(photos).where(photos.c.id == row.id).values(report=_kinds_only(row.report)))
