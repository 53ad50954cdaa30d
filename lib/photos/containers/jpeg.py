"""JPEG: a row of segments, the picture, and sometimes much more after its end."""

# ruff: noqa: PLR2004 - the numbers are marker codes and places in the format
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lib.photos.containers import mpf
from lib.photos.containers.parts import BROKEN, MAX_PARTS, Contents, Part, PartKind, number, trailer

EXIF = b"Exif\x00"
XMP = b"http://ns.adobe.com/xap/1.0/\x00"
EXTENDED_XMP = b"http://ns.adobe.com/xmp/extension/\x00"
ICC = b"ICC_PROFILE\x00"
MPF = b"MPF\x00"
GAIN_MAP = b"urn:iso:std:iso:ts:21496:-1\x00"
GAIN_MAP_BYTES = 176  # its longest form
MPF_NAME = "MPF"
PHOTOSHOP = b"Photoshop 3.0\x00"

# Start-of-frame markers, which hold the size: C0-CF without DHT, JPG and DAC
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a length
_SCAN, _END = 0xDA, 0xD9
# In the coded picture FF is followed by 00 or a restart marker; anything else is the next segment.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass(slots=True)
class _JpegReading:
    width: int = 0
    height: int = 0
    parts: list[Part] = field(default_factory=list)
    icc: dict[int, bytes] = field(default_factory=dict)
    extended: dict[bytes, dict[int, bytes]] = field(default_factory=dict)


def segments(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield marker, place and content of each segment, up to the end marker (whose place is the last one)."""
    at = 2
    while at + 1 < len(data):
        if data[at] != 0xFF:
            found = _NEXT_MARKER.search(data, at)
            if not found:
                return
            at = found.start()
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == _END:
            yield marker, at, b""
            return
        if marker in _ALONE:
            at += 2
            continue
        length = max(2, number(data, at + 2, 2))
        yield marker, at, data[at + 4 : at + 2 + length]
        at += 2 + length
        if marker == _SCAN:
            found = _NEXT_MARKER.search(data, at)
            if not found:
                return
            at = found.start()


def read(data: bytes) -> Contents:
    """Take a JPEG apart."""
    reading = _JpegReading()
    for count, (marker, at, content) in enumerate(segments(data)):
        if count > MAX_PARTS:
            return BROKEN
        if marker == _END:
            reading.parts += _behind(data, at + 2, reading.parts)
        elif marker in _SIZES and not reading.width:
            reading.height, reading.width = number(content, 1, 2), number(content, 3, 2)
        elif marker == 0xFE:
            reading.parts.append(Part(PartKind.COMMENT, "JPEG comment", content))
        elif 0xE0 <= marker <= 0xEF:
            _application(reading, marker - 0xE0, content, data, at + 4)
    if reading.icc:
        profile = b"".join(chunk for _, chunk in sorted(reading.icc.items()))
        reading.parts.append(Part(PartKind.ICC, "JPEG APP2", profile))
    for chunks in reading.extended.values():
        text = b"".join(chunk for _, chunk in sorted(chunks.items()))
        reading.parts.append(Part(PartKind.XMP, "Extended XMP", text))
    return Contents(reading.width, reading.height, 1, tuple(reading.parts))


def _behind(data: bytes, end: int, parts: list[Part]) -> tuple[Part, ...]:
    """What follows the end of the picture, without the pictures that the index has named already."""
    rest = data[end:]
    for part in parts:
        if part.where == MPF_NAME and part.data:
            rest = rest.replace(part.data, b"", 1)
    return trailer(rest, 0)


def _application(reading: _JpegReading, app: int, content: bytes, data: bytes, at: int) -> None:
    if app == 1 and content.startswith(EXIF):
        reading.parts.append(Part(PartKind.EXIF, "EXIF", content[6:]))
    elif app == 1 and content.startswith(XMP):
        reading.parts.append(Part(PartKind.XMP, "XMP", content[len(XMP) :]))
    elif app == 1 and content.startswith(EXTENDED_XMP):
        rest = content[len(EXTENDED_XMP) :]
        reading.extended.setdefault(rest[:32], {})[number(rest, 36, 4)] = rest[40:]
    elif app == 2 and content.startswith(ICC):
        reading.icc[number(content, 12, 1)] = content[14:]
    elif app == 2 and content.startswith(MPF):
        reading.parts += mpf.pictures(content[4:], data, at + 4)
    elif app == 2 and content.startswith(GAIN_MAP) and len(content) <= GAIN_MAP_BYTES:
        return  # the numbers of a gain map, or that one follows
    elif app == 13 and content.startswith(PHOTOSHOP):
        reading.parts.append(Part(PartKind.PHOTOSHOP, "Photoshop", content[len(PHOTOSHOP) :]))
    elif app == 0:
        _jfif(reading, content)
    elif app != 14:  # Adobe's APP14 only says how colours are stored
        reading.parts.append(Part(PartKind.OTHER, f"JPEG APP{app}", content, name=_name(content)))


def _jfif(reading: _JpegReading, content: bytes) -> None:
    if content.startswith(b"JFXX\x00"):
        preview = content[6:] if content[5:6] == b"\x10" else b""
        reading.parts.append(Part(PartKind.PREVIEW, "JFXX", preview))
    elif content.startswith(b"JFIF\x00"):
        if content[14:]:
            reading.parts.append(Part(PartKind.PREVIEW, "JFIF", b""))
    else:
        reading.parts.append(Part(PartKind.OTHER, "JPEG APP0", content, name=_name(content)))


def _name(content: bytes) -> str:
    """The word that a vendor puts at the start of its segment."""
    word = re.match(rb"[ -~]{2,40}", content)
    return word.group().decode("ascii") if word else ""
