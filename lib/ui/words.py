"""Numbers and times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import streamlit as st

from lib.message import contents
from lib.text.amounts import count, day, size
from lib.text.catalogue import LANGUAGES, catalogue
from lib.text.escapes import markdown as plain
from lib.text.languages import best_language

__all__ = ["clock", "count", "day", "moment", "plain", "say", "size", "things"]


class _Say:
    """The visitor's own catalogue, looked up at each call: `say("Create link")`, `say.counted(…)`."""

    def __call__(self, text: str, **values: Any) -> str:
        """Return a text in the visitor's language."""
        return catalogue(language())(text, **values)

    def counted(self, one: str, many: str, n: int, **values: Any) -> str:
        """Return the form of a text for a number, in the visitor's language."""
        return catalogue(language()).counted(one, many, n, **values)


say: Final = _Say()


def language() -> str:
    """Return the best of our languages for this visitor's browser; English where no browser asks."""
    return best_language(st.context.locale or "", LANGUAGES)


def things(total: int, videos: int = 0) -> str:
    """Return "3 photos", "1 video" or "3 photos and a video": everything, and how many of it are videos."""
    return contents(total, videos)


def moment(at: datetime) -> str:
    """Return "21 December 2026, 14:02 UTC"."""
    at = at.astimezone(UTC)
    return f"{day(at)}, {at:%H:%M} UTC"


def clock(at: datetime) -> str:
    """Return "14:02:11 UTC"."""
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"
