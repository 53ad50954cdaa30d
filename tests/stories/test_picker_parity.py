"""Both roads lead to the same picture: cleaned by the picker in Chromium, or by the server.

On a bare page, for the picker's own modules. Without the real photos the small made ones remain.
"""

from __future__ import annotations

import base64
import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from lib.photos import prepare_photo, read_metadata
from lib.photos.problems import PhotoProblem
from lib.picker import address, files
from tests.bench.photos import exact, ssim
from tests.conftest import REAL_PHOTOS, free_port
from tests.photos.colour_difference import difference
from tests.pictures import photo_with_secrets

WISH = 2048
MAX_BYTES = 30_000_000
LOOKS_ALIKE = 2.0  # CIEDE2000, mean; one is about what a person just sees
AS_CLOSE = 0.005  # SSIM to the exact reference, of one road against the other
TURNS = range(1, 9)

CLEAN = """async ([script, encoded, maxSide, maxBytes]) => {
  const { cleanPhoto } = await import(script);
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  try {
    const made = await cleanPhoto(new File([bytes], "x"), { maxBytes, maxSide, exact: true });
    const out = new Uint8Array(await made.blob.arrayBuffer());
    let data = "";
    for (let at = 0; at < out.length; at += 8192) data += String.fromCharCode(...out.subarray(at, at + 8192));
    return { ...made, data: btoa(data), blob: null, thumbnail: null };
  } catch (error) {
    return { refused: error.message };
  }
}"""
READ = """async ([script, encoded]) => {
  const { readHidden } = await import(script);
  const found = await readHidden(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)));
  return { ...found, preview: null };
}"""


@dataclass(frozen=True)
class Made:
    """What the device made, or handed on."""

    data: bytes
    told: dict[str, Any]

    @property
    def image(self) -> Image.Image:
        return ImageOps.exif_transpose(Image.open(io.BytesIO(self.data)))


@pytest.fixture(scope="module")
def bare_page(browser: Browser) -> Iterator[Page]:
    """A page with nothing on it, and the picker's files beside it."""
    blank = Route("/", lambda _request: HTMLResponse("<!doctype html><title>Bare</title>"))
    port = free_port()
    modules = Mount("/modules", StaticFiles(directory=files.WEB))  # as they are written, one by one
    config = uvicorn.Config(
        Starlette(routes=[blank, modules, *files.routes()]), port=port, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:  # a browser that comes earlier is refused
        assert thread.is_alive()
        time.sleep(0.01)
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"http://127.0.0.1:{port}/", wait_until="load")
    yield page
    page.close()
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def clean(bare_page: Page) -> Callable[[bytes], Made]:
    def by_picker(data: bytes, wish: int = WISH) -> Made:
        told = bare_page.evaluate(CLEAN, [address("clean.js"), base64.b64encode(data).decode(), wish, MAX_BYTES])
        return Made(base64.b64decode(told.pop("data", "")), told)

    return by_picker


def real(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        if (REAL_PHOTOS / folder).is_dir()
        for path in sorted((REAL_PHOTOS / folder).iterdir())
    ]


def on_white(image: Image.Image) -> Image.Image:
    """As it looks on a white page."""
    clear = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")


def luma(image: Image.Image) -> Any:
    return brightness(*np.moveaxis(np.asarray(image.convert("RGB"), np.float32), -1, 0))


def brightness(red: Any, green: Any, blue: Any) -> Any:
    return 0.299 * red + 0.587 * green + 0.114 * blue


def reference(data: bytes, size: tuple[int, int]) -> Any:
    """The brightness of the exact reference: a full decode and Lanczos in floating point."""
    bands = exact(io.BytesIO(data)).split()
    return brightness(*(np.asarray(band.convert("F").resize(size, Image.Resampling.LANCZOS)) for band in bands))


# What a camera wrote as another one did, what differs in its turn alone, and one of 17 megapixels.
REPEATS = re.compile("scroll|galaxy-s7|iphone-6-plus|issue-525|nexus|oppo|Landscape_[23457]")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.name, marks=pytest.mark.thorough if REPEATS.search(path.name) else ())
        for path in real("phone", "orientation", "formats", "kinds")
    ],
)
def test_a_real_photo_comes_out_the_same_on_both_roads(path: Path, clean: Callable[[bytes], Made]) -> None:
    data = path.read_bytes()
    here, there = clean(data), prepare_photo(data, max_side=WISH, max_bytes=MAX_BYTES)
    assert "refused" not in here.told
    # What recipients get: the server makes the picture anew, or keeps it where it was made on the device.
    sent = prepare_photo(here.data, max_side=WISH, max_bytes=MAX_BYTES)
    assert (sent.width, sent.height) == (there.width, there.height)
    mine, other = Image.open(io.BytesIO(sent.data)), Image.open(io.BytesIO(there.data))
    assert difference(on_white(mine), on_white(other)) <= LOOKS_ALIKE
    if not here.told["decoded"]:
        return
    assert here.image.size == (there.width, there.height)
    assert (here.told["width"], here.told["height"]) == (there.width, there.height)
    if path.suffix.lower() == ".jpg" and Image.open(io.BytesIO(data)).mode == "RGB" and min(other.size) > 64:
        best = reference(data, other.size)
        assert abs(ssim(luma(mine), best) - ssim(luma(other), best)) <= AS_CLOSE


def turned(form: str, turn: int) -> bytes:
    """A picture that says how to turn it."""
    exif = Image.Exif()
    exif[0x0112] = turn
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(photo_with_secrets(turn, 320, 200))).convert("RGB")
    picture.save(out, form, exif=exif.tobytes(), **({"lossless": True} if form == "WEBP" else {}))
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])  # Pillow writes the turn of AVIF as irot and imir
@pytest.mark.parametrize("turn", TURNS)
def test_a_turned_picture_comes_out_alike(form: str, turn: int, clean: Callable[[bytes], Made]) -> None:
    data = turned(form, turn)
    here, there = clean(data), prepare_photo(data)
    assert here.told["decoded"]
    assert here.image.size == (there.width, there.height)
    assert difference(here.image, Image.open(io.BytesIO(there.data))) <= LOOKS_ALIKE


@pytest.mark.parametrize("path", real("phone", "orientation", "formats", "kinds", "broken"), ids=lambda path: path.name)
def test_device_and_server_find_the_same(path: Path, bare_page: Page) -> None:
    data = path.read_bytes()
    found = bare_page.evaluate(READ, ["/modules/hidden.js", base64.b64encode(data).decode()])
    try:
        report = read_metadata(data)
    except PhotoProblem:
        assert not found["width"] or not found["format"]
        return
    assert found["format"] == report.format
    if report.format != "raw":  # there the server reports the preview that it would send
        assert (found["width"], found["height"]) == (report.width, report.height)
    kinds = {(one["kind"], one["where"]) for one in found["findings"]}
    assert {kind for kind, _ in kinds} == {finding.kind for finding in report.private}
    if report.latitude is None:
        assert found["position"] is None
    else:
        assert found["position"] == {
            "latitude": pytest.approx(report.latitude), "longitude": pytest.approx(report.longitude)
        }  # fmt: skip


@pytest.mark.parametrize("path", real("broken"), ids=lambda path: path.name)
def test_a_broken_file_is_refused_with_words_or_goes_to_the_server(path: Path, clean: Callable[[bytes], Made]) -> None:
    told = clean(path.read_bytes()).told
    assert told.get("refused") in {"noPhoto", "cutOff", "broken"} or told["decoded"] or told["width"] == 0
