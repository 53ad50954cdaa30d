"""Whether a picture that came is one that a person would see as the photo: how it is sent, and whether it decodes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Final

from PIL import Image, UnidentifiedImageError

from lib.photos.gate import decoding

_DOT: Final = 16  # pixels a side; smaller ones count visits or fill a place
_BYTES_A_PIXEL: Final = 8  # while it is decoded
_PIXELS: Final = 120_000_000  # above every phone's photo; decoding more would only cost memory


def way_of(headers: Mapping[str, str], media: str) -> str:
    """Return the wall that a picture's own headers build: "download", "letters", or nothing where browsers show it.

    Browsers go by Content-Disposition first, then by Content-Type; they look at the bytes only where no type is given
    (MIME Sniffing Standard, and only without `nosniff`).
    """
    if headers.get("Content-Disposition", "").strip().lower().startswith("attachment"):
        return "download"
    told = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    guess = "nosniff" not in headers.get("X-Content-Type-Options", "").lower()
    if not told or told == "unknown/unknown":
        return "" if guess else "download"
    if told.startswith("image/") or media not in {"jpeg", "png", "gif", "webp", "avif", "bmp"}:
        return ""
    if told.startswith("text/"):
        return "letters"
    return "download"


def looks_like_a_photo(data: bytes, *, whole: bool) -> str:
    """Return what is wrong with a picture: "broken", "not_the_photo", or nothing. `whole`: no byte is missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
                if width * height > _PIXELS:
                    return ""
                if whole:
                    picture.draft("RGB", (960, 960))  # a JPEG decodes to an eighth of its size eight times faster
                    across, down = picture.size
                    with decoding.room(across * down * _BYTES_A_PIXEL):
                        picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "broken" if whole else ""
    return "not_the_photo" if max(width, height) <= _DOT else ""
