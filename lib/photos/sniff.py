"""What kind of file this is, by its first bytes and never by its name."""

# ruff: noqa: PLR2004 - the numbers are places in the formats
from __future__ import annotations

from lib.photos.containers.heif import boxes
from lib.photos.formats import Format
from lib.photos.problems import BrokenPicture, NotAPicture, UnsupportedPicture
from lib.photos.raw import is_raw_tiff
from lib.text.later import later

__all__ = ["Format", "format_of"]


# First bytes -> format
SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
    (b"FUJIFILMCCD-RAW", Format.RAW),
    (b"IIU\x00", Format.RAW),  # Panasonic
    (b"IIRO", Format.RAW),  # Olympus, in three forms
    (b"IIRS", Format.RAW),
    (b"MMOR", Format.RAW),
)
# First bytes -> what to call it, so that the answer can say why it is not taken
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript or EPS drawing"),
    (b"\xc5\xd0\xd3\xc6", "an EPS drawing"),
    (b"8BPS", "a Photoshop document"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"FOVb", "a raw camera photo by Sigma"),
    (b"\x00MRM", "a raw camera photo by Minolta"),
    (b"II+\x00", "a BigTIFF picture"),
    (b"MM\x00+", "a BigTIFF picture"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\xd7\xcd\xc6\x9a", "a Windows drawing"),
    (b"gimp xcf", "a GIMP document"),
)
HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
AVIF_BRANDS = frozenset((b"avif", b"avis"))
RAW_BRANDS = frozenset((b"crx ",))
PICTURE_BRANDS = frozenset((b"mif1", b"mif2", b"msf1", b"miaf"))
MINI_BRAND = b"mif3"


def format_of(data: bytes) -> Format:
    """Tell the format. Raises `NotAPicture` or `UnsupportedPicture` with the reason."""
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return Format.RAW if kind is Format.TIFF and is_raw_tiff(data) else kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[:2] == b"BM" and len(data) > 26 and data[14:18] in _BMP_HEADERS:
        return Format.BMP
    if data[4:8] == b"ftyp":
        return _of_brands(data)
    for signature, name in REFUSED:
        if data.startswith(signature):
            raise UnsupportedPicture(later("This is {name}.", name=name))
    _refuse_markup(data)
    raise NotAPicture(later("The content of this file is not a picture, whatever its name says."))


# Sizes of the info header: OS/2, Windows 3, 4 and 5
_BMP_HEADERS = frozenset(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))


def _of_brands(data: bytes) -> Format:
    size = min(int.from_bytes(data[:4], "big"), len(data), 512)
    if size < 16:
        raise BrokenPicture(later("The file is cut off right at its start."))
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))]
    for brand in brands:
        if brand in AVIF_BRANDS:
            return Format.AVIF
        if brand in HEIC_BRANDS:
            return Format.HEIC
        if brand in RAW_BRANDS:
            return Format.RAW
    if PICTURE_BRANDS & set(brands):
        return Format.HEIC
    if MINI_BRAND in brands or _holds(data, b"mini"):
        raise UnsupportedPicture(
            later("This is a photo in a new, short form of HEIF or AVIF, which cannot be opened here yet.")
        )
    if _holds(data, b"meta") and not _holds(data, b"moov"):
        raise UnsupportedPicture(later("This is a photo in a form of HEIF or AVIF that cannot be opened here yet."))
    raise UnsupportedPicture(later("This is a video, or another media file that is not a photo."))


def _holds(data: bytes, wanted: bytes) -> bool:
    """Whether a box of that name stands at the top of the file."""
    return any(name == wanted for _, (name, _, _) in zip(range(MAX_BOXES), boxes(data), strict=False))


MAX_BOXES = 64  # at the top of a file; honest ones have up to ten


def _refuse_markup(data: bytes) -> None:
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        raise UnsupportedPicture(later("This is an SVG drawing, which can carry programs."))
    if start.startswith((b"<!doctype html", b"<html")):
        raise NotAPicture(later("This is a web page, not a picture."))
