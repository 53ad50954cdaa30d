"""The sender's words in eight languages: one gettext catalogue, read as it was written.

`say("Create link")` or `say.counted("{n} photo", "{n} photos", n)` in the code, a `.po` file a language in `locale/`.
English is the text in the code itself. The files are read directly, so that there is nothing to compile; a test finds
what is missing or lost a gap, and `python -m lib.text.catalogue` brings the files up to date with the code.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "locale"
ROOT: Final = Path(__file__).parents[2]
SPEAKING: Final = ("pages", "lib/ui", "lib/send", "lib/front")  # rooms that say something to a sender
LANGUAGES: Final = ("en", "es", "pt", "fr", "de", "it", "id", "tr")


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All texts of one language. Call it with the English text."""

    language: str
    texts: Mapping[str, str] = field(repr=False)
    forms: Mapping[str, tuple[str, ...]] = field(repr=False)  # of texts with a number, in the file's order

    def __call__(self, text: str, **values: Any) -> str:
        """Return a text in this language, its gaps filled. What is not translated stays English."""
        said = self.texts.get(text) or text
        return said.format(**values) if values else said

    def counted(self, one: str, many: str, n: int, **values: Any) -> str:
        """Return the form of a text for a number, with `n` written as this language writes numbers."""
        from babel.numbers import format_decimal

        forms = self.forms.get(one)
        if not forms or not all(forms):
            said = one if n == 1 else many
        else:
            said = forms[min(_plural_rule(self.language)(n), len(forms) - 1)]
        return said.format(n=format_decimal(n, locale=self.language), **values)


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
    """Yield every text that the code says, with the file that says it: a text, or its two forms for numbers.

    Python is read by its own parser, because a call inside an f-string is a call as well; templates by Jinja's.
    """
    from jinja2.ext import babel_extract

    for folder in SPEAKING:
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (text := _said(node)) is not None:
                    yield text, str(path.relative_to(root))
        for path in sorted((root / folder).rglob("*.html")):
            with path.open("rb") as file:
                for _line, name, said, _comments in babel_extract(file, ("say", "counted"), [], {}):
                    words = [said] if isinstance(said, str) else [str(one) for one in said or ()]
                    yield (words[0] if name == "say" else (words[0], words[1])), str(path.relative_to(root))


def later(text: str) -> str:
    """Mark a text of a table: it is said later, in the language of whoever looks then."""
    return text


def _said(call: ast.Call) -> str | tuple[str, str] | None:
    """Return what a call says; any other call says nothing.

    `say("…")` and `later("…")` say a text, `….counted("…", "…", n)` its two forms.
    """
    given = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if isinstance(call.func, ast.Name) and call.func.id in {"say", "later"} and given:
        return given[0]
    if isinstance(call.func, ast.Attribute) and call.func.attr == "counted" and len(given) >= 2:  # noqa: PLR2004
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
