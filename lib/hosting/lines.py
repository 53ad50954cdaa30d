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
class HostLine:
    """One thing that was looked at."""

    about: str
    stands: Stands
    found: str
    mend: str = ""


def ok(about: str, found: str) -> HostLine:
    """Return a line about something that is right."""
    return HostLine(about, Stands.OK, found)


def mend(about: str, found: str, how: str) -> HostLine:
    """Return a line about something that is wrong, and what to do."""
    return HostLine(about, Stands.MEND, found, how)


def unknown(about: str, found: str) -> HostLine:
    """Return a line about something that could not be looked at."""
    return HostLine(about, Stands.UNKNOWN, found)
