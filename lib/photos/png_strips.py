"""A large PNG, strip by strip: what is made smaller at once never stands in memory whole.

The rows of a PNG are filtered: each is told as a difference to the row above, byte by byte. So a strip is written as
a small PNG of its own, which begins with the last row of the strip above, and Pillow undoes the filters. Of 16 bits
the upper eight are enough: each byte of a row depends on bytes of the same place alone.
"""

# ruff: noqa: PLR2004 - the numbers are places in the format
from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lib.photos import policy
from lib.photos.containers.parts import number
from lib.photos.containers.png import chunks

GREY, COLOUR, PALETTE, GREY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, COLOUR: 3, PALETTE: 1, GREY_ALPHA: 2, COLOUR_ALPHA: 4}
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
STRIP_BYTES = 2_000_000
START = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Head:
    """What IHDR says."""

    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool

    @property
    def channels(self) -> int:
        """Values a pixel."""
        return CHANNELS.get(self.colour, 1)

    @property
    def row_bytes(self) -> int:
        """Bytes of one row, without its filter."""
        return -(-self.width * self.channels * self.depth // 8)


def head_of(data: bytes) -> Head:
    """Read IHDR."""
    return Head(
        number(data, 16, 4), number(data, 20, 4), number(data, 24, 1), number(data, 25, 1), data[28:29] != b"\x00"
    )


def sample(data: bytes) -> Image.Image:
    """The rows that `lib.photos.policy.flat_share` looks at, one below the other."""
    head = head_of(data)
    count = min(int(policy.value("flat_rows")), head.height)
    wanted = [int((n + 0.5) * head.height / count) for n in range(count)]
    rows: list[Image.Image] = []
    top = 0
    for strip in strips(data):
        rows += [strip.crop((0, y - top, head.width, y - top + 1)) for y in wanted if top <= y < top + strip.height]
        top += strip.height
    picture = Image.new(rows[0].mode, (head.width, count))
    for n, row in enumerate(rows):
        picture.paste(row, (0, n))
    return picture


def decode(data: bytes, shrink: int) -> Image.Image:
    """Return the picture, each side `shrink` times smaller. Raises what decoders raise on broken content."""
    head = head_of(data)
    picture: Image.Image | None = None
    top = 0
    for strip in strips(data, multiple_of=shrink):
        small = strip.reduce(shrink) if shrink > 1 else strip
        if picture is None:
            picture = Image.new(small.mode, (-(-head.width // shrink), -(-head.height // shrink)))
        picture.paste(small, (0, top))
        top += small.height
    if picture is None:
        raise SyntaxError("no rows")
    return picture


def strips(data: bytes, multiple_of: int = 1) -> Iterator[Image.Image]:
    """Yield strips of L, LA, RGB or RGBA, 8 bits. Raises `SyntaxError` and `zlib.error` on broken content."""
    head = head_of(data)
    look = _Look(data, head)
    rows = max(1, STRIP_BYTES // (head.row_bytes + 1) // multiple_of) * multiple_of
    above: bytes | None = None
    left = head.height
    source = _Scanlines(data)
    while left:
        count = min(rows, left)
        raw = source.read(count * (head.row_bytes + 1))
        unfiltered, above = _unfilter(raw, head, count, above)
        yield look.picture(unfiltered)
        left -= count


class _Scanlines:
    """The inflated rows, as many as are asked for."""

    def __init__(self, data: bytes) -> None:
        self._parts = (content for name, _, content in chunks(data) if name == b"IDAT")
        self._inflater = zlib.decompressobj()
        self._waiting = b""

    def read(self, amount: int) -> bytes:
        got: list[bytes] = []
        while amount:
            if not self._waiting and (part := next(self._parts, None)) is not None:
                self._waiting = part
            piece = self._inflater.decompress(self._waiting, amount)
            self._waiting = self._inflater.unconsumed_tail
            if not piece and not self._waiting:
                part = next(self._parts, None)
                if part is None or self._inflater.eof:
                    raise SyntaxError("the picture ends too early")
                self._waiting = part
            got.append(piece)
            amount -= len(piece)
        return b"".join(got)


def _unfilter(raw: bytes, head: Head, count: int, above: bytes | None) -> tuple[Image.Image, bytes]:
    rows = np.frombuffer(raw, np.uint8).reshape(count, head.row_bytes + 1)
    values = rows[:, 1::2] if head.depth == 16 else rows[:, 1:]
    lines = np.concatenate((rows[:, :1], values), axis=1)
    if above is not None:
        first = np.frombuffer(b"\x00" + above, np.uint8)[None]
        lines = np.concatenate((first, lines))
    channels = head.channels if head.depth >= 8 else 1
    width = values.shape[1] // channels
    kind = {1: GREY, 2: GREY_ALPHA, 3: COLOUR, 4: COLOUR_ALPHA}[channels]
    small = _written(width, len(lines), kind, zlib.compress(lines.tobytes(), 0))
    with Image.open(io.BytesIO(small), formats=("PNG",)) as opened:
        image = opened.crop((0, 0 if above is None else 1, width, len(lines)))
    return image, image.crop((0, count - 1, width, count)).tobytes()


def _written(width: int, height: int, colour: int, packed: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return START + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


class _Look:
    """From the values of a strip to its colours."""

    def __init__(self, data: bytes, head: Head) -> None:
        self.head = head
        found = {name: content for name, _, content in chunks(data) if name in {b"PLTE", b"tRNS"}}
        self.table: NDArray[np.uint8] | None = None
        self.clear: NDArray[np.uint8] | None = None
        if head.colour == PALETTE:
            self.table = _palette(found.get(b"PLTE", b""), found.get(b"tRNS", b""))
        elif found.get(b"tRNS") and head.colour in {GREY, COLOUR}:
            values = np.frombuffer(found[b"tRNS"][: 2 * head.channels], ">u2")
            self.clear = (values >> 8 if head.depth == 16 else values & 255).astype(np.uint8)

    def picture(self, image: Image.Image) -> Image.Image:
        """The strip with its colours."""
        if self.head.depth < 8:
            image = Image.fromarray(self._unpacked(np.asarray(image)))
        if self.table is not None:
            return Image.fromarray(self.table[np.asarray(image)])
        if self.clear is not None:
            values = np.atleast_3d(np.asarray(image))
            image = image.convert("RGBA")
            image.putalpha(Image.fromarray(((values != self.clear).any(axis=-1) * 255).astype(np.uint8)))
        return image

    def _unpacked(self, packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
        depth = self.head.depth
        bits = np.unpackbits(packed, axis=1).reshape(packed.shape[0], -1, depth)
        values = (bits * (1 << np.arange(depth)[::-1]).astype(np.uint8)).sum(axis=2, dtype=np.uint8)
        values = values[:, : self.head.width]
        grey = self.head.colour == GREY and self.clear is None
        if grey:
            values *= np.uint8(255 // ((1 << depth) - 1))
        return np.asarray(values)


def _palette(colours: bytes, alphas: bytes) -> NDArray[np.uint8]:
    table = np.zeros((256, 4 if alphas else 3), np.uint8)
    rows = np.frombuffer(colours[: len(colours) // 3 * 3], np.uint8).reshape(-1, 3)[:256]
    table[: len(rows), :3] = rows
    if alphas:
        table[:, 3] = 255
        table[: len(alphas[:256]), 3] = np.frombuffer(alphas[:256], np.uint8)
    return table


def deep(data: bytes) -> tuple[NDArray[np.uint8] | NDArray[np.uint16], NDArray[np.uint8] | None]:
    """The pixels at their full depth (height x width x 3), and how opaque they are. Raises on broken content."""
    head = head_of(data)
    decoder: Any = av.CodecContext.create("png", "r")
    decoder.thread_count = 1
    frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    if not frames:
        raise SyntaxError("no picture")
    wide = head.depth == 16
    clear = head.colour in {GREY_ALPHA, COLOUR_ALPHA} or any(name == b"tRNS" for name, _, _ in chunks(data))
    form = ("rgba64le" if wide else "rgba") if clear else ("rgb48le" if wide else "rgb24")
    pixels = frames[0].to_ndarray(format=form)
    if not clear:
        return pixels, None
    alpha = pixels[..., 3] >> 8 if wide else pixels[..., 3]
    return pixels[..., :3], np.ascontiguousarray(alpha).astype(np.uint8)
