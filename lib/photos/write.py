"""Clean files: nothing in them but the picture."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

from lib.photos.colour import on_white, to_simple_mode
from lib.photos.containers.jpeg import segments
from lib.photos.containers.png import chunks
from lib.photos.formats import Format
from lib.photos.png_colour import Colours, colours_of
from lib.photos.png_strips import PALETTE, head_of

SUBSAMPLING = "4:2:0"
OPAQUE = 255
WORTH_OPTIMISING = 1_000_000  # pixels; beyond, the search costs seconds
MOST_COLOURS = 256  # of a palette
BEST = 9  # of zlib
ROWS = 256  # looked at together
NEEDED = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
EIGHT_BITS = 8
DRAWN = frozenset((0xC4, 0xDB, 0xDD, 0xDA))  # with the frames: all that a JPEG needs

Tables = tuple[dict[int, list[int]], int]


def has_transparency(image: Image.Image) -> bool:
    """Whether any pixel lets the ground through."""
    lowest, _ = image.getchannel("A").getextrema()
    return isinstance(lowest, int | float) and lowest < OPAQUE


def without_hidden_colours(image: Image.Image) -> Image.Image:
    """What is wholly transparent gets no colour: whatever was there could be brought back by anybody."""
    if image.mode != "RGBA" or not has_transparency(image):
        return image
    clear = image.getchannel("A").point([OPAQUE] + [0] * OPAQUE)
    image.paste((0, 0, 0, 0), mask=clear)
    return image


def write_jpeg(
    image: Image.Image, quality: int, chroma: str = SUBSAMPLING, tables: Tables | None = None, *, baseline: bool = False
) -> bytes:
    """Return a JPEG of the picture alone: no profile, no density, no text. `tables` compress it as another JPEG was.

    Progressive has 82 to 95 % of the bytes, and a slow line shows the whole picture early; `baseline` is what the
    picker writes, to be compared as there.
    """
    image = on_white(image) if image.mode == "RGBA" else image
    image.info = {}
    out = io.BytesIO()
    if tables:
        image.save(out, "JPEG", qtables=tables[0], subsampling=max(tables[1], 0), progressive=True)
    else:
        image.save(out, "JPEG", quality=quality, subsampling=chroma, progressive=not baseline)
    return out.getvalue()


def write_png(image: Image.Image) -> bytes:
    """Return a PNG of the picture alone: no alpha where nothing is transparent, a palette where that loses nothing."""
    if image.mode == "YCbCr":
        image = image.convert("RGB")
    if image.mode == "RGBA" and not has_transparency(image):
        image = image.convert("RGB")
    if image.mode == "RGB":
        image = _with_palette(image) or image
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    out = io.BytesIO()
    image.save(out, "PNG", optimize=image.width * image.height < WORTH_OPTIMISING)
    return out.getvalue()


def _with_palette(image: Image.Image) -> Image.Image | None:
    """Exactly the same colours by number, the most frequent first; None when they are too many."""
    counted = image.getcolors(maxcolors=MOST_COLOURS)
    if not counted:
        return None
    colours = np.array([colour for _, colour in sorted(counted, reverse=True)], np.int32)
    codes = (colours[:, 0] << 16) | (colours[:, 1] << 8) | colours[:, 2]
    order = np.argsort(codes)
    numbers = np.empty((image.height, image.width), np.uint8)
    for y in range(0, image.height, ROWS):  # in strips: memory stays small
        part = np.asarray(image.crop((0, y, image.width, min(y + ROWS, image.height)))).astype(np.int32)
        strip = (part[..., 0] << 16) | (part[..., 1] << 8) | part[..., 2]
        numbers[y : y + ROWS] = order[np.searchsorted(codes[order], strip)]
    made = Image.fromarray(numbers)
    made.putpalette(colours.astype(np.uint8).tobytes())
    return made


def clean_size(data: bytes, kind: Format) -> int:
    """The bytes of the file without anything that is not the picture: what a copy without loss would have."""
    if kind is Format.JPEG:
        hidden, last = 0, 0
        for marker, at, content in segments(data):
            if marker == 0xD9:  # noqa: PLR2004 - the end
                last = at + 2
            elif marker not in DRAWN and not 0xC0 <= marker <= 0xCF:  # noqa: PLR2004 - frames
                hidden += len(content) + 4
        return (last or len(data)) - hidden
    if kind is Format.PNG:
        return 8 + sum(12 + len(content) for name, _, content in chunks(data) if name in NEEDED)
    return len(data)


def same_scanlines(data: bytes, image: Image.Image) -> bytes | None:
    """The rows of a PNG as they were filtered, packed again; None where its colours or form do not allow it.

    Programs that search long for the best filter (a phone's screenshots) are hard to beat. What unpacks is exactly
    the rows, and it has to draw the same picture as `image`.
    """
    head = head_of(data)
    whole = head.interlaced or head.depth > EIGHT_BITS or colours_of(data) != Colours()
    names = [name for name, _, _ in chunks(data)]
    if whole or b"acTL" in names:
        return None
    inflater = zlib.decompressobj()
    packed = b"".join(content for name, _, content in chunks(data) if name == b"IDAT")
    length = head.height * (head.row_bytes + 1)
    try:
        rows = inflater.decompress(packed, length + 1)
    except zlib.error:
        return None
    if len(rows) != length:
        return None
    parts = [(name, content) for name, _, content in chunks(data) if name in {b"IHDR", b"PLTE", b"tRNS"}]
    parts = [(name, _trimmed(name, content, head.channels)) for name, content in parts]
    if any(name == b"PLTE" for name, _ in parts) and head.colour != PALETTE:
        return None  # a palette that nobody needs
    made = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in (*parts, (b"IDAT", zlib.compress(rows, BEST)), (b"IEND", b""))
    )
    with Image.open(io.BytesIO(made), formats=("PNG",)) as again:
        again.load()
        if again.mode == "P" and len(np.unique(np.asarray(again))) * 3 != len(dict(parts).get(b"PLTE", b"")):
            return None  # colours that no pixel has: somebody may have written something there
        seen = to_simple_mode(again)
        form = "RGBA" if "RGBA" in {seen.mode, image.mode} else "RGB"
        same = seen.size == image.size and seen.convert(form).tobytes() == image.convert(form).tobytes()
    return made if same else None


def _trimmed(name: bytes, content: bytes, channels: int) -> bytes:
    """Only as much as the standard gives a meaning to."""
    return content[: {b"IHDR": 13, b"PLTE": 768, b"tRNS": 256 if channels == 1 else 2 * channels}[name]]
