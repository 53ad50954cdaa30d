"""`python -m lib`: the same rooms from a terminal."""

from __future__ import annotations

import typer

from lib.albums.cli import reports, status
from lib.facts.cli import facts
from lib.links.cli import CheckCommand, check
from lib.photos.cli import clean
from lib.problems import Problem
from lib.services.cli import connect, links, revoke, send
from lib.terminal import Exit, say

app = typer.Typer(
    name="python -m lib", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Passalong from the command line.",
)  # fmt: skip
for command in (clean, send, links, revoke, connect, facts, status, reports):
    app.command()(command)
app.command(cls=CheckCommand)(check)


def main() -> None:
    """Run one command. A problem is told in words, never with a traceback."""
    try:
        app()
    except Problem as problem:
        say(problem.title, str(problem), problem.fix)
        raise SystemExit(Exit.FAILED) from None


if __name__ == "__main__":
    main()
