"""Runs of pages take turns, and nothing that one of them waits for keeps the others from theirs."""

from __future__ import annotations

import threading

import pytest

from lib.ui.turns import Turns

LONG_S = 3_600.0


def begin(turns: Turns, begun: list[int], go_on: threading.Event, number: int) -> threading.Thread:
    def run() -> None:
        with turns.turn():
            begun.append(number)
            go_on.wait(60)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_no_more_than_were_said_run_at_once_and_all_come_to_their_end() -> None:
    turns, at_once, most = Turns(2, LONG_S), 0, 0
    counting = threading.Lock()

    def run() -> None:
        nonlocal at_once, most
        with turns.turn():
            with counting:
                at_once += 1
                most = max(most, at_once)
            threading.Event().wait(0.001)  # lets another thread run
            with counting:
                at_once -= 1

    threads = [threading.Thread(target=run, daemon=True) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert (at_once, most) == (0, 2)


def test_a_run_that_waits_for_something_gives_its_turn_away() -> None:
    turns, go_on = Turns(1, 0.01), threading.Event()
    begun: list[int] = []
    first = begin(turns, begun, go_on, 1)
    second = begin(turns, begun, go_on, 2)
    with turns.turn():  # although the others wait for it
        begun.append(3)
    go_on.set()
    first.join(60)
    second.join(60)
    assert sorted(begun) == [1, 2, 3]


def test_a_run_that_breaks_gives_its_turn_back() -> None:
    turns = Turns(1, LONG_S)
    with pytest.raises(ValueError, match="a page broke"), turns.turn():
        raise ValueError("a page broke")
    with turns.turn():
        pass
