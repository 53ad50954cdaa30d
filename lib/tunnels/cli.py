"""`python -m lib share-out`: links of this computer reachable from the command line, until it is stopped."""

from __future__ import annotations

import time
from typing import Final

import typer

from lib.albums import open_share
from lib.settings import settings
from lib.terminal import Exit, err, life, out, say
from lib.text.later import later
from lib.tunnels.description import Tunnel, all_tunnels
from lib.tunnels.problems import NotASetting
from lib.tunnels.reachable import Reachable
from lib.tunnels.standing import Phase, Seen, Standing, standing

_POLL_S: Final = 0.3


def share_out(*, through: str, how_long: str, ways: bool) -> None:
    """Keep links reachable until the time is up or Ctrl+C is pressed."""
    if ways:
        _list()
        return
    if settings().public_url:
        out.print(f"Links are reachable at {settings().public_url} already.")
        return
    way = _choose(through)
    keeper = Reachable(settings(), lambda: open_share(settings()))
    keeper.start(way, int(life(how_long).total_seconds()) if how_long else None)
    try:
        over = _follow(keeper)
    except KeyboardInterrupt:
        keeper.stop()
        err.print("Stopped. Links open only on this computer again.")
        return
    if over.phase is Phase.FAILED:
        say(over.problem["title"], over.problem["happened"], over.problem["fix"])
        raise typer.Exit(Exit.FAILED)
    err.print("The time is up. Links open only on this computer again.")


def _choose(through: str) -> Tunnel:
    there = {one.id: one for one in all_tunnels() if one.can_start(settings())}
    if not through:
        return next(iter(there.values()))
    if through not in {one.id for one in all_tunnels()}:
        known = ", ".join(one.id for one in all_tunnels())
        msg = f"{through!r} is none of {known}."
        raise typer.BadParameter(msg)
    if through not in there:
        raise NotASetting(later("{name} is not set up on this computer.", name=through))
    return there[through]


def _follow(keeper: Reachable) -> Standing:
    """Print what changes; return how it ended."""
    told: Standing | None = None
    while True:
        now = standing(settings().data_dir)
        if not now.running:
            keeper.wait()
            return standing(settings().data_dir)
        if now.phase is Phase.ON and (told is None or told.address != now.address):
            out.print(now.address, markup=False)  # for pipes: one line, the address
            until = f"until {now.until.astimezone():%H:%M on %d %B}" if now.until else "until you press Ctrl+C"
            err.print(f"Links of this computer begin with it, {until}. Keep this computer on and awake.")
            if now.before:
                err.print(f"Links that were sent with {now.before} do not open any more.", markup=False)
            if now.seen is Seen.CLOSED:
                err.print("A look from outside got no answer yet. Open a link yourself before you send it.")
            elif now.seen is Seen.OTHER_PAGE:
                err.print("Whoever opens a link meets a page of the service first.")
            told = now
        elif now.phase is Phase.RECONNECTING and told:
            err.print("The connection was lost. It is tried again and again.")
            told = None
        time.sleep(_POLL_S)


def _list() -> None:
    for one in all_tunnels():
        ready = "ready" if one.can_start(settings()) else "not set up"
        out.print(f"{one.id:14} {one.label} ({ready})", markup=False)
