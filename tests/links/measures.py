"""How good the link doctor is, in figures: printed by one command, and held to their bars.

    python -m tests.links.measures [--links FILE] [--complaints FILE]

Without files it measures what lies beside it: cases that were written before the rules were looked at. `--links`
takes a table (TSV) with the columns `case`, `input`, `right`, and where there is one `got`: what was said before. Cases
are called `shape` (right: a service and "good", "own" or the verdict), `message:…` (right: the links in it as JSON, or
a verdict) and `state:…` (right: verdicts between |), whose answers `states_reported.py` plays. `--complaints` takes a
CSV with the columns `said` and `helps`, as complaints.csv. The exit code is 1 where a figure misses its bar. Links are
never printed.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE))

from internet import small_internet  # noqa: E402 - it lies beside this file
from states_held_out import CASES, NEUTRAL, OPEN  # noqa: E402
from states_reported import REPORTED  # noqa: E402

from lib.links import check_link  # noqa: E402
from lib.links.recognise import recognise, recognise_all  # noqa: E402
from lib.links.symptom_search import find_causes  # noqa: E402
from tests.links.alarms import alarms_of  # noqa: E402

_BEFORE: Final = re.compile(r"\|(?:TRUNCATED|CHAR_DAMAGED|ACCOUNT_BOUND|CASE_LOST|KEY_MISSING|NEEDS_SIGNIN)\|")
_ESCAPE: Final = re.compile(r"(?<!\\)\\([nt])")
_NO_LINK: Final = frozenset({"REPAIRED", "HTTP_ONLY", "PORT", "COPY", "HIDDEN", "EXPIRES_AT"})


@dataclass
class Figure:
    """One count and its bar in percent."""

    name: str
    of: int = 0
    met: int = 0
    least: float = 0.0
    most: float = 100.0
    which: list[str] = field(default_factory=list)  # what counts against it

    @property
    def percent(self) -> float:
        """Its share."""
        return 100 * self.met / self.of if self.of else 0.0

    @property
    def good(self) -> bool:
        """Whether the bar is kept; nothing measured breaks no bar."""
        return not self.of or self.least <= self.percent <= self.most

    def __str__(self) -> str:
        """One line, the cases by name."""
        bar = f"at least {self.least:g} %" if self.least else f"at most {self.most:g} %"
        missed = "" if self.good else "  <-- MISSED"
        line = f"{self.name:<56} {self.met:>4} of {self.of:<4} {self.percent:5.1f} %  ({bar}){missed}"
        return "\n".join([line, *(f"    {each}" for each in self.which)])


def rows(file: Path) -> list[dict[str, str]]:
    """Read a table."""
    mark = "\t" if file.suffix == ".tsv" else ","
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=mark))


def of_shapes(table: Sequence[dict[str, str]]) -> Iterator[Figure]:
    """Good links that would be called closed before anybody asked, and the table by service."""
    alarms = Figure("good links called closed with certainty", most=0)
    told = Figure("services and own pages named rightly", least=95)
    by_service: dict[str, Counter[str]] = {}
    for row in table:
        if row["case"] != "shape":
            continue
        service, _, right = row["right"].rpartition(" ")
        link = recognise(row["input"])
        named = link.provider.replace("-", "_") or "none"
        wanted = service.replace("-", "_")
        told.of += 1
        fits = named == wanted or named.startswith(wanted) or wanted in {each.provider for each in link.maybe}
        fits = fits and {"good": link.may_ask, "short-lived": True, "cut": True}.get(
            right, not link.may_ask or bool(link.findings)
        )
        told.met += fits
        if not fits:
            told.which.append(f"{wanted} {right}: {named} {link.verdict}")
        if right != "good":
            continue
        closed = bool(alarms_of(link))
        alarms.of += 1
        alarms.met += closed
        count = by_service.setdefault(wanted, Counter())
        count.update(links=1, now=int(closed), before=int(bool(_BEFORE.search("|" + row.get("got", "") + "|"))))
    if by_service:
        has_before = any("got" in row for row in table)
        print(f"{'service':<20} {'good links':>10} {'alarms before' if has_before else '':>14} {'alarms now':>11}")  # noqa: T201
        for service, count in sorted(by_service.items()):
            before = str(count["before"]) if has_before else ""
            print(f"{service:<20} {count['links']:>10} {before:>14} {count['now']:>11}")  # noqa: T201
        total = sum(by_service.values(), Counter[str]())
        print(f"{'all':<20} {total['links']:>10} {total['before'] if has_before else '':>14} {total['now']:>11}\n")  # noqa: T201
    yield alarms
    yield told


def of_messages(table: Sequence[dict[str, str]]) -> Figure:
    """Messages out of which the right links are read."""
    figure = Figure("messages read rightly", least=95)
    for row in table:
        if not row["case"].startswith("message:"):
            continue
        right = json.loads(row["right"]) if row["right"][:1] in {"[", '"'} else row["right"]
        text = _ESCAPE.sub(lambda found: {"n": "\n", "t": "\t"}[found[1]], row["input"])
        found = list(recognise_all(text)) or [recognise(text)]
        if isinstance(right, list):
            sure = any(each.sure and each.code not in _NO_LINK for link in found for each in link.findings)
            good = [link.url for link in found] == right and not sure
        elif right in {"note", "hidden"}:
            good = bool(found[0].findings) and (found[0].may_ask or right == "hidden")
        else:
            good = right in {each.code for each in found[0].findings}
        figure.of += 1
        figure.met += good
        if not good:
            figure.which.append(row["case"])
    return figure


@dataclass
class Played:
    """What was said of played states."""

    right: Figure
    untold: Figure
    false_open: Figure


async def of_states(cases: Sequence[tuple[str, str, object, frozenset[str] | set[str]]], what: str) -> Played:
    """Play each state on loopback, through the guarded fetcher, and judge what is said of it."""
    played = Played(
        Figure(f"{what}: right verdict", least=95),
        Figure(f"{what}: could not tell", most=25),
        Figure(f"{what}: called open though they are not", most=0),
    )
    async with small_internet() as internet, internet.fetcher() as fetcher:
        for name, link, routes, right in cases:
            internet.play(*routes)  # type: ignore[misc]
            checked = await check_link(link, fetcher, look_inside=False, in_app=False)
            figures = (played.right, played.untold, played.false_open)
            said = (checked.code in right, checked.opens is None, bool(checked.opens) and right.isdisjoint(OPEN))
            for figure, met in zip(figures, said, strict=True):
                figure.of += 1
                figure.met += met
            if not said[0]:
                played.right.which.append(f"{name}: {checked.code}")
            if said[2]:
                played.false_open.which.append(name)
    return played


def of_complaints(table: Sequence[dict[str, str]]) -> Figure:
    """Complaints of which what helps stands among the first two causes."""
    figure = Figure("complaints told what helps, among the first two", least=85)
    for row in table:
        helped = any(
            help_ in each.cause.fix for each in find_causes(row["said"])[:2] for help_ in row["helps"].split("|")
        )
        figure.of += 1
        figure.met += helped
        if not helped:
            figure.which.append(row["said"])
    return figure


def measure(links: Path, complaints: Path, *, held_out: bool) -> list[Figure]:
    """Measure everything and print the table of alarms; returns the figures in their order."""
    table = rows(links)
    figures = [*of_shapes(table), of_messages(table)]
    states = [
        (row["case"], row["input"], REPORTED[name], frozenset(row["right"].split("|")))
        for row in table
        if row["case"].startswith("state:") and (name := row["case"].removeprefix("state:")) in REPORTED
    ]
    if states:
        played = asyncio.run(of_states(states, "states that people reported"))
        figures += [played.right, played.untold, played.false_open]
    if held_out:
        played = asyncio.run(of_states(CASES, "held-out states"))
        figures += [played.right, played.untold, played.false_open]
        neutral = asyncio.run(of_states(NEUTRAL, "pages that tell nothing"))
        neutral.right.name, neutral.right.least = "pages that tell nothing: not called closed", 100
        figures.append(neutral.right)
    return [*figures, of_complaints(rows(complaints))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.links.measures", description=__doc__.partition("\n")[0])
    parser.add_argument("--links", type=Path, default=HERE / "links_held_out.tsv", metavar="FILE")
    parser.add_argument("--complaints", type=Path, default=HERE / "complaints_held_out.csv", metavar="FILE")
    options = parser.parse_args(arguments)
    beside = options.links.parent == HERE
    figures = measure(options.links, options.complaints, held_out=beside)
    print("\n".join(map(str, figures)))  # noqa: T201 - its output
    return 0 if all(each.good for each in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main())
