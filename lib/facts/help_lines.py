"""Who helps where a picture does harm: national lines and services, as dated rows."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from lib.facts.reader import Confidence, FactProblem, NonEmpty, Sourced, format_dates, reason_of, rows_of

_PHONE: Final = re.compile(r"[\d ]*")


class Topic(StrEnum):
    """What a place helps with."""

    INTIMATE = "intimate"  # a nude or intimate picture
    THREATS = "threats"
    HARASSMENT = "harassment"
    CHILD = "child"
    STRANGER = "stranger"
    DOCUMENT = "document"


class Age(StrEnum):
    """For whom a place is there."""

    UNDER = "under"  # 18
    OVER = "over"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One place that helps. `country` is empty where it helps everywhere; `phone` where it has none."""

    name: str
    country: str
    age: Age
    topics: frozenset[Topic]
    phone: str
    address: str
    what: str
    source: str
    source_date: str
    as_of: dt.date
    confidence: Confidence

    @property
    def when(self) -> str:
        """How fresh it is, in words."""
        return format_dates(self.source, self.source_date, self.as_of)


class _Row(Sourced):
    name: NonEmpty
    country: str
    age: Age
    topics: NonEmpty
    phone: str
    address: NonEmpty
    what: NonEmpty


def read_help_lines(path: Path, today: dt.date) -> tuple[HelpLine, ...]:
    """Read the table. Raises `FactProblem` at the first row that cannot be trusted."""
    found: dict[str, HelpLine] = {}
    for line, cells in rows_of(path):
        try:
            row = _Row.model_validate(cells)
            topics = frozenset(Topic(part) for part in row.topics.split(";"))
        except ValidationError as error:
            raise FactProblem(path.name, line, reason_of(error)) from error
        except ValueError as error:
            raise FactProblem(path.name, line, f"topics: {error}.") from error
        fault = row.fault(today)
        if not row.address.startswith("https://"):
            fault = f"address has to begin with https://, not {row.address!r}."
        elif not _PHONE.fullmatch(row.phone):
            fault = f"phone holds digits and spaces only, not {row.phone!r}."
        elif row.name in found:
            fault = "is there twice."
        if fault:
            raise FactProblem(path.name, line, f"{row.name}: {fault}")
        found[row.name] = HelpLine(
            row.name, row.country, row.age, topics, row.phone, row.address, row.what, row.source, row.source_date,
            row.as_of, row.confidence,
        )  # fmt: skip
    return tuple(found.values())
