"""Codes and faces are found as proposals, wherever the photo shows them."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image

from lib.photos import find, prepare_photo, written
from lib.photos.find import Proposal, kinds, look
from tests.conftest import ROOT
from tests.photos.making import encoded, photo
from tests.photos.writing import scenes

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
def test_codes_are_found_turned_and_small(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Faces and text have tests of their own, and take long.
    monkeypatch.setattr(find, "kinds", lambda: frozenset({"code"}))
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


@pytest.mark.skipif("text" not in kinds(), reason="no reader of text is installed here")
def test_plates_house_numbers_and_pages_are_found() -> None:
    try:
        for name, kind, at in (
            ("plate", "plate", 2),
            ("number", "number", 3),
            ("page", "text", 1),
            ("screen", "text", 2),
        ):
            image, middle, how = list(scenes(name, [photo(*SIZE)], at + 1))[at]
            found = written.apart.look(image)
            assert any(seen == kind and holds(Proposal("text", box), middle) for seen, box in found), (name, how, found)
        program = written.apart._program  # noqa: SLF001
        assert program is not None
        program.kill()  # out of memory, say
        program.wait()
        assert written.apart.look(image)  # it starts again
    finally:
        written.apart.stop()


@pytest.mark.parametrize(
    ("text", "sure", "shape", "kind"),
    [
        ("5AU 5341", 0.9, 3.3, "plate"), ("12-AB-34", 0.9, 4.6, "plate"), ("23-456-78", 0.9, 4.6, "plate"),
        ("12", 0.9, 1.2, "number"), ("45a", 0.9, 1.5, "number"), ("12/3", 0.9, 1.5, "number"),
        ("Maria Schneider", 0.95, 9, "text"), ("AB12", 0.9, 20, "text"), ("12", 0.5, 1, None), ("***", 0.99, 2, None),
        ("", 0, 1, None), ("5AU 5341", 0.3, 3.3, None),
    ],
)  # fmt: skip
def test_what_stands_alone_is_told_apart(text: str, sure: float, shape: float, kind: str | None) -> None:
    assert written.kind_of(text, sure, shape) == kind


def test_a_reader_that_cannot_start_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written.sys, "executable", "/bin/false")
    reader = written.Apart()
    assert reader.look(Image.new("RGB", (40, 30))) == []
    reader.stop()
