"""Pictures of up to 250 megapixels, in bounded memory: made smaller while they are decoded."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib.photos import (
    PhotoProblem,
    TooManyPixels,
    cost,
    find_leftovers,
    heic,
    png_strips,
    policy,
    prepare_photo,
)
from lib.photos.containers.heif import parse
from lib.photos.formats import Format
from tests.photos.making import chunk, encoded, jpeg, photo
from tests.photos.making import heic as made_heic

TILE = 512


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def full_box(name: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(name, struct.pack(">I", version << 24 | flags) + content)


def grid(columns: int, rows: int, tile: Image.Image | None = None, *, lie: tuple[int, int] | None = None) -> bytes:
    """A HEIC of the same tile again and again, as large as one likes, in a few kilobytes."""
    image = tile or photo(TILE, TILE)
    small = made_heic(image=image, chroma=420)
    source = parse(small)
    item = source.items[source.primary]
    config, coded = item.first_property(b"hvcC"), source.content(item)
    assert config
    count = columns * rows
    size = lie or (columns * image.width, rows * image.height)
    ids = list(range(1, count + 1))
    infe = b"".join(full_box(b"infe", struct.pack(">HH4s", n, 0, b"hvc1") + b"\x00", 2) for n in ids)
    infe += full_box(b"infe", struct.pack(">HH4s", count + 1, 0, b"grid") + b"\x00", 2)
    properties = (
        box(b"hvcC", config)
        + full_box(b"ispe", struct.pack(">II", *image.size))
        + full_box(b"ispe", struct.pack(">II", *size))
    )
    links = b"".join(struct.pack(">HBBB", n, 2, 0x81, 2) for n in ids) + struct.pack(">HBB", count + 1, 1, 3)
    iprp = box(b"iprp", box(b"ipco", properties) + full_box(b"ipma", struct.pack(">I", count + 1) + links))
    head = b"\x00\x01" + bytes([rows - 1, columns - 1]) + struct.pack(">II", *size)
    iref = full_box(
        b"iref", box(b"dimg", struct.pack(">HH", count + 1, count) + b"".join(struct.pack(">H", n) for n in ids))
    )

    def whole(at: int) -> bytes:
        places = b"".join(struct.pack(">HHHII", n, 0, 1, at, len(coded)) for n in ids)
        places += struct.pack(">HHHII", count + 1, 0, 1, at + len(coded), len(head))
        meta = full_box(b"hdlr", bytes(4) + b"pict" + bytes(13)) + full_box(b"pitm", struct.pack(">H", count + 1))
        meta += full_box(b"iloc", b"\x44\x00" + struct.pack(">H", count + 1) + places)
        meta += full_box(b"iinf", struct.pack(">H", count + 1) + infe) + iprp + iref
        return box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic") + full_box(b"meta", meta)

    start = whole(0)
    return whole(len(start) + 8) + box(b"mdat", coded + head)


def large_png(width: int, height: int) -> bytes:
    """White, with a block of noise, written row by row."""
    packer, body = zlib.compressobj(1), []
    noise = np.random.default_rng(1).integers(0, 256, (64, 3), dtype=np.uint8).tobytes()
    for y in range(height):
        row = (noise + b"\xff" * (3 * width - len(noise))) if y % 97 < 64 else b"\xff" * (3 * width)
        body.append(packer.compress(b"\x00" + row))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = b"".join(body) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


MEASURE = """
import sys
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
from lib.photos import prepare_photo, PhotoProblem
from tests.photos.making import encoded, heic, photo
def status(what):
    return int(next(row for row in open("/proc/self/status") if row.startswith(what)).split()[1]) // 1024
for form in ("JPEG", "PNG"): prepare_photo(encoded(photo(), form))
prepare_photo(heic())
side, at_once = int(sys.argv[2]), int(sys.argv[3])
data = Path(sys.argv[1]).read_bytes()
idle = status("VmRSS")
with ThreadPoolExecutor(at_once) as pool:
    for clean in pool.map(lambda _: prepare_photo(data, max_side=side), range(at_once)):
        print(clean.width, clean.height)
print(status("VmHWM") - idle)
"""


def measured(path: Path, side: int = 2048, at_once: int = 1) -> tuple[set[str], int]:
    """Sizes of what came out, and megabytes above idle at most."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path), str(side), str(at_once)], capture_output=True, text=True, check=True
    )
    *sizes, peak = run.stdout.splitlines()
    return set(sizes), int(peak)


def test_a_jpeg_of_200_megapixels_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(encoded(Image.new("RGB", (16320, 12240), (90, 120, 60)), "JPEG", quality=50))
    sizes, peak = measured(path)
    assert sizes == {"2048 1536"}
    assert peak < 150, "megabytes"
    sizes, peak = measured(path, 8192)
    assert sizes == {"8160 6120"}  # a half: the whole would take 800 MB
    assert peak < 400, "megabytes"


def test_twenty_pictures_of_200_megapixels_at_once_stay_under_the_budget(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(encoded(Image.new("RGB", (16320, 12240), (90, 120, 60)), "JPEG", quality=50))
    sizes, peak = measured(path, at_once=20)
    assert sizes == {"2048 1536"}
    assert peak < 450, "megabytes: 400 for the photos, and what the threads keep"


def test_a_heic_of_200_megapixels_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "large.heic"
    path.write_bytes(grid(32, 24, Image.new("RGB", (TILE, TILE), "teal")))
    sizes, peak = measured(path)
    assert sizes == {"2048 1536"}
    assert peak < 150, "megabytes"


def test_a_heic_of_tiles_made_smaller_while_decoding_is_the_same_picture() -> None:
    tile = photo(TILE, TILE)
    clean = prepare_photo(grid(12, 9, tile))
    assert (clean.width, clean.height) == (2048, 1536)
    seen = Image.open(io.BytesIO(clean.data)).resize((12 * 64, 9 * 64), Image.Resampling.BOX)
    whole = Image.new("RGB", (12 * 64, 9 * 64))
    for n in range(12 * 9):
        whole.paste(tile.resize((64, 64), Image.Resampling.BOX), (n % 12 * 64, n // 12 * 64))
    assert np.abs(np.asarray(seen).astype(int) - np.asarray(whole)).mean() < 5


@pytest.mark.parametrize("lie", [(60_000, 60_000), (600, 600), (6144, 9000)])
def test_a_heic_that_lies_about_its_size_gives_words_or_a_clean_photo(lie: tuple[int, int]) -> None:
    said, found = "clean", ()
    try:
        found = find_leftovers(prepare_photo(grid(4, 3, lie=lie)).data)
    except PhotoProblem as problem:
        said = str(problem)
    assert found == ()
    assert said


def test_a_tile_that_is_larger_than_the_file_says_is_not_decoded() -> None:
    data = made_heic(image=photo(1200, 900), chroma=420)
    at = data.index(b"ispe") + 8
    lying = data[:at] + struct.pack(">II", 64, 48) + data[at + 8 :]
    assert heic.decode(lying) is None


@pytest.mark.thorough
def test_a_png_of_240_megapixels_is_taken_strip_by_strip(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(large_png(20_000, 12_000))
    sizes, peak = measured(path)
    assert sizes == {"6667 4000"}  # a drawing: bounded by its area
    assert peak < 300, "megabytes"


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "1", "I;16"])
@pytest.mark.parametrize("shrink", [1, 4])
def test_strips_give_what_decoding_whole_gives(mode: str, shrink: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png_strips, "STRIP_BYTES", 20_000)
    image = photo(333, 250).copy()
    ImageDraw.Draw(image).rectangle((50, 50, 200, 200), fill="white")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    elif mode in {"LA", "RGBA"}:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
        image = image.convert(mode)
    else:
        image = image.quantize(40) if mode == "P" else image.convert(mode)
    data = encoded(image, "PNG")
    seen = png_strips.decode(data, shrink)
    reference = {"I;16": lambda: photo(333, 250), "P": lambda: image.convert("RGB"), "1": lambda: image.convert("L")}
    whole = reference.get(mode, lambda: image)()
    if mode == "I;16":
        whole = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    whole = whole.reduce(shrink) if shrink > 1 else whole
    assert (seen.mode, seen.size) == (whole.mode, whole.size)
    assert np.abs(np.asarray(seen).astype(int) - np.asarray(whole)).max() <= (1 if shrink > 1 else 0)


def test_what_would_take_more_memory_than_there_is_is_refused_with_words() -> None:
    data = encoded(Image.new("RGB", (16000, 15000)), "JPEG", quality=20, progressive=True, subsampling="4:4:4")
    with pytest.raises(TooManyPixels, match=r"takes about 1\.\d GB of memory; this server gives 400 MB") as caught:
        prepare_photo(data)
    assert "not a progressive one" in caught.value.fix


def test_the_usual_photo_costs_little() -> None:
    choice = policy.choose(policy.Facts(4032, 3024, camera=True), 2048)
    assert cost.of(jpeg(), Format.JPEG, (4032, 3024), choice) < 130_000_000
