"""Which places help in a case: those of the person's own country first, then those that help everywhere."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lib.facts import Age, HelpLine, Topic, help_lines

EUROPE: Final = "Europe"
# Countries of the table that the line for all of Europe reaches too.
_IN_EUROPE: Final = frozenset({"Germany", "France", "Italy", "Portugal", "Spain", "Europe"})
_AGES: Final = {"adult": Age.OVER, "teen": Age.UNDER, "child": Age.UNDER}


def countries() -> tuple[str, ...]:
    """Return the countries for which a place is known, by name."""
    return tuple(sorted({line.country for line in help_lines() if line.country}))


def helpers(topics: Collection[Topic], country: str = "", age: str = "") -> list[HelpLine]:
    """Return who helps with one of these topics. `age` is "adult", "teen", "child" or, where nobody said, empty."""
    wanted = _AGES.get(age)

    def near(line: HelpLine) -> bool:
        return line.country in {"", country} or (line.country == EUROPE and country in _IN_EUROPE)

    fitting = [
        line
        for line in help_lines()
        if line.topics & set(topics) and near(line) and (wanted is None or line.age in {wanted, Age.ANY})
    ]
    return sorted(fitting, key=lambda line: (line.country != country, line.country == EUROPE))
