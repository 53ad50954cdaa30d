"""The one way in: any photo becomes clean JPEG or PNG bytes, with a report of what it told."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from PIL import Image

from lib.photos.colour import on_white
from lib.photos.decode import DECODER_ERRORS, decode
from lib.photos.gate import decoding
from lib.photos.leftovers import find_leftovers
from lib.photos.metadata.read import Inspection, inspect
from lib.photos.metadata.report import MetadataReport
from lib.photos.problems import BrokenPicture, check_bytes, check_pixels
from lib.photos.sniff import Format, format_of

MAX_SIDE = 2048  # fills every phone and most screens
QUALITY = 85
MAX_BYTES = 25_000_000  # callers pass their settings; these are the defaults of the settings
MAX_PIXELS = 60_000_000
SUBSAMPLING = "4:2:0"
# A JPEG that already holds nothing but the picture may stay as it is, unless it spends more than this: at quality 85
# the photos tried take 0.1 to 0.3 bytes a pixel.
MAX_BYTES_PER_PIXEL = 0.7
# Colours in a sample of 256 x 256 points: drawings and screenshots have up to some hundred, the photos tried 5,000 up.
SAMPLE_SIDE = 256
MAX_DRAWING_COLOURS = 2_048
OPAQUE = 255

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """A clean photo. `report` tells what the original held; `notes` what a person should know about the cleaning."""

    data: bytes = field(repr=False)
    width: int
    height: int
    format: Literal["JPEG", "PNG"]
    report: MetadataReport = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """The type to serve it with."""
        return MEDIA_TYPES[self.format]


def prepare_photo(
    data: bytes,
    *,
    max_side: int = MAX_SIDE,
    quality: int = QUALITY,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> PreparedPhoto:
    """Return the photo upright, in sRGB, at most `max_side` pixels long, with nothing inside but the picture.

    Raises `PhotoProblem` in one of its kinds. Uses one core and lets other threads run; keep it off event loops.
    """
    check_bytes(data, max_bytes)
    kind = format_of(data)
    inspection = inspect(data, kind)
    size = inspection.contents.width, inspection.contents.height
    check_pixels(*size, max_pixels)
    with decoding.room(size[0] * size[1]):
        kept = _as_it_is(data, kind, inspection, max_side)
        if kept is not None:
            return kept
        pixels = decode(data, kind, max_side=max_side, max_pixels=max_pixels, orientation=inspection.orientation)
        notes = _notes(inspection.report.frames, kind)
        if pixels.lossless and is_drawing(pixels.image):
            clean, form = write_png(pixels.image), "PNG"
        else:
            if pixels.image.mode == "RGBA" and has_transparency(pixels.image):
                notes = (*notes, "Transparent parts are white now.")
            clean, form = write_jpeg(pixels.image, quality), "JPEG"
    return PreparedPhoto(clean, *pixels.image.size, "PNG" if form == "PNG" else "JPEG", inspection.report, notes)


def _notes(frames: int, kind: Format) -> tuple[str, ...]:
    if kind in {Format.HEIC, Format.AVIF} and frames > 1:
        return ("Only the main picture of the sequence was kept.",)
    word = "pages" if kind is Format.TIFF else "frames"
    return (f"Only the first of {frames:,} {word} was kept.",) if frames > 1 else ()


def _as_it_is(data: bytes, kind: Format, inspection: Inspection, max_side: int) -> PreparedPhoto | None:
    """Keep a JPEG that was cleaned before (on the phone), so that it is not compressed twice."""
    report = inspection.report
    spends = len(data) / (report.width * report.height)
    if kind is not Format.JPEG or max(report.width, report.height) > max_side or spends > MAX_BYTES_PER_PIXEL:
        return None
    if report.findings or inspection.orientation != 1 or find_leftovers(data):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            image.load()
            usual = image.mode in {"L", "RGB"} and image.size == (report.width, report.height)
    except DECODER_ERRORS as error:
        raise BrokenPicture("This JPEG picture is cut off or damaged and cannot be shown.") from error
    return PreparedPhoto(data, report.width, report.height, "JPEG", report) if usual else None


def has_transparency(image: Image.Image) -> bool:
    """Whether any pixel lets the ground through."""
    lowest, _ = image.getchannel("A").getextrema()
    return isinstance(lowest, int | float) and lowest < OPAQUE


def is_drawing(image: Image.Image) -> bool:
    """Few colours: a drawing, a logo, a screenshot. JPEG would smear it."""
    points = np.asarray(image.convert("RGB").resize((SAMPLE_SIDE, SAMPLE_SIDE), Image.Resampling.NEAREST)).astype(int)
    codes = (points[..., 0] << 16) | (points[..., 1] << 8) | points[..., 2]
    return len(np.unique(codes)) <= MAX_DRAWING_COLOURS


def write_jpeg(image: Image.Image, quality: int) -> bytes:
    """Only the picture: no profile, no density, no words."""
    image = on_white(image) if image.mode == "RGBA" else image
    image.info = {}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=SUBSAMPLING)
    return out.getvalue()


def write_png(image: Image.Image) -> bytes:
    """Only the picture, without alpha where nothing is transparent, with a palette where that loses nothing."""
    if image.mode == "RGBA" and not has_transparency(image):
        image = image.convert("RGB")
    if image.mode == "RGB" and image.getcolors(maxcolors=256):
        image = image.quantize(256, dither=Image.Dither.NONE)
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    out = io.BytesIO()
    image.save(out, "PNG", optimize=image.width * image.height < _WORTH_OPTIMISING)
    return out.getvalue()


_WORTH_OPTIMISING = 1_000_000  # pixels; beyond, the search costs seconds
