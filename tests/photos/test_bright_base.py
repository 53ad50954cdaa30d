"""An AVIF whose main picture is HDR and that says by a gain map how it looks on ordinary screens: so it comes out.

The files are put together here: the HDR picture of `shared/photos/kinds` (or one made here), a map, and the boxes of
ISO 21496-1 in HEIF.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from lib.photos import find_leftovers, hdr, prepare_photo
from lib.photos.containers.heif import parse
from tests.conftest import REAL_PHOTOS
from tests.photos.making import photo

BRIGHT = REAL_PHOTOS / "kinds" / "seine_hdr_rec2020.avif"
STOPS = 2.0


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def full(name: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(name, bytes([version]) + flags.to_bytes(3, "big") + content)


def iso(base: float, other: float, low: float, high: float, gamma: float = 1.0, offset: float = 0.0) -> bytes:
    """ISO 21496-1: version, flags, headroom of the base and of the other picture, one channel."""

    def part(value: float) -> tuple[int, int]:
        return round(value * 10_000), 10_000

    heads = struct.pack(">IIII", *part(base), *part(other))
    row = struct.pack(">iIiIIIiIiI", *part(low), *part(high), *part(gamma), *part(offset), *part(offset))
    return bytes(4) + b"\x40" + heads + row


def with_map(bright: bytes, gain_map: Image.Image, numbers: bytes) -> bytes:
    """Put a picture and a gain map into one AVIF, the picture first."""
    made = io.BytesIO()
    gain_map.save(made, "AVIF", quality=95, speed=8)
    sources = [parse(bright), parse(made.getvalue())]
    mains = [one.items[one.primary] for one in sources]
    coded = [one.content(main) for one, main in zip(sources, mains, strict=True)]
    coded.append(b"\x00" + numbers)
    sizes = struct.pack(">II", *mains[0].size)
    plain_colours = box(b"colr", b"nclx" + struct.pack(">HHHB", 1, 13, 0, 0x80))
    shelf: list[bytes] = []
    named: list[list[int]] = []
    keep = {b"ispe", b"pixi", b"av1C", b"colr", b"pasp"}
    for main in mains:
        named.append([])
        for label, content in main.properties:
            if label in keep:
                shelf.append(box(label, content))
                named[-1].append(len(shelf) | (0x80 if label == b"av1C" else 0))
    named.append([])
    for one in (full(b"ispe", sizes), full(b"pixi", bytes([3, 8, 8, 8])), plain_colours):
        shelf.append(one)
        named[-1].append(len(shelf))
    infos = b"".join(
        full(b"infe", struct.pack(">HH4s", n, 0, kind) + b"\x00", 2, hidden)
        for n, kind, hidden in ((1, b"av01", 0), (2, b"av01", 1), (3, b"tmap", 0))
    )
    links = struct.pack(">I", len(named)) + b"".join(
        struct.pack(">HB", n, len(ones)) + bytes(ones) for n, ones in enumerate(named, 1)
    )

    def meta(at: int) -> bytes:
        places = b""
        for n, one in enumerate(coded, 1):
            places += struct.pack(">HHHII", n, 0, 1, at, len(one))
            at += len(one)
        return full(b"meta", b"".join((
            full(b"hdlr", struct.pack(">I4s12s", 0, b"pict", b"") + b"\x00"),
            full(b"pitm", struct.pack(">H", 1)),
            full(b"iloc", struct.pack(">BBH", 0x44, 0, 3) + places),
            full(b"iinf", struct.pack(">H", 3) + infos),
            full(b"iref", box(b"dimg", struct.pack(">HHHH", 3, 2, 1, 2))),
            box(b"iprp", box(b"ipco", b"".join(shelf)) + full(b"ipma", links)),
            box(b"grpl", full(b"altr", struct.pack(">IIII", 9, 2, 3, 1))),
        )))  # fmt: skip

    head = box(b"ftyp", b"avif" + bytes(4) + b"avifmif1miaftmap")
    return head + meta(len(head) + len(meta(0)) + 8) + box(b"mdat", b"".join(coded))


@pytest.fixture(scope="module")
def bright() -> bytes:
    if not BRIGHT.is_file():
        pytest.skip("the photos for tests are not here")
    return BRIGHT.read_bytes()


def shown(data: bytes) -> np.ndarray:
    """Return what recipients get, in linear light."""
    clean = Image.open(io.BytesIO(prepare_photo(data, max_side=4096).data)).convert("RGB")
    return np.asarray(hdr.from_srgb(np.asarray(clean)), np.float64)


def light(data: bytes) -> np.ndarray:
    """Return the HDR picture's own light in sRGB's primaries, in units of reference white, as Pillow reads it."""
    with Image.open(io.BytesIO(data)) as image:
        codes = np.asarray(image.convert("RGB"), np.float32) / 255
    curve = hdr.Curve(9, hdr.PQ)
    return np.asarray(hdr._linear(codes, curve) @ hdr._between(9, 1).T, np.float64)  # noqa: SLF001


@pytest.mark.parametrize(("base", "other", "share"), [(STOPS, 0.0, 1.0), (STOPS, 1.0, 1.0), (STOPS + 1, 1.0, 1.0)])
def test_the_files_own_darker_picture_comes_out(bright: bytes, base: float, other: float, share: float) -> None:
    size = parse(bright).items[parse(bright).primary].size
    even = Image.new("L", (size[0] // 4, size[1] // 4), 255)
    made = with_map(bright, even, iso(base, other, 0.0, STOPS))
    ours, wanted = shown(made), np.clip(light(bright) * 2 ** (-STOPS * share), 0, 1)
    middle = np.abs(ours - wanted)[wanted.max(axis=2) < 0.95]
    assert np.median(middle) < 0.01
    assert np.mean(middle) < 0.02
    assert np.abs(shown(bright) - wanted).mean() > 2 * np.mean(middle)  # our own curve would show another picture


def test_the_map_says_where_it_is_darker(bright: bytes) -> None:
    size = parse(bright).items[parse(bright).primary].size
    halves = Image.new("L", (size[0] // 4, size[1] // 4), 0)
    halves.paste(255, (0, 0, halves.width // 2, halves.height))
    ours = shown(with_map(bright, halves, iso(STOPS, 0.0, 0.0, STOPS)))
    wanted = light(bright)
    wanted[:, : size[0] // 2] *= 2**-STOPS
    wanted = np.clip(wanted, 0, 1)
    edge = slice(size[0] // 2 - 16, size[0] // 2 + 16)
    off = np.abs(ours - wanted)
    off[:, edge] = 0
    assert np.mean(off) < 0.02


@pytest.mark.parametrize(
    "numbers",
    [
        lambda: iso(STOPS, 0.0, 0.0, 40.0),  # more light than there is
        lambda: iso(STOPS, 0.0, 0.0, STOPS, gamma=0.0),
        lambda: iso(STOPS, 0.0, 0.0, STOPS)[:20],
        lambda: b"\x00\x09" + bytes(60),  # of a later version
        lambda: iso(0.0, STOPS, 0.0, STOPS),  # the map of an SDR picture, on an HDR one
    ],
)
def test_a_map_that_lies_is_left_alone(bright: bytes, numbers: Callable[[], bytes]) -> None:
    plain = with_map(bright, photo(64, 48).convert("L"), iso(0.0, STOPS, 0.0, STOPS))
    made = with_map(bright, photo(64, 48).convert("L"), numbers())
    assert np.abs(shown(made) - shown(plain)).max() < 0.02


def test_nothing_but_the_picture_comes_along(bright: bytes) -> None:
    made = with_map(bright, Image.new("L", (64, 48), 200), iso(STOPS, 0.0, 0.0, STOPS))
    assert made.count(b"tmap") >= 2
    clean = prepare_photo(made)
    assert b"tmap" not in clean.data
    assert find_leftovers(clean.data) == ()
    assert any("HDR" in note for note in clean.notes)
