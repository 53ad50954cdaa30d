"""`python -m lib`: the same rooms from a terminal."""

from __future__ import annotations

import typer

from lib import commands
from lib.problems import Problem
from lib.terminal import Exit, say


def program(name: str, *, completion: bool = False) -> typer.Typer:
    """Return all commands under this name; `completion` offers to complete them in the shell."""
    made = typer.Typer(
        name=name, no_args_is_help=True, add_completion=completion, pretty_exceptions_enable=False,
        help="Passalong from the command line.",
    )  # fmt: skip
    for command in (
        commands.run, commands.clean, commands.send, commands.links, commands.revoke, commands.share_out,
        commands.connect, commands.facts, commands.status, commands.reports, commands.keys, commands.backup,
        commands.restore, commands.host_check,
    ):  # fmt: skip
        made.command()(command)
    made.command(cls=commands.CheckCommand)(commands.check)
    return made


app = program("python -m lib")


def main(commands_of: typer.Typer = app) -> None:
    """Run one command. A problem is told in words, never with a traceback."""
    try:
        commands_of()
    except Problem as problem:
        say(problem.title, str(problem), problem.fix)
        raise SystemExit(Exit.FAILED) from None


if __name__ == "__main__":
    main()
