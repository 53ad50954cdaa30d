"""HEIF, the envelope of HEIC and AVIF: boxes, items, and references between them."""

# ruff: noqa: PLR2004 - the numbers are places in the format
from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from lib.photos.containers.parts import Contents, Part, PartKind, number

MAX_ITEMS = 4_096  # a 100-megapixel photo in 512-pixel tiles has about 400
MAX_EXTENTS = 20_000  # pieces of items, and properties of items, in one file
MAX_EXTRA = 200  # unknown boxes at the top of a file
ROTATION, MIRROR = b"irot", b"imir"
# Boxes at the top of a file that only hold the picture
PLAIN_BOXES = frozenset((b"ftyp", b"meta", b"mdat", b"free", b"skip", b"wide", b"moov", b"moof", b"styp", b"sidx"))
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # the uuid of the box that holds Content Credentials
AUXILIARY = {  # what an auxiliary picture is, by the end of its type
    "alpha": "",  # transparency: part of the picture
    "auxid:1": "",
    "depth": "depth map",
    "auxid:2": "depth map",
    "hdrgainmap": "gain map",
    "portraiteffectsmatte": "outline of a person",
    "semanticskinmatte": "outline of skin",
    "semantichairmatte": "outline of hair",
    "semanticteethmatte": "outline of teeth",
    "semanticglassesmatte": "outline of glasses",
    "semanticskymatte": "outline of the sky",
}


@dataclass(slots=True)
class Item:
    """One item: a coded picture, a tile, a grid, or a block of metadata."""

    kind: bytes = b""
    content_type: str = ""
    in_idat: bool = False
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)

    def first_property(self, name: bytes) -> bytes | None:
        """The content of the first property of that name."""
        return next((content for label, content in self.properties if label == name), None)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored, before turning."""
        extent = self.first_property(b"ispe") or b""
        return number(extent, 4, 4), number(extent, 8, 4)


@dataclass(slots=True)
class Heif:
    """The items of a file and how they refer to each other."""

    data: bytes
    items: dict[int, Item] = field(default_factory=dict)
    references: dict[tuple[bytes, int], tuple[int, ...]] = field(default_factory=dict)
    extents: int = 0
    primary: int = 0
    idat: bytes = b""
    extra: list[Part] = field(default_factory=list)
    frames: int = 1

    def content(self, item: Item) -> bytes:
        """The bytes of an item, put together."""
        source, pieces, left = self.idat if item.in_idat else self.data, [], len(self.data)
        for at, length in item.extents:
            piece = source[at : at + min(length or left, left)]
            left -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def referred(self, kind: bytes, start: int) -> tuple[int, ...]:
        """The items that `start` refers to."""
        return self.references.get((kind, start), ())

    def referring(self, kind: bytes, end: int) -> list[int]:
        """The items that refer to `end`."""
        return [begin for (label, begin), ends in self.references.items() if label == kind and end in ends]


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, begin and end of the content of each box."""
    at, end = start, len(data) if end is None else min(end, len(data))
    while at + 8 <= end:
        size, name, head = number(data, at, 4), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = number(data, at + 8, 8), 16
        elif size == 0:
            size = end - at
        if size < head:
            return
        yield name, at + head, min(at + size, end)
        at += size


def parse(data: bytes) -> Heif:
    """Read the structure, as far as it can be read."""
    heif = Heif(data)
    for name, begin, end in boxes(data):
        if name == b"meta" and not heif.items:
            _meta(heif, begin + 4, end)
        elif name == b"moov":
            heif.frames = max(heif.frames, 2)
        elif name not in PLAIN_BOXES and len(heif.extra) < MAX_EXTRA:
            label = "content credentials" if data[begin : begin + 16] == C2PA else name.decode("latin-1")
            heif.extra.append(Part(PartKind.TRAILER, f"Box {label}", data[begin:end], name=label))
    return heif


def _meta(heif: Heif, begin: int, end: int) -> None:
    data = heif.data
    found = {name: (at, stop) for name, at, stop in boxes(data, begin, end)}
    readers = (
        (b"pitm", _primary), (b"iinf", _infos), (b"iloc", _places), (b"iref", _references), (b"iprp", _properties),
    )  # fmt: skip
    for name, reader in readers:
        if name in found:
            try:
                reader(heif, *found[name])
            except struct.error:
                continue
    if b"idat" in found:
        at, stop = found[b"idat"]
        heif.idat = data[at:stop]


def _primary(heif: Heif, at: int, _: int) -> None:
    heif.primary = number(heif.data, at + 4, 4 if heif.data[at] else 2)


def _infos(heif: Heif, at: int, end: int) -> None:
    data = heif.data
    for name, begin, stop in boxes(data, at + (8 if data[at] else 6), end):
        if name != b"infe" or len(heif.items) >= MAX_ITEMS:
            continue
        wide = data[begin] > 2
        place = begin + (8 if wide else 6)
        item = Item(kind=data[place + 2 : place + 6])
        if item.kind == b"mime":
            text = data[place + 6 : stop].split(b"\x00")
            item.content_type = text[1].decode("latin-1") if len(text) > 1 else ""
        heif.items[number(data, begin + 4, 4 if wide else 2)] = item


def _places(heif: Heif, at: int, end: int) -> None:
    data, version = heif.data, heif.data[at]
    sizes = data[at + 4] >> 4, data[at + 4] & 15, data[at + 5] >> 4, data[at + 5] & 15 if version else 0
    offset_size, length_size, base_size, index_size = sizes
    id_size = 4 if version == 2 else 2
    count = number(data, at + 6, id_size)
    at += 6 + id_size
    for _ in range(min(count, MAX_ITEMS)):
        item = heif.items.setdefault(number(data, at, id_size), Item())
        at += id_size
        if version:
            item.in_idat = bool(data[at + 1] & 15) if at + 1 < end else False
            at += 2
        base = number(data, at + 2, base_size)
        at += 2 + base_size
        extents = number(data, at, 2)
        at += 2
        for _ in range(min(extents, MAX_EXTENTS - heif.extents)):
            heif.extents += 1
            at += index_size
            item.extents.append((base + number(data, at, offset_size), number(data, at + offset_size, length_size)))
            at += offset_size + length_size
        if at > end:
            return


def _references(heif: Heif, at: int, end: int) -> None:
    data = heif.data
    size = 4 if data[at] else 2
    for name, begin, stop in boxes(data, at + 4, end):
        count = min(number(data, begin + size, 2), MAX_ITEMS, (stop - begin) // size)
        ends = tuple(number(data, begin + size + 2 + n * size, size) for n in range(count))
        if len(heif.references) < MAX_ITEMS:
            heif.references.setdefault((name, number(data, begin, size)), ends)


def _properties(heif: Heif, at: int, end: int) -> None:
    data = heif.data
    shelf: list[tuple[bytes, bytes]] = []
    for name, begin, stop in boxes(data, at, end):
        if name == b"ipco":
            shelf = [(label, data[start:finish]) for label, start, finish in boxes(data, begin, stop)]
        elif name == b"ipma":
            _associations(heif, begin, stop, shelf)


def _associations(heif: Heif, at: int, end: int, shelf: list[tuple[bytes, bytes]]) -> None:
    data = heif.data
    id_size, wide = (4 if data[at] else 2), data[at + 3] & 1
    count = number(data, at + 4, 4)
    at += 8
    for _ in range(min(count, MAX_ITEMS)):
        if at >= end:
            return
        item = heif.items.get(number(data, at, id_size)) or Item()
        amount = number(data, at + id_size, 1)
        at += id_size + 1
        for _ in range(min(amount, MAX_EXTENTS - heif.extents)):
            heif.extents += 1
            index = number(data, at, 2 if wide else 1) & (0x7FFF if wide else 0x7F)
            at += 2 if wide else 1
            if 0 < index <= len(shelf):
                item.properties.append(shelf[index - 1])


def read(data: bytes) -> Contents:
    """Take a HEIC or AVIF apart."""
    heif = parse(data)
    main = heif.items.get(heif.primary, Item())
    width, height = _shown_size(heif, main)
    turned = any(name == ROTATION and content[:1] in {b"\x01", b"\x03"} for name, content in main.properties)
    parts = [part for number_, item in heif.items.items() for part in _parts(heif, number_, item)]
    tile = heif.items.get(next(iter(heif.referred(b"dimg", heif.primary)), 0), Item())
    parts += _profiles(main) or _profiles(tile)
    size = (height, width) if turned else (width, height)
    return Contents(*size, heif.frames, (*parts, *heif.extra))


def stored_size(heif: Heif, item: Item) -> tuple[int, int]:
    """The larger of what the header and a grid announce: the memory that decoding would take."""
    width, height = item.size
    if item.kind == b"grid":
        content = heif.content(item)[:12]
        size = 4 if content[1:2] == b"\x01" else 2
        width, height = max(width, number(content, 4, size)), max(height, number(content, 4 + size, size))
    return width, height


def _shown_size(heif: Heif, item: Item) -> tuple[int, int]:
    """What is left of the stored size by a `clap` box (ISO/IEC 14496-12: two fractions), where that is sound."""
    width, height = stored_size(heif, item)
    for name, content in item.properties:
        if name == b"clap" and len(content) >= 16:
            across, across_by, down, down_by = (number(content, at, 4) for at in (0, 4, 8, 12))
            if across_by and down_by and 0 < across // across_by <= width and 0 < down // down_by <= height:
                return across // across_by, down // down_by
    return width, height


def _profiles(item: Item) -> list[Part]:
    return [
        Part(PartKind.ICC, "HEIF colour", content[4:])
        for name, content in item.properties
        if name == b"colr" and content[:4] in {b"prof", b"rICC"}
    ]


def _parts(heif: Heif, number_: int, item: Item) -> list[Part]:
    if item.kind == b"Exif":
        content = heif.content(item)
        return [Part(PartKind.EXIF, "EXIF", content[4 + number(content, 0, 4) :].removeprefix(b"Exif\x00\x00"))]
    if item.kind == b"mime":
        kind = PartKind.XMP if "rdf+xml" in item.content_type else PartKind.OTHER
        return [Part(kind, "XMP" if kind is PartKind.XMP else "HEIF item", heif.content(item), name=item.content_type)]
    if heif.primary in heif.referred(b"thmb", number_):
        return [Part(PartKind.PREVIEW, "HEIF thumbnail", b"", name="{} x {} pixels".format(*item.size))]
    if item.kind in {b"uri ", b"jumb", b"c2pa"}:
        return [Part(PartKind.OTHER, "HEIF item", heif.content(item), name=item.kind.decode("latin-1"))]
    label = auxiliary(item)
    name = AUXILIARY.get(label, label) if label else ""
    return [Part(PartKind.OTHER, "HEIF auxiliary picture", heif.content(item), name=name)] if name else []


def auxiliary(item: Item) -> str:
    """What kind of auxiliary picture this is: alpha, depth …; empty for others."""
    content = item.first_property(b"auxC")
    if content is None:
        return ""
    urn = content[4:].split(b"\x00")[0].decode("latin-1").lower()
    ends = next((end for end in AUXILIARY if urn.endswith(end)), "")
    return ends or urn.rsplit(":", 1)[-1] or "unknown"
