"""`clean`: the same pictures with nothing private inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from lib.notebooks import cards
from lib.notebooks.bars import bar
from lib.notebooks.results import Results
from lib.notebooks.sources import Photos, Refused, Source, all_or_raise, items_of
from lib.photos import Edit, MetadataReport, PhotoProblem, PreparedPhoto, prepare_photos, small_photo
from lib.photos.folder import free_path
from lib.photos.prepare import MAX_SIDE
from lib.settings import settings
from lib.text.amounts import size

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = {"JPEG": ".jpg", "PNG": ".png"}


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """One clean photo. `data` are its bytes; `report` says what the original held."""

    name: str  # of the original
    photo: PreparedPhoto = field(repr=False)

    @property
    def data(self) -> bytes:
        """The clean JPEG or PNG."""
        return self.photo.data

    @property
    def report(self) -> MetadataReport:
        """What the original told."""
        return self.photo.report

    @property
    def removed(self) -> tuple[str, ...]:
        """The private things that were taken out, in words."""
        return tuple(finding.text for finding in self.report.private)

    @property
    def verdict(self) -> str:
        """What cleaning did, in one sentence or two."""
        return f"{self.report.verdict}{' Removed.' if self.removed else ''}"

    def save(self, to: str | Path) -> Path:
        """Write the photo into a folder, or to a new path, and return where it is. Never overwrites a file."""
        target = Path(to)
        ending = ENDINGS[self.photo.format]
        folder, stem = (target.parent, target.stem) if target.suffix and not target.is_dir() else (target, self._stem)
        folder.mkdir(parents=True, exist_ok=True)
        path = free_path(folder, stem, ending)
        path.write_bytes(self.data)
        return path

    @property
    def _stem(self) -> str:
        return Path(self.name).stem

    def __repr__(self) -> str:
        photo = self.photo
        return f"<{self.name}: {photo.width} × {photo.height}, {size(len(self.data))}. {self.verdict}>"

    def _repr_html_(self) -> str:
        photo = self.photo
        lines = [f"{photo.format}, {photo.width} × {photo.height} pixels, {size(len(self.data))}"]
        kinds = dict.fromkeys(finding.label for finding in self.report.private)
        lines += [f"Removed: {', '.join(kinds)}"] if kinds else []
        picture = small_photo(self.data, cards.SIDE * 2)
        return cards.card(self.name, [*lines, *photo.notes], picture=picture, verdict=self.verdict, mood="good")

    def to_frame(self) -> pd.DataFrame:
        """Return one row, as in `CleanPhotos.to_frame`."""
        return CleanPhotos((self,)).to_frame()

    def row(self) -> dict[str, Any]:
        """Return the same as a plain dictionary."""
        photo = self.photo
        return {
            "name": self.name, "format": photo.format, "width": photo.width, "height": photo.height,
            "size_bytes": len(self.data), "original_size_bytes": self.report.size_bytes, "removed": len(self.removed),
            "kinds": ", ".join(dict.fromkeys(one.kind for one in self.report.private)), "verdict": self.verdict,
        }  # fmt: skip


class CleanPhotos(Results[CleanPhoto]):
    """Several clean photos. A sequence; `refused` are those that could not be used, each with its reason."""

    def save(self, folder: str | Path) -> list[Path]:
        """Write all photos into a folder, made where it is missing, and return where they are."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        return [photo.save(folder) for photo in self]

    def __repr__(self) -> str:
        hid = sum(bool(photo.removed) for photo in self)
        return f"<{self._counted()}: clean; {hid} had something private inside>"


@overload
def clean(photos: bytes | bytearray | memoryview, *, max_side: int = ..., edit: Edit | None = ...) -> CleanPhoto: ...
@overload
def clean(photos: Sequence[Source], *, max_side: int = ..., edit: Edit | None = ...) -> CleanPhotos: ...
@overload
def clean(photos: Photos, *, max_side: int = ..., edit: Edit | None = ...) -> CleanPhoto | CleanPhotos: ...
def clean(photos: Photos, *, max_side: int = MAX_SIDE, edit: Edit | None = None) -> CleanPhoto | CleanPhotos:
    """Return clean copies: upright, in sRGB, at most `max_side` pixels long, nothing inside but the picture.

    `photos` is a path, bytes or an open file: then the answer is one `CleanPhoto`. A folder or a list gives
    `CleanPhotos`, in which files that cannot be used are listed as `refused`. Raises `PhotoProblem` where nothing at
    all could be cleaned. Originals are never touched, and no photo leaves this computer. An `edit`
    (`lib.photos.Edit`) covers and crops each of them.
    """
    items, several = items_of(photos)
    limits = settings()
    results: dict[int, PreparedPhoto | PhotoProblem] = {}
    readable: list[int] = []

    def read() -> Any:
        for at, item in enumerate(items):
            try:
                data = item.read()
            except PhotoProblem as problem:
                results[at] = problem
                progress.update(1)
                continue
            readable.append(at)
            yield item.name, data

    with bar("Cleaning", len(items), "photos") as progress:
        for at, result in prepare_photos(
            read(), max_side=max_side, max_bytes=limits.max_photo_bytes, max_pixels=limits.max_photo_pixels,
            workers=limits.workers, edit=edit,
        ):  # fmt: skip
            results[readable[at]] = result
            progress.update(1)
    done: list[CleanPhoto] = []
    refused: list[Refused] = []
    for at, item in enumerate(items):
        result = results[at]
        if isinstance(result, PhotoProblem):
            refused.append(Refused(item.name, result))
        else:
            done.append(CleanPhoto(item.name, result))
    all_or_raise(done, refused, several=several)
    return CleanPhotos(done, refused) if several else done[0]
