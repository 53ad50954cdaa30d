"""A text across a photo, again and again, so that nobody crops it away. It becomes part of the picture."""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageDraw

from lib.photos.formats import Format
from lib.photos.sniff import format_of
from lib.photos.stored import opened
from lib.photos.title_card import drawable, font_of
from lib.photos.write import write_jpeg, write_png

HEIGHT: Final = 0.045  # of the letters, as a part of the shorter side
SMALLEST: Final = 12  # pixels
TURN: Final = 30  # degrees
LIGHT, DARK = 92, 70  # of 255: how much of the white letters and of their dark edge covers the picture
APART: Final = 1.25  # of the text's own width and height, from one to the next
QUALITY: Final = 85
COPIES: Final = 4  # of the picture that are held at the same time: itself, marked, mask and layer


def watermarked(data: bytes, text: str) -> bytes:
    """Return clean bytes (JPEG or PNG) in the same form, with a text across the picture. Raises `BrokenPicture`."""
    with opened(data, copies=COPIES) as picture:
        marked = _marked(picture, text)
        return write_png(marked) if format_of(data) is Format.PNG else write_jpeg(marked, QUALITY)


def _marked(picture: Image.Image, text: str) -> Image.Image:
    if picture.mode not in {"RGB", "RGBA"}:
        picture = picture.convert("RGB")
    picture.info = {}
    mask = _mask(picture.size, text)
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    marked = picture.convert("RGB")
    edge = max(1, round(min(picture.size) * HEIGHT / 16))
    for colour, strength, offset in ((0, DARK, edge), (255, LIGHT, 0)):
        layer = Image.new("L", picture.size)
        layer.paste(mask, (offset, offset))
        marked.paste((colour,) * 3, mask=layer.point([value * strength // 255 for value in range(256)]))
    if alpha is not None:
        marked.putalpha(alpha)
    return marked


def can_be_drawn(text: str) -> bool:
    """Say whether a font of this host knows the letters of a text."""
    return bool(drawable(text)[0])


def _mask(size: tuple[int, int], text: str) -> Image.Image:
    """Return where the text stands, white on black, all over a picture of this size."""
    shown, name = drawable(text)
    font = font_of(name, max(SMALLEST, min(size) * HEIGHT))
    left, top, right, bottom = (round(edge) for edge in font.getbbox(shown))
    one = Image.new("L", (right - left + 4, bottom - top + 4))
    ImageDraw.Draw(one).text((2 - left, 2 - top), shown, 255, font)
    one = one.rotate(TURN, expand=True, resample=Image.Resampling.BICUBIC)
    across, down = max(1, round(one.width * APART)), max(1, round(one.height * APART))
    mask = Image.new("L", size)
    for row, y in enumerate(range(-one.height // 3, size[1], down)):
        for x in range(-(row % 2) * across // 2 - one.width // 4, size[0], across):
            mask.paste(one, (x, y), one)
    return mask
