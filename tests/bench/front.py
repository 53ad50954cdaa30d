"""The front door: until a photo can be chosen on slow 4G, what a tap costs, many visitors at once. Against before.

"Before" is this repository at the last commit without lib/front, in a worktree of git, started with the same Python in
the same run. Rounds of the two take turns, so that a busy machine hits both.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from tests.bench import Table
from tests.bench._visitors import at_once, keep_tapping, taps
from tests.bench.share import BROWSER, CONNECTIONS, _cpu_s, _found, _on_core, _picture

ROOT: Final = Path(__file__).resolve().parent.parent.parent
BEFORE: Final = "38a102e"
LINE: Final = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}  # slow 4G
ROUNDS: Final = 3
TAPS: Final = 20
VISITORS: Final = 50
SENDERS: Final = 4
SECONDS: Final = 6


@dataclass(frozen=True, slots=True)
class _App:
    url: str
    pid: int
    link: str


@contextmanager
def _source(commit: str, folder: Path) -> Iterator[Path]:
    """Check out a commit beside this one."""
    place = folder / "before"
    git = ["git", "-C", str(ROOT)]
    subprocess.run([*git, "worktree", "add", "--detach", str(place), commit], check=True, capture_output=True)
    try:
        yield place
    finally:
        subprocess.run([*git, "worktree", "remove", "--force", str(place)], check=True, capture_output=True)


@contextmanager
def _running(source: Path, folder: Path) -> Iterator[_App]:
    """Start the app of a source, as `make run` does."""
    from tests.conftest import free_port

    port = free_port()
    folder.mkdir()
    env = os.environ | {"PASSALONG_DATA_DIR": str(folder), "PASSALONG_SECRETS_FILE": os.devnull}
    env.pop("PASSALONG_CACHE_DIR", None)
    photos = [folder / f"photo-{number}.jpg" for number in range(3)]
    for photo in photos:
        photo.write_bytes(_picture((1600, 1067)))
    # The command line is the same in both versions. Its exit code says that nobody serves the link yet.
    told = subprocess.run(
        [sys.executable, "-m", "lib", "send", *map(str, photos)],
        cwd=source, env=env | {"PASSALONG_PUBLIC_URL": "http://bench.test"}, check=False,
        capture_output=True, text=True,
    ).stdout  # fmt: skip
    link = _found(r"http://bench\.test(/s/\S+)", told)
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless", "true",
               "--server.address", "127.0.0.1", "--server.port", str(port)]  # fmt: skip
    with (folder / "app.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=source, env=env, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{port}"
        try:
            from tests.conftest import wait_for

            wait_for(f"{url}/_stcore/health", process, folder / "app.log")
            yield _App(url, process.pid, url + link)
        finally:
            process.terminate()
            process.wait()


def _usable(browser: Browser, url: str, door: str = "create") -> tuple[float, int, int]:
    """Open a door on a phone that was never here. Returns seconds until a photo can be chosen, bytes, requests."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(120_000)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    came, asked = [0], [0]

    def add(size: float) -> None:
        came[0] += int(size)

    def ask(_told: object) -> None:
        asked[0] += 1

    session.on("Network.loadingFinished", lambda told: add(told["encodedDataLength"]))
    session.on("Network.webSocketFrameReceived", lambda told: add(len(told["response"]["payloadData"]) * 3 / 4))
    session.on("Network.requestWillBeSent", ask)
    started = time.perf_counter()
    page.goto(f"{url}/{door}", wait_until="commit")
    page.get_by_role("button", name="Choose photos").wait_for()
    if door == "send":  # there the plain field stands first, and the picker takes its place
        page.locator("input.pick").wait_for(state="attached")
    seconds = time.perf_counter() - started
    page.wait_for_load_state("networkidle")
    context.close()
    return seconds, came[0], asked[0]


def _tap_ms(app: _App, page: str) -> float:
    asyncio.run(taps(app.url, page, 3))
    before = _cpu_s(app.pid)
    asyncio.run(taps(app.url, page, TAPS - 1))  # opening is a run of the page too
    return (_cpu_s(app.pid) - before) / TAPS * 1_000


def _crowd_s(app: _App, page: str) -> float:
    return statistics.median(asyncio.run(at_once(app.url, page, VISITORS)))


def _share_p99_ms(app: _App) -> float:
    """Ask for a share page while senders tap."""
    tapping = threading.Thread(target=lambda: asyncio.run(keep_tapping(app.url, "create", SENDERS, SECONDS + 2)))
    tapping.start()
    time.sleep(1)
    told = subprocess.run(
        [*_on_core(1), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-H", f"User-Agent: {BROWSER}",
         app.link],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    tapping.join()
    value = _found(r"99%\s+([\d.]+[mu]?s)", told)
    number = float(value.rstrip("mus"))
    return number / 1_000 if value.endswith("us") else number if value.endswith("ms") else number * 1_000


def main() -> list[Table]:
    """Measure both versions in turns."""
    from tests.stories.conftest import FLAGS

    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        try:
            old = stack.enter_context(_source(BEFORE, folder))
        except subprocess.CalledProcessError:
            print(f"The front is not measured: the commit {BEFORE} is not in this copy of the repository.")
            return []
        before = stack.enter_context(_running(old, folder / "data-before"))
        now = stack.enter_context(_running(ROOT, folder / "data-now"))
        found: dict[str, list[tuple[float, float]]] = {}

        def note(what: str, pair: tuple[float, float]) -> None:
            found.setdefault(what, []).append(pair)

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            _usable(browser, now.url)  # a first visit: after it, the app presses what was asked for
            time.sleep(20)
            for _ in range(ROUNDS):
                was, is_now = (_usable(browser, app.url) for app in (before, now))
                note("Create usable on slow 4G, s (aim 6)", (was[0], is_now[0]))
                note("its bytes, MB (aim 0.85)", (was[1] / 1e6, is_now[1] / 1e6))
                note("its requests", (was[2], is_now[2]))
                plain = _usable(browser, now.url, "send")
                note("/send usable on slow 4G against Create before, s (aim 2)", (was[0], plain[0]))
                note("its bytes against those of Create before, MB (aim 0.08)", (was[1] / 1e6, plain[1] / 1e6))
            browser.close()
        for _ in range(ROUNDS):
            for text, page in (("Create", "create"), ("the first page", "")):
                note(f"CPU of a tap on {text}, ms (aim 25)", (_tap_ms(before, page), _tap_ms(now, page)))
                note(
                    f"{VISITORS} at once on {text}: first element, median, s (aim 3 x)",
                    (_crowd_s(before, page), _crowd_s(now, page)),
                )
            if shutil.which("wrk"):
                note(
                    f"share page while {SENDERS} senders tap each second, 99 %, ms (aim 100)",
                    (_share_p99_ms(before), _share_p99_ms(now)),
                )
    rows = []
    for what, pairs in found.items():
        old_value, new_value = (statistics.median(side) for side in zip(*pairs, strict=True))
        rows.append((what, f"{old_value:.3g}", f"{new_value:.3g}", f"**{old_value / new_value:.1f} ×**"))
    notes = [f"Medians of {ROUNDS} rounds in turns, load at the end {os.getloadavg()[0]:.1f}. Before: {BEFORE}."]
    return [Table("The front door, before and now", ("what", "before", "now", "ratio"), rows, notes)]
