"""The facts at hand: read once, when a page first needs them, and looked up by provider and field."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lib.facts import ease
from lib.facts.help_lines import HelpLine, read_help_lines
from lib.facts.reader import (
    TABLES,
    Device,
    Fact,
    FactProblem,
    Field,
    Step,
    Task,
    read_facts,
    read_fields,
)
from lib.services import reader as services_reader

TIKTOK: Final = "TikTok"
APP: Final = "Passalong"
_OWN: Final = "passalong"


@dataclass(frozen=True, slots=True)
class Store:
    """The tables of one folder, and those in the folders of services."""

    fields: Mapping[tuple[str, str], Field]
    facts: Mapping[tuple[str, str], Fact]  # (provider, field)
    by_key: Mapping[str, Fact]  # "google_drive.free_storage"
    by_provider: Mapping[str, Mapping[str, Fact]]  # provider -> field
    steps: Mapping[tuple[str, Device, Task], tuple[Step, ...]]
    ids: Mapping[str, str]  # provider -> its id, and how content files write it
    help_lines: tuple[HelpLine, ...]


@functools.lru_cache(maxsize=4)
def open_store(folder: Path, services: services_reader.Services) -> Store:
    """Read every table of a folder; a table that fails is read again next time. Raises `FactProblem`."""
    today = dt.datetime.now(dt.UTC).date()
    declared = read_fields(folder / "fields.toml")
    own = read_facts(folder / f"{_OWN}.csv", APP, _OWN, declared, today)
    by_provider = {one.label: {**one.facts, **_counted(one, declared)} for one in services.every if one.facts}
    by_provider[APP] = {one.field.key: one for one in own}
    ids = {one.label: one.id for one in services.every} | {APP: _OWN}
    return Store(
        fields=declared,
        facts={(name, key): one for name, known in by_provider.items() for key, one in known.items()},
        by_key={f"{ids[name]}.{key}": one for name, known in by_provider.items() for key, one in known.items()},
        by_provider=by_provider,
        steps={(one.label, *menu): steps for one in services.every for menu, steps in one.menus.items()},
        ids=ids,
        help_lines=read_help_lines(folder / "help_lines.csv", today),
    )


def _counted(service: services_reader.Service, declared: Mapping[tuple[str, str], Field]) -> dict[str, Fact]:
    """Return what follows from the menu words of a storage provider."""
    field = declared.get(("storage", ease.FIELD))
    stores = any(one.field.scope == "storage" for one in service.facts.values())
    found = ease.ease(service.label, field, service.menus) if field and stores else None
    return {ease.FIELD: found} if found else {}


def _store() -> Store:
    return open_store(TABLES, services_reader.services())


def _unknown(text: str, service_id: str = "") -> FactProblem:
    """Say that nothing is known, or why: the service was left out."""
    left_out = [one for one in services_reader.services().left_out if one.service_id in {service_id, ""}]
    return FactProblem(left_out[0].file, None, left_out[0].reason) if left_out else FactProblem("facts", None, text)


def key_of(provider: str) -> str:
    """google_drive: the id of a provider, as content files and addresses write it. Raises `FactProblem`."""
    if provider not in _store().ids:
        raise _unknown(f"no service is called {provider!r}.")
    return _store().ids[provider]


def provider_called(name: str) -> str | None:
    """Return the provider with this name, id or former id, as it may stand in an address; None for an unknown one."""
    service = services_reader.services().find(name)
    return next((one for one in provider_names() if one == (service.label if service else name)), None)


def fact(key: str) -> Fact:
    """Look one up by its key, such as "tiktok.photos_per_message". Raises `FactProblem`."""
    found = _store().by_key.get(key)
    if found is None:
        raise _unknown(f"no row answers to {key!r}.", key.partition(".")[0])
    return found


def provider_names() -> tuple[str, ...]:
    """Every storage provider, in the order in which people see them."""
    return tuple(dict.fromkeys(one.provider for one in _store().facts.values() if one.field.scope == "storage"))


def provider_facts(provider: str) -> Mapping[str, Fact]:
    """Everything known about one provider, by field. Raises `FactProblem` for a provider that is in no table."""
    found = _store().by_provider.get(provider)
    if found is None:
        raise _unknown(f"no row is about {provider!r}.")
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
    """Facts and menu words that speak for a day more than `days` ago, oldest first."""
    limit = (today or dt.datetime.now(dt.UTC).date()) - dt.timedelta(days=days)
    rows: list[Fact | Step] = [*all_facts(), *all_steps()]
    return sorted((row for row in rows if row.said_on < limit), key=lambda row: row.said_on)


def table_problems() -> list[FactProblem]:
    """Say what is wrong with the tables as they stand: for the log at start, so that the host hears of it first."""
    try:
        _store()
    except FactProblem as problem:
        return [problem]
    return []
