"""Making pictures smaller: Lanczos by SIMD, several times faster than Pillow's own."""

from __future__ import annotations

from cykooz_resizer import FilterType, ResizeAlg, ResizeOptions, Resizer
from PIL import Image

LANCZOS = ResizeOptions(resize_alg=ResizeAlg.convolution(FilterType.lanczos3))
MODES = frozenset(("L", "RGB", "RGBA", "CMYK"))


def fit(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    """The size with its longest side at most `max_side`; never larger than it is."""
    scale = min(1.0, max_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def resize(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the picture in another size, free of everything that Pillow keeps beside the pixels."""
    if image.size == size:
        image.load()
        image.info = {}
        return image
    if image.mode not in MODES:
        return _bare(image.resize(size, Image.Resampling.LANCZOS))
    smaller = Image.new(image.mode, size)
    Resizer().resize_pil(image, smaller, LANCZOS)
    return smaller


def _bare(image: Image.Image) -> Image.Image:
    image.info = {}
    return image
