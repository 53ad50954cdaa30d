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
    └── NoUsablePhoto        a slideshow without a single usable photo
"""

from __future__ import annotations

from lib.problems import Problem
from lib.text.amounts import size

MEGA = 1_000_000


class PhotoProblem(Problem):
    """A photo cannot be taken."""

    title = "This photo cannot be used"
    fix = "Choose another photo."


class EmptyFile(PhotoProblem):
    """The file holds no byte at all."""

    title = "The file is empty"
    fix = (
        "It may not have been fully downloaded to this device yet. Open it in your gallery first, then choose it again."
    )


class UnreadableFile(PhotoProblem):
    """A path, or what was given as an open file, gives no bytes."""

    title = "The file cannot be read"
    fix = "Check the path and whether you may read the file, then try again."


class NotAPicture(PhotoProblem):
    """The bytes are no picture, whatever the name says."""

    title = "Not a picture"
    fix = "Choose a photo: JPEG, PNG, WebP, HEIC, AVIF, GIF, BMP or TIFF."


class UnsupportedPicture(PhotoProblem):
    """A picture of a kind that is not taken."""

    title = "This kind of picture is not taken"
    fix = "Save or export it as JPEG or PNG, then choose it again."


class BrokenPicture(PhotoProblem):
    """The picture is cut off or damaged."""

    title = "The picture is damaged"
    fix = "Open it in your gallery to see whether it is whole, or choose another copy of it."


class TooLarge(PhotoProblem):
    """The file has more bytes than the limit."""

    title = "Photo too large"
    fix = "Save it in a smaller size, then choose it again."


class TooManyPixels(PhotoProblem):
    """The picture has more pixels than the limit."""

    title = "Photo has too many pixels"
    fix = "Save it in a smaller size, then choose it again."


class NoUsablePhoto(PhotoProblem):
    """Not one photo is left to work with."""

    title = "No photo to show"
    fix = "Choose at least one photo that opens in your gallery."


def check_bytes(data: bytes, max_bytes: int) -> None:
    """Raise when there is nothing, or too much of it."""
    if not data:
        raise EmptyFile("The file has no content.")
    if len(data) > max_bytes:
        raise TooLarge(f"The photo is {size(len(data))}; the limit is {size(max_bytes)} a photo.")


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    """Raise when decoding would take more memory than is allowed."""
    if width * height > max_pixels:
        extent = f"{width:,} x {height:,} pixels"
        raise TooManyPixels(
            f"The photo is {extent} ({width * height / MEGA:,.0f} megapixels); the limit is "
            f"{max_pixels / MEGA:,.0f} megapixels.",
        )
