"""A photo in AVIF, for browsers that take it: about two thirds of the bytes, with nothing inside but the picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image

from lib.photos import glow
from lib.photos.containers import take_apart
from lib.photos.formats import Format
from lib.photos.metadata.read import read_metadata
from lib.photos.stored import opened

# Tried from the best one down, until the bytes are fewer than AIM. Measured on ten photos on 2026-11-25: at 70, SSIM
# against the JPEG is 0.984 to 0.994; a JPEG that was strongly compressed before needs 56 (0.957 to 0.985).
QUALITIES: Final = (70, 63, 56)
SMALL_QUALITIES: Final = (60,)  # of the grid size: 53 to 63 % of the JPEG's bytes
AIM: Final = 0.67  # of the JPEG's bytes
SPEED: Final = 8  # a second for 2048 pixels; 6 takes three times as long for the same bytes
COPIES: Final = 6  # of its pixels that the encoder holds, in four bytes each
WORTH: Final = 0.85  # of the JPEG's bytes: with less to save the JPEG stays


def lighter_photo(data: bytes, size_bytes: int, qualities: Sequence[int] = QUALITIES) -> bytes | None:
    """Return a clean JPEG as AVIF; None where it would not be much smaller, or would lose its glow on HDR screens.

    `size_bytes` is the size of what it is sent instead of. Raises `BrokenPicture`.
    """
    if glow.has_map(data, Format.JPEG, take_apart(data, Format.JPEG)):
        return None
    with opened(data, formats=("JPEG",), copies=COPIES) as picture:
        return _as_avif(picture.convert("RGB"), size_bytes, qualities)


def _as_avif(picture: Image.Image, size_bytes: int, qualities: Sequence[int]) -> bytes | None:
    picture.info = {}
    for quality in qualities:
        out = io.BytesIO()
        picture.save(out, "AVIF", quality=quality, speed=SPEED, max_threads=1, subsampling="4:2:0")
        made = out.getvalue()
        if len(made) <= AIM * size_bytes:
            break
    private = any(finding.private for finding in read_metadata(made).findings)
    return None if private or len(made) > WORTH * size_bytes else made
