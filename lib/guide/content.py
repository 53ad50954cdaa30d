"""The content files, read once and checked: unknown keys, missing words and duplicate names are refused by file."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from lib.facts import FactProblem, Task, Topic

CONTENT = Path(__file__).parent / "content"
PICTURES = Path(__file__).parent / "pictures"

NonEmpty = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
HttpsAddress = Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
Id = Annotated[str, StringConstraints(pattern=r"[a-z][a-z_-]*")]
PageName = Literal["create", "check", "compare", "checklist", "links", "video", "attach"]


class _ContentRow(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class Ask(_ContentRow):
    """A question of the decision. With `optional` it is asked beside the answer, and need not be answered."""

    id: Id
    ask: NonEmpty
    options: dict[Id, NonEmpty]
    optional: bool = False


class DecisionRule(_ContentRow):
    """One line of the decision table: it leads to a way and says why, or it stops."""

    when: dict[Id, tuple[Id, ...]]
    route: Id | None = None
    because: NonEmpty | None = None
    stop: Id | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if bool(self.stop) is bool(self.route) or bool(self.route) is not bool(self.because):
            msg = "a rule has a route and because, or a stop"
            raise ValueError(msg)
        return self


class Stop(_ContentRow):
    """When not to send: what not to do, why, what to do now, and which kinds of help fit."""

    id: Id
    title: NonEmpty
    why: NonEmpty
    do: tuple[NonEmpty, ...]
    topics: tuple[Topic, ...]


class Note(_ContentRow):
    """Something to add to an answer."""

    when: dict[Id, tuple[Id, ...]]
    routes: tuple[Id, ...]
    text: NonEmpty


class Decision(_ContentRow):
    """The questions, the rules in their order, and the notes."""

    question: tuple[Ask, ...]
    rule: tuple[DecisionRule, ...]
    note: tuple[Note, ...]


class _Dated(_ContentRow):
    looked_at: dt.date  # the day on which somebody last read the whole file for truth


class SearchWords(_ContentRow):
    """What people type for an answer, in any language."""

    id: Id
    also: tuple[NonEmpty, ...]


class _Search(_ContentRow):
    words: tuple[SearchWords, ...]


class _Stops(_Dated):
    stop: tuple[Stop, ...]


class RouteStep(_ContentRow):
    """One step of a route, with its picture."""

    id: Id
    title: NonEmpty
    picture: NonEmpty
    alt: NonEmpty
    text: NonEmpty
    menu: Literal["TikTok", "provider"] | None = None
    task: Task | None = None
    see: tuple[PageName, ...] = ()


class Route(_ContentRow):
    """One way to send photos."""

    id: Id
    title: NonEmpty
    icon: NonEmpty
    summary: NonEmpty
    good: tuple[NonEmpty, ...]
    catch: tuple[NonEmpty, ...]
    step: tuple[RouteStep, ...]


class Question(_ContentRow):
    """What people ask, and the honest answer."""

    id: Id
    ask: NonEmpty
    short: NonEmpty
    answer: NonEmpty
    cites: tuple[str, ...] = ()
    menus: Task | None = None
    services: tuple[Id, ...] = ()  # whose menus; without any, those of the chosen provider
    see: tuple[PageName, ...] = ()


class Mistake(_ContentRow):
    """A symptom, its cause and what helps."""

    id: Id
    says: NonEmpty
    cause: NonEmpty
    fix: NonEmpty
    cites: tuple[str, ...] = ()
    menus: Task | None = None
    see: tuple[PageName, ...] = ()


class Habit(_ContentRow):
    """A habit worth having."""

    id: Id
    title: NonEmpty
    why: NonEmpty
    icon: NonEmpty


class Section(_ContentRow):
    """Longer reading."""

    id: Id
    title: NonEmpty
    summary: NonEmpty
    icon: NonEmpty
    text: NonEmpty
    see: tuple[PageName, ...] = ()


class ReadOn(_ContentRow):
    """A page where others say it in more words."""

    by: NonEmpty
    address: HttpsAddress


class WholeGuide(ReadOn):
    """A guide of others to everything that the checklist is about."""

    what: NonEmpty


class ChecklistItem(_ContentRow):
    """One line of the privacy checklist."""

    id: Id
    when: Literal["before", "while", "after"]
    title: NonEmpty
    why: NonEmpty
    how: NonEmpty
    cites: tuple[str, ...] = ()
    weight: Annotated[int, Field(ge=1, le=3)]
    evidence: str | None = None
    covering: bool = False  # covering and cropping in the picker is how it is done
    how_field: str | None = None
    read: tuple[ReadOn, ...] = ()
    how_task: Task | None = None


class Need(_ContentRow):
    """What can matter to a sender, and how a fact answers it."""

    id: Id
    label: NonEmpty
    field: str
    good: tuple[str, ...]
    partly: tuple[str, ...] = ()
    for_: NonEmpty
    partly_text: str = ""
    against: NonEmpty
    spoiled_by: str | None = None
    spoiled_text: str = ""


class _Routes(_Dated):
    route: tuple[Route, ...]


class _Questions(_Dated):
    question: tuple[Question, ...]


class _Mistakes(_Dated):
    mistake: tuple[Mistake, ...]


class _Habits(_Dated):
    habit: tuple[Habit, ...]


class _Sections(_Dated):
    section: tuple[Section, ...]


class _Checklist(_ContentRow):
    item: tuple[ChecklistItem, ...]
    guide: tuple[WholeGuide, ...]


class _Needs(_ContentRow):
    need: tuple[Need, ...]


Model = TypeVar("Model", bound=_ContentRow)
_FIX: Final = "Correct it in lib/guide/content, then load the page again. The other pages go on working."


def _read(model: type[Model], path: Path) -> Model:
    """Read one content file. Raises `FactProblem` that names the file and the entry."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")), strict=False)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = FactProblem(path.name, None, f"it cannot be read: {error}.")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
        problem = FactProblem(path.name, None, f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}.")
    problem.fix = _FIX
    raise problem


@functools.cache
def decision() -> Decision:
    """Return the decision table."""
    return _read(Decision, CONTENT / "decision.toml")


@functools.cache
def stops() -> tuple[Stop, ...]:
    """Return when not to send."""
    return _read(_Stops, CONTENT / "safety.toml").stop


def stop(name: str) -> Stop:
    """Return one stop by its name. Raises `KeyError`."""
    return {one.id: one for one in stops()}[name]


@functools.cache
def routes() -> tuple[Route, ...]:
    """Return the ways to send photos."""
    return _read(_Routes, CONTENT / "routes.toml").route


def route(name: str) -> Route:
    """Return one way by its name. Raises `KeyError`."""
    return {one.id: one for one in routes()}[name]


@functools.cache
def questions() -> tuple[Question, ...]:
    """Return what people ask."""
    return _read(_Questions, CONTENT / "questions.toml").question


@functools.cache
def mistakes() -> tuple[Mistake, ...]:
    """Return what goes wrong."""
    return _read(_Mistakes, CONTENT / "mistakes.toml").mistake


@functools.cache
def search_words() -> tuple[SearchWords, ...]:
    """Return what people type for answers."""
    return _read(_Search, CONTENT / "search.toml").words


Kind = Literal["stop", "question", "mistake", "step", "habit", "section"]
_FILES: Final[dict[Kind, tuple[type[_Dated], str]]] = {
    "stop": (_Stops, "safety.toml"),
    "question": (_Questions, "questions.toml"),
    "mistake": (_Mistakes, "mistakes.toml"),
    "step": (_Routes, "routes.toml"),
    "habit": (_Habits, "habits.toml"),
    "section": (_Sections, "sections.toml"),
}


@functools.cache
def looked_at(kind: Kind) -> dt.date:
    """Return the day on which somebody last read all entries of a kind for truth."""
    model, file = _FILES[kind]
    return _read(model, CONTENT / file).looked_at


@functools.cache
def habits() -> tuple[Habit, ...]:
    """Return the habits worth having."""
    return _read(_Habits, CONTENT / "habits.toml").habit


@functools.cache
def sections() -> tuple[Section, ...]:
    """Return the longer reading."""
    return _read(_Sections, CONTENT / "sections.toml").section


@functools.cache
def checklist() -> tuple[ChecklistItem, ...]:
    """Return the privacy checklist."""
    return _read(_Checklist, CONTENT / "checklist.toml").item


@functools.cache
def whole_guides() -> tuple[WholeGuide, ...]:
    """Return the guides of others that the checklist learned from."""
    return _read(_Checklist, CONTENT / "checklist.toml").guide


@functools.cache
def needs() -> tuple[Need, ...]:
    """Return what can matter to a sender."""
    return _read(_Needs, CONTENT / "needs.toml").need


def content_problems() -> list[FactProblem]:
    """Say what is wrong with the content files as they stand: for the log at start."""
    found: list[FactProblem] = []
    for read in (decision, stops, search_words, routes, questions, mistakes, habits, sections, checklist, needs):
        try:
            read()
        except FactProblem as problem:
            found.append(problem)
    return found
