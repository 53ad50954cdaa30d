"""The share page as the real app serves it, database behind it: requests a second, waiting time, weight.

The app is started as `make run` starts it and kept on one core; `wrk` asks from another. The index of the asked links
is SQLite, with a thousand other links beside them. The last row cleans photos in the same app meanwhile.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from lib.albums import LinkInfo, Share
from lib.albums.host import open_share
from lib.photos import prepare_photo
from lib.services.base import Album, AlbumPhoto, Wishes
from lib.settings import read_settings
from tests.bench import Table

ROOT = Path(__file__).resolve().parent.parent.parent
OWNER = "bench-owner-bench-owner-bench"
SECONDS, CONNECTIONS = 5, 16
TARGET = 2_000  # requests a second, on one core
WEIGHT_TARGET = 10_000  # bytes, compressed, without photos
OTHERS = 1_000  # links beside the asked ones
BROWSER = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"


def _picture(size: tuple[int, int]) -> bytes:
    made = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def some_links(share: Share) -> dict[str, LinkInfo]:
    """Make the asked links and many others."""
    data = prepare_photo(_picture((1600, 1067))).data
    photos = [AlbumPhoto("photo.jpg", "image/jpeg", 1600, 1067, len(data), lambda: data)] * 7
    album = share.intake.take(OWNER, Album("asked", "A week by the sea", "Here they are!\nLove, Ana", photos))
    others = share.intake.take(OWNER, Album("others", "Others", "", photos[:1]))
    for _ in range(OTHERS):
        share.links.create(OWNER, others, Wishes())
    gone = share.links.create(OWNER, album, Wishes())
    share.links.revoke(OWNER, gone.id)
    return {
        "open": share.links.create(OWNER, album, Wishes()),
        "limited": share.links.create(OWNER, album, Wishes(max_views=3)),
        "unlocked": share.links.create(OWNER, album, Wishes(max_views=3)),
        "gone": gone,
    }


@contextlib.contextmanager
def running(folder: Path, core: int = 0, **settings: str) -> Iterator[tuple[str, int]]:
    """Start the app on one core; yield its address and its process. `settings` are environment variables."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    env = os.environ | {"PASSALONG_DATA_DIR": str(folder), "PASSALONG_SECRETS_FILE": os.devnull} | settings
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless", "true",
               "--server.address", "127.0.0.1", "--server.port", str(port)]  # fmt: skip
    with (
        (folder / f"app{core}.log").open("wb") as log,
        subprocess.Popen([*_on_core(core), *command], cwd=ROOT, env=env, stdout=log, stderr=log) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(300):
                with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health"):
                    break
                time.sleep(0.2)
            yield url, process.pid
        finally:
            process.terminate()


def _on_core(core: int) -> list[str]:
    return ["taskset", "-c", str(core)] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(url: str, pid: int, cookie: str = "") -> tuple[str, str, str, str]:
    """Return requests a second, median and 99th percentile, and the server's CPU time of one request."""
    before = _cpu_s(pid)
    told = subprocess.run(
        [*_on_core(1), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-H", "Accept-Encoding: gzip",
         "-H", f"User-Agent: {BROWSER}", "-H", f"Cookie: {cookie}", url],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    cpu_us = (_cpu_s(pid) - before) / int(_found(r"(\d+) requests in", told)) * 1e6
    rate = float(_found(r"Requests/sec:\s+([\d.]+)", told))
    waits = [_found(rf"{percent}%\s+([\d.]+[mu]?s)", told) for percent in (50, 99)]
    return f"{rate:,.0f}", waits[0], waits[1], f"{cpu_us:.0f} µs"


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise ValueError(f"Not found: {pattern}")
    return match[1]


def _unlocked(share: Share, link: LinkInfo) -> str:
    found = share.visits.find(link.path.removeprefix("/s/"))
    return f"passalong_visit={share.keys.sign('visit', [link.id, found.version if found else 0])}"


def _weight(url: str) -> int:
    """Return the compressed bytes of page, style and icon."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        page = answer.read()
    total = len(page)
    for path in (_found(r'href="(/s/_/page[^"]+)"', gzip.decompress(page).decode()), "/s/_/icon.svg"):
        with urllib.request.urlopen(url.partition("/s/")[0] + path) as answer:
            total += len(gzip.compress(answer.read()))
    return total


@contextlib.contextmanager
def _cleaning(url: str, share: Share) -> Iterator[list[float]]:
    """Let the same app clean 12-megapixel photos, one after the other; the list holds the seconds of each."""
    photo, stop, taken = _picture((4000, 3000)), threading.Event(), list[float]()

    def work() -> None:
        while not stop.is_set():
            draft = share.albums.open(OWNER)
            path = f"{url}/api/drafts/{share.tickets.write(OWNER, draft)}/photos"
            started = time.perf_counter()
            with urllib.request.urlopen(urllib.request.Request(path, data=photo, method="POST")):
                taken.append(time.perf_counter() - started)
            share.albums.delete(OWNER, draft)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield taken
    finally:
        stop.set()
        thread.join()


def main() -> list[Table]:
    """Measure every kind of link, and one of them while photos are cleaned."""
    if shutil.which("wrk") is None:
        print("The share page is not measured: wrk is missing (apt-get install wrk).", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        share = open_share(read_settings(data_dir=folder, links_per_hour=10 * OTHERS))
        links = some_links(share)
        with running(folder) as (url, pid):
            address = {kind: url + link.path for kind, link in links.items()}
            rows = [
                ("open link, 7 photos", *ask(address["open"], pid)),
                ("limited link, its neutral page", *ask(address["limited"], pid)),
                ("limited link, unlocked", *ask(address["unlocked"], pid, _unlocked(share, links["unlocked"]))),
                ("taken back (404)", *ask(address["gone"], pid)),
                ("grid photo", *ask(address["open"] + "/p/2-small.jpg", pid)),
            ]
            with _cleaning(url, share) as taken:
                rows.append(("open link, photos being cleaned", *ask(address["open"], pid)))
            weight = _weight(address["open"])
        share.close()
    notes = (
        f"Target: {TARGET:,} requests a second on one core. Meanwhile {len(taken)} photos of 12 MP were cleaned.",
        f"Page, style and icon weigh {weight:,} bytes compressed; target: {WEIGHT_TARGET:,}.",
    )
    columns = ("share page", "requests/s", "median", "99 %", "CPU a request")
    return [Table("Share pages, through the running app, on one core", columns, rows, notes)]
