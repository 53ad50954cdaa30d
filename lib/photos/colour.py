"""Every picture in the colours that every screen assumes: sRGB, 8 bits."""

from __future__ import annotations

import functools
import io
from typing import Literal

import numpy as np
from PIL import Image, ImageCms

SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
NO_CACHE = ImageCms.Flags.NOCACHE  # one transform serves several threads
LATTICE = np.linspace(0, 255, 9).astype(np.uint8)
EIGHT_BITS = 255
WHITE = (255, 255, 255)


def to_simple_mode(image: Image.Image) -> Image.Image:
    """Return the picture in one of L, RGB, RGBA and CMYK: palettes, 16 bits and the like are resolved."""
    mode = image.mode
    if mode in {"RGBA", "CMYK"} or (mode in {"L", "RGB"} and "transparency" not in image.info):
        return image
    if mode == "1":
        return image.convert("L")
    if mode in {"LA", "La", "PA", "RGBa"} or "transparency" in image.info:
        return _to_rgba(image)
    if mode.startswith("I") or mode == "F":
        return _to_eight_bits(image)
    if mode == "LAB":
        return ImageCms.profileToProfile(
            image, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB"
        ) or image.convert("RGB")
    return image.convert("RGB")


def _to_rgba(image: Image.Image) -> Image.Image:
    if image.mode == "La":  # Pillow has no direct way for these
        return image.convert("LA").convert("RGBA")
    if image.mode in {"I;16", "I"}:
        seen = _to_eight_bits(image).convert("RGBA")
        clear = image.info.get("transparency")  # one value, of 16 bits
        if isinstance(clear, int):
            seen.putalpha(Image.fromarray(((np.asarray(image) != clear) * 255).astype(np.uint8)))
        return seen
    return image.convert("RGBA")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.float32)
    top = float(np.nanmax(values, initial=0))
    if image.mode == "F" and top <= 1:
        values *= EIGHT_BITS
    elif image.mode.startswith("I;16") or top > EIGHT_BITS:
        values /= 257  # 65535 is white
    return Image.fromarray(np.nan_to_num(values).round().clip(0, EIGHT_BITS).astype(np.uint8))


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return L, RGB, RGBA or YCbCr in sRGB. A profile that is broken, or not meant for these pixels, is ignored."""
    if image.mode == "RGBA":
        opaque = to_srgb(image.convert("RGB"), profile)
        opaque.putalpha(image.getchannel("A"))
        return opaque
    pixels = "RGB" if image.mode == "YCbCr" else image.mode
    transform = _transform(profile, pixels) if profile else None
    if transform is not None:
        source = image.convert("RGB") if image.mode == "YCbCr" else image
        return _clean(ImageCms.applyTransform(source, transform) or source)
    return _clean(image.convert("RGB")) if image.mode == "CMYK" else image


def _clean(image: Image.Image) -> Image.Image:
    image.info = {}
    return image


@functools.lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Build the way from a profile to sRGB; None when there is nothing to do, or nothing that can be done."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != SPACES[mode]:
            return None
        target: Literal["L", "RGB"] = "RGB"
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, target, flags=NO_CACHE)
        return None if mode == "RGB" and _changes_nothing(transform) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether it is sRGB under any name: 729 colours come out as they went in."""
    grid = np.stack(np.meshgrid(LATTICE, LATTICE, LATTICE), axis=-1).reshape(27, 27, 3)
    before = Image.fromarray(grid)
    after = ImageCms.applyTransform(before, transform)
    return after is not None and int(np.abs(np.asarray(after).astype(int) - grid.astype(int)).max()) <= 1


def on_white(image: Image.Image) -> Image.Image:
    """Lay a picture with transparency on white."""
    ground = Image.new("RGB", image.size, WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    return ground
