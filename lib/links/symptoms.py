"""What people say when a link does not work, and the likely causes in order: content, read strictly."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.links.rules import CONFIDENCES, FOLDER, LinkRuleProblem
from lib.links.verdicts import verdicts


@dataclass(frozen=True, slots=True)
class Cause:
    """One likely cause, its fix, and the verdicts by which the live check would show it."""

    cause: str
    fix: str
    checks: tuple[str, ...]
    signs: tuple[str, ...] = ()  # words that point to this cause and to no other


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
    elsewhere: Mapping[str, tuple[str, ...]]  # language -> the same in that language

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every way to say it, in every language."""
        return (self.says, *self.also, *(phrase for each in self.elsewhere.values() for phrase in each))


@functools.cache
def symptoms() -> tuple[Symptom, ...]:
    """Return every symptom, in the order of the file. Raises `LinkRuleProblem` for a row that cannot be trusted."""
    rows = _table("symptoms.toml")["symptoms"]
    words = _table("symptom_words.toml")
    if unknown := {each for each in words if not each.startswith("_")} - {row.get("id") for row in rows}:
        msg = f"symptom_words.toml: {min(unknown)} is no symptom."
        raise LinkRuleProblem(msg)
    found: list[Symptom] = []
    for row in rows:
        try:
            causes = tuple(_cause(each) for each in row["causes"])
            elsewhere = {language: tuple(phrases) for language, phrases in words[row["id"]].items()}
            found.append(Symptom(**row | {"also": tuple(row["also"]), "causes": causes, "elsewhere": elsewhere}))
        except (KeyError, TypeError) as error:
            msg = f"symptoms.toml: {row.get('id', 'a row without an id')} lacks a field or has one too many ({error})."
            raise LinkRuleProblem(msg) from error
        wrong = {code for cause in causes for code in cause.checks} - verdicts().keys()
        if wrong or row["confidence"] not in CONFIDENCES:
            msg = f"symptoms.toml: {row['id']} names a verdict or a confidence that does not exist."
            raise LinkRuleProblem(msg)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class CommonWords:
    """Words that a search leaves out, and words that it takes for another one."""

    small: frozenset[str]
    same: Mapping[str, str]


@functools.cache
def common_words() -> CommonWords:
    """Return the words of all languages that mean nothing by themselves, and those that mean the same."""
    table = _table("symptom_words.toml")
    same = {word: meant for meant, words in table["_same"].items() for word in words.split()}
    return CommonWords(frozenset(table["_small"]["words"].split()), same)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _cause(row: dict[str, Any]) -> Cause:
    return Cause(**row | {"checks": tuple(row["checks"]), "signs": tuple(row.get("signs", ()))})
