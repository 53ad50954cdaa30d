"""Every tunnel as data: how it is opened, what people should know of it, and what its failures mean."""

from __future__ import annotations

import functools
import re
import shutil
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, TypeVar

from pydantic import ValidationError

from lib.facts.reader import FactProblem, NonEmpty, Sourced, reason_of, rows_of
from lib.settings import Settings

FOLDER: Final = Path(__file__).parent
_RowKind = TypeVar("_RowKind", bound=Sourced)
_FIELDS: Final = {
    "account": {"yes", "no"}, "life": None, "page_before": {"yes", "no"}, "who_could_see": {"nobody", "own", "service"},
    "keeps_address": {"yes", "no"},
}  # fmt: skip


class TunnelFact(Sourced):
    """One fact about a tunnel."""

    tunnel: NonEmpty
    field: NonEmpty
    value: NonEmpty
    note: str


class TunnelFailure(Sourced):
    """What a program says when it cannot, and what that means."""

    tunnel: NonEmpty
    says: NonEmpty  # a regular expression
    happened: NonEmpty
    fix: NonEmpty


class _TunnelRow(Sourced):
    label: NonEmpty
    kind: Literal["ssh", "program"]
    order: int
    visitor: NonEmpty
    settings: tuple[str, ...] = ()
    address: str = ""
    # SSH
    host: str = ""
    port: int = 22
    user: str = ""
    listen_port: int = 0
    host_key: str = ""
    # Programs
    program: str = ""
    arguments: tuple[str, ...] = ()
    token_variable: str = ""


class Tunnel(_TunnelRow):
    """One way from a public address to this computer."""

    id: NonEmpty
    facts: Mapping[str, TunnelFact]
    failures: tuple[TunnelFailure, ...]

    @property
    def shows_page_before(self) -> bool:
        """Whether recipients meet a page of the service before the photos."""
        return self.facts["page_before"].value == "yes"

    @property
    def keeps_address(self) -> bool:
        """Whether the next start has the same address."""
        return self.facts["keeps_address"].value == "yes"

    @property
    def life_minutes(self) -> int:
        """After how many minutes the service itself ends it; 0: it does not."""
        return int(self.facts["life"].value)

    def can_start(self, settings: Settings) -> bool:
        """Whether its program is on this computer and its settings are there."""
        there = all(getattr(settings, name) for name in self.settings)
        return there and (not self.program or shutil.which(self.program) is not None)

    def address_in(self, line: str) -> str:
        """Return the public address that a line of output names, or nothing."""
        found = re.search(self.address, line) if self.address else None
        return found[found.lastindex or 0] if found else ""

    def failure_in(self, line: str) -> TunnelFailure | None:
        """Return what a line of output means, where it is a failure that is known."""
        return next((one for one in self.failures if re.search(one.says, line)), None)


@functools.cache
def all_tunnels(folder: Path = FOLDER) -> tuple[Tunnel, ...]:
    """Return all tunnels, best first. Raises `FactProblem` at the first row that cannot be trusted."""
    facts = _read(folder / "facts.csv", TunnelFact)
    failures = _read(folder / "failures.csv", TunnelFailure)
    raw = tomllib.loads((folder / "tunnels.toml").read_text(encoding="utf-8"))
    found = []
    for name, row in raw.items():
        own = {one.field: one for one in facts if one.tunnel == name}
        if own.keys() != _FIELDS.keys():
            raise FactProblem("facts.csv", None, f"{name} needs exactly {', '.join(_FIELDS)}.")
        for field, choices in _FIELDS.items():
            if choices and own[field].value not in choices:
                raise FactProblem("facts.csv", None, f"{name}, {field}: has to be one of {', '.join(sorted(choices))}.")
        try:
            found.append(
                Tunnel(id=name, facts=own, failures=tuple(one for one in failures if one.tunnel == name), **row)
            )
        except ValidationError as error:
            raise FactProblem("tunnels.toml", None, f"[{name}] {reason_of(error)}") from error
    if stray := ({one.tunnel for one in facts} | {one.tunnel for one in failures}) - raw.keys():
        raise FactProblem("facts.csv", None, f"no tunnel is called {', '.join(sorted(stray))}.")
    return tuple(sorted(found, key=lambda one: one.order))


def tunnel(name: str) -> Tunnel:
    """Return the tunnel of this id. Raises KeyError."""
    return {one.id: one for one in all_tunnels()}[name]


def _read(path: Path, kind: type[_RowKind]) -> list[_RowKind]:
    today = datetime.now(UTC).date()
    rows = []
    for line, cells in rows_of(path):
        try:
            row = kind.model_validate(cells)
        except ValidationError as error:
            raise FactProblem(path.name, line, reason_of(error)) from error
        if fault := row.fault(today):
            raise FactProblem(path.name, line, fault)
        rows.append(row)
    return rows
