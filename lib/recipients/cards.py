"""Pictures of chat previews: each is made once, however many ask for it at once, and kept for a while."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

KEPT_BYTES: Final = 32_000_000  # a card has at most 300 kB
MAKERS: Final = 1  # a chat that waits a second more for a preview harms nobody


class Cards:
    """Belongs to one event loop. A card's name is that of its photo, which gets another one when its bytes change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._under_way: dict[str, asyncio.Task[bytes]] = {}
        self._makers = ThreadPoolExecutor(MAKERS, "card")

    async def get(self, name: str, read: Callable[[], Awaitable[bytes]], make: Callable[[bytes], bytes]) -> bytes:
        """Return a card, made of what `read` gives unless it is there. Whoever asks meanwhile gets the same one."""
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        task = self._under_way.get(name)
        if task is None:
            task = self._under_way[name] = asyncio.get_running_loop().create_task(self._make(name, read, make))
            task.add_done_callback(lambda _: self._under_way.pop(name, None))
        return await asyncio.shield(task)  # one reader who leaves does not take it from the others

    async def _make(self, name: str, read: Callable[[], Awaitable[bytes]], make: Callable[[bytes], bytes]) -> bytes:
        data = await read()
        card = await asyncio.get_running_loop().run_in_executor(self._makers, make, data)
        self._kept[name] = card
        self._bytes += len(card)
        while self._bytes > KEPT_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1])
        return card
