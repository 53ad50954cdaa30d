"""The sender's words in eight languages: one gettext catalogue, read as it was written.

`say("Create link")` or `say.counted("{n} photo", "{n} photos", n)` in the code, a `.po` file a language in `locale/`.
English is the text in the code itself, or in a table (`lib.text.tables`). A sentence that is made below the pages is
marked with `later` and said where it is shown (`lib.text.later`). The files are read directly, so that there is nothing
to compile; a test finds what is missing or lost a gap, and `python -m lib.text.catalogue` brings the files up to date.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from lib.text import amounts
from lib.text.later import Later, in_language
from lib.text.tables import texts_of_the_tables

FOLDER: Final = Path(__file__).parent / "locale"
ROOT: Final = Path(__file__).parents[2]
SPEAKING: Final = ("pages", "lib")  # rooms that say something to a sender
_TO_THE_HOST: Final = ("cli.py", "commands.py", "connect.py", "terminal.py")  # the command line speaks English
NAMES: Final[Mapping[str, str]] = {  # as each names itself
    "en": "English", "es": "Español", "pt": "Português (Brasil)", "fr": "Français", "de": "Deutsch", "it": "Italiano",
    "id": "Bahasa Indonesia", "tr": "Türkçe",
}  # fmt: skip
LANGUAGES: Final = tuple(NAMES)  # English first


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All texts of one language. Call it with the English text."""

    language: str
    texts: Mapping[str, str] = field(repr=False)
    forms: Mapping[str, tuple[str, ...]] = field(repr=False)  # of texts with a number, in the file's order

    def __call__(self, text: str, **values: Any) -> str:
        """Return a text in this language, its gaps filled. What is not translated stays English."""
        return spoken(self, self, text, values)

    def counted(self, one: str, many: str, n: int, **values: Any) -> str:
        """Return the form of a text for a number, with `n` written as this language writes numbers."""
        return self.form(one, many, n, {name: in_language(value, self) for name, value in values.items()})

    def form(self, one: str, many: str, n: int, values: Mapping[str, Any]) -> str:
        """Return the form of a text for a number; `values` are in this language already."""
        forms = self.forms.get(one)
        if not forms or not all(forms):
            said = one if n == 1 else many
        else:
            said = forms[min(_plural_rule(self.language)(n), len(forms) - 1)]
        return said.format(n=self.number(n), **values)

    def size(self, size_bytes: int) -> str:
        """Return "2.4 MB" in this language."""
        return amounts.size(size_bytes, self.language)

    def number(self, n: float) -> str:
        """Return "1,200" as this language writes it."""
        return amounts.number(n, self.language)

    def day(self, at: date) -> str:
        """Return "21 December 2026" in this language."""
        return amounts.day(at, self.language)

    def month(self, at: date) -> str:
        """Return "May 2026" in this language."""
        return amounts.month(at, self.language)

    def moment(self, at: datetime) -> str:
        """Return "21 December 2026, 14:02 UTC": a catalogue alone does not know where its reader is."""
        return f"{self.day(at)}, {at:%H:%M} UTC"


def spoken(catalogue: Catalogue, say: Any, text: str, values: Mapping[str, Any]) -> str:
    """Return a text out of a catalogue, for `say` to say: a sentence with its own values, or a text with these."""
    if isinstance(text, Later) and not values:
        return text.in_language(say)
    said = catalogue.texts.get(text) or text
    return said.format(**{name: in_language(value, say) for name, value in values.items()}) if values else said


@functools.cache
def _plural_rule(language: str) -> Callable[[int], int]:
    """Return which form a number takes, by the expression that gettext files of this language carry."""
    import gettext

    from babel.messages.plurals import get_plural

    rule: Callable[[int], int] = gettext.c2py(get_plural(language).plural_expr)
    return rule


@functools.cache
def catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language in `LANGUAGES`; English for any other."""
    path = FOLDER / f"{language}.po"
    if language not in LANGUAGES or not path.exists():
        return Catalogue("en", {}, {})
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        read = read_po(file, locale=language)
    texts: dict[str, str] = {}
    forms: dict[str, tuple[str, ...]] = {}
    for message in read:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, str):
            texts[message.id] = str(message.string)
        else:
            forms[message.id[0]] = tuple(message.string or ())
    return Catalogue(language, texts, forms)


def texts_of_the_code(root: Path = ROOT) -> Iterator[tuple[str | tuple[str, str], str]]:
    """Yield every text that is said to a sender, with the file that says it: a text, or its two forms for numbers.

    Python is read by its own parser, because a call inside an f-string is a call as well; templates by Jinja's; tables
    by the names of their fields.
    """
    from jinja2.ext import babel_extract

    for folder in SPEAKING:
        for path in sorted((root / folder).rglob("*.py")):
            if path.name in _TO_THE_HOST:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (text := _said(node)) is not None:
                    yield text, str(path.relative_to(root))
        for path in sorted([*(root / folder).rglob("*.html"), *(root / folder).rglob("*.jinja")]):
            with path.open("rb") as file:
                for _line, name, said, _comments in babel_extract(file, ("say", "counted"), [], {}):
                    forms = [said] if isinstance(said, str) else [str(one) for one in said or ()]
                    if forms:  # else what is said stands elsewhere
                        yield (forms[0] if name == "say" else (forms[0], forms[1])), str(path.relative_to(root))
    yield from texts_of_the_tables(root)


def _said(call: ast.Call) -> str | tuple[str, str] | None:
    """Return what a call says; any other call says nothing.

    `say("…")` and `later("…")` say a text, `….counted("…", "…", n)` and `later_counted("…", "…", n)` its two forms.
    """
    given = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if isinstance(call.func, ast.Name) and name in {"say", "later"} and given:
        return given[0]
    if name in {"counted", "later_counted"} and len(given) >= 2:  # noqa: PLR2004
        return given[0], given[1]
    return None


def bring_up_to_date() -> None:
    """Add the texts of the code that a file lacks, untranslated, and drop those that nobody says any more."""
    from babel.messages import Catalog
    from babel.messages.pofile import read_po, write_po

    FOLDER.mkdir(exist_ok=True)
    said = dict(texts_of_the_code())
    for language in LANGUAGES[1:]:
        path = FOLDER / f"{language}.po"
        old = Catalog(locale=language)
        if path.exists():
            with path.open("rb") as file:
                old = read_po(file, locale=language)
        new = Catalog(locale=language, project="Passalong", fuzzy=False)
        for text in sorted(said, key=str):
            known = old.get(text if isinstance(text, str) else text[0])
            new.add(text, known.string if known else None)
        with path.open("wb") as out:
            write_po(out, new, omit_header=True, width=120)


if __name__ == "__main__":
    bring_up_to_date()
