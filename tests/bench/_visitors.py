"""Visitors who speak Streamlit's own line, without a browser: what a visit and a tap cost the server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class Visitor:
    """One open page of the app."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse, page: str) -> None:
        self._line = line
        self._page = page

    async def tap(self) -> float:
        """Let the page run once more. Returns the seconds until its first element came."""
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        asked.rerun_script.page_name = self._page
        started, first = time.perf_counter(), 0.0
        await self._line.send_bytes(asked.SerializeToString())
        while True:
            told = ForwardMsg()
            told.ParseFromString((await self._line.receive()).data)
            kind = told.WhichOneof("type")
            if kind == "delta" and not first:
                first = time.perf_counter() - started
            if kind == "script_finished":
                return first


@asynccontextmanager
async def visitor(session: aiohttp.ClientSession, url: str, page: str) -> AsyncIterator[Visitor]:
    """Open a page; its first run has ended."""
    async with session.ws_connect(f"{url}/_stcore/stream", protocols=["streamlit"], max_msg_size=0) as line:
        one = Visitor(line, page)
        await one.tap()
        yield one


async def taps(url: str, page: str, count: int) -> None:
    """Tap so many times, one after the other."""
    async with aiohttp.ClientSession() as session, visitor(session, url, page) as one:
        for _ in range(count):
            await one.tap()


async def at_once(url: str, page: str, count: int) -> list[float]:
    """Let so many visitors come at the same moment. Returns the seconds until each had its first element, in order."""

    async def come(session: aiohttp.ClientSession) -> float:
        async with session.ws_connect(f"{url}/_stcore/stream", protocols=["streamlit"], max_msg_size=0) as line:
            return await Visitor(line, page).tap()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        return sorted(await asyncio.gather(*(come(session) for _ in range(count))))


async def keep_tapping(url: str, page: str, count: int, seconds: float) -> list[float]:
    """Let several senders tap once a second. Returns how long each tap took."""
    taken: list[float] = []

    async def send(session: aiohttp.ClientSession) -> None:
        async with visitor(session, url, page) as one:
            until = time.perf_counter() + seconds
            while (started := time.perf_counter()) < until:
                await one.tap()
                taken.append(time.perf_counter() - started)
                await asyncio.sleep(max(0.0, 1 - taken[-1]))

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(send(session) for _ in range(count)))
    return taken
