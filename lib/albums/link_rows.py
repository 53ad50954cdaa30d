"""A link as its owner sees it, and as a stranger's request finds it."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from lib.albums.tables import albums, answers, links, photos
from lib.services.base import VIDEO_TYPE, LinkQuestion, Preview

# What is ever served: photos that were cleaned here, and videos that this server made of such photos. Nothing that
# anybody uploaded is served as it came.
ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", VIDEO_TYPE: "mp4"}


_SLUG_CHARS: Final = 40  # of a label in a file name


class LinkState(StrEnum):
    """What a link is now."""

    LIVE = "live"
    USED_UP = "used_up"  # all views are spent; a higher limit brings it back
    EXPIRED = "expired"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class LinkInfo:
    """One link of this server, for its owner. Times are aware, UTC; opened times are rounded down to the hour."""

    id: str
    album_id: str
    path: str = field(repr=False)  # "/s/…": the secret
    name: str
    title: str
    words: str
    photo_count: int  # everything that it opens
    video_count: int  # how many of these are videos
    size_bytes: int
    created_at: datetime
    expires_at: datetime
    has_password: bool
    max_views: int | None
    views: int  # by people
    bot_previews: int
    own_looks: int
    first_opened_at: datetime | None
    last_opened_at: datetime | None
    allow_download: bool
    preview: Preview
    state: LinkState
    taken_back_at: datetime | None
    undo_until: datetime | None  # None: cannot be undone
    question: LinkQuestion = LinkQuestion.NONE
    answers: int = 0  # none once it is over
    new_answers: int = 0  # since its sender's last look at them
    idle_s: float | None = None  # a sliding end: `expires_at` is so long after the last visit …
    ends_by: datetime | None = None  # … and at the latest then
    damaged: int = 0  # photos whose bytes the store does not give whole

    @property
    def views_left(self) -> int | None:
        """How many views are left; None without a limit."""
        return None if self.max_views is None else max(0, self.max_views - self.views)


class PhotoRow(NamedTuple):
    """One photo of an album, or a video made of photos, without its bytes. A tuple: a page makes thirty at once."""

    id: str
    number: int  # in its addresses
    place: int  # in the order, from 1
    label: str
    price: str
    caption: str
    media_type: str
    width: int
    height: int
    size_bytes: int
    small_bytes: int
    crc32: int
    small_crc32: int | None = None
    avif_bytes: int | None = None  # of its lighter copy; 0 and None: there is none, or nobody asked
    small_avif_bytes: int = 0
    avif_crc32: int | None = None
    small_avif_crc32: int | None = None

    @property
    def ending(self) -> str:
        """The ending of its file name."""
        return ENDINGS[self.media_type]

    @property
    def file_name(self) -> str:
        """The clean name under which it is saved."""
        return f"{self._stem}.{self.ending}"

    @property
    def small_name(self) -> str:
        """The same for its grid size or poster."""
        return f"{self._stem}.jpg"

    @property
    def _stem(self) -> str:
        name = f"{'video' if self.is_video else 'photo'}-{self.place:02d}"
        return f"{name}-{slug}" if self.label and (slug := _slug(self.label)) else name

    @property
    def is_video(self) -> bool:
        """It is a video; its small size is then its poster."""
        return self.media_type == VIDEO_TYPE


@functools.lru_cache(maxsize=4_096)
def _slug(label: str) -> str:
    """Return a label as part of a file name: letters and digits of any script, and hyphens."""
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in unicodedata.normalize("NFC", label))
    return "-".join(kept.split())[:_SLUG_CHARS].rstrip("-")


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that is neither taken back nor expired, as a request finds it. May still be used up or protected."""

    id: str
    album_id: str
    person: str
    expires_at: float
    password_hash: str | None = field(repr=False)
    max_views: int | None
    allow_download: bool
    preview: str
    version: int
    views: int
    wrong_passwords: int
    wrong_at: float | None
    title: str
    words: str
    photo_count: int
    size_bytes: int
    changed_at: float
    question: str
    idles: bool  # its end moves with each visit

    @property
    def gated(self) -> bool:
        """Nothing is shown before a gesture or a password."""
        return self.password_hash is not None or self.max_views is not None

    @property
    def used_up(self) -> bool:
        """No view is left."""
        return self.max_views is not None and self.views >= self.max_views

    @property
    def shown_preview(self) -> Preview:
        """What chat apps may show: nothing at all of a protected or limited link."""
        return Preview.NONE if self.gated else Preview(self.preview)


# One statement for every request of a stranger: what is taken back, expired or unknown gives no row.
BY_TOKEN: Final = (
    sa.select(
        links.c.id, links.c.album_id, links.c.person, links.c.expires_at, links.c.password_hash, links.c.max_views,
        links.c.allow_download, links.c.preview, links.c.version, links.c.views, links.c.wrong_passwords,
        links.c.wrong_at, albums.c.title, albums.c.words, albums.c.photo_count, albums.c.size_bytes,
        albums.c.changed_at, links.c.question,
        links.c.idle_s.is_not(None),
    )
    .join(albums, albums.c.id == links.c.album_id)
    .where(
        links.c.token_hash == sa.bindparam("token_hash"), links.c.revoked_at.is_(None), links.c.over_at.is_(None),
        links.c.expires_at > sa.bindparam("now"), albums.c.state == "ready",
    )
)  # fmt: skip

_AFTER_NUMBER: Final = (
    "label",
    "price",
    "caption",
    "media_type",
    "width",
    "height",
    "size_bytes",
    "small_bytes",
    "crc32",
    "small_crc32",
)
_SHOWN: Final = sa.and_(photos.c.album_id == sa.bindparam("album"), photos.c.removed_at.is_(None))


def _photo_columns(place: sa.ColumnElement[int]) -> list[sa.ColumnElement[Any]]:
    return [photos.c.id, photos.c.number, place.label("place"), *(photos.c[name] for name in _AFTER_NUMBER)]


PHOTOS: Final = (
    sa.select(*_photo_columns(sa.func.row_number().over(order_by=photos.c.position)))
    .where(_SHOWN)
    .order_by(photos.c.position)
)

_before: Final = photos.alias("before")
ONE_PHOTO: Final = sa.select(
    *_photo_columns(
        sa.select(sa.func.count())
        .where(
            _before.c.album_id == sa.bindparam("album"), _before.c.removed_at.is_(None),
            _before.c.position <= photos.c.position,
        )
        .scalar_subquery()
    ),
    photos.c.avif_bytes, photos.c.small_avif_bytes, photos.c.avif_crc32,
    photos.c.small_avif_crc32,
).where(_SHOWN, photos.c.number == sa.bindparam("number"))  # fmt: skip

FIRST: Final = "first"  # the key of the link with which an album went out

_how_many: Final = sa.select(sa.func.count()).where(answers.c.link_id == links.c.id)
OWNED: Final = sa.select(
    links, albums.c.title, albums.c.words, albums.c.state.label("album_state"), albums.c.photo_count,
    albums.c.video_count, albums.c.size_bytes, _how_many.scalar_subquery().label("answers"),
    sa.select(sa.func.count())
    .where(photos.c.album_id == links.c.album_id, photos.c.damaged_at.is_not(None), photos.c.removed_at.is_(None))
    .scalar_subquery().label("damaged"),
    _how_many.where(answers.c.changed_at > links.c.answers_seen_at).scalar_subquery().label("new_answers"),
).join(albums, albums.c.id == links.c.album_id)  # fmt: skip


def link_info(row: sa.Row[Any], path: str, now: float, undo_grace_s: float) -> LinkInfo:
    """Return a row of `OWNED` as its owner sees it."""
    undo_until = None
    if row.revoked_at is not None:
        state = LinkState.TAKEN_BACK
        if row.album_state == "ready" and row.revoked_at <= now < min(row.revoked_at + undo_grace_s, row.expires_at):
            undo_until = _when(row.revoked_at + undo_grace_s)
    elif row.expires_at <= now or row.over_at is not None or row.album_state != "ready":
        state = LinkState.EXPIRED
    elif row.max_views is not None and row.views >= row.max_views:
        state = LinkState.USED_UP
    else:
        state = LinkState.LIVE
    lives = state in {LinkState.LIVE, LinkState.USED_UP}
    return LinkInfo(
        id=row.id, album_id=row.album_id, path=path, name=row.name, title=row.title, words=row.words,
        photo_count=row.photo_count, video_count=row.video_count, size_bytes=int(row.size_bytes),
        created_at=_at(row.created_at), expires_at=_at(row.expires_at), has_password=row.password_hash is not None,
        max_views=row.max_views, views=row.views, bot_previews=row.bot_previews, own_looks=row.own_looks,
        first_opened_at=_when(row.first_view_at), last_opened_at=_when(row.last_view_at),
        allow_download=row.allow_download, preview=Preview(row.preview), state=state,
        taken_back_at=_when(row.revoked_at), undo_until=undo_until, idle_s=row.idle_s, ends_by=_when(row.ends_by),
        question=LinkQuestion(row.question), answers=row.answers if lives else 0,
        new_answers=row.new_answers if lives else 0, damaged=row.damaged if lives else 0,
    )  # fmt: skip


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _when(seconds: float | None) -> datetime | None:
    return None if seconds is None else _at(seconds)
