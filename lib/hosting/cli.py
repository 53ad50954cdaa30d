"""`python -m lib host-check` and `status`: for the person who runs the app."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import Final

import typer
from rich.table import Table

from lib.albums import open_share
from lib.hosting.inside import look_inside
from lib.hosting.lines import HostLine, Stands
from lib.hosting.numbers import numbers
from lib.hosting.outside import look_outside
from lib.settings import settings
from lib.terminal import out
from lib.text.amounts import size

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


def status(*, as_json: bool) -> None:
    """Say what this host keeps and how it is doing: room, links, views, reports, what was refused, tunnel, backup."""
    one = numbers(open_share(settings()))
    if as_json:
        out.print_json(json.dumps(one.to_dict()))
        return
    kept = one.kept
    table = Table(box=None, show_header=False, pad_edge=False)
    for label, value in {
        "links that work": str(kept.live_links),
        "links that ended": str(kept.ended_links),
        "oldest working link": f"{kept.oldest_link_at:%Y-%m-%d}" if kept.oldest_link_at else "none",
        "albums": str(kept.albums),
        "photos": f"{kept.photos}, {size(kept.photo_bytes)} of {size(kept.host_bytes)}",
        "photos waiting in drafts": f"{kept.draft_photos}, {size(kept.draft_bytes)}",
        "free on the disk": f"{size(one.free_bytes)} of {size(one.disk_bytes)}",
        "views": f"{one.views_today} today, {one.views_week} in seven days",
        "uploads refused in seven days": str(one.uploads_refused_week),
        "wrong passwords in seven days": str(one.guesses_week),
        "open reports": f"{kept.open_reports}, urgent {one.urgent_reports}, too late {one.overdue_reports}",
        "tunnel": one.tunnel or "none",
        "last backup": f"{one.backup_at:%Y-%m-%d %H:%M} UTC" if one.backup_at else "none made here",
        "index": kept.index,
    }.items():
        table.add_row(label, value)
    out.print(table)
