"""Asynchronous work for callers that are not: results, failures, context and interrupts, with and without a loop."""

from __future__ import annotations

import asyncio
import contextvars
import signal
import threading
from collections.abc import Callable

import pytest

from lib.links.now import now
from lib.photos import NotAPicture

WHO = contextvars.ContextVar("WHO", default="nobody")


async def in_a_loop(call: Callable[[], object]) -> object:
    return call()


def anywhere(call: Callable[[], object]) -> list[object]:
    return [call(), asyncio.run(in_a_loop(call))]


def test_the_result_and_the_context_are_the_callers() -> None:
    async def who() -> str:
        await asyncio.sleep(0)
        return WHO.get()

    token = WHO.set("Ana")
    try:
        assert anywhere(lambda: now(who())) == ["Ana", "Ana"]
    finally:
        WHO.reset(token)


def test_a_failure_arrives_as_it_was_raised() -> None:
    async def fail() -> None:
        raise NotAPicture("This is a page.")

    def told() -> str:
        with pytest.raises(NotAPicture) as found:
            now(fail())
        return str(found.value)

    assert anywhere(told) == ["This is a page.", "This is a page."]


def test_an_interrupt_cancels_the_work() -> None:
    """As Jupyter's stop button does: a signal to the thread that waits."""
    cancelled = threading.Event()
    waiting, main = threading.Event(), threading.main_thread().ident
    assert main is not None
    assert threading.get_ident() == main

    async def forever() -> None:
        waiting.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    def interrupt() -> None:
        waiting.wait(60)
        signal.pthread_kill(main, signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    loop = asyncio.new_event_loop()  # as in a notebook: no `asyncio.run`, which keeps the first interrupt to itself
    try:
        with pytest.raises(KeyboardInterrupt):
            loop.run_until_complete(in_a_loop(lambda: now(forever())))
    finally:
        loop.close()
    assert cancelled.is_set()
