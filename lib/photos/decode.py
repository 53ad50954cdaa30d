"""From bytes of any kind to upright sRGB pixels of the wished size. Limits have been checked before."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageFile, JpegImagePlugin, UnidentifiedImageError

from lib.photos import heic, wide_gamut
from lib.photos.colour import plain, to_srgb
from lib.photos.problems import BrokenPicture, check_pixels
from lib.photos.resize import fit, resize
from lib.photos.sniff import Format

# Sizes are checked here, against the limit of the settings, before anything is decoded; Pillow's own fixed limits would
# refuse what a host allows.
Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = False
warnings.filterwarnings(
    "ignore", category=UserWarning, module=r"PIL\."
)  # about broken metadata, which nobody asked for

# Pillow's names for what may be opened; nothing else is tried
PILLOW = {
    Format.PNG: ("PNG",),
    Format.WEBP: ("WEBP",),
    Format.GIF: ("GIF",),
    Format.BMP: ("BMP",),
    Format.TIFF: ("TIFF",),
    Format.AVIF: ("AVIF",),
}
# What decoders raise on broken content
DECODER_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, RuntimeError, LookupError, ArithmeticError, AttributeError,
    AssertionError, MemoryError, struct.error, zlib.error, UnidentifiedImageError,
)  # fmt: skip
LOSSLESS = frozenset((Format.PNG, Format.GIF, Format.BMP, Format.TIFF, Format.WEBP))  # may hold a drawing
# A JPEG may be decoded at a half, a quarter or an eighth of its size. With less than twice the wished size Lanczos has
# too little to work on: SSIM falls by up to 0.005 (measured on the phone photos), which is below sharp.
SPARE = 2
ORIENTATION = 0x0112
# EXIF orientation -> what makes the picture upright
UPRIGHT: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Pixels:
    """An upright picture in sRGB. `lossless`: its format can store without loss, so it may be a drawing."""

    image: Image.Image  # L, RGB, RGBA or YCbCr
    lossless: bool


def decode(data: bytes, kind: Format, *, max_side: int, max_pixels: int, orientation: int) -> Pixels:
    """Decode the first frame, make it fit, turn it upright and convert it. Raises `BrokenPicture`, `TooManyPixels`."""
    try:
        if kind is Format.HEIC:
            return _decode_heic(data, max_side, max_pixels)
        return _decode_with_pillow(data, kind, max_side, max_pixels, orientation)
    except DECODER_ERRORS as error:
        raise BrokenPicture(f"This {kind} picture is cut off or damaged and cannot be shown.") from error


def _decode_with_pillow(data: bytes, kind: Format, max_side: int, max_pixels: int, orientation: int) -> Pixels:
    with _open(data, kind) as image:
        check_pixels(image.width, image.height, max_pixels)
        profile = image.info.get("icc_profile")
        if kind is Format.AVIF:  # the container turns; Pillow hands that on as an orientation
            orientation = image.getexif().get(ORIENTATION, 1)
            profile = profile or wide_gamut.of_file(data)
        if kind is Format.TIFF:  # Pillow turns these by itself
            orientation = 1
        small = fit(image.size, max_side)
        if kind is Format.JPEG:  # let the decoder skip what resizing would throw away
            image.draft(None, (small[0] * SPARE, small[1] * SPARE))
        turns = [UPRIGHT[orientation]] if orientation in UPRIGHT else []
        return Pixels(_finish(plain(image), small, profile, turns), kind in LOSSLESS)


def _open(data: bytes, kind: Format) -> ImageFile.ImageFile:
    if kind is Format.JPEG:  # by its own name: Image.open would follow the index of further pictures inside
        return JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    return Image.open(io.BytesIO(data), formats=PILLOW[kind])


def _decode_heic(data: bytes, max_side: int, max_pixels: int) -> Pixels:
    planes = heic.decode(data)
    if planes is not None:
        return Pixels(_join(planes, fit(planes.size, max_side)), lossless=False)
    opened = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
    width, height = opened.size
    check_pixels(width, height, max_pixels)
    image = opened.to_pillow()
    profile = image.info.get("icc_profile") or wide_gamut.of_file(data)
    return Pixels(_finish(plain(image), fit(image.size, max_side), profile, []), lossless=False)


def _join(planes: heic.Planes, size: tuple[int, int]) -> Image.Image:
    """Resize brightness and colours apart (that is half the work), then put them together."""
    bands = [resize(Image.fromarray(plane), size) for plane in (planes.y, planes.cb, planes.cr)]
    image = to_srgb(Image.merge("YCbCr", bands), planes.icc)
    for turn in planes.turns:
        image = image.transpose(turn)
    return image


def _finish(
    image: Image.Image, size: tuple[int, int], profile: bytes | None, turns: Sequence[Image.Transpose]
) -> Image.Image:
    """Resize first: colours and turns then have less to do."""
    image = to_srgb(resize(image, size), profile)
    for turn in turns:
        image = image.transpose(turn)
    image.info = {}
    return image
