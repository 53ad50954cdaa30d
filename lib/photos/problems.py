"""Photos that cannot be taken, in the user's words.

::

    PhotoProblem
    ├── EmptyFile            nothing inside
    ├── UnreadableFile       missing, a folder, closed: no byte of it can be had
    ├── NotAPicture          something else than a picture
    ├── UnsupportedPicture   a picture, of a kind that is not taken (SVG, PDF, raw, video …)
    ├── BrokenPicture        cut off or damaged
    ├── TooLarge             over the limit in bytes
    ├── TooManyPixels        over the limit in pixels
    ├── EditRefused          covers or a crop that make no sense (`lib.photos.cover`)
    └── NoUsablePhoto        a slideshow without a single usable photo
"""

from __future__ import annotations

from lib.problems import Problem
from lib.text.later import Number, Size, later

MEGA = 1_000_000


class PhotoProblem(Problem):
    """A photo cannot be taken."""

    title = later("This photo cannot be used")
    fix = later("Choose another photo.")


class EmptyFile(PhotoProblem):
    """The file holds no byte at all."""

    title = later("The file is empty")
    fix = later(
        "It may not have been fully downloaded to this device yet. Open it in your gallery first, then choose it again."
    )


class UnreadableFile(PhotoProblem):
    """A path, or what was given as an open file, gives no bytes."""

    title = later("The file cannot be read")
    fix = later("Check the path and whether you may read the file, then try again.")


class NotAPicture(PhotoProblem):
    """The bytes are no picture, whatever the name says."""

    title = later("Not a picture")
    fix = later("Choose a photo: JPEG, PNG, WebP, HEIC, AVIF, GIF, BMP or TIFF.")


class UnsupportedPicture(PhotoProblem):
    """A picture of a kind that is not taken."""

    title = later("This kind of picture is not taken")
    fix = later("Save or export it as JPEG or PNG, then choose it again.")


class BrokenPicture(PhotoProblem):
    """The picture is cut off or damaged."""

    title = later("The picture is damaged")
    fix = later("Open it in your gallery to see whether it is whole, or choose another copy of it.")


class TooLarge(PhotoProblem):
    """The file has more bytes than the limit."""

    title = later("Photo too large")
    fix = later("Save it in a smaller size, then choose it again.")


class TooManyPixels(PhotoProblem):
    """The picture has more pixels than the limit."""

    title = later("Photo has too many pixels")
    fix = later("Save it in a smaller size, then choose it again.")


class NoUsablePhoto(PhotoProblem):
    """Not one photo is left to work with."""

    title = later("No photo to show")
    fix = later("Choose at least one photo that opens in your gallery.")


def check_bytes(data: bytes, max_bytes: int) -> None:
    """Raise when there is nothing, or too much of it."""
    if not data:
        raise EmptyFile(later("The file has no content."))
    if len(data) > max_bytes:
        raise TooLarge(
            later("The photo is {size}; the limit is {most} a photo.", size=Size(len(data)), most=Size(max_bytes))
        )


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    """Raise when decoding would take more memory than is allowed."""
    if width * height > max_pixels:
        raise TooManyPixels(
            later(
                "The photo is {width} x {height} pixels ({megapixels} megapixels); the limit is {most} megapixels.",
                width=Number(width),
                height=Number(height),
                megapixels=Number(round(width * height / MEGA)),
                most=Number(round(max_pixels / MEGA)),
            ),
        )
