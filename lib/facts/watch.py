"""What to look at again after which release: of iOS, of Android, of TikTok, of Google."""

from __future__ import annotations

import tomllib
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from lib.facts.reader import TABLES, Device, Fact, Step
from lib.facts.store import all_facts, all_steps, key_of

_FILE: Final = "releases.toml"
_OURS: Final = "project:"


class _Release(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    services: tuple[str, ...] = ()
    devices: tuple[Device, ...] = ()
    keys: tuple[str, ...] = ()


def watched() -> dict[str, list[Fact | Step]]:
    """Return release -> facts and menu words that it may change, oldest first. Raises `OSError`, `ValueError`."""
    text = (TABLES / _FILE).read_text(encoding="utf-8")
    releases = TypeAdapter(dict[str, _Release]).validate_python(tomllib.loads(text))
    return {name: sorted(_rows(release), key=lambda row: row.said_on) for name, release in releases.items()}


def _rows(release: _Release) -> list[Fact | Step]:
    facts = [
        one
        for one in all_facts()
        if not one.source.startswith(_OURS)
        and (key_of(one.provider) in release.services or f"{key_of(one.provider)}.{one.field.key}" in release.keys)
    ]
    steps = [
        one
        for one in all_steps()
        if not one.source.startswith(_OURS)
        and (key_of(one.provider) in release.services or one.device in release.devices)
    ]
    return [*facts, *steps]
