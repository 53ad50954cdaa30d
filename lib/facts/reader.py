"""One strict reader for every fact table: a row that cannot be trusted is refused with file, row and reason."""

from __future__ import annotations

import csv
import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from lib.problems import Problem, named
from lib.text.later import Day, Month, Number, later

TABLES: Final = Path(__file__).parent / "tables"

NO_SOURCE: Final = "none found"  # what a row says that rests on background knowledge only
_SOURCE: Final = re.compile(r"https?://[^\s/]+\.[^\s]+|project:[\w./-]+")
_OURS: Final = "project:"
UNDATED: Final = "undated"
_PAGE_DATE: Final = re.compile(r"(about )?(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
# Pages about program packages: whoever opens one to check a claim does not find it there.
_NOT_FOR_READERS: Final = re.compile(r"https?://(www\.)?(pypi\.org|docs\.rs|crates\.io|npmjs\.com)(/|$)")


class FactProblem(Problem):
    """A fact table that cannot be trusted, or a fact that nobody wrote down."""

    title = "A fact table needs a look"
    fix = "Correct that row, then load the page again. The other pages go on working."

    def __init__(self, file: str, row: int | None, reason: str) -> None:
        """Name the file, the row as an editor counts lines (None: the file as a whole) and the reason."""
        place = file if row is None else f"{file}, row {row}"
        super().__init__(f"{place}: {reason}")
        self.file, self.row, self.reason = file, row, reason


_STANDING: Final[Mapping[str, str]] = {
    "H": later("official"), "M": later("reported"), "L": later("third-hand"), "K": later("not confirmed"),
}  # fmt: skip


class Confidence(StrEnum):
    """How sure a fact is."""

    HIGH = "H"  # a dated page of the service itself, or this program
    MEDIUM = "M"  # a page of the service without a date, or a dated report by somebody who was there
    LOW = "L"  # third-hand: a page of others without a date, or one that only repeats
    NOT_CONFIRMED = "K"  # background knowledge, or a question to which no source was found

    @property
    def text(self) -> str:
        """As people read it."""
        return _STANDING[self.value]


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


def page_day(source_date: str) -> dt.date | None:
    """Return the first day that a page's own date can mean; None where it has none. Raises `ValueError`."""
    if source_date in {"", UNDATED}:
        return None
    found = _PAGE_DATE.fullmatch(source_date)
    if not found:
        msg = f"source_date is a day, a month or a year such as 2026-05, or {UNDATED}, not {source_date!r}."
        raise ValueError(msg)
    return dt.date(int(found[2]), int(found[3] or 1), int(found[4] or 1))


def _format_page_date(source_date: str) -> str:
    """15 May 2026 · May 2026 · about 2021."""
    found, day = _PAGE_DATE.fullmatch(source_date), page_day(source_date)
    if not found or not day:
        return source_date
    if found[4]:
        return Day(day)
    return Month(day) if found[3] else f"{found[1] or ''}{day:%Y}"


def format_dates(source: str, source_date: str, as_of: dt.date) -> str:
    """Say the two dates of a row: the page's own, and the day on which it was read."""
    if source.startswith(_OURS):
        return later("looked at on {day}", day=Day(as_of))
    if source_date in {"", UNDATED}:
        return later("page without a date, read on {day}", day=Day(as_of))
    return later("page of {date}, read on {day}", date=_format_page_date(source_date), day=Day(as_of))


def _standing(confidence: Confidence, *, own_page: bool) -> str:
    """Say who speaks: the service itself is more than a report, even on a page without a date."""
    own = own_page and confidence is Confidence.MEDIUM
    return later("the service’s own page") if own else confidence.text


def is_own_page(source: str, own_pages: Iterable[str]) -> bool:
    """Whether an address lies at one of these places, each written as host or host/path."""
    address = re.sub(r"^https?://", "", source)
    return any(address == place or address.startswith(f"{place}/") for place in own_pages)


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


class _Said:
    """What a dated row tells of its source."""

    __slots__ = ()

    source: str
    source_date: str
    as_of: dt.date
    confidence: Confidence
    own_page: bool

    @property
    def confirmed(self) -> bool:
        """Whether a source stands behind it."""
        return self.confidence is not Confidence.NOT_CONFIRMED

    @property
    def when(self) -> str:
        """The page's own date and the day it was read, in words."""
        return format_dates(self.source, self.source_date, self.as_of)

    @property
    def standing(self) -> str:
        """Who says so, in words."""
        return _standing(self.confidence, own_page=self.own_page)

    @property
    def said_on(self) -> dt.date:
        """The day for which it speaks: the page's own, else the day it was read."""
        return page_day(self.source_date) or self.as_of


@dataclass(frozen=True, slots=True)
class Fact(_Said):
    """One cell. `value` is as in the table and empty where nobody knows; `text` is what people read."""

    provider: str
    field: Field
    value: str
    unit: str
    note: str
    source: str
    source_date: str  # as the source gives it: "2025-06-18", "undated", "about 2021"
    as_of: dt.date  # the day on which the source was read
    confidence: Confidence
    file: str
    row: int
    own_page: bool = False  # whether the source is a page of the service itself

    @property
    def sure(self) -> bool:
        """Whether the service itself or a dated report says so: third-hand words do not count as much."""
        return self.confidence in {Confidence.HIGH, Confidence.MEDIUM}

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
    def text(self) -> str:
        """The value as people read it, without its unit."""
        if not self.value:
            return later("not known")
        if self.number is not None:
            return Number(self.number)
        if self.day is not None:
            return Day(self.day)
        if self.field.kind is Kind.CHOICE and self.field.choices:
            return later(self.field.choices[self.value])
        return self.value.replace(";", ",") if self.field.kind is Kind.LIST else self.value

    @property
    def with_unit(self) -> str:
        """The value with its unit: 15 GB, 1 hour."""
        unit = self.unit.removesuffix("s") if self.value == "1" else self.unit
        return later("{number} {unit}", number=self.text, unit=later(unit)) if unit and self.value else self.text

    @property
    def items(self) -> tuple[str, ...]:
        """The parts of a list."""
        return tuple(part.strip() for part in self.value.split(";")) if self.value else ()


@dataclass(frozen=True, slots=True)
class Step(_Said):
    """One step through a provider's menus on one device. `text` is Markdown; the menu's own words are bold."""

    provider: str
    device: Device
    task: Task
    number: int
    text: str
    source: str
    source_date: str
    as_of: dt.date
    confidence: Confidence
    file: str
    row: int
    own_page: bool = False

    @property
    def menu(self) -> tuple[str, ...]:
        """The menu's own words, in their order."""
        return tuple(re.findall(r"\*\*(.+?)\*\*", self.text))


NonEmpty = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Sourced(BaseModel):
    """What every row carries: where it comes from, when that was, and how sure it is."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    source: NonEmpty
    source_date: str
    as_of: dt.date
    confidence: Confidence

    def fault(self, today: dt.date) -> str | None:
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
        try:
            page = page_day(self.source_date)
        except ValueError as error:
            return str(error)
        return "source_date lies behind as_of, the day it was read." if page and page > self.as_of else None

    def earned(self, own_pages: Iterable[str]) -> Confidence:
        """Return the confidence that its source bears: what the row claims, or less.

        Official is a dated page of the service itself. Its page without a date and a dated report come second,
        pages of others without a date and pages that do not show the claim to a reader last.
        """
        if self.source.startswith(_OURS) or self.confidence is Confidence.NOT_CONFIRMED:
            return self.confidence
        own, exact = is_own_page(self.source, own_pages), self.source_date[:1].isdigit()
        if _NOT_FOR_READERS.match(self.source) or not (own or self.source_date != UNDATED):
            return Confidence.LOW
        if self.confidence is Confidence.HIGH and not (own and exact):
            return Confidence.MEDIUM
        return self.confidence


class _FactRow(Sourced):
    field: NonEmpty
    value: str
    unit: str
    note: str


class _StepRow(Sourced):
    device: Device
    task: Task
    step: int
    text: NonEmpty


class _FieldRow(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    label: NonEmpty
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
    path: Path,
    provider: str,
    scope: str,
    fields: Mapping[tuple[str, str], Field],
    today: dt.date,
    own_pages: Iterable[str] = (),
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
        fault = row.fault(today) or _misfit(field, row)
        if fault:
            raise FactProblem(file, line, f"{row.field}: {fault}")
        earlier = found.get(row.field)
        if earlier:
            raise FactProblem(named(path), line, f"{row.field}: is already in row {earlier.row}.")
        found[row.field] = Fact(
            provider, field, row.value, row.unit, row.note, row.source, row.source_date, row.as_of,
            row.earned(own_pages), file, line, is_own_page(row.source, own_pages),
        )  # fmt: skip
    return list(found.values())


def read_steps(path: Path, provider: str, today: dt.date, own_pages: Iterable[str] = ()) -> list[Step]:
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
        if fault := row.fault(today):
            raise FactProblem(named(path), line, f"{where}: {fault}")
        expected = last.get(menu, 0) + 1
        if row.step != expected:
            said = "is there twice" if row.step < expected else f"comes where step {expected} should be"
            raise FactProblem(named(path), line, f"{where}: step {row.step} {said}.")
        last[menu] = expected
        found.append(
            Step(
                provider, row.device, row.task, row.step, row.text, row.source, row.source_date, row.as_of,
                row.earned(own_pages), file, line, is_own_page(row.source, own_pages),
            )
        )  # fmt: skip
    return found
