"""What grows with the number of links on a host: what one visitor and the sweep wait for, and pages of two copies."""

from __future__ import annotations

import contextlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from lib.albums import Share
from lib.albums.host import open_share
from lib.services.base import Wishes
from lib.settings import read_settings
from tests.albums.conftest import running_postgres
from tests.albums.filled import fill
from tests.bench import Table
from tests.bench.share import OWNER, ask, running, some_links

COUNTS = (1_000, 10_000, 100_000)
TIMES = 60  # each call; the median counts
TARGET = 2.0  # times as long with the most links as with the fewest


def _timed(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1e3


def _calls(share: Share) -> dict[str, Callable[[], Any]]:
    links = some_links(share)
    album = links["open"].album_id
    return {
        "one link of a visitor": lambda: share.links.get(OWNER, links["open"].id),
        "a page of My links": lambda: share.links.page(OWNER),
        "creating a link": lambda: share.links.create(OWNER, album, Wishes()),
        "room check of an upload": lambda: share.photos.check_room(OWNER, album),
        "sweep, nothing to do": share.clean_up.sweep,
        "finding a link by its token": lambda: share.visits.find(links["open"].path[3:]),
    }


def _opened(folder: Path, database_url: str | None) -> Share:
    """Open a host whose limits are never reached."""
    return open_share(
        read_settings(data_dir=folder, database_url=database_url, links_per_hour=100_000, host_bytes=10**15)
    )


@contextlib.contextmanager
def _filled(database_url: str | None, count: int) -> Iterator[dict[str, Callable[[], Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        share = _opened(Path(folder), database_url)
        try:
            calls = _calls(share)
            fill(share, count)
            share.clean_up.sweep()
            for call in calls.values():
                call()
            yield calls
        finally:
            share.close()


def _growth(name: str, fresh: Callable[[], str | None]) -> Table:
    """Measure all sizes in turns, call by call, so that whatever else the machine does slows them all alike."""
    with contextlib.ExitStack() as hosts:
        of_count = {count: hosts.enter_context(_filled(fresh(), count)) for count in COUNTS}
        rows = []
        for what in of_count[COUNTS[0]]:
            taken: dict[int, list[float]] = {count: [] for count in COUNTS}
            for _ in range(TIMES):
                for count, calls in of_count.items():
                    taken[count].append(_timed(calls[what]))
            middle = {count: statistics.median(some) for count, some in taken.items()}
            ratio = middle[COUNTS[-1]] / middle[COUNTS[0]]
            rows.append((what, *(f"{middle[count]:.2f}" for count in COUNTS), f"{ratio:.2f}"))
    columns = (f"ms on {name}", *(f"{count:,} links" for count in COUNTS), "most / fewest")
    note = (
        f"Medians of {TIMES} calls, in turns. "
        f"Target: at most {TARGET:g} times as long with the most links as with the fewest."
    )
    return Table(f"Growth on {name}", columns, rows, (note,))


@contextlib.contextmanager
def _databases() -> Iterator[Callable[[], str]]:
    import psycopg

    with running_postgres() as base:
        made: list[str] = []

        def fresh() -> str:
            made.append(f"growth_{len(made)}")
            with psycopg.connect(base + "postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {made[-1]}")
            return base + made[-1]

        yield fresh


def _copies(database_url: str) -> Table:
    """Ask one copy of the app, then two at once, that share a database and a folder of photos."""
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        share = _opened(folder, database_url)
        path = some_links(share)["open"].path
        fill(share, COUNTS[1])
        share.close()
        with running(folder, 0, PASSALONG_DATABASE_URL=database_url) as (first, pid):
            rows.append(("one copy", *ask(first + path, pid)))
            with (
                running(folder, 1, PASSALONG_DATABASE_URL=database_url) as (second, other),
                ThreadPoolExecutor(2) as pool,
            ):
                both = list(pool.map(lambda where: ask(where[0] + path, where[1]), ((first, pid), (second, other))))
        rows += [(f"two copies, copy {number}", *found) for number, found in enumerate(both, 1)]
        total = sum(float(found[0].replace(",", "")) for found in both)
        rows.append(("two copies, together", f"{total:,.0f}", "", "", ""))
    columns = ("share page of 7 photos, PostgreSQL", "requests/s", "median", "99 %", "CPU a request")
    note = "Each copy on a core of its own, the database and wrk on the same two cores."
    return Table("One and two copies of the app on PostgreSQL", columns, rows, (note,))


def main() -> list[Table]:
    """Measure on SQLite and on PostgreSQL."""
    tables = [_growth("SQLite", lambda: None)]
    with _databases() as fresh:
        tables.append(_growth("PostgreSQL", fresh))
        if shutil.which("wrk") is None:
            print("Copies are not measured: wrk is missing (apt-get install wrk).", file=sys.stderr)
            return tables
        return [*tables, _copies(fresh())]
