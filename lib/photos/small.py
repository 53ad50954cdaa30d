"""Small pictures of clean photos: for the grid of a share page, and for the preview card in a chat."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFilter, ImageOps

from lib.photos.colour import on_white
from lib.photos.resize import fit, resize
from lib.photos.stored import opened
from lib.photos.write import SUBSAMPLING

GRID_SIDE = 480
GRID_QUALITY = 80
CARD = 1200, 630  # what chat apps ask for
MAX_CARD_BYTES = 300_000  # above about 300 kB WhatsApp shows no picture
CARD_QUALITIES = (85, 75, 65, 50, 35)
# What survives blurring: a dozen by six patches of colour. Sharpening cannot bring back what was never kept.
PATCHES = 12, 6
SOFTNESS = 40  # pixels; hides the borders of the patches


def small_photo(data: bytes, max_side: int = GRID_SIDE) -> bytes:
    """Return a small JPEG of clean bytes (JPEG or PNG), with nothing inside but the picture."""
    with _on_white(data, (max_side, max_side)) as picture:
        return photo_jpeg(picture, max_side)


def photo_jpeg(image: Image.Image, max_side: int) -> bytes:
    """Return a picture, small, as a JPEG with nothing inside but the picture."""
    return _jpeg(resize(image, fit(image.size, max_side)), GRID_QUALITY)


def preview_card(data: bytes, *, blurred: bool) -> bytes:
    """Return a JPEG of 1200 x 630 pixels and at most 300 kB. Blurred means beyond recognition, for good."""
    with _on_white(data, CARD) as picture:
        card = ImageOps.fit(picture, CARD, Image.Resampling.LANCZOS)
    if blurred:
        card = card.resize(PATCHES, Image.Resampling.BOX).resize(CARD, Image.Resampling.BICUBIC)
        card = card.filter(ImageFilter.GaussianBlur(SOFTNESS))
    for quality in CARD_QUALITIES:
        written = _jpeg(card, quality)
        if len(written) <= MAX_CARD_BYTES:
            break
    return written


@contextmanager
def _on_white(data: bytes, wanted: tuple[int, int]) -> Iterator[Image.Image]:
    """Hold a picture without anything to see through. Raises `BrokenPicture`."""
    with opened(data, wanted=wanted) as picture:
        solid = on_white(picture) if picture.mode == "RGBA" else picture
        yield solid if solid.mode in {"L", "RGB"} else solid.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    image.info = {}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=SUBSAMPLING, progressive=True)
    return out.getvalue()
