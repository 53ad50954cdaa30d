"""Numbers and times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime

from lib.message import contents

_KILOBYTE = 1_000
_MEGABYTE = 1_000_000


def size(size_bytes: int) -> str:
    """Return "350 kB" or "2.4 MB"."""
    if size_bytes < _MEGABYTE:
        return f"{max(1, round(size_bytes / _KILOBYTE))} kB"
    return f"{size_bytes / _MEGABYTE:.1f} MB"


def count(n: int, one: str, many: str | None = None) -> str:
    """Return "1 photo" or "3 photos"."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def things(total: int, videos: int = 0) -> str:
    """Return "3 photos", "1 video" or "3 photos and a video": everything, and how many of it are videos."""
    return contents(total, videos)


def day(moment: datetime) -> str:
    """Return "21 December 2026"."""
    return f"{moment.day} {moment:%B %Y}"


def moment(at: datetime) -> str:
    """Return "21 December 2026, 14:02 UTC"."""
    at = at.astimezone(UTC)
    return f"{day(at)}, {at:%H:%M} UTC"


def clock(at: datetime) -> str:
    """Return "14:02:11 UTC"."""
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"


def plain(text: str) -> str:
    """Return a text from outside so that Markdown shows it as it is."""
    return "".join(f"\\{mark}" if mark in r"\`*_{}[]()#+-.!|<>~:$" else mark for mark in " ".join(text.split()))
