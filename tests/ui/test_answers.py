"""What a sender copies of the answers: one line, and a table that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from lib.albums import PhotoInfo
from lib.albums.answers import GivenAnswer
from lib.services.base import LinkQuestion
from lib.ui.links.answers import answers_csv, ready_text

LABELS = {7: ("Blue cup", "12 €")}
PHOTOS = [
    PhotoInfo(f"id-{n}", n, f"cup {n}.jpg", *LABELS.get(n, ("", "")), "", "image/jpeg", 10, 10, 1, 1, {}, (), float(n))
    for n in (3, 1, 2, 7)
]


def answer(question: LinkQuestion, chosen: dict[int, int], words: str = "", name: str = "Ana") -> GivenAnswer:
    return GivenAnswer("id", "link", "For Ana", question, chosen, name, words, datetime(2026, 11, 25, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (answer(LinkQuestion.LIKE, {1: 1, 2: 1, 7: 1}, "The dog!"), "Ana likes 2, 3 and 4 (Blue cup · 12 €): The dog!"),
        (answer(LinkQuestion.MANY, {7: 3}), "Ana wants 4 (Blue cup · 12 €, ×3)."),
        (answer(LinkQuestion.ONE, {3: 1}), "Ana takes 1."),
        (answer(LinkQuestion.MANY, {1: 4, 2: 1}), "Ana wants 2 (×4) and 3 (×1)."),
        (answer(LinkQuestion.LIKE, {}, "None, sorry"), "Ana: None, sorry"),
        (answer(LinkQuestion.LIKE, {1: 1}, name=""), "For Ana likes 2."),
    ],
)
def test_one_line_says_who_chose_which_photos_as_they_are_numbered_on_the_page(given: GivenAnswer, said: str) -> None:
    assert ready_text(given, PHOTOS) == said


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(1)", "\tx", "\rx"])
def test_a_name_or_words_that_are_a_formula_are_never_run(formula: str) -> None:
    rows = list(csv.reader(io.StringIO(answers_csv([answer(LinkQuestion.MANY, {1: 4}, formula, formula)], PHOTOS))))
    assert rows[0] == ["link", "answered", "who", "photo", "file", "name", "price", "amount", "words"]
    (row,) = rows[1:]
    assert row[:2] == ["For Ana", "2026-11-25T12:00:00+00:00"]
    assert row[3:8] == ["2", "cup 1.jpg", "", "", "4"]
    assert row[2].startswith("'")
    assert row[8].startswith("'")


def test_an_answer_of_words_alone_has_its_line() -> None:
    rows = list(csv.reader(io.StringIO(answers_csv([answer(LinkQuestion.LIKE, {}, "Two\nlines")], PHOTOS))))
    assert rows[1][3:] == ["", "", "", "", "", "Two\nlines"]
