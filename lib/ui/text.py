"""Numbers and times as people say them."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from lib.front.language import language_of
from lib.message import contents
from lib.text import amounts
from lib.text.amounts import count, size
from lib.text.catalogue import catalogue, spoken
from lib.text.escapes import markdown as escape_markdown
from lib.text.later import in_language

__all__ = ["clock", "count", "day", "escape_markdown", "hour", "moment", "say", "size", "things"]


class _Say:
    """The visitor's own catalogue, looked up at each call: `say("Create link")`, `say.counted(…)`."""

    def __call__(self, text: str, **values: Any) -> str:
        """Return a text in the visitor's language."""
        return spoken(catalogue(language()), self, text, values)

    def counted(self, one: str, many: str, n: int, **values: Any) -> str:
        """Return the form of a text for a number, in the visitor's language."""
        return catalogue(language()).form(
            one, many, n, {name: in_language(value, self) for name, value in values.items()}
        )

    def things(self, total: int, videos: int = 0) -> str:
        """Return "3 photos and a video" in the visitor's language."""
        return contents(total, videos, language())

    def size(self, size_bytes: int) -> str:
        """Return "2.4 MB" in the visitor's language."""
        return size(size_bytes, language())

    def number(self, n: float) -> str:
        """Return "1,200" as the visitor's language writes it."""
        return amounts.number(n, language())

    def day(self, at: date) -> str:
        """Return "21 December 2026" in the visitor's language, as the day that it is where the visitor is."""
        return day(at, language())

    def month(self, at: date) -> str:
        """Return "May 2026" in the visitor's language."""
        return amounts.month(at, language())

    def moment(self, at: datetime) -> str:
        """Return "21 December 2026, 14:02" in the visitor's language and time zone."""
        return moment(at, language())


say: Final = _Say()


def language() -> str:
    """Return the language that the visitor chose, else the best for their browser; English where no browser asks."""
    return language_of(st.context.cookies, st.context.locale or "")


def things(total: int, videos: int = 0) -> str:
    """Return "3 photos", "1 video" or "3 photos and a video": everything, and how many of it are videos."""
    return contents(total, videos)


def _zone() -> tuple[tzinfo, str]:
    """Return the visitor's time zone, and what to say of it: nothing of their own, UTC where no browser told one."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):  # whatever a browser may send
        zone = ZoneInfo("UTC")
    return zone, " UTC" if zone.key in {"UTC", "Etc/UTC"} else ""


def day(at: date, language: str = "en") -> str:
    """Return "21 December 2026": of a moment, the day that it is where the visitor is."""
    return amounts.day(at.astimezone(_zone()[0]) if isinstance(at, datetime) else at, language)


def moment(at: datetime, language: str = "en") -> str:
    """Return "21 December 2026, 14:02" in the visitor's time zone."""
    zone, name = _zone()
    return f"{day(at, language)}, {at.astimezone(zone):%H:%M}{name}"


def clock(at: datetime) -> str:
    """Return "14:02:11" in the visitor's time zone."""
    zone, name = _zone()
    return f"{at.astimezone(zone):%H:%M:%S}{name}"


def hour(at: datetime) -> str:
    """Return "14:00" in the visitor's time zone: what is counted to the hour."""
    zone, name = _zone()
    return f"{at.astimezone(zone):%H:%M}{name}"
