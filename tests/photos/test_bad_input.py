"""Whatever comes in: clean bytes or words, never another exception, never a lot of memory."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.photos import (
    BrokenPicture,
    EmptyFile,
    NotAPicture,
    PhotoProblem,
    TooLarge,
    TooManyPixels,
    UnsupportedPicture,
    find_leftovers,
    prepare_photo,
    preview_card,
    read_metadata,
    small_photo,
)
from tests.conftest import REAL_PHOTOS
from tests.photos.making import chunk, encoded, exif, gif, heic, jpeg, photo, photoshop, planted, png, segment, webp

BROKEN = sorted((REAL_PHOTOS / "broken").glob("*"))


def with_words(problem: PhotoProblem) -> str:
    assert str(problem)
    assert problem.title
    assert problem.fix
    return type(problem).__name__


def clean_or_words(data: bytes) -> str:
    """Prepare, and prove that the outcome is one of the two that are allowed."""
    try:
        clean = prepare_photo(data)
    except PhotoProblem as problem:
        return with_words(problem)
    assert find_leftovers(clean.data) == ()
    assert small_photo(clean.data)
    return "clean"


@pytest.mark.skipif(not BROKEN, reason="the real broken photos are not on this machine")
@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name[:30])
def test_real_broken_files_give_words_or_a_clean_photo(path: Path) -> None:
    clean_or_words(path.read_bytes())
    try:
        read_metadata(path.read_bytes())
    except PhotoProblem as problem:
        with_words(problem)


@pytest.mark.parametrize(
    ("data", "problem", "text"),
    [
        (b"", EmptyFile, "no content"),
        (b"hello, this is text", NotAPicture, "not a picture"),
        (b"\x00" * 500, NotAPicture, "not a picture"),
        (b"<!DOCTYPE html><html><img></html>", NotAPicture, "web page"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', UnsupportedPicture, "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><svg></svg>', UnsupportedPicture, "SVG"),
        (b"%PDF-1.7 ...", UnsupportedPicture, "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", UnsupportedPicture, "EPS"),
        (b"\xc5\xd0\xd3\xc6 binary eps", UnsupportedPicture, "EPS"),
        (b"8BPS\x00\x01" + bytes(50), UnsupportedPicture, "Photoshop"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", UnsupportedPicture, "raw"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", UnsupportedPicture, "video"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x00crx isom", UnsupportedPicture, "raw"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", UnsupportedPicture, "JPEG XL"),
        (b"\xff\xd8\xff", BrokenPicture, "damaged"),
        (b"\x89PNG\r\n\x1a\n", BrokenPicture, "damaged"),
        (b"GIF89a", BrokenPicture, "damaged"),
        (b"II*\x00", BrokenPicture, "damaged"),
        (b"RIFF\x04\x00\x00\x00WEBP", BrokenPicture, "damaged"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", BrokenPicture, "damaged"),
    ],
)
def test_what_is_not_taken_is_refused_with_its_reason(data: bytes, problem: type[PhotoProblem], text: str) -> None:
    with pytest.raises(problem, match=text):
        prepare_photo(data)
    with pytest.raises(problem, match=text):
        read_metadata(data)


def test_limits_are_named_with_value_and_limit() -> None:
    data = encoded(photo(), "PNG")
    with pytest.raises(TooLarge, match=r"The photo is .* kB; the limit is 20 kB a photo"):
        prepare_photo(data, max_bytes=20_000)
    with pytest.raises(TooManyPixels, match=r"320 x 240 pixels .* limit is 0 megapixels"):
        prepare_photo(data, max_pixels=10_000)


def _png_bomb() -> bytes:
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 6, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _jpeg_bomb() -> bytes:
    data = bytearray(encoded(photo(), "JPEG"))
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xdc\xff\xdc"
    return bytes(data)


def _heic_bomb() -> bytes:
    data = heic()
    for at in [n for n in range(len(data)) if data[n : n + 4] == b"ispe"]:
        data = data[: at + 8] + struct.pack(">II", 60_000, 60_000) + data[at + 16 :]
    return data


def _gif_bomb() -> bytes:
    plain = encoded(photo().quantize(64), "GIF")
    return plain[:6] + b"\xff\xff\xff\xff" + plain[10:]


def _webp_bomb() -> bytes:
    data = bytearray(webp((b"EXIF", exif())))
    data[24:30] = b"\xff\x3f\x00\xff\x3f\x00"
    return bytes(data)


def _tiff_bomb() -> bytes:
    tags = [(0x0100, 60_000), (0x0101, 60_000), (0x0106, 2), (0x0111, 8), (0x0117, 10)]
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(tags)) + rows + bytes(4)


def _bmp_bomb() -> bytes:
    data = bytearray(encoded(photo(), "BMP"))
    data[18:26] = struct.pack("<ii", 60_000, -60_000)
    return bytes(data)


BOMBS = {
    "PNG": _png_bomb, "JPEG": _jpeg_bomb, "HEIC": _heic_bomb, "GIF": _gif_bomb, "WebP": _webp_bomb, "TIFF": _tiff_bomb,
    "BMP": _bmp_bomb,
}  # fmt: skip


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_by_its_header(kind: str) -> None:
    data = BOMBS[kind]()
    started = time.process_time()
    with pytest.raises(TooManyPixels):
        prepare_photo(data)
    assert time.process_time() - started < 0.5


def test_bombs_cost_next_to_no_memory(tmp_path: Path) -> None:
    for kind, make in BOMBS.items():
        (tmp_path / kind).write_bytes(make())
    (tmp_path / "frames").write_bytes(_frames())
    program = """
import resource, sys, pathlib
from lib.photos import prepare_photo, PhotoProblem
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try: prepare_photo(path.read_bytes())
    except PhotoProblem as problem: print(type(problem).__name__)
print(peak() - before)
"""
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    *problems, grown = run.stdout.split()
    assert problems == ["TooManyPixels"] * len(BOMBS)
    assert int(grown) < 80, "megabytes"


def _frames(count: int = 10_000) -> bytes:
    plain = encoded(photo().quantize(16), "GIF")
    start = 13 + (3 << ((plain[10] & 7) + 1))
    return (
        plain[:-1]
        + plain[start:-1] * 3
        + b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00" * count
        + b"\x3b"
    )


def test_ten_thousand_frames_cost_only_the_first() -> None:
    data = _frames()
    started = time.process_time()
    clean = prepare_photo(data)
    assert time.process_time() - started < 1
    assert clean.notes == (f"Only the first of {clean.report.frames:,} frames was kept.",)
    assert clean.report.frames > 10_000
    animated = png(chunk(b"acTL", struct.pack(">II", 10_000, 0)))
    assert prepare_photo(animated).notes == ("Only the first of 10,000 frames was kept.",)


def test_a_text_chunk_that_inflates_without_end_is_cut() -> None:
    data = png(chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(60_000_000), 9)))
    started = time.process_time()
    assert read_metadata(data).findings
    assert clean_or_words(data) == "BrokenPicture"  # no honest program writes that
    assert time.process_time() - started < 1.5


def _overlapping_tiff() -> bytes:
    """A thousand tags in each of sixty directories, all with the same long value."""
    size = 40_000
    rows = b"".join(struct.pack(">HHII", 1000 + n, 7, size, 8) for n in range(1000))
    directory = struct.pack(">H", 1000) + rows
    at = 8 + size
    chain = b"".join(directory + struct.pack(">I", at + (n + 1) * (len(directory) + 4)) for n in range(60))
    return b"MM\x00*" + struct.pack(">I", at) + bytes(size) + chain


def _endless_heic() -> bytes:
    """Thousands of items of thousands of pieces, each piece the whole file."""
    pieces = struct.pack(">H", 60_000) + struct.pack(">II", 0, 0) * 60_000
    places = b"".join(struct.pack(">HH", n, 0) + pieces for n in range(1, 6))
    content = b"\x00\x00\x00\x00\x44\x00" + struct.pack(">H", 4_000) + places
    iloc = struct.pack(">I", len(content) + 8) + b"iloc" + content
    kinds = b"".join(
        struct.pack(">I", 21) + b"infe\x02\x00\x00\x00" + struct.pack(">HH", n, 0) + b"Exif\x00" for n in range(1, 6)
    )
    iinf = struct.pack(">I", len(kinds) + 14) + b"iinf\x00\x00\x00\x00\x00\x05" + kinds
    inner = b"\x00\x00\x00\x00" + iloc + iinf
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + struct.pack(">I", len(inner) + 8) + b"meta" + inner


ENDLESS = {
    "overlapping tags": lambda: jpeg(segment(0xE1, b"Exif\x00\x00" + _overlapping_tiff()[:65_000])),
    "a TIFF of overlapping tags": _overlapping_tiff,
    "a million comments": lambda: b"\xff\xd8" + segment(0xFE, b"") * 1_000_000 + jpeg()[2:],
    "many texts that inflate": lambda: png(*[chunk(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(4_000_000), 9))] * 400),
    "a million chunks": lambda: png(*[chunk(b"prVt", b"")] * 1_000_000),
    "overlapping items": _endless_heic,
    "a million captions": lambda: jpeg(
        *[segment(0xED, b"Photoshop 3.0\x00" + photoshop(b"\x1c\x02\x78\x00\x01a" * 9_000))] * 100
    ),
}


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_is_made_to_take_for_ever_takes_a_moment(kind: str) -> None:
    data = ENDLESS[kind]()
    started = time.process_time()
    clean_or_words(data)
    assert time.process_time() - started < 2.5


def test_xmp_that_grows_by_entities_is_not_followed() -> None:
    lol = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    report = read_metadata(jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + lol)))
    assert [finding.value for finding in report.findings] == [f"{len(lol)} bytes, not readable"]


def test_a_directory_that_points_at_itself_ends() -> None:
    block = b"MM\x00*\x00\x00\x00\x08" + struct.pack(">H", 1) + struct.pack(">HHII", 0x8769, 4, 1, 8)
    block += struct.pack(">I", 8)
    assert read_metadata(jpeg(segment(0xE1, b"Exif\x00\x00" + block))).findings == ()


def test_a_polyglot_is_only_the_picture_afterwards() -> None:
    script = b"/*<script>alert(1)</script><?php system('id'); ?>*/"
    for data in (
        gif(b"\x21\xfe" + bytes([len(script)]) + script + b"\x00"),
        jpeg(segment(0xFE, script), trailer=script),
    ):
        assert b"script" not in prepare_photo(data).data


@pytest.mark.parametrize(
    "place", ["JPEG EXIF", "PNG eXIf", "WebP EXIF", "GIF XMP", "TIFF tags", "HEIC EXIF", "AVIF EXIF"]
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_file_cut_off_anywhere_gives_words_or_a_clean_photo(place: str) -> None:
    data = planted()[place]
    outcomes = {clean_or_words(data[: len(data) * n // 12]) for n in range(12)}
    assert outcomes <= {"EmptyFile", "NotAPicture", "BrokenPicture", "UnsupportedPicture", "TooManyPixels", "clean"}
    assert "BrokenPicture" in outcomes


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_random_bytes_give_words(data: bytes) -> None:
    assert clean_or_words(data) != "clean"
    assert find_leftovers(data)


HEADS = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\x00\x08\x00\x00\x00", b"RIFF\x99\x00\x00\x00WEBPVP8X",
         b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", b"BM" + bytes(12) + b"\x28\x00\x00\x00"]  # fmt: skip


@given(st.sampled_from(HEADS), st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_random_bytes_behind_a_true_head_give_words(head: bytes, rest: bytes) -> None:
    clean_or_words(head + rest)
    find_leftovers(head + rest)


@given(
    place=st.sampled_from(["JPEG EXIF thumbnail", "JPEG MPF", "JPEG IPTC", "PNG zTXt", "WebP XMP", "GIF XMP",
                     "TIFF tags", "HEIC EXIF", "BMP trailer"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8),
    early=st.booleans(),
)  # fmt: skip
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_changed_byte_here_and_there_never_breaks_out(
    place: str, changes: list[tuple[float, int]], *, early: bool
) -> None:
    data = bytearray(planted()[place])
    reach = min(len(data) - 1, 600) if early else len(data) - 1
    for where, byte in changes:
        data[int(where * reach)] = byte
    clean_or_words(bytes(data))
    find_leftovers(bytes(data))


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xd9", b"no picture"])
def test_a_damaged_stored_photo_is_named(data: bytes) -> None:
    with pytest.raises(BrokenPicture):
        small_photo(data)
    with pytest.raises(BrokenPicture):
        preview_card(data, blurred=True)
