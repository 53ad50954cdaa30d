"""The first picture of a slideshow: words on a blurred ground."""

from __future__ import annotations

import unicodedata

from PIL import Image, ImageDraw, ImageFont

# Looked for on the host first: they know Cyrillic, Greek, Arabic … Pillow's own font knows Latin letters.
HOST_FONTS = ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "Arial Unicode.ttf", "arial.ttf")
LARGEST, SMALLEST, STEP = 110, 44, 6  # pixels, on a picture 1080 wide
USUAL_WIDTH = 1080
MARGIN = 0.09  # of the width, at both sides
MAX_LINES = 6
MAX_TITLE = 120  # characters
MISSING = "\U0010ffff"  # no font has this one: its glyph is the empty box

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def drawable(title: str) -> tuple[str, str | None]:
    """Return what can be drawn of a title, and the name of the font (None: Pillow's own)."""
    text = " ".join("".join(c if c.isprintable() else " " for c in title).split())[:MAX_TITLE]
    best, best_font = "", None
    for name in (*HOST_FONTS, None):
        font = _font(name, LARGEST)
        if font is None:
            continue
        kept = _kept(text, font)
        if len(kept) > len(best):
            best, best_font = kept, name
        if kept == text:
            break
    return best, best_font


def draw_title(ground: Image.Image, text: str, font_name: str | None) -> Image.Image:
    """Draw the words in the middle, as large as they fit."""
    card = ground.copy()
    draw = ImageDraw.Draw(card)
    scale = card.width / USUAL_WIDTH
    room = card.width * (1 - 2 * MARGIN)
    for size in range(LARGEST, SMALLEST - 1, -STEP):
        font = font_of(font_name, size * scale)
        lines = _wrap(text, font, room)
        if len(lines) <= MAX_LINES and all(font.getlength(line) <= room for line in lines):
            break
    text = "\n".join(lines[:MAX_LINES])
    middle = card.width / 2, card.height / 2
    shadow = max(1, round(3 * scale))
    for colour, offset in (((0, 0, 0), shadow), ((255, 255, 255), 0)):
        at = middle[0] + offset, middle[1] + offset
        draw.multiline_text(at, text, colour, font, anchor="mm", align="center", spacing=size * scale * 0.3)
    return card


def font_of(name: str | None, size: float) -> Font:
    """Return a font of this host by the name that `drawable` told, at this size in pixels."""
    return _font(name, size) or ImageFont.load_default(size)


def _font(name: str | None, size: float) -> Font | None:
    if name is None:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


def _kept(text: str, font: Font) -> str:
    box = bytes(font.getmask(MISSING))

    def known(character: str) -> bool:
        return character == " " or bytes(font.getmask(character)) != box

    kept = ""
    for character in text:
        if known(character):
            kept += character
        else:
            decomposed = unicodedata.normalize("NFKD", character)
            kept += "".join(c for c in decomposed if c != character and not unicodedata.combining(c) and known(c))
    return " ".join(kept.split())


def _wrap(text: str, font: Font, room: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        for piece in _pieces(word, font, room):
            longer = f"{lines[-1]} {piece}" if lines else piece
            if lines and font.getlength(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines


def _pieces(word: str, font: Font, room: float) -> list[str]:
    """Break a word that is wider than the picture."""
    pieces = [""]
    for character in word:
        if pieces[-1] and font.getlength(pieces[-1] + character) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces
