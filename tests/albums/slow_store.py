"""A line between the app and a real S3 server that hangs, cuts answers, changes bytes or says that it is busy."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

HEAD_END: Final = b"\r\n\r\n"


class BadLine:
    """Passes requests on, one for each connection. `mode`: "good", "hang", "half", "wrong" or "busy"."""

    def __init__(self, endpoint: str) -> None:
        self.mode = "good"
        self.reads = 0  # GETs of an object that came while the mode was a bad one
        self.url = ""
        parts = urlsplit(endpoint)
        self._there = str(parts.hostname), int(parts.port or 80)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError), closing(writer):
            head = await reader.readuntil(HEAD_END)
            length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                           if line.lower().startswith(b"content-length")), 0)  # fmt: skip
            request = head[:-2] + b"connection: close\r\n\r\n" + await reader.readexactly(length)
            mode = self.mode if head.startswith(b"GET") and b"list-type" not in head else "good"
            if mode != "good":
                self.reads += 1
            if mode == "hang":
                await asyncio.sleep(60)
            answer = await self._ask(request) if mode != "busy" else (
                b"HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )  # fmt: skip
            top, _, body = answer.partition(HEAD_END)
            if mode == "half":
                body = body[: len(body) // 2]
            if mode == "wrong" and body:
                body = body[:-9] + bytes([body[-9] ^ 1]) + body[-8:]
            writer.write(top + HEAD_END + body)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self._there)
        writer.write(request)
        await writer.drain()
        try:
            return await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()


@contextmanager
def bad_line(endpoint: str) -> Iterator[BadLine]:
    """Run the line in a thread of its own."""
    line, ready, stop = BadLine(endpoint), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def run() -> None:
        server = await asyncio.start_server(line.serve, "127.0.0.1", 0, limit=2**20)
        line.url = "http://{}:{}".format(*server.sockets[0].getsockname()[:2])
        ready.set()
        await stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # closed connections leave the loop

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
