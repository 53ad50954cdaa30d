"""`inspect`: what photos tell, without changing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from lib.notebooks import cards
from lib.notebooks.bars import bar
from lib.notebooks.results import Results
from lib.notebooks.sources import GivenPhoto, Photos, Refused, Source, all_or_raise, items_of
from lib.photos import MetadataReport, PhotoProblem, prepare_photo, read_metadata, small_photo

if TYPE_CHECKING:
    import pandas as pd

_TOLD_AT_MOST = 6  # findings on a card; `.report` has all


@dataclass(frozen=True, slots=True)
class InspectedPhoto:
    """What one photo tells. `report` has every finding; the photo itself is unchanged."""

    name: str
    report: MetadataReport = field(repr=False)
    _item: GivenPhoto = field(repr=False)

    @property
    def verdict(self) -> str:
        """The most telling thing, in one sentence."""
        return self.report.verdict

    @property
    def private(self) -> tuple[str, ...]:
        """What says something about a person, a place or a device, in words."""
        return tuple(finding.text for finding in self.report.private)

    def __repr__(self) -> str:
        return f"<{self.name}: {self.report.format}, {self.report.width} × {self.report.height}. {self.verdict}>"

    def _repr_html_(self) -> str:
        report, private = self.report, self.private
        more = len(private) - _TOLD_AT_MOST
        lines = [f"{report.format}, {report.width} × {report.height} pixels", *private[:_TOLD_AT_MOST]]
        lines += [f"… and {more} more"] if more > 0 else []
        mood = "bad" if private else "good"
        return cards.card(self.name, lines, picture=self._picture(), verdict=self.verdict, mood=mood)

    def _picture(self) -> bytes | None:
        """A small clean picture, made when it is looked at; None where the file is gone or cannot be shown."""
        try:
            return small_photo(prepare_photo(self._item.read(), max_side=cards.SIDE * 2).data, cards.SIDE * 2)
        except PhotoProblem:
            return None

    def to_frame(self) -> pd.DataFrame:
        """Return one row, as in `InspectedPhotos.to_frame`."""
        return InspectedPhotos((self,)).to_frame()

    def row(self) -> dict[str, Any]:
        """Return the same as a plain dictionary."""
        report = self.report
        return {
            "name": self.name, "format": report.format, "width": report.width, "height": report.height,
            "size_bytes": report.size_bytes, "taken_at": report.taken_at, "device": report.device,
            "latitude": report.latitude, "longitude": report.longitude,
            "place": report.place.text() if report.place else None,
            "private": len(report.private), "hidden": ", ".join(dict.fromkeys(one.kind for one in report.private)),
            "verdict": self.verdict,
        }  # fmt: skip


class InspectedPhotos(Results[InspectedPhoto]):
    """What several photos tell. A sequence; `refused` are those that could not be read."""

    def __repr__(self) -> str:
        telling = sum(bool(photo.report.private) for photo in self)
        located = sum(photo.report.latitude is not None for photo in self)
        return f"<{self._counted()}: {telling} with something private inside, {located} tell where they were taken>"


@overload
def inspect(photos: bytes | bytearray | memoryview) -> InspectedPhoto: ...
@overload
def inspect(photos: Sequence[Source]) -> InspectedPhotos: ...
@overload
def inspect(photos: Photos) -> InspectedPhoto | InspectedPhotos: ...
def inspect(photos: Photos) -> InspectedPhoto | InspectedPhotos:
    """Say what photos tell about a person, a place or a device.

    `photos` is a path, bytes or an open file: then the answer is one `InspectedPhoto`. A folder or a list gives
    `InspectedPhotos`, in which files that cannot be read are listed as `refused`. Raises `PhotoProblem` where nothing
    at all could be read. Nothing is changed, and no photo leaves this computer.
    """
    items, several = items_of(photos)
    seen: list[InspectedPhoto] = []
    refused: list[Refused] = []
    with bar("Looking", len(items), "photos") as progress:
        for item in items:
            try:
                seen.append(InspectedPhoto(item.name, read_metadata(item.read()), item))
            except PhotoProblem as problem:
                refused.append(Refused(item.name, problem))
            progress.update(1)
    all_or_raise(seen, refused, several=several)
    return InspectedPhotos(seen, refused) if several else seen[0]
