"""Room for other people's photos: how many bytes are held at once, whoever checks."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from internet import SmallInternet
from states import image

from lib.links import check_link, held
from lib.links.held import Held


async def test_what_does_not_fit_waits_in_the_order_of_its_coming() -> None:
    room, came, most, inside = Held(10), [], 0, 0

    async def one(name: int, amount: int) -> None:
        nonlocal most, inside
        async with room.hold(amount) as got:
            assert got
            came.append(name)
            inside += amount
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= amount

    await asyncio.gather(*(one(number, amount) for number, amount in enumerate((6, 6, 2, 2, 30, 1))))
    assert came == sorted(came)
    assert most <= 30  # one that is larger than the room goes in alone, as large as the room
    async with room.hold(10) as got:
        assert got


async def test_whoever_would_wait_long_is_told_and_holds_nothing() -> None:
    room = Held(10, longest_wait_s=0.05)
    async with room.hold(10), room.hold(1) as got:
        assert not got
    async with room.hold(10) as got:
        assert got


def test_ten_threads_share_one_room() -> None:
    room, most, inside, lock = Held(4), 0, 0, threading.Lock()

    async def hold() -> None:
        nonlocal most, inside
        async with room.hold(1):
            with lock:
                inside += 1
                most = max(most, inside)
            await asyncio.sleep(0.01)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=lambda: asyncio.run(hold())) for _ in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (most <= 4, inside) == (True, 0)


async def test_without_room_a_photo_is_proven_and_not_looked_into(
    internet: SmallInternet, monkeypatch: pytest.MonkeyPatch
) -> None:
    internet.play((r".", image()))
    full = Held(1, longest_wait_s=0.05)
    monkeypatch.setattr(held, "PHOTOS", full)
    async with internet.fetcher() as fetcher, full.hold(1):
        checked = await check_link("https://photos.example.org/a/beach.jpg", fetcher, in_app=False)
    assert (checked.code, checked.confidence) == ("OPEN_PHOTO", "firm")
    assert checked.photo is None


@pytest.mark.thorough
def test_ten_people_who_check_ten_heavy_photos_each_stay_within_the_budget() -> None:
    """Requests, how fast they come at one owner's servers, and memory; all answers are there all the same."""
    program = Path(__file__).with_name("ten_sessions.py")
    ran = subprocess.run([sys.executable, program, "30"], capture_output=True, text=True, check=True, timeout=300)
    told = json.loads(ran.stdout)
    assert told["verdicts"] == {"OPEN_PHOTO": 100}
    assert told["requests"] <= 200  # the link and its whole picture
    assert told["in_the_busiest_second"] <= 20 + 8 + 4  # a burst, a second's worth, and what a busy machine bunches up
    assert told["megabytes"] < 800, told
