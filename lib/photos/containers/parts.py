"""The pieces of a picture file that are not the picture."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from enum import StrEnum

MAX_INFLATED = 4_000_000  # a text or profile that inflates beyond this is cut: nobody reads it, and bombs end here
MAX_INFLATED_IN_ALL = 16_000_000  # of one file
MAX_PARTS = 5_000  # of one file; honest files have up to some hundred. More is an attack: the file is called broken.


class PartKind(StrEnum):
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

    kind: PartKind
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


BROKEN = Contents(0, 0, 1, ())


class Inflater:
    """Inflates as much as is sane for one file; broken streams give nothing."""

    def __init__(self) -> None:
        self._left = MAX_INFLATED_IN_ALL

    def inflate(self, data: bytes) -> bytes:
        """The content of one zlib stream, cut where it grows too long."""
        limit = min(MAX_INFLATED, self._left)
        try:
            content = zlib.decompressobj().decompress(data, limit) if limit else b""
        except zlib.error:
            return b""
        self._left -= len(content)
        return content


def number(data: bytes, at: int, size: int, *, little: bool = False) -> int:
    """Read an unsigned number; bytes beyond the end count as none."""
    return int.from_bytes(data[at : at + size], "little" if little else "big")


def trailer(data: bytes, end: int) -> tuple[Part, ...]:
    """Whatever follows the end of the picture, unless it is only padding."""
    rest = data[end:]
    return (Part(PartKind.TRAILER, "After the end", rest),) if rest.strip(b"\x00\r\n\t ") else ()
