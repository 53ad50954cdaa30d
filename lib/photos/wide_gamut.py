"""Colours that are named by number (nclx in HEIC and AVIF) instead of by a profile: the profile that they stand for."""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lib.photos.containers.heif import Item, parse
from lib.photos.containers.parts import number

# Code of the primaries -> chromaticities of red, green and blue; all have white D65. 1 is sRGB's own.
PRIMARIES: dict[int, tuple[tuple[float, float], ...]] = {
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  # BT.2020
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # Display P3
}
PLAIN_CURVES = frozenset((1, 2, 6, 13, 14))  # near enough to sRGB's; HDR curves (16, 18) have no place in 8 bits
D50, D65 = np.array([0.9642, 1.0, 0.8249]), np.array([0.95047, 1.0, 1.08883])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# sRGB's curve as ICC writes it: exponent and the four constants
CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def of_file(data: bytes) -> bytes | None:
    """The profile that the main picture of a HEIC or AVIF stands for; None when it is sRGB anyway."""
    heif = parse(data)
    return of_item(heif.items.get(heif.primary, Item()))


def of_item(item: Item) -> bytes | None:
    """The same for one item."""
    for name, content in item.properties:
        if name == b"colr" and content[:4] == b"nclx" and number(content, 6, 2) in PLAIN_CURVES:
            primaries = PRIMARIES.get(number(content, 4, 2))
            return _profile(primaries) if primaries else None
    return None


@functools.cache
def _profile(primaries: Sequence[tuple[float, float]]) -> bytes:
    adapt = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ D65)) @ BRADFORD
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    columns = adapt @ (columns * np.linalg.solve(columns, D65))
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + _fixed(CURVE)
    tags = {b"desc": b"desc" + struct.pack(">II", 0, 1) + bytes(80), b"wtpt": b"XYZ \x00\x00\x00\x00" + _fixed(D50)}
    tags |= {
        name: b"XYZ \x00\x00\x00\x00" + _fixed(columns[:, n]) for n, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))
    }
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(">I4sI12s", start + len(body), bytes(4), 0x02400000, b"mntrRGB XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + _fixed(D50)
    return head.ljust(128, b"\x00") + table + body


def _fixed(values: Sequence[float] | NDArray[np.float64]) -> bytes:
    return b"".join(struct.pack(">i", round(float(value) * 65536)) for value in values)
