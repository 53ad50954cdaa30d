"""`python -m lib host-check`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import Final

import typer

from lib.albums import open_share
from lib.hosting.inside import look_inside
from lib.hosting.lines import HostLine, Stands
from lib.hosting.outside import look_outside
from lib.settings import settings
from lib.terminal import out

_MARKS: Final = {Stands.OK: "[green]ok[/]  ", Stands.MEND: "[bold red]mend[/]", Stands.UNKNOWN: "[dim]?[/]   "}
NOT_RIGHT: Final = 1


def host_check(*, as_json: bool) -> None:
    """Look at everything; exit code 1 where something is to mend."""
    share = open_share(settings())
    lines: list[HostLine] = []

    async def look() -> None:
        for line in look_inside(share):
            lines.append(line)
            _show(line, as_json=as_json)
        async for line in look_outside(share):
            lines.append(line)
            _show(line, as_json=as_json)

    asyncio.run(look())
    if as_json:
        out.print_json(json.dumps([asdict(line) for line in lines]))
    if any(line.stands is Stands.MEND for line in lines):
        raise typer.Exit(NOT_RIGHT)


def _show(line: HostLine, *, as_json: bool) -> None:
    if as_json:
        return
    out.print(f"{_MARKS[line.stands]} ", end="")
    out.print(f"{line.about}: {line.found}", markup=False)
    if line.mend:
        out.print(f"     {line.mend}", markup=False, style="dim")
