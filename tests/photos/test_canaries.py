"""What is planted anywhere in a picture is found, named, and never comes out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from lib.photos import (
    Leftover,
    find_leftovers,
    prepare_photo,
    preview_card,
    read_metadata,
    small_photo,
)
from lib.photos.slideshow import make_slideshow
from tests.photos.making import CANARY, RAVENNA, WORD, chunk, planted, segment

PLACES = sorted(planted())
TRACES = (WORD, WORD.lower(), CANARY.encode("utf-16-le"), CANARY.encode("utf-16-be"), WORD.hex().encode())
# What exiftool may find in a clean file: what the picture itself needs
HARMLESS_GROUPS = {"ExifTool", "System", "File", "Composite", "JFIF", "PNG"}
HARMLESS_PNG = {
    "ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace", "Palette",
    "Transparency",
}  # fmt: skip


def has_trace(data: bytes) -> bool:
    return any(trace in data for trace in TRACES)


@pytest.mark.parametrize("place", PLACES)
def test_the_canary_is_really_planted(place: str) -> None:
    assert "zTXt" in place or "raw" in place or "ICC" in place or has_trace(planted()[place])


@pytest.mark.parametrize("place", PLACES)
def test_what_is_planted_is_reported_as_private(place: str) -> None:
    report = read_metadata(planted()[place])
    assert report.private, report.findings
    silent = ("trailer", "thumbnail", "MPF", "unknown", "application")  # told by size, or shown as a picture
    if not any(word in place for word in silent):
        assert any(CANARY in finding.value for finding in report.private), report.findings
    assert report.verdict != "This photo held nothing private."


@pytest.mark.parametrize("place", [p for p in PLACES if "EXIF" in p or "XMP" in p or "eXIf" in p or "raw" in p])
def test_a_position_is_read_from_every_container(place: str) -> None:
    report = read_metadata(planted()[place])
    assert report.latitude == pytest.approx(RAVENNA[0], abs=1e-4)
    assert report.longitude == pytest.approx(RAVENNA[1], abs=1e-4)
    assert report.place
    assert report.place.name == "Ravenna"
    assert report.verdict == "This photo told where it was taken: in or beside Ravenna, Italy."


@pytest.mark.parametrize(
    "place", ["JPEG EXIF thumbnail", "JPEG MPF", "JPEG Photoshop thumbnail", "JPEG JFXX thumbnail"]
)
def test_the_preview_inside_is_handed_out_to_be_shown(place: str) -> None:
    preview = read_metadata(planted()[place]).embedded_preview
    assert preview
    assert preview.startswith(b"\xff\xd8")


@pytest.mark.parametrize("place", PLACES)
def test_nothing_planted_comes_out(place: str) -> None:
    clean = prepare_photo(planted()[place])
    made = [clean.data, small_photo(clean.data)]
    made += [preview_card(clean.data, blurred=blurred) for blurred in (True, False)]
    for data in made:
        assert not has_trace(data)
        assert find_leftovers(data) == ()
        assert read_metadata(data).findings == ()


@pytest.fixture(scope="module")
def clean_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    for number, place in enumerate(PLACES):
        clean = prepare_photo(planted()[place])
        (folder / f"{number}.{clean.format.lower()}").write_bytes(clean.data)
        (folder / f"{number}-small.jpeg").write_bytes(small_photo(clean.data))
        (folder / f"{number}-card.jpeg").write_bytes(preview_card(clean.data, blurred=False))
    return folder


def test_exiftool_finds_nothing_either(clean_folder: Path) -> None:
    found = subprocess.run(
        ["exiftool", "-json", "-G1", "-a", "-u", "-r", str(clean_folder)], capture_output=True, check=True
    )
    rows = json.loads(found.stdout)
    assert len(rows) == 3 * len(PLACES)
    for row in rows:
        for key in row.keys() - {"SourceFile"}:
            group, _, tag = key.partition(":")
            assert group in HARMLESS_GROUPS, key
            assert group != "PNG" or tag in HARMLESS_PNG, key
            assert group != "File" or "Comment" not in tag, key


def test_a_video_of_planted_photos_holds_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    video = make_slideshow(list(planted().values())[:12], out, seconds_per_photo=0.4, size=(108, 192), fps=10)
    assert video.photos == 12
    assert not has_trace(out.read_bytes())
    tags = subprocess.run(["exiftool", "-json", "-G1", "-a", "-u", str(out)], capture_output=True, check=True)
    text = tags.stdout.decode()
    for telling in ("Lavf", "x264", "Encoder", "Comment", "Title", "GPS", "Software", "2026:"):
        assert telling not in text.replace("File Modif", "").split('"QuickTime:', 1)[1], telling


@pytest.mark.parametrize("place", [p for p in PLACES if p.startswith(("JPEG", "PNG"))])
def test_the_second_parser_sees_every_planted_place(place: str) -> None:
    assert find_leftovers(planted()[place])


@pytest.fixture(scope="module")
def clean_jpeg() -> bytes:
    return prepare_photo(planted()["JPEG EXIF"]).data


@pytest.mark.parametrize(
    ("where", "extra"),
    [
        ("JPEG APP1", segment(0xE1, b"Exif\x00\x00" + WORD)),
        ("JPEG APP1", segment(0xE1, b"x")),
        ("JPEG APP2", segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + WORD)),
        ("JPEG APP13", segment(0xED, WORD)),
        ("JPEG APP15", segment(0xEF, b"")),
        ("JPEG APP0", segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01abc")),
        ("JPEG APP0", segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + WORD)),
        ("JPEG APP14", segment(0xEE, b"Adobe" + WORD)),
        ("JPEG comment", segment(0xFE, b"")),
    ],
)
def test_a_leftover_in_a_jpeg_is_named(clean_jpeg: bytes, where: str, extra: bytes) -> None:
    assert find_leftovers(clean_jpeg) == ()
    assert where in {leftover.where for leftover in find_leftovers(clean_jpeg[:2] + extra + clean_jpeg[2:])}


def test_a_jfif_head_that_is_longer_than_it_should_be_is_a_leftover(clean_jpeg: bytes) -> None:
    head = int.from_bytes(clean_jpeg[4:6], "big") + 4
    assert clean_jpeg[6:10] == b"JFIF"
    longer = segment(0xE0, clean_jpeg[6:head] + WORD)
    assert [left.where for left in find_leftovers(clean_jpeg[:2] + longer + clean_jpeg[head:])] == ["JPEG APP0"]


def test_a_single_byte_behind_a_jpeg_is_a_leftover(clean_jpeg: bytes) -> None:
    assert find_leftovers(clean_jpeg + b"!") == (Leftover("After the end of the JPEG", "1 bytes"),)


def test_a_cut_jpeg_and_other_files_are_not_called_clean(clean_jpeg: bytes) -> None:
    for data in (
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff",
        clean_jpeg[:-2],
        clean_jpeg[:300],
        planted()["WebP EXIF"],
        b"GIF89a",
    ):
        assert find_leftovers(data)


@pytest.mark.parametrize("name", [b"tEXt", b"eXIf", b"iCCP", b"tIME", b"pHYs", b"prVt", b"gAMA"])
def test_a_leftover_in_a_png_is_named(name: bytes) -> None:
    drawing = prepare_photo(_drawing())
    assert drawing.format == "PNG"
    assert find_leftovers(drawing.data) == ()
    data = drawing.data[:33] + chunk(name, WORD) + drawing.data[33:]
    assert f"PNG {name.decode()}" in {leftover.where for leftover in find_leftovers(data)}
    assert find_leftovers(drawing.data + b"x")


def _drawing() -> bytes:
    from PIL import Image, ImageDraw

    from tests.photos.making import encoded

    image = Image.new("RGB", (200, 100), "white")
    ImageDraw.Draw(image).ellipse((20, 20, 180, 80), fill="teal")
    return encoded(image, "PNG")
