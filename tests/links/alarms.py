"""Release check: the good links that would be called closed or broken before anybody asked.

    python -m tests.links.alarms FILE [--at-most PERCENT]

FILE holds links that are known to open: one a line, or a CSV or TSV table with a column `link`, `url` or `input`; where
it has a column `right`, only rows that end in "good" count, and the word before tells the service. Nothing is asked of
the network. Links are secrets: alarms are printed by line, host and reason. Exit code 1 when there are more alarms than
`--at-most` percent (0 by default), 2 when the file holds no link.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lib.links.recognise import Recognised, recognise

COLUMNS: Final = ("link", "url", "input")


@dataclass(frozen=True, slots=True)
class Good:
    """One link that opens, and the service that it is of, where the file tells."""

    line: int
    link: str
    service: str = ""


def read(text: str) -> Iterator[Good]:
    """Yield every good link of a list or a table."""
    lines = text.splitlines()
    head = lines[0] if lines else ""
    mark = "\t" if "\t" in head else ","
    names = [name.strip().strip('"').lower() for name in head.split(mark)]
    column = next((name for name in COLUMNS if name in names), "")
    if not column:
        yield from (Good(place, line) for place, line in enumerate(lines, 1) if line.strip() and line[0] != "#")
        return
    for place, row in enumerate(csv.DictReader([mark.join(names), *lines[1:]], delimiter=mark), 2):
        right = (row.get("right") or "good").strip()
        if right.endswith("good") and row[column]:
            yield Good(place, row[column], right.removesuffix("good").strip())


def alarms_of(link: Recognised) -> list[str]:
    """Return why a link would be called closed with certainty; nothing where it would be opened."""
    return [] if link.may_ask else [each.code for each in link.findings if each.sure and each.code == link.verdict]


def main(arguments: Sequence[str] | None = None) -> int:
    """Count and print. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.links.alarms", description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--at-most", type=float, default=0.0, metavar="PERCENT")
    options = parser.parse_args(arguments)
    every = list(read(options.file.read_text(encoding="utf-8", errors="replace")))
    total, closed, hints = Counter[str](), Counter[str](), Counter[str]()
    for each in every:
        link = recognise(each.link)
        service = each.service or link.provider or "no link"
        total[service] += 1
        hints[service] += link.may_ask and any(not found.sure and found.code not in _NOTES for found in link.findings)
        for code in alarms_of(link)[:1]:
            closed[service] += 1
            print(f"line {each.line}: {link.host or 'no host'} would be called {code}")  # noqa: T201 - its output
    if not total:
        print("There is no link in this file.", file=sys.stderr)  # noqa: T201 - its output
        return 2
    print(f"{'service':<22} {'links':>6} {'alarms':>7} {'hints':>6}")  # noqa: T201 - its output
    for service in sorted(total):
        print(f"{service:<22} {total[service]:>6} {closed[service]:>7} {hints[service]:>6}")  # noqa: T201 - its output
    share = 100 * closed.total() / total.total()
    print(f"{closed.total()} of {total.total()} good links called closed with certainty: {share:.1f} %")  # noqa: T201
    return 1 if share > options.at_most else 0


_NOTES: Final = frozenset({"HTTP_ONLY", "PORT", "COPY", "HIDDEN"})

if __name__ == "__main__":
    raise SystemExit(main())
