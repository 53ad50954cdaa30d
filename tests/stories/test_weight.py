"""What the app weighs on the line: bytes, requests and elements, counted. Seconds are measured by the benchmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from lib.front.compressed import Compressed, worth_it
from lib.front.kept import Kept
from lib.front.streamlit_files import StreamlitFiles
from lib.settings import settings
from tests.conftest import RunningApp, running_app
from tests.pictures import photo_with_secrets

COLD_BYTES = 850_000  # until a photo can be chosen, by HTTP and by Streamlit's own line together
MORE_REQUESTS = 25  # than Streamlit asks for an app of one line
TAP_BYTES = 25_000
ELEMENTS = 900  # nodes in the first page; what is closed is not built


class Line:
    """Everything that comes over the line to one page, as Chromium counts it: headers and pressed bodies."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.bytes = 0
        self.frames = 0  # bytes of Streamlit's own line, before it is pressed
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", lambda told: self.requests.append(told["request"]["url"]))
        session.on("Network.loadingFinished", lambda told: self._add(told["encodedDataLength"]))
        session.on("Network.webSocketFrameReceived", lambda told: self._frame(told["response"]))

    def _add(self, size: float) -> None:
        self.bytes += int(size)

    def _frame(self, told: dict[str, object]) -> None:
        self.frames += len(str(told["payloadData"])) * 3 // 4  # binary frames are told as base64


@contextmanager
def fresh(browser: Browser) -> Iterator[tuple[Page, Line]]:
    """A phone that was never here."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    page = context.new_page()
    yield page, Line(page)
    context.close()


def usable(page: Page, url: str) -> None:
    page.goto(f"{url}/create")
    expect(page.get_by_role("button", name="Choose photos")).to_be_visible()
    page.wait_for_load_state("networkidle")


def press_all(requests: list[str]) -> None:
    """Press what a visit asks for as small as it goes, as the app does beside itself after the first one."""
    files, pressed = StreamlitFiles(), Compressed(Kept(settings().cache_folder))
    for url in requests:
        name = urlsplit(url).path.removeprefix("/")
        if name in files.names and worth_it(name, len(files.read(name))):
            pressed.press_whole(files.read(name), "br")


def test_a_photo_can_be_chosen_after_little(app: RunningApp, browser: Browser, tmp_path: Path) -> None:
    with fresh(browser) as (page, line):
        usable(page, app.url)
        press_all(line.requests)
    with fresh(browser) as (page, line):
        usable(page, app.url)
        ours = line
    bare = tmp_path / "bare.py"
    bare.write_text("import streamlit as st\n\nst.title('Bare')\n", encoding="utf-8")
    with running_app(tmp_path, script=str(bare)) as other, fresh(browser) as (page, line):
        page.goto(other.url)
        expect(page.get_by_role("heading", name="Bare")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert line.bytes > 2 * COLD_BYTES  # what Streamlit weighs by itself: the ruler works
        bares = line
    assert len(ours.requests) - len(bares.requests) <= MORE_REQUESTS, sorted(ours.requests)
    assert ours.bytes + ours.frames <= COLD_BYTES, (ours.bytes, ours.frames)


def test_what_comes_after_the_first_tap_is_asked_for_with_it(app: RunningApp, browser: Browser) -> None:
    """The fields of the options: while somebody looks through the gallery the line is free."""
    with fresh(browser) as (page, line):
        usable(page, app.url)
        before = len(line.requests)
        page.get_by_role("heading", name="Send photos").tap()
        page.wait_for_load_state("networkidle")
        ahead = [url for url in line.requests[before:] if "/static/js/" in url]
        assert any("/TextInput." in url for url in ahead)
        asked = len(line.requests)
        picture = FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=photo_with_secrets(1))
        page.locator("input.pick").set_input_files([picture])
        expect(page.get_by_role("button", name="Create link")).to_be_enabled()
        page.wait_for_load_state("networkidle")
        late = [url for url in line.requests[asked:] if "/static/js/" in url and url not in ahead]
        assert late == []


@pytest.mark.parametrize("path", ["", "create"])
def test_every_script_that_a_page_begins_with_is_asked_for_with_the_page(
    app: RunningApp, browser: Browser, path: str
) -> None:
    """Else it is asked for after the app has come, one wait later. The names stand in `parts` of lib/front/pages.py."""
    with fresh(browser) as (page, line):
        page.goto(f"{app.url}/{path}")
        drawn(page)
        page.wait_for_load_state("networkidle")
        needed = {name for url in line.requests if (name := urlsplit(url).path).startswith("/static/js/")}
    named = re.findall(r'(?:href|src)="\.(/static/js/[^"]+)"', httpx.get(f"{app.url}/{path}").text)
    assert needed == set(named)


def drawn(page: Page) -> None:
    expect(page.locator("#front-first")).to_have_count(0)
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()


def test_a_second_visit_asks_for_next_to_nothing(app: RunningApp, browser: Browser) -> None:
    with fresh(browser) as (page, line):
        usable(page, app.url)
        line.bytes = line.frames = 0
        usable(page, app.url)
        assert line.bytes <= 60_000, line.bytes


def test_a_tap_and_the_first_page_are_light(app: RunningApp, browser: Browser) -> None:
    with fresh(browser) as (page, line):
        page.goto(app.url)
        expect(page.get_by_text("Passalong is independent")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.querySelectorAll('*').length") <= ELEMENTS
        line.bytes = line.frames = 0
        page.get_by_text("Someone I already chat with", exact=True).click()
        expect(page.get_by_role("radiogroup", name=re.compile("How many photos"))).to_be_visible()
        expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()
        assert 0 < line.frames <= TAP_BYTES
