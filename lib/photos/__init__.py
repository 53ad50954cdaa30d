"""Photos: bytes, a path or an open file in, clean bytes out, and a report of what was hidden inside.

prepare_photo   one photo, cleaned; `prepare_photos` for several at once; with an `Edit`, covered and cropped too
read_metadata   what a photo tells, without changing it
find_leftovers  the second opinion: what is still inside
small_photo     for a grid; `preview_card` for a chat
make_slideshow  in `lib.photos.slideshow`: photos as an MP4; `lib.photos.video` looks at it again and has its poster
"""

from __future__ import annotations

from lib.photos.batch import prepare_photos
from lib.photos.cover import Edit, EditRefused
from lib.photos.leftovers import Leftover, find_leftovers
from lib.photos.metadata import Finding, MetadataReport, read_metadata
from lib.photos.prepare import PreparedPhoto, prepare_photo
from lib.photos.problems import (
    BrokenPicture,
    EmptyFile,
    NotAPicture,
    NoUsablePhoto,
    PhotoProblem,
    TooLarge,
    TooManyPixels,
    UnreadableFile,
    UnsupportedPicture,
)
from lib.photos.small import preview_card, small_photo
from lib.photos.towns import Place

__all__ = [
    "BrokenPicture",
    "Edit",
    "EditRefused",
    "EmptyFile",
    "Finding",
    "Leftover",
    "MetadataReport",
    "NoUsablePhoto",
    "NotAPicture",
    "PhotoProblem",
    "Place",
    "PreparedPhoto",
    "TooLarge",
    "TooManyPixels",
    "UnreadableFile",
    "UnsupportedPicture",
    "find_leftovers",
    "prepare_photo",
    "prepare_photos",
    "preview_card",
    "read_metadata",
    "small_photo",
]
