"""What lies inside each kind of picture file, taken apart without decoding a pixel.

Every reader is told to be forgiving: from broken bytes it returns what it could read. It never raises on content.
"""

from __future__ import annotations

from collections.abc import Callable

from lib.photos.containers.bmp import read as read_bmp
from lib.photos.containers.gif import read as read_gif
from lib.photos.containers.heif import read as read_heif
from lib.photos.containers.jpeg import read as read_jpeg
from lib.photos.containers.parts import Contents, Part, PartKind
from lib.photos.containers.png import read as read_png
from lib.photos.containers.tiff import read as read_tiff
from lib.photos.containers.webp import read as read_webp
from lib.photos.formats import Format
from lib.photos.raw import read as read_raw

READERS: dict[Format, Callable[[bytes], Contents]] = {
    Format.JPEG: read_jpeg,
    Format.PNG: read_png,
    Format.WEBP: read_webp,
    Format.GIF: read_gif,
    Format.TIFF: read_tiff,
    Format.BMP: read_bmp,
    Format.HEIC: read_heif,
    Format.AVIF: read_heif,
    Format.RAW: read_raw,
}

__all__ = ["Contents", "Part", "PartKind", "take_apart"]


def take_apart(data: bytes, kind: Format) -> Contents:
    """Return the size, the frames and every part of a picture file that is not the picture itself."""
    return READERS[kind](data)
