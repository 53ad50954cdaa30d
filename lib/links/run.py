"""Checks for callers that do not know asyncio: results one by one; all stops when nobody listens any more."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import queue
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from lib.links.budget import SHARED, Budget
from lib.links.check import ApiKeys, Checked, check_links
from lib.links.fetch import Fetcher
from lib.links.recognise import Recognised
from lib.links.second_look import second_look
from lib.settings import settings

LOOK_INSIDE_UP_TO: Final = 10  # links at a time; a longer list is told open or closed only
# New objects before Python looks for cycles among them, everywhere in this process. A batch makes many objects and
# hardly a cycle: with Python's own 700, a tenth to a fifth of its time went into looking.
_YOUNG_OBJECTS: Final = 20_000
T = TypeVar("T")


def open_fetcher(own_origins: frozenset[str]) -> Fetcher:
    """Return the fetcher that checks go through."""
    return Fetcher(own_origins)


def run(task: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on the fastest event loop that is there; meanwhile Python looks for cycles less."""
    before = gc.get_threshold()
    if 0 < before[0] < _YOUNG_OBJECTS:
        gc.set_threshold(_YOUNG_OBJECTS, *before[1:])
    try:
        if sys.platform == "win32":
            return asyncio.run(task)
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(task)
    finally:
        gc.set_threshold(*before)


def run_checks(
    links: Sequence[Recognised],
    *,
    own_origins: frozenset[str] = frozenset(),
    with_apps: bool | None = None,
    look_inside: bool | None = None,
    visitor: str = "",
    budget: Budget = SHARED,
    while_waiting: Callable[[], object] = lambda: None,
) -> Iterator[tuple[int, Checked]]:
    """Check links in a thread of their own and yield each with its place, as it comes. Closing stops all requests.

    `look_inside` looks into open photos, `with_apps` repeats each check as TikTok's browser: by default only for a few
    links. The picture of an open link is fetched and decoded always. All checks of this process draw on one budget, on
    account of the `visitor` where one is named.
    `while_waiting` is called now and then; what it raises ends the checks.
    """
    few = len(links) <= LOOK_INSIDE_UP_TO
    job = _Job(
        tuple(links),
        own_origins,
        few if look_inside is None else look_inside,
        few if with_apps is None else with_apps,
        visitor,
        budget,
    )
    results: queue.SimpleQueue[_Result] = queue.SimpleQueue()
    stop = threading.Event()
    thread = threading.Thread(target=_work, args=(job, results, stop), name="link checks", daemon=True)
    thread.start()
    try:
        while (result := _next(results, while_waiting)) is not None:
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        stop.set()


_Result = tuple[int, Checked] | BaseException | None


def _next(results: queue.SimpleQueue[_Result], while_waiting: Callable[[], object]) -> _Result:
    while True:
        try:
            return results.get(timeout=0.25)
        except queue.Empty:
            while_waiting()


@dataclass(frozen=True, slots=True)
class _Job:
    """What one press of the button asks for."""

    links: tuple[Recognised, ...]
    own_origins: frozenset[str]
    look_inside: bool
    with_apps: bool
    visitor: str
    budget: Budget

    def results(self, fetcher: Fetcher) -> AsyncGenerator[tuple[int, Checked], None]:
        """Check the links, with a fetcher that draws on the budget."""
        fetcher.draw_on(self.budget, self.visitor)
        return check_links(
            self.links,
            fetcher,
            keys=ApiKeys.of(settings()),
            own_origins=self.own_origins,
            look_inside=self.look_inside,
            in_app=self.with_apps,
            prove=True,
        )


def _work(job: _Job, results: queue.SimpleQueue[_Result], stop: threading.Event) -> None:
    async def check() -> None:
        async with (
            open_fetcher(job.own_origins) as fetcher,
            contextlib.aclosing(job.results(fetcher)) as checking,
        ):
            async for place, checked in checking:
                few = len(job.links) <= LOOK_INSIDE_UP_TO
                result = await second_look(checked, fetcher, job.own_origins) if few else checked
                results.put((place, result))
                if stop.is_set():
                    return

    async def until_stopped() -> None:
        work = asyncio.create_task(check())
        while not work.done():
            await asyncio.wait([work], timeout=0.2)
            if stop.is_set():
                work.cancel()
                return
        await work

    try:
        run(until_stopped())
    except Exception as error:  # noqa: BLE001 - handed to the thread that waits, which raises it
        results.put(error)
    finally:
        results.put(None)
