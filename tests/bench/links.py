"""1,000 links over 200 hosts of this machine, guard on: the link doctor against link checkers that people use.

The server is a process of its own. Ours goes the whole way: names are looked up, every address is checked as its socket
is made, redirects and bytes are capped. Rivals ask the same addresses by number.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
import uvloop
from aiohttp.abc import AbstractResolver, ResolveResult

from lib.links import check_links, recognise
from lib.links.fetch import Fetcher
from lib.links.run import run
from tests.bench import Table

LINKS, HOSTS, ROUNDS = 1_000, 200, 5
TARGETS = {0: 2_500, 100: 1_500}  # links a second
ADDRESSES = {f"host{n}.example.org": f"127.0.{1 + n // 100}.{1 + n % 100}" for n in range(HOSTS)}
BODY = b"\xff\xd8\xff\xe0" + bytes(996)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(BODY)


class _Server(asyncio.Protocol):
    """Answers every request with one small picture, after a delay."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        for _ in range(data.count(b"\r\n\r\n")):
            if self._delay_s:
                asyncio.get_running_loop().call_later(self._delay_s, self._answer)
            else:
                self._answer()

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(HEAD + BODY)  # type: ignore[attr-defined]


def _serve(delay_s: float, ready: Connection) -> None:
    async def forever() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Server(delay_s), "0.0.0.0", 0, backlog=4_096)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(forever())


class _Names(AbstractResolver):
    """Leads the made-up names to the server."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self,
        host: str,
        port: int = 0,  # noqa: ARG002 - aiohttp's signature
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - aiohttp's signature
    ) -> list[ResolveResult]:
        found = ResolveResult(
            hostname=host, host=ADDRESSES[host], port=self._port, family=socket.AF_INET, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        """Nothing to close."""


def _fetcher(port: int) -> Fetcher:
    return Fetcher(resolver=_Names(port), also_permit=frozenset(ADDRESSES.values()))


async def _ours(port: int, _urls: list[str]) -> float:
    names = list(ADDRESSES)
    texts = [f"http://{names[n % HOSTS]}/photos/{n}" for n in range(LINKS)]
    started = time.perf_counter()
    async with _fetcher(port) as fetcher:
        links = [recognise(text) for text in texts]
        opens = [checked.opens async for _, checked in check_links(links, fetcher)]
    seconds = time.perf_counter() - started
    assert opens == [True] * LINKS, "not every link was judged open"
    return seconds


async def _ours_fetch(port: int, _urls: list[str]) -> float:
    names = list(ADDRESSES)
    started = time.perf_counter()
    async with _fetcher(port) as fetcher:
        got = await asyncio.gather(*(fetcher.get(f"http://{names[n % HOSTS]}/photos/{n}") for n in range(LINKS)))
    seconds = time.perf_counter() - started
    assert all(each.ok for each in got)
    return seconds


async def _aiohttp(_port: int, urls: list[str]) -> float:
    places = asyncio.Semaphore(256)
    started = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def get(url: str) -> int:
            async with places, session.get(url) as answer:
                await answer.read()
                return answer.status

        await asyncio.gather(*(get(url) for url in urls))
    return time.perf_counter() - started


async def _httpx(_port: int, urls: list[str]) -> float:
    import httpx

    places = asyncio.Semaphore(128)
    started = time.perf_counter()
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=128), timeout=30) as client:

        async def get(url: str) -> int:
            async with places:
                return (await client.get(url)).status_code

        await asyncio.gather(*(get(url) for url in urls))
    return time.perf_counter() - started


def _program(command: list[str], urls: list[str]) -> float | None:
    """Time a program that reads its links from an HTML file. None where it is not installed."""
    found = shutil.which(command[0])
    if not found:
        return None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # LinkChecker, started by root, reads it as nobody
        page = Path(folder) / "links.html"
        page.write_text("\n".join(f'<a href="{url}">x</a>' for url in urls), encoding="utf-8")
        started = time.perf_counter()
        try:
            subprocess.run([found, *command[1:], str(page)], capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return None
        return time.perf_counter() - started


def _is_lychee() -> bool:
    """Whether the `lychee` on PATH is the link checker: other projects have the same name."""
    found = shutil.which("lychee")
    if not found:
        return False
    told = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=20, check=False)
    return told.returncode == 0 and told.stdout.startswith("lychee ")


CLIENTS: dict[str, tuple[Callable[[int, list[str]], Awaitable[float]], int]] = {
    "Passalong: recognise, ask with the guard on, judge": (_ours, ROUNDS),
    "Passalong: the guarded fetcher alone": (_ours_fetch, ROUNDS),
    "aiohttp 256 at once, no guard, no limits": (_aiohttp, ROUNDS),
    "httpx 128 at once, no guard": (_httpx, 1),
}
PROGRAMS = {
    "lychee": ["lychee", "--no-progress", "--max-concurrency", "512", "--host-concurrency", "100"],
    "LinkChecker": ["linkchecker", "--no-status", "--check-extern", "-t100", "-q"],
}


def _measure(delay_ms: int) -> list[list[object]]:
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(delay_ms / 1_000, there), daemon=True)
    server.start()
    try:
        port = here.recv()
        addresses = list(ADDRESSES.values())
        urls = [f"http://{addresses[n % HOSTS]}:{port}/photos/{n}" for n in range(LINKS)]
        rates: dict[str, float | None] = {}
        for name, (client, rounds) in CLIENTS.items():
            try:
                rates[name] = LINKS / statistics.median(run(client(port, urls)) for _ in range(rounds))
            except OSError:  # httpx has been seen to break off under many connections
                rates[name] = None
        for name, command in PROGRAMS.items():
            seconds = None if name == "lychee" and not _is_lychee() else _program(command, urls)
            rates[name] = LINKS / seconds if seconds else None
    finally:
        server.terminate()
        server.join()
    ours = rates["Passalong: recognise, ask with the guard on, judge"] or 0
    return [
        [
            f"{delay_ms} ms",
            name,
            f"{rate:,.0f}" if rate else "not here, or no end in 60 s",
            f"{ours / rate:.1f} ×" if rate else "—",
        ]
        for name, rate in rates.items()
    ]


def _memory() -> Table:
    """Measure what a gzip file costs that unpacks to 512 MB."""
    program = Path(__file__).parent.parent / "links" / "bomb_memory.py"
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=60, check=True)
    row = ["Passalong", f"{float(done.stdout):.1f} MB", "30 MB"]
    return Table("A gzip bomb of 512 MB", ["client", "memory more, at the peak", "limit"], [row])


def main() -> list[Table]:
    """Measure and return the tables."""
    rows = [row for delay_ms in TARGETS for row in _measure(delay_ms)]
    aims = " and ".join(f"{rate:,} links/s at {delay_ms} ms" for delay_ms, rate in TARGETS.items())
    notes = [
        f"{LINKS:,} links, {HOSTS} hosts, server in a process of its own on the same machine; median of {ROUNDS} runs.",
        f"Aim: {aims}. Earlier on this machine lychee did 2,487-4,358 and 1,096-2,598 links/s.",
    ]
    return [
        _memory(),
        Table("Checking many links", ["server answers after", "client", "links/s", "ours is"], rows, notes),
    ]
