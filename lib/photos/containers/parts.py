"""The pieces of a picture file that are not the picture."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from enum import StrEnum

MAX_INFLATED = 4_000_000  # a text or profile that inflates beyond this is cut: nobody reads it, and bombs end here


class Kind(StrEnum):
    """What a part is."""

    EXIF = "exif"  # a TIFF structure
    XMP = "xmp"
    PHOTOSHOP = "photoshop"  # a row of 8BIM blocks
    IPTC = "iptc"  # bare IPTC-IIM
    ICC = "icc"
    COMMENT = "comment"
    TEXT = "text"  # name and words
    PREVIEW = "preview"  # another, whole picture
    TRAILER = "trailer"  # bytes after the end
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """One piece. `where` names its place as people who look for it know it."""

    kind: Kind
    where: str
    data: bytes = field(repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a container says about itself. Width and height are 0 when the header is too broken to tell."""

    width: int
    height: int
    frames: int
    parts: tuple[Part, ...]


def inflate(data: bytes) -> bytes:
    """Inflate as much as is sane; broken streams give what came out before they broke."""
    stream = zlib.decompressobj()
    try:
        return stream.decompress(data, MAX_INFLATED)
    except zlib.error:
        return b""


def number(data: bytes, at: int, size: int, *, little: bool = False) -> int:
    """Read an unsigned number; bytes beyond the end count as none."""
    return int.from_bytes(data[at : at + size], "little" if little else "big")


def trailer(data: bytes, end: int) -> tuple[Part, ...]:
    """Whatever follows the end of the picture, unless it is only padding."""
    rest = data[end:]
    return (Part(Kind.TRAILER, "After the end", rest),) if rest.strip(b"\x00\r\n\t ") else ()
