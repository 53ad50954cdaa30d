"""The product sheet of an album: a name, a price and a line for each photo; typed, or read from a table (CSV)."""

from __future__ import annotations

import csv
import functools
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lib.albums.album import PhotoInfo
from lib.albums.problems import SheetRefused
from lib.text.escapes import csv_cell
from lib.text.later import Size, later

MAX_BYTES: Final = 500_000  # of a table: some thousand lines
MAX_LINES: Final = 5_000
_MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_HEADINGS: Final = Path(__file__).parent / "sheet_headings.toml"
_ORDER: Final = ("file", "label", "price", "caption")


@dataclass(frozen=True, slots=True)
class SheetItem:
    """What recipients read below one photo. Any part may be empty."""

    label: str = ""
    price: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """What a table says: by photo id, and the files that it names and that are not there."""

    items: Mapping[str, SheetItem]
    unknown: tuple[str, ...]


def read_sheet(data: bytes, photos: Sequence[PhotoInfo]) -> ReadSheet:
    """Read a table whose lines name files; a number names the photo at this place. Raises `SheetRefused`."""
    rows = [row for row in _rows(data) if any(cell.strip() for cell in row)]
    if not rows:
        raise SheetRefused(later("The table is empty."))
    columns = _columns(rows[0])
    if columns is None:
        columns = {name: at for at, name in enumerate(_ORDER)}
    else:
        rows = rows[1:]
    known = _by_file(photos)
    items: dict[str, SheetItem] = {}
    unknown: list[str] = []
    for row in rows:
        cells = {name: _cell(row[at]) if at < len(row) else "" for name, at in columns.items()}
        file = cells.pop("file", "")
        photo_id = known.get(file.casefold()) or known.get(file.casefold().rpartition(".")[0])
        if photo_id is None:
            unknown.append(file)
        else:
            items[photo_id] = SheetItem(**cells)
    if not items:
        raise SheetRefused(
            later("No line of the table names one of these photos."),
            fix=later("Download the table of these photos, fill it in, and bring it back."),
        )
    return ReadSheet(items, tuple(unknown))


def sheet_csv(photos: Sequence[PhotoInfo]) -> str:
    """Return the sheet as a table to fill in, which `read_sheet` reads again. Nothing in it is run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("file", "name", "price", "line"))
    for photo in photos:
        writer.writerow([csv_cell(cell) for cell in (photo.name, photo.label, photo.price, photo.caption)])
    return "\ufeff" + out.getvalue()  # with this mark Excel reads it as what it is


def item_text(photo: PhotoInfo) -> str:
    """Return the name and the price of a photo on one line: "Blue cup · 12 €"; empty where it has neither."""
    return " · ".join(part for part in (photo.label, photo.price) if part)


def message_lines(photos: Sequence[PhotoInfo]) -> tuple[str, ...]:
    """Return a line for each photo that has a name or a price, with its number on the page."""
    return tuple(f"{place}. {text}" for place, photo in enumerate(photos, 1) if (text := item_text(photo)))


def _rows(data: bytes) -> list[list[str]]:
    if len(data) > MAX_BYTES:
        raise SheetRefused(
            later("The table has {size}; {most} is the limit.", size=Size(len(data)), most=Size(MAX_BYTES))
        )
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # what older spreadsheets write
    if "\x00" in text:
        raise SheetRefused(later("This is no table of text."), fix=later("Save it as CSV, then try again."))
    first = text.lstrip().partition("\n")[0]
    apart = max((";", "\t", ","), key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=apart))
    except csv.Error:
        raise SheetRefused(
            later("This is no table of text."), fix=later("Save it as CSV, then try again.")
        ) from None  # fmt: skip
    return rows[:MAX_LINES]


@functools.cache
def _headings() -> dict[str, list[str]]:
    return tomllib.loads(_HEADINGS.read_text(encoding="utf-8"))


def _columns(row: Sequence[str]) -> dict[str, int] | None:
    """Return which column holds what, by the headings; None where the first line has no headings."""
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        word = _cell(cell).casefold().partition(" ")[0]
        name = next((name for name, headings in _headings().items() if word in headings and name not in found), None)
        if name is not None:
            found[name] = at
    return found if "file" in found and len(found) > 1 else None


def _by_file(photos: Sequence[PhotoInfo]) -> dict[str, str]:
    """Return photo ids by file name, by the name without its ending, and by place; the first of two alike wins."""
    known: dict[str, str] = {}
    for photo in photos:
        known.setdefault(photo.name.casefold(), photo.id)
    for place, photo in enumerate(photos, 1):
        known.setdefault(photo.name.casefold().rpartition(".")[0] or photo.name.casefold(), photo.id)
        known.setdefault(str(place), photo.id)
    return known


def _cell(text: str) -> str:
    """Return a cell as it was meant: without the apostrophe that keeps a spreadsheet from running it."""
    text = text.strip()
    return text[1:] if text.startswith("'") and csv_cell(text[1:]) == text else text
