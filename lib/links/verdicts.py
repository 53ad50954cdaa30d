"""The verdicts: what can be said about a link, in words, with a colour, an icon and the one who can mend it."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lib.links.rules import FOLDER, LinkRuleProblem
from lib.text.later import later

GROUPS: Final = ("offline", "open", "closed", "transport", "unknown")
WHO: Final = {
    "you": later("You can mend this."),
    "they": later("They can solve this."),
    "provider": later("Only the service can change this."),
    "nobody": later("There is nothing to mend."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that a check can find. `code` is stable and goes into files and programs."""

    code: str
    group: str
    line: str
    icon: str
    colour: str
    who: str
    sees: str
    steps: tuple[str, ...]

    @property
    def opens(self) -> bool | None:
        """True: a stranger gets in. False: not so. None: could not tell."""
        if self.code == "REPAIRED" or self.group == "unknown":
            return None
        return self.group == "open"


@functools.cache
def verdicts() -> Mapping[str, Verdict]:
    """Return every verdict by its code."""
    table = tomllib.loads((FOLDER / "verdicts.toml").read_text(encoding="utf-8"))
    try:
        found = {code: Verdict(code=code, steps=tuple(row.pop("steps")), **row) for code, row in table.items()}
    except (KeyError, TypeError) as error:
        msg = f"verdicts.toml: a verdict lacks a field or has one too many ({error})."
        raise LinkRuleProblem(msg) from error
    for verdict in found.values():
        if verdict.group not in GROUPS or verdict.who not in WHO:
            msg = f"verdicts.toml: {verdict.code} has a group or a who that does not exist."
            raise LinkRuleProblem(msg)
    return found
