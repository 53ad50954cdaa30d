"""The quick way through a phone's HEIC: its tiles are plain HEVC pictures, which FFmpeg decodes several times faster.

Only the plain case is taken: one picture, or a grid of equal tiles, 8 bits, 4:2:0, full range, BT.601 (what phones
write). For everything else `decode` returns None and pillow-heif, which knows all of HEIF, does the work; the tests
hold the two against each other.
"""

# ruff: noqa: PLR2004 - the numbers are places in the format
from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lib.photos import wide_gamut
from lib.photos.containers.heif import MIRROR, ROTATION, Heif, Item, auxiliary, parse, stored_size
from lib.photos.containers.parts import number

PLAIN_PROPERTIES = frozenset((b"ispe", b"pixi", b"colr", b"hvcC", b"pasp", b"clli", b"mdcv", ROTATION, MIRROR))
FULL_RANGE = 2  # AVCOL_RANGE_JPEG
MATRICES = frozenset((2, 5, 6))  # unspecified (HEIF then means BT.601) and BT.601 in its two forms
PIXELS = frozenset(("yuvj420p", "yuv420p"))
# Quarter turns anticlockwise, and the direction of a mirror, as libheif reads them
TURNS = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
MIRRORS = {0: Image.Transpose.FLIP_TOP_BOTTOM, 1: Image.Transpose.FLIP_LEFT_RIGHT}

Plane = NDArray[np.uint8]


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
class _Plan:
    tiles: tuple[Item, ...]
    columns: int
    tile: tuple[int, int]
    size: tuple[int, int]
    config: bytes


def decode(data: bytes) -> Planes | None:
    """Decode the main picture, or return None when it is not the plain case or anything at all is odd."""
    heif = parse(data)
    return _decode_item(heif, heif.primary)


def thumbnail(data: bytes) -> bytes | None:
    """The small preview inside as JPEG; None when there is none, or none of the plain case."""
    heif = parse(data)
    small = next(iter(heif.referring(b"thmb", heif.primary)), None)
    planes = _decode_item(heif, small) if small is not None else None
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


def _decode_item(heif: Heif, number_: int) -> Planes | None:
    main = heif.items.get(number_)
    plan = _plan(heif, main, number_) if main else None
    if main is None or plan is None or not all(map(_plain_colour, (main, plan.tiles[0]))):
        return None
    try:
        planes = _decode_tiles(heif, plan)
    except (av.error.FFmpegError, ValueError):
        return None
    if planes is None:
        return None
    return Planes(*planes, _profile(main) or _profile(plan.tiles[0]) or wide_gamut.of_item(main), _turns(main))


def _plan(heif: Heif, main: Item, number_: int) -> _Plan | None:
    if any(name not in PLAIN_PROPERTIES for name, _ in main.properties):
        return None
    helpers = [heif.items.get(n, Item()) for n in heif.referring(b"auxl", number_)]
    if any(auxiliary(helper) in {"alpha", "auxid:1"} for helper in helpers):
        return None
    tiles: tuple[Item, ...]
    if main.kind == b"hvc1":
        tiles, columns, rows = (main,), 1, 1
    elif main.kind == b"grid":
        head = heif.content(main)
        rows, columns = number(head, 2, 1) + 1, number(head, 3, 1) + 1
        tiles = tuple(heif.items.get(n, Item()) for n in heif.referred(b"dimg", number_))
    else:
        return None
    first, size = tiles[0] if tiles else Item(), stored_size(heif, main)
    config = first.the(b"hvcC") or b""
    same = all(tile.kind == b"hvc1" and tile.size == first.size and tile.the(b"hvcC") == config for tile in tiles)
    covers = columns * first.size[0] >= size[0] and rows * first.size[1] >= size[1]
    if not (same and covers and all(size) and len(tiles) == columns * rows and _plain_config(config)):
        return None
    return _Plan(tiles, columns, first.size, size, config)


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


def _decode_tiles(heif: Heif, plan: _Plan) -> tuple[Plane, Plane, Plane] | None:
    decoder = av.CodecContext.create("hevc", "r")
    decoder.extradata = plan.config
    decoder.thread_count = 1  # photos run in parallel already
    decoder.options = {"err_detect": "explode"}
    width, height = plan.size
    half = (height + 1) // 2, (width + 1) // 2
    planes = np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8)
    done: set[int] = set()

    def place(frames: list[av.VideoFrame]) -> bool:
        for frame in frames:
            if not _plain_frame(frame, plan.tile) or frame.pts is None:
                return False
            done.add(frame.pts)
            _paste(planes, frame, frame.pts, plan)
        return True

    for index, tile in enumerate(plan.tiles):
        packet = av.Packet(heif.content(tile))
        packet.pts = packet.dts = index
        packet.time_base = Fraction(1, 30)
        if not place(decoder.decode(packet)):
            return None
    if not place(decoder.decode(None)) or len(done) != len(plan.tiles):
        return None
    return planes


def _plain_frame(frame: av.VideoFrame, tile: tuple[int, int]) -> bool:
    return (
        frame.format.name in PIXELS
        and (frame.width, frame.height) == tile
        and int(frame.color_range) == FULL_RANGE
        and int(frame.colorspace) in MATRICES
        and not frame.is_corrupt
    )


def _paste(planes: tuple[Plane, Plane, Plane], frame: av.VideoFrame, index: int, plan: _Plan) -> None:
    row, column = divmod(index, plan.columns)
    for target, source, shrink in zip(planes, frame.planes, (1, 2, 2), strict=True):
        top, left = row * plan.tile[1] // shrink, column * plan.tile[0] // shrink
        pixels = np.frombuffer(memoryview(source), np.uint8).reshape(-1, source.line_size)
        height = min(source.height, target.shape[0] - top)
        width = min(source.width, target.shape[1] - left)
        if height > 0 and width > 0:
            target[top : top + height, left : left + width] = pixels[:height, :width]
