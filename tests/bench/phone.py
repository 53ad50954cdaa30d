"""From choosing ten photos to the copied link on a slow phone line: cleaned on the phone, or on the server.

The line is throttled by Chromium's own tools. Bytes are counted at a loopback door between browser and app, so that
everything counts: photos, headers, Streamlit's own traffic. Both ways use the same app and the same photos.
"""

from __future__ import annotations

import io
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bench import Table
from tests.ui.hevc_decoder import give_hevc_decoder

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PHOTOS: Final = ROOT.parent / "shared" / "photos" / "phone"
LINE: Final = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}  # slow 4G
LIMIT_MS: Final = 600_000
JPEG_QUALITY: Final = 92  # a phone that hands over HEIC as JPEG spends about this much

_NOTE: Final = (
    "The first ten are the real photos, with the HEIC among them saved as JPEG at quality "
    f"{JPEG_QUALITY}, as a phone hands them to a page that asks for JPEG. Chromium cannot open HEIC: in the second "
    "ten, those three go up whole, with what they tell blanked. In the last row Chromium is given a HEVC decoder, as "
    "many phones and computers have one: FFmpeg plays it, so its bytes are what counts, not its seconds."
)


class Door:
    """Passes everything on to the app and counts the bytes that the browser sends."""

    def __init__(self, port: int) -> None:
        self.sent = 0
        self._to = port
        self._listen = socket.create_server(("127.0.0.1", 0))
        self.port = self._listen.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listen.accept()
            except OSError:
                return
            app = socket.create_connection(("127.0.0.1", self._to))
            threading.Thread(target=self._pass, args=(browser, app, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(app, browser, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, count: bool) -> None:  # noqa: FBT001 - private
        try:
            while data := source.recv(65_536):
                if count:
                    self.sent += len(data)
                target.sendall(data)
        except OSError:
            pass
        finally:
            for side in (source, target):
                side.close()

    def close(self) -> None:
        """Let nobody in any more."""
        self._listen.close()


@contextmanager
def _phone(browser: Browser, url: str, *, hevc: bool) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, device_scale_factor=2,
        permissions=["clipboard-read", "clipboard-write"], locale="en-GB",
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(LIMIT_MS)
    if hevc:
        give_hevc_decoder(page)
    page.goto(f"{url}/create")
    page.locator("input.pick").wait_for(state="attached")
    yield page
    context.close()


def _throttle(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)


def _to_the_copied_link(page: Page, count: int) -> None:
    page.get_by_text(f"{count} photos, ").first.wait_for()
    create = page.get_by_role("button", name="Create link")
    expect(create).to_be_enabled(timeout=LIMIT_MS)
    create.tap()
    page.get_by_text("Your link is ready").wait_for()
    page.get_by_role("button", name="Copy link").tap()
    page.get_by_text("Copied", exact=True).first.wait_for()


def _measure(
    browser: Browser, door: Door, photos: list[Path], *, on_phone: bool, hevc: bool = False
) -> tuple[int, float]:
    """Return bytes sent and seconds, from choosing the photos to the copied link."""
    with _phone(browser, f"http://127.0.0.1:{door.port}", hevc=hevc) as page:
        if not on_phone:
            page.get_by_text("Use the simple picker").tap()
        chooser = page.locator("input.pick") if on_phone else page.locator("[data-testid=stFileUploader] input")
        chooser.wait_for(state="attached")
        _throttle(page)
        before, start = door.sent, time.perf_counter()
        chooser.set_input_files(photos)
        _to_the_copied_link(page, len(photos))
        return door.sent - before, time.perf_counter() - start


def _as_jpeg(path: Path, folder: Path) -> Path:
    """The same photo as a phone hands it to a web page that asks for JPEG: full size, with everything it tells."""
    if path.suffix != ".heic":
        return path
    import pillow_heif

    image = pillow_heif.open_heif(path).to_pillow()
    out = io.BytesIO()
    image.save(
        out, "JPEG", quality=JPEG_QUALITY, exif=image.info.get("exif") or b"", icc_profile=image.info.get("icc_profile")
    )
    made = folder / f"{path.stem}.jpg"
    made.write_bytes(out.getvalue())
    return made


def main() -> list[Table]:
    """Measure ten photos both ways, once as JPEG and once with three of them as HEIC, which Chromium cannot open."""
    if not PHOTOS.is_dir():
        print("tests.bench.phone needs the real photos in ../shared/photos/phone; skipped.")
        return []
    sys.path.insert(0, str(ROOT))
    from tests.conftest import running_app
    from tests.stories.conftest import FLAGS

    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        originals = sorted(PHOTOS.iterdir())
        sets = {"ten JPEG": [_as_jpeg(path, folder) for path in originals], "seven JPEG, three HEIC": originals}
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for text, photos in sets.items():
            whole = sum(path.stat().st_size for path in photos)
            with running_app(folder) as app:
                door = Door(int(app.url.rpartition(":")[2]))
                here, fast = _measure(browser, door, photos, on_phone=True)
                there, slow = _measure(browser, door, photos, on_phone=False)
                ways = [("on the phone", here, fast), ("on the server", there, slow)]
                if any(path.suffix == ".heic" for path in photos):
                    ways.append(
                        ("on a phone that decodes HEVC", *_measure(browser, door, photos, on_phone=True, hevc=True))
                    )
                door.close()
            rows += [
                (
                    "" if number else f"{text}, {whole / 1e6:.1f} MB",
                    way,
                    f"{sent / 1e6:.1f}",
                    f"{seconds:.0f}",
                    f"{slow / seconds:.1f} x",
                    f"{there / sent:.1f} x",
                )
                for number, (way, sent, seconds) in enumerate(ways)
            ]
        browser.close()
    return [
        Table(
            "On a phone, slow 4G (1.6 Mbit/s, 150 ms): from choosing ten photos to the copied link",
            ("photos", "cleaned", "MB sent", "seconds", "as fast", "fewer bytes"),
            rows,
            [_NOTE],
        )
    ]
