"""Print how many megabytes more a 512 MB gzip bomb takes; a program of its own, because it reads its own peak."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from internet import page, small_internet  # noqa: E402 - found through the line above
from states import bomb  # noqa: E402 - the same


def memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def begin_anew() -> None:
    """Let the peak be counted from now on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


async def main() -> None:
    packed = bomb(512)
    async with small_internet() as internet:
        internet.play((r"/bomb", page(packed, Content_Encoding="gzip")), (r".", page("x")))
        async with internet.fetcher() as fetcher:
            await fetcher.get("https://photos.example.org/small")
            before = memory("VmRSS")
            begin_anew()
            got = await fetcher.get("https://photos.example.org/bomb")
            assert got.truncated
            assert len(got.body) == 512_000
            print((memory("VmHWM") - before) / 1024)  # noqa: T201 - its result


if __name__ == "__main__":
    asyncio.run(main())
