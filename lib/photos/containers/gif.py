"""GIF: blocks, with comments and application data between the frames."""

# ruff: noqa: PLR2004 - the numbers are block codes and places in the format
from __future__ import annotations

from lib.photos.containers.parts import BROKEN, MAX_PARTS, Contents, Part, PartKind, number, trailer

XMP = b"XMP DataXMP"
LOOPING = frozenset((b"NETSCAPE2.0", b"ANIMEXTS1.0"))
MAX_BLOCKS = 200_000  # an animation of 25 MB has about half of that; what lies behind is not looked at
MAGIC_TRAILER = 257  # XMP in GIF ends with 01 FF FE … 01 00, so that readers who do not know it step over it


def read(data: bytes) -> Contents:
    """Take a GIF apart."""
    width, height = number(data, 6, 2, little=True), number(data, 8, 2, little=True)
    at = 13 + _table(number(data, 10, 1))
    frames = 0
    parts: list[Part] = []
    passed = 0
    while at < len(data) and passed < MAX_BLOCKS and len(parts) <= MAX_PARTS:
        block = data[at]
        if block == 0x3B:
            parts += trailer(data, at + 1)
            break
        if block == 0x2C:
            frames += 1
            start = at + 11 + _table(number(data, at + 9, 1))
            at, content = _blocks(data, start, keep=False)
            passed += 1 + (at - start) // 255
        elif block == 0x21:
            label = number(data, at + 1, 1)
            start = at + 2
            at, content = _blocks(data, start, keep=label != 0xF9)
            parts += _extension(label, content, data[start:at])
            passed += 1
        else:
            at += 1
    return BROKEN if len(parts) > MAX_PARTS else Contents(width, height, max(1, frames), tuple(parts))


def _table(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, at: int, *, keep: bool) -> tuple[int, list[bytes]]:
    found = []
    while at < len(data) and data[at]:
        if keep:
            found.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return at + 1, found


def _extension(label: int, blocks: list[bytes], raw: bytes) -> list[Part]:
    if label == 0xFE:
        return [Part(PartKind.COMMENT, "GIF comment", b"".join(blocks))]
    if label == 0x01:
        return [Part(PartKind.TEXT, "GIF text", b"".join(blocks[1:]), name="Text over the picture")]
    if label == 0xFF and blocks:
        if blocks[0] == XMP:
            return [Part(PartKind.XMP, "XMP", raw[12 : -MAGIC_TRAILER - 1])]
        if blocks[0] not in LOOPING:
            name = blocks[0].decode("latin-1").strip("\x00 ")
            return [Part(PartKind.OTHER, "GIF application data", b"".join(blocks[1:]), name=name)]
    return []
