"""An album and its photos as their owner sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from lib.albums.choices import Choices
from lib.albums.link_rows import LinkInfo
from lib.services.base import VIDEO_TYPE, Wishes
from lib.text.later import from_plain


class AlbumState(StrEnum):
    """What an album is now."""

    DRAFT = "draft"  # nobody has been given it yet
    READY = "ready"  # it has a link
    OVER = "over"  # its photos are deleted


@dataclass(frozen=True, slots=True)
class PhotoInfo:
    """One clean photo of an album, or a video made of photos.

    `report` is `MetadataReport.to_dict()` of the original while the album is a draft, and then only the kinds of what
    was hidden.
    """

    id: str
    number: int  # in its addresses; it stays, whatever the order
    name: str  # the sender's file name, without path, control characters and turning marks
    label: str  # the name that recipients read; "" shows none
    price: str
    caption: str  # a line below it
    media_type: str
    width: int
    height: int
    size_bytes: int
    original_size_bytes: int
    report: dict[str, Any] = field(repr=False)
    notes: tuple[str, ...]
    position: float
    upload_key: str | None = None  # the picker's own name for this upload
    removed_at: float | None = None  # seconds since 1970

    @property
    def is_video(self) -> bool:
        """It is a video that was made here."""
        return self.media_type == VIDEO_TYPE

    @property
    def seconds(self) -> float:
        """How long a video plays."""
        return float(self.report.get("seconds", 0.0))

    @property
    def hidden_kinds(self) -> frozenset[str]:
        """The kinds of private things that it held, whether found here or on the sender's own device."""
        return hidden_kinds(self.report)


@dataclass(frozen=True, slots=True)
class AlbumInfo:
    """Everything about an album that its owner's pages draw."""

    id: str
    state: AlbumState
    choices: Choices
    photos: tuple[PhotoInfo, ...]  # in their order, without those removed
    link: LinkInfo | None  # the one with which it went out
    result: dict[str, Any] = field(repr=False)  # what pages kept with it: a link elsewhere, what a stranger saw
    photo_count: int
    video_count: int
    size_bytes: int
    created_at: datetime
    watermark: str = ""  # across every photo

    @property
    def title(self) -> str:
        """Shown above the photos."""
        return self.choices.title

    @property
    def words(self) -> str:
        """For the recipient."""
        return self.choices.words

    def wishes(self) -> Wishes:
        """Return what is asked of a link that is made now."""
        return self.choices.wishes()

    def receipt(self) -> dict[str, Any]:
        """Return what was removed, as JSON values: see `receipt`."""
        return receipt(self.photos)


COVERED: Final = ("face", "code", "plate", "number", "text", "other")  # kinds of what is covered


def receipt(photos: Sequence[PhotoInfo]) -> dict[str, Any]:
    """Return what cleaning did: photos and videos in number, kinds removed, bytes before and after.

    `left` counts photos in which the second parser found something: none, because such a photo is not kept. `covered`
    is there where something was: how many of each kind of `lib.photos.find` and other parts, and in how many photos.
    """
    covers = [photo.report["covered"] for photo in photos if photo.report.get("covered")]
    covered = {kind: sum(one.get(kind, 0) for one in covers) for kind in COVERED}
    more = {"covered": covered | {"photos": len(covers)}} if covers else {}
    return more | {
        "photos": len(photos),
        "videos": sum(photo.is_video for photo in photos),
        "removed": dict(Counter(kind for photo in photos for kind in sorted(photo.hidden_kinds))),
        "before": sum(photo.original_size_bytes for photo in photos),
        "after": sum(photo.size_bytes for photo in photos),
        "left": 0,
    }


def hidden_kinds(report: dict[str, Any]) -> frozenset[str]:
    """Return the kinds of private things that a report names."""
    here = {finding["kind"] for finding in report.get("findings", ()) if finding.get("private")}
    return frozenset(here | set(report.get("removed", ())))


def photo_info(row: sa.Row[Any]) -> PhotoInfo:
    """Return a row of the table of photos as its owner sees it."""
    kept = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    names = (
        "id", "number", "name", "label", "price", "caption", "media_type", "width", "height", "size_bytes",
        "original_size_bytes", "report", "position", "upload_key", "removed_at",
    )  # fmt: skip
    return PhotoInfo(notes=tuple(from_plain(note) for note in kept["notes"]), **{name: kept[name] for name in names})
