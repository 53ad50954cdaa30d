"""One policy for size and form, followed by the server and by the picker alike: the table is `policy.json`.

Photo, screenshot or drawing, long picture, panorama: bounds by area and short side, not by the long side alone; never
enlarged. `tests/photos/policy_cases.json` holds the cases that Python's and the picker's tests both read.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image

from lib.text.later import Number, later

Kind = Literal["photo", "panorama", "long", "drawing"]
Form = Literal["JPEG", "PNG"]
TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("policy.json").read_text("utf-8"))
CLEAR = 0  # alpha of a pixel that lets everything through


@dataclass(frozen=True, slots=True)
class Facts:
    """What the policy looks at. Width and height are upright.

    `flat` is the share of pixels in runs of one colour (`flat_share`), None where nobody looked. `camera`: the hidden
    data names the device that took it. `lossless`: the format stores pixels exactly (PNG, GIF, BMP, TIFF, lossless
    WebP).
    """

    width: int
    height: int
    lossless: bool = False
    camera: bool = False
    flat: float | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of a picture."""

    kind: Kind
    width: int
    height: int
    quality: int
    chroma: str
    note: str  # for the sender; empty for an ordinary photo


@cache
def value(name: str) -> float:
    """One number of the table."""
    return float(TABLE[name]["value"])


def kind_of(facts: Facts) -> Kind:
    """Tell what kind of picture this is."""
    if _drawn(facts):
        return "drawing"
    short, long = sorted((facts.width, facts.height))
    if long <= value("elongated") * short:
        return "photo"
    return "long" if facts.height > facts.width and not facts.camera else "panorama"


def _drawn(facts: Facts) -> bool:
    if facts.lossless and facts.width * facts.height <= value("tiny"):
        return True
    if facts.flat is None:
        return False
    if facts.lossless:
        return facts.flat >= value("flat_lossless")
    return not facts.camera and facts.flat >= value("flat_lossy")


def choose(facts: Facts, wish: int) -> Choice:
    """Return kind, size and form. `wish` is the longest side of an ordinary photo, in pixels."""
    kind = kind_of(facts)
    row = TABLE["kinds"][kind]
    width, height = _size(facts.width, facts.height, row, wish)
    text = later(row["note"], width=Number(width), height=Number(height))
    told = text if max(facts.width, facts.height) > wish >= value("thumbnail_below") else ""
    return Choice(kind, width, height, row["quality"], row["chroma"], told)


def fitted(facts: Facts, side: int) -> Choice:
    """What fits into a square of that side, whatever its kind: for thumbnails and for the stage of a video."""
    row = TABLE["kinds"]["photo"]
    return Choice("photo", *_size(facts.width, facts.height, row, side), row["quality"], row["chroma"], "")


def may_be_drawn(facts: Facts, wish: int) -> bool:
    """Whether it is worth to look how flat a lossy picture is: only where the answer would change its size."""
    return not facts.camera and max(facts.width, facts.height) > wish >= value("thumbnail_below")


def form_of(kind: Kind, *, png_bytes: int, jpeg_bytes: int, transparent: bool) -> Form:
    """A drawing stays without loss where that is smaller; what is transparent may cost more. All else is a JPEG."""
    if kind != "drawing":
        return "JPEG"
    return "PNG" if png_bytes <= jpeg_bytes * (value("transparent_factor") if transparent else 1) else "JPEG"


def _size(width: int, height: int, row: dict[str, Any], wish: int) -> tuple[int, int]:
    short, long = sorted((width, height))
    if wish < value("thumbnail_below"):
        scale = wish / long
    else:
        scales = [part * wish / side for part, side in ((row["longest"], long), (row["shortest"], short)) if part]
        scale = max(scales, default=1.0)
        if row["max_area"]:
            scale = min(scale, math.sqrt(row["max_area"] / (width * height)))
        scale = min(scale, (row["max_side"] or value("jpeg_side")) / long)
    scale = min(1.0, scale)
    return max(1, math.floor(width * scale + 0.5)), max(1, math.floor(height * scale + 0.5))


def flat_share(image: Image.Image) -> float:
    """The share of pixels that stand in a run of equal colours, in rows all over the picture (RGB or RGBA).

    Pixels that are wholly transparent count for nothing; a picture of nothing else is flat.
    """
    rows = min(int(value("flat_rows")), image.height)
    flat = seen = 0
    for n in range(rows):
        y = math.floor((n + 0.5) * image.height / rows)
        pixels = np.asarray(image.crop((0, y, image.width, y + 1)).convert("RGBA")).reshape(-1, 4)
        opaque = pixels[:, 3] != CLEAR
        codes = np.where(opaque, np.ascontiguousarray(pixels).view(np.uint32)[:, 0].astype(np.int64), -1)
        edges = np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1, [len(codes)]))
        lengths, firsts = np.diff(edges), codes[edges[:-1]]
        seen += int(opaque.sum())
        flat += int(lengths[(lengths >= value("flat_run")) & (firsts >= 0)].sum())
    return flat / seen if seen else 1.0
