"""Trying again: as long and as often as a provider asks, never longer than a person would wait."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from lib.services.base import ProviderProblem
from lib.services.problems import ErrorAnswer, ProblemTable

TRIES: Final = 5  # with doubling waits about half a minute in all: longer, and a person presses the button again
LONGEST_WAIT_S: Final = 60.0  # a provider that asks for more is answered with words instead of a stuck page
FIRST_WAIT_S: Final = 1.0

T = TypeVar("T")


class Patience:
    """Calls a provider and tries again where its table says that this helps.

    `refusal_of` turns an exception of the vendor's SDK into its codes, or None for an exception that is not the
    vendor's. `on_wait` hears of every second of waiting and may raise to cancel.
    """

    def __init__(
        self,
        table: ProblemTable,
        refusal_of: Callable[[Exception], ErrorAnswer | None],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.table = table
        self.refusal_of = refusal_of
        self.sleep = sleep
        self.on_wait: Callable[[float], None] = lambda _: None

    def refused(self, error: Exception) -> ErrorAnswer:
        """Return what the vendor said, or raise the exception again when it did not come from the vendor."""
        refusal = self.refusal_of(error)
        if refusal is None:
            raise error
        return refusal

    def problem(self, error: Exception) -> ProviderProblem:
        """Return the vendor's answer as a problem in words."""
        return self.table.problem(self.refused(error))

    def __call__(self, call: Callable[..., T], /, *args: Any, expect: tuple[str, ...] = (), **kwargs: Any) -> T:
        """Return what `call(*args, **kwargs)` returns.

        Raises `ProviderProblem`, or the SDK's own exception for codes in `expect`.
        """
        tries = 0
        while True:
            try:
                return call(*args, **kwargs)
            except Exception as error:
                refusal = self.refused(error)
                if any(code in expect for code in refusal.codes):
                    raise
                tries += 1
                wait_s = refusal.wait_s if refusal.wait_s is not None else self._backoff(tries)
                if not self.table.row(refusal).again or tries >= TRIES or wait_s > LONGEST_WAIT_S:
                    raise self.table.problem(refusal) from error
                self._wait(wait_s)

    @staticmethod
    def _backoff(tries: int) -> float:
        """Double the wait each time; the random part keeps many visitors from coming back at the same moment."""
        return FIRST_WAIT_S * 2.0 ** (tries - 1) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret

    def _wait(self, seconds: float) -> None:
        left = seconds
        while left > 0:
            self.on_wait(left)
            step = min(left, 1.0)
            self.sleep(step)
            left -= step
