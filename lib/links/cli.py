"""`python -m lib check`: whether a stranger can open links."""

from __future__ import annotations

import contextlib
import io
import itertools
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lib.links.budget import PATIENT, Budget
from lib.links.canaries import CanaryProblem, compare, read_canaries, summary
from lib.links.check import Checked
from lib.links.check import offline as from_text
from lib.links.recognise import MAX_LINKS, Recognised, recognise, recognise_all
from lib.links.report import cells_of, dialect_of, encoding_of, to_json
from lib.links.run import LOOK_INSIDE_UP_TO, run_checks
from lib.settings import settings

ALL_OPEN, SOME_CLOSED, COULD_NOT_TELL, USAGE = 0, 1, 2, 3
_LINES: Final = 200  # of a file that are read before their links are looked for


def check(urls: list[str] | None, file: Path | None, *, json: bool, offline: bool, selftest_live: Path | None) -> int:
    """Check links, or compare links of known verdict; return the exit code. Raises `typer.BadParameter`."""
    if selftest_live is not None:
        return compare_them(selftest_live)
    return check_them(urls or [], file, as_json=json, ask=not offline)


def check_them(urls: list[str], file: Path | None, *, as_json: bool, ask: bool) -> int:
    """Check links, print each result as it comes and return the exit code.

    A file is read as far as its links are asked: the first results are there while the rest is still unread.
    """
    own = frozenset(filter(None, {settings().public_origin}))
    console = Console(highlight=False, soft_wrap=True)
    tally = Tally()
    with contextlib.ExitStack() as open_while, _Progress(console) as progress:
        links = _each_once(itertools.chain(_typed(urls, own), _in_file(file, own, open_while)), progress)
        with contextlib.closing(_results(links, own, ask=ask)) as results:
            for checked in results:
                tally.add(checked)
                progress.done()
                _show(console, checked, as_json=as_json)
    if not tally.count:
        Console(stderr=True).print("Nothing to check: give links, or a file with -f.")
        return USAGE
    if tally.count > 1:
        Console(stderr=True, highlight=False).print(tally.text)
    return tally.exit_code


class Tally:
    """What came of all links together."""

    def __init__(self) -> None:
        self.count = self.good = self.closed = 0

    def add(self, checked: Checked) -> None:
        """Count one result. A link that was not to be opened is good where its text shows nothing odd."""
        self.count += 1
        self.good += checked.opens is True or checked.code == "NOT_CHECKED"
        self.closed += checked.opens is False

    @property
    def text(self) -> str:
        """The result in one sentence."""
        untold = self.count - self.good - self.closed
        return f"{self.count:,} links: {self.good:,} good, {self.closed:,} closed, {untold:,} could not be told."

    @property
    def exit_code(self) -> int:
        """The exit code for all of them."""
        if self.closed:
            return SOME_CLOSED
        return ALL_OPEN if self.good == self.count else COULD_NOT_TELL


class _Progress:
    """A bar on a terminal whose results go elsewhere; where they are shown, they are the progress."""

    def __init__(self, results: Console) -> None:
        told = Console(stderr=True)
        self._shown = told.is_terminal and not results.is_terminal
        columns = (TextColumn("Checked"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=told, transient=True, disable=not self._shown)
        self._task = self._bar.add_task("Checked", total=0)
        self._found = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def found(self) -> None:
        """One more link has been found."""
        self._found += 1
        self._bar.update(self._task, total=self._found)

    def done(self) -> None:
        """One more link has been checked."""
        self._bar.advance(self._task)


def _typed(urls: list[str], own: frozenset[str]) -> Iterator[Recognised]:
    for url in urls:
        yield from list(recognise_all(url, own_origins=own)) or [recognise(url)]


def _in_file(file: Path | None, own: frozenset[str], open_while: contextlib.ExitStack) -> Iterator[Recognised]:
    """Yield the links of a file as it is read, however long it is."""
    if file is None:
        return
    source = _opened(file, open_while)
    beginning = source.read(4)
    rest = io.TextIOWrapper(
        io.BufferedReader(_Behind(beginning, source)), encoding=encoding_of(beginning), errors="replace", newline=""
    )
    dialect = None
    for number, lines in enumerate(iter(lambda: "".join(itertools.islice(rest, _LINES)), "")):
        dialect = dialect_of(lines) if number == 0 else dialect
        yield from recognise_all(cells_of(lines, dialect), own_origins=own)


class _Behind(io.RawIOBase):
    """A file whose beginning was read before: reading it again gives those bytes first, then the rest of the file."""

    def __init__(self, beginning: bytes, rest: BinaryIO) -> None:
        self._beginning, self._rest = beginning, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        read1 = getattr(self._rest, "read1", self._rest.read)
        data = self._beginning[: len(buffer)] or read1(len(buffer))
        self._beginning = self._beginning[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def _opened(file: Path, open_while: contextlib.ExitStack) -> BinaryIO:
    if str(file) == "-":
        return sys.stdin.buffer
    try:
        return open_while.enter_context(file.open("rb"))
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}."
        raise typer.BadParameter(msg, param_hint="--file") from error


def _each_once(links: Iterable[Recognised], progress: _Progress) -> Iterator[Recognised]:
    seen: set[str] = set()
    for link in links:
        name = link.url or link.written
        if name not in seen:
            seen.add(name)
            progress.found()
            yield link


def _results(links: Iterator[Recognised], own: frozenset[str], *, ask: bool) -> Generator[Checked, None, None]:
    if not ask:
        for link in links:
            yield from_text(link)
        return
    budget = Budget(PATIENT)  # whoever runs this can wait; other people's servers are spared all the same
    while group := list(itertools.islice(links, MAX_LINKS)):
        few = len(group) <= LOOK_INSIDE_UP_TO
        for _, checked in run_checks(group, own_origins=own, with_apps=False, look_inside=few, budget=budget):
            yield checked


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
        console.print(f"[{_COLOURS[told.holds]}]{told.got}[/] {told.label}: {told.text}")
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


_COLOURS = {True: "green", False: "red", None: "yellow"}


def _show(console: Console, checked: Checked, *, as_json: bool) -> None:
    if as_json:
        console.out(to_json(checked.to_dict()), highlight=False)
        return
    name = checked.place.label or "No link"
    console.print(f"[{_COLOURS[checked.opens]}]{checked.code}[/] {checked.line}", f"({name}, {checked.confidence})")
    console.print(f"  {checked.link.url or checked.link.written}", markup=False, style="dim")
    for seen in checked.evidence:
        console.print(f"  - {seen.text}", markup=False)
    for each in checked.causes:
        console.print(f"  ? {each.cause}", markup=False)
    if not checked.opens:
        for number, step in enumerate(checked.steps("web"), 1):
            console.print(f"  {number}. {step}", markup=False)
