from __future__ import annotations

from datetime import date

import pytest

from lib.text.amounts import count, day, plural, size


@pytest.mark.parametrize(
    ("size_bytes", "language", "expected"),
    [
        (0, "en", "1 kB"),
        (350_400, "en", "350 kB"),
        (999_999, "en", "1,000 kB"),
        (1_000_000, "en", "1 MB"),
        (2_440_000, "en", "2.4 MB"),
        (25_000_000, "en", "25 MB"),
        (2_440_000, "de", "2,4 MB"),
        (2_440_000, "pt", "2,4 MB"),
        (2_440_000, "fr", "2,4\u202fMo"),
        (2_440_000, "ru", "2,4 МБ"),
    ],
)
def test_a_size_is_written_as_its_language_writes_it(size_bytes: int, language: str, expected: str) -> None:
    assert size(size_bytes, language).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("n", "language", "expected"),
    [(1, "en", "1 a"), (2, "en", "2 b"), (0, "fr", "0 a"), (0, "en", "0 b"), (2, "ru", "2 few"), (21, "ru", "21 a"),
     (5, "ru", "5 many"), (2, "ar", "2 b"), (1_000, "de", "1.000 b")],
)  # fmt: skip
def test_the_form_for_a_number_follows_its_language(n: int, language: str, expected: str) -> None:
    forms = {"one": "{n} a", "other": "{n} b"} | ({"few": "{n} few", "many": "{n} many"} if language == "ru" else {})
    assert plural(forms, n, language) == expected


def test_counts_in_english() -> None:
    assert [count(n, "photo") for n in (0, 1, 2, 1_200)] == ["0 photos", "1 photo", "2 photos", "1,200 photos"]
    assert count(2, "is open", "are open") == "2 are open"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "21 December 2026"), ("de", "21. Dezember 2026"), ("es", "21 de diciembre de 2026")],
)
def test_a_day_in_full(language: str, expected: str) -> None:
    assert day(date(2026, 12, 21), language) == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "1er mars 2026"), ("it", "1º marzo 2026"), ("es", "1 de marzo de 2026")]
)
def test_the_first_of_a_month_is_an_ordinal_where_people_say_so(language: str, expected: str) -> None:
    assert day(date(2026, 3, 1), language) == expected
