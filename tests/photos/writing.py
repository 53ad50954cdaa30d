"""Plates, house numbers, pages, screens and labels, drawn into a photo: small and large, turned, from the side."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Colour = tuple[int, int, int]

# Made up, in the patterns of Germany, Great Britain, the Netherlands, France, Italy, California, Indonesia, Turkey,
# Brazil and Spain: letters, ground and ink.
PLATES: Final[tuple[tuple[str, Colour, Colour], ...]] = (
    ("B AB 1234", (245, 245, 245), (10, 10, 10)), ("AB12 CDE", (250, 210, 40), (10, 10, 10)),
    ("12-AB-34", (250, 190, 20), (10, 10, 10)), ("AB-123-CD", (240, 240, 245), (15, 15, 15)),
    ("GA 482 TX", (240, 240, 240), (20, 20, 20)), ("7ABC123", (235, 238, 245), (30, 40, 120)),
    ("B 1234 XYZ", (20, 20, 20), (235, 235, 235)), ("34 ABC 123", (245, 245, 245), (10, 10, 10)),
    ("ABC1D23", (240, 240, 240), (15, 15, 15)), ("4821 KLM", (245, 245, 245), (10, 10, 10)),
)  # fmt: skip
NUMBERS: Final = ("7", "12", "45a", "128", "3", "216", "9b", "58", "1024", "31")
SIGNS: Final[tuple[tuple[Colour, Colour], ...]] = (
    ((20, 50, 140), (245, 245, 245)), ((235, 230, 215), (30, 30, 30)), ((90, 60, 40), (220, 190, 110)),
)  # fmt: skip
WORDS: Final = (
    "invoice", "account", "Maria", "Schneider", "street", "payment", "school", "teacher", "hospital", "report", "date",
    "result", "number", "signature", "address", "Lindenweg", "balance", "insurance", "contract", "tomorrow",
)  # fmt: skip


def _font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(height)


def plate(number: int) -> Image.Image:
    """A number plate, 520 pixels wide."""
    text, ground, ink = PLATES[number % len(PLATES)]
    made = Image.new("RGB", (520, 112), ground)
    pen = ImageDraw.Draw(made)
    pen.rectangle((2, 2, 517, 109), outline=ink, width=4)
    pen.text((260, 56), text, fill=ink, font=_font(84), anchor="mm")
    return made


def house_number(number: int) -> Image.Image:
    """An enamel or a wooden sign."""
    ground, ink = SIGNS[number % len(SIGNS)]
    text = NUMBERS[number % len(NUMBERS)]
    made = Image.new("RGB", (90 + 90 * len(text), 200), ground)
    ImageDraw.Draw(made).text((made.width / 2, 100), text, fill=ink, font=_font(150), anchor="mm")
    return made


def page(number: int, lines: int = 14, *, dark: bool = False) -> Image.Image:
    """A letter; or a screen, where it is dark."""
    dice = random.Random(number)
    ground, ink = ((24, 26, 32), (225, 228, 235)) if dark else ((250, 249, 244), (30, 30, 34))
    made = Image.new("RGB", (620, 60 + 44 * lines), ground)
    pen = ImageDraw.Draw(made)
    for line in range(lines):
        pen.text((30, 30 + 44 * line), " ".join(dice.sample(WORDS, 4))[:38], fill=ink, font=_font(28))
    return made


def label(number: int) -> Image.Image:
    """The label of a parcel: a name and an address."""
    return page(number + 500, 4)


THINGS: Final = {
    "plate": (plate, (70, 110, 160, 240)), "number": (house_number, (24, 36, 60, 100)),
    "page": (page, (240, 320, 480)), "screen": (lambda number: page(number, 12, dark=True), (240, 320, 480)),
    "label": (label, (150, 220, 320)),
}  # fmt: skip


def scenes(name: str, grounds: list[Image.Image], many: int) -> Iterator[tuple[Image.Image, tuple[float, float], str]]:
    """Yield photos with one such thing each, where its middle is (parts of the photo), and how it was placed.

    The widths (heights of a house number) are pixels of a photo whose longer side has 1600.
    """
    draw, sizes = THINGS[name]
    for number in range(many):
        dice = random.Random(f"{name} {number}")
        ground = grounds[number % len(grounds)].copy()
        thing, size = draw(number), sizes[number % len(sizes)]
        scale = size * max(ground.size) / 1600 / (thing.height if name == "number" else thing.width)
        turn, lean = dice.uniform(-8, 8), dice.uniform(0, 0.3)
        seen = _placed(thing, scale, turn, lean)
        x = dice.randrange(4, max(5, ground.width - seen.width - 4))
        y = dice.randrange(4, max(5, ground.height - seen.height - 4))
        ground.paste(seen, (x, y), seen)
        middle = (x + seen.width / 2) / ground.width, (y + seen.height / 2) / ground.height
        yield ground, middle, f"{size} px, {turn:+.0f}°, from the side by {lean:.0%}"


def _placed(thing: Image.Image, scale: float, turn: float, lean: float) -> Image.Image:
    """The thing, its right side further away, turned, a little out of focus and with noise."""
    width, height = round(thing.width * (1 - lean / 2)), thing.height
    dy = height * lean / 3
    corners = (0, 0), (0, height), (width, height - dy), (width, dy)  # where its own corners go, in this order
    rows, known = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (0, height), (thing.width, height), (thing.width, 0)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        known += [u, v]
    back = np.linalg.solve(np.array(rows, float), np.array(known, float))
    flat = thing.convert("RGBA").transform(
        (width, height), Image.Transform.PERSPECTIVE, tuple(back), Image.Resampling.BICUBIC
    )
    small = flat.resize((max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.LANCZOS)
    turned = small.rotate(turn, Image.Resampling.BICUBIC, expand=True).filter(ImageFilter.GaussianBlur(0.5))
    noise = np.random.default_rng(3).normal(0, 5, (turned.height, turned.width, 3))
    pixels = np.asarray(turned).astype(float)
    pixels[:, :, :3] = (pixels[:, :, :3] * 0.92 + noise).clip(0, 255)
    return Image.fromarray(pixels.astype(np.uint8), "RGBA")
