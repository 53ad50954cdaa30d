"""The words of tables: which fields of which files are said to a sender.

Their English stands in the table itself, beside its source and date; a translation stands in the catalogue under that
English, like every other text. Names of products and menu words that a screen shows in English are no fields of these.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Table:
    """Files of one kind, and the names of their fields that hold words."""

    files: str  # a pattern below the top of the project
    fields: frozenset[str]


def _table(files: str, *fields: str) -> Table:
    return Table(files, frozenset(fields))


TABLES: Final = (
    _table("lib/hosting/duties.csv", "text"),
    _table("lib/photos/policy.json", "note"),
    _table("lib/services/*/problems.csv", "happened", "fix"),
    _table("lib/services/*/service.toml", "summary", "words"),
)


def texts_of_the_tables(root: Path, tables: Iterable[Table] = TABLES) -> Iterator[tuple[str, str]]:
    """Yield every text of the tables with the file that holds it."""
    for table in tables:
        for path in sorted(root.glob(table.files)):
            for text in _texts(path, table.fields):
                yield text, str(path.relative_to(root))


def _texts(path: Path, fields: frozenset[str]) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        for row in csv.DictReader(text.splitlines()):
            yield from (row[name] for name in sorted(fields) if row.get(name))
    else:
        yield from _words(json.loads(text) if path.suffix == ".json" else tomllib.loads(text), fields)


def _words(part: Any, fields: frozenset[str]) -> Iterator[str]:
    """Yield the texts of the named fields, however deep they lie: a text, a list of texts, or a table of texts."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            yield from _all(value) if name in fields else _words(value, fields)
    elif isinstance(part, list):
        for value in part:
            yield from _words(value, fields)


def _all(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _all(one)
    elif isinstance(value, list):
        for one in value:
            yield from _all(one)
