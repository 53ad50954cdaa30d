"""Real parts for every room: the app itself on a free port, the real photos, programs found on this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
REAL_PHOTOS = ROOT.parent / "shared" / "photos"

# A shell that starts tests in the background lets interrupts be passed over, and programs inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["PASSALONG_SECRETS_FILE"] = os.devnull  # a developer's own settings never reach a test
os.environ["PASSALONG_CACHE_DIR"] = str(ROOT / "data" / "cache")  # made once for all apps that the tests start


def run_command(*words: str, data_dir: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command of `python -m lib` to its end, with a data folder; `settings` are environment variables."""
    own = {"PASSALONG_DATA_DIR": str(data_dir), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "lib", *words], cwd=ROOT, env=os.environ | own | settings, capture_output=True,
        text=True, check=False, timeout=60,
    )  # fmt: skip


@dataclass(frozen=True)
class RunningApp:
    """The app as `make run` starts it, on loopback, with a data folder of its own."""

    url: str
    data_dir: Path
    log: Path

    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def running_app(
    folder: Path, secrets: str = "", *, script: str = "streamlit_app.py", port: int = 0, **environment: str
) -> Iterator[RunningApp]:
    """Start the app, on a free port or this one, and stop it again. `secrets` is the text of its secrets.toml."""
    port = port or free_port()
    log = folder / "app.log"
    secrets_file = folder / "secrets.toml"
    secrets_file.write_text(secrets, encoding="utf-8")
    env = os.environ | {
        "PASSALONG_DATA_DIR": str(folder / "data"),
        "PASSALONG_SECRETS_FILE": str(secrets_file),
        "STREAMLIT_SECRETS_FILES": str(secrets_file),
        **environment,
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true",
             "--server.address", "127.0.0.1", "--server.port", str(port)],
            cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/_stcore/health", process, log)
            yield RunningApp(url, folder / "data", log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(url: str, process: subprocess.Popen[Any], log: Path | None = None, seconds: float = 180) -> None:
    """Wait until an address answers, as long as its program runs."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the app did not start:\n{log.read_text(errors='replace')[-3000:] if log else ''}")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """One running app for a whole session; tests that change its settings start their own with `running_app`."""
    with running_app(tmp_path_factory.mktemp("app")) as running:
        yield running


@pytest.fixture(scope="session")
def real_photo() -> Callable[[str], Path]:
    """Return a real photo by its path below shared/photos, or skip where that folder is not there."""

    def find(name: str) -> Path:
        path = REAL_PHOTOS / name
        if not path.is_file():
            pytest.skip(f"{path} is not on this machine; the made photos prove the same on any machine")
        return path

    return find
