"""1,000 links over 200 hosts of this machine, guard on: the link doctor against link checkers that people use.

The server is a process of its own. Ours goes the whole way: names are looked up, every address is checked as its socket
is made, redirects and bytes are capped. Rivals ask the same addresses by number.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from ctypes import c_longlong
from dataclasses import dataclass
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

    def __init__(self, delay_s: float, answered: c_longlong) -> None:
        self._delay_s, self._answered = delay_s, answered

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
            self._answered.value += 1
            self._transport.write(HEAD + BODY)  # type: ignore[attr-defined]


def _serve(delay_s: float, ready: Connection, answered: c_longlong) -> None:
    async def forever() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Server(delay_s, answered), "0.0.0.0", 0, backlog=4_096)
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


def _program(command: list[str]) -> Callable[[int, list[str]], float]:
    """Time a program that reads its links from an HTML file, its start included."""

    def client(_port: int, urls: list[str]) -> float:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)  # LinkChecker, started by root, reads it as nobody
            (Path(folder) / PAGE).write_text("\n".join(f'<a href="{url}">x</a>' for url in urls), encoding="utf-8")
            started = time.perf_counter()
            subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=folder)
            return time.perf_counter() - started

    return client


def _in_loop(client: Callable[[int, list[str]], Coroutine[None, None, float]]) -> Callable[[int, list[str]], float]:
    return lambda port, urls: run(client(port, urls))


def _is_lychee() -> bool:
    """Whether the `lychee` on PATH is the link checker: other projects have the same name."""
    found = shutil.which("lychee")
    if not found:
        return False
    told = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=20, check=False)
    return told.returncode == 0 and told.stdout.startswith("lychee ")


@dataclass(frozen=True, slots=True)
class _Client:
    name: str
    measure: Callable[[int, list[str]], float]  # port and addresses -> seconds
    rounds: int = ROUNDS  # one is enough for what takes many seconds
    here: bool = True


PAGE = "links.html"
OURS = "Passalong: recognise, ask with the guard on, judge"
LINKINATOR = Path(__file__).parent / "node_modules" / ".bin" / "linkinator"
LINKCHECKER = Path(sys.executable).parent / "linkchecker"
CLIENTS = (
    _Client(OURS, _in_loop(_ours)),
    _Client("Passalong: the guarded fetcher alone", _in_loop(_ours_fetch)),
    _Client("aiohttp 256 at once: no guard, no limits, no verdict", _in_loop(_aiohttp)),
    _Client(
        "lychee, 512 at once",
        _program(["lychee", "--no-progress", "--max-concurrency", "512", "--host-concurrency", "100", PAGE]),
        here=_is_lychee(),
    ),
    _Client("linkinator, 100 at once (its default)", _program([str(LINKINATOR), PAGE]), here=LINKINATOR.exists()),
    _Client(
        "LinkChecker, 100 threads",
        _program([str(LINKCHECKER), "--no-status", "--check-extern", "-t100", "-q", PAGE]),
        rounds=1,
        here=LINKCHECKER.exists(),
    ),
    _Client("httpx 128 at once: no guard", _in_loop(_httpx), rounds=1),
)


@dataclass(frozen=True, slots=True)
class _Round:
    """What one client needed for all links once."""

    seconds: float
    processor_s: float


def _processor_s() -> float:
    """Return the time that this process and its ended children have had of the processor."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _round(client: _Client, port: int, urls: list[str], answered: c_longlong) -> _Round | None:
    """Let a client check all links. None where it breaks off, finds no end or leaves links out."""
    gc.collect()
    time.sleep(0.3)  # the server closes what the client before has left open
    before, asked = _processor_s(), answered.value
    try:
        seconds = client.measure(port, urls)
    except (OSError, subprocess.TimeoutExpired):  # httpx has been seen to break off under many connections
        return None
    whole = answered.value - asked >= LINKS
    return _Round(seconds, _processor_s() - before) if whole else None


def _measure(delay_ms: int) -> list[list[object]]:
    """Let all clients check in turn, several times, so that whatever else this machine does meets them all."""
    spawn = multiprocessing.get_context("spawn")
    (here, there), answered = multiprocessing.Pipe(), spawn.RawValue(c_longlong, 0)
    server = spawn.Process(target=_serve, args=(delay_ms / 1_000, there, answered), daemon=True)
    server.start()
    rounds: dict[str, list[_Round]] = {client.name: [] for client in CLIENTS}
    try:
        port = here.recv()
        addresses = list(ADDRESSES.values())
        urls = [f"http://{addresses[n % HOSTS]}:{port}/photos/{n}" for n in range(LINKS)]
        _in_loop(_ours)(port, urls)  # reads the rule files, as the app does at its start
        for number in range(ROUNDS):
            for client in CLIENTS:
                if client.here and number < client.rounds and (done := _round(client, port, urls, answered)):
                    rounds[client.name].append(done)
    finally:
        server.terminate()
        server.join()
    return [_row(delay_ms, name, done, rounds[OURS]) for name, done in rounds.items()]


def _row(delay_ms: int, name: str, done: list[_Round], ours: list[_Round]) -> list[object]:
    if not done:
        return ["—", f"{delay_ms} ms", name, "not here, or no end in 60 s", "—", "—"]
    rates = sorted(LINKS / each.seconds for each in done)
    ratio = statistics.median(theirs.seconds / own.seconds for theirs, own in zip(done, ours, strict=False))
    processor_us = statistics.median(each.processor_s for each in done) / LINKS * 1_000_000
    return [
        f"{ratio:.1f} ×" if name != OURS else "",
        f"{delay_ms} ms",
        name,
        f"{statistics.median(rates):,.0f}",
        f"{rates[0]:,.0f}-{rates[-1]:,.0f}" if len(rates) > 1 else "one run",
        f"{processor_us:,.0f} µs",
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
    columns = ["ours is faster", "server answers after", "client", "links/s, median", "least-most", "processor a link"]
    aims = " and ".join(f"{rate:,} links/s at {delay_ms} ms" for delay_ms, rate in TARGETS.items())
    notes = [
        f"{LINKS:,} links, {HOSTS} hosts, {ROUNDS} rounds in which all clients take turns (slow ones one round).",
        "The server (Python, uvloop) is a process of its own on the same two cores. Programs count with their start.",
        "A client that leaves links out has no figure.",
        f"Aim: {aims}. Earlier on this machine lychee did 2,487-4,358 and 1,096-2,598 links/s.",
    ]
    return [
        _memory(),
        Table("Checking many links", columns, rows, notes),
    ]
