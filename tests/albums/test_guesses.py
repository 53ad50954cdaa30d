"""Guessing the password of the host, and the line before comparisons; times are those of a clock of the test's own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from lib.albums.guesses import CALM_FAILURES, LINE, OTHER_PACE_S, HostGuard, WaitingLine
from lib.albums.problems import GuessedTooOften, MayNotCreate
from lib.settings import SettingsProblem, read_settings

OWNER = "owner-secret-of-ana-0123456789"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def right(typed: str) -> bool:
    return typed == "oak river"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(clock: Clock) -> HostGuard:
    return HostGuard(clock)


def tried(guard: HostGuard, typed: str, address: str = "203.0.113.7", owner: str = OWNER) -> bool | str:
    try:
        return guard.allows(owner, address, typed, right)
    except GuessedTooOften:
        return "wait"


def test_a_thousand_guesses_from_one_address_are_three(guard: HostGuard) -> None:
    answers = [tried(guard, f"guess {n}") for n in range(1_000)]
    assert answers == [False] * 3 + ["wait"] * 997
    assert tried(guard, "oak river") == "wait", "else waiting tells nothing"
    assert tried(guard, "oak river", "198.51.100.9") is True


def test_each_wrong_one_waits_longer_up_to_a_minute(guard: HostGuard, clock: Clock) -> None:
    begun = clock.at
    for n in range(20):
        while tried(guard, f"guess {n}") == "wait":
            clock.at += 0.5
    assert clock.at - begun >= 1 + 2 + 4 + 8 + 16 + 32 + 60 * 10


def test_a_page_that_is_drawn_again_is_no_new_guess(guard: HostGuard) -> None:
    assert [tried(guard, "oak rivr") for _ in range(50)] == [False] * 50
    assert tried(guard, "oak river") is True


def test_who_knew_it_before_works_on_while_others_guess_from_the_same_address(guard: HostGuard) -> None:
    assert tried(guard, "oak river") is True
    for n in range(10):
        tried(guard, f"guess {n}", owner="somebody else, or a browser without cookies")
    assert tried(guard, "oak river") is True
    assert tried(guard, "oak river", owner="somebody else") == "wait"


def test_two_hundred_addresses_guess_slowly_and_the_right_person_gets_in_at_once(
    guard: HostGuard, clock: Clock
) -> None:
    compared = 0
    begun = clock.at
    for n in range(20_000):
        compared += tried(guard, f"guess {n}", f"127.9.0.{n % 200}") != "wait"
        clock.at += 0.01
        if n % 1_000 == 999:
            assert tried(guard, "oak river", f"203.0.{n // 1_000}.7", owner=f"person {n}") is True
    assert compared <= CALM_FAILURES + (clock.at - begun) / OTHER_PACE_S


def test_the_host_guards_its_own_password(local_share: Any) -> None:
    share = local_share(who_may_create="password", access_password="oak river")
    for _ in range(5):
        with pytest.raises(MayNotCreate):
            share.admission.check(OWNER, password="", address="203.0.113.7")
    for n in range(3):
        with pytest.raises(MayNotCreate):
            share.admission.check(OWNER, password=f"guess {n}", address="203.0.113.7")
    with pytest.raises(GuessedTooOften, match=r"possible in [12] s"):
        share.admission.check(OWNER, password="oak river", address="203.0.113.7")
    assert share.admission.rule == "password"
    share.admission.check(OWNER, password="oak river", address="198.51.100.9")


@pytest.mark.parametrize("short", ["a", "1234567"])
def test_a_short_password_is_refused_at_start(short: str) -> None:
    with pytest.raises(SettingsProblem, match="access_password: has to have 8 characters"):
        read_settings(access_password=short)


async def test_a_full_line_gives_up_its_last_place_for_who_goes_before() -> None:
    line, order, inside = WaitingLine(), [], asyncio.Event()

    async def one(name: str, *, fresh_since: float | None = None, misses: int = 3) -> None:
        async with line.turn("door", fresh_since=fresh_since, misses=misses, under_attack=False) as came:
            order.append(name if came else f"no room for {name}")
            await inside.wait()

    tasks = [asyncio.create_task(one(f"guess {n}")) for n in range(2 + LINE)]  # two of them are looked at
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(one("late guess")))
    tasks.append(asyncio.create_task(one("person", fresh_since=5.0)))
    tasks.append(asyncio.create_task(one("person who came to the page before", fresh_since=4.0)))
    tasks.append(asyncio.create_task(one("first error", misses=1)))
    await asyncio.sleep(0.01)
    inside.set()
    await asyncio.gather(*tasks)
    assert sum(name.startswith("no room") for name in order) == 4
    assert "no room for late guess" in order
    came = [name for name in order if not name.startswith("no room")]
    assert came[2:5] == ["person who came to the page before", "person", "first error"]
