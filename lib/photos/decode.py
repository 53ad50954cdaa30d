"""From bytes of any kind to upright sRGB pixels of the size that the policy wants. Limits have been checked before."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pillow_heif
from PIL import Image, ImageFile, JpegImagePlugin, UnidentifiedImageError

from lib.photos import cost, glow, hdr, heic, png_strips, raw, wide_gamut
from lib.photos.codecs import check_codec
from lib.photos.colour import to_simple_mode, to_srgb
from lib.photos.formats import Format
from lib.photos.png_colour import Colours, colours_of
from lib.photos.policy import Choice, Facts, choose, fitted, flat_share, may_be_drawn
from lib.photos.problems import BrokenPicture, check_pixels
from lib.photos.resize import resize
from lib.text.later import later

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
STORES_EXACTLY = frozenset((Format.PNG, Format.GIF, Format.BMP, Format.TIFF))
LARGE = 24_000_000  # pixels; above, a HEIC, AVIF or PNG is made smaller while it is decoded
LOOKED_AT = 40_000_000  # pixels; up to this a JPEG is decoded whole to see whether it is a screenshot
ORIENTATION = 0x0112
LYING = 5  # orientations from 5 on lie on their side
REDUCED, SUBFILE = 1, 0x00FE  # a TIFF's tag that says: this page is a small copy of another one
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
    """An upright picture in sRGB, as the policy chose it."""

    image: Image.Image  # L, RGB, RGBA or YCbCr
    choice: Choice
    hdr: bool = False  # its light was brought down to an ordinary screen
    turns: tuple[Image.Transpose, ...] = ()  # what made it upright
    tables: tuple[dict[int, list[int]], int] | None = None  # of a JPEG that kept its size: how it was compressed


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: the longest side, by the policy or (for the stage of a video) just a square to fit into."""

    side: int
    max_pixels: int
    by_policy: bool = True

    def choose(self, facts: Facts) -> Choice:
        """What becomes of such a picture."""
        return choose(facts, self.side) if self.by_policy else fitted(facts, self.side)


def decode(data: bytes, kind: Format, *, wish: Wish, facts: Facts, orientation: int) -> Pixels:
    """Decode the first frame, make it fit, turn it upright and convert it.

    Raises `BrokenPicture`, `TooManyPixels`, and `UnsupportedPicture` where it is whole but coded in a way nobody here
    reads.
    """
    if kind is Format.RAW:
        found = raw.preview(data)
        data, kind, orientation = found.data, Format.JPEG, found.orientation
    try:
        if kind is Format.HEIC:
            return _decode_heic(data, wish, facts)
        if kind is Format.AVIF and (pixels := _decode_deep(data, wish, facts)):
            return pixels
        if kind is Format.PNG:
            return _decode_png(data, wish, facts, orientation)
        return _decode_with_pillow(data, kind, wish, facts, orientation)
    except DECODER_ERRORS as error:
        check_codec(data, kind, error)
        raise BrokenPicture(
            later("This {kind} picture is cut off or damaged and cannot be shown.", kind=kind)
        ) from error


# --- PNG ----------------------------------------------------------------------------------------------------------


def _decode_png(data: bytes, wish: Wish, facts: Facts, orientation: int) -> Pixels:
    colours = colours_of(data)
    head = png_strips.head_of(data)
    if colours.curve:
        return _decode_hdr_png(data, colours.curve, wish, facts, orientation)
    if head.width * head.height <= LARGE or head.interlaced:
        return _decode_with_pillow(data, Format.PNG, wish, facts, orientation, colours)
    facts = replace(facts, flat=flat_share(png_strips.sample(data)))
    choice = wish.choose(facts)
    size = _lying(choice, orientation)
    image = to_simple_mode(png_strips.decode(data, cost.whole_shrink((head.width, head.height), size)))
    return Pixels(_finish(image, image.size, colours, _turns(orientation)), choice)


def _decode_hdr_png(data: bytes, curve: hdr.Curve, wish: Wish, facts: Facts, orientation: int) -> Pixels:
    values, alpha = png_strips.deep(data)
    check_pixels(values.shape[1], values.shape[0], wish.max_pixels)
    choice = wish.choose(facts)
    size = _lying(choice, orientation)
    image = hdr.to_srgb(_resized(values, size), curve)
    if alpha is not None:
        image.putalpha(resize(Image.fromarray(alpha), size))
    return Pixels(_turned(image, _turns(orientation)), choice, hdr=True)


def _resized(values: np.ndarray, size: tuple[int, int]) -> hdr.Floats:
    """Whole numbers that fill their type, as floats from 0 to 1 in another size."""
    top = np.float32(np.iinfo(values.dtype).max)
    planes = [Image.fromarray(values[..., n].astype(np.float32) / top) for n in range(3)]
    return np.stack([np.asarray(plane.resize(size, Image.Resampling.LANCZOS)) for plane in planes], axis=-1)


# --- Pillow -------------------------------------------------------------------------------------------------------


def _decode_with_pillow(
    data: bytes, kind: Format, wish: Wish, facts: Facts, orientation: int, colours: Colours | None = None
) -> Pixels:
    with _open(data, kind) as image:
        check_pixels(image.width, image.height, wish.max_pixels)
        colours = colours or Colours(profile=image.info.get("icc_profile"))
        if kind is Format.AVIF:  # the container turns; Pillow hands that on as an orientation
            orientation = image.getexif().get(ORIENTATION, 1)
            colours = Colours(colours.profile or wide_gamut.of_file(data), curve=wide_gamut.curve_of_file(data))
        if kind is Format.TIFF:  # Pillow turns these by itself
            orientation = 1
            _largest_page(image)
        facts = _looked_at(image, kind, wish, facts)
        choice = wish.choose(facts)
        size = _lying(choice, orientation)
        tables = None
        if kind is Format.JPEG:  # let the decoder skip what resizing would throw away
            tables = _tables(image) if image.size == size and image.mode in {"L", "RGB"} else None
            if facts.flat is None:
                factor = cost.jpeg_shrink(image.size, size)
                image.draft(None, (image.width // factor, image.height // factor))
                size = min(size[0], image.width), min(size[1], image.height)
        if kind is Format.TIFF and (image.width, image.height) != (facts.width, facts.height):
            choice = wish.choose(replace(facts, width=image.width, height=image.height))
            size = choice.width, choice.height
        picture = _finish(to_simple_mode(image), size, colours, _turns(orientation))
        return Pixels(picture, choice, colours.curve is not None, tuple(_turns(orientation)), tables)


def _looked_at(image: ImageFile.ImageFile, kind: Format, wish: Wish, facts: Facts) -> Facts:
    """The facts, with how flat the picture is where that counts."""
    pixels = image.width * image.height
    if facts.lossless or (kind is Format.JPEG and may_be_drawn(facts, wish.side) and pixels <= LOOKED_AT):
        image.load()
        return replace(facts, flat=flat_share(to_simple_mode(image)))
    return facts


def _tables(image: Image.Image) -> tuple[dict[int, list[int]], int] | None:
    """How a JPEG was compressed: its tables, its form of storing colours. None where Pillow cannot write that."""
    sampling = JpegImagePlugin.get_sampling(image)
    quantization: dict[int, list[int]] = getattr(image, "quantization", {})
    return (quantization, sampling) if quantization and (sampling >= 0 or image.mode == "L") else None


def _largest_page(image: ImageFile.ImageFile) -> None:
    """Some programs put a small copy first."""
    frames = min(getattr(image, "n_frames", 1), 16)
    tags = getattr(image, "tag_v2", {})
    if frames < 2 or not int(tags.get(SUBFILE, 0) or 0) & REDUCED:  # noqa: PLR2004 - one page is the page
        return
    sizes = []
    for page in range(frames):
        image.seek(page)
        sizes.append(image.width * image.height)
    image.seek(sizes.index(max(sizes)))


def _open(data: bytes, kind: Format) -> ImageFile.ImageFile:
    if kind is Format.JPEG:  # by its own name: Image.open would follow the index of further pictures inside
        return JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    return Image.open(io.BytesIO(data), formats=PILLOW[kind])


# --- HEIC and AVIF ------------------------------------------------------------------------------------------------


def _decode_heic(data: bytes, wish: Wish, facts: Facts) -> Pixels:
    curve = wide_gamut.curve_of_file(data)
    choice = wish.choose(facts)
    shrink = _shrink(data, facts, choice)
    planes = None if curve else heic.decode(data, shrink)
    if planes is not None:
        return Pixels(_join(planes, _lying_by(choice, planes.turns)), choice, turns=planes.turns)
    if pixels := _decode_deep(data, wish, facts, always=True):
        return pixels
    opened = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=curve is None)
    check_pixels(opened.size[0], opened.size[1], wish.max_pixels)
    if curve:
        values = np.asarray(opened)
        image = hdr.to_srgb(_resized(values, (choice.width, choice.height)), curve)
        return Pixels(image, choice, hdr=True)
    image = opened.to_pillow()
    profile = image.info.get("icc_profile") or wide_gamut.of_file(data)
    return Pixels(_finish(to_simple_mode(image), (choice.width, choice.height), Colours(profile=profile), []), choice)


def _decode_deep(data: bytes, wish: Wish, facts: Facts, *, always: bool = False) -> Pixels | None:
    """By FFmpeg at full depth: for HDR, and for what is too large to stand in memory whole."""
    curve = wide_gamut.curve_of_file(data)
    large = facts.width * facts.height > LARGE
    if not (curve or large or (always and heic.is_deep(data))):
        return None
    choice = wish.choose(facts)
    deep = heic.decode_deep(data, shrink=_shrink(data, facts, choice))
    if deep is None:
        return None
    size = _lying_by(choice, deep.turns)
    values = heic.rgb(deep, size)
    if curve:
        image = hdr.to_srgb(values, curve, glow.dimmer(data, curve, size))
    else:
        values *= 255
        image = Image.fromarray(np.rint(values, out=values).astype(np.uint8))
        image = to_srgb(image, deep.icc or wide_gamut.of_file(data))
    return Pixels(_turned(image, deep.turns), choice, curve is not None, deep.turns)


def _shrink(data: bytes, facts: Facts, choice: Choice) -> int:
    if facts.width * facts.height <= LARGE:
        return 1
    shrink = cost.shrink((facts.width, facts.height), (choice.width, choice.height))
    return heic.possible_shrink(data, shrink)


def _join(planes: heic.Planes, size: tuple[int, int]) -> Image.Image:
    """Resize brightness and colours apart (that is half the work), then put them together."""
    bands = [resize(Image.fromarray(plane), size) for plane in (planes.y, planes.cb, planes.cr)]
    return _turned(to_srgb(Image.merge("YCbCr", bands), planes.icc), planes.turns)


# --- turns --------------------------------------------------------------------------------------------------------


def _turns(orientation: int) -> list[Image.Transpose]:
    return [UPRIGHT[orientation]] if orientation in UPRIGHT else []


def _lying(choice: Choice, orientation: int) -> tuple[int, int]:
    """The chosen size as the picture is stored."""
    size = choice.width, choice.height
    return (size[1], size[0]) if orientation >= LYING and orientation in UPRIGHT else size


def _lying_by(choice: Choice, turns: Sequence[Image.Transpose]) -> tuple[int, int]:
    quarters = sum(turn in {Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270} for turn in turns)
    return (choice.height, choice.width) if quarters % 2 else (choice.width, choice.height)


def _turned(image: Image.Image, turns: Sequence[Image.Transpose]) -> Image.Image:
    for turn in turns:
        image = image.transpose(turn)
    image.info = {}
    return image


def _finish(
    image: Image.Image, size: tuple[int, int], colours: Colours, turns: Sequence[Image.Transpose]
) -> Image.Image:
    """Resize first: colours and turns then have less to do."""
    image = resize(image, size)
    if colours.curve:
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        image = hdr.to_srgb(np.asarray(image.convert("RGB")), colours.curve)
        if alpha:
            image.putalpha(alpha)
    elif colours.exponent:
        image = _powered(image, colours.exponent)
    else:
        grey = image.mode == "L" and colours.by_numbers and colours.profile
        image = to_srgb(image.convert("RGB") if grey else image, colours.profile)
    return _turned(image, turns)


def _powered(image: Image.Image, exponent: float) -> Image.Image:
    """Values whose light is a power of them, in sRGB's curve."""
    curve = hdr.srgb_bytes((np.arange(256, dtype=np.float32) / 255) ** np.float32(exponent)).tolist()
    same = list(range(256))
    return image.point(curve if image.mode == "L" else curve * 3 + same * (image.mode == "RGBA"))
