"""TIFF: directories of tags. EXIF is the same structure, so this reader serves both."""

# ruff: noqa: PLR2004 - the numbers are tag codes and places in the format
from __future__ import annotations

import struct
from dataclasses import dataclass, field
from fractions import Fraction

from lib.photos.containers.parts import Contents, Part, PartKind

Value = int | float | str | bytes | tuple[int | float, ...]

MAX_TAGS = 1_000  # in one directory; cameras write about 60
MAX_DIRECTORIES = 64
MAX_NUMBERS = 64  # longer rows are tables, not words about the photo: they stay bytes
# Directories that are reached through a tag
SUB = {0x8769: "Exif", 0x8825: "GPS", 0xA005: "Interop"}
SUB_DIRECTORIES = 0x014A
MAX_SUB_DIRECTORIES = 16
_FORMATS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
_RATIONAL, _SIGNED_RATIONAL, _ASCII, _UNDEFINED = 5, 10, 2, 7
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


@dataclass(slots=True)
class Directories:
    """What a TIFF structure holds: for each directory (0th, 1st, …, Exif, GPS, Interop) its tags."""

    tags: dict[str, dict[int, Value]] = field(default_factory=dict)
    thumbnail: bytes = b""
    pages: int = 0
    left: int = 0  # bytes of values that may still be read: honest values do not overlap

    def get(self, directory: str, tag: int) -> Value | None:
        """One value, or None."""
        return self.tags.get(directory, {}).get(tag)

    def number(self, directory: str, tag: int) -> int:
        """One whole number; 0 when there is none."""
        value = self.get(directory, tag)
        if isinstance(value, tuple) and value:
            value = value[0]
        return int(value) if isinstance(value, int) else 0


def directories(data: bytes) -> Directories:
    """Read all directories, as far as they can be read."""
    found = Directories(left=len(data))
    order = {b"II": "<", b"MM": ">"}.get(bytes(data[:2]))
    if order is None:
        return found
    seen: set[int] = set()
    at = _unpack(data, order + "I", 4)
    names = iter(["0th", "1st", *(f"page {n}" for n in range(3, MAX_DIRECTORIES))])
    while at and at not in seen and len(seen) < MAX_DIRECTORIES:
        seen.add(at)
        name = next(names)
        tags, following = _directory(found, data, order, at)
        found.tags[name] = tags
        found.pages += 1
        _below(found, data, order, name, seen)
        for tag, below in SUB.items():
            place = found.number(name, tag)
            if place and place not in seen and below not in found.tags:
                seen.add(place)
                found.tags[below] = _directory(found, data, order, place)[0]
        at = following
    interop = found.number("Exif", 0xA005)
    if interop and interop not in seen:
        found.tags["Interop"] = _directory(found, data, order, interop)[0]
    start, size = found.number("1st", 0x0201), found.number("1st", 0x0202)
    if start and size:
        found.thumbnail = bytes(data[start : start + size])
    return found


def _below(found: Directories, data: bytes, order: str, name: str, seen: set[int]) -> None:
    """Directories inside this one (raw photos keep the picture and its previews there)."""
    value = found.get(name, SUB_DIRECTORIES)
    places = value if isinstance(value, tuple) else (value,)
    for n, place in enumerate(places[:MAX_SUB_DIRECTORIES]):
        if isinstance(place, int) and place and place not in seen:
            seen.add(place)
            found.tags[f"{name} sub {n}"] = _directory(found, data, order, place)[0]


def _unpack(data: bytes, form: str, at: int) -> int:
    try:
        return int(struct.unpack_from(form, data, at)[0])
    except struct.error:
        return 0


def _directory(found: Directories, data: bytes, order: str, at: int) -> tuple[dict[int, Value], int]:
    tags: dict[int, Value] = {}
    count = _unpack(data, order + "H", at)
    for n in range(min(count, MAX_TAGS)):
        try:
            tag, kind, amount = struct.unpack_from(order + "HHI", data, at + 2 + n * 12)
        except struct.error:
            return tags, 0
        size = _SIZES.get(kind, 0) * amount
        place = at + 10 + n * 12
        if size > 4:
            place = _unpack(data, order + "I", place)
        if not size or place + size > len(data) or size > found.left:
            continue
        found.left -= size
        tags.setdefault(tag, _value(data, order, kind, amount, place))
    return tags, _unpack(data, order + "I", at + 2 + count * 12)


def _value(data: bytes, order: str, kind: int, amount: int, place: int) -> Value:
    raw = bytes(data[place : place + _SIZES[kind] * amount])
    if kind == _ASCII:
        return _as_text(raw)
    if kind == _UNDEFINED or (kind == 1 and amount > 4) or amount > MAX_NUMBERS:
        return raw
    if kind in {_RATIONAL, _SIGNED_RATIONAL}:
        pairs = struct.unpack(f"{order}{2 * amount}{'I' if kind == _RATIONAL else 'i'}", raw)
        row: tuple[int | float, ...] = tuple(
            float(Fraction(above, below)) if below else float("nan")
            for above, below in zip(pairs[::2], pairs[1::2], strict=True)
        )
    else:
        row = struct.unpack(f"{order}{amount}{_FORMATS[kind]}", raw)
    return row[0] if len(row) == 1 else row


def _as_text(raw: bytes) -> str:
    raw = raw.replace(b"\x00", b" ").strip()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def read(data: bytes) -> Contents:
    """Take a TIFF apart: the whole file is one EXIF structure."""
    found = directories(data)
    return Contents(
        found.number("0th", 0x0100),
        found.number("0th", 0x0101),
        max(1, found.pages),
        (Part(PartKind.EXIF, "TIFF", data),),
    )
