"""Links of one's own whose verdict is known show whether the rules still hold on the live web.

What providers answer changes, and nobody tells. Whoever runs this app can keep a list of links of their own - one that
is open, one that is restricted, one that is deleted - with the verdict that each must get, and have it compared. The
project brings no such links: they would have to be somebody's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lib.links.check import Checked
from lib.links.known import provider
from lib.links.recognise import Recognised, recognise
from lib.links.verdicts import verdicts
from lib.problems import Problem
from lib.text.amounts import day

# Verdicts that say nothing about a rule: nothing answered, or this checker was not let in.
_SAYS_NOTHING: Final = frozenset({"CHECKER_OFFLINE", "CHECKER_BLOCKED", "CHECKER_RATE_LIMITED"})


class CanaryProblem(Problem):
    """A list of known links cannot be used."""

    title = "The list of known links needs a look"
    fix = "Write one link a line, a comma, and the verdict that it must get, such as OPEN_ALBUM."


@dataclass(frozen=True, slots=True)
class Canary:
    """One link and the verdict that it must get."""

    link: Recognised = field(repr=False)
    verdict: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of one canary. `holds` is None where the check could not tell."""

    label: str
    wanted: str
    got: str
    holds: bool | None
    text: str


def read_canaries(text: str) -> tuple[Canary, ...]:
    """Read lines of a link, a comma and a verdict; lines with # are left out. Raises `CanaryProblem`."""
    found: list[Canary] = []
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    for number, row in enumerate(csv.reader(io.StringIO("\n".join(lines))), 1):
        if len(row) != 2:  # noqa: PLR2004 - a link and a verdict
            raise CanaryProblem(f"Row {number} has {len(row)} cells and should have two.")
        link, verdict = recognise(row[0]), row[1].strip().upper()
        if not link.provider:
            raise CanaryProblem(f"Row {number} does not begin with a web link.")
        if verdict not in verdicts():
            raise CanaryProblem(f"Row {number}: {verdict or 'nothing'} is no verdict.")
        found.append(Canary(link, verdict))
    if not found:
        raise CanaryProblem("There is no link in it.")
    return tuple(found)


def compare(canary: Canary, checked: Checked) -> Compared:
    """Say whether a canary got the verdict that it must get."""
    got, rules = checked.code, provider(canary.link.provider)
    if got == canary.verdict:
        return Compared(rules.label, canary.verdict, got, holds=True, text="as it must be")
    if got in _SAYS_NOTHING or checked.verdict.group == "transport":
        return Compared(rules.label, canary.verdict, got, holds=None, text=f"could not be compared: {checked.line}")
    text = f"must be {canary.verdict}; look at {rules.file}, of {day(rules.as_of)}"
    return Compared(rules.label, canary.verdict, got, holds=False, text=text)


def summary(results: Iterable[Compared]) -> str:
    """Say in one line how many rules still hold."""
    holds = [each.holds for each in results]
    if not any(each is not None for each in holds):
        return "Nothing could be compared: this computer has no way to the providers."
    untold = f"; {holds.count(None)} could not be compared" if None in holds else ""
    return f"{holds.count(True)} of {len(holds)} as they must be; {holds.count(False)} changed{untold}."
