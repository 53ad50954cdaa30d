"""Codes and faces are found as proposals, wherever the photo shows them."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image

from lib.photos import prepare_photo
from lib.photos.find import Proposal, kinds, look
from tests.conftest import ROOT
from tests.photos.making import encoded, photo

SIZE = 1200, 900
FORMATS = ("QR", "EAN13", "Code128", "DataMatrix", "PDF417", "Aztec")
WIDE = frozenset(("EAN13", "Code128", "PDF417"))


def code(form: str, number: int) -> Image.Image:
    if form == "QR":
        made = io.BytesIO()
        segno.make(f"https://example.org/{number}", micro=False).save(made, "png", scale=8, border=4)
        return Image.open(made).convert("RGBA")
    text = f"{number:012d}" if form == "EAN13" else f"PA-{number:06d}"
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, form))
    drawn = zxingcpp.write_barcode_to_image(barcode, scale=6, add_quiet_zones=True)
    return Image.fromarray(np.array(drawn)).convert("RGBA")


def scene(form: str, angle: int, side: int, number: int) -> tuple[bytes, tuple[float, float]]:
    """A photo with a code in it, and where its middle is."""
    dice = random.Random(f"{form} {angle} {side} {number}")
    drawn = code(form, number)
    scale = side / max(drawn.size)
    drawn = drawn.resize((round(drawn.width * scale), round(drawn.height * scale)), Image.Resampling.LANCZOS)
    drawn = drawn.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    image = photo(*SIZE).copy()
    x, y = dice.randrange(10, SIZE[0] - drawn.width - 10), dice.randrange(10, SIZE[1] - drawn.height - 10)
    image.paste(drawn, (x, y), drawn)
    middle = (x + drawn.width / 2) / SIZE[0], (y + drawn.height / 2) / SIZE[1]
    return encoded(image, "JPEG", quality=88), middle


def holds(found: Proposal, middle: tuple[float, float]) -> bool:
    x, y, width, height = found.box
    return x <= middle[0] <= x + width and y <= middle[1] <= y + height


@pytest.mark.skipif("code" not in kinds(), reason="no reader of codes is installed here")
@pytest.mark.parametrize("form", FORMATS)
def test_codes_are_found_turned_and_small(form: str) -> None:
    large = 2 if form in WIDE else 1
    tries = [(angle, 200 * large) for angle in (0, 20, 90, 180)] + [(0, 110 * large), (7, 140 * large)]
    for number, (angle, side) in enumerate(tries, 1234):
        data, middle = scene(form, angle, side, number)
        assert any(one.kind == "code" and holds(one, middle) for one in look(data)), (angle, side)


@pytest.mark.skipif("face" not in kinds(), reason="no finder of faces is built for this machine")
def test_a_face_is_found_once() -> None:
    path = ROOT.parent / "shared" / "photos" / "kinds" / "hopper_orientation_6.webp"
    if not path.is_file():
        pytest.skip("the photos are not here")
    (face,) = look(prepare_photo(path).data)
    assert face.kind == "face"
    assert holds(face, (0.48, 0.4))
    assert all(0 <= part <= 1 for part in face.box)


def test_nothing_is_found_where_nothing_is() -> None:
    assert not look(encoded(Image.new("RGB", (400, 300), "white"), "PNG"))
    assert not look(encoded(Image.new("RGBA", (3, 1)), "PNG"))
