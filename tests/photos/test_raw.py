"""Raw photos: the largest whole preview with its turn, or words; never a thumbnail."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib.photos import UnsupportedPicture, find_leftovers, prepare_photo, read_metadata
from lib.photos.raw import is_raw_tiff, preview
from tests.photos.making import CANARY, WORD, encoded, exif, photo, segment

Row = tuple[int, int, int, bytes]  # tag, type, count, value of up to four bytes


def long_(tag: int, value: int) -> Row:
    return tag, 4, 1, struct.pack("<I", value)


def short_(tag: int, value: int) -> Row:
    return tag, 3, 1, struct.pack("<HH", value, 0)


def directory(*rows: Row, following: int = 0) -> bytes:
    body = b"".join(struct.pack("<HHI", tag, kind, count) + value for tag, kind, count, value in sorted(rows))
    return struct.pack("<H", len(rows)) + body + struct.pack("<I", following)


def corners(width: int, height: int) -> Image.Image:
    image = photo().resize((width, height))
    image.paste("red", (0, 0, width // 4, height // 4))
    return image


def raw(
    shown: tuple[int, int] | None = (2000, 1500), full: tuple[int, int] = (4000, 3000), *, orientation: int = 1,
    magic: bytes = b"II*\x00", dng: bool = True, own_turn: int = 0,
) -> bytes:  # fmt: skip
    """A raw photo as cameras build it: a thumbnail first, the raw data, then the preview."""
    thumbnail = encoded(corners(160, 120), "JPEG")
    large = encoded(corners(*shown), "JPEG", quality=80) if shown else b""
    if own_turn:
        large = large[:2] + segment(0xE1, b"Exif\x00\x00" + exif(orientation=own_turn)) + large[2:]
    sensor = segment(0xC3, struct.pack(">BHHB", 14, full[1], full[0], 2) + bytes(6))  # lossless JPEG: raw data
    blob_at = 1000
    blobs = [thumbnail, b"\xff\xd8" + sensor + WORD * 50, large]
    places = [blob_at, blob_at + len(thumbnail), blob_at + len(thumbnail) + len(blobs[1])]
    main = [
        long_(0x0100, full[0]), long_(0x0101, full[1]), short_(0x0103, 7), short_(0x0106, 32803),
        long_(0x0111, places[1]), long_(0x0117, len(blobs[1])),
    ]  # fmt: skip
    first = [
        long_(0x00FE, 1), long_(0x0100, 160), long_(0x0101, 120), short_(0x0103, 6), short_(0x0112, orientation),
        long_(0x0201, places[0]), long_(0x0202, len(thumbnail)), long_(0x014A, 400),
    ]  # fmt: skip
    if dng:
        first.append((0xC612, 1, 4, b"\x01\x04\x00\x00"))
    head = magic + struct.pack("<I", 8) + directory(*first)
    head = head.ljust(400, b"\x00") + directory(*main)
    return head.ljust(blob_at, b"\x00") + b"".join(blobs)


def cr3(shown: tuple[int, int], orientation: int, full: int) -> bytes:
    def box(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", 8 + len(content)) + name + content

    tags = b"II*\x00\x08\x00\x00\x00" + directory(
        long_(0x0100, full), long_(0x0101, full * 2 // 3), short_(0x0112, orientation)
    )
    canon = box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + box(b"CMT1", tags))
    picture = encoded(corners(*shown), "JPEG", quality=80)
    return box(b"ftyp", b"crx \x00\x00\x00\x01crx isom") + box(b"moov", canon) + box(b"mdat", picture + WORD * 99)


def raf(shown: tuple[int, int], full: tuple[int, int], orientation: int) -> bytes:
    picture = encoded(corners(*shown), "JPEG", quality=80)
    picture = picture[:2] + segment(0xE1, b"Exif\x00\x00" + exif(orientation=orientation)) + picture[2:]
    head = b"FUJIFILMCCD-RAW 0201FF383501X-T9".ljust(84, b"\x00")
    directory_at = 148 + len(picture)
    head += struct.pack(">III", 148, len(picture), directory_at) + bytes(52)
    return head.ljust(148, b"\x00") + picture + struct.pack(">I", 1) + struct.pack(">HHHH", 0x0111, 4, full[1], full[0])


def top_left(clean: bytes) -> str:
    """Which corner is red."""
    image = Image.open(io.BytesIO(clean)).convert("RGB")
    width, height = image.size
    spots = {
        "top left": (5, 5), "top right": (width - 6, 5), "bottom right": (width - 6, height - 6),
        "bottom left": (5, height - 6),
    }  # fmt: skip
    red = {name for name, spot in spots.items() if np.abs(np.array(image.getpixel(spot)) - (254, 0, 0)).max() < 40}
    (found,) = red
    return found


@pytest.mark.parametrize(
    ("magic", "dng"),
    [(b"II*\x00", True), (b"II*\x00", False), (b"IIRO", False), (b"IIRS", False), (b"IIU\x00", False)],
    ids=["DNG", "NEF and the like", "ORF", "ORF, another form", "RW2"],
)
@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [(1, (2000, 1500), "top left"), (3, (2000, 1500), "bottom right"), (6, (1500, 2000), "top right"),
     (8, (1500, 2000), "bottom left")],
)  # fmt: skip
def test_the_largest_preview_comes_out_upright(
    magic: bytes, orientation: int, size: tuple[int, int], corner: str, *, dng: bool
) -> None:
    clean = prepare_photo(raw(orientation=orientation, magic=magic, dng=dng))
    assert (clean.width, clean.height) == size
    assert top_left(clean.data) == corner
    assert clean.notes == ("The preview inside this raw photo was used (2,000 × 1,500).",)
    assert find_leftovers(clean.data) == ()
    assert WORD not in clean.data


def test_the_preview_s_own_turn_counts_first_and_what_was_turned_is_not_turned_again() -> None:
    assert top_left(prepare_photo(raw(own_turn=6)).data) == "top right"
    assert top_left(prepare_photo(raw((1500, 2000), orientation=6)).data) == "top left"


def test_canon_s_newer_form() -> None:
    clean = prepare_photo(cr3((2400, 1600), 8, 6000))
    assert (clean.width, clean.height) == (1365, 2048)
    assert top_left(clean.data) == "bottom left"


def test_fujifilm_s_form() -> None:
    clean = prepare_photo(raf((1920, 1280), (6240, 4160), 6))
    assert (clean.width, clean.height) == (1280, 1920)
    assert CANARY in " ".join(finding.value for finding in clean.report.findings)


@pytest.mark.parametrize("shown", [(160, 120), (640, 480), (1024, 768), (1599, 1200)])
def test_a_thumbnail_is_never_passed_off_as_the_photo(shown: tuple[int, int]) -> None:
    with pytest.raises(UnsupportedPicture, match=rf"only {shown[0]:,} pixels long, and the photo has 4,000"):
        prepare_photo(raw(shown))


def test_a_small_preview_of_a_small_photo_is_the_photo() -> None:
    assert prepare_photo(raw((800, 600), (1200, 900))).width == 800


@pytest.mark.parametrize("data", [raw(None), raw(None, dng=False), raf((640, 480), (6240, 4160), 1)[:140]])
def test_a_raw_photo_without_a_preview_is_refused_with_words(data: bytes) -> None:
    with pytest.raises(UnsupportedPicture, match="raw camera photo"):
        prepare_photo(data)


def test_an_ordinary_tiff_is_no_raw_photo() -> None:
    data = encoded(photo(), "TIFF")
    assert not is_raw_tiff(data)
    assert read_metadata(data).format == "TIFF"


def test_a_small_copy_on_the_first_page_of_a_tiff_is_not_taken_for_the_picture() -> None:
    small = photo(80, 60)  # shared by all tests, and Pillow leaves on a picture what it was last written with
    data = encoded(small, "TIFF", save_all=True, append_images=[photo(640, 480).copy()], tiffinfo={0x00FE: 1})
    assert prepare_photo(data).width == 640


def test_a_million_starts_of_jpegs_take_a_moment() -> None:
    import time

    started = time.process_time()
    with pytest.raises(UnsupportedPicture):
        prepare_photo(raw(None) + b"\xff\xd8\xff\xe0" * 1_000_000)
    assert time.process_time() - started < 3.0


def test_a_real_dng_of_a_phone(real_photo: Callable[[str], Path]) -> None:
    data = real_photo("kinds/phone-raw.dng").read_bytes()
    found = preview(data)
    assert (found.width, found.height) == (4032, 3024)
    assert (prepare_photo(data).width, prepare_photo(data).height) == (2048, 1536)
