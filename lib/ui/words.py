"""Numbers and times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime

from lib.message import contents
from lib.text.amounts import count, day, size
from lib.text.escapes import markdown as plain

__all__ = ["clock", "count", "day", "moment", "plain", "size", "things"]


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
