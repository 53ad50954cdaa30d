"""The second opinion on whether a file holds anything but the picture.

On purpose this shares no code with the readers that report and clean. It knows only what is allowed - the segments that
a JPEG or PNG needs to draw itself, the boxes that a video needs - and calls everything else a leftover. Then
a parser by other people has a look as well: exifread, or FFmpeg's for a video (see `lib.photos.leftovers_mp4`).
"""

# ruff: noqa: PLR2004 - the numbers are marker codes and places in the formats
from __future__ import annotations

import io
import logging
import struct
from dataclasses import dataclass

import exifread
from exifread.core.exceptions import ExifError, ExifNotFound

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


def _in_jpeg(data: bytes) -> list[Leftover]:
    found: list[Leftover] = []
    view = memoryview(data)
    at = 2
    while True:
        if at + 4 > len(data) and data[at : at + 2] != b"\xff\xd9":
            return [*found, Leftover("JPEG", "has no end")]
        if view[at] != 0xFF:
            return [*found, Leftover("JPEG", f"unexpected bytes at {at}")]
        marker = view[at + 1]
        if marker == 0xD9:
            if at + 2 != len(data):
                found.append(Leftover("After the end of the JPEG", f"{len(data) - at - 2:,} bytes"))
            return found
        size = int.from_bytes(view[at + 2 : at + 4], "big")
        if size < 2 or at + 2 + size > len(data):
            return [*found, Leftover("JPEG", "a segment runs over the end")]
        content = bytes(view[at + 4 : at + 2 + size])
        if not _allowed_in_jpeg(marker, content, first=at == 2):
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
