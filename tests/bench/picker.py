"""Ten photos through the picker in Chromium: with one worker, and with as many as it starts by itself, in pairs."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import threading
from pathlib import Path
from typing import Final

import uvicorn
from playwright.sync_api import sync_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from lib.picker import address, files
from tests.bench import Table
from tests.conftest import REAL_PHOTOS, free_port
from tests.pictures import photo_with_secrets
from tests.stories.conftest import FLAGS

ROUNDS: Final = 5
PHOTOS: Final = 10
# A fresh set of workers cleans all photos at once; their start counts, as it does for a person.
_RACE: Final = """async ([script, workers]) => {
  const { Cleaner } = await import(script);
  const files = [...document.querySelector("input").files];
  const cleaner = new Cleaner(workers ?? undefined), start = performance.now();
  const made = await Promise.all(files.map((file) => cleaner.clean(file, { maxBytes: 3e7, maxSide: 2048 })));
  const took = performance.now() - start;
  for (const { worker } of cleaner.slots) worker.terminate();
  return [took, made.filter((one) => one.decoded).length];
}"""


def _photos(folder: Path) -> list[Path]:
    real = sorted((REAL_PHOTOS / "phone").glob("*.jpg")) if (REAL_PHOTOS / "phone").is_dir() else []
    if not real:
        real = [folder / f"{n}.jpg" for n in range(PHOTOS)]
        for n, path in enumerate(real):
            path.write_bytes(photo_with_secrets(n, 4000, 3000))
    return (real * PHOTOS)[:PHOTOS]


def main() -> list[Table]:
    """Measure."""
    blank = Route("/", lambda _request: HTMLResponse("<!doctype html><title>Bench</title><input type=file multiple>"))
    port = free_port()
    config = uvicorn.Config(Starlette(routes=[blank, *files.routes()]), port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    one: list[float] = []
    many: list[float] = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(300_000)
        page.goto(f"http://127.0.0.1:{port}/")
        photos = _photos(Path(name))
        page.locator("input").set_input_files(photos)
        page.evaluate(_RACE, [address("cleaner.js"), 1])  # both have everything in memory
        for _ in range(ROUNDS):
            for workers, times in ((1, one), (None, many)):
                took, decoded = page.evaluate(_RACE, [address("cleaner.js"), workers])
                assert decoded == PHOTOS
                times.append(took / 1000)
        browser.close()
    server.should_exit = True
    ratios = [first / second for first, second in zip(one, many, strict=True)]
    cores = os.cpu_count() or 1
    rows = [
        ("one worker", f"{statistics.median(one):.2f}", "1.00 x"),
        (f"as many as cores, {min(4, cores)}", f"{statistics.median(many):.2f}", f"{statistics.median(ratios):.2f} x"),
    ]
    spread = f"Ratios of the {ROUNDS} pairs: {', '.join(f'{ratio:.2f}' for ratio in sorted(ratios))}."
    return [
        Table(f"The picker: {PHOTOS} photos, {cores} cores", ("workers", "seconds, median", "as fast"), rows, [spread])
    ]
