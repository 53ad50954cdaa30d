"""Ten people check ten links each at once, heavy photos all; print seconds, megabytes and requests as JSON.

    python tests/links/ten_sessions.py [MEGABYTES_OF_A_PHOTO]

A program of its own, because it reads its own peak of memory. The small internet runs inside it, so its copy of the
photo is part of what is there before.
"""

from __future__ import annotations

import asyncio
import io
import json
import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from bomb_memory import begin_anew, memory  # noqa: E402 - found through the line above
from internet import SmallInternet, small_internet  # noqa: E402 - the same
from PIL import Image  # noqa: E402 - the same
from states import image  # noqa: E402 - the same

from lib.links import run  # noqa: E402 - the same
from lib.links.budget import Budget, Rates  # noqa: E402 - the same
from lib.links.recognise import recognise  # noqa: E402 - the same

SESSIONS = LINKS = 10


def photo(megabytes: float) -> bytes:
    """Return a photo of noise, about so large: noise cannot be packed."""
    side = int((megabytes * 1_000_000 / 2.4) ** 0.5)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3)).save(out, "JPEG", quality=92)
    return out.getvalue()


def serve(found: list[SmallInternet], ready: threading.Event, ended: threading.Event) -> None:
    async def until_ended() -> None:
        async with small_internet() as internet:
            found.append(internet)
            ready.set()
            while not ended.is_set():  # noqa: ASYNC110 - set by another thread
                await asyncio.sleep(0.05)

    asyncio.run(until_ended())


def main(megabytes: float) -> None:
    found: list[SmallInternet] = []
    ready, ended = threading.Event(), threading.Event()
    server = threading.Thread(target=serve, args=(found, ready, ended))
    server.start()
    ready.wait(30)
    internet = found[0]
    run.open_fetcher = internet.fetcher
    reply, times, verdicts = image(photo(megabytes)), [], Counter[str]()
    internet.play((r".", lambda _: times.append(time.monotonic()) or reply))
    budget = Budget(Rates())
    looks: list[str] = []

    def session(number: int) -> None:
        links = [recognise(f"https://h{number}x{each}.files.example.org/{each}.jpg") for each in range(LINKS)]
        for _, checked in run.run_checks(links, budget=budget, visitor=str(number), with_apps=False):
            verdicts[checked.code] += 1
            looks.append(checked.photo.kind if checked.photo else "")

    before = memory("VmRSS")
    begin_anew()
    started = time.monotonic()
    sessions = [threading.Thread(target=session, args=(number,)) for number in range(SESSIONS)]
    for each in sessions:
        each.start()
    for each in sessions:
        each.join()
    seconds = time.monotonic() - started
    busiest = max(sum(begun <= other < begun + 1 for other in times) for begun in times)
    told = {
        "seconds": round(seconds, 1),
        "megabytes": round((memory("VmHWM") - before) / 1024),
        "photo_megabytes": round(len(reply.body) / 1e6, 1),
        "requests": len(times),
        "in_the_busiest_second": busiest,
        "verdicts": dict(verdicts),
        "looked_at": sum(map(bool, looks)),
    }
    print(json.dumps(told))  # noqa: T201 - its result
    ended.set()
    server.join(20)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3)
