"""A real browser: Debian's Chromium, driven by Playwright, as a phone and as a desktop.

Debian packs the same Chromium twice: as a program with windows, and as one that only draws pages. The second opens a
page with half the work, and walks all stories but those of `windowed`. Where it is missing, the first walks them all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.conftest import RunningApp, running_app

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip

ELSEWHERE = "http://127.0.0.2:9/"  # a story asks there on purpose, and has to be refused
WAIT_MS = 60_000  # how long a page may take on a busy machine; who waits for longer has found a fault
WINDOWED = "chromium", "chromium-browser"
LIGHT = "chromium-headless-shell"

expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


def launched(playwright: Playwright, *names: str) -> Browser:
    """Start the first of these programs that is there."""
    program = next(filter(None, map(shutil.which, names)), None)
    assert program, "Chromium is missing: run ./tests/tools.sh"
    return playwright.chromium.launch(executable_path=program, args=FLAGS)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launched(playwright, LIGHT, *WINDOWED)
    yield running
    running.close()


@pytest.fixture(scope="session")
def windowed(playwright: Playwright) -> Iterator[Browser]:
    """The whole Chromium, for what only it does: to judge whether an app can be installed."""
    running = launched(playwright, *WINDOWED)
    yield running
    running.close()


@pytest.fixture(scope="session")
def picker_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The picker alone, on a page that says what its draft holds."""
    with running_app(tmp_path_factory.mktemp("picker"), script="tests/ui/picker_app/app.py") as running:
        yield running


@pytest.fixture(scope="session")
def user_agent(browser: Browser) -> str:
    """What Chromium calls itself when a person sits before it: without a screen it says so, and counts as a machine."""
    page = browser.new_page()
    try:
        return str(page.evaluate("navigator.userAgent")).replace("HeadlessChrome", "Chrome")
    finally:
        page.close()


@pytest.fixture
def new_context(browser: Browser, user_agent: str) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts (each a stranger to the others); all are closed at the end.

    No page may ask for anything that its own policy forbids: Chromium says so on its console, in every story.
    """
    opened: list[BrowserContext] = []
    refused: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text and ELSEWHERE not in message.text:
            refused.append(message.text)

    def make(**options: object) -> BrowserContext:
        wanted = {"locale": "en-GB", "timezone_id": "UTC", "user_agent": user_agent} | options
        context = browser.new_context(**wanted)
        context.set_default_timeout(WAIT_MS)
        context.on("console", listen)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert not refused, refused


@pytest.fixture
def with_preferences(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[..., BrowserContext]]:
    """Start a whole Chromium whose owner changed its settings; one at a time."""
    opened: list[BrowserContext] = []

    def make(preferences: dict[str, Any], **options: Any) -> BrowserContext:
        profile = tmp_path / "profile" / "Default"
        profile.mkdir(parents=True)
        (profile / "Preferences").write_text(json.dumps(preferences), encoding="utf-8")
        program = next(filter(None, map(shutil.which, WINDOWED)), None)
        opened.append(
            playwright.chromium.launch_persistent_context(
                profile.parent, executable_path=program, args=FLAGS, viewport=PHONE, **({"locale": "en-GB"} | options)
            )
        )
        opened[-1].set_default_timeout(WAIT_MS)
        return opened[-1]

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A fresh phone, 360 px wide, with touch."""
    return new_context(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2).new_page()


@pytest.fixture
def desktop(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(viewport=DESKTOP).new_page()


def until(page: Page, condition: str, arg: Any = None) -> None:
    """Wait until a condition holds on a page. Playwright's own way asks again by `eval`, which our pages forbid."""
    ends = monotonic() + WAIT_MS / 1_000
    while not page.evaluate(condition, arg):
        assert monotonic() < ends, condition


def settled(page: Page) -> None:
    """Wait until the app has drawn a page to its end; a page of another kind is settled at once."""
    if page.locator("#root, [data-testid=stApp]").count():
        expect(page.locator("#front-first")).to_have_count(0)
        expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()
        expect(page.locator("[data-stale=true]")).to_have_count(0)


def take_option(page: Page, box: str, option: str) -> None:
    """Open a list and take one of its lines. A list closes again where the page is drawn anew; then open it again."""
    line = page.get_by_role("option", name=option)
    for _ in range(4):
        settled(page)
        page.get_by_role("combobox", name=box).click()
        try:
            line.click(timeout=5_000)
        except PlaywrightError:
            continue
        return
    pytest.fail(f"the list {box!r} never showed {option!r}")


@pytest.fixture(scope="session")
def look() -> Callable[[Page, str], None]:
    """Take a screenshot of the whole page into $SCREENSHOTS, where that is set, for a person to look at."""
    folder = os.environ.get("SCREENSHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            settled(page)
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take


# Rules that judge Streamlit's own frame, which this project cannot change.
FRAME_RULES: dict[str, str] = {
    "presentation-role-conflict": "the drop zone of st.file_uploader; its button is named and takes the keyboard",
}


@pytest.fixture(scope="session")
def no_axe_violations() -> Callable[..., None]:
    """Assert that axe-core finds nothing on the page as it stands; `only` names one of its rules."""
    axe = Axe()

    def check(page: Page, only: str | None = None) -> None:
        settled(page)
        found = [
            f"{violation['id']}: {node['html'][:160]} — {node['failureSummary']}"
            for violation in axe.run(page, options={"runOnly": [only]} if only else None).response["violations"]
            if violation["id"] not in FRAME_RULES
            for node in violation["nodes"]
        ]
        assert not found, "\n".join(found)

    return check


@pytest.fixture
def fits(look: Callable[[Page, str], None], no_axe_violations: Callable[..., None]) -> Callable[[Page, str], None]:
    """Assert, in light and in dark, that the page as it stands moves up and down only and that axe finds nothing."""

    def check(page: Page, name: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            no_axe_violations(page, only="color-contrast" if scheme == "dark" else None)  # nothing else differs
            for box in ("html", "[data-testid=stMain]"):
                assert page.locator(box).evaluate("box => box.scrollWidth - box.clientWidth") <= 0, f"{box}, {scheme}"
            look(page, f"{name}-{page.viewport_size['width'] if page.viewport_size else ''}-{scheme}")

    return check
