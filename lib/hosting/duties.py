"""What the law of some country asks of a host whom strangers report pictures to: dated rows, and no legal advice."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from lib.facts.reader import FactProblem, Sourced, format_dates, reason_of, rows_of

_TABLE: Final = Path(__file__).parent / "duties.csv"
_REMOVAL: Final = "removal_hours"


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty. `value` is its number, where it has one; `text` is what people read."""

    id: str
    value: str
    text: str
    source: str
    when: str  # how fresh it is, in words
    standing: str  # how sure it is, in words


class _DutyRow(Sourced):
    id: str
    value: str
    text: str


@functools.cache
def duties() -> tuple[Duty, ...]:
    """Return every row, in the order of the table. Raises `FactProblem` at the first that cannot be trusted."""
    found = []
    for line, cells in rows_of(_TABLE):
        try:
            row = _DutyRow.model_validate(cells)
        except ValidationError as error:
            raise FactProblem(_TABLE.name, line, reason_of(error)) from error
        if fault := row.fault(dt.datetime.now(dt.UTC).date()):
            raise FactProblem(_TABLE.name, line, fault)
        when = format_dates(row.source, row.source_date, row.as_of)
        found.append(Duty(row.id, row.value, row.text, row.source, when, row.confidence.text))
    return tuple(found)


def urgent_within() -> dt.timedelta:
    """Return how long a report of an intimate picture may wait. Raises `FactProblem`."""
    return dt.timedelta(hours=int(next(duty.value for duty in duties() if duty.id == _REMOVAL)))
