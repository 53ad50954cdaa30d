"""Preview machines and people: who is who, by the user agent alone."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lib.facts import NO_SOURCE, Confidence
from lib.recipients.bots import TABLE, is_bot


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = _table(TABLE)
PEOPLE = _table(Path(__file__).parent / "people.csv")  # a real person in each


@pytest.mark.parametrize("person", PEOPLE, ids=[person["who"] for person in PEOPLE])
def test_a_person_inside_an_app_is_never_taken_for_a_machine(person: dict[str, str]) -> None:
    assert not is_bot(person["user_agent"])


@pytest.mark.parametrize("row", ROWS, ids=[row["pattern"] for row in ROWS])
def test_each_row_catches_the_machine_that_it_is_about(row: dict[str, str]) -> None:
    assert re.search(row["pattern"], row["example"], re.IGNORECASE)
    assert is_bot(row["example"])


@pytest.mark.parametrize("row", ROWS, ids=[row["pattern"] for row in ROWS])
def test_each_row_says_where_it_is_from(row: dict[str, str]) -> None:
    assert row["who"]
    assert date.fromisoformat(row["as_of"]) <= datetime.now(UTC).date()
    if row["source"] == NO_SOURCE:
        assert Confidence(row["confidence"]) is Confidence.NOT_CONFIRMED
    else:
        assert re.fullmatch(r"https://\S+|project:\S+", row["source"])


@pytest.mark.parametrize(
    "agent",
    [
        "WhatsApp/2.23.20.0", "WhatsApp/2.2605.103 W", "WhatsApp/2", "Viber",
        "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 10; K) Chrome/138.0.0.0 Mobile Safari/537.36 (compatible; Google-Read-Aloud)",
        "Mozilla/5.0 (compatible; SnapURLPreview/1.0; +https://www.snapchat.com)", "",
    ],
)  # fmt: skip
def test_other_spellings_of_known_machines_are_caught(agent: str) -> None:
    assert is_bot(agent)
