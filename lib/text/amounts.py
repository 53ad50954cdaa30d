"""Sizes, counts and days in words, in any language that Babel knows."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

KILOBYTE: Final = 1_000  # bytes; phones, shops and storage services count in thousands
MEGABYTE: Final = 1_000_000
GIGABYTE: Final = 1_000_000_000

# CLDR writes "MByte" for Brazil, where everybody writes MB as in Portugal.
_UNITS_OF: Final = {"pt": "pt_PT"}
_FIRST: Final = {"fr": "1er", "it": "1º"}


def _babel(language: str) -> str:
    """Return a browser's tag as Babel writes it: zh_Hant for zh-Hant."""
    return language.replace("-", "_")


@functools.lru_cache(maxsize=4_096)
def size(size_bytes: int, language: str = "en") -> str:
    """Return "350 kB", "2.4 MB" or "20 GB" as this language writes it: "2,4 Mo" in French."""
    from babel.units import format_unit

    locale = _UNITS_OF.get(language) or _babel(language)
    if size_bytes < MEGABYTE:
        thousands = max(1, round(size_bytes / KILOBYTE))
        return str(format_unit(thousands, "digital-kilobyte", "short", locale=locale))
    unit, bytes_ = ("megabyte", MEGABYTE) if size_bytes < GIGABYTE else ("gigabyte", GIGABYTE)
    return str(format_unit(round(size_bytes / bytes_, 1), f"digital-{unit}", "short", format="#,##0.#", locale=locale))


def count(n: int, one: str, many: str | None = None) -> str:
    """Return "1 photo", "3 photos" or "1,200 photos", in English. `many` is needed where adding an s is wrong."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def number(n: float, language: str = "en") -> str:
    """Return "1,200" as this language writes it: "1.200" in German."""
    from babel.numbers import format_decimal

    return str(format_decimal(n, locale=_babel(language)))


def listed(parts: Sequence[str], language: str = "en") -> str:
    """Return "2, 5 and 7" as this language joins a list."""
    from babel.lists import format_list

    return str(format_list(parts, locale="en_GB" if language == "en" else _babel(language)))


@functools.cache
def _plural_of(language: str) -> object:
    from babel import Locale

    return Locale.parse(_babel(language)).plural_form


def plural(forms: Mapping[str, str], n: int, language: str, **values: str) -> str:
    """Return the form of a text for this number, filled in: `n` as the language writes numbers, and `values`.

    `forms` has CLDR's names (zero, one, two, few, many, other); the form `other` stands in for any that is missing.
    """
    form = _plural_of(language)(n)  # type: ignore[operator]  # Babel's rule is a callable without a type
    text = forms.get(form, forms["other"])
    return text.format(n=number(n, language), **values)


def day(moment: date, language: str = "en") -> str:
    """Return a day in full: "21 December 2026" in English, "21. Dezember 2026" in German."""
    from babel.dates import format_date

    # American order in English would read as nonsense to most of the people who get these links.
    text = str(format_date(moment, "long", locale="en_GB" if language == "en" else _babel(language)))
    # CLDR has no ordinals, which French and Italian use for the first of a month.
    return f"{_FIRST[language]}{text[1:]}" if moment.day == 1 and language in _FIRST else text


def month(at: date, language: str = "en") -> str:
    """Return a month with its year: "May 2026" in English, "mayo de 2026" in Spanish."""
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMM", at, locale="en_GB" if language == "en" else _babel(language)))
