"""The facts at hand: read once, when a page first needs them, and looked up by provider and field."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lib.facts.help_lines import HelpLine, read_help_lines
from lib.facts.reader import (
    Device,
    Fact,
    FactProblem,
    Field,
    Step,
    Task,
    read_facts,
    read_fields,
    read_steps,
)

TABLES = Path(__file__).parent / "tables"
TIKTOK: Final = "TikTok"
APP: Final = "Passalong"
_FILES: Final = {"storage.csv": "storage", "tiktok.csv": "tiktok", "passalong.csv": "passalong"}


@dataclass(frozen=True, slots=True)
class Store:
    """Every table of one folder."""

    fields: Mapping[tuple[str, str], Field]
    facts: Mapping[tuple[str, str], Fact]  # (provider, field)
    by_key: Mapping[str, Fact]  # "google_drive.free_storage"
    by_provider: Mapping[str, Mapping[str, Fact]]  # provider -> field
    steps: Mapping[tuple[str, Device, Task], tuple[Step, ...]]
    help_lines: tuple[HelpLine, ...]


def key_of(provider: str) -> str:
    """google_drive, as content files write it."""
    return re.sub(r"[^a-z0-9]+", "_", provider.lower()).strip("_")


@functools.lru_cache(maxsize=4)
def open_store(folder: Path) -> Store:
    """Read every table of a folder; a table that fails is read again next time. Raises `FactProblem`."""
    today = dt.datetime.now(dt.UTC).date()
    declared = read_fields(folder / "fields.toml")
    facts: dict[tuple[str, str], Fact] = {}
    for file, scope in _FILES.items():
        for one in read_facts(folder / file, scope, declared, today):
            facts[one.provider, one.field.key] = one
    providers = frozenset(provider for provider, _ in facts)
    steps: dict[tuple[str, Device, Task], tuple[Step, ...]] = {}
    for step in read_steps(folder / "menu_words.csv", providers, today):
        menu = (step.provider, step.device, step.task)
        steps[menu] = (*steps.get(menu, ()), step)
    by_key = {f"{key_of(provider)}.{field}": one for (provider, field), one in facts.items()}
    by_provider: dict[str, dict[str, Fact]] = {}
    for (provider, field), one in facts.items():
        by_provider.setdefault(provider, {})[field] = one
    return Store(declared, facts, by_key, by_provider, steps, read_help_lines(folder / "help_lines.csv", today))


def _store() -> Store:
    return open_store(TABLES)


def fact(key: str) -> Fact:
    """Look one up by its key, such as "tiktok.photos_per_message". Raises `FactProblem`."""
    found = _store().by_key.get(key)
    if found is None:
        raise FactProblem("lib/facts/tables", None, f"no row answers to {key!r}.")
    return found


def provider_names() -> tuple[str, ...]:
    """Every storage provider, in the order of the table."""
    return tuple(dict.fromkeys(one.provider for one in _store().facts.values() if one.field.scope == "storage"))


def provider_facts(provider: str) -> Mapping[str, Fact]:
    """Everything known about one provider, by field. Raises `FactProblem` for a provider that is in no table."""
    found = _store().by_provider.get(provider)
    if found is None:
        raise FactProblem("lib/facts/tables", None, f"no row is about {provider!r}.")
    return found


def provider_fact(provider: str, field: str) -> Fact | None:
    """One cell, or None where nothing is known. Raises `FactProblem` for a provider that is in no table."""
    return provider_facts(provider).get(field)


def menu_steps(provider: str, device: Device | str, task: Task | str = Task.SHARE) -> tuple[Step, ...]:
    """Return the way through a provider's menus; empty where none is known on that device."""
    return _store().steps.get((provider, Device(device), Task(task)), ())


def fields(scope: str) -> tuple[Field, ...]:
    """Every field of "storage", "tiktok" or "passalong", in the order in which they are declared."""
    return tuple(field for (where, _), field in _store().fields.items() if where == scope)


def all_facts() -> tuple[Fact, ...]:
    """Every fact of every table."""
    return tuple(_store().facts.values())


def all_steps() -> tuple[Step, ...]:
    """Every step of every menu."""
    return tuple(step for menu in _store().steps.values() for step in menu)


def help_lines() -> tuple[HelpLine, ...]:
    """Every place that helps where a picture does harm, in the order of the table."""
    return _store().help_lines


def older_than(days: int, today: dt.date | None = None) -> list[Fact | Step]:
    """Facts and menu words that were last confirmed more than `days` ago, oldest first."""
    limit = (today or dt.datetime.now(dt.UTC).date()) - dt.timedelta(days=days)
    rows: list[Fact | Step] = [*all_facts(), *all_steps()]
    return sorted((row for row in rows if row.as_of < limit), key=lambda row: row.as_of)


def table_problems() -> list[FactProblem]:
    """Say what is wrong with the tables as they stand: for the log at start, so that the host hears of it first."""
    try:
        _store()
    except FactProblem as problem:
        return [problem]
    return []
