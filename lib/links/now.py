"""Asynchronous work for callers that are not: in a script, a thread or a notebook, where a loop is running already."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Coroutine
from concurrent.futures import Future, wait
from threading import Thread
from typing import Any, Final, TypeVar

T = TypeVar("T")
_BEGIN_S: Final = 5  # an interrupt waits this long for work to begin, to cancel it; it begins within milliseconds


def now(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end and return its result, also while an event loop is running in this thread.

    There it runs in a thread of its own; the loop that called waits, as for every call that is not awaited. An
    interrupt (Ctrl-C, Jupyter's stop button) cancels the work.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    begun: Future[asyncio.Task[T]] = Future()
    answer: Future[T] = Future()

    async def beside() -> T:
        task = asyncio.create_task(work)
        begun.set_result(task)
        return await task

    def run() -> None:
        try:
            answer.set_result(asyncio.run(beside()))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits, which raises it
            answer.set_exception(error)

    thread = Thread(target=contextvars.copy_context().run, args=(run,), name="now", daemon=True)
    try:
        thread.start()
        wait([answer])
    except KeyboardInterrupt:
        with contextlib.suppress(RuntimeError, TimeoutError):  # it came to its end meanwhile, or never began
            task = begun.result(_BEGIN_S)
            task.get_loop().call_soon_threadsafe(task.cancel)
            thread.join()
        raise
    thread.join()
    return answer.result()
