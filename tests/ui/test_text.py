"""Times as the visitor's own clock and language show them."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from lib.ui import text

AT = datetime(2026, 12, 31, 23, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "locale", "moment", "clock"),
    [
        ("America/New_York", "en-US", "31 December 2026, 18:30", "18:30:05"),
        ("Asia/Tokyo", "en", "1 January 2027, 08:30", "08:30:05"),
        ("Europe/Berlin", "de-DE", "1. Januar 2027, 00:30", "00:30:05"),
        ("Asia/Kathmandu", "fr", "1er janvier 2027, 05:15", "05:15:05"),
        ("UTC", "en", "31 December 2026, 23:30 UTC", "23:30:05 UTC"),
        (None, None, "31 December 2026, 23:30 UTC", "23:30:05 UTC"),
        ("Mars/Olympus", "en", "31 December 2026, 23:30 UTC", "23:30:05 UTC"),
        ("../../etc/passwd", "en", "31 December 2026, 23:30 UTC", "23:30:05 UTC"),
    ],
)
def test_times_are_the_visitors_own(
    monkeypatch: pytest.MonkeyPatch, zone: str | None, locale: str | None, moment: str, clock: str
) -> None:
    monkeypatch.setattr(text.st, "context", SimpleNamespace(timezone=zone, locale=locale, cookies={}))
    assert text.say.moment(AT) == moment
    assert text.clock(AT) == clock
    assert text.hour(AT) == clock[:5] + clock[8:]
    assert text.day(AT) in moment or locale not in {"en", "en-US", None}


def test_a_day_without_a_time_stays_the_day_that_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text.st, "context", SimpleNamespace(timezone="America/New_York", locale="en", cookies={}))
    assert text.day(date(2026, 12, 31)) == "31 December 2026"
