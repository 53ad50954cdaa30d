"""One line of what was looked at: what it is, how it stands, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stands(StrEnum):
    """How one thing stands."""

    OK = "ok"
    MEND = "mend"
    UNKNOWN = "not looked at"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    about: str
    stands: Stands
    found: str
    mend: str = ""


def ok(about: str, found: str) -> Line:
    """Return a line about something that is right."""
    return Line(about, Stands.OK, found)


def mend(about: str, found: str, how: str) -> Line:
    """Return a line about something that is wrong, and what to do."""
    return Line(about, Stands.MEND, found, how)


def unknown(about: str, found: str) -> Line:
    """Return a line about something that could not be looked at."""
    return Line(about, Stands.UNKNOWN, found)
