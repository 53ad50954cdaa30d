"""A proxy on loopback that lets a browser go only where the guarded fetcher would go.

A browser runs other people's programs, and those may ask for anything: an address of the host's own network, a thousand
files. So the browser has no other way out than this proxy, which opens every connection through the fetcher's own gate
and ends the visit at a number of connections and bytes. It stands for one visit and takes only who knows its password.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import secrets
from types import TracebackType
from typing import Final, Self

import ada_url

from lib.links.fetch import Fetcher

MAX_CONNECTIONS: Final = 80  # of one visit; a heavy page of a photo service needs about 40
MAX_BYTES: Final = 25_000_000  # of one visit, both ways
_HEAD_S: Final = 10
_PIECE: Final = 65_536
_HOP_BY_HOP: Final = re.compile(rb"(?im)^(?:proxy-[^:\r\n]*|connection|keep-alive|upgrade):[^\r\n]*\r\n")


class GuardingProxy:
    """The proxy of one visit; use it as an asynchronous context manager."""

    user: Final = "visit"

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.password = secrets.token_urlsafe(24)
        self.refused: list[str] = []  # hosts that were not asked
        self._connections = self._bytes = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await self._one(reader, writer)
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the browser or the server went away; the page shows what it has
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_HEAD_S):
            head = await reader.readuntil(b"\r\n\r\n")
        line, _, rest = head.partition(b"\r\n")
        method, target, _ = line.decode("latin-1").split(" ", 2)
        known = base64.b64encode(f"{self.user}:{self.password}".encode())
        if known not in rest:
            answer = b'HTTP/1.1 407 Who is it?\r\nProxy-Authenticate: Basic realm="visit"\r\nContent-Length: 0\r\n\r\n'
            writer.write(answer)
            await writer.drain()
            return
        tunnel = method == "CONNECT"
        url = ada_url.URL(f"https://{target}/" if tunnel else target)
        self._connections += 1
        if self._connections > MAX_CONNECTIONS or self._bytes > MAX_BYTES:
            return
        try:
            there, to_there = await self._fetcher.connect(url.href)
        except OSError:
            self.refused.append(url.hostname)
            writer.write(b"HTTP/1.1 403 Not from here\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Go\r\n\r\n")
            else:
                first = f"{method} {url.pathname}{url.search} HTTP/1.1\r\n".encode("latin-1")
                to_there.write(first + _HOP_BY_HOP.sub(b"", rest[:-2]) + b"Connection: close\r\n\r\n")
            both = [asyncio.create_task(self._pipe(reader, to_there)), asyncio.create_task(self._pipe(there, writer))]
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in both:
                    each.cancel()
                await asyncio.gather(*both, return_exceptions=True)
        finally:
            to_there.close()

    async def _pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while (piece := await source.read(_PIECE)) and self._bytes <= MAX_BYTES:
            self._bytes += len(piece)
            sink.write(piece)
            await sink.drain()
