"""A photo that was cleaned here, opened again to make something of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from lib.photos import cost
from lib.photos.colour import to_simple_mode
from lib.photos.decode import DECODER_ERRORS
from lib.photos.gate import decoding
from lib.photos.problems import BrokenPicture
from lib.text.later import later


@contextmanager
def opened(
    data: bytes, *, formats: tuple[str, ...] = ("JPEG", "PNG"), wanted: tuple[int, int] | None = None, copies: int = 2
) -> Iterator[Image.Image]:
    """Hold a decoded picture, once there is memory for so many `copies` of it. Raises `BrokenPicture`.

    `wanted` is a size in pixels that is enough: a JPEG is then made smaller on the way.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
        size = image.size
        if wanted is not None:
            image.draft("RGB", wanted)
    except DECODER_ERRORS as error:
        raise BrokenPicture(later("The stored photo is damaged.")) from error
    with image, decoding.room(cost.of_clean(data, size, image.size, copies)):
        try:
            picture = to_simple_mode(image)
            picture.load()
        except DECODER_ERRORS as error:
            raise BrokenPicture(later("The stored photo is damaged.")) from error
        yield picture
