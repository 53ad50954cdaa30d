"""What is covered is gone from every form that is served; crop then cover is cover then crop; nonsense is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib.photos import Edit, EditRefused, prepare_photo, preview_card, small_photo
from lib.photos.cover import COLOUR, MAX_COVERS, MAX_POINTS, Box, of_words
from lib.photos.gate import decoding
from lib.photos.lighter import lighter_photo
from lib.photos.slideshow import make_slideshow
from tests.conftest import ROOT
from tests.photos.making import encoded, heic, jpeg, photo

CASES = json.loads(Path(__file__).with_name("edit_cases.json").read_text("utf-8"))
SHARED = ROOT.parent / "shared" / "photos"
NOISE = 6  # of 255: what a JPEG adds inside a solid area
EDGE_NOISE = 48  # and within the blocks that its edge crosses, beside white and loud letters
BLOCK = 16  # pixels: of a JPEG's colours
BOX = (0.3, 0.2, 0.25, 0.4)  # of the picture
SECRET = (255, 40, 220)


@cache
def secret(width: int = 1500, height: int = 1100) -> Image.Image:
    """A photo with loud letters where the cover goes."""
    image = photo(width, height).copy()
    left, top, wide, high = (round(part * (width, height)[at % 2]) for at, part in enumerate(BOX))
    pen = ImageDraw.Draw(image)
    for y in range(top, top + high, 24):
        pen.text((left, y), "HOUSE 41 " * 40, fill=SECRET, font_size=20)
    pen.rectangle((left + wide, 0, width, height), fill=(240, 240, 240))
    return image


def edit(**told: Any) -> Edit:
    return Edit.parse({"covers": [{"box": list(BOX)}], **told})


def pixels(data: bytes | Image.Image) -> np.ndarray:
    image = data if isinstance(data, Image.Image) else Image.open(io.BytesIO(data))
    return np.asarray(image.convert("RGB")).astype(int)


def inside(shown: np.ndarray, box: tuple[float, float, float, float], inset: int) -> np.ndarray:
    height, width = shown.shape[:2]
    left, top = int(np.ceil(box[0] * width)) + inset, int(np.ceil(box[1] * height)) + inset
    right, bottom = int((box[0] + box[2]) * width) - inset, int((box[1] + box[3]) * height) - inset
    assert right - left > 4
    assert bottom - top > 4
    return shown[top:bottom, left:right]


def assert_covered(data: bytes | np.ndarray, box: tuple[float, float, float, float] = BOX, *, inset: int = 0) -> None:
    shown = data if isinstance(data, np.ndarray) else pixels(data)
    assert np.abs(inside(shown, box, inset) - COLOUR).max() <= EDGE_NOISE
    assert np.abs(inside(shown, box, BLOCK) - COLOUR).max() <= NOISE


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("jpeg", lambda: jpeg(image=secret())),
        ("png", lambda: encoded(secret(), "PNG", compress_level=1)),
        ("webp", lambda: encoded(secret(), "WEBP")),
        ("heic", lambda: heic(image=secret(900, 660))),
        ("avif", lambda: encoded(secret(900, 660), "AVIF", speed=9)),
        ("grey", lambda: encoded(secret().convert("L"), "JPEG")),
        ("transparent", lambda: encoded(secret().convert("RGBA"), "PNG")),
        ("bmp", lambda: encoded(secret(), "BMP")),
        ("tiff", lambda: encoded(secret(), "TIFF")),
    ],
)
def test_every_kind_of_photo_comes_out_covered(name: str, make: Callable[[], bytes]) -> None:
    data = make()
    assert_covered(prepare_photo(data, edit=edit(), max_side=512).data)
    assert_covered(prepare_photo(data, edit=edit()).data)
    assert name


@pytest.mark.parametrize("orientation", range(1, 9))
def test_covers_lie_on_the_upright_photo(orientation: int) -> None:
    image = secret(600, 400)
    turned = image.transpose(_LYING[orientation]) if orientation in _LYING else image
    data = encoded(turned, "JPEG", quality=95, exif=_exif_of(orientation))
    clean = prepare_photo(data, edit=edit())
    assert (clean.width, clean.height) == (600, 400)
    assert_covered(clean.data)


# The way from an upright picture to one that lies as its EXIF says.
_LYING = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}  # fmt: skip


def _exif_of(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def test_what_was_covered_is_in_no_form_that_is_served(tmp_path: Path) -> None:
    clean = prepare_photo(jpeg(image=secret()), edit=edit())
    assert_covered(clean.data)
    assert_covered(small_photo(clean.data), inset=2)
    lighter = lighter_photo(clean.data, len(clean.data) * 2)
    assert lighter is not None
    assert_covered(lighter, inset=2)
    card = pixels(preview_card(clean.data, blurred=False))
    scale = 1200 / clean.width  # as wide as the card, cut above and below
    above = (clean.height * scale - 630) / 2
    box = BOX[0], (BOX[1] * clean.height * scale - above) / 630, BOX[2], BOX[3] * clean.height * scale / 630
    assert_covered(card, box, inset=3)
    video = make_slideshow([clean.data], tmp_path / "a.mp4", size=(1080, 1920), seconds_per_photo=0.2)
    with av.open(str(video.path)) as film:
        frame = next(film.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    high = round(1080 * clean.height / clean.width)
    shown = frame[(1920 - high) // 2 : (1920 + high) // 2]
    assert_covered(shown, inset=6)


def test_a_drawing_is_covered_to_the_last_pixel() -> None:
    image = Image.new("RGB", (700, 500), "white")
    ImageDraw.Draw(image).text((30, 30), "4929 1234 5678 9012", fill="black", font_size=40)
    clean = prepare_photo(encoded(image, "PNG"), edit=of_words(["20,20,500,80"], None))
    assert clean.format == "PNG"
    shown = pixels(clean.data)
    assert (shown[20:100, 20:520] == COLOUR).all()
    shown[20:100, 20:520] = 255
    assert (shown == 255).all()


def test_a_stroke_covers_all_that_the_brush_went_over() -> None:
    points = [0.2, 0.2, 0.5, 0.3, 0.7, 0.8]
    clean = prepare_photo(
        encoded(secret(), "PNG"), edit=Edit.parse({"covers": [{"stroke": points, "radius": 0.04}]}), max_side=1024
    )
    shown = pixels(clean.data)
    for at in np.linspace(0, 1, 40):
        x, y = 0.2 + 0.3 * at, 0.2 + 0.1 * at
        place = shown[round(y * clean.height), round(x * clean.width)]
        assert np.abs(place - COLOUR).max() <= EDGE_NOISE, (x, y)
    radius = int(0.04 * clean.width) - 2
    x, y = round(0.7 * clean.width), round(0.8 * clean.height)
    assert np.abs(shown[y - radius : y + radius, x] - COLOUR).max() <= EDGE_NOISE


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (37, 21, 300, 260)])
def test_crop_then_cover_is_cover_then_crop(turn: int, crop: tuple[int, int, int, int] | None) -> None:
    image = secret(640, 480)
    boxes = [(120, 90, 81, 33), (300, 200, 55, 77)]
    both = Edit.parse(
        {"unit": "pixel", "covers": [{"box": list(box)} for box in boxes], "turn": turn, "crop": crop and list(crop)}
    ).in_fractions(image.size)
    at_once = both.apply(image)
    cropped = Edit.parse({"unit": "pixel", "turn": turn, "crop": crop and list(crop)}).in_fractions(image.size)
    cut = cropped.apply(image)
    plan = cropped.plan(image.size)
    for left, top, width, height in boxes:  # each where it is in what is left
        corners = [_there(plan.to_original, x, y) for x, y in ((left, top), (left + width, top + height))]
        xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        ImageDraw.Draw(cut).rectangle((xs[0], ys[0], xs[1] - 1, ys[1] - 1), fill=COLOUR)
    assert at_once.tobytes() == cut.tobytes()


def _there(to_original: tuple[float, ...], x: float, y: float) -> tuple[int, int]:
    a, b, c, d, e, f = to_original
    back = np.linalg.inv(np.array([[a, b, c], [d, e, f], [0, 0, 1]])) @ (x, y, 1)
    return round(back[0]), round(back[1])


@pytest.mark.parametrize("case", CASES["plans"], ids=lambda case: case["name"])
def test_places_are_where_the_table_says(case: dict[str, Any]) -> None:
    plan = Edit.parse(case["edit"]).plan(tuple(case["size"]))
    assert [list(plan.corner), list(plan.size)] == [case["corner"], case["out"]]
    assert list(plan.to_original) == pytest.approx(case["to_original"], abs=1e-4)


@pytest.mark.parametrize("case", CASES["boxes"], ids=str)
def test_a_cover_fills_every_pixel_that_it_touches(case: dict[str, Any]) -> None:
    white = Image.new("RGB", tuple(case["size"]), "white")
    shown = pixels(Edit((Box(*case["box"]),)).covered(white))
    left, top, right, bottom = case["pixels"]
    assert (shown[top : bottom + 1, left : right + 1] == COLOUR).all()
    assert (shown != 255).all(axis=2).sum() == (right - left + 1) * (bottom - top + 1)


def test_straightening_leaves_no_empty_corner_and_covers_turn_along() -> None:
    white = encoded(Image.new("RGB", (800, 600), "white"), "JPEG")
    clean = prepare_photo(white, edit=Edit.parse({"angle": 9}))
    assert pixels(clean.data).min() >= 250
    assert clean.width < 800
    turned = edit(angle=6, turn=90)
    image = secret(900, 700)
    shown = pixels(turned.cover_again(turned.apply(image), image.size))
    plan = turned.plan(image.size)
    for y in range(0, plan.size[1], 7):
        for x in range(0, plan.size[0], 7):
            a, b, c, d, e, f = plan.to_original
            u, v = a * (x + 0.5) + b * (y + 0.5) + c, d * (x + 0.5) + e * (y + 0.5) + f
            if 272 <= u <= 493 and 142 <= v <= 418:
                assert tuple(shown[y, x]) == COLOUR


def test_a_gain_map_would_show_what_was_covered_and_is_left_out() -> None:
    data = (SHARED / "formats" / "gain-map.jpg").read_bytes()
    assert "Its extra brightness on HDR screens was kept." in {str(note) for note in prepare_photo(data).notes}
    clean = prepare_photo(data, edit=edit())
    assert not any("kept" in str(note) for note in clean.notes)
    assert clean.data.count(b"\xff\xd8\xff") == 1  # one picture, and no second one behind it
    assert_covered(clean.data)


@pytest.mark.parametrize("path", sorted((SHARED / "phone").iterdir()), ids=lambda path: path.name)
def test_photos_of_phones_are_covered(path: Path) -> None:
    clean = prepare_photo(path, edit=edit(crop=[0.1, 0.1, 0.8, 0.8]))
    box = tuple((value - (0.1 if at < 2 else 0)) / 0.8 for at, value in enumerate(BOX))
    assert_covered(clean.data, box, inset=1)  # type: ignore[arg-type]


def test_where_memory_is_short_covers_grow_rather_than_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    data = jpeg(image=secret(2400, 1760))
    monkeypatch.setattr(decoding, "_limit", lambda: 50_000_000)
    clean = prepare_photo(data, edit=edit(), max_side=1024)
    assert_covered(clean.data)


def test_a_crop_of_one_pixel_is_a_photo() -> None:
    clean = prepare_photo(jpeg(image=secret(300, 200)), edit=of_words([], "10,10,1,1"))
    assert (clean.width, clean.height) == (1, 1)


NONSENSE = [
    "no object", [], {"covers": {}}, {"covers": [{"box": [0, 0, 1]}]}, {"covers": [{"box": [0, 0, 0, 0.5]}]},
    {"covers": [{"box": [0, 0, -1, 0.5]}]}, {"covers": [{"box": [1.5, 0, 0.2, 0.5]}]},
    {"covers": [{"box": [-1, -1, 0.5, 0.5]}]}, {"covers": [{"box": [0, 0, float("nan"), 1]}]},
    {"covers": [{"box": [0, 0, float("inf"), 1]}]}, {"covers": [{"box": [0, 0, 1e300, 1]}]},
    {"covers": [{"box": [0, 0, True, 1]}]}, {"covers": [{"box": ["0", 0, 1, 1]}]}, {"covers": [{"oval": [0, 0, 1, 1]}]},
    {"covers": [{"box": [0, 0, 1, 1], "colour": "red"}]}, {"covers": [{"stroke": [0.1], "radius": 0.1}]},
    {"covers": [{"stroke": [], "radius": 0.1}]}, {"covers": [{"stroke": [0.1, 0.1], "radius": 0}]},
    {"covers": [{"stroke": [0.1, 0.1], "radius": 7}]}, {"covers": [{"stroke": [9, 9], "radius": 0.1}]},
    {"covers": [{"box": [0, 0, 1, 1]}] * (MAX_COVERS + 1)}, {"covers": [{"box": [0, 0, 1, 1]}] * 100_000},
    {"covers": [{"stroke": [0.5] * (MAX_POINTS * 2 + 2), "radius": 0.1}]},
    {"turn": 45}, {"turn": True}, {"turn": "90"}, {"angle": 60}, {"angle": None}, {"crop": [0, 0, 0, 0]},
    {"crop": [0.5, 0.5, 0.6, 0.2]}, {"crop": [-0.1, 0, 0.5, 0.5]}, {"crop": "0,0,1,1"}, {"unit": "inch"}, {"more": 1},
]  # fmt: skip


@pytest.mark.parametrize("told", NONSENSE, ids=lambda told: str(told)[:60])
def test_nonsense_is_refused_in_words(told: Any) -> None:
    with pytest.raises(EditRefused) as refused:
        Edit.parse(told)
    assert str(refused.value)
    assert str(refused.value.fix)


@pytest.mark.parametrize("words", [["4000,10,20,20"], ["10,4000,20,20"], ["-40,-40,20,20"]])
def test_pixels_outside_of_this_photo_are_refused(words: list[str]) -> None:
    with pytest.raises(EditRefused):
        prepare_photo(jpeg(image=secret(300, 200)), edit=of_words(words, None))
    with pytest.raises(EditRefused):
        prepare_photo(jpeg(image=secret(300, 200)), edit=of_words([], "100,100,300,50"))


@pytest.mark.parametrize("words", ["", "1,2,3", "a,b,c,d", "1,2,3,4,5", "0,0,0,0", "nan,0,1,1"])
def test_words_that_are_no_box_are_refused(words: str) -> None:
    with pytest.raises(EditRefused):
        of_words([words], None)


def test_an_edit_is_the_same_after_json() -> None:
    told = {
        "unit": "fraction", "covers": [{"box": [0.1, 0.2, 0.3, 0.4]}, {"stroke": [0.5, 0.5, 0.6, 0.6], "radius": 0.02}],
        "turn": 90, "angle": -1.5, "crop": [0.1, 0.1, 0.8, 0.8],
    }  # fmt: skip
    assert Edit.parse(told).to_dict() == told
    assert not Edit.parse({})
