"""Sentences that are said later, in the language of whoever looks then.

A room below the pages does not know who will read what it says. It says it in English, and marks it::

    raise TooLarge(later("The photo is {size}; the limit is {most} a photo.", size=Size(25_000_000), most=Size(limit)))

What comes back is an ordinary text in English (`str(problem)`, the log, the command line), which remembers how it was
made. `say(sentence)` of a catalogue says it again in another language: the sentence whole, its sizes, numbers and days
as that language writes them, and any sentence inside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol, Self

from lib.text import amounts


class Speaks(Protocol):
    """A catalogue, or whatever else says things in one language."""

    def __call__(self, text: str, **values: Any) -> str:
        """Return a text in this language."""

    def counted(self, one: str, many: str, n: int, **values: Any) -> str:
        """Return the form of a text for a number."""

    def size(self, size_bytes: int) -> str:
        """Return a size in words."""

    def number(self, n: float) -> str:
        """Return a number as this language writes it."""

    def day(self, at: date) -> str:
        """Return a day in full."""

    def month(self, at: date) -> str:
        """Return a month and its year."""

    def moment(self, at: datetime) -> str:
        """Return a day and its time."""


class Later(str):
    """A text in English that can be said again in another language."""

    __slots__ = ()

    def in_language(self, say: Speaks) -> str:
        """Return it in the language of a catalogue."""
        return say(str(self))


class Sentence(Later):
    """A sentence with its values."""

    template: str
    values: Mapping[str, Any]

    def in_language(self, say: Speaks) -> str:
        """Return the sentence in another language, with its values in that language."""
        return say(self.template, **self.values)


class Together(Later):
    """Whole sentences, one after the other."""

    parts: tuple[str, ...]

    def __new__(cls, parts: Iterable[str]) -> Self:  # noqa: D102 - the class says it
        whole = tuple(part for part in parts if part)
        made = super().__new__(cls, " ".join(whole))
        made.parts = whole
        return made

    def __getnewargs__(self) -> tuple[Any]:
        return (self.parts,)

    def in_language(self, say: Speaks) -> str:
        """Return the sentences in another language."""
        return " ".join(say(part) for part in self.parts)


class Listed(Later):
    """Several names: "Dropbox, This server"."""

    parts: tuple[str, ...]

    def __new__(cls, parts: Iterable[str]) -> Self:  # noqa: D102 - the class says it
        whole = tuple(parts)
        made = super().__new__(cls, ", ".join(whole))
        made.parts = whole
        return made

    def __getnewargs__(self) -> tuple[Any]:
        return (self.parts,)

    def in_language(self, say: Speaks) -> str:
        """Return the names in another language, those of them that it knows."""
        return ", ".join(say(part) for part in self.parts)


class Counted(Later):
    """A sentence with a number that rules its form."""

    one: str
    many: str
    n: int
    values: Mapping[str, Any]

    def in_language(self, say: Speaks) -> str:
        """Return the form that this number takes in another language."""
        return say.counted(self.one, self.many, self.n, **self.values)


class Size(Later):
    """A size in bytes: "2.4 MB"."""

    size_bytes: int

    def __new__(cls, size_bytes: int) -> Self:  # noqa: D102 - the class says it
        made = super().__new__(cls, amounts.size(size_bytes))
        made.size_bytes = size_bytes
        return made

    def __getnewargs__(self) -> tuple[Any]:
        return (self.size_bytes,)

    def in_language(self, say: Speaks) -> str:
        """Return "2,4 MB"."""
        return say.size(self.size_bytes)


class Number(Later):
    """A number: "1,200" or "0.5"."""

    n: float

    def __new__(cls, n: float) -> Self:  # noqa: D102 - the class says it
        made = super().__new__(cls, f"{n:,.10g}")
        made.n = n
        return made

    def __getnewargs__(self) -> tuple[Any]:
        return (self.n,)

    def in_language(self, say: Speaks) -> str:
        """Return "1.200"."""
        return say.number(self.n)


class Moment(Later):
    """A point in time: "21 December 2026 14:02 UTC"; later in the time zone of whoever looks."""

    at: datetime

    def __new__(cls, at: datetime) -> Self:  # noqa: D102 - the class says it
        made = super().__new__(cls, f"{at:%d %B %Y %H:%M} UTC".lstrip("0"))
        made.at = at
        return made

    def __getnewargs__(self) -> tuple[Any]:
        return (self.at,)

    def in_language(self, say: Speaks) -> str:
        """Return "21. Dezember 2026, 15:02"."""
        return say.moment(self.at)


class Day(Later):
    """A day: "21 December 2026"."""

    at: date

    def __new__(cls, at: date) -> Self:  # noqa: D102 - the class says it
        made = super().__new__(cls, amounts.day(at))
        made.at = at
        return made

    def __getnewargs__(self) -> tuple[Any]:
        return (self.at,)

    def in_language(self, say: Speaks) -> str:
        """Return "21. Dezember 2026"."""
        return say.day(self.at)


class Month(Later):
    """A month: "May 2026"."""

    at: date

    def __new__(cls, at: date) -> Self:  # noqa: D102 - the class says it
        made = super().__new__(cls, amounts.month(at))
        made.at = at
        return made

    def __getnewargs__(self) -> tuple[Any]:
        return (self.at,)

    def in_language(self, say: Speaks) -> str:
        """Return "Mai 2026"."""
        return say.month(self.at)


def later(text: str, **values: Any) -> Later:
    """Mark a text that is said later, in the language of whoever looks then. What comes back is it in English."""
    if not values:
        return Later(text)
    made = Sentence(text.format(**values))
    made.template, made.values = text, values
    return made


def later_counted(one: str, many: str, n: int, **values: Any) -> Later:
    """Mark a sentence whose form depends on a number; `{n}` is that number."""
    made = Counted((one if n == 1 else many).format(n=f"{n:,}", **values))
    made.one, made.many, made.n, made.values = one, many, n, values
    return made


def to_plain(value: Any) -> Any:  # noqa: PLR0911 - one for each kind
    """Return a value as JSON can hold it, so that a sentence is still one when it comes back."""
    match value:
        case Sentence():
            return {"says": value.template, "values": {name: to_plain(one) for name, one in value.values.items()}}
        case Counted():
            values = {name: to_plain(one) for name, one in value.values.items()}
            return {"one": value.one, "many": value.many, "n": value.n, "values": values}
        case Together():
            return {"together": [to_plain(part) for part in value.parts]}
        case Listed():
            return {"listed": [to_plain(part) for part in value.parts]}
        case Size():
            return {"size_bytes": value.size_bytes}
        case Number():
            return {"number": value.n}
        case Moment():
            return {"moment": value.at.isoformat()}
        case Day():
            return {"day": value.at.isoformat()}
        case Later():
            return {"says": str(value), "values": {}}
    return value


def from_plain(value: Any) -> Any:  # noqa: PLR0911 - one for each kind
    """Return what `to_plain` made plain; a text that an older version kept is returned as it is."""
    match value:
        case {"says": str(template), "values": dict(values)}:
            return later(template, **{name: from_plain(one) for name, one in values.items()})
        case {"one": str(one), "many": str(many), "n": int(n), "values": dict(values)}:
            return later_counted(one, many, n, **{name: from_plain(each) for name, each in values.items()})
        case {"together": list(parts)}:
            return Together(from_plain(part) for part in parts)
        case {"listed": list(parts)}:
            return Listed(from_plain(part) for part in parts)
        case {"size_bytes": int(size_bytes)}:
            return Size(size_bytes)
        case {"number": int(n) | float(n)}:
            return Number(n)
        case {"moment": str(at)}:
            return Moment(datetime.fromisoformat(at))
        case {"day": str(at)}:
            return Day(date.fromisoformat(at))
    return value


def in_language(value: Any, say: Speaks) -> Any:
    """Return a value of a sentence in another language; what is no sentence stays as it is."""
    return value.in_language(say) if isinstance(value, Later) else value
