"""Raw camera photos: the largest whole preview that the camera put inside, never a thumbnail, never the raw data.

Cameras store one or several finished JPEGs beside the raw data (DNG, NEF, ARW, CR2, CR3, RAF, ORF, RW2 …). The makers
hide them in different places, so they are found by what they are: JPEG pictures inside the file, of which the largest
counts.
"""

# ruff: noqa: PLR2004 - the numbers are tag codes and places in the formats
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lib.photos import policy
from lib.photos.containers.heif import boxes
from lib.photos.containers.jpeg import segments
from lib.photos.containers.parts import Contents, Part, PartKind, number
from lib.photos.containers.tiff import Directories, directories
from lib.photos.problems import UnsupportedPicture
from lib.text.later import Number, later

JPEG_START = b"\xff\xd8\xff"
HEAD = 262_144  # bytes: the size of a JPEG stands within these, whatever is hidden before it
MAX_TRIES = 64  # places that look like the start of a JPEG; honest files have up to ten
# Frames that every reader of JPEG can show: baseline, extended, progressive. C3 is lossless: raw data.
SHOWN = frozenset((0xC0, 0xC1, 0xC2))
SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SCAN = 0xDA
RAW_PHOTOMETRIC = frozenset((32803, 34892))  # a colour filter array, and linear raw (DNG)
RAW_COMPRESSION = frozenset((32767, 32769, 32770, 34713, 65000, 65535))  # Sony, Epson, Samsung, Nikon, Kodak, Pentax
LYING = 5  # orientations from 5 on lie on their side
CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")  # the box of a CR3 that holds its tags


@dataclass(frozen=True, slots=True)
class RawPreview:
    """The picture inside, as JPEG."""

    data: bytes
    width: int
    height: int
    orientation: int


def is_raw_tiff(data: bytes) -> bool:
    """Whether a file that begins like a TIFF is a raw photo."""
    if data[8:10] == b"CR":
        return True
    for row in directories(data).tags.values():
        if 0xC612 in row or row.get(0x0106) in RAW_PHOTOMETRIC or row.get(0x0103) in RAW_COMPRESSION:
            return True
    return False


def preview(data: bytes) -> RawPreview:
    """Return the largest whole preview. Raises `UnsupportedPicture` when there is none, or only a thumbnail."""
    tags = [directories(block) for block in _blocks(data)]
    full = _full_side(data, tags)
    best: tuple[int, int, int] | None = None
    for at in _starts(data):
        size = _shown_size(data[at : at + HEAD])
        if size and (best is None or size[0] * size[1] > best[1] * best[2]):
            best = at, *size
    if best is None:
        raise UnsupportedPicture(later("This is a raw camera photo without a preview inside that could be sent."))
    at, width, height = best
    longest = max(width, height)
    wanted = policy.value("raw_side")
    if longest < (min(wanted, full * policy.value("raw_share")) if full else wanted):
        raise UnsupportedPicture(
            later(
                "This is a raw camera photo. The largest preview inside is only {longest} pixels long, and the photo "
                "has {full}.",
                longest=Number(longest),
                full=Number(full),
            )
            if full
            else later(
                "This is a raw camera photo. The largest preview inside is only {longest} pixels long.",
                longest=Number(longest),
            )
        )
    content = _cut(data, at)
    return RawPreview(content, width, height, _turn(content, tags, full_size=_stored(tags), size=(width, height)))


def read(data: bytes) -> Contents:
    """Take a raw photo apart: its tags, and those of the preview that stands for it. Never raises on content."""
    from lib.photos.containers.jpeg import read as read_jpeg

    parts = [Part(PartKind.EXIF, "EXIF", block) for block in _blocks(data)]
    try:
        found = preview(data)
    except UnsupportedPicture:
        return Contents(*_stored([directories(block) for block in _blocks(data)]), 1, tuple(parts))
    inside = [part for part in read_jpeg(found.data).parts if part.kind is not PartKind.TRAILER]
    return Contents(found.width, found.height, 1, (*parts, *inside))


def _blocks(data: bytes) -> list[bytes]:
    """The TIFF structures that describe the photo: the file itself, or what it carries (RAF, CR3)."""
    if data[:2] in {b"II", b"MM"}:
        return [data]
    if data[4:8] == b"ftyp":
        return [data[start:end] for name, start, end in _canon_boxes(data) if name.startswith(b"CMT")]
    return []


def _canon_boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    for name, start, end in boxes(data):
        if name == b"moov":
            for inner, begin, stop in boxes(data, start, end):
                if inner == b"uuid" and data[begin : begin + 16] == CANON:
                    yield from boxes(data, begin + 16, stop)


def _starts(data: bytes) -> Iterator[int]:
    at, tries = data.find(JPEG_START, 1), 0
    while at >= 0 and tries < MAX_TRIES * 4:
        if data[at + 3] in b"\xc0\xc1\xc2\xc4\xdb\xdd\xe0\xe1\xe2\xec\xed\xee\xfe":
            yield at
        tries += 1
        at = data.find(JPEG_START, at + 3)


def _shown_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG that can be shown; None for raw data that looks like one, and for anything else."""
    for count, (marker, _, content) in enumerate(segments(data)):
        if marker in SIZES:
            usual = marker in SHOWN and number(content, 0, 1) == 8 and number(content, 5, 1) in {1, 3}
            size = number(content, 3, 2), number(content, 1, 2)
            return size if usual and all(size) else None
        if marker == SCAN or count > MAX_TRIES:
            return None
    return None


def _cut(data: bytes, at: int) -> bytes:
    """The JPEG that starts there, without what follows its end."""
    content = data[at:]
    end = len(content)
    for marker, place, _ in segments(content):
        if marker == 0xD9:
            end = place + 2
    return content[:end]


def _stored(tags: list[Directories]) -> tuple[int, int]:
    """Width and height of the largest picture that the tags name."""
    sizes = [(_whole(row.get(0x0100)), _whole(row.get(0x0101))) for one in tags for row in one.tags.values()]
    sizes += [(_whole(row.get(0xA002)), _whole(row.get(0xA003))) for one in tags for row in one.tags.values()]
    return max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))


def _full_side(data: bytes, tags: list[Directories]) -> int:
    sides = [max(_stored(tags))]
    if data.startswith(b"FUJIFILMCCD-RAW"):
        sides.append(_fuji_side(data))
    if data[:4] == b"IIU\x00":  # Panasonic: borders of the sensor
        sides += [_whole(row.get(tag)) for one in tags for row in one.tags.values() for tag in (0x0002, 0x0003)]
    return max(sides)


def _fuji_side(data: bytes) -> int:
    """The size from Fuji's own directory: records of tag, length, value."""
    at = number(data, 92, 4)
    count = number(data, at, 4)
    at += 4
    for _ in range(min(count, 256)):
        tag, length = number(data, at, 2), number(data, at + 2, 2)
        if tag == 0x0111:  # the cropped size: height, width
            return max(number(data, at + 4, 2), number(data, at + 6, 2))
        at += 4 + length
    return 0


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value < 1 << 17 else 0


def _turn(content: bytes, tags: list[Directories], full_size: tuple[int, int], size: tuple[int, int]) -> int:
    """The turn of the preview: its own, or else the photo's, unless it has been turned already."""
    own = [directories(c[6:]) for m, _, c in segments(content[:200_000]) if m == 0xE1 and c.startswith(b"Exif\x00")]
    for one in (*own, *tags):
        for name in ("0th", "1st"):
            turn = one.number(name, 0x0112)
            if 1 <= turn <= 8:
                turned = one in tags and turn >= LYING and (full_size[0] > full_size[1]) != (size[0] > size[1])
                return 1 if turned else turn
    return 1
