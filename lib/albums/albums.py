"""Albums: from the first photo, when nobody has been given them yet, to the day when their photos are deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from time import time
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from lib.albums.album import AlbumInfo, AlbumState, photo_info
from lib.albums.choices import WHILE_OUT, Choices, checked, read_choices, stored
from lib.albums.index import Index
from lib.albums.keys import Keys, hashed, new_id
from lib.albums.link_rows import FIRST, OWNED, link_info
from lib.albums.owners import Owners
from lib.albums.passwords import password_hash
from lib.albums.photo_store import PhotoStore
from lib.albums.problems import AlbumGone, DraftGone, TooFast, WishRefused
from lib.albums.remembered import Remembered
from lib.albums.tables import albums, links, photos
from lib.albums.totals import Totals
from lib.albums.wishes import DAY_S
from lib.services.base import SharedLink, link_to_dict
from lib.settings import Settings
from lib.text.amounts import count
from lib.text.later import later

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MAX_DRAFTS: Final = 30  # open drafts of one visitor: one for each tab, and many more than anybody opens
HISTORY_DAYS: Final = 30  # how long an album that is over is still listed; its photos are long deleted
MAX_RESULT: Final = 200_000  # characters that pages may keep with an album
_KEY_CHARS: Final = 128
_HOUR_S: Final = 3_600


class Albums:
    """Albums of all visitors. Every call names the owner; another owner's album is simply not there."""

    def __init__(
        self, index: Index, store: PhotoStore, keys: Keys, owners: Owners, totals: Totals, remembered: Remembered,
        settings: Settings,
    ) -> None:  # fmt: skip
        self._index = index
        self._store = store
        self._keys = keys
        self._owners = owners
        self._totals = totals
        self._remembered = remembered
        self._settings = settings

    def open(self, owner: str, key: str = "", *, address: str | None = None) -> str:
        """Open an album as a draft and return its unguessable id. With a `key`, a second call finds the first one's.

        `address` is where its sender is: what new visitors of one network keep is counted together. Raises `TooFast`.
        """
        person, now, album_id = self._owners.person(owner), time(), new_id()
        key = (key if len(key) <= _KEY_CHARS else hashed(key)) or album_id
        mine = sa.and_(albums.c.person == person, albums.c.state == AlbumState.DRAFT)
        with self._index.write() as connection:
            if key != album_id:
                same = sa.select(albums.c.id).where(albums.c.person == person, albums.c.key == key)
                if (found := connection.execute(same).scalar()) is not None:
                    return str(found)
            waiting = sa.select(sa.func.count()).where(mine, albums.c.touched_at > self._oldest())
            if (open_ones := connection.execute(waiting).scalar_one()) >= MAX_DRAFTS:
                raise TooFast(
                    later(
                        "This visitor has {open_ones} unfinished sets of photos; {max_drafts} is the limit.",
                        open_ones=open_ones,
                        max_drafts=MAX_DRAFTS,
                    )
                )
            connection.execute(
                self._index.insert_new(albums).values(
                    id=album_id, person=person, key=key, title="", words="", state=AlbumState.DRAFT.value,
                    created_at=now, touched_at=now, due_at=now + self._settings.draft_life_s,
                    network=self._keys.network_mark(address or ""),
                )
            )  # fmt: skip
            same = sa.select(albums.c.id).where(albums.c.person == person, albums.c.key == key)
            return str(connection.execute(same).scalar_one())

    def latest(self, owner: str) -> str | None:
        """Return this visitor's living draft that was touched last and holds photos: a page loaded again finds it."""
        found = self._index.value(
            sa.select(albums.c.id)
            .where(
                albums.c.person == self._owners.person(owner), albums.c.state == AlbumState.DRAFT,
                albums.c.touched_at > self._oldest(), albums.c.photo_count > 0,
            )
            .order_by(albums.c.touched_at.desc())
            .limit(1)
        )  # fmt: skip
        return None if found is None else str(found)

    def get(self, owner: str, album_id: str) -> AlbumInfo:
        """Return everything about an album. Raises `DraftGone` for a draft that is over, and for what is not there."""
        row = self._row(owner, album_id)
        result = self._result(row)
        if self._waited_too_long(row) or (row.state == AlbumState.OVER and not result and not row.link_count):
            raise DraftGone(waited=self._waited())
        shown = sa.select(photos).where(photos.c.album_id == album_id, photos.c.removed_at.is_(None))
        first = self._index.row(OWNED.where(links.c.album_id == album_id, links.c.key == FIRST))
        now, path = time(), self._keys.path(first.id, first.token_hash) if first else ""
        return AlbumInfo(
            id=row.id, state=AlbumState(row.state), choices=_choices(row), result=result,
            photos=tuple(photo_info(photo) for photo in self._index.rows(shown.order_by(photos.c.position))),
            link=first and link_info(first, path, now, self._settings.undo_grace_s),
            photo_count=row.photo_count, video_count=row.video_count, size_bytes=int(row.size_bytes),
            created_at=datetime.fromtimestamp(row.created_at, UTC), watermark=row.watermark,
        )  # fmt: skip

    def choose(self, owner: str, album_id: str, **choices: Any) -> AlbumInfo:
        """Keep what was chosen, and leave everything else as it is; see `Choices`, and `password`.

        `password` is kept as its hash only; "" or None takes it away. Once the album is out, only what `WHILE_OUT`
        names can be chosen here. Raises `WishRefused`, and then nothing changed.
        """
        wished = checked(choices, self._settings, time())
        hashes: dict[str, str | None] = {}
        if "password" in wished:
            password = wished.pop("password")
            hashes["password_hash"] = password_hash(password) if password is not None else None
        with self._index.write() as connection:
            row = self.touch(connection, owner, album_id)
            if row.state != AlbumState.DRAFT and not WHILE_OUT.issuperset(choices):
                raise WishRefused(
                    later("The link is out already."), fix=later("Change the link itself, under My links.")
                )
            made = replace(_choices(row), **wished)
            values = {"title": made.title, "words": made.words, "choices": stored(made)} | hashes
            connection.execute(sa.update(albums).where(albums.c.id == album_id).values(**values))
        return self.get(owner, album_id)

    def keep(self, owner: str, album_id: str, **parts: Any) -> None:
        """Keep JSON values with the album, encrypted, for `AlbumInfo.result`; a part that is None is forgotten."""
        with self._index.write() as connection:
            here = self._mine(owner, album_id)
            row = connection.execute(sa.select(albums.c.result).where(here).with_for_update()).first()
            if row is None:
                raise AlbumGone
            box = self._boxed(self._result(row) | parts)
            connection.execute(sa.update(albums).where(here).values(result=box))

    def sent_elsewhere(self, owner: str, album_id: str, link: SharedLink, **parts: Any) -> None:
        """Keep the link that another service made of a draft, here and for My links; then delete the photos here."""
        self._remembered.add(owner, link)
        with self._index.write() as connection:
            row = self.touch(connection, owner, album_id)
            if row.state != AlbumState.DRAFT:
                raise AlbumGone
            box = self._boxed(self._result(row) | {"link": link_to_dict(link)} | parts)
            self.end(connection, albums.c.id == album_id, result=box, choices=row.choices)
        self.empty(album_id)

    def delete(self, owner: str, album_id: str) -> None:
        """Delete a draft and its photos now. One that is already gone is no error; what is out stays."""
        here = sa.and_(self._mine(owner, album_id), albums.c.state == AlbumState.DRAFT)
        with self._index.write() as connection:
            self.end(connection, here)
        mine = sa.select(albums.c.id).where(self._mine(owner, album_id), albums.c.state == AlbumState.OVER)
        if self._index.value(mine) is not None:
            self.empty(album_id)

    def touch(self, connection: Connection, owner: str, album_id: str) -> sa.Row[Any]:
        """Hold an album's row until the transaction ends, and keep a draft for another hour. Raises `DraftGone`."""
        lives = sa.or_(
            albums.c.state == AlbumState.READY,
            sa.and_(albums.c.state == AlbumState.DRAFT, albums.c.touched_at > self._oldest()),
        )
        row = connection.execute(
            sa.update(albums).where(self._mine(owner, album_id), lives).values(touched_at=time()).returning(albums)
        ).first()
        if row is None:
            self.check(owner, album_id)
            raise AlbumGone
        return row

    def check(self, owner: str, album_id: str) -> sa.Row[Any]:
        """Return the row of an album that holds photos. Raises `DraftGone` or `AlbumGone`. Cheap: one small read."""
        row = self._row(owner, album_id)
        if self._waited_too_long(row) or (row.state == AlbumState.OVER and not row.link_count):
            raise DraftGone(waited=self._waited())
        if row.state == AlbumState.OVER:
            raise AlbumGone
        return row

    def end(self, connection: Connection, which: sa.ColumnElement[bool], **values: Any) -> int:
        """Mark albums as over: from now on nobody is shown their photos. What the sender wrote of a draft goes too."""
        draft = albums.c.state == AlbumState.DRAFT
        blank: dict[str, Any] = {
            "title": sa.case((draft, ""), else_=albums.c.title), "words": sa.case((draft, ""), else_=albums.c.words),
            "password_hash": None, "watermark": "", "choices": {}, "lighten_at": None,
        }  # fmt: skip
        ended = sa.update(albums).where(which, albums.c.state != AlbumState.OVER)
        now = time()
        done = connection.execute(
            ended.values(**(blank | {"state": AlbumState.OVER.value, "over_at": now, "due_at": 0.0} | values))
        )
        return int(done.rowcount)

    def empty(self, album_id: str) -> None:
        """Delete the bytes of an album that is over, then note it; after a crash between the two, the sweep does it."""
        self._store.delete_all(f"albums/{album_id}")
        now = time()
        here = sa.and_(albums.c.id == album_id, albums.c.state == AlbumState.OVER, albums.c.emptied_at.is_(None))
        with self._index.write() as connection:
            row = connection.execute(
                sa.select(albums.c.person, albums.c.network, albums.c.kept_bytes).where(here).with_for_update()
            )
            if (kept := row.first()) is None:
                return
            connection.execute(
                sa.update(albums).where(albums.c.id == album_id)
                .values(emptied_at=now, kept_bytes=0, network=None, due_at=now + HISTORY_DAYS * DAY_S)
            )  # fmt: skip
            here = photos.c.album_id == album_id
            if connection.execute(sa.select(sa.exists().where(links.c.album_id == album_id))).scalar():
                # The proof of taking back names a photo's addresses by its number; nothing else about it is kept.
                bare: dict[str, Any] = {
                    "report": {}, "notes": [], "name": "", "label": "", "price": "", "caption": "", "upload_key": None,
                }  # fmt: skip
                connection.execute(sa.update(photos).where(here).values(**bare))
            else:
                connection.execute(sa.delete(photos).where(here))
            connection.execute(sa.update(links).where(links.c.album_id == album_id).values(network=None))
            self._totals.add(connection, kept, -int(kept.kept_bytes))

    def _mine(self, owner: str, album_id: str) -> sa.ColumnElement[bool]:
        return sa.and_(albums.c.id == album_id, albums.c.person == self._owners.person(owner))

    def _row(self, owner: str, album_id: str) -> sa.Row[Any]:
        made = sa.select(sa.func.count()).where(links.c.album_id == album_id).scalar_subquery()
        row = self._index.row(sa.select(albums, made.label("link_count")).where(self._mine(owner, album_id)))
        if row is None:
            raise DraftGone
        return row

    def _waited_too_long(self, row: sa.Row[Any]) -> bool:
        return bool(row.state == AlbumState.DRAFT and row.touched_at <= self._oldest())

    def _oldest(self) -> float:
        return time() - self._settings.draft_life_s

    def _waited(self) -> str:
        life = self._settings.draft_life_s
        if life % _HOUR_S:
            return count(max(1, life // 60), "minute")
        return "an hour" if life == _HOUR_S else count(life // _HOUR_S, "hour")

    def _result(self, row: sa.Row[Any]) -> dict[str, Any]:
        text = self._keys.unbox(row.result) if row.result else None
        found = json.loads(text) if text else {}  # no text: the host's secret key was changed
        return found if isinstance(found, dict) else {}

    def _boxed(self, parts: dict[str, Any]) -> str:
        text = json.dumps({name: part for name, part in parts.items() if part is not None})
        if len(text) > MAX_RESULT:
            raise WishRefused(later("That is more than can be kept with an album."))
        return self._keys.box(text)


def _choices(row: sa.Row[Any]) -> Choices:
    return read_choices(row.title, row.words, row.choices, has_password=row.password_hash is not None)
