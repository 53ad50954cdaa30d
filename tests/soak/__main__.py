"""python -m tests.soak [minutes]: mixed load with attacks; `--each SECONDS`: 40 of each attack, one after the other.

Prints a table of what was asked and one of what the app took. Ends with 1 where an answer was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

from lib.albums.host import open_share
from lib.photos import prepare_photo
from lib.settings import read_settings
from tests.albums.conftest import picture
from tests.bench import Table
from tests.bench.share import running
from tests.soak.attacks import KINDS, Target, again_and_again
from tests.soak.people import Person, probe
from tests.soak.tally import Tally, Watch, percentiles

PEOPLE: Final = 3
AT_ONCE: Final = 40
REST_S: Final = 15.0  # after the load, before memory and files are looked at for the last time
# Attackers of each kind in the mixed load, and how long each rests between two tries.
MIX: Final = {
    "guess": (3, 0.2), "preview": (2, 0.2), "bomb": (1, 3.0), "broken": (1, 0.5), "flood": (1, 2.0),
    "streamlit": (1, 1.0), "odd": (1, 0.1), "drip": (4, 0.5), "zip": (1, 1.0),
    "look": (1, 3.0), "api": (2, 0.2), "host": (1, 0.5),
}  # fmt: skip


async def _for_a_while(seconds: float, *work: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.create_task(one) for one in work]
    done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()  # an attack does not end by itself: this raises what ended it


async def _mixed(target: Target, pid: int, seconds: float, photos: list[bytes]) -> Watch:
    people = [Person(number, target.share, target.url, target.tally, photos).live() for number in range(PEOPLE)]
    assert target.many
    looking = probe(target.url, target.many.path, target.tally, "share page, from another network")
    attacks = [again_and_again(kind, target, pause) for kind, (many, pause) in MIX.items() for _ in range(many)]
    await asyncio.sleep(3)
    watch = Watch(pid)
    await _for_a_while(seconds, watch.run(), looking, *people, *attacks)
    await asyncio.sleep(REST_S)
    watch.look()
    return watch


async def _each(target: Target, pid: int, seconds: float) -> Table:
    rows = []
    for kind in ("", *KINDS):
        assert target.many
        what, watch = f"share page during {kind or 'nothing'}", Watch(pid)
        looking = probe(target.url, target.many.path, target.tally, what)
        attacks = [again_and_again(kind, target) for _ in range(AT_ONCE)] if kind else []
        await _for_a_while(seconds, watch.run(), looking, *attacks)
        _, p99 = percentiles(target.tally.waits[what])
        wrong = len(target.tally.wrong[what])
        peak = max(watch.memory)
        await asyncio.sleep(REST_S)
        watch.look()
        rows.append((kind or "nothing", f"{p99:.0f}", str(wrong), f"{peak:.0f}", f"{watch.memory[-1]:.0f}"))
    head = ("40 at once of", "99 % of share pages, ms", "wrong", "memory, highest, MB", "15 s later")
    return Table("Each attack alone", head, rows)


def main() -> int:
    """Run, print, and return the exit code."""
    options = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    options.add_argument("minutes", nargs="?", type=float, default=10.0)
    options.add_argument("--each", type=float, default=0.0, metavar="SECONDS")
    given = options.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="passalong-soak-") as name:
        folder = Path(name)
        with running(folder) as (url, pid):
            share = open_share(read_settings(data_dir=folder, links_per_hour=100_000))
            target = Target(url, share, tally, picture(9, (1200, 800)))
            target.prepare(prepare_photo(picture(8, (1600, 1067))).data)
            if given.each:
                tables = [asyncio.run(_each(target, pid, given.each))]
            else:
                photos = [picture(number, (1200, 800)) for number in range(3)]
                watch = asyncio.run(_mixed(target, pid, given.minutes * 60, photos))
                tables = [
                    Table("What the app took", ("", "at the start", "highest", "at the end"), list(watch.rows())),
                ]
            left = len(list((folder / "tmp").glob("*"))) if (folder / "tmp").exists() else 0
            share.close()
    asked = Table("What was asked", ("", "answers", "wrong", "median, ms", "99 %, ms"), list(tally.rows()))
    for table in (asked, *tables):
        print(table.markdown(), flush=True)
    print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f}. Files left where uploads wait: {left}.")
    for what, seen in tally.wrong.items():
        if seen:
            print(f"WRONG {what}: {len(seen)} times, first {seen[0]}")
    return int(any(tally.wrong.values()))


if __name__ == "__main__":
    sys.exit(main())
