"""One policy for size and form: the cases that the picker's tests read too, and the policy in what the server makes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib.photos import PreparedPhoto, find_leftovers, policy, prepare_photo
from lib.photos.containers.png import chunks
from tests.photos.making import WORD, chunk, encoded, exif, jpeg, photo, segment

TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("policy_cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_kind_and_size_of(case: dict[str, Any]) -> None:
    choice = policy.choose(policy.Facts(**case["facts"]), case["wish"])
    assert (choice.kind, choice.width, choice.height) == (case["kind"], case["width"], case["height"])
    assert choice.note == case["note"]
    assert choice.width <= case["facts"]["width"]
    assert choice.height <= case["facts"]["height"]


@pytest.mark.parametrize("case", TABLE["forms"], ids=str)
def test_form_of(case: dict[str, Any]) -> None:
    form = case.pop("form")
    assert policy.form_of(**case) == form
    case["form"] = form


@pytest.mark.parametrize("case", TABLE["flat"], ids=lambda case: case["name"])
def test_how_flat_is(case: dict[str, Any]) -> None:
    image = Image.fromarray(np.array(case["rows"], np.uint8))
    assert policy.flat_share(image) == pytest.approx(case["flat"], abs=1e-6)


def test_every_number_of_the_table_has_a_reason() -> None:
    rows = [row for name, row in policy.TABLE.items() if isinstance(row, dict) and name != "kinds"]
    for row in (*rows, *policy.TABLE["kinds"].values()):
        assert len(row["why"]) > 20


# --- in what comes out --------------------------------------------------------------------------------------------


def screenshot(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Lines of words on white, and a small photo."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for y in range(20, height - 20, 34):
        draw.text((30, y), f"Line {y}: the quick brown fox jumps over the lazy dog. " * 3, fill=(20, 20, 30))
    image.paste(photo(), (40, 60))
    return image.convert(mode)


def opened(clean: PreparedPhoto) -> Image.Image:
    image = Image.open(io.BytesIO(clean.data))
    image.load()
    assert image.size == (clean.width, clean.height)
    assert find_leftovers(clean.data) == ()
    return image


def test_a_scrolled_screenshot_stays_readable_exact_and_no_larger() -> None:
    data = encoded(screenshot(1080, 9000).quantize(200), "PNG")
    clean = prepare_photo(data)
    assert (clean.format, clean.width, clean.height) == ("PNG", 1080, 9000)
    assert len(clean.data) <= len(data)
    assert clean.notes == ("A screenshot or drawing: kept 1,080 × 9,000, so that its words stay readable.",)
    assert opened(clean).convert("RGB").tobytes() == Image.open(io.BytesIO(data)).convert("RGB").tobytes()


def test_a_screenshot_saved_as_jpeg_keeps_its_size_too() -> None:
    clean = prepare_photo(encoded(screenshot(1206, 2622), "JPEG", quality=90))
    assert (clean.format, clean.width, clean.height) == ("JPEG", 1206, 2622)
    desktop = prepare_photo(encoded(screenshot(2560, 1440), "JPEG", quality=95))
    assert (desktop.width, desktop.height) == (2560, 1440)


def test_a_panorama_keeps_its_short_side() -> None:
    clean = prepare_photo(encoded(photo(600, 150).resize((12000, 3000)), "JPEG", quality=80))
    assert (clean.width, clean.height) == (4096, 1024)
    assert clean.notes == ("A panorama: kept 4,096 × 1,024, so that it stays sharp when somebody zooms in.",)
    opened(clean)


def test_a_camera_s_upright_full_screen_photo_is_not_taken_for_a_screenshot() -> None:
    image = photo(500, 1100).resize((1976, 4347))
    told = prepare_photo(jpeg(segment(0xE1, b"Exif\x00\x00" + exif()), image=image))
    assert (told.width, told.height) == (1024, 2253)
    silent = prepare_photo(jpeg(image=image))
    assert (silent.width, silent.height) == (1536, 3379)


@pytest.mark.parametrize("quality", [40, 60, 85, 95])
@pytest.mark.parametrize("chroma", ["4:4:4", "4:2:2", "4:2:0"])
def test_a_jpeg_that_keeps_its_size_never_gains_bytes(quality: int, chroma: str) -> None:
    plain = encoded(photo(900, 700), "JPEG", quality=quality, subsampling=chroma)
    data = plain[:2] + segment(0xE1, b"Exif\x00\x00" + exif()) + plain[2:]
    clean = prepare_photo(data)
    assert clean.data != plain
    assert len(clean.data) <= len(plain)
    seen, reference = (
        np.asarray(Image.open(io.BytesIO(one)).convert("RGB")).astype(int) for one in (clean.data, plain)
    )
    assert np.abs(seen - reference).mean() < 4


@pytest.mark.parametrize("mode", ["RGB", "P", "L", "RGBA", "LA"])
def test_a_png_drawing_never_gains_bytes(mode: str) -> None:
    image = screenshot(700, 500).quantize(120) if mode == "P" else screenshot(700, 500, mode)
    data = encoded(image, "PNG", optimize=True)
    clean = prepare_photo(data[:33] + chunk(b"tEXt", b"a\x00" + WORD * 50) + data[33:])
    assert len(clean.data) <= len(data)
    opened(clean)


def test_what_was_painted_over_with_nothing_is_gone() -> None:
    """A wholly transparent pixel still has a colour, which anybody could bring back."""
    image = Image.new("RGBA", (300, 300), (200, 30, 40, 255))
    image.paste((17, 99, 201, 0), (50, 50, 150, 150))
    clean = prepare_photo(encoded(image, "PNG"))
    assert clean.format == "PNG"
    seen = np.asarray(opened(clean).convert("RGBA"))
    assert (seen[100, 100] == 0).all()
    assert not (seen[..., :3] == (17, 99, 201)).all(axis=-1).any()


def test_colours_of_a_palette_that_no_pixel_has_do_not_come_out() -> None:
    image = Image.new("P", (300, 200), 1)
    palette = bytes([250, 250, 250, 9, 120, 90]) + WORD * 20
    image.putpalette(palette[: len(palette) // 3 * 3][:768])
    data = encoded(image, "PNG")
    assert WORD in data
    clean = prepare_photo(data)
    assert WORD not in clean.data
    assert set(dict.fromkeys(name for name, _, _ in chunks(clean.data))) <= {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
    }


def test_a_transparent_photo_in_a_drawing_s_clothes_is_laid_on_white() -> None:
    noise = Image.fromarray(np.random.default_rng(3).integers(0, 256, (400, 400, 3), dtype=np.uint8))
    noise.putalpha(Image.new("L", noise.size, 128))
    clean = prepare_photo(encoded(noise, "PNG"))
    assert clean.format == "JPEG"
    assert clean.notes == ("Transparent parts are white now.",)


def test_a_grey_photo_in_a_png_is_a_photo() -> None:
    assert prepare_photo(encoded(photo(900, 700).convert("L"), "PNG")).format == "JPEG"


def test_a_line_is_kept_as_it_is() -> None:
    clean = prepare_photo(encoded(Image.new("RGB", (1, 30_000), "navy"), "PNG"))
    assert (clean.width, clean.height) == (1, 30_000)
    opened(clean)


def test_a_drawing_of_many_megapixels_is_bounded_by_area() -> None:
    clean = prepare_photo(encoded(Image.new("L", (9000, 8000), 255), "PNG"))
    assert clean.width * clean.height <= 34_100_000
    opened(clean)
