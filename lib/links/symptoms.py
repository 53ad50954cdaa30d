"""What people say when a link does not work, and the likely causes in order: content, read strictly."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from dataclasses import dataclass

from lib.links.rules import CONFIDENCES, FOLDER, LinkRuleProblem
from lib.links.verdicts import verdicts


@dataclass(frozen=True, slots=True)
class Cause:
    """One likely cause, its fix, and the verdicts by which the live check would show it."""

    cause: str
    fix: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Symptom:
    """What someone says, in the words of the screen."""

    id: str
    says: str
    also: tuple[str, ...]  # other words for the same
    source: str
    as_of: dt.date
    confidence: str
    causes: tuple[Cause, ...]


@functools.cache
def symptoms() -> tuple[Symptom, ...]:
    """Return every symptom, in the order of the file. Raises `LinkRuleProblem` for a row that cannot be trusted."""
    rows = tomllib.loads((FOLDER / "symptoms.toml").read_text(encoding="utf-8"))["symptoms"]
    found: list[Symptom] = []
    for row in rows:
        try:
            causes = tuple(Cause(each["cause"], each["fix"], tuple(each["checks"])) for each in row["causes"])
            found.append(Symptom(**row | {"also": tuple(row["also"]), "causes": causes}))
        except (KeyError, TypeError) as error:
            msg = f"symptoms.toml: {row.get('id', 'a row without an id')} lacks a field or has one too many ({error})."
            raise LinkRuleProblem(msg) from error
        wrong = {code for cause in causes for code in cause.checks} - verdicts().keys()
        if wrong or row["confidence"] not in CONFIDENCES:
            msg = f"symptoms.toml: {row['id']} names a verdict or a confidence that does not exist."
            raise LinkRuleProblem(msg)
    return tuple(found)
