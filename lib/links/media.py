"""What a file is, by its first bytes. Servers often say "application/binary" for everything."""

from __future__ import annotations

import re
from typing import Final

_HEIC: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
_STARTS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL ", "jxl"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"IIRO", "raw"),
    (b"FUJIFILMCCD-RAW", "raw"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"Rar!", "zip"),
    (b"7z\xbc\xaf", "zip"),
    (b"%PDF-", "pdf"),
)
_SVG: Final = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<svg[\s>]", re.DOTALL)
_HTML: Final = re.compile(rb"^\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE)

SHOWN_EVERYWHERE: Final = frozenset({"jpeg", "png", "gif", "webp", "avif", "bmp"})
RISKY: Final = frozenset({"heic", "tiff", "raw", "jxl"})
LABELS: Final = {
    "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WebP", "avif": "AVIF", "bmp": "BMP", "heic": "HEIC",
    "tiff": "TIFF", "raw": "camera raw", "jxl": "JPEG XL", "video": "video", "zip": "packed folder", "pdf": "PDF",
    "svg": "SVG drawing", "html": "web page",
}  # fmt: skip
_NAMES: Final = {
    "jpg": "jpeg", "jpeg": "jpeg", "jfif": "jpeg", "png": "png", "gif": "gif", "webp": "webp", "avif": "avif",
    "bmp": "bmp", "heic": "heic", "heif": "heic", "tif": "tiff", "tiff": "tiff", "dng": "raw", "cr2": "raw",
    "cr3": "raw", "nef": "raw", "arw": "raw", "raf": "raw", "orf": "raw", "rw2": "raw", "jxl": "jxl", "mp4": "video",
    "mov": "video", "m4v": "video", "webm": "video", "mkv": "video", "avi": "video", "zip": "zip", "rar": "zip",
    "7z": "zip", "pdf": "pdf", "svg": "svg", "html": "html", "htm": "html",
}  # fmt: skip
_TYPES: Final = {
    "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/png": "png", "image/gif": "gif", "image/webp": "webp",
    "image/avif": "avif", "image/bmp": "bmp", "image/heic": "heic", "image/heif": "heic", "image/tiff": "tiff",
    "image/jxl": "jxl", "image/x-adobe-dng": "raw", "application/pdf": "pdf", "application/zip": "zip",
    "image/svg+xml": "svg", "text/html": "html",
}  # fmt: skip


def sniff(data: bytes) -> str:
    """Name the kind of a file by its first bytes; empty when they tell nothing."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF":
        return "webp" if data[8:12] == b"WEBP" else "video" if data[8:12] == b"AVI " else ""
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        return (
            "heic"
            if brand in _HEIC
            else "avif"
            if brand in {b"avif", b"avis"}
            else "raw"
            if brand == b"crx "
            else "video"
        )
    head = data[:1_024]
    return "svg" if _SVG.match(head) else "html" if _HTML.match(head) else ""


def by_name(name: str, media_type: str = "") -> str:
    """Name the kind of a file by its media type or its name; empty when they tell nothing."""
    told = media_type.partition(";")[0].strip().lower()
    if told in _TYPES:
        return _TYPES[told]
    if told.startswith("video/"):
        return "video"
    return _NAMES.get(name.rpartition(".")[2].lower(), "") if "." in name else ""
