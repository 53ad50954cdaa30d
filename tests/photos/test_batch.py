"""Several photos at once, in bounded memory; and the quick way through HEIC gives what the slow way gives."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from lib.photos import PhotoProblem, PreparedPhoto, prepare_photos, read_metadata
from lib.photos import heic as quick
from lib.photos.gate import Gate, SlotLine
from lib.photos.towns import nearest_town
from tests.photos.making import encoded, heic, photo, planted


def test_every_photo_gets_its_outcome_and_a_broken_one_stops_nothing() -> None:
    items = [("a.jpg", planted()["JPEG EXIF"]), ("b.jpg", b"nothing"), ("c.png", planted()["PNG eXIf"])]
    outcomes = dict(prepare_photos(items, workers=2))
    assert sorted(outcomes) == [0, 1, 2]
    assert isinstance(outcomes[0], PreparedPhoto)
    assert isinstance(outcomes[1], PhotoProblem)
    assert isinstance(outcomes[2], PreparedPhoto)


def test_items_are_taken_only_when_a_worker_is_free() -> None:
    taken = 0

    def items() -> Iterator[tuple[str, bytes]]:
        nonlocal taken
        for n in range(20):
            taken += 1
            yield f"{n}.jpg", planted()["JPEG EXIF"]

    ready = prepare_photos(items(), workers=2)
    for done in range(1, 6):
        next(ready)
        assert taken <= done + 3
    ready.close()  # type: ignore[attr-defined]
    assert taken < 12


def test_closing_stops_the_work() -> None:
    before, taken = threading.active_count(), 0

    def items() -> Iterator[tuple[str, bytes]]:
        nonlocal taken
        for n in range(1000):
            taken += 1
            yield str(n), planted()["JPEG EXIF"]

    ready = prepare_photos(items(), workers=2)
    next(ready)
    ready.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
    assert taken < 10, "what was not begun is never begun"


def test_limits_and_size_reach_every_photo() -> None:
    data = encoded(photo(), "JPEG")
    ((_, small),) = prepare_photos([("a", data)], max_side=100)
    assert isinstance(small, PreparedPhoto)
    assert small.width == 100
    ((_, refused),) = prepare_photos([("a", data)], max_pixels=100)
    assert isinstance(refused, PhotoProblem)


def test_the_gate_lets_in_what_fits_and_a_giant_alone() -> None:
    gate, most, inside = Gate(lambda: 100), 0, 0
    lock = threading.Lock()

    def enter(pixels: int) -> None:
        nonlocal most, inside
        with gate.room(pixels):
            with lock:
                inside += min(pixels, 100)
                most = max(most, inside)
            time.sleep(0.01)
            with lock:
                inside -= min(pixels, 100)

    threads = [threading.Thread(target=enter, args=(size,)) for size in (40, 40, 40, 5000, 60, 10) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert inside == 0
    assert most <= 100


def test_a_batch_of_large_photos_stays_in_bounded_memory(tmp_path: Path) -> None:
    """A fifth of the figure that `python -m bench photos` takes: 20 photos of 12 megapixels."""
    large = tmp_path / "large.jpg"
    large.write_bytes(encoded(photo(1000, 750).resize((4000, 3000)), "JPEG", quality=90))
    program = """
import sys
from lib.photos import prepare_photo, prepare_photos
def peak():
    return int(next(row for row in open("/proc/self/status") if row.startswith("VmHWM")).split()[1]) // 1024
data = open(sys.argv[1], "rb").read()
prepare_photo(open(sys.argv[2], "rb").read())
idle = peak()
assert sum(1 for _ in prepare_photos((("x", open(sys.argv[1], "rb").read()) for _ in range(20)), workers=2)) == 20
print(peak() - idle)
"""
    small = tmp_path / "small.jpg"
    small.write_bytes(planted()["JPEG EXIF"])
    run = subprocess.run(
        [sys.executable, "-c", program, str(large), str(small)], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 250, "megabytes"


# --- HEIC ---------------------------------------------------------------------------------------------------------


def by_planes(data: bytes) -> Image.Image | None:
    planes = quick.decode(data)
    if planes is None:
        return None
    size = planes.size
    bands = [
        Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR) for plane in (planes.y, planes.cb, planes.cr)
    ]
    image = Image.merge("YCbCr", bands).convert("RGB")
    for turn in planes.turns:
        image = image.transpose(turn)
    return image


def by_libheif(data: bytes) -> Image.Image:
    return pillow_heif.open_heif(io.BytesIO(data)).to_pillow().convert("RGB")


@pytest.mark.parametrize("name", ["iphone-13-pro-max", "iphone-gps", "iphone-landscape-gps"])
def test_the_quick_way_gives_what_libheif_gives(real_photo: Callable[[str], Path], name: str) -> None:
    data = real_photo(f"phone/{name}.heic").read_bytes()
    image, reference = by_planes(data), by_libheif(data)
    assert image
    assert image.size == reference.size
    assert np.abs(np.asarray(image).astype(np.int16) - np.asarray(reference)).mean() < 1


@pytest.mark.parametrize("tile_size", [0, 128])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_made_heic_of_any_turn_gives_what_libheif_gives(tile_size: int, orientation: int) -> None:
    image = photo().copy()
    image.getexif()[0x0112] = orientation
    data = heic(tile_size=tile_size, image=image, exif=image.getexif().tobytes(), chroma=420)
    seen, reference = by_planes(data), by_libheif(data)
    assert seen, "the plain case"
    assert seen.size == reference.size
    assert (
        np.abs(np.asarray(seen).astype(np.int16) - np.asarray(reference)).mean() < 3
    )  # a wrong turn or matrix: 10 and more


@pytest.mark.parametrize(
    "options", [{"chroma": 444}, {"chroma": 422}, {"matrix_coefficients": 1}, {"full_range_flag": 0}]
)
def test_what_is_not_the_plain_case_is_left_to_libheif(options: dict[str, int]) -> None:
    assert quick.decode(heic(**options)) is None


def test_transparent_heic_is_left_to_libheif() -> None:
    image = photo().copy()
    image.putalpha(90)
    assert quick.decode(heic(image=image)) is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_preview_inside_a_heic_is_handed_out_upright(orientation: int) -> None:
    image = photo().copy()
    image.getexif()[0x0112] = orientation
    data = _with_thumbnail(image)
    preview = read_metadata(data).embedded_preview
    assert preview
    small = Image.open(io.BytesIO(preview))
    seen = by_libheif(data).resize(small.size)
    assert max(small.size) == 160
    assert np.abs(np.asarray(small).astype(np.int16) - np.asarray(seen)).mean() < 8


def test_a_heic_without_a_preview_has_none_to_show() -> None:
    assert read_metadata(heic()).embedded_preview is None


def _with_thumbnail(image: Image.Image) -> bytes:
    out = io.BytesIO()
    heif = pillow_heif.from_pillow(image)
    heif.info["thumbnails"] = [160]
    heif.save(out, quality=90, exif=image.getexif().tobytes())
    return out.getvalue()


# --- towns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latitude", "longitude", "name", "country", "km"),
    [
        (44.4175, 12.2035, "Ravenna", "Italy", 1),
        (44.45, 12.20, "Ravenna", "Italy", 4),
        (51.4826, -3.1854, "Cardiff", "United Kingdom", 1),
        (-17.75, -179.99, "Labasa", "Fiji", 170),  # across the date line
        (90, 0, "Longyearbyen", "Svalbard and Jan Mayen", 1400),
    ],
)
def test_the_nearest_town_is_found(latitude: float, longitude: float, name: str, country: str, km: float) -> None:
    place = nearest_town(latitude, longitude)
    if abs(latitude) < 60 and km < 100:
        assert (place.name, place.country) == (name, country)
        assert abs(place.km - km) <= 1
    else:
        assert place.name
        assert place.km < 3_000


def test_a_thread_that_is_inside_does_not_wait_for_itself() -> None:
    gate = Gate(lambda: 100)
    with gate.room(100), gate.room(100):
        pass
    with gate.room(100):
        pass


def test_a_few_at_a_time_and_the_others_hear_how_many_are_before_them() -> None:
    line, told, order = SlotLine(lambda: 1), list[tuple[int, int]](), list[int]()
    first_in, go = threading.Event(), threading.Event()

    def first() -> None:
        with line.turn(lambda _: pytest.fail("its place was free")):
            first_in.set()
            go.wait()
            order.append(1)

    def heard(number: int) -> Callable[[int], None]:
        def hear(before: int) -> None:
            told.append((number, before))
            go.set()

        return hear

    thread = threading.Thread(target=first)
    thread.start()
    first_in.wait()
    with line.turn(heard(2)):
        order.append(2)
    thread.join()
    assert order == [1, 2]
    assert told[0] == (2, 1)


def test_who_leaves_the_line_holds_up_nobody() -> None:
    line = SlotLine(lambda: 1)

    def leave(before: int) -> None:
        raise RuntimeError(before)

    with line.turn(lambda _: None), pytest.raises(RuntimeError), line.turn(leave):
        pytest.fail("there was no place")
    with line.turn(lambda _: pytest.fail("its place was free")):
        pass
