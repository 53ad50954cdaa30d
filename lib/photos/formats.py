"""The kinds of picture files."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The kinds of pictures that are taken."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WebP"
    HEIC = "HEIC"
    AVIF = "AVIF"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    RAW = "raw"
