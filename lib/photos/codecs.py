"""Pictures that are whole, but coded in a way that nothing here reads: "not supported" is not "damaged"."""

from __future__ import annotations

from lib.photos.containers.heif import Item, parse
from lib.photos.containers.jpeg import segments
from lib.photos.formats import Format
from lib.photos.problems import UnsupportedPicture
from lib.text.later import later

READ = frozenset((b"hvc1", b"av01"))
# Code of an item -> what people call it
NAMES = {
    b"vvc1": "VVC (H.266)", b"avc1": "H.264", b"jpeg": "JPEG", b"j2k1": "JPEG 2000", b"unci": "uncompressed values",
    b"evc1": "EVC", b"lhv1": "layered HEVC", b"tili": "tiles of the new form", b"mski": "a mask", b"tmap": "a tone map",
    b"iovl": "an overlay", b"hvt1": "tiles of HEVC",
}  # fmt: skip
SHOWN = frozenset((0xC0, 0xC1, 0xC2))
FRAMES = {0xC3: "lossless JPEG", 0xC9: "arithmetic coding", 0xCA: "arithmetic coding"}
UNSUPPORTED = ("unsupported", "not supported", "not implemented", "no decoder", "cannot decode")


def check_codec(data: bytes, kind: Format, error: Exception) -> None:
    """Raise `UnsupportedPicture` when the file is coded in a way that is not read here."""
    name = ""
    if kind in {Format.HEIC, Format.AVIF}:
        name = _of_heif(data, error)
    elif kind is Format.JPEG:
        name = _of_jpeg(data)
    elif kind is Format.TIFF and any(word in str(error).lower() for word in UNSUPPORTED):
        name = "a rare way"
    if name:
        raise UnsupportedPicture(
            later("This {kind} picture is stored as {name}, which cannot be opened here.", kind=kind, name=name)
        ) from error


def _of_heif(data: bytes, error: Exception) -> str:
    heif = parse(data)
    main = heif.items.get(heif.primary, Item())
    tiles = [heif.items.get(n, Item()) for n in heif.referred(b"dimg", heif.primary)]
    codec = tiles[0].kind if main.kind == b"grid" and tiles else main.kind
    if codec and codec not in READ and codec.isalnum() and codec != b"grid":
        return NAMES.get(codec, codec.decode("latin-1"))
    if any(word in str(error).lower() for word in UNSUPPORTED):
        return "a form of " + ("AV1" if codec == b"av01" else "HEVC")
    return ""


def _of_jpeg(data: bytes) -> str:
    for marker, _, content in segments(data):
        if marker in FRAMES:
            return FRAMES[marker]
        if marker in SHOWN:
            return f"JPEG of {content[0]} bits" if content[:1] not in {b"\x08", b""} else ""
    return ""
