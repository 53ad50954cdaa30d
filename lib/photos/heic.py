"""The quick way through HEIC and AVIF: tiles are ordinary HEVC or AV1, which FFmpeg decodes several times faster.

One picture, or a grid of equal tiles, without transparency. Each tile can be made smaller as it comes, so that a
picture of 200 megapixels never stands in memory whole. `decode` takes the usual case (8 bits, 4:2:0, full range,
BT.601: what phones write) and `decode_deep` all depths and forms; for everything else they return None and
pillow-heif or Pillow, which know all of HEIF, do the work; the tests hold them against each other.
"""

# ruff: noqa: PLR2004 - the numbers are places in the format
from __future__ import annotations

import io
from collections.abc import Container
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lib.photos import wide_gamut
from lib.photos.containers.heif import MIRROR, ROTATION, Heif, Item, auxiliary, parse, stored_size
from lib.photos.containers.parts import number

PLAIN_PROPERTIES = frozenset((
    b"ispe", b"pixi", b"colr", b"hvcC", b"av1C", b"pasp", b"clli", b"mdcv", b"cclv", b"amve", b"auxC", ROTATION, MIRROR,
))  # fmt: skip
FULL_RANGE = 2  # AVCOL_RANGE_JPEG
MATRICES = frozenset((2, 5, 6))  # unspecified (HEIF then means BT.601) and BT.601 in its two forms
PLAIN_PIXELS = frozenset(("yuvj420p", "yuv420p"))
# FFmpeg's names of pixels -> how much narrower and lower the colours are stored, bits
PIXELS: dict[str, tuple[int, int, int]] = {
    "yuvj420p": (2, 2, 8), "yuv420p": (2, 2, 8), "yuvj422p": (2, 1, 8), "yuv422p": (2, 1, 8), "yuvj444p": (1, 1, 8),
    "yuv444p": (1, 1, 8), "yuv420p10le": (2, 2, 10), "yuv422p10le": (2, 1, 10), "yuv444p10le": (1, 1, 10),
    "yuv420p12le": (2, 2, 12), "yuv422p12le": (2, 1, 12), "yuv444p12le": (1, 1, 12), "gray": (0, 0, 8),
    "gray10le": (0, 0, 10), "gray12le": (0, 0, 12),
}  # fmt: skip
# Code of the matrix -> the share of red and of blue in brightness
WEIGHTS = {1: (0.2126, 0.0722), 9: (0.2627, 0.0593), 10: (0.2627, 0.0593)}
CODED_IN = 128  # pixels; the blocks of HEVC and AV1 reach so far beyond the edge at most
BT601 = 0.299, 0.114
IDENTITY = 0  # the planes are green, blue and red
DECODERS = {b"hvc1": "hevc", b"av01": "libdav1d"}
CONFIGS = {b"hvc1": b"hvcC", b"av01": b"av1C"}
# Quarter turns anticlockwise, and the direction of a mirror, as libheif reads them
TURNS = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
MIRRORS = {0: Image.Transpose.FLIP_TOP_BOTTOM, 1: Image.Transpose.FLIP_LEFT_RIGHT}

Plane = NDArray[np.uint8]
AnyPlane = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Planes:
    """Decoded, not yet upright: brightness and, at half size, the two colours."""

    y: Plane
    cb: Plane
    cr: Plane
    icc: bytes | None
    turns: tuple[Image.Transpose, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the brightness."""
        return self.y.shape[1], self.y.shape[0]


@dataclass(frozen=True, slots=True)
class Deep:
    """Decoded, not yet upright, of any depth. One plane is grey, three are brightness and colours."""

    planes: tuple[AnyPlane, ...]
    bits: int
    full_range: bool
    matrix: int
    icc: bytes | None
    turns: tuple[Image.Transpose, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    kind: bytes
    tiles: tuple[Item, ...]
    columns: int
    tile: tuple[int, int]
    size: tuple[int, int]
    config: bytes


def decode(data: bytes, shrink: int = 1) -> Planes | None:
    """Decode the main picture, or return None when it is not the usual case or anything at all is odd."""
    heif = parse(data)
    return _decode_plain(heif, heif.primary, shrink)


def decode_deep(data: bytes, item: int | None = None, shrink: int = 1) -> Deep | None:
    """Decode the main picture, or another one inside, at its full depth; None when FFmpeg is not the way."""
    heif = parse(data)
    number_ = heif.primary if item is None else item
    main = heif.items.get(number_)
    plan = _plan(heif, main, number_) if main else None
    if main is None or plan is None:
        return None
    try:
        found = _decode_tiles(heif, plan, shrink, PIXELS)
    except (av.error.FFmpegError, ValueError):
        return None
    if found is None:
        return None
    planes, bits, frame = found
    named = [colours for colours in (_numbers(main), _numbers(plan.tiles[0])) if colours]
    matrix, full = named[0] if named else (int(frame.colorspace), int(frame.color_range) == FULL_RANGE)
    if matrix == IDENTITY:
        return None
    return Deep(planes, bits, full, matrix, _profile(main) or _profile(plan.tiles[0]), _turns(main))


def is_deep(data: bytes) -> bool:
    """Whether the main picture can be decoded by FFmpeg and has more than 8 bits."""
    heif = parse(data)
    main = heif.items.get(heif.primary)
    plan = _plan(heif, main, heif.primary) if main else None
    if plan is None:
        return False
    if plan.kind == b"av01":
        return len(plan.config) > 2 and bool(plan.config[2] & 0x40)
    return len(plan.config) > 23 and bool(plan.config[17] & 7)


def possible_shrink(data: bytes, wanted: int) -> int:
    """The largest power of two up to `wanted` that divides the tiles, so that no square lies across a border."""
    heif = parse(data)
    main = heif.items.get(heif.primary)
    plan = _plan(heif, main, heif.primary) if main else None
    if plan is None or len(plan.tiles) == 1:
        return wanted
    while wanted > 1 and any(side % (2 * wanted) for side in plan.tile):
        wanted //= 2
    return wanted


def tile_pixels(data: bytes) -> int:
    """The pixels of the largest piece that is decoded at once; 0 when FFmpeg is not the way."""
    heif = parse(data)
    main = heif.items.get(heif.primary)
    plan = _plan(heif, main, heif.primary) if main else None
    return plan.tile[0] * plan.tile[1] if plan else 0


def rgb(deep: Deep, size: tuple[int, int]) -> NDArray[np.float32]:
    """Red, green and blue from 0 to 1 in the file's own curve, resized to `size` (still lying as stored)."""
    top = float((1 << deep.bits) - 1)
    planes = [
        np.asarray(Image.fromarray(plane.astype(np.float32)).resize(size, Image.Resampling.LANCZOS)) / top
        for plane in deep.planes
    ]
    y, *colours = planes
    if not deep.full_range:
        y = (y * top - (16 << deep.bits - 8)) / (219 << deep.bits - 8)
    if not colours:
        return np.repeat(y[..., None], 3, axis=2).astype(np.float32)
    middle = (1 << deep.bits - 1) / top
    reach = 1.0 if deep.full_range else (224 << deep.bits - 8) / top
    cb, cr = ((plane - middle) / reach for plane in colours)
    red, blue = WEIGHTS.get(deep.matrix, BT601)
    r, b = y + 2 * (1 - red) * cr, y + 2 * (1 - blue) * cb
    g = (y - red * r - blue * b) / (1 - red - blue)
    return np.clip(np.stack((r, g, b), axis=-1), 0, 1).astype(np.float32)


def thumbnail(data: bytes) -> bytes | None:
    """The small preview inside as JPEG; None when there is none, or when it is not coded in the usual way."""
    heif = parse(data)
    small = next(iter(heif.referring(b"thmb", heif.primary)), None)
    planes = _decode_plain(heif, small) if small is not None else None
    if planes is None:
        return None
    bands = [Image.fromarray(plane).resize(planes.size) for plane in (planes.y, planes.cb, planes.cr)]
    image = Image.merge("YCbCr", bands)
    turns = planes.turns or _turns(heif.items[heif.primary])  # a preview lies as its picture lies
    for turn in turns:
        image = image.transpose(turn)
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def _decode_plain(heif: Heif, number_: int, shrink: int = 1) -> Planes | None:
    main = heif.items.get(number_)
    plan = _plan(heif, main, number_) if main else None
    if main is None or plan is None or not all(map(_plain_colour, (main, plan.tiles[0]))):
        return None
    if plan.kind != b"hvc1" or not _plain_config(plan.config):
        return None
    try:
        found = _decode_tiles(heif, plan, shrink, PLAIN_PIXELS)
    except (av.error.FFmpegError, ValueError):
        return None
    if found is None:
        return None
    (y, cb, cr), _, frame = (tuple(plane.astype(np.uint8, copy=False) for plane in found[0]), *found[1:])
    if int(frame.color_range) != FULL_RANGE or int(frame.colorspace) not in MATRICES:
        return None
    return Planes(y, cb, cr, _profile(main) or _profile(plan.tiles[0]) or wide_gamut.of_item(main), _turns(main))


def _plan(heif: Heif, main: Item, number_: int) -> _Plan | None:
    if any(name not in PLAIN_PROPERTIES for name, _ in main.properties):
        return None
    helpers = [heif.items.get(n, Item()) for n in heif.referring(b"auxl", number_)]
    if any(auxiliary(helper) in {"alpha", "auxid:1"} for helper in helpers):
        return None
    tiles: tuple[Item, ...]
    if main.kind in DECODERS:
        tiles, columns, rows = (main,), 1, 1
    elif main.kind == b"grid":
        head = heif.content(main)
        rows, columns = number(head, 2, 1) + 1, number(head, 3, 1) + 1
        tiles = tuple(heif.items.get(n, Item()) for n in heif.referred(b"dimg", number_))
    else:
        return None
    first, size = tiles[0] if tiles else Item(), stored_size(heif, main)
    config = first.first_property(CONFIGS.get(first.kind, b"")) or b""
    same = first.kind in DECODERS and all(
        (tile.kind, tile.size) == (first.kind, first.size) and tile.first_property(CONFIGS[first.kind]) == config
        for tile in tiles
    )
    covers = columns * first.size[0] >= size[0] and rows * first.size[1] >= size[1]
    if not (same and covers and all(size) and len(tiles) == columns * rows and config):
        return None
    return _Plan(first.kind, tiles, columns, first.size, size, config)


def _plain_config(config: bytes) -> bool:
    """4:2:0 and 8 bits."""
    return len(config) > 23 and config[16] & 3 == 1 and config[17] & 7 == 0 and config[18] & 7 == 0


def _plain_colour(item: Item) -> bool:
    for name, content in item.properties:
        if name == b"colr" and content[:4] == b"nclx":
            return number(content, 8, 2) in MATRICES and bool(number(content, 10, 1) & 0x80)
    return True


def _profile(item: Item) -> bytes | None:
    profiles = [c[4:] for name, c in item.properties if name == b"colr" and c[:4] in {b"prof", b"rICC"}]
    return profiles[0] if profiles else None


def _turns(item: Item) -> tuple[Image.Transpose, ...]:
    steps = []
    for name, content in item.properties:
        if name == ROTATION and number(content, 0, 1) & 3:
            steps.append(TURNS[number(content, 0, 1) & 3])
        elif name == MIRROR:
            steps.append(MIRRORS[number(content, 0, 1) & 1])
    return tuple(steps)


def _numbers(item: Item) -> tuple[int, bool] | None:
    """Matrix and full range as the file names them; None when it names none."""
    for name, content in item.properties:
        if name == b"colr" and content[:4] == b"nclx":
            return number(content, 8, 2), bool(number(content, 10, 1) & 0x80)
    return None


class _Canvas:
    """The planes of the whole picture, filled tile by tile, each made smaller by a whole number first."""

    def __init__(self, plan: _Plan, shrink: int) -> None:
        self.plan, self.shrink = plan, shrink
        self.planes: tuple[AnyPlane, ...] = ()
        self.first: av.VideoFrame | None = None
        self.done: set[int] = set()

    def place(self, frame: av.VideoFrame, known: Container[str]) -> bool:
        """Take one tile; False when it is not what the file says, or of another form than the others."""
        form = frame.format.name
        if form not in known or (frame.width, frame.height) != self.plan.tile or frame.is_corrupt or frame.pts is None:
            return False
        if self.first is None:
            self.first = frame
            self.planes = self._empty(PIXELS[form])
        if form != self.first.format.name:
            return False
        self.done.add(frame.pts)
        self._paste(frame, PIXELS[form])
        return True

    def _empty(self, form: tuple[int, int, int]) -> tuple[AnyPlane, ...]:
        width, height = (-(-side // self.shrink) for side in self.plan.size)
        kind = np.uint8 if form[2] == 8 else np.uint16
        sizes = [(height, width)]
        if form[0]:
            sizes += [(-(-height // form[1]), -(-width // form[0]))] * 2
        return tuple(np.zeros(size, kind) for size in sizes)

    def _paste(self, frame: av.VideoFrame, form: tuple[int, int, int]) -> None:
        row, column = divmod(frame.pts or 0, self.plan.columns)
        steps = (1, 1), *[(form[0] or 1, form[1] or 1)] * 2
        kind = np.dtype(np.uint8 if form[2] == 8 else "<u2")
        for target, source, (across, down) in zip(self.planes, frame.planes, steps, strict=False):
            left, top = column * self.plan.tile[0] // across, row * self.plan.tile[1] // down
            pixels: Any = np.frombuffer(memoryview(source), kind).reshape(-1, source.line_size // kind.itemsize)
            pixels = _smaller(pixels[: source.height, : source.width], self.shrink)
            left, top = left // self.shrink, top // self.shrink
            height, width = min(pixels.shape[0], target.shape[0] - top), min(pixels.shape[1], target.shape[1] - left)
            if height > 0 and width > 0:
                target[top : top + height, left : left + width] = pixels[:height, :width]


def _smaller(pixels: AnyPlane, shrink: int) -> AnyPlane:
    """The mean of each square of so many pixels; what is left over at the edges counts for the last one."""
    if shrink == 1:
        return pixels
    if pixels.dtype == np.uint8:
        return np.asarray(Image.fromarray(np.ascontiguousarray(pixels)).reduce(shrink))
    means = Image.fromarray(pixels.astype(np.float32)).reduce(shrink)
    return np.asarray(np.rint(np.asarray(means)), np.uint16)


def _decode_tiles(
    heif: Heif, plan: _Plan, shrink: int, known: Container[str]
) -> tuple[tuple[AnyPlane, ...], int, av.VideoFrame] | None:
    if shrink > 1 and len(plan.tiles) > 1 and any(side % (2 * shrink) for side in plan.tile):
        return None  # squares would lie across the borders of tiles
    decoder: Any = av.CodecContext.create(DECODERS[plan.kind], "r")
    decoder.extradata = plan.config
    decoder.thread_count = 1  # photos run in parallel already
    decoder.options = {"err_detect": "explode"} if plan.kind == b"hvc1" else {"max_frame_delay": "1"}
    room = (plan.tile[0] + CODED_IN) * (plan.tile[1] + CODED_IN)
    decoder.options |= {"max_pixels": str(room)}  # a tile that is larger than the file says is not even begun
    canvas = _Canvas(plan, shrink)
    for index, tile in enumerate(plan.tiles):
        packet = av.Packet(heif.content(tile))
        packet.pts = packet.dts = index
        packet.time_base = Fraction(1, 30)
        if not all(canvas.place(frame, known) for frame in decoder.decode(packet)):
            return None
    if not all(canvas.place(frame, known) for frame in decoder.decode(None)) or canvas.first is None:
        return None
    if len(canvas.done) != len(plan.tiles):
        return None
    return canvas.planes, PIXELS[canvas.first.format.name][2], canvas.first
