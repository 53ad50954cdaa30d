"""Colours that are named by number (nclx in HEIC and AVIF) instead of by a profile: the profile that they stand for."""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lib.photos import hdr
from lib.photos.containers.heif import Item, parse
from lib.photos.containers.parts import number

# Codes of the curve (H.273): sRGB's own, and "not said"; and those of television
SRGB_CURVES = frozenset((2, 13))
VIDEO_CURVES = frozenset((1, 6, 11, 14, 15))
# Codes of the curve -> exponent, of those that are a power function
POWERS = {4: 2.2, 5: 2.8, 8: 1.0}
D50, D65 = np.array([0.9642, 1.0, 0.8249]), np.array([0.95047, 1.0, 1.08883])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# sRGB's curve as ICC writes it: exponent and the four constants
CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
VIDEO_CURVE = (2.4,)  # as screens show television (ITU-R BT.1886), and as Chromium does
MAX_LIGHT = 10_000.0  # cd/m2: the end of PQ's scale
NCLX, LIGHT_LEVEL, MASTERING = b"nclx", b"clli", b"mdcv"

Chromaticities = tuple[tuple[float, float], ...]


def of_file(data: bytes) -> bytes | None:
    """The profile that the main picture of a HEIC or AVIF stands for; None when it is sRGB anyway."""
    heif = parse(data)
    return of_item(heif.items.get(heif.primary, Item()))


def of_item(item: Item) -> bytes | None:
    """The same for one item."""
    for name, content in item.properties:
        if name == b"colr" and content[:4] == NCLX:
            transfer = number(content, 6, 2)
            # Chromium takes television's curves for sRGB's here, though not in PNG
            return of_codes(number(content, 4, 2), 13 if transfer in VIDEO_CURVES else transfer)
    return None


def of_codes(primaries: int, transfer: int) -> bytes | None:
    """The profile that two codes of H.273 stand for; None when that is sRGB, or cannot be said by a profile."""
    known = hdr.PRIMARIES.get(primaries, hdr.PRIMARIES[hdr.BT709])
    white = hdr.WHITES.get(primaries, hdr.D65)
    if transfer in POWERS:
        return profile(known, white, (POWERS[transfer],))
    if transfer in VIDEO_CURVES:
        return profile(known, white, VIDEO_CURVE)
    return profile(known, white) if known != hdr.PRIMARIES[hdr.BT709] else None


def curve_of_file(data: bytes) -> hdr.Curve | None:
    """The HDR curve of the main picture of a HEIC or AVIF; None when it is an ordinary one."""
    heif = parse(data)
    main = heif.items.get(heif.primary, Item())
    tile = heif.items.get(next(iter(heif.referred(b"dimg", heif.primary)), 0), Item())
    return curve_of_item(main) or curve_of_item(tile)


def curve_of_item(item: Item) -> hdr.Curve | None:
    """The same for one item, with its brightest point where the file says it."""
    for name, content in item.properties:
        if name == b"colr" and content[:4] == NCLX and hdr.is_hdr(number(content, 6, 2)):
            level, mastering = item.first_property(LIGHT_LEVEL) or b"", item.first_property(MASTERING) or b""
            peak = number(level, 0, 2) or number(mastering, 16, 4) / 10_000
            return hdr.Curve(number(content, 4, 2), number(content, 6, 2), peak_of(peak))
    return None


def peak_of(light: float) -> float:
    """A brightest point that can be believed, in cd/m2; the usual one for nonsense."""
    return light if hdr.REFERENCE_WHITE <= light <= MAX_LIGHT else hdr.USUAL_PEAK


@functools.lru_cache(maxsize=32)
def profile(primaries: Chromaticities, white: tuple[float, float] = hdr.D65, curve: tuple[float, ...] = CURVE) -> bytes:
    """An ICC profile of three primaries and a curve: a power, or a power with its four constants.

    Raises `numpy.linalg.LinAlgError` or `ZeroDivisionError` for primaries that make no colour space.
    """
    columns = hdr.to_xyz(primaries, white)
    light = np.array([white[0] / white[1], 1, (1 - sum(white)) / white[1]])
    adapt = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ light)) @ BRADFORD
    columns = adapt @ columns
    written = b"para" + struct.pack(">IHH", 0, 3 if len(curve) > 1 else 0, 0) + _fixed(curve)
    tags = {b"desc": b"desc" + struct.pack(">II", 0, 1) + bytes(80), b"wtpt": b"XYZ \x00\x00\x00\x00" + _fixed(D50)}
    tags |= {
        name: b"XYZ \x00\x00\x00\x00" + _fixed(columns[:, n]) for n, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))
    }
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), written)
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(">I4sI12s", start + len(body), bytes(4), 0x02400000, b"mntrRGB XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + _fixed(D50)
    return head.ljust(128, b"\x00") + table + body


def _fixed(values: Sequence[float] | NDArray[np.float64]) -> bytes:
    return b"".join(struct.pack(">i", round(float(value) * 65536)) for value in values)
