"""Gain maps: what shines on an HDR screen goes on shining, and nothing else comes along."""

from __future__ import annotations

import io
import json
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from lib.photos import find_leftovers, glow, prepare_photo, preview_card, read_metadata, small_photo
from lib.photos.containers import take_apart
from lib.photos.formats import Format
from tests.photos.making import CANARY, WORD, encoded, exif, photo, segment

KEPT = "Its extra brightness on HDR screens was kept."
FLATTENED = "Its extra brightness (HDR) was brought down to what every screen shows."
NUMBERS = (
    'hdrgm:GainMapMin="0" hdrgm:GainMapMax="2.5" hdrgm:Gamma="1.2" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2.5"'
)


def gain_map(size: tuple[int, int] = (320, 240)) -> Image.Image:
    """Bright in the upper left corner."""
    image = Image.new("L", size, 10)
    image.paste(250, (0, 0, size[0] // 4, size[1] // 4))
    return image


def ultra_hdr(
    numbers: str = NUMBERS, *, image: Image.Image | None = None, map_image: Image.Image | None = None, turn: int = 1
) -> bytes:
    """A photo as phones with Android write it: the map behind the picture, its numbers in XMP (and a canary)."""
    text = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" '
        f'{numbers} title="{CANARY}"/></rdf:RDF></x:xmpmeta>'
    )
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + text.encode())
    second = encoded(map_image or gain_map(), "JPEG", quality=95)
    second = second[:2] + xmp + segment(0xFE, WORD) + second[2:]
    first = encoded(image or photo(640, 480), "JPEG", quality=90)
    first = first[:2] + segment(0xE1, b"Exif\x00\x00" + exif(orientation=turn)) + first[2:]

    def index(size: int, offset: int) -> bytes:
        entries = struct.pack(">IIIHH", 0x030000, size, 0, 0, 0) + struct.pack(">IIIHH", 0, len(second), offset, 0, 0)
        tags = struct.pack(">HHII", 0xB002, 7, 32, 26)
        return segment(0xE2, b"MPF\x00MM\x00*\x00\x00\x00\x08" + struct.pack(">H", 1) + tags + bytes(4) + entries)

    size = len(first) + len(index(0, 0))
    return first[:2] + index(size, size - 10) + first[2:] + second


def map_of(clean: bytes) -> tuple[Image.Image, glow.Glow]:
    found = glow.read(clean, Format.JPEG, take_apart(clean, Format.JPEG))
    assert found
    return found.image, found


def test_an_ultra_hdr_photo_stays_one_and_nothing_else_comes_along() -> None:
    clean = prepare_photo(ultra_hdr())
    assert clean.notes == (KEPT,)
    assert find_leftovers(clean.data) == ()
    assert WORD not in clean.data
    assert b"hdrgm" not in clean.data
    image, found = map_of(clean.data)
    assert found.channels == (glow.Channel(0.0, 2.5, 1.2, 0.01562, 0.01562),)
    assert found.capacity == (0.0, 2.5)
    seen, reference = (np.asarray(one.resize((320, 240))).astype(int) for one in (image, gain_map()))
    assert np.abs(seen - reference).mean() < 3
    report = read_metadata(clean.data)
    assert report.private == ()
    assert report.verdict == "This photo held nothing private."


def test_the_ordinary_picture_is_the_same_with_and_without_the_map() -> None:
    clean = prepare_photo(ultra_hdr())
    with JpegImagePlugin.JpegImageFile(io.BytesIO(clean.data)) as image:
        seen = np.asarray(image.convert("RGB")).astype(int)
    assert seen.shape == (480, 640, 3)
    assert np.abs(seen - np.asarray(photo(640, 480))).mean() < 6
    assert Image.open(io.BytesIO(small_photo(clean.data))).size == (480, 360)
    assert find_leftovers(small_photo(clean.data)) == ()
    assert find_leftovers(preview_card(clean.data, blurred=False)) == ()


@pytest.mark.parametrize(("turn", "corner"), [(3, (-1, -1)), (6, (0, -1)), (8, (-1, 0))])
def test_the_map_is_turned_like_its_picture(turn: int, corner: tuple[int, int]) -> None:
    clean = prepare_photo(ultra_hdr(turn=turn))
    image, _ = map_of(clean.data)
    assert (image.width > image.height) is (clean.width > clean.height)
    assert np.asarray(image)[corner] > 200
    assert np.asarray(image)[image.height // 2, image.width // 2] < 60


@pytest.mark.parametrize(
    "lie",
    [
        'hdrgm:GainMapMax="nan"', 'hdrgm:GainMapMax="1e30"', 'hdrgm:GainMapMin="3" hdrgm:GainMapMax="1"',
        'hdrgm:GainMapMax="2" hdrgm:Gamma="0"', 'hdrgm:GainMapMax="2" hdrgm:HDRCapacityMax="-1"',
        'hdrgm:GainMapMax="bright"', 'hdrgm:GainMapMax="2" hdrgm:OffsetSDR="9"',
        'hdrgm:GainMapMax="2" hdrgm:BaseRenditionIsHDR="True"',
    ],
)  # fmt: skip
def test_a_map_with_impossible_numbers_is_left_out_and_said(lie: str) -> None:
    clean = prepare_photo(ultra_hdr(lie))
    assert clean.notes == (FLATTENED,)
    assert len(take_apart(clean.data, Format.JPEG).parts) == 0
    assert find_leftovers(clean.data) == ()


@pytest.mark.parametrize("size", [(320, 100), (100, 320), (1, 1)])
def test_a_map_of_another_shape_is_left_out(size: tuple[int, int]) -> None:
    assert prepare_photo(ultra_hdr(map_image=gain_map(size))).notes == (FLATTENED,)


def test_a_cut_map_is_left_out() -> None:
    data = ultra_hdr()
    clean = prepare_photo(data[:-900])
    assert clean.notes in {(FLATTENED,), ()}
    assert find_leftovers(clean.data) == ()


def test_three_channels_stay_three() -> None:
    coloured = Image.merge("RGB", [gain_map(), gain_map().transpose(Image.Transpose.ROTATE_180), gain_map()])
    rows = "".join(f"<rdf:li>{n}</rdf:li>" for n in (1.5, 2, 2.5))
    text = ultra_hdr(f'hdrgm:HDRCapacityMax="2"><hdrgm:GainMapMax><rdf:Seq>{rows}</rdf:Seq></hdrgm:GainMapMax><a ',
                      map_image=coloured)  # fmt: skip
    clean = prepare_photo(text)
    image, found = map_of(clean.data)
    assert image.mode == "RGB"
    assert [channel.high for channel in found.channels] == [1.5, 2.0, 2.5]
    assert find_leftovers(clean.data) == ()


def test_both_forms_of_the_iso_numbers_are_read() -> None:
    common = bytes(4) + bytes([0x48]) + struct.pack(">III", 10, 0, 25) + struct.pack(">iiIii", -5, 25, 10, 1, 1)
    channels, capacity = glow.iso_numbers(common) or ((), ())
    assert channels == (glow.Channel(-0.5, 2.5, 1.0, 0.1, 0.1),)
    assert capacity == (0.0, 2.5)
    with pytest.raises((struct.error, ZeroDivisionError, IndexError)):
        glow.iso_numbers(bytes(4) + bytes([0x40]) + bytes(16))


# --- the second parser --------------------------------------------------------------------------------------------


def lit() -> bytes:
    return prepare_photo(ultra_hdr()).data


def test_a_single_changed_byte_of_the_index_or_the_numbers_is_a_leftover() -> None:
    data = lit()
    index = data.index(b"MPF\x00")
    numbers = data.index(b"urn:iso", data.index(b"\xff\xd9\xff\xd8"))
    places = [*range(index, index + 86), *range(numbers, numbers + 28), numbers + 28, numbers + 32]
    places += [numbers + 37 + 8 * n for n in range(7)]
    for at in places:
        changed = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        assert find_leftovers(changed), at


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"!",
        lambda data: data[: data.rindex(b"\xff\xd8")],
        lambda data: data.replace(b"\xff\xd9\xff\xd8", b"\xff\xd9" + WORD + b"\xff\xd8"),
        lambda data: data[: data.rindex(b"\xff\xd8") + 2] + segment(0xFE, WORD) + data[data.rindex(b"\xff\xd8") + 2 :],
        lambda data: data[: data.rindex(b"\xff\xd8") + 2] + segment(0xE1, WORD) + data[data.rindex(b"\xff\xd8") + 2 :],
        lambda data: data + encoded(photo(), "JPEG"),
        lambda data: data[: data.rindex(b"\xff\xd8")] + encoded(photo(), "JPEG"),
    ],
)
def test_anything_more_is_a_leftover(change: Callable[[bytes], bytes]) -> None:
    assert find_leftovers(lit()) == ()
    assert find_leftovers(change(lit()))


def test_an_index_without_a_map_and_a_map_without_an_index_are_leftovers() -> None:
    plain = prepare_photo(encoded(photo(), "JPEG", quality=100)).data
    said = segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\x00" + bytes(4))
    assert find_leftovers(plain[:20] + said + plain[20:])
    assert find_leftovers(plain + plain)


def test_exiftool_finds_only_the_index_and_two_pictures(tmp_path: Path) -> None:
    (tmp_path / "lit.jpg").write_bytes(lit())
    found = subprocess.run(["exiftool", "-json", "-G1", "-a", "-u", str(tmp_path)], capture_output=True, check=True)
    (row,) = json.loads(found.stdout)
    groups = {key.partition(":")[0] for key in row.keys() - {"SourceFile"}}
    assert groups <= {"ExifTool", "System", "File", "Composite", "JFIF", "MPF0", "MPImage1", "MPImage2"}
    assert row["MPF0:NumberOfImages"] == 2


# --- real ones ----------------------------------------------------------------------------------------------------


def test_a_real_iphone_photo_goes_on_shining(real_photo: Callable[[str], Path]) -> None:
    clean = prepare_photo(real_photo("phone/iphone-13-pro-max.heic").read_bytes())
    assert clean.notes == (KEPT,)
    image, found = map_of(clean.data)
    assert image.size == (768, 1024)
    assert found.capacity[1] == pytest.approx(1.64, abs=0.01)  # stops, from the camera's own notes
    assert find_leftovers(clean.data) == ()


def test_a_real_ultra_hdr_photo_goes_on_shining(real_photo: Callable[[str], Path]) -> None:
    clean = prepare_photo(real_photo("formats/gain-map.jpg").read_bytes())
    assert clean.notes == (KEPT,)
    assert map_of(clean.data)[1].channels[0].high == pytest.approx(6.64386, abs=1e-4)
    assert find_leftovers(clean.data) == ()
