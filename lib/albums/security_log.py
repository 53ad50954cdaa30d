"""What a host hears of attacks and accidents: one line of JSON each, seldom enough to be read.

A line names what happened and how often, never a link, a file or a person. Where it came from is a keyed hash of the
network, the same for a day, unless the host wishes addresses (`log_addresses`).
"""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from time import time
from typing import Final

from lib.albums.guesses import network
from lib.albums.keys import Keys

NAME: Final = "passalong.security"
EACH_S: Final = 60.0  # between two lines of one kind from one network
A_MINUTE: Final = 10  # lines of one kind, from however many networks
_DAY_S: Final = 86_400
_log = logging.getLogger(NAME)


class Event(StrEnum):
    """What a host may want to do something about."""

    UPLOAD_REFUSED = "upload_refused"  # too many, too large, too slow, no room; the detail says which
    LINK_GUESSED = "link_guessed"  # a wrong password of a link
    HOST_GUESSED = "host_guessed"  # a wrong access password
    UNDER_ATTACK = "under_attack"  # so many wrong ones that tries wait in line
    LINKS_TOO_FAST = "links_too_fast"
    DISK_LOW = "disk_low"
    CLOCK_JUMPED = "clock_jumped"
    KEY_TROUBLE = "key_trouble"
    PHOTO_DAMAGED = "photo_damaged"
    PHOTO_REPORTED = "photo_reported"


class SecurityLog:
    """Writes them. What is left out is counted, and told with the next line of its kind."""

    def __init__(
        self,
        keys: Keys | None,
        *,
        addresses: bool = False,
        now: Callable[[], float] = time,
        count: Callable[[str], None] | None = None,
    ) -> None:
        """`keys` hash networks; without any, nothing is told of them. `count` hears each event, told or not."""
        self._keys = keys
        self._addresses = addresses
        self._now = now
        self._count = count
        self._told: dict[tuple[Event, str], float] = {}
        self._minute: Counter[Event] = Counter()
        self._begun = 0.0
        self._left_out: Counter[Event] = Counter()
        self._lock = threading.Lock()

    def tell(self, event: Event, address: str | None = None, detail: str = "") -> None:
        """Write that something happened, unless enough was said of it just now. `detail` is a word of ours."""
        where = self._where(address) if address else ""
        if self._count is not None:
            self._count(event.value)
        with self._lock:
            now = self._now()
            if now - self._begun >= EACH_S:
                self._begun, self._minute = now, Counter()
                self._told = {key: at for key, at in self._told.items() if now - at < EACH_S}
            if (event, where) in self._told or self._minute[event] >= A_MINUTE:
                self._left_out[event] += 1
                return
            self._told[event, where] = now
            self._minute[event] += 1
            missed = self._left_out.pop(event, 0)
        line = {"event": event.value, "at": int(now), "detail": detail, "from": where, "left_out": missed}
        _log.warning("%s", json.dumps({name: value for name, value in line.items() if value}))

    def _where(self, address: str) -> str:
        if self._addresses:
            return address
        if self._keys is None:
            return ""
        return self._keys.hash_of("security", f"{int(self._now() // _DAY_S)} {network(address)}")[:12]
