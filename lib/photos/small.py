"""Small pictures of clean photos: for the grid of a share page, and for the preview card in a chat."""

from __future__ import annotations

import io

from PIL import Image, ImageFilter, ImageOps

from lib.photos.colour import on_white, to_simple_mode
from lib.photos.decode import DECODER_ERRORS
from lib.photos.problems import BrokenPicture
from lib.photos.resize import fit, resize
from lib.photos.write import SUBSAMPLING
from lib.text.later import later

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
    return photo_jpeg(_open(data, (max_side, max_side)), max_side)


def photo_jpeg(image: Image.Image, max_side: int) -> bytes:
    """Return a picture, small, as a JPEG with nothing inside but the picture."""
    return _jpeg(resize(image, fit(image.size, max_side)), GRID_QUALITY)


def preview_card(data: bytes, *, blurred: bool) -> bytes:
    """Return a JPEG of 1200 x 630 pixels and at most 300 kB. Blurred means beyond recognition, for good."""
    card = ImageOps.fit(_open(data, CARD), CARD, Image.Resampling.LANCZOS)
    if blurred:
        card = card.resize(PATCHES, Image.Resampling.BOX).resize(CARD, Image.Resampling.BICUBIC)
        card = card.filter(ImageFilter.GaussianBlur(SOFTNESS))
    for quality in CARD_QUALITIES:
        written = _jpeg(card, quality)
        if len(written) <= MAX_CARD_BYTES:
            break
    return written


def _open(data: bytes, wanted: tuple[int, int]) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            image.draft("RGB", wanted)
            picture = to_simple_mode(image)
            picture.load()
    except DECODER_ERRORS as error:
        raise BrokenPicture(later("The stored photo is damaged.")) from error
    if picture.mode == "RGBA":
        picture = on_white(picture)
    return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    image.info = {}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=SUBSAMPLING, progressive=True)
    return out.getvalue()
