"""What a person covers and cuts away in the picture itself: an `Edit`, applied to the original's pixels.

Covers lie on the upright original and are solid: nothing can be brought back from below one colour. Then the picture is
turned, straightened and cropped, in this order, so that crop then cover is cover then crop. The picker's script does
the same (`lib/picker/web/edit.js`); `tests/photos/edit_cases.json` is read by the tests of both.

As JSON::

    {"unit": "fraction", "covers": [{"box": [x, y, width, height]}, {"stroke": [x, y, x, y, …], "radius": r}],
     "turn": 90, "angle": -1.5, "crop": [x, y, width, height]}

Numbers are parts of the picture's width and height, from 0 to 1; with `"unit": "pixel"` they are pixels. A radius is a
part of the longer side. The crop is of the picture as it stands after turning and straightening.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal, Self

from PIL import Image, ImageDraw

from lib.photos.problems import PhotoProblem
from lib.text.later import Number, later

MAX_COVERS: Final = 200
MAX_POINTS: Final = 5_000  # of all strokes together
MAX_NUMBER: Final = 1_000_000  # far beyond any picture
MAX_ANGLE: Final = 45.0  # degrees, either way; more is a turn
COLOUR: Final = (17, 17, 17)  # of every cover: nearly black, so that it is seen on a black ground too
NEAR: Final = 1e-6  # pixels: numbers that came through fractions are whole again
# Where the original was made smaller while it was decoded (too large for the memory of this server), its pixels have
# run into their neighbours this far: covers grow by as many pixels. Lanczos reaches 3, colours at half size twice that.
SPREAD: Final = 8
_QUARTERS: Final = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
_BOX: Final = 4  # numbers of a box

Unit = Literal["fraction", "pixel"]
Matrix = tuple[float, float, float, float, float, float]  # x' = a x + b y + c, y' = d x + e y + f


class EditRefused(PhotoProblem):
    """Covers or a crop that make no sense: outside of the picture, without any size, too many."""

    title = later("These covers cannot be applied")
    fix = later("Draw them again inside the picture.")


def _refused(message: str) -> EditRefused:
    return EditRefused(message)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the upright original."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line drawn with a round brush, as x and y of its points in turn."""

    points: tuple[float, ...]
    radius: float


Cover = Box | Stroke


@dataclass(frozen=True, slots=True)
class Edit:
    """Covers, a turn clockwise (0, 90, 180, 270 degrees), an angle to straighten (degrees clockwise), and a crop."""

    covers: tuple[Cover, ...] = ()
    turn: int = 0
    angle: float = 0.0
    crop: Box | None = None
    unit: Unit = "fraction"

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return bool(self.covers or self.turn or self.angle or self.crop)

    @classmethod
    def parse(cls, told: Any) -> Self:
        """Read an edit from JSON values. Raises `EditRefused` for what makes no sense."""
        if not isinstance(told, dict) or not set(told) <= {"unit", "covers", "turn", "angle", "crop"}:
            raise _refused(later("The covers could not be read."))
        unit, covers = told.get("unit", "fraction"), told.get("covers", [])
        turn, angle, crop = told.get("turn", 0), told.get("angle", 0), told.get("crop")
        if unit not in {"fraction", "pixel"} or not isinstance(covers, list):
            raise _refused(later("The covers could not be read."))
        if len(covers) > MAX_COVERS:
            raise _refused(
                later("These are {n} covers; one photo takes {most}.", n=Number(len(covers)), most=Number(MAX_COVERS))
            )
        if isinstance(turn, bool) or turn not in {0, 90, 180, 270}:
            raise _refused(later("A photo is turned by 90, 180 or 270 degrees."))
        tilt = _number(angle)
        if abs(tilt) > MAX_ANGLE:
            raise _refused(later("A photo is straightened by at most {most} degrees.", most=Number(int(MAX_ANGLE))))
        read = tuple(_cover(one) for one in covers)
        if sum(len(one.points) for one in read if isinstance(one, Stroke)) > MAX_POINTS * 2:
            raise _refused(later("So much was painted that it is too much for one photo. Use boxes for large parts."))
        edit = cls(read, turn, tilt, None if crop is None else _box(crop), unit)
        if unit == "fraction":
            edit.check((1, 1))
        return edit

    def to_dict(self) -> dict[str, Any]:
        """JSON values, as `parse` reads them."""
        covers: list[dict[str, Any]] = [
            {"box": [one.x, one.y, one.width, one.height]}
            if isinstance(one, Box)
            else {"stroke": list(one.points), "radius": one.radius}
            for one in self.covers
        ]
        crop = self.crop and [self.crop.x, self.crop.y, self.crop.width, self.crop.height]
        return {"unit": self.unit, "covers": covers, "turn": self.turn, "angle": self.angle, "crop": crop}

    def check(self, size: tuple[float, float]) -> None:
        """Raise `EditRefused` for a cover or a crop that lies outside of a picture of this size, in its own unit."""
        longer = max(size)
        for cover in self.covers:
            across: Sequence[float]
            down: Sequence[float]
            if isinstance(cover, Box):
                across, down, more = (cover.x, cover.x + cover.width), (cover.y, cover.y + cover.height), 0.0
            else:
                across, down, more = cover.points[::2], cover.points[1::2], cover.radius
                if more > longer or any(abs(value) > longer * 2 for value in cover.points):
                    raise _refused(later("A cover lies outside of the picture."))
            beside = max(across) + more <= 0 or min(across) - more >= size[0]
            if beside or max(down) + more <= 0 or min(down) - more >= size[1]:
                raise _refused(later("A cover lies outside of the picture."))
        frame = self._framed(size) if self.unit == "pixel" else size
        if (crop := self.crop) is not None:
            inside = crop.x >= -NEAR and crop.y >= -NEAR
            inside = inside and crop.x + crop.width <= frame[0] + NEAR and crop.y + crop.height <= frame[1] + NEAR
            if not inside:
                raise _refused(later("The crop reaches outside of the picture."))

    def in_fractions(self, size: tuple[int, int]) -> Edit:
        """Return the same edit for any size of a picture that has this size now. Raises `EditRefused`."""
        self.check(size if self.unit == "pixel" else (1, 1))
        if self.unit == "fraction":
            return self
        width, height = size
        frame = self._framed(size)
        covers = tuple(
            Box(one.x / width, one.y / height, one.width / width, one.height / height)
            if isinstance(one, Box)
            else Stroke(
                tuple(value / size[at % 2] for at, value in enumerate(one.points)), one.radius / max(width, height)
            )
            for one in self.covers
        )
        crop = self.crop and Box(
            self.crop.x / frame[0], self.crop.y / frame[1], self.crop.width / frame[0], self.crop.height / frame[1]
        )
        return Edit(covers, self.turn, self.angle, crop)

    def _framed(self, size: tuple[float, float]) -> tuple[float, float]:
        """The size after turning and straightening: as much as has no empty corner, in the same shape."""
        width, height = (size[1], size[0]) if self.turn in {90, 270} else size
        tilt = math.radians(abs(self.angle))
        less = math.cos(tilt) + max(width / height, height / width) * math.sin(tilt)
        return width / less, height / less

    def plan(self, size: tuple[int, int]) -> Plan:
        """Return what has to be done to an upright picture of this size. The edit is in fractions."""
        width, height = size
        frame = self._framed(size)
        crop = self.crop or Box(0, 0, 1, 1)
        most = max(1, _whole(frame[0])), max(1, _whole(frame[1]))
        left, top = min(_near(crop.x * frame[0]), most[0] - 1), min(_near(crop.y * frame[1]), most[1] - 1)
        wide = max(1, min(_near((crop.x + crop.width) * frame[0]), most[0]) - left)
        high = max(1, min(_near((crop.y + crop.height) * frame[1]), most[1]) - top)
        # From a place in what comes out back to its place in the upright original.
        turned = (height, width) if self.turn in {90, 270} else (width, height)
        tilt = math.radians(self.angle)
        cos, sin = math.cos(tilt), math.sin(tilt)
        x, y = left - frame[0] / 2, top - frame[1] / 2
        to_turned = (cos, sin, turned[0] / 2 + cos * x + sin * y, -sin, cos, turned[1] / 2 - sin * x + cos * y)
        unturn: Matrix = {
            0: (1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
            90: (0.0, 1.0, 0.0, -1.0, 0.0, float(height)),
            180: (-1.0, 0.0, float(width), 0.0, -1.0, float(height)),
            270: (0.0, -1.0, float(width), 1.0, 0.0, 0.0),
        }[self.turn]
        return Plan((left, top), (wide, high), to_turned, _times(unturn, to_turned))

    def apply(self, image: Image.Image, *, spread: int = 0) -> Image.Image:
        """Return the picture covered, turned, straightened and cropped. The edit is in fractions.

        `spread` is by how many pixels covers grow: 0 for pixels that are the original's own.
        """
        image = self.covered(image, spread)
        plan = self.plan(image.size)
        if self.turn:
            image = image.transpose(_QUARTERS[self.turn])
        if self.angle:
            return image.transform(plan.size, Image.Transform.AFFINE, plan.to_turned, Image.Resampling.BICUBIC)
        (left, top), (width, height) = plan.corner, plan.size
        if (left, top, width, height) == (0, 0, *image.size):
            return image
        return image.crop((left, top, left + width, top + height))

    def covered(self, image: Image.Image, spread: int = 0) -> Image.Image:
        """Return an upright picture with its covers, each a little rather too large than too small."""
        if not self.covers:
            return image
        image = _paintable(image)
        pen, ink = ImageDraw.Draw(image), _ink(image.mode)
        for cover in self.covers:
            if isinstance(cover, Box):
                pen.rectangle(_pixels(cover, image.size, spread), fill=ink)
            else:
                radius = cover.radius * max(image.size) + 1 + spread
                _brush(pen, [(x * image.width, y * image.height) for x, y in _pairs(cover.points)], radius, ink)
        return image

    def cover_again(self, image: Image.Image, original: tuple[int, int]) -> Image.Image:
        """Return a picture that `apply` made and that was resized since, with its covers sharp again.

        Resizing mixes the edge of a cover with what is beside it. `original` is the size that `apply` had before it.
        """
        if not self.covers:
            return image
        image = _paintable(image)
        plan = self.plan(original)
        scale = image.width / plan.size[0], image.height / plan.size[1]
        forth = _inverse(plan.to_original)
        pen, ink = ImageDraw.Draw(image), _ink(image.mode)
        for cover in self.covers:
            corners = list(_corners(cover) if isinstance(cover, Box) else _pairs(cover.points))
            places = [
                (x * scale[0], y * scale[1])
                for x, y in (_moved(forth, x * original[0], y * original[1]) for x, y in corners)
            ]
            if isinstance(cover, Stroke):
                _brush(pen, places, cover.radius * max(original) * min(scale), ink)
            elif self.angle:
                pen.polygon(places, fill=ink)
            else:
                xs, ys = [x for x, _ in places], [y for _, y in places]
                left, top = max(0, _whole(min(xs))), max(0, _whole(min(ys)))
                right, bottom = min(image.width, _up(max(xs))), min(image.height, _up(max(ys)))
                if right > left and bottom > top:
                    pen.rectangle((left, top, right - 1, bottom - 1), fill=ink)
        return image


@dataclass(frozen=True, slots=True)
class Plan:
    """How pixels move. The matrices lead from a place in what comes out to where it was."""

    corner: tuple[int, int]  # of the crop, in the turned and straightened picture
    size: tuple[int, int]  # of what comes out
    to_turned: Matrix
    to_original: Matrix


# --- numbers ------------------------------------------------------------------------------------------------------


def of_words(covers: Sequence[str], crop: str | None) -> Edit:
    """Return the edit that `"x,y,w,h"` says: pixels, or parts of the picture where no number is above 1.

    Raises `EditRefused`.
    """
    boxes = [_box_of_words(words) for words in covers]
    cut = _box_of_words(crop) if crop else None
    every = [value for box in [*boxes, *([cut] if cut else [])] for value in box]
    unit = "fraction" if every and max(every) <= 1 else "pixel"
    return Edit.parse({"unit": unit, "covers": [{"box": box} for box in boxes], "crop": cut})


def _box_of_words(words: str) -> list[float]:
    try:
        values = [float(word) for word in words.split(",")]
    except ValueError:
        values = []
    if len(values) != _BOX:
        raise _refused(later("Four numbers are needed, as in 120,80,300,200: x, y, width and height."))
    return values


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_NUMBER:  # also not NaN
        raise _refused(later("The covers could not be read."))
    return float(value)


def _box(told: Any) -> Box:
    if not isinstance(told, list) or len(told) != _BOX:
        raise _refused(later("The covers could not be read."))
    box = Box(*(_number(value) for value in told))
    if box.width <= 0 or box.height <= 0:
        raise _refused(later("A cover or a crop without any size covers nothing."))
    return box


def _cover(told: Any) -> Cover:
    match told:
        case {"box": box, **more} if not more:
            return _box(box)
        case {"stroke": [*points], "radius": radius, **more} if not more and points and len(points) % 2 == 0:
            stroke = Stroke(tuple(_number(value) for value in points), _number(radius))
            if stroke.radius <= 0:
                raise _refused(later("A cover or a crop without any size covers nothing."))
            return stroke
    raise _refused(later("The covers could not be read."))


def _near(value: float) -> int:
    return math.floor(value + 0.5 + NEAR)


def _whole(value: float) -> int:
    return math.floor(value + NEAR)


def _up(value: float) -> int:
    return math.ceil(value - NEAR)


def _pixels(box: Box, size: tuple[int, int], spread: int) -> tuple[int, int, int, int]:
    """Every pixel that a box touches: left, top, right and bottom, as Pillow draws them."""
    left, top = max(0, _whole(box.x * size[0]) - spread), max(0, _whole(box.y * size[1]) - spread)
    right = min(size[0], _up((box.x + box.width) * size[0]) + spread)
    bottom = min(size[1], _up((box.y + box.height) * size[1]) + spread)
    return left, top, max(left, right - 1), max(top, bottom - 1)


def _pairs(points: Sequence[float]) -> Iterator[tuple[float, float]]:
    return zip(points[::2], points[1::2], strict=True)


def _corners(box: Box) -> Iterator[tuple[float, float]]:
    right, bottom = box.x + box.width, box.y + box.height
    yield from ((box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom))


def _moved(by: Matrix, x: float, y: float) -> tuple[float, float]:
    return by[0] * x + by[1] * y + by[2], by[3] * x + by[4] * y + by[5]


def _times(first: Matrix, second: Matrix) -> Matrix:
    """Return the one matrix that moves a point by `second` and then by `first`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * j, a * h + b * k, a * i + b * m + c, d * g + e * j, d * h + e * k, d * i + e * m + f


def _inverse(matrix: Matrix) -> Matrix:
    a, b, c, d, e, f = matrix
    det = a * e - b * d
    return e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det


# --- drawing ------------------------------------------------------------------------------------------------------


def _paintable(image: Image.Image) -> Image.Image:
    """The picture in colours that can be painted, as a copy of its own."""
    return image.copy() if image.mode in {"L", "RGB", "RGBA"} else image.convert("RGB")


def _ink(mode: str) -> int | tuple[int, ...]:
    return COLOUR[0] if mode == "L" else (*COLOUR, 255) if mode == "RGBA" else COLOUR


def _brush(
    pen: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], radius: float, ink: int | tuple[int, ...]
) -> None:
    for x, y in points:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
    for (x, y), (u, v) in pairwise(points):
        length = math.hypot(u - x, v - y)
        if length:  # a band as wide as the brush, from one point to the next
            p, q = (v - y) / length * radius, (u - x) / length * radius
            pen.polygon(((x + p, y - q), (u + p, v - q), (u - p, v + q), (x - p, y + q)), fill=ink)
