"""What may be behind "nothing found", in order: first what a new copy of the link mends.

Most ids have a length and an alphabet, so damage shows in the text. Some do not: an album number of any length is still
an album number when its end is missing. Then the provider says "not found", and that must not be taken for "deleted".
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lib.links.recognise import Recognised
from lib.links.rules import FOLDER, LinkRuleProblem
from lib.links.verdicts import verdicts

NOT_FOUND: Final = "NOT_FOUND"
# What a provider says where it does not tell a removed link from one that never was.
_DOES_NOT_TELL: Final = frozenset({"GONE", "GONE_OR_PRIVATE", "EXPIRED"})


@dataclass(frozen=True, slots=True)
class NotFoundCause:
    """One thing that may be behind a link that is not found, and what mends it."""

    code: str  # of the verdict that it would be
    cause: str
    fix: str


@functools.cache
def causes() -> Mapping[str, NotFoundCause]:
    """Return every cause by its code."""
    table = tomllib.loads((FOLDER / "causes.toml").read_text(encoding="utf-8"))
    try:
        found = {code: NotFoundCause(code=code, **row) for code, row in table.items()}
    except TypeError as error:
        msg = f"causes.toml: a cause lacks a field or has one too many ({error})."
        raise LinkRuleProblem(msg) from error
    if unknown := found.keys() - verdicts().keys():
        msg = f"causes.toml: {min(unknown)} is no verdict."
        raise LinkRuleProblem(msg)
    return found


def likely_causes(link: Recognised, code: str) -> tuple[NotFoundCause, ...]:
    """Return what may be behind a provider's "not found" in order; nothing where the text shows that the link is whole.

    `code` is the verdict by the provider's answer alone.
    """
    if code not in _DOES_NOT_TELL:
        return ()
    hint = any(each.code == "CASE_LOST" and not each.sure for each in link.findings)
    lowered, cut = hint or "case" in link.seen_live, "cut" in link.seen_live
    if not (lowered or cut):
        return ()
    damage = ["CASE_LOST"] * lowered + ["TRUNCATED"] * cut
    rest = ["GONE_OR_PRIVATE"] * (code == "GONE_OR_PRIVATE") + ["GONE"]
    return tuple(causes()[each] for each in (damage if hint else damage[::-1]) + rest)
