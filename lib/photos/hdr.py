"""High dynamic range (PQ and HLG) made into sRGB that looks like what Chromium shows.

The curve is the reference white tone mapping of SMPTE ST 2094-50, which Chromium (Skia) uses for pictures on an
ordinary screen: colours up to reference white keep their relations, what is brighter is bent to fit below white, and
the largest of red, green and blue in BT.2020 decides, so that hues stay. Checked against the canvas of Chromium 156
on random colours: 0.1-0.3 of 255 apart on average.
"""

# ruff: noqa: PLR2004 - the numbers are codes and constants of the standards named beside them
from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PQ, HLG = 16, 18  # codes of the transfer curve (ITU-T H.273)
REFERENCE_WHITE = 203.0  # cd/m2 (ITU-R BT.2408)
USUAL_PEAK = 1000.0  # cd/m2, where a file does not say how bright it gets
BT709, BT2020, P3 = 1, 9, 12  # codes of the primaries
PRIMARIES: dict[int, tuple[tuple[float, float], ...]] = {
    BT709: ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    BT2020: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    P3: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),  # BT.470 M
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),  # BT.470 B/G
    6: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),  # BT.601, SMPTE 240M
    7: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    10: ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0)),  # XYZ
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # DCI P3
    22: ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077)),  # EBU 3213
}
D65 = 0.3127, 0.3290
# Code of the primaries -> white, where it is not D65
WHITES = {4: (0.310, 0.316), 10: (1 / 3, 1 / 3), 11: (0.314, 0.351)}
KNEE = 0.65  # ST 2094-50: how softly the curve bends
STEPS = 4096  # of the curve, more than 12 bits tell apart after bending
STRIP = 1 << 19  # pixels worked on at once: 6 MB a copy in 32-bit floating point

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Curve:
    """How a file's numbers are meant: codes of H.273, and its brightest point in cd/m2."""

    primaries: int
    transfer: int
    peak: float = USUAL_PEAK


@dataclass(frozen=True, slots=True)
class Dimmer:
    """A file's own way from its HDR picture to the one for ordinary screens: a gain map (ISO 21496-1), backwards.

    `gains` holds stops of light, height x width x 1 or 3, of the size of the picture; the offsets are one for each of
    its channels. It is applied in linear light of `primaries`.
    """

    gains: Floats
    base_offset: Floats
    other_offset: Floats
    primaries: int


def is_hdr(transfer: int) -> bool:
    """Whether this code of a transfer curve means high dynamic range."""
    return transfer in {PQ, HLG}


def to_srgb(
    values: NDArray[np.uint16] | NDArray[np.uint8] | Floats, curve: Curve, dimmer: Dimmer | None = None
) -> Image.Image:
    """Return an RGB picture. `values`: height x width x 3; whole numbers fill their type, floats go from 0 to 1.

    Where the file has a `dimmer` of its own, that is used in place of the curve.
    """
    height, width = values.shape[:2]
    out = np.empty((height, width, 3), np.uint8)
    rows = max(1, STRIP // width)
    scale = {"B": 1 / 255, "H": 1 / 65535}.get(values.dtype.char, 1.0)
    for top in range(0, height, rows):
        strip = np.clip(values[top : top + rows].astype(np.float32) * np.float32(scale), 0, 1)
        out[top : top + rows] = _dimmed(strip, curve, dimmer, top) if dimmer else _strip(strip, curve)
    return Image.fromarray(out)


def _strip(codes: Floats, curve: Curve) -> NDArray[np.uint8]:
    wide = _linear(codes, curve) @ _between(curve.primaries, BT2020).T
    brightest = wide.max(axis=-1)
    wide *= _gain(brightest, max(curve.peak, REFERENCE_WHITE))[..., None]
    linear = np.clip(wide @ _between(BT2020, BT709).T, 0, 1)
    return srgb_bytes(linear.astype(np.float32))


def _dimmed(codes: Floats, curve: Curve, dimmer: Dimmer, top: int) -> NDArray[np.uint8]:
    light = _linear(codes, curve) @ _between(curve.primaries, dimmer.primaries).T
    stops = dimmer.gains[top : top + len(codes)]
    light = (light + dimmer.base_offset) * np.exp2(-stops) - dimmer.other_offset
    linear = np.clip(light @ _between(dimmer.primaries, BT709).T, 0, 1)
    return srgb_bytes(linear.astype(np.float32))


def _linear(codes: Floats, curve: Curve) -> Floats:
    """Light in units of reference white."""
    if curve.transfer == PQ:  # SMPTE ST 2084
        power = codes ** np.float32(32 / 2523)
        top = np.maximum(power - np.float32(3424 / 4096), 0)
        return np.asarray(
            (top / (np.float32(2413 / 128) - np.float32(2392 / 128) * power)) ** np.float32(16384 / 2610)
            * np.float32(10_000 / REFERENCE_WHITE),
            np.float32,
        )
    # ARIB STD-B67, and the system gamma of 1.2 for a screen of 1000 cd/m2 (ITU-R BT.2100)
    scene = np.where(codes <= 0.5, codes * codes / 3, (np.exp((codes - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    luminance = np.maximum(scene @ to_xyz(PRIMARIES.get(curve.primaries, PRIMARIES[BT709]))[1], 1e-9)
    return np.asarray(scene * luminance[..., None] ** 0.2 * (USUAL_PEAK / REFERENCE_WHITE), np.float32)


def _gain(brightest: Floats, peak: float) -> Floats:
    light, bent = _bend(peak)
    slope = bent[0] / light[0]
    high = np.interp(brightest, light, bent) / np.maximum(brightest, 1e-9)
    return np.where(brightest <= 1, slope, high).astype(np.float32)


@functools.lru_cache(maxsize=32)
def _bend(peak: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The curve above reference white: a parabola (Bézier) that leaves the straight part and lands at white."""
    room = np.log2(peak / REFERENCE_WHITE)
    white = 1 - 0.5 * min(room / np.log2(USUAL_PEAK / REFERENCE_WHITE), 1.0)
    middle = (1 - KNEE) + KNEE / white, (1 - KNEE) * white + KNEE
    t = np.linspace(0, 1, STEPS)
    parts = (1 - t) ** 2, 2 * t * (1 - t), t**2
    light = parts[0] + parts[1] * middle[0] + parts[2] * max(peak / REFERENCE_WHITE, middle[0])
    return light, parts[0] * white + parts[1] * middle[1] + parts[2]


@functools.cache
def _between(first: int, second: int) -> Floats:
    """The matrix between linear RGB of two sets of primaries; a code nobody knows counts as sRGB's own."""
    known = PRIMARIES[BT709]
    one, two = (to_xyz(PRIMARIES.get(code, known)) for code in (first, second))
    return np.asarray(np.linalg.solve(two, one), np.float32)


def to_xyz(primaries: tuple[tuple[float, float], ...], white: tuple[float, float] = D65) -> NDArray[np.float64]:
    """The matrix from linear RGB to XYZ. Raises `numpy.linalg.LinAlgError` for primaries on one line."""
    columns = np.array([[x, y, 1 - x - y] for x, y in primaries]).T
    x, y = white
    return np.asarray(columns * np.linalg.solve(columns, np.array([x / y, 1, (1 - x - y) / y])))


def srgb_bytes(linear: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Linear light from 0 to 1 in sRGB's curve, 8 bits."""
    codes = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** np.float32(1 / 2.4) - 0.055)
    return np.asarray(np.rint(codes * 255), np.uint8)


def from_srgb(codes: NDArray[np.uint8]) -> Floats:
    """The way back: 8-bit sRGB as linear light from 0 to 1."""
    return _LINEAR[codes]


_STEPS = np.arange(256) / 255
_LINEAR = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4).astype(np.float32)
