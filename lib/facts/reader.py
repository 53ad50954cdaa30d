"""One strict reader for every fact table: a row that cannot be trusted is refused with file, row and reason."""

from __future__ import annotations

import csv
import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from lib.problems import Problem, named

TABLES: Final = Path(__file__).parent / "tables"

NO_SOURCE: Final = "none found"  # what a row says that rests on background knowledge only
_SOURCE: Final = re.compile(r"https?://[^\s/]+\.[^\s]+|project:[\w./-]+")


class FactProblem(Problem):
    """A fact table that cannot be trusted, or a fact that nobody wrote down."""

    title = "A fact table needs a look"
    fix = "Correct that row, then load the page again. The other pages go on working."

    def __init__(self, file: str, row: int | None, reason: str) -> None:
        """Name the file, the row as an editor counts lines (None: the file as a whole) and the reason."""
        place = file if row is None else f"{file}, row {row}"
        super().__init__(f"{place}: {reason}")
        self.file, self.row, self.reason = file, row, reason


class Confidence(StrEnum):
    """How sure a fact is."""

    HIGH = "H"  # an official text, or the program itself
    MEDIUM = "M"  # reports by others, or an old copy of an official text
    NOT_CONFIRMED = "K"  # background knowledge, or a question to which no source was found

    @property
    def words(self) -> str:
        """As people read it."""
        return {"H": "official", "M": "reported", "K": "not confirmed"}[self.value]


class Kind(StrEnum):
    """What a field's value looks like."""

    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TEXT = "text"
    LIST = "list"
    DATE = "date"


class Device(StrEnum):
    """Where the sender stands."""

    IPHONE = "iphone"
    ANDROID = "android"
    WEB = "web"

    @property
    def label(self) -> str:
        """As people read it."""
        return {"iphone": "iPhone", "android": "Android", "web": "Computer"}[self.value]


class Task(StrEnum):
    """What the menu words lead to."""

    START = "start"  # install or open it, and sign in
    UPLOAD = "upload"  # get the photos from the phone into it
    SHARE = "share"  # make a link that a stranger can open
    REVOKE = "revoke"  # take it back
    ATTACH = "attach"
    SEND = "send"
    POST = "post"
    VIDEO = "video"


def day_in_words(day: dt.date) -> str:
    """29 August 2025."""
    return f"{day.day} {day:%B %Y}"


def number_in_words(number: float) -> str:
    """1,000 · 0.5."""
    return f"{number:,.10g}"


def confirmed_in_words(source_date: str, as_of: dt.date) -> str:
    """Say how fresh a row is."""
    if source_date == "undated":
        return f"page without a date, read on {day_in_words(as_of)}"
    return f"last confirmed {day_in_words(as_of)}"


@dataclass(frozen=True, slots=True)
class Field:
    """A question that facts answer: one column of a comparison."""

    scope: str  # "storage", "tiktok" or "passalong"
    key: str
    label: str
    kind: Kind
    unit: str = ""
    help: str = ""
    choices: Mapping[str, str] | None = dataclass_field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell. `value` is as in the table and empty where nobody knows; `words` is what people read."""

    provider: str
    field: Field
    value: str
    unit: str
    note: str
    source: str
    source_date: str  # as the source gives it: "2025-06-18", "undated", "about 2021"
    as_of: dt.date  # the last day on which it is known to have been so; for an undated page the day it was read
    confidence: Confidence
    file: str
    row: int

    @property
    def confirmed(self) -> bool:
        """Whether a source stands behind it."""
        return self.confidence is not Confidence.NOT_CONFIRMED

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return self.value != ""

    @property
    def number(self) -> float | None:
        """The value as a number, where it is one."""
        return float(self.value) if self.field.kind is Kind.NUMBER and self.value else None

    @property
    def day(self) -> dt.date | None:
        """The value as a day, where it is one."""
        return dt.date.fromisoformat(self.value) if self.field.kind is Kind.DATE and self.value else None

    @property
    def words(self) -> str:
        """The value as people read it, without its unit."""
        if not self.value:
            return "not known"
        if self.number is not None:
            return number_in_words(self.number)
        if self.day is not None:
            return day_in_words(self.day)
        if self.field.kind is Kind.CHOICE and self.field.choices:
            return self.field.choices[self.value]
        return self.value.replace(";", ",") if self.field.kind is Kind.LIST else self.value

    @property
    def with_unit(self) -> str:
        """The value with its unit: 15 GB, 1 hour."""
        unit = self.unit.removesuffix("s") if self.value == "1" else self.unit
        return f"{self.words} {unit}" if unit and self.value else self.words

    @property
    def items(self) -> tuple[str, ...]:
        """The parts of a list."""
        return tuple(part.strip() for part in self.value.split(";")) if self.value else ()

    @property
    def when(self) -> str:
        """How fresh it is, in words."""
        return confirmed_in_words(self.source_date, self.as_of)


@dataclass(frozen=True, slots=True)
class Step:
    """One step through a provider's menus on one device. `words` is Markdown; the menu's own words are bold."""

    provider: str
    device: Device
    task: Task
    number: int
    words: str
    source: str
    source_date: str
    as_of: dt.date
    confidence: Confidence
    file: str
    row: int

    @property
    def menu(self) -> tuple[str, ...]:
        """The menu's own words, in their order."""
        return tuple(re.findall(r"\*\*(.+?)\*\*", self.words))

    @property
    def confirmed(self) -> bool:
        """Whether a source stands behind it."""
        return self.confidence is not Confidence.NOT_CONFIRMED

    @property
    def when(self) -> str:
        """How fresh it is, in words."""
        return confirmed_in_words(self.source_date, self.as_of)


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Sourced(BaseModel):
    """What every row carries: where it comes from, when that was, and how sure it is."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    source: Words
    source_date: str
    as_of: dt.date
    confidence: Confidence

    def doubt(self, today: dt.date) -> str | None:
        """Return why this row cannot be trusted, if so."""
        if self.source == NO_SOURCE:
            if self.confidence is not Confidence.NOT_CONFIRMED:
                return f"confidence {self.confidence} needs a source; without one it is K."
        elif not _SOURCE.fullmatch(self.source):
            return f"source has to be an address, project:path or '{NO_SOURCE}', not {self.source!r}."
        elif not self.source_date:
            return "source_date is missing; write undated where the page has none."
        if self.as_of > today:
            return f"as_of {self.as_of} is in the future."
        return None


class _FactRow(Sourced):
    field: Words
    value: str
    unit: str
    note: str


class _StepRow(Sourced):
    device: Device
    task: Task
    step: int
    words: Words


class _FieldRow(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    label: Words
    kind: Kind
    unit: str = ""
    help: str = ""
    choices: dict[str, str] | None = None


_MISSING: Final = {
    "missing": "is missing",
    "string_too_short": "is missing",
    "extra_forbidden": "is not a known column",
}


def reason_of(error: ValidationError) -> str:
    """Say in words what is wrong with a row."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or "row"
    said = _MISSING.get(first["type"])
    if said is None:
        said = f"cannot be {str(first['input'])!r}: {first['msg'][:1].lower()}{first['msg'][1:]}"
    return f"{name} {said}."


def read_fields(path: Path) -> dict[tuple[str, str], Field]:
    """Read the declared fields. Raises `FactProblem`."""
    try:
        tables: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FactProblem(named(path), None, f"it cannot be read: {error}.") from error
    found: dict[tuple[str, str], Field] = {}
    for scope, table in tables.items():
        for key, raw in table.items():
            try:
                row = _FieldRow.model_validate(raw)
            except ValidationError as error:
                raise FactProblem(named(path), None, f"[{scope}.{key}] {reason_of(error)}") from error
            if (row.kind is Kind.CHOICE) is not bool(row.choices):
                raise FactProblem(named(path), None, f"[{scope}.{key}] a choice, and only a choice, lists its choices.")
            found[scope, key] = Field(scope, key, **row.model_dump())
    return found


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its line number. A row with too many cells gets a key that no model knows."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="more cells than columns", restval=None)
            for row in reader:
                yield reader.line_num, {key: cell for key, cell in row.items() if cell is not None}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FactProblem(named(path), None, f"it cannot be read: {error}.") from error


def _misfit(field: Field, row: _FactRow) -> str | None:
    """Return why a value does not fit its field, if so."""
    value, reason = row.value, None
    if not value:
        reason = (
            None if row.confidence is Confidence.NOT_CONFIRMED else "value is missing; only a K row may leave it out."
        )
    elif field.kind is Kind.NUMBER:
        reason = None if re.fullmatch(r"\d+(\.\d+)?", value) else f"value has to be a number, not {value!r}."
    elif field.kind is Kind.YES_NO:
        reason = None if value in {"yes", "no"} else f"value has to be yes or no, not {value!r}."
    elif field.kind is Kind.CHOICE and field.choices:
        reason = (
            None if value in field.choices else f"value has to be one of {', '.join(field.choices)}, not {value!r}."
        )
    elif field.kind is Kind.DATE:
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            reason = f"value has to be a date such as 2025-08-29, not {value!r}."
    if reason is None and field.unit and value and row.unit != field.unit:
        reason = f"unit has to be {field.unit!r}, not {row.unit!r}."
    return reason


def read_facts(
    path: Path, provider: str, scope: str, fields: Mapping[tuple[str, str], Field], today: dt.date
) -> list[Fact]:
    """Read the facts about one provider. Raises `FactProblem` at the first row that cannot be trusted."""
    file, found = named(path), dict[str, Fact]()
    for line, cells in rows_of(path):
        try:
            row = _FactRow.model_validate(cells)
        except ValidationError as error:
            raise FactProblem(named(path), line, reason_of(error)) from error
        field = fields.get((scope, row.field))
        if field is None:
            raise FactProblem(named(path), line, f"{row.field}: field is not in fields.toml under [{scope}].")
        doubt = row.doubt(today) or _misfit(field, row)
        if doubt:
            raise FactProblem(file, line, f"{row.field}: {doubt}")
        earlier = found.get(row.field)
        if earlier:
            raise FactProblem(named(path), line, f"{row.field}: is already in row {earlier.row}.")
        found[row.field] = Fact(
            provider, field, row.value, row.unit, row.note, row.source, row.source_date, row.as_of,
            row.confidence, file, line,
        )  # fmt: skip
    return list(found.values())


def read_steps(path: Path, provider: str, today: dt.date) -> list[Step]:
    """Read the menu words of one provider. Steps of one menu have to count 1, 2, 3. Raises `FactProblem`."""
    file = named(path)
    found: list[Step] = []
    last: dict[tuple[Device, Task], int] = {}
    for line, cells in rows_of(path):
        try:
            row = _StepRow.model_validate(cells)
        except ValidationError as error:
            raise FactProblem(named(path), line, reason_of(error)) from error
        menu = (row.device, row.task)
        where = f"{row.device}, {row.task}"
        if doubt := row.doubt(today):
            raise FactProblem(named(path), line, f"{where}: {doubt}")
        expected = last.get(menu, 0) + 1
        if row.step != expected:
            said = "is there twice" if row.step < expected else f"comes where step {expected} should be"
            raise FactProblem(named(path), line, f"{where}: step {row.step} {said}.")
        last[menu] = expected
        found.append(
            Step(
                provider, row.device, row.task, row.step, row.words, row.source, row.source_date, row.as_of,
                row.confidence, file, line,
            )
        )  # fmt: skip
    return found
