"""Bytes that take long to make: made once, kept in a folder, and in memory while the app runs."""

from __future__ import annotations

import hashlib
import logging
import os
import queue
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

_log = logging.getLogger("passalong")
_NICE: Final = 19  # what is made ahead gives way to everything that somebody waits for


def fingerprint(*parts: bytes) -> str:
    """Return a short name for contents: the same for the same bytes, another for others."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8))
        whole.update(part)
    return whole.hexdigest()[:32]


class Kept:
    """A folder of such bytes. It may be deleted at any time: what is missing is made again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}
        self._wanted: queue.SimpleQueue[tuple[str, Callable[[], bytes]]] = queue.SimpleQueue()
        self._asked: set[str] = set()
        self._start = threading.Lock()
        self._running = False

    def find(self, name: str) -> bytes | None:
        """Return what is kept under a name, or None."""
        if name not in self._memory:
            with suppress(OSError):
                self._memory[name] = (self._folder / name).read_bytes()
        return self._memory.get(name)

    def make(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under a name; make and keep it where it is missing."""
        found = self.find(name)
        if found is None:
            found = self._memory[name] = make()
            self._write(name, found)
        return found

    def make_later(self, name: str, make: Callable[[], bytes]) -> None:
        """Make it beside everything else, one after the other, at the lowest priority."""
        with self._start:
            if name in self._asked:
                return
            self._asked.add(name)
            self._wanted.put((name, make))
            if not self._running:
                self._running = True
                threading.Thread(target=self._work, name="passalong-kept", daemon=True).start()

    def _work(self) -> None:
        with suppress(OSError, AttributeError):  # not every system can; then it runs like everything else
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        while True:
            name, make = self._wanted.get()
            try:
                self.make(name, make)
            except (OSError, ValueError, ArithmeticError) as error:
                _log.warning("%s could not be made ahead: %s", name.rpartition(".")[2], type(error).__name__)

    def _write(self, name: str, content: bytes) -> None:
        """Write it whole or not at all: another copy of the app may do the same at the same time."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, path = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(path).replace(self._folder / name)
        except OSError as error:
            _log.warning("What is made once cannot be kept: %s. It is made again at the next start.", error.strerror)
