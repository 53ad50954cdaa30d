"""`python -m lib`: the same rooms from a terminal."""

from __future__ import annotations

import typer

from lib import commands
from lib.problems import Problem
from lib.terminal import Exit, say

app = typer.Typer(
    name="python -m lib", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Passalong from the command line.",
)  # fmt: skip
for command in (
    commands.clean, commands.send, commands.links, commands.revoke, commands.connect, commands.facts,
    commands.status, commands.reports,
):  # fmt: skip
    app.command()(command)
app.command(cls=commands.CheckCommand)(commands.check)


def main() -> None:
    """Run one command. A problem is told in words, never with a traceback."""
    try:
        app()
    except Problem as problem:
        say(problem.title, str(problem), problem.fix)
        raise SystemExit(Exit.FAILED) from None


if __name__ == "__main__":
    main()
