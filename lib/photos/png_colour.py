"""What the colours of a PNG mean: `cICP` before `iCCP` before `sRGB` before `gAMA` and `cHRM`, as the standard says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.photos import hdr, wide_gamut
from lib.photos.containers.parts import Inflater, number
from lib.photos.containers.png import chunks

SRGB_GAMMA = 1 / 2.2
NEAR = 0.05  # of it: a gamma so near to sRGB's is taken for sRGB's, as libpng and Chromium do
SRGB_POINTS = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
SAME_POINTS = 0.001
KNOWN_CURVES = wide_gamut.SRGB_CURVES | wide_gamut.VIDEO_CURVES | wide_gamut.POWERS.keys()
BEFORE_PIXELS = frozenset((b"IDAT", b"IEND"))


@dataclass(frozen=True, slots=True)
class Colours:
    """One of the three is set, or none for sRGB. `exponent`: light is the value to this power, on sRGB's primaries."""

    profile: bytes | None = None
    by_numbers: bool = False  # the profile was made here, for red, green and blue
    curve: hdr.Curve | None = None
    exponent: float | None = None


def colours_of(data: bytes) -> Colours:
    """Read the chunks before the pixels. Nonsense is ignored, as browsers do."""
    found: dict[bytes, bytes] = {}
    for name, _, content in chunks(data):
        if name in BEFORE_PIXELS:
            break
        found.setdefault(name, content)
    if len(found.get(b"cICP", b"")) >= 4:  # noqa: PLR2004 - four codes of a byte
        primaries, transfer = found[b"cICP"][0], found[b"cICP"][1]
        if hdr.is_hdr(transfer):
            return Colours(curve=hdr.Curve(primaries, transfer, _peak(found)))
        if transfer in KNOWN_CURVES:
            return Colours(wide_gamut.of_codes(primaries, transfer), by_numbers=True)
    if b"iCCP" in found:
        profile = Inflater().inflate(found[b"iCCP"].partition(b"\x00")[2][1:])
        if profile:
            return Colours(profile=profile)
    if b"sRGB" in found:
        return Colours()
    return _by_gamma(found)


def _by_gamma(found: dict[bytes, bytes]) -> Colours:
    gamma = number(found.get(b"gAMA", b""), 0, 4) / 100_000
    if not gamma:  # Chromium looks at the primaries only where there is a gamma
        return Colours()
    points = found.get(b"cHRM", b"")
    values = tuple(number(points, at, 4) / 100_000 for at in range(0, 32, 4))
    other = len(points) >= 32 and max(abs(a - b) for a, b in zip(values, SRGB_POINTS, strict=True)) > SAME_POINTS  # noqa: PLR2004
    if other:
        try:
            white, *primaries = zip(values[::2], values[1::2], strict=True)
            return Colours(wide_gamut.profile(tuple(primaries), white, (1 / gamma,)), by_numbers=True)
        except (np.linalg.LinAlgError, ZeroDivisionError, OverflowError, ValueError):
            return Colours()
    return Colours(exponent=1 / gamma if abs(gamma / SRGB_GAMMA - 1) > NEAR else None)


def _peak(found: dict[bytes, bytes]) -> float:
    level = found.get(b"cLLI") or found.get(b"cLLi") or b""
    mastering = found.get(b"mDCV") or found.get(b"mDCv") or b""
    return wide_gamut.peak_of((number(level, 0, 4) or number(mastering, 16, 4)) / 10_000)
