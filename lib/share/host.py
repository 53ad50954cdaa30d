"""The share host: albums and links of this server, from the first photo to the last byte deleted."""

from __future__ import annotations

import ipaddress
import json
import logging
import threading
import zlib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import Enum
from time import time
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import sqlalchemy as sa

from lib.providers.base import Album, OnProgress, Outcome, Preview, Progress, SharedLink, Wishes, no_progress
from lib.settings import Settings
from lib.share.drafts import SMALL, Drafts
from lib.share.index import Index
from lib.share.keys import Keys, hashed, new_id, open_keys
from lib.share.links import (
    BY_TOKEN,
    ENDINGS,
    ONE_PHOTO,
    OWNED,
    PHOTOS,
    LinkInfo,
    OpenLink,
    PhotoRow,
    link_info,
)
from lib.share.owners import Owners
from lib.share.passwords import FORGET_S, password_hash
from lib.share.photo_store import PhotoStore
from lib.share.problems import (
    AlbumGone,
    LinkEnded,
    LinkGone,
    MayNotCreate,
    TicketRefused,
    TooFast,
    TooManyPhotos,
    WishRefused,
)
from lib.share.quota import Quota
from lib.share.reports import Reports
from lib.share.tables import albums, draft_photos, drafts, links, photos, remembered, reports
from lib.share.wishes import (
    MAX_NAME,
    MAX_TITLE,
    MAX_WORDS,
    checked_expiry,
    checked_password,
    checked_views,
    plain_text,
)

_log = logging.getLogger(__name__)

HISTORY_DAYS: Final = 30  # how long My links still lists a link that is over; its photos are long deleted
HALF_MADE_S: Final = 3_600  # an album nobody finished, or that never got a link
ORPHAN_S: Final = 86_400  # bytes without a row: left by a crash in the wrong moment
HOUR_S: Final = 3_600  # opened times are kept to the hour only
_SMALL_SIDE: Final = 480
_KEY_CHARS: Final = 128
_TICKET_CHARS: Final = 1_000  # longer ones are not even read


class _Keep(Enum):
    KEEP = "keep"


KEEP: Final = _Keep.KEEP  # "leave as it is", where None means "none"
Kept = Literal[_Keep.KEEP]


@dataclass(frozen=True, slots=True)
class RememberedLink:
    """A link at another provider, kept for its owner (encrypted in the index)."""

    id: str
    link: SharedLink
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """What this host keeps, for the person who runs it."""

    live_links: int
    ended_links: int
    albums: int
    photos: int
    photo_bytes: int
    draft_photos: int
    draft_bytes: int
    oldest_link_at: datetime | None
    open_reports: int
    host_bytes: int  # the limit
    index: str  # "sqlite", "postgresql"


@dataclass(frozen=True, slots=True)
class Swept:
    """What one clean-up deleted."""

    albums: int = 0
    drafts: int = 0
    history: int = 0
    orphans: int = 0

    def __bool__(self) -> bool:
        return any((self.albums, self.drafts, self.history, self.orphans))


@dataclass
class Share:
    """Drafts, albums and links of this server. Safe to use from many threads; every call names its owner."""

    settings: Settings
    index: Index = field(repr=False)
    store: PhotoStore = field(repr=False)
    keys: Keys = field(repr=False)

    def __post_init__(self) -> None:
        self.owners = Owners(self.index, self.keys)
        self.quota = Quota(self.index, self.settings)
        self.drafts = Drafts(self.index, self.store, self.owners, self.quota, self.settings)
        self.reports = Reports(self.index)
        self._by_token = self.index.quick(BY_TOKEN)
        self._photos = self.index.quick(PHOTOS)
        self._one_photo = self.index.quick(ONE_PHOTO)
        # Owners' own words, one door.
        self.recovery_code = self.owners.recovery_code
        self.recover = self.owners.recover
        self.owner_for_account = self.owners.owner_for_account
        self.claim = self.owners.claim

    # Who may create

    @property
    def creation_rule(self) -> Literal["anyone", "password", "signed_in"]:
        """Who may create links on this host."""
        return self.settings.who_may_create or "anyone"

    @property
    def choice_missing(self) -> bool:
        """The app is on a public address and its host never said who may create links."""
        return self.settings.who_may_create is None and _is_public(self.settings.public_url)

    def check_may_create(self, owner: str, *, signed_in: bool = False, password: str | None = None) -> None:
        """Raise `MayNotCreate` or `TooFast` when this visitor may not create a link now."""
        if self.creation_rule == "signed_in" and not signed_in:
            raise MayNotCreate("Only people who are signed in create links here.", fix="Sign in first.")
        if self.creation_rule == "password":
            wanted = self.settings.access_password
            if wanted is None:
                raise MayNotCreate(
                    "The host asks for a password but has set none.",
                    fix="Tell the person who runs this app to set access_password.",
                )
            if not self.keys.same(password or "", wanted.get_secret_value()):
                raise MayNotCreate("This needs the password of this app.", fix="Ask the person who runs it.")
        self._check_pace(self.owners.person(owner))

    def may_create(self, owner: str, *, signed_in: bool = False, password: str | None = None) -> bool:
        """Say whether this visitor may create a link now."""
        try:
            self.check_may_create(owner, signed_in=signed_in, password=password)
        except (MayNotCreate, TooFast):
            return False
        return True

    def _check_pace(self, person: str) -> None:
        made = self.index.value(
            sa.select(sa.func.count()).where(links.c.person == person, links.c.created_at > time() - HOUR_S)
        )
        if made >= self.settings.links_per_hour:
            raise TooFast(f"{made} links were made in the last hour; {self.settings.links_per_hour} is the limit.")

    # Upload tickets

    def ticket(self, draft_id: str, owner: str) -> str:
        """Return the signed permission to add photos to a draft, as long as a draft lives. Raises `DraftGone`."""
        self.drafts.photos(draft_id, owner)
        return self.keys.sign("ticket", [draft_id, self.keys.box(owner)])

    def draft_of_ticket(self, ticket: str) -> tuple[str, str]:
        """Return draft id and owner of a ticket. Raises `TicketRefused`."""
        value = self.keys.read("ticket", ticket, self.settings.draft_life_s) if len(ticket) < _TICKET_CHARS else None
        match value:
            case [str() as draft_id, str() as boxed] if (owner := self.keys.unbox(boxed)) is not None:
                return draft_id, owner
        raise TicketRefused

    # Albums

    def create_album(self, owner: str, album: Album, on_progress: OnProgress = no_progress) -> str:
        """Keep an album's photos and return its id. Nobody sees it before it has a link.

        Called again with the same key it continues where it stopped; a complete album is only found again. Photos that
        were taken out or changed meanwhile are never shared.
        """
        person = self.owners.person(owner)
        title = plain_text(album.title, MAX_TITLE, "The title")
        words = plain_text(album.words, MAX_WORDS, "The text", lines=True)
        key = album.key if len(album.key) <= _KEY_CHARS else hashed(album.key)
        self._check_photos(album)
        album_id, state = self._begin_album(person, key, title, words)
        if state in {"dropping", "dropped"}:
            raise AlbumGone
        self._keep_photos(person, album_id, album, on_progress)
        return album_id

    def _check_photos(self, album: Album) -> None:
        if not album.photos:
            raise TooManyPhotos("There are no photos yet.", fix="Choose at least one photo.")
        if len(album.photos) > self.settings.max_photos:
            raise TooManyPhotos(
                f"These are {len(album.photos)} photos; one link holds at most {self.settings.max_photos}."
            )
        if any(photo.media_type not in ENDINGS for photo in album.photos):
            raise WishRefused("This server shows JPEG and PNG photos only.", fix="Clean the photos first.")

    def _begin_album(self, person: str, key: str, title: str, words: str) -> tuple[str, str]:
        now = time()
        here = sa.and_(albums.c.person == person, albums.c.key == key)
        with self.index.write() as connection:
            connection.execute(
                self.index.insert_new(albums).values(
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
        self.quota.check(person, total - sum(kept.values()))
        bytes_done = 0
        for position, photo in enumerate(album.photos, 1):
            on_progress(Progress(position - 1, len(album.photos), bytes_done, total, f"Keeping {photo.name}"))
            if position not in kept:
                self._keep_photo(album_id, position, photo.read(), photo.media_type, (photo.width, photo.height))
            bytes_done += photo.size_bytes
        with self.index.write() as connection:
            ready = connection.execute(
                sa.update(albums).where(albums.c.id == album_id, albums.c.state.in_(("making", "ready")))
                .values(state="ready", touched_at=time())
            )  # fmt: skip
            if ready.rowcount != 1:
                raise AlbumGone
        on_progress(Progress(len(album.photos), len(album.photos), total, total, "Done"))

    def _kept_before(self, album_id: str, album: Album) -> dict[int, int]:
        """Return position and bytes of the photos that are here already; those that are not wanted any more go."""
        rows = self.index.rows(PHOTOS, {"album": album_id})
        kept = {row.position: row.size_bytes for row in rows if _is_at_its_place(row, album)}
        gone = [row.id for row in rows if row.position not in kept]
        if gone:
            with self.index.write() as connection:
                connection.execute(sa.delete(photos).where(photos.c.id.in_(gone)))
            paths = [photo_path(album_id, photo_id) for photo_id in gone]
            self.store.delete([*paths, *(path + SMALL for path in paths)])
        return kept

    def _keep_photo(self, album_id: str, position: int, data: bytes, media_type: str, size: tuple[int, int]) -> None:
        """Write the bytes first; the row that makes them part of the album comes last."""
        from lib.photos import small_photo

        photo_id, small = new_id(), small_photo(data, _SMALL_SIDE)
        path = photo_path(album_id, photo_id)
        self.store.put(path, data)
        self.store.put(path + SMALL, small)
        with self.index.write() as connection:
            alive = connection.execute(
                sa.update(albums)
                .where(albums.c.id == album_id, albums.c.state.in_(("making", "ready")))
                .values(touched_at=time())
            )
            if alive.rowcount != 1:
                raise AlbumGone
            kept = connection.execute(
                self.index.insert_new(photos).values(
                    id=photo_id, album_id=album_id, position=position, media_type=media_type, width=size[0],
                    height=size[1], size_bytes=len(data), small_bytes=len(small), crc32=zlib.crc32(data),
                ).returning(photos.c.id)
            ).first()  # fmt: skip
        if kept is None:  # another tab was first with the same photo
            self.store.delete([path, path + SMALL])

    # Links

    def create_link(self, owner: str, album_id: str, wishes: Wishes, *, key: str | None = None) -> LinkInfo:
        """Make one more link on an album. With a `key`, a second call finds the first one's link again."""
        person, now = self.owners.person(owner), time()
        name = plain_text(wishes.name, MAX_NAME, "The name")
        expires_at = checked_expiry(wishes.expires_at, self.settings, now)
        max_views = checked_views(wishes.max_views)
        password = checked_password(wishes.password)
        link_id, key = new_id(), key or new_id()
        if (found := self._link_of_key(person, album_id, key)) is not None:
            return found
        self._check_pace(person)
        stored = password_hash(password) if password is not None else None
        with self.index.write() as connection:
            ready = connection.execute(
                sa.select(albums.c.id)
                .where(albums.c.id == album_id, albums.c.person == person, albums.c.state == "ready")
                .with_for_update()
            ).first()
            if ready is None:
                raise AlbumGone
            connection.execute(
                self.index.insert_new(links).values(
                    id=link_id, album_id=album_id, key=key, person=person, name=name, created_at=now,
                    token_hash=hashed(self.keys.token(link_id)), expires_at=expires_at, password_hash=stored,
                    max_views=max_views, allow_download=wishes.allow_download, preview=Preview(wishes.preview).value,
                    version=1, views=0, bot_previews=0, own_looks=0, wrong_passwords=0,
                )
            )  # fmt: skip
        made = self._link_of_key(person, album_id, key)
        if made is None:
            raise LinkGone
        return made

    def _link_of_key(self, person: str, album_id: str, key: str) -> LinkInfo | None:
        row = self.index.row(OWNED.where(links.c.album_id == album_id, links.c.key == key, links.c.person == person))
        return self._info(row) if row is not None else None

    def _info(self, row: sa.Row[Any]) -> LinkInfo:
        return link_info(row, self._path(row.id), time(), self.settings.undo_grace_s)

    def _path(self, link_id: str) -> str:
        return f"/s/{self.keys.token(link_id)}"

    def links(self, owner: str) -> list[LinkInfo]:
        """Return all links of this visitor, newest first; those that are over stay listed for 30 days."""
        person = self.owners.person(owner)
        rows = self.index.rows(OWNED.where(links.c.person == person).order_by(links.c.created_at.desc(), links.c.id))
        return [self._info(row) for row in rows]

    def link(self, owner: str, link_id: str) -> LinkInfo:
        """Return one link of this visitor. Raises `LinkGone`."""
        person = self.owners.person(owner)
        row = self.index.row(OWNED.where(links.c.id == link_id, links.c.person == person))
        if row is None:
            raise LinkGone
        return self._info(row)

    def link_of_path(self, owner: str, path: str) -> LinkInfo:
        """Return this visitor's link with an address such as `/s/…`. Raises `LinkGone`."""
        token = path.rpartition("/s/")[2][:22]
        person = self.owners.person(owner)
        row = self.index.row(OWNED.where(links.c.token_hash == hashed(token), links.c.person == person))
        if row is None:
            raise LinkGone
        return self._info(row)

    def change_link(  # noqa: C901, PLR0913 - one argument for each thing that can be changed
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
        person, now = self.owners.person(owner), time()
        values: dict[str, Any] = {}
        if name is not KEEP:
            values["name"] = plain_text(name, MAX_NAME, "The name")
        if expires_at is not KEEP:
            values["expires_at"] = checked_expiry(expires_at, self.settings, now)
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
        info = self.link(owner, link_id)
        here = sa.and_(
            links.c.id == link_id, links.c.person == person, links.c.revoked_at.is_(None), links.c.expires_at > now
        )
        with self.index.write() as connection:
            ready = connection.execute(
                sa.select(albums.c.id).where(albums.c.id == info.album_id, albums.c.state == "ready").with_for_update()
            ).first()
            changed = connection.execute(sa.update(links).where(here).values(**({"name": links.c.name} | values)))
            if ready is None or changed.rowcount != 1:
                raise LinkEnded("A link that was taken back or has expired cannot be changed any more.")
            if of_album:
                connection.execute(sa.update(albums).where(albums.c.id == info.album_id).values(**of_album))
        return self.link(owner, link_id)

    def revoke(self, owner: str, link_id: str) -> LinkInfo:
        """Take a link back: from this moment every address of it is gone for everybody. Twice is no error.

        Its photos are deleted when the time for undoing is over, unless another link on the album still works.
        """
        person = self.owners.person(owner)
        self._revoke(sa.and_(links.c.id == link_id, links.c.person == person))
        return self.link(owner, link_id)

    def revoke_all(self, owner: str) -> int:
        """Take back every link of this visitor that still works; return how many."""
        return self._revoke(links.c.person == self.owners.person(owner))

    def revoke_as_host(self, link_id: str) -> bool:
        """Take back any link, without undoing: for the host, after a report. False: it was over already."""
        over = time() - self.settings.undo_grace_s - 1
        works = sa.and_(links.c.id == link_id, links.c.expires_at > time())
        count = self._revoke(works, at=over)
        with self.index.write() as connection:  # an owner's own taking back can be undone no more either
            connection.execute(
                sa.update(links).where(links.c.id == link_id, links.c.revoked_at > over).values(revoked_at=over)
            )
        self.sweep()
        return count > 0

    def _revoke(self, which: sa.ColumnElement[bool], at: float | None = None) -> int:
        with self.index.write() as connection:
            count = connection.execute(
                sa.update(links)
                .where(which, links.c.revoked_at.is_(None))
                .values(revoked_at=at if at is not None else time(), version=links.c.version + 1)
            ).rowcount
        if count and not self.settings.undo_grace_s:
            self.sweep()
        return count

    def undo_revoke(self, owner: str, link_id: str) -> LinkInfo:
        """Bring a link back within the time for undoing. Visits unlocked before stay ended. Raises `LinkEnded`."""
        person, now = self.owners.person(owner), time()
        info = self.link(owner, link_id)
        with self.index.write() as connection:
            ready = connection.execute(
                sa.select(albums.c.id).where(albums.c.id == info.album_id, albums.c.state == "ready").with_for_update()
            ).first()
            undone = connection.execute(
                sa.update(links)
                .where(
                    links.c.id == link_id, links.c.person == person, links.c.expires_at > now,
                    links.c.revoked_at > now - self.settings.undo_grace_s,
                )
                .values(revoked_at=None, version=links.c.version + 1)
            )  # fmt: skip
            if ready is None or undone.rowcount != 1:
                raise LinkEnded("The time for undoing is over; the photos were deleted.")
        return self.link(owner, link_id)

    def addresses(self, owner: str, link_id: str) -> list[str]:
        """Return every path that this server ever issued for a link, for the proof that all of them are gone."""
        info = self.link(owner, link_id)
        base = info.path
        paths = [base, f"{base}/open", f"{base}/report", f"{base}/photos.zip", f"{base}/preview.jpg"]
        for row in self.index.rows(PHOTOS, {"album": info.album_id}):
            n, ending = row.position, ENDINGS[row.media_type]
            paths += [f"{base}/{n}", f"{base}/p/{n}.{ending}", f"{base}/p/{n}-small.jpg", f"{base}/save/{n}.{ending}"]
        return paths

    def thumbnail(self, owner: str, album_id: str, number: int = 1) -> bytes:
        """Return the grid size of one photo of this visitor's album. Raises `AlbumGone`."""
        return self.store.get(self._own_photo(owner, album_id, number) + SMALL)

    def photo(self, owner: str, album_id: str, number: int = 1) -> bytes:
        """Return one photo of this visitor's album in full. Raises `AlbumGone`."""
        return self.store.get(self._own_photo(owner, album_id, number))

    def _own_photo(self, owner: str, album_id: str, number: int) -> str:
        person = self.owners.person(owner)
        photo_id = self.index.value(
            sa.select(photos.c.id).join(albums, albums.c.id == photos.c.album_id).where(
                albums.c.id == album_id, albums.c.person == person, albums.c.state == "ready",
                photos.c.position == number,
            )
        )  # fmt: skip
        if photo_id is None:
            raise AlbumGone
        return photo_path(album_id, photo_id)

    # Links at other providers

    def remember_link(self, owner: str, link: SharedLink) -> str:
        """Keep a link at another provider for My links, encrypted; the same link again is kept once."""
        person, same_as = self.owners.person(owner), hashed(f"{link.provider_id}\n{link.url}")
        box = self.keys.box(json.dumps(asdict(link), default=lambda value: value.isoformat()))
        here = sa.and_(remembered.c.person == person, remembered.c.same_as == same_as)
        with self.index.write() as connection:
            connection.execute(
                self.index.insert_new(remembered).values(
                    id=new_id(), person=person, same_as=same_as, box=box, created_at=link.created_at.timestamp()
                )
            )
            connection.execute(sa.update(remembered).where(here).values(box=box))
            return str(connection.execute(sa.select(remembered.c.id).where(here)).scalar_one())

    def remembered_links(self, owner: str) -> list[RememberedLink]:
        """Return this visitor's links at other providers, newest first."""
        rows = self.index.rows(
            sa.select(remembered)
            .where(remembered.c.person == self.owners.person(owner))
            .order_by(remembered.c.created_at.desc(), remembered.c.id)
        )
        found = []
        for row in rows:
            text = self.keys.unbox(row.box)
            if text is not None:  # None: the host's secret key was changed
                found.append(RememberedLink(row.id, _shared_link(json.loads(text)), _at(row.revoked_at)))
        return found

    def mark_revoked(self, owner: str, remembered_id: str, at: datetime | None = None) -> None:
        """Note that a link at another provider was taken back there."""
        self._of_remembered(owner, remembered_id, (at or datetime.now(UTC)).timestamp())

    def forget_link(self, owner: str, remembered_id: str) -> None:
        """Stop listing a link at another provider. The link itself stays as it is."""
        self._of_remembered(owner, remembered_id, None)

    def _of_remembered(self, owner: str, remembered_id: str, revoked_at: float | None) -> None:
        here = sa.and_(remembered.c.id == remembered_id, remembered.c.person == self.owners.person(owner))
        change: Any = (
            sa.delete(remembered).where(here)
            if revoked_at is None
            else sa.update(remembered).where(here).values(revoked_at=revoked_at)
        )
        with self.index.write() as connection:
            if connection.execute(change).rowcount != 1:
                raise LinkGone

    # What strangers' requests ask

    def find(self, token: str) -> OpenLink | None:
        """Return the link of a token, or None for unknown, expired and taken back alike. One small read."""
        rows = self._by_token({"token_hash": hashed(token), "now": time()})
        return OpenLink(*rows[0]) if rows else None

    def photos_of(self, album_id: str) -> list[PhotoRow]:
        """Return the photos of an album in their order."""
        return [PhotoRow(*row) for row in self._photos({"album": album_id})]

    def photo_of(self, album_id: str, number: int) -> PhotoRow | None:
        """Return one photo of an album by its place, from 1."""
        rows = self._one_photo({"album": album_id, "number": number})
        return PhotoRow(*rows[0]) if rows else None

    def spend_view(self, link: OpenLink) -> bool:
        """Spend one view, before the first byte: one statement decides, however many ask at once.

        False when no view is left, or the link ended or changed its password meanwhile.
        """
        now = time()
        hour = now - now % HOUR_S
        with self.index.write() as connection:
            spent = connection.execute(
                sa.update(links)
                .where(
                    links.c.id == link.id, links.c.version == link.version, links.c.revoked_at.is_(None),
                    links.c.expires_at > now,
                    sa.or_(links.c.max_views.is_(None), links.c.views < links.c.max_views),
                )
                .values(
                    views=links.c.views + 1, first_view_at=sa.func.coalesce(links.c.first_view_at, hour),
                    last_view_at=hour,
                )
            )  # fmt: skip
            return spent.rowcount == 1

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
        with self.index.write() as connection:
            connection.execute(sa.update(links).where(links.c.id == link_id).values(**values))

    # For the host

    def status(self) -> Status:
        """Return what this host keeps."""
        now, one = time(), self.index.value
        live = sa.and_(links.c.revoked_at.is_(None), links.c.expires_at > now)
        oldest = one(sa.select(sa.func.min(links.c.created_at)).where(live))
        ready = sa.select(albums.c.id).where(albums.c.state != "dropped")
        return Status(
            live_links=one(sa.select(sa.func.count()).where(live)),
            ended_links=one(sa.select(sa.func.count()).where(sa.not_(live))),
            albums=one(sa.select(sa.func.count()).select_from(ready.subquery())),
            photos=one(sa.select(sa.func.count()).where(photos.c.album_id.in_(ready))),
            photo_bytes=int(
                one(
                    sa.select(sa.func.coalesce(sa.func.sum(photos.c.size_bytes + photos.c.small_bytes), 0)).where(
                        photos.c.album_id.in_(ready)
                    )
                )
            ),
            draft_photos=one(sa.select(sa.func.count()).select_from(draft_photos)),
            draft_bytes=int(one(sa.select(sa.func.coalesce(sa.func.sum(draft_photos.c.size_bytes), 0)))),
            oldest_link_at=_at(oldest),
            open_reports=one(sa.select(sa.func.count()).where(reports.c.closed_at.is_(None))),
            host_bytes=self.settings.host_bytes,
            index=self.index.url.get_backend_name(),
        )

    # Clean-up

    def sweep(self, *, orphans: bool = False) -> Swept:
        """Delete what is over: photos without a working link, old drafts, old history, and bytes that no row knows."""
        dropped = self._drop_albums()
        old_drafts = self.drafts.sweep()
        history = self._forget_history()
        lost = self._drop_orphans() if orphans else 0
        swept = Swept(dropped, old_drafts, history, lost)
        if swept:
            self.index.free_space()
        return swept

    def _drop_albums(self) -> int:
        """Mark albums that no link needs any more, then delete their bytes; a crash between is mended next time."""
        now = time()
        working = sa.exists().where(
            links.c.album_id == albums.c.id, links.c.expires_at > now,
            sa.or_(links.c.revoked_at.is_(None), links.c.revoked_at > now - self.settings.undo_grace_s),
        )  # fmt: skip
        ever = sa.exists().where(links.c.album_id == albums.c.id)
        abandoned = albums.c.touched_at < now - HALF_MADE_S
        over = sa.or_(
            sa.and_(albums.c.state == "ready", sa.not_(working), sa.or_(ever, abandoned)),
            sa.and_(albums.c.state == "making", abandoned),
        )
        if self.index.value(sa.select(albums.c.id).where(sa.or_(over, albums.c.state == "dropping")).limit(1)) is None:
            return 0  # the usual case costs one read and no lock
        with self.index.write() as connection:
            connection.execute(sa.update(albums).where(over).values(state="dropping"))
        doomed = self.index.rows(sa.select(albums.c.id).where(albums.c.state == "dropping"))
        for row in doomed:
            self.store.delete_all(f"albums/{row.id}")
            with self.index.write() as connection:
                connection.execute(sa.update(albums).where(albums.c.id == row.id).values(state="dropped"))
        return len(doomed)

    def _forget_history(self) -> int:
        """Delete the rows of links that were over 30 days ago, and of albums that have no link left."""
        old = time() - HISTORY_DAYS * 86_400
        over = sa.or_(links.c.revoked_at < old, links.c.expires_at < old)
        unlinked = sa.and_(
            albums.c.state == "dropped",
            sa.not_(sa.exists().where(links.c.album_id == albums.c.id)),
        )
        due = sa.or_(sa.exists(sa.select(links.c.id).where(over)), sa.exists(sa.select(albums.c.id).where(unlinked)))
        if not self.index.value(sa.select(sa.literal(1)).where(due)):
            return 0
        with self.index.write() as connection:
            doomed = connection.execute(sa.select(links.c.id).where(over)).scalars().all()
            connection.execute(sa.delete(reports).where(reports.c.link_id.in_(doomed)))
            connection.execute(sa.delete(links).where(links.c.id.in_(doomed)))
            empty = sa.select(albums.c.id).where(unlinked)
            connection.execute(sa.delete(photos).where(photos.c.album_id.in_(empty)))
            gone = connection.execute(sa.delete(albums).where(unlinked)).rowcount
        return len(doomed) + gone

    def _drop_orphans(self) -> int:
        """Delete bytes older than a day that no album or draft knows: what a crash left."""
        known = {f"albums/{row.id}" for row in self.index.rows(sa.select(albums.c.id))}
        known |= {f"drafts/{row.id}" for row in self.index.rows(sa.select(drafts.c.id))}
        rows = {f"{row.album_id}/{row.id}" for row in self.index.rows(sa.select(photos.c.album_id, photos.c.id))}
        count, old = 0, time() - ORPHAN_S
        for kind in ("albums", "drafts"):
            lost = [
                path
                for path, changed in self.store.list(kind)
                if changed < old
                and (
                    path.rpartition("/")[0] not in known
                    or (kind == "albums" and path.removeprefix("albums/").removesuffix(SMALL) not in rows)
                )
            ]
            self.store.delete(lost)
            count += len(lost)
        return count

    def close(self) -> None:
        """Close the connections to the database."""
        self.index.close()


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


def _at(seconds: float | None) -> Any:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _shared_link(kept: dict[str, Any]) -> SharedLink:
    kept["created_at"] = datetime.fromisoformat(kept["created_at"])
    kept["expires_at"] = datetime.fromisoformat(kept["expires_at"]) if kept["expires_at"] else None
    kept["outcomes"] = tuple(Outcome(**outcome) for outcome in kept["outcomes"])
    return SharedLink(**kept)


def _is_public(url: str | None) -> bool:
    """Say whether an address is one that strangers reach: not this computer, not a private network."""
    host = urlsplit(url).hostname if url else None
    if not host or host == "localhost" or host.endswith((".localhost", ".local", ".lan", ".internal")):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host


_opened: dict[str, Share] = {}
_opening = threading.Lock()


def open_share(settings: Settings) -> Share:
    """Return the share host of these settings: one in a process, with its database and its photo store."""
    name = repr(settings) + repr(settings.secret_key and hashed(settings.secret_key.get_secret_value()))
    with _opening:
        if name not in _opened:
            keys = open_keys(settings)
            store = PhotoStore(settings.store_url, settings.photos_options)
            _opened[name] = Share(settings, Index(settings.index_url), store, keys)
        return _opened[name]
