"""WebP: RIFF chunks."""

from __future__ import annotations

from collections.abc import Iterator

from lib.photos.containers.parts import BROKEN, MAX_PARTS, Contents, Part, PartKind, number, trailer

START = 12
DRAWING = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH"))


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of each chunk inside the RIFF envelope."""
    at, end = START, min(len(data), 8 + number(data, 4, 4, little=True))
    while at + 8 <= end:
        length = number(data, at + 4, 4, little=True)
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def read(data: bytes) -> Contents:
    """Take a WebP apart."""
    size = (0, 0)
    frames = 0
    parts: list[Part] = []
    for name, content in chunks(data):
        if len(parts) > MAX_PARTS:
            return BROKEN
        if name in {b"VP8X", b"VP8 ", b"VP8L"}:
            size = size if all(size) else _size(name, content)
        elif name == b"ANMF":
            frames += 1
        elif name == b"EXIF":
            parts.append(Part(PartKind.EXIF, "EXIF", content.removeprefix(b"Exif\x00\x00")))
        elif name == b"XMP ":
            parts.append(Part(PartKind.XMP, "XMP", content))
        elif name == b"ICCP":
            parts.append(Part(PartKind.ICC, "WebP ICCP", content))
        elif name not in DRAWING:
            parts.append(Part(PartKind.OTHER, f"WebP {name.decode('latin-1').strip()}", content))
    end = 8 + number(data, 4, 4, little=True)
    parts += trailer(data, end + end % 2)
    return Contents(*size, max(1, frames), tuple(parts))


def _size(name: bytes, content: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        return 1 + number(content, 4, 3, little=True), 1 + number(content, 7, 3, little=True)
    if name == b"VP8L":
        bits = number(content, 1, 4, little=True)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return number(content, 6, 2, little=True) & 0x3FFF, number(content, 8, 2, little=True) & 0x3FFF
