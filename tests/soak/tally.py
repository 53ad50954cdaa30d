"""What was asked, what came back, and what the app took meanwhile."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Final

EVERY_S: Final = 1.0
_MEGA: Final = 1e6


@dataclass
class Tally:
    """Waiting times by what was asked, and every answer that was wrong."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def took(self, what: str, seconds: float) -> None:
        """Count one answer."""
        self.waits[what].append(seconds)

    def expect(self, what: str, *, good: bool, seen: object) -> None:
        """Note an answer that was not as it should be."""
        if not good:
            self.wrong[what].append(str(seen)[:120])

    def rows(self) -> Iterable[tuple[str, ...]]:
        """Return a row for each thing that was asked."""
        for what in sorted(self.waits.keys() | self.wrong.keys()):
            times = sorted(self.waits[what])
            p50, p99 = percentiles(times)
            yield what, f"{len(times):,}", str(len(self.wrong[what])), f"{p50:.0f}", f"{p99:.0f}"


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile in milliseconds."""
    if len(seconds) < 2:
        return (seconds[0] * 1e3,) * 2 if seconds else (0.0, 0.0)
    cuts = quantiles(seconds, n=100)
    return cuts[49] * 1e3, cuts[98] * 1e3


@dataclass
class Watch:
    """Memory, open files and threads of a process, once a second."""

    pid: int
    memory: list[float] = field(default_factory=list)  # MB
    files: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def look(self) -> None:
        """Look once."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        told = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        self.memory.append(int(told["VmRSS"].split()[0]) * 1024 / _MEGA)
        self.threads.append(int(told["Threads"]))
        self.files.append(len(os.listdir(f"/proc/{self.pid}/fd")))  # noqa: PTH208 - names only

    async def run(self) -> None:
        """Look until it is cancelled."""
        while True:
            self.look()
            await asyncio.sleep(EVERY_S)

    def rows(self) -> Iterable[tuple[str, ...]]:
        """Return first, highest and last."""
        for name, seen in (("memory, MB", self.memory), ("open files", self.files), ("threads", self.threads)):
            yield name, f"{seen[0]:.0f}", f"{max(seen):.0f}", f"{seen[-1]:.0f}"
