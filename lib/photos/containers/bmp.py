"""BMP: a header and the picture; a few carry a colour profile, or bytes behind the end."""

# ruff: noqa: PLR2004 - the numbers are places in the format
from __future__ import annotations

from lib.photos.containers.parts import Contents, Part, PartKind, number, trailer

EMBEDDED, LINKED = b"DEBM", b"KNIL"


def read(data: bytes) -> Contents:
    """Take a BMP apart."""
    header = number(data, 14, 4, little=True)
    if header == 12:
        width, height = number(data, 18, 2, little=True), number(data, 20, 2, little=True)
    else:
        width, height = (abs(int.from_bytes(data[at : at + 4], "little", signed=True)) for at in (18, 22))
    parts: list[Part] = []
    if header >= 124 and data[70:74] in {EMBEDDED, LINKED}:
        at, size = number(data, 126, 4, little=True), number(data, 130, 4, little=True)
        profile = data[14 + at : 14 + at + size]
        kind = PartKind.ICC if data[70:74] == EMBEDDED else PartKind.TEXT
        parts.append(
            Part(kind, "BMP profile", profile, name="Path of a colour profile" if kind is PartKind.TEXT else "")
        )
    end = number(data, 2, 4, little=True)
    if end >= 14 + header:
        parts += trailer(data, end)
    return Contents(width, height, 1, tuple(parts))
