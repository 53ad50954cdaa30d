"""`python -m lib check`: whether a stranger can open links."""

from __future__ import annotations

import contextlib
import json as json_of
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lib.links.canaries import CanaryProblem, compare, read_canaries, summary
from lib.links.check import Checked
from lib.links.check import offline as from_text
from lib.links.recognise import Recognised, recognise, recognise_all
from lib.links.report import text_of_file
from lib.links.run import run_checks
from lib.settings import settings

ALL_OPEN, SOME_CLOSED, COULD_NOT_TELL = 0, 1, 2


def check(
    urls: Annotated[list[str] | None, typer.Argument(help="Links, or texts with links in them.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="A text or CSV file with links; - reads standard input.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object for each link, one a line.")] = False,  # noqa: FBT002
    offline: Annotated[bool, typer.Option("--offline", help="Look at the text only; ask nobody.")] = False,  # noqa: FBT002
    selftest_live: Annotated[
        Path | None,
        typer.Option(help="A file with links of your own and the verdict each must get: do the rules still hold?"),
    ] = None,
) -> None:
    """Check whether a stranger can open links. Exit code 0: all open; 1: some closed; 2: could not tell."""
    if selftest_live is not None:
        raise typer.Exit(compare_them(selftest_live))
    raise typer.Exit(check_them(urls or [], file, as_json=json, ask=not offline))


def check_them(urls: list[str], file: Path | None, *, as_json: bool, ask: bool) -> int:
    """Check links, print each result as it comes and return the exit code."""
    own = frozenset({settings().public_url}) if settings().public_url else frozenset()
    links = _links(urls, file, frozenset(filter(None, own)))
    if not links:
        Console(stderr=True).print("Nothing to check: give links, or a file with -f.")
        return COULD_NOT_TELL
    console = Console(highlight=False, soft_wrap=True)
    opens: list[bool | None] = []
    with contextlib.closing(_results(links, frozenset(filter(None, own)), ask=ask)) as results:
        for checked in results:
            opens.append(checked.opens)
            _show(console, checked, as_json=as_json)
    if any(each is False for each in opens):
        return SOME_CLOSED
    return ALL_OPEN if all(opens) else COULD_NOT_TELL


def compare_them(file: Path) -> int:
    """Compare links of known verdict with what they get now. 0: all as they must be; 1: some changed; 2: untold."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        canaries = read_canaries(_data(file, "--selftest-live").decode("utf-8-sig", "replace"))
    except CanaryProblem as problem:
        raise typer.BadParameter(str(problem), param_hint="--selftest-live") from problem
    results = []
    for place, checked in run_checks([each.link for each in canaries], with_apps=False):
        told = compare(canaries[place], checked)
        results.append(told)
        console.print(f"[{_COLOURS[told.holds]}]{told.got}[/] {told.label}: {told.words}")
    console.print(summary(results))
    if any(each.holds is False for each in results):
        return SOME_CLOSED
    return ALL_OPEN if all(each.holds for each in results) else COULD_NOT_TELL


def _data(file: Path, option: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}."
        raise typer.BadParameter(msg, param_hint=option) from error


def _links(urls: list[str], file: Path | None, own: frozenset[str]) -> list[Recognised]:
    found: list[Recognised] = []
    for url in urls:
        found += list(recognise_all(url, own_origins=own)) or [recognise(url)]
    if file is not None:
        found += recognise_all(text_of_file(_data(file, "--file")), own_origins=own)
    return found


def _results(links: list[Recognised], own: frozenset[str], *, ask: bool) -> Generator[Checked, None, None]:
    if not ask:
        for link in links:
            yield from_text(link)
        return
    for _, checked in run_checks(links, own_origins=own, with_apps=False):
        yield checked


_COLOURS = {True: "green", False: "red", None: "yellow"}


def _show(console: Console, checked: Checked, *, as_json: bool) -> None:
    if as_json:
        plain = checked.to_dict()
        del plain["screenshot"]
        plain["photo"] = {name: value for name, value in (plain["photo"] or {}).items() if name != "preview"} or None
        console.out(json_of.dumps(plain, ensure_ascii=False), highlight=False)
        return
    name = checked.link.label or "No link"
    console.print(f"[{_COLOURS[checked.opens]}]{checked.code}[/] {checked.line}", f"({name}, {checked.confidence})")
    console.print(f"  {checked.link.url or checked.link.written}", markup=False, style="dim")
    for seen in checked.evidence:
        console.print(f"  - {seen.words}", markup=False)
    for each in checked.causes:
        console.print(f"  ? {each.cause}", markup=False)
    if not checked.opens:
        for number, step in enumerate(checked.steps("web"), 1):
            console.print(f"  {number}. {step}", markup=False)
