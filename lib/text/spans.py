"""Lengths of time as people type them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from lib.problems import Problem

_HOURS: Final = {"h": 1, "d": 24, "w": 168, "m": 720, "y": 8760}


class NotATime(Problem):
    """What was typed is no length of time."""

    title = "Not a time"
    fix = "Write it as 12h, 7d, 2w, 3m or 1y."


def span(text: str) -> timedelta:
    """Read 12h, 7d, 2w, 3m or 1y. Raises `NotATime` for anything else, 0 and less included."""
    found = re.fullmatch(r"([1-9]\d{0,4})\s*([hdwmy])", text.strip().lower())
    if not found:
        raise NotATime(f"{text!r} is not a time.")
    return timedelta(hours=int(found[1]) * _HOURS[found[2]])
