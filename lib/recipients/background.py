"""Counts that are written in the background: no recipient waits for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from lib.problems import Problem

_log = logging.getLogger(__name__)


class BackgroundCounts:
    """Writes counts in the background, so that an answer does not wait for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def count(self, write: Callable[..., Any], *args: Any) -> None:
        """Count without making anybody wait."""

        async def counting() -> None:
            try:
                await asyncio.to_thread(write, *args)
            except Problem as problem:
                _log.warning("A look could not be counted: %s", type(problem).__name__)

        task = asyncio.get_running_loop().create_task(counting())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait for counting that is still under way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
