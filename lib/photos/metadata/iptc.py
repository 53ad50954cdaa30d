"""Photoshop's blocks (8BIM) and the press captions (IPTC-IIM) inside them."""

# ruff: noqa: PLR2004 - the numbers are block codes of the format
from __future__ import annotations

from collections.abc import Iterator

from lib.photos.containers.parts import Part, PartKind, number
from lib.photos.metadata.exif import short
from lib.photos.metadata.report import Finding, FindingKind
from lib.text.later import later

IPTC, THUMBNAILS, ICC, EXIF, XMP = 0x0404, frozenset((0x0409, 0x040C)), 0x040F, frozenset((0x0422, 0x0423)), 0x0424
THUMBNAIL_HEADER = 28
MAX_FIELDS = 1_000  # the longest captions have some dozen fields
# dataset of record 2 -> kind, label
TELLING: dict[int, tuple[FindingKind, str]] = {
    5: ("caption", later("Title")),
    15: ("caption", later("Category")),
    25: ("caption", later("Keyword")),
    40: ("caption", later("Instructions")),
    55: ("time", later("Date taken")),
    60: ("time", later("Time taken")),
    62: ("time", later("Date made digital")),
    63: ("time", later("Time made digital")),
    65: ("software", later("Software")),
    80: ("owner", later("Photographer")),
    85: ("owner", later("Photographer's position")),
    90: ("position", later("City")),
    92: ("position", later("Place")),
    95: ("position", later("State")),
    100: ("position", later("Country")),
    101: ("position", later("Country")),
    103: ("iptc", later("Reference")),
    105: ("caption", later("Headline")),
    110: ("owner", later("Credit")),
    115: ("owner", later("Source")),
    116: ("owner", later("Copyright")),
    118: ("owner", later("Contact")),
    120: ("caption", later("Caption")),
    122: ("owner", later("Caption writer")),
}


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of each Photoshop block."""
    at = 0
    while data[at : at + 4] in {b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"}:
        code = number(data, at + 4, 2)
        name = 1 + number(data, at + 6, 1)
        at += 6 + name + name % 2
        size = number(data, at, 4)
        yield code, data[at + 4 : at + 4 + size]
        at += 4 + size + size % 2


def photoshop(data: bytes) -> tuple[list[Finding], list[Part]]:
    """Read Photoshop's blocks into findings; blocks that hold other metadata come back as parts."""
    parts: list[Part] = []
    others = 0
    for code, content in blocks(data):
        if code == IPTC:
            parts.append(Part(PartKind.IPTC, "IPTC", content))
        elif code in THUMBNAILS:
            parts.append(Part(PartKind.PREVIEW, "Photoshop thumbnail", content[THUMBNAIL_HEADER:]))
        elif code == ICC:
            parts.append(Part(PartKind.ICC, "Photoshop", content))
        elif code in EXIF:
            parts.append(Part(PartKind.EXIF, "Photoshop EXIF", content))
        elif code == XMP:
            parts.append(Part(PartKind.XMP, "Photoshop XMP", content))
        else:
            others += 1
    if not parts and not others:
        return iptc(data), []
    text = f"{others} block{'s' * (others != 1)} of settings"
    found = [Finding("other", "Photoshop settings", text, private=True, where="Photoshop")] if others else []
    return found, parts


def iptc(data: bytes) -> list[Finding]:
    """Read IPTC captions into findings."""
    found: list[Finding] = []
    at = data.find(b"\x1c")
    utf8 = b"\x1b%G" in data[:64]
    while len(found) < MAX_FIELDS and at >= 0 and data[at : at + 1] == b"\x1c" and at + 5 <= len(data):
        record, dataset, size = data[at + 1], data[at + 2], number(data, at + 3, 2)
        if size & 0x8000:  # extended: the size itself has a size
            extra = size & 0x7FFF
            size, at = number(data, at + 5, min(extra, 8)), at + extra
        content = data[at + 5 : at + 5 + size]
        at += 5 + size
        if record != 2 or dataset == 0:
            continue
        kind, label = TELLING.get(dataset, ("iptc", f"IPTC field {dataset}"))
        found.append(Finding(kind, label, short(_as_text(content, utf8=utf8)), private=True, where="IPTC"))
    return [finding for finding in found if finding.value]


def _as_text(content: bytes, *, utf8: bool) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("utf-8" if utf8 else "latin-1", "replace")
