"""`python -m lib status` and `reports`: for the person who runs the app."""

from __future__ import annotations

import typer
from rich.table import Table

from lib.albums import open_share
from lib.settings import settings
from lib.terminal import Exit, out
from lib.text.amounts import size


def status() -> None:
    """Say what this host keeps: links, photos, bytes, reports."""
    now = open_share(settings()).status()
    table = Table(box=None, show_header=False, pad_edge=False)
    for label, value in {
        "links that work": str(now.live_links),
        "links that ended": str(now.ended_links),
        "oldest working link": f"{now.oldest_link_at:%Y-%m-%d}" if now.oldest_link_at else "none",
        "albums": str(now.albums),
        "photos": f"{now.photos}, {size(now.photo_bytes)} of {size(now.host_bytes)}",
        "photos waiting in drafts": f"{now.draft_photos}, {size(now.draft_bytes)}",
        "open reports": str(now.open_reports),
        "index": now.index,
    }.items():
        table.add_row(label, value)
    out.print(table)


def reports(*, close: str, take_back: str) -> None:
    """List what recipients reported; close a report, or take the reported link back."""
    share = open_share(settings())
    if take_back:
        done = share.links.revoke_as_host(take_back)
        out.print("Taken back." if done else "It was over already, or there is no such link.")
        if not done:
            raise typer.Exit(Exit.FAILED)
    if close:
        done = share.reports.close(close)
        out.print("Closed." if done else "There is no such open report.")
        if not done:
            raise typer.Exit(Exit.FAILED)
    waiting = share.reports.all()
    for one in waiting:
        state = "opens" if one.link_opens else "does not open any more"
        out.print(
            f"{one.id}  {one.created_at:%Y-%m-%d %H:%M} UTC  {one.reason}  link {one.link_id} {state}", markup=False
        )
        out.print(f"    {one.title or 'no title'}: {one.words or 'no words'}", markup=False)
    out.print(f"{len(waiting)} open reports.")
