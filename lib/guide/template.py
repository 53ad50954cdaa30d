"""Fill content with facts: `{{tiktok.photos_per_message}}` becomes 9, and the fact is kept to be shown as a source.

| written                 | becomes                                             |
| ----------------------- | --------------------------------------------------- |
| `{{provider.field}}`        | the value in words                                  |
| `{{provider.field|unit}}`   | the value with its unit: 15 GB                      |
| `{{provider.field|note}}`   | the note of the row                                 |
| `{{provider.field|status}}` | "official", "reported" or "not confirmed"           |

A value that no source stands behind is always followed by "(not confirmed)".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lib.facts import Fact, FactProblem, fact

_PLACE: Final = re.compile(r"\{\{\s*([a-z0-9_.]+)\s*(?:\|\s*([a-z]+)\s*)?\}\}")
FILTERS: Final = ("", "unit", "note", "status")


@dataclass(frozen=True, slots=True)
class Filled:
    """Markdown ready to be shown, and the facts it rests on in the order of their use."""

    words: str
    facts: tuple[Fact, ...]


def _in_words(one: Fact, how: str) -> str:
    if how == "status":
        return one.confidence.words
    if how == "note":
        return one.note
    words = one.with_unit if how == "unit" else one.words
    return words if one.confirmed else f"{words} (not confirmed)"


def fill(text: str, cites: Iterable[str] = ()) -> Filled:
    """Fill every place. `cites` are keys of facts that the text rests on without naming them. Raises `FactProblem`."""
    used: dict[str, Fact] = {}

    def put(place: re.Match[str]) -> str:
        key, how = place[1], place[2] or ""
        if how not in FILTERS:
            raise FactProblem("lib/guide/content", None, f"{place[0]} asks for {how!r}, which is not a form of a fact.")
        used[key] = fact(key)
        return _in_words(used[key], how)

    words = _PLACE.sub(put, text)
    if "{{" in words or "}}" in words:
        raise FactProblem(
            "lib/guide/content", None, f"a place is not written as {{{{provider.field}}}}: {text[:80]!r}."
        )
    used.update({key: fact(key) for key in cites})
    return Filled(words.strip(), tuple(used.values()))


def plain(text: str) -> str:
    """Fill every place and keep the words only."""
    return fill(text).words
