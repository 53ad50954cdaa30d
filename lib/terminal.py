"""What the commands of `python -m lib` share: problems in words, times as people type them, exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import IntEnum
from typing import Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

out: Final = Console(highlight=False, soft_wrap=True)  # results, for people and pipes
err: Final = Console(highlight=False, stderr=True)  # progress and problems


class Exit(IntEnum):
    """What an exit code means. 2 is also typer's own, for a command that was typed wrongly."""

    OK = 0
    FAILED = 1  # nothing was made
    UNPROVEN = 2  # it was done, and nothing answered that could prove it
    PARTLY = 3  # some photos were refused; the rest is done
    NOT_OPEN = 4  # the link was made, but a stranger could not open it from here


def say(title: str, happened: str, fix: str) -> None:
    """Print a problem the way the pages show it."""
    err.print(f"[bold red]{title}.[/] ", end="")
    err.print(happened, markup=False)
    err.print(fix, markup=False, style="dim")


@contextmanager
def progress(text: str, total: int) -> Iterator[Progress]:
    """Show a progress bar on standard error; on a pipe, nothing."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err, transient=True,
        disable=not err.is_terminal,
    )  # fmt: skip
    with bar:
        bar.add_task(text, total=total)
        yield bar


def life(text: str) -> timedelta:
    """Read 12h, 7d, 2w, 3m or 1y. Raises `typer.BadParameter` for anything else, 0 and less included."""
    from lib.text.spans import NotATime, span

    try:
        return span(text)
    except NotATime as problem:
        msg = f"{problem} {problem.fix}"
        raise typer.BadParameter(msg) from problem
