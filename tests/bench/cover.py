"""Covering: what is found of what may be worth covering, beside OpenCV's own readers; and how smooth the editor is."""

from __future__ import annotations

import io
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from lib.photos import PhotoProblem, find, prepare_photo, written
from lib.photos.resize import fit, resize
from tests.bench import Table, faces
from tests.conftest import REAL_PHOTOS, running_app
from tests.photos.making import encoded, photo
from tests.photos.test_find import FORMATS, WIDE, scene
from tests.photos.writing import THINGS, scenes
from tests.pictures import photo_with_secrets
from tests.stories.conftest import FLAGS

EACH: Final = 40  # scenes of each kind of writing
ANGLES: Final = tuple(range(0, 360, 20))
ROUNDS: Final = 5
Middle = tuple[float, float]
_LONG: Final = """() => { globalThis.longest = [];
  new PerformanceObserver((list) => longest.push(...list.getEntries().map((one) => one.duration)))
    .observe({ type: "longtask" }); }"""


def main() -> list[Table]:
    """Measure."""
    return [_recall(), _alarms(), _editor()]


def _grounds() -> list[Image.Image]:
    names = ("iphone-6-plus.jpg", "nexus-4.jpg", "oppo-r7-plus-gps.jpg", "issue-525-12mp.jpg", "nokia-8.3-gps.jpg")
    there = [REAL_PHOTOS / "phone" / name for name in names if (REAL_PHOTOS / "phone" / name).is_file()]
    made = [Image.open(io.BytesIO(prepare_photo(path).data)).convert("RGB") for path in there]
    return [resize(one, fit(one.size, 1600)) for one in made] or [photo(1600, 1200)]


def _recall() -> Table:
    rows = []
    for form in FORMATS:
        sides = (200, 300, 500) if form in WIDE else (110, 200, 400)
        tries = [scene(form, angle, sides[at % 3], at) for at, angle in enumerate(ANGLES)]
        ours = sum(_hit(((one.kind, one.box) for one in find.look(data)), "code", middle) for data, middle in tries)
        theirs = sum(_hit(_opencv(data), "code", middle) for data, middle in tries)
        rows.append((form, f"turned by every 20°, {min(sides)} to {max(sides)} px", f"{ours} of {len(tries)}",
                     f"{theirs} of {len(tries)}"))  # fmt: skip
    reader = written.Reader()
    for name, (_, sizes) in THINGS.items():
        kind = name if name in {"plate", "number"} else "text"
        ours = 0
        for image, middle, _ in scenes(name, _grounds(), EACH):
            shown = Image.open(io.BytesIO(encoded(image, "JPEG", quality=82)))
            ours += _hit(_parts(reader.look(shown), shown.size), kind, middle)
        unit = "high" if name == "number" else "wide"
        rows.append((name, f"{min(sizes)} to {max(sizes)} px {unit} of 1600, leaning", f"{ours} of {EACH}", ""))
    rows += [(*row, "") for row in faces.tried(_grounds())]
    note = "Generated and put into photos; OpenCV's QRCodeDetector and BarcodeDetector are the rival, in the same run. "
    note += "Faces are those of public pictures that two packages ship (tests/bench/faces.csv), put into photos."
    return Table("What is proposed to be covered", ("kind", "set", "found", "by OpenCV"), rows, [note])


def _hit(found: Iterator[tuple[str, find.Proposal | Any]], kind: str, middle: Middle) -> bool:
    return any(
        one == kind and box[0] <= middle[0] <= box[0] + box[2] and box[1] <= middle[1] <= box[1] + box[3]
        for one, box in found
    )


def _parts(found: Iterator[tuple[str, written.Box]], size: tuple[int, int]) -> Iterator[tuple[str, written.Box]]:
    for kind, (x, y, width, height) in found:
        yield kind, (x / size[0], y / size[1], width / size[0], height / size[1])


def _opencv(data: bytes) -> Iterator[tuple[str, written.Box]]:
    """Where OpenCV finds a code, read or not."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    high, wide = picture.shape[:2]
    for detect in (cv2.QRCodeDetector().detectMulti, cv2.barcode.BarcodeDetector().detectMulti):
        there, corners = detect(picture)
        for one in np.reshape(corners, (-1, 4, 2)) if there else ():
            (left, top), (right, bottom) = one.min(axis=0), one.max(axis=0)
            yield "code", (left / wide, top / high, (right - left) / wide, (bottom - top) / high)


def _alarms() -> Table:
    counts: dict[str, int] = {}
    photos = 0
    for path in sorted(REAL_PHOTOS.rglob("*")) if REAL_PHOTOS.is_dir() else []:
        if not path.is_file() or path.parent.name == "broken":
            continue
        try:
            clean = prepare_photo(path)
        except PhotoProblem:
            continue
        photos += 1
        for one in find.look(clean.data):
            counts[one.kind] = counts.get(one.kind, 0) + 1
    rows = [(kind, str(n)) for kind, n in sorted(counts.items())]
    return Table(f"Proposals in {photos} photos of shared/photos, right or wrong", ("kind", "how many"), rows)


def _editor() -> Table:
    with (
        tempfile.TemporaryDirectory() as name,
        running_app(Path(name)) as app,
        sync_playwright() as playwright,
    ):
        path = Path(name) / "large.jpg"
        path.write_bytes(photo_with_secrets(1, 4000, 3000))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(180_000)
        page.goto(f"{app.url}/create")
        page.locator("input.pick").set_input_files(path)
        page.get_by_text("1 photo ready.").first.wait_for()
        page.locator("li.card").get_by_role("button").click()
        opened = [_opened(page) for _ in range(ROUNDS)]
        longest = _painted(page)
        browser.close()
    rows = [
        ("open a photo of 12 megapixels, first time", f"{opened[0]:.0f} ms", "1,000 ms"),
        ("again, median", f"{statistics.median(opened[1:]):.0f} ms", "1,000 ms"),
        ("paint with 150 moves: longest task", f"{longest:.0f} ms" if longest else "none over 50 ms", "50 ms"),
    ]
    return Table("The editor", ("what", "measured", "bar"), rows)


_OPEN: Final = """() => new Promise((done) => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)];
  const find = (name) => roots.map((one) => one.querySelector(name)).find(Boolean), start = performance.now();
  find("dialog.sheet button.cover").click();
  const look = () => find("dialog.cover-editor .done:not([disabled])") ? done(performance.now() - start)
    : requestAnimationFrame(look);
  look();
})"""


def _opened(page: Page) -> float:
    took = float(page.evaluate(_OPEN))
    editor = page.get_by_role("dialog", name="Cover and crop")
    editor.get_by_role("button", name="Cancel").click()
    editor.wait_for(state="detached")
    return took


def _painted(page: Page) -> float:
    page.evaluate(_OPEN)
    editor = page.get_by_role("dialog", name="Cover and crop")
    editor.get_by_role("button", name="Paint").click()
    place = editor.locator(".stage").bounding_box()
    assert place
    page.evaluate(_LONG)
    page.mouse.move(place["x"] + place["width"] * 0.3, place["y"] + place["height"] * 0.3)
    page.mouse.down()
    for at in range(150):
        page.mouse.move(
            place["x"] + place["width"] * (0.3 + 0.4 * at / 150),
            place["y"] + place["height"] * (0.5 + 0.2 * np.sin(at / 6)),
        )
    page.mouse.up()
    editor.get_by_role("button", name="Delete this cover").wait_for()
    return max(page.evaluate("longest"), default=0.0)
