"""The second opinion on an Ultra HDR JPEG: exactly the index, and exactly the numbers, that a gain map needs.

Shares no code with `lib.photos.glow`, which writes them. Everything that could hold a message is either rebuilt from
what the file really is and compared, or bounded to numbers that mean light.
"""

# ruff: noqa: PLR2004 - the numbers are places in the formats
from __future__ import annotations

import struct

NAME = b"urn:iso:std:iso:ts:21496:-1\x00"
UNIT = 100_000  # below every number
MOST = 10 * UNIT  # ten stops of light
FLAGS = {0x40: 1, 0xC0: 3}  # the only ones that are written -> channels


def is_announced(content: bytes) -> bool:
    """Whether this APP2 says "a gain map follows", and no more."""
    return content == NAME + bytes(4)


def is_index(content: bytes, at: int, first: int, second: int) -> bool:
    """Whether this APP2, whose content stands at `at`, lists two pictures of just these sizes, one behind the other."""
    expected = b"MPF\x00MM\x00*" + struct.pack(">IH", 8, 3)
    expected += struct.pack(">HHI4sHHIIHHII", 0xB000, 7, 4, b"0100", 0xB001, 4, 1, 2, 0xB002, 7, 32, 50) + bytes(4)
    expected += struct.pack(">IIIIIIII", 0x030000, first, 0, 0, 0, second, first - at - 4, 0)
    return content == expected


def are_numbers(content: bytes) -> bool:
    """Whether this APP2 holds the numbers of a gain map, each of them one that can be true."""
    body = content[len(NAME) :]
    if not content.startswith(NAME) or len(body) < 5 or body[:4] != bytes(4) or body[4] not in FLAGS:
        return False
    count = 2 + 5 * FLAGS[body[4]]
    if len(body) != 5 + 8 * count:
        return False
    pairs = struct.unpack(f">{'iI' * count}", body[5:])
    return all(abs(value) <= MOST for value in pairs[::2]) and set(pairs[1::2]) == {UNIT}
