"""Multi-Picture Format: further pictures behind the first one (previews, depth, gain maps)."""

from __future__ import annotations

from lib.photos.containers.parts import Part, PartKind, number

MP_ENTRY = 0xB002
ENTRY_BYTES = 16
MAX_PICTURES = 64  # cameras store two to four


def pictures(index: bytes, data: bytes, base: int) -> list[Part]:
    """The pictures that an MPF index lists, without the first. `base` is where the index starts in `data`."""
    little = index[:2] == b"II"
    ifd = number(index, 4, 4, little=little)
    found = []
    left = len(data)  # pictures that overlap again and again are an attack
    for n in range(min(number(index, ifd, 2, little=little), 64)):
        at = ifd + 2 + n * 12
        if number(index, at, 2, little=little) != MP_ENTRY:
            continue
        size = min(number(index, at + 4, 4, little=little), MAX_PICTURES * ENTRY_BYTES)
        table = number(index, at + 8, 4, little=little)
        for entry in range(table + ENTRY_BYTES, table + size - ENTRY_BYTES + 1, ENTRY_BYTES):
            length, offset = (number(index, entry + skip, 4, little=little) for skip in (4, 8))
            picture = data[base + offset : base + offset + length] if offset and length <= left else b""
            left -= len(picture)
            found.append(
                Part(PartKind.PREVIEW, "MPF", picture if picture[:2] == b"\xff\xd8" else b"", name=_name(picture))
            )
    return found or [Part(PartKind.OTHER, "MPF", index, name="list of further pictures")]


def _name(picture: bytes) -> str:
    head = picture[:8192]
    return "gain map" if b"hdrgm:" in head or b"HDRGainMap" in head or b"iso:ts:21496" in head else "second picture"
