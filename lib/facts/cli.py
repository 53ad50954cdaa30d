"""`python -m lib facts`: which facts should be looked at again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table

from lib.facts.reader import Fact, FactProblem, Step
from lib.facts.store import older_than
from lib.facts.watch import watched


def days_of(text: str) -> int:
    """Read 180d, 26w, 6m or 1y as days; a bare number is days. Raises `typer.BadParameter`."""
    found = re.fullmatch(r"(\d{1,5})\s*([dwmy]?)", text.strip().lower())
    if not found:
        msg = f"{text!r} is not a time; write it as 180d, 26w, 6m or 1y."
        raise typer.BadParameter(msg)
    return int(found[1]) * {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}[found[2]]


def facts(older: str, *, watch: bool, as_json: bool) -> None:
    """List the facts and menu words that should be looked at again, oldest first."""
    console = Console()
    days = days_of(older)
    try:
        rows = [] if watch else older_than(days)
        groups = watched() if watch else {}
    except FactProblem as problem:
        console.print(f"[bold red]{problem.title}[/]\n{problem}\n{problem.fix}", highlight=False)
        raise typer.Exit(1) from problem
    if as_json:
        listed = {release: [_row(one) for one in found] for release, found in groups.items()}
        console.print_json(json.dumps(listed if watch else [_row(one) for one in rows]))
        return
    for release, found in groups.items():
        console.print(f"\n[bold]After a release of {release}[/]: {len(found)} to look at")
        console.print(_listed(found))
    if watch:
        return
    if rows:
        console.print(_listed(rows))
    console.print(f"{len(rows)} of the facts and menu words speak for a day more than {days} days ago.")


def _listed(rows: Sequence[Fact | Step]) -> Table:
    table = Table("page of", "read on", "what", "confidence", "where", "source", box=None, pad_edge=False)
    for row in rows:
        table.add_row(
            row.source_date, row.as_of.isoformat(), _name(row), row.standing, f"{row.file}:{row.row}", row.source
        )
    return table


def _row(row: Fact | Step) -> dict[str, str | int]:
    return {
        "what": _name(row), "page_of": row.source_date, "read_on": row.as_of.isoformat(), "confidence": row.standing,
        "file": row.file, "row": row.row, "source": row.source,
    }  # fmt: skip


def _name(row: Fact | Step) -> str:
    if isinstance(row, Step):
        return f"{row.provider}, {row.device.label}, {row.task} step {row.number}"
    return f"{row.provider}, {row.field.key}"
