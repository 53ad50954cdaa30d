"""The second opinion on whether a file holds anything but the picture.

On purpose this shares no code with the modules that report and clean. It holds a list of what is allowed (the segments
that are needed to draw a JPEG or PNG, the boxes that are needed to play a video) and reports everything else as a
leftover. A third-party parser then checks the file as well: exifread, or FFmpeg's for a video (see
`lib.photos.leftovers_mp4`).
"""

# ruff: noqa: PLR2004 - the numbers are marker codes and places in the formats
from __future__ import annotations

import io
import logging
import struct
from dataclasses import dataclass, field

import exifread
from exifread.core.exceptions import ExifError, ExifNotFound

from lib.photos import leftovers_glow
from lib.photos.leftovers_mp4 import in_mp4

JPEG_START, PNG_START, MP4_START = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"ftyp"
# Marker -> name, of what a JPEG needs: tables, the frame (baseline, extended, progressive), restarts, the scan
JPEG_NEEDS = {0xC0: "SOF0", 0xC1: "SOF1", 0xC2: "SOF2", 0xC4: "DHT", 0xDB: "DQT", 0xDD: "DRI", 0xDA: "SOS"}
PNG_NEEDS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
JFIF_BYTES, ADOBE_BYTES = 14, 12
_EXIFREAD_ERRORS = (
    ExifError, OSError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError,
    RuntimeError, struct.error,
)  # fmt: skip
logging.getLogger("exifread").setLevel(logging.CRITICAL)  # it talks about every file without EXIF


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that should not be there."""

    where: str  # "JPEG APP1"
    what: str  # "1,204 bytes", a tag and its value, …


def find_leftovers(data: bytes) -> tuple[Leftover, ...]:
    """Return everything in a JPEG, PNG or MP4 that is not needed to show it. Empty means clean. Never raises."""
    if data[4:8] == MP4_START:
        return tuple(Leftover(where, what) for where, what in in_mp4(data))
    if data.startswith(JPEG_START):
        found = _in_jpeg(data)
    elif data.startswith(PNG_START):
        found = _in_png(data)
    else:
        return (Leftover("File", "neither a JPEG nor a PNG nor an MP4"),)
    return tuple(found + _by_exifread(data))


@dataclass(slots=True)
class _GainMap:
    """What belongs to a gain map, met on the way through a JPEG (or through the map itself: `second`)."""

    second: bool
    announced: bool = False
    numbers: bool = False
    indexes: list[tuple[int, bytes]] = field(default_factory=list)

    def takes(self, content: bytes, place: int) -> bool:
        """Whether this APP2 is one that a gain map needs. The index can be judged only at the end."""
        if self.second:
            fits, self.numbers = leftovers_glow.are_numbers(content) and not self.numbers, True
            return fits
        if leftovers_glow.is_announced(content) and not self.announced:
            self.announced = True
            return True
        if content[:4] == b"MPF\x00":
            self.indexes.append((place, content))
            return True
        return False

    def at_end(self, data: bytes, end: int) -> list[Leftover]:
        """What is wrong once the picture has ended: the map has to follow, and to be all that follows."""
        behind = data[end:]
        if self.announced and len(self.indexes) == 1 and behind.startswith(JPEG_START):
            place, index = self.indexes[0]
            right = leftovers_glow.is_index(index, place, end, len(behind))
            found = [] if right else [Leftover("JPEG APP2", f"{len(index):,} bytes")]
            return found + [Leftover(f"Gain map, {one.where}", one.what) for one in _in_jpeg(behind, second=True)]
        found = [Leftover("JPEG APP2", f"{len(index):,} bytes") for _, index in self.indexes]
        if self.announced:
            found.append(Leftover("JPEG APP2", "announces a gain map that is not there"))
        if self.second and not self.numbers:
            found.append(Leftover("JPEG", "a second picture that is no gain map"))
        if behind:
            found.append(Leftover("After the end of the JPEG", f"{len(behind):,} bytes"))
        return found


def _in_jpeg(data: bytes, *, second: bool = False) -> list[Leftover]:
    """What is in a JPEG, or in the gain map behind one (`second`)."""
    found: list[Leftover] = []
    gain_map = _GainMap(second)
    view = memoryview(data)
    at = 2
    while True:
        if at + 4 > len(data) and data[at : at + 2] != b"\xff\xd9":
            return [*found, Leftover("JPEG", "has no end")]
        if view[at] != 0xFF:
            return [*found, Leftover("JPEG", f"unexpected bytes at {at}")]
        marker = view[at + 1]
        if marker == 0xD9:
            return found + gain_map.at_end(data, at + 2)
        size = int.from_bytes(view[at + 2 : at + 4], "big")
        if size < 2 or at + 2 + size > len(data):
            return [*found, Leftover("JPEG", "a segment runs over the end")]
        content = bytes(view[at + 4 : at + 2 + size])
        mapped = marker == 0xE2 and gain_map.takes(content, at + 4)
        if not mapped and not _allowed_in_jpeg(marker, content, first=at == 2):
            found.append(Leftover(_jpeg_name(marker), f"{len(content):,} bytes"))
        at += 2 + size
        if marker == 0xDA:
            at = _after_scan(data, at)


def _allowed_in_jpeg(marker: int, content: bytes, *, first: bool) -> bool:
    if marker == 0xE0:  # JFIF without a thumbnail
        return first and len(content) == JFIF_BYTES and content[:5] == b"JFIF\x00" and content[12:14] == b"\x00\x00"
    if marker == 0xEE:  # how the colours are stored
        return len(content) == ADOBE_BYTES and content[:5] == b"Adobe"
    return marker in JPEG_NEEDS


def _jpeg_name(marker: int) -> str:
    if 0xE0 <= marker <= 0xEF:
        return f"JPEG APP{marker - 0xE0}"
    return "JPEG comment" if marker == 0xFE else f"JPEG segment {marker:02X}"


def _after_scan(data: bytes, at: int) -> int:
    """Where coded picture data ends: at the first FF that is neither stuffed (FF 00) nor a restart (FF D0-D7)."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        else:
            return at


def _in_png(data: bytes) -> list[Leftover]:
    found: list[Leftover] = []
    at = len(PNG_START)
    while at + 12 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        if at + 12 + size > len(data):
            break
        if name not in PNG_NEEDS:
            found.append(Leftover(f"PNG {name.decode('latin-1')}", f"{size:,} bytes"))
        at += 12 + size
        if name == b"IEND":
            if size or at != len(data):
                found.append(Leftover("After the end of the PNG", f"{size + len(data) - at:,} bytes"))
            return found
    return [*found, Leftover("PNG", "has no end")]


def _by_exifread(data: bytes) -> list[Leftover]:
    try:
        tags = exifread.process_file(io.BytesIO(data), details=False)
    except ExifNotFound:
        return []
    except _EXIFREAD_ERRORS as error:
        return [Leftover("EXIF", f"something that exifread cannot read ({type(error).__name__})")]
    return [Leftover("EXIF", f"{name}: {str(value)[:80]}") for name, value in tags.items() if name != "Error"]
