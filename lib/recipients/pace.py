"""How often a network may send something in an hour: kept in memory, and forgotten after it."""

from __future__ import annotations

from time import time
from typing import Final

from lib.albums.guesses import FORGET_S, one_address

_REMEMBERED: Final = 50_000  # networks or links: some megabytes at most


class Pace:
    """Counts what came within the last hour, by anything that has a name. Holds no address longer than that."""

    def __init__(self, an_hour: int) -> None:
        self._an_hour = an_hour
        self._times: dict[str, list[float]] = {}

    def take(self, who: str) -> bool:
        """Count one more; False when there were enough in this hour, and then it is not counted."""
        now = time()
        if who not in self._times:
            for old in [one for one, times in self._times.items() if times[-1] < now - FORGET_S]:
                del self._times[old]
            while len(self._times) >= _REMEMBERED:
                del self._times[next(iter(self._times))]
        times = [one for one in self._times.pop(who, []) if one > now - FORGET_S]
        good = len(times) < self._an_hour
        self._times[who] = [*times, now] if good else times
        return good

    def take_of_network(self, address: str) -> bool:
        """Count one more of the network that an address belongs to."""
        return self.take(one_address(address))
