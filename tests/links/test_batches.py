"""How a batch of links begins: few at a time where answers come at once, many where they are slow."""

from __future__ import annotations

import asyncio

import pytest
from multidict import CIMultiDict

from lib.links import check_links
from lib.links.fetch import Fetched, Hop

LINKS = [f"https://host{number}.example.org/a" for number in range(400)]


class Watched:
    """Answers as a fetcher does, after `seconds`; remembers how many were under way at most."""

    def __init__(self, seconds: float = 0, broken: str = "") -> None:
        self.seconds, self.broken = seconds, broken
        self.now = self.most = self.asked = 0

    async def get(self, url: str, **_: object) -> Fetched:
        self.now, self.asked = self.now + 1, self.asked + 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(self.seconds)
            if self.broken and self.broken in url:
                raise RuntimeError(url)
        finally:
            self.now -= 1
        return Fetched(200, url, CIMultiDict(), b"\xff\xd8\xff\xe0", (Hop(url, "", 200),), False, self.seconds)  # noqa: FBT003 - not cut


async def test_quick_servers_are_asked_a_few_links_at_a_time() -> None:
    fetcher = Watched()
    places = [place async for place, _ in check_links(LINKS, fetcher)]
    assert sorted(places) == list(range(400))
    assert fetcher.most < 40


async def test_slow_servers_are_asked_all_at_once() -> None:
    fetcher = Watched(seconds=2)
    assert len([place async for place, _ in check_links(LINKS, fetcher)]) == 400
    assert fetcher.most > 300


async def test_a_batch_keeps_to_its_width() -> None:
    fetcher = Watched(seconds=0.02)
    assert len([place async for place, _ in check_links(LINKS[:100], fetcher, at_once=10)]) == 100
    assert fetcher.most == 10


async def test_a_fault_of_our_own_ends_a_batch_instead_of_leaving_it_hanging() -> None:
    fetcher = Watched(broken="host7.")
    async with asyncio.timeout(5):
        with pytest.raises(RuntimeError, match="host7"):
            _ = [place async for place, _ in check_links(LINKS, fetcher)]
    assert fetcher.now == 0


async def test_whoever_stops_listening_stops_the_batch() -> None:
    fetcher = Watched(seconds=0.01)
    checking = check_links(LINKS, fetcher, at_once=10)
    await anext(checking)
    await checking.aclose()
    asked = fetcher.asked
    await asyncio.sleep(0.05)
    assert fetcher.now == 0
    assert fetcher.asked == asked < 60


async def test_no_links_give_no_results() -> None:
    assert [result async for result in check_links([], Watched())] == []
