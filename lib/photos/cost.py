"""What one photo takes of memory while it is worked on: what is decoded, and what is made. Bytes, on the safe side."""

from __future__ import annotations

from lib.photos import heic, png_strips, wide_gamut
from lib.photos.containers.jpeg import segments
from lib.photos.formats import Format
from lib.photos.policy import Choice
from lib.photos.problems import TooManyPixels
from lib.photos.sniff import format_of
from lib.text.later import Size, later

# A picture may be decoded at a half, a quarter or an eighth of its size. With less than twice the wished size Lanczos
# has too little to work on: SSIM falls by up to 0.005 (measured on the phone photos), which is below sharp.
SPARE = 2
LARGEST_SHRINK = 16
LARGEST_JPEG_SHRINK = 8
COMFORTABLE = 100_000_000  # bytes of what is decoded: up to this, twice the wished size may be in memory
NEARLY = 0.9  # of the wished size is enough where the next better way takes four times the memory
RGB, RGBA = 4, 4  # bytes a pixel as Pillow keeps them
PROGRESSIVE = 0xC2
LIBHEIF = 6  # bytes a pixel: its planes and the RGB made of them
# Bytes a pixel while decoding, of formats that are decoded whole
WHOLE = {Format.WEBP: 8, Format.GIF: 5, Format.BMP: 4, Format.TIFF: 8, Format.AVIF: 8, Format.PNG: 5,
         Format.HEIC: LIBHEIF}  # fmt: skip
DEEP = 10  # bytes a pixel that FFmpeg decoded: three planes of 16 bits, and one of them as floats
FLOATS = 40  # bytes a pixel that is made of those


def shrink(size: tuple[int, int], wanted: tuple[int, int]) -> int:
    """By which power of two a picture can be made smaller while it is decoded.

    With enough left for a good resize; with just enough where more would not fit into memory.
    """
    sides = tuple(zip(sorted(size), sorted(wanted), strict=True))
    factor = 1
    while factor < LARGEST_SHRINK:
        spare = SPARE if size[0] * size[1] * RGB // factor**2 <= COMFORTABLE else NEARLY
        if any(have // (factor * 2) < want * spare for have, want in sides):
            break
        factor *= 2
    return factor


def jpeg_shrink(size: tuple[int, int], wanted: tuple[int, int]) -> int:
    """The same for a JPEG, which can be decoded at a half, a quarter or an eighth."""
    return min(LARGEST_JPEG_SHRINK, shrink(size, wanted))


def whole_shrink(size: tuple[int, int], wanted: tuple[int, int]) -> int:
    """By which whole number each square of pixels becomes one, so that no other step of resizing is needed."""
    return max(-(-have // want) for have, want in zip(sorted(size), sorted(wanted), strict=True))


def of(data: bytes, kind: Format, size: tuple[int, int], choice: Choice) -> int:
    """Bytes that preparing takes at most. `size` is as stored; `choice` what is made of it."""
    pixels, made = size[0] * size[1], choice.width * choice.height
    wanted = choice.width, choice.height
    if kind in {Format.JPEG, Format.RAW}:
        return _of_jpeg(data if kind is Format.JPEG else b"", size, wanted)
    if kind in {Format.HEIC, Format.AVIF} and (tile := heic.tile_pixels(data)):
        factor = heic.possible_shrink(data, shrink(size, wanted)) if pixels > LARGE else 1
        deep = wide_gamut.curve_of_file(data) is not None or heic.is_deep(data)
        if deep or (kind is Format.AVIF and pixels > LARGE):
            return tile * 8 + pixels // factor**2 * DEEP + made * FLOATS
        if kind is Format.HEIC:
            return tile * 4 + pixels * 3 // 2 // factor**2 + made * RGB * 3
    if kind is Format.PNG and pixels > LARGE and not png_strips.head_of(data).interlaced:
        return png_strips.STRIP_BYTES * 16 + pixels // whole_shrink(size, wanted) ** 2 * RGBA * 2
    return pixels * WHOLE[kind] + made * RGBA * 2


def of_clean(data: bytes, stored: tuple[int, int], decoded: tuple[int, int], copies: int = 2) -> int:
    """Bytes that it takes to open a photo that was cleaned here, JPEG or PNG, and to work on copies of it.

    `decoded` is its size as it is decoded: a JPEG may be made smaller on the way.
    """
    held = _coefficients(data) * stored[0] * stored[1] if format_of(data) is Format.JPEG else 0
    return held + decoded[0] * decoded[1] * RGBA * copies


def _of_jpeg(data: bytes, size: tuple[int, int], wanted: tuple[int, int]) -> int:
    held = _coefficients(data) * size[0] * size[1]
    decoded, made = size[0] * size[1] // jpeg_shrink(size, wanted) ** 2, wanted[0] * wanted[1]
    return held + (decoded * 2 + (made * 2 if decoded > made else 0)) * RGB


LARGE = 24_000_000  # pixels; see `lib.photos.decode`


def check(amount: int, limit: int) -> None:
    """Raise `TooManyPixels` for what would take more memory than this server gives to pictures."""
    if amount > limit:
        problem = TooManyPixels(
            later(
                "To open this picture takes about {needed} of memory; this server gives {most}.",
                needed=Size(amount),
                most=Size(limit),
            )
        )
        problem.fix = later(
            "Save it as an ordinary JPEG (not a progressive one), or in a smaller size, then choose it again."
        )
        raise problem


def _coefficients(data: bytes) -> int:
    """Bytes a pixel that a progressive JPEG takes while it is decoded (all its waves); 0 for the usual kind."""
    for marker, _, content in segments(data):
        if marker == PROGRESSIVE:
            full = len({content[7 + 3 * n] for n in range(min(content[5], 4)) if len(content) > 7 + 3 * n}) == 1
            return 6 if full else 3
        if marker in {0xC0, 0xC1, 0xDA}:
            return 0
    return 0
