"""Colours as Chromium shows them: HDR, and every way in which a PNG says what its numbers mean."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib.photos import hdr, prepare_photo, wide_gamut
from tests.bench.referee import Referee, chromium, delta_e, difference, on_white
from tests.conftest import REAL_PHOTOS
from tests.photos.making import chunk, encoded, photo

FLATTENED = "Its extra brightness (HDR) was brought down to what every screen shows."


@pytest.fixture(scope="module")
def referee() -> Iterator[Referee]:
    with chromium() as page:
        yield page


def colours(height: int = 64, width: int = 96) -> np.ndarray:
    """Smooth patches of colours of all kinds, 16 bits, large enough to survive JPEG."""
    random = np.random.default_rng(5).integers(0, 65536, (height // 8, width // 8, 3))
    return np.kron(random, np.ones((8, 8, 1))).astype(np.uint16)


def png16(values: np.ndarray, *chunks: bytes, alpha: bool = False) -> bytes:
    height, width = values.shape[:2]
    rows = b"".join(b"\x00" + row.astype(">u2").tobytes() for row in values)
    head = struct.pack(">IIBBBBB", width, height, 16, 6 if alpha else 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def codes(primaries: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, 0, 1]))


LEVEL = chunk(b"cLLI", struct.pack(">II", 40_000_000, 4_000_000))  # 4,000 cd/m2
MASTERING = chunk(
    b"mDCV", struct.pack(">HHHHHHHHII", 35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450, 6_000_000, 1)
)


@pytest.mark.parametrize("extra", [b"", LEVEL, MASTERING], ids=["usual peak", "4,000", "600"])
@pytest.mark.parametrize("primaries", [9, 12, 1])
@pytest.mark.parametrize("transfer", [16, 18], ids=["PQ", "HLG"])
def test_hdr_is_brought_down_as_chromium_does(referee: Referee, transfer: int, primaries: int, extra: bytes) -> None:
    data = png16(colours(), codes(primaries, transfer), extra)
    peak = {b"": 1000.0, LEVEL: 4000.0, MASTERING: 600.0}[extra]
    drawn = referee.draw(data, "image/png")
    assert drawn is not None
    ours = np.asarray(hdr.to_srgb(colours(), hdr.Curve(primaries, transfer, peak)))
    assert delta_e(drawn, ours).mean() < 0.2
    clean = prepare_photo(data)
    assert FLATTENED in clean.notes
    assert difference(drawn, on_white(clean.data)).mean() < 3


def test_a_transparent_hdr_png_keeps_its_shape() -> None:
    values = np.concatenate((colours(), np.full((64, 96, 1), 65535, np.uint16)), axis=-1)
    values[:32, :, 3] = 0
    clean = prepare_photo(png16(values, codes(9, 16), alpha=True))
    seen = on_white(clean.data)
    assert (seen[:30] > 250).all()


GAMMA, SRGB, ADOBE = (
    lambda value: chunk(b"gAMA", struct.pack(">I", round(value * 100_000))),
    chunk(b"sRGB", b"\x00"),
    (0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06),
)
SWAPPED = (0.3127, 0.329, 0.30, 0.60, 0.64, 0.33, 0.15, 0.06)
PROFILE = chunk(b"iCCP", b"x\x00\x00" + zlib.compress(wide_gamut.profile(hdr.PRIMARIES[hdr.P3])))


def points(*values: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values)))


MEANINGS: dict[str, tuple[bytes, ...]] = {
    "nothing": (),
    "gamma 1.0": (GAMMA(1),),
    "gamma 1.6": (GAMMA(0.625),),
    "nearly sRGB's gamma": (GAMMA(0.47),),
    "not quite sRGB's gamma": (GAMMA(0.5),),
    "gamma and primaries": (GAMMA(0.45455), points(*ADOBE)),
    "red and green swapped": (GAMMA(0.45455), points(*SWAPPED)),
    "another white": (GAMMA(0.45455), points(0.3457, 0.3585, *ADOBE[2:])),
    "primaries without a gamma": (points(*SWAPPED),),
    "sRGB before gamma": (SRGB, GAMMA(1), points(*SWAPPED)),
    "a profile before gamma": (PROFILE, GAMMA(1)),
    "a profile before sRGB": (PROFILE, SRGB),
    "codes before a profile": (codes(1, 13), PROFILE),
    "Display P3 by codes": (codes(12, 13),),
    "television's curve by codes": (codes(1, 1),),
    "a linear curve by codes": (codes(1, 8), SRGB),
    "DCI's white by codes": (codes(11, 13),),
    "codes that nobody knows": (codes(1, 3), GAMMA(1)),
    "nonsense": (GAMMA(0), points(*[0.0] * 8)),
    "primaries on one point": (GAMMA(0.45455), points(*[0.0] * 8)),
}


@pytest.mark.parametrize("meaning", MEANINGS)
@pytest.mark.parametrize("form", ["RGB", "grey", "palette", "transparent"])
def test_a_png_means_what_chromium_takes_it_for(referee: Referee, meaning: str, form: str) -> None:
    image = Image.fromarray((colours() >> 8).astype(np.uint8))
    image = {
        "RGB": lambda: image, "grey": lambda: image.convert("L"), "palette": lambda: image.quantize(60),
        "transparent": lambda: image.convert("RGBA"),
    }[form]()  # fmt: skip
    if form == "grey" and PROFILE in MEANINGS[meaning]:
        return  # a profile for colours does not fit
    plain = encoded(image, "PNG")
    data = plain[:33] + b"".join(MEANINGS[meaning]) + plain[33:]
    drawn = referee.draw(data, "image/png")
    assert drawn is not None
    assert delta_e(drawn, on_white(prepare_photo(data).data)).mean() < 1


def test_grey_of_16_bits_keeps_what_is_transparent(referee: Referee) -> None:
    values = np.linspace(0, 65535, 64 * 64).astype(">u2").reshape(64, 64)
    values[20:40, 20:40] = 30_000
    rows = b"".join(b"\x00" + row.tobytes() for row in values)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 16, 0, 0, 0, 0)) + chunk(b"tRNS", struct.pack(">H", 30_000))
    data = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    clean = prepare_photo(data)
    drawn = referee.draw(data, "image/png")
    assert drawn is not None
    assert delta_e(drawn, on_white(clean.data)).mean() < 1
    seen = Image.open(io.BytesIO(clean.data)).convert("RGBA")
    assert seen.getpixel((30, 30))[3] == 0
    assert seen.getpixel((2, 60))[3] == 255


TYPES = {".png": "image/png", ".avif": "image/avif", ".jpg": "image/jpeg"}
KINDS = sorted(path for path in (REAL_PHOTOS / "kinds").glob("*") if path.suffix in TYPES)
# The screenshot of 17 megapixels takes as long as all the others.
PARAMETERS = [
    pytest.param(path, id=path.name, marks=pytest.mark.thorough if path.name.startswith("scroll") else ())
    for path in KINDS
]


@pytest.mark.skipif(not KINDS, reason="the real pictures are not on this machine")
@pytest.mark.parametrize("path", PARAMETERS)
def test_real_kinds_look_as_in_chromium(referee: Referee, path: Path) -> None:
    drawn = referee.draw(path.read_bytes(), TYPES[path.suffix])
    assert drawn is not None
    assert difference(drawn, on_white(prepare_photo(path.read_bytes()).data)).mean() < 3


@pytest.mark.parametrize("name", ["hdr-pq.heic", pytest.param("hdr-hlg.heic", marks=pytest.mark.thorough)])
def test_real_hdr_heics_look_as_chromium_shows_the_same_values(referee: Referee, name: str) -> None:
    """Chromium reads no HEIC, so it is shown the same 16-bit values as a PNG."""
    import pillow_heif

    path = REAL_PHOTOS / "kinds" / name
    if not path.is_file():
        pytest.skip("the real pictures are not on this machine")
    opened = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
    profile = opened.info["nclx_profile"]
    shown = png16(np.asarray(opened), codes(profile["color_primaries"], profile["transfer_characteristics"]))
    drawn = referee.draw(shown, "image/png")
    assert drawn is not None
    assert difference(drawn, on_white(prepare_photo(path.read_bytes()).data)).mean() < 1.5


def test_an_ordinary_photo_is_not_called_hdr() -> None:
    assert FLATTENED not in prepare_photo(encoded(photo(), "AVIF")).notes
