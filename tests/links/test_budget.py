"""One budget for all sessions: how fast other people's servers are asked, whoever presses the button."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
from internet import ADDRESS, SmallInternet, page, small_internet

from lib.links import check_link, run
from lib.links.budget import Budget, Rate, Rates
from lib.links.domains import registrable
from lib.links.fetch import FailureKind, Limits
from lib.links.recognise import recognise
from lib.links.run import run_checks

WIDE = Rate(10_000, 10_000)
OPEN = Rates(visitor=WIDE, domain=WIDE, address=WIDE, app=WIDE)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("host", "whose"),
    [
        ("a.b.example.org", "example.org"),
        ("photos.example.co.uk", "example.co.uk"),
        ("ann.github.io", "ann.github.io"),
        ("photos.ann.github.io", "ann.github.io"),
        ("example.org.", "example.org"),
        ("10.1.2.3", "10.1.2.3"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_host_belongs_to_whoever_registered_it(host: str, whose: str) -> None:
    assert registrable(host) == whose


def test_after_the_burst_requests_are_spaced_out() -> None:
    clock = Clock()
    budget = Budget(now=clock)
    waits = [budget.reserve([("domain", "example.org", Rate(5, 2))]) for _ in range(9)]
    assert waits == pytest.approx([0, 0, 0, 0, 0, 0.5, 1, 1.5, 2])
    clock.now = 100
    assert budget.reserve([("domain", "example.org", Rate(5, 2))]) == 0


def test_whoever_would_wait_long_is_sent_away_and_charged_nothing() -> None:
    budget = Budget(Rates(longest_wait_s=1), now=Clock())
    account = ("domain", "example.org", Rate(1, 1))
    assert [budget.reserve([account]) for _ in range(4)] == [0, 1, None, None]
    assert budget.reserve([account]) is None
    assert budget.reserve([("domain", "example.com", Rate(1, 1))]) == 0


async def test_one_visitor_does_not_use_up_what_is_there_for_another() -> None:
    budget = Budget(Rates(visitor=Rate(2, 0.1), domain=WIDE, address=WIDE, app=WIDE, longest_wait_s=1))
    assert [await budget.turn(f"h{n}.example", "ann") for n in range(3)] == [True, True, False]
    assert await budget.turn("h.example", "bob")


async def test_names_of_one_domain_and_names_of_one_address_are_one_target(internet: SmallInternet) -> None:
    internet.play((r".", page("", 410)))
    names = [f"host{n}.example{n}.net" for n in range(30)]
    internet.elsewhere |= {name: [[ADDRESS]] for name in names}
    rates = Rates(visitor=WIDE, domain=Rate(5, 10), address=Rate(10, 20), app=WIDE)
    limits = Limits(per_host_rate=1_000)
    for links in ([f"http://{name}/a" for name in names], [f"http://h{n}.files.example.org/a" for n in range(15)]):
        async with internet.fetcher(limits=limits) as fetcher:
            fetcher.draw_on(Budget(rates))
            started = time.monotonic()
            answers = await asyncio.gather(*(fetcher.get(link) for link in links))
        assert all(each.status == 410 for each in answers)
        assert time.monotonic() - started >= 0.9  # 20 more at 20 a second, 10 more at 10 a second


async def test_a_full_budget_says_nothing_about_the_link(internet: SmallInternet) -> None:
    internet.play((r".", page("", 410)))
    async with internet.fetcher() as fetcher:
        fetcher.draw_on(Budget(Rates(app=Rate(1, 0.001), longest_wait_s=1)))
        assert (await fetcher.get("https://photos.example.org/1")).status == 410
        assert (await fetcher.get("https://photos.example.org/2")).failure.kind == FailureKind.BUSY
        checked = await check_link("https://photos.example.org/3", fetcher, in_app=False)
    assert checked.opens is None
    assert len(internet.asked) == 1


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallInternet]:
    """A small internet in a thread of its own, behind every check of this process."""
    ready, ended, found = threading.Event(), threading.Event(), []

    async def serve() -> None:
        async with small_internet() as internet:
            internet.play((r".", page("", 410)))
            found.append(internet)
            ready.set()
            while not ended.is_set():  # noqa: ASYNC110 - set by another thread
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(20)
    monkeypatch.setattr(run, "open_fetcher", found[0].fetcher)
    yield found[0]
    ended.set()
    thread.join(20)


def test_ten_sessions_at_once_ask_one_host_no_faster_than_one(lasting: SmallInternet) -> None:
    budget = Budget(Rates(visitor=WIDE, domain=Rate(10, 20), address=WIDE, app=WIDE))
    times: list[float] = []
    lasting.routes = [(r".", lambda _: times.append(time.monotonic()) or page("", 410))]

    def session(number: int) -> None:
        links = [recognise(f"https://photos.example.org/{number}/{n}") for n in range(4)]
        assert len(list(run_checks(links, with_apps=False, budget=budget, visitor=str(number)))) == 4

    sessions = [threading.Thread(target=session, args=(number,)) for number in range(10)]
    started = time.monotonic()
    for each in sessions:
        each.start()
    for each in sessions:
        each.join()
    assert len(times) == 40
    assert times[-1] - started >= 1.45  # a burst of ten, then thirty at twenty a second


async def test_unusual_ports_are_asked_only_for_products_that_people_run_at_home(internet: SmallInternet) -> None:
    internet.play((r".", page("", 410)))
    async with internet.fetcher() as fetcher:
        unknown = await check_link("http://photos.example.org:8080/a", fetcher, in_app=False)
        assert internet.asked == []
        assert unknown.opens is None
        assert any("port 8080" in each.text for each in unknown.evidence)
        internet.play((r".", page("", 302, Location="http://photos.example.org:8080/b")))
        led = await check_link("https://photos.example.org/a", fetcher, in_app=False)
        assert len(internet.asked) == 1
        assert led.opens is None
        await check_link("http://cloud.example.org:8080/s/I961hNtsMJkUl6O", fetcher, in_app=False)
        assert len(internet.asked) > 1
