"""The app beside a notebook: started where it does not run yet, stopped when the notebook ends."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

from lib.notebooks import cards
from lib.problems import Problem
from lib.services.access import is_this_computer
from lib.services.own import base
from lib.settings import ROOT, settings

_WAIT_S: Final = 120  # a first start prepares Streamlit's files
_ASK_S: Final = 5
_PAUSE_S: Final = 0.2


class AppNotStarted(Problem):
    """The app could not be started here."""

    title = "The app did not start"
    fix = "Start it in a terminal with `make run`, and look at what it says there."


@dataclass(slots=True)
class RunningApp:
    """The app that serves your links. `stop()` ends it, if it was started from here."""

    url: str
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def stop(self) -> None:
        """Stop the app, if it was started from here. Links do not open until it runs again."""
        process, self.process = self.process, None
        if process is not None and process.poll() is None:
            process.terminate()
            process.wait(_WAIT_S)

    def _repr_html_(self) -> str:
        how = "Started for this notebook; it stops with it." if self.process else "It was running already."
        return cards.card("Passalong is running", [how], link=self.url, verdict="Ready", mood="good")


def start_app() -> RunningApp:
    """Start the app at its address, unless it answers there already; links made here open as long as it runs.

    Raises `AppNotStarted` where it cannot: the address is another computer's, or its port is taken.
    """
    url = base()
    if _answers(url):
        return RunningApp(url)
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not is_this_computer(host):
        raise AppNotStarted("Its public address is not this computer, and nothing answers there.")
    log = settings().data_dir / "notebook-app.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as told:
        process = _start(parts.port or 80, host, told)
    running = RunningApp(url, process)
    atexit.register(running.stop)
    until = time.monotonic() + _WAIT_S
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > until:
            running.stop()
            raise AppNotStarted(f"What it said is in {log}.")
        time.sleep(_PAUSE_S)
    return running


def _start(port: int, host: str, told: IO[bytes]) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
    words += [f"--server.address={host}", "--server.headless=true"]
    env = os.environ | {"PASSALONG_DATA_DIR": str(Path(settings().data_dir).resolve())}
    return subprocess.Popen(words, cwd=ROOT, env=env, stdout=told, stderr=told)  # noqa: S603 - our own program, and no shell


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=_ASK_S) as answer:  # noqa: S310 - the host's own address
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP
    except (urllib.error.URLError, OSError):
        return False
