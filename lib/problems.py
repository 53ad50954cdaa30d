"""Failures in the user's words.

Every failure that a person can meet is a `Problem`: a title, what happened (the thing, the value, the limit) and
what to do next. Rooms define their own kinds beside the code that raises them::

    Problem
    ├── PhotoProblem      lib.photos     a photo that cannot be taken
    ├── ShareProblem      lib.albums      drafts, albums and links of this server
    ├── ProviderProblem   lib.services  what a storage provider answered
    ├── FactProblem       lib.facts      a table row that cannot be trusted
    └── SettingsProblem   lib.settings   a setting that cannot work

A dead link is not a problem but a verdict: see `lib.links`.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

from lib.text.later import Speaks, later

_ROOT: Final = Path(__file__).parent.parent


class Problem(Exception):  # noqa: N818 - people do not meet errors here, they meet problems
    """Something that a person has to know about, with words for it.

    `str(problem)` says what happened; `title` and `fix` stand around it on screen. None of the three ever holds a
    link, a token or a password.
    """

    title: ClassVar[str] = later("Something went wrong")
    fix: str = later("Try again. If it happens again, tell the person who runs this app.")

    def __init__(self, happened: str, *, fix: str | None = None) -> None:
        """Keep what happened; `fix` replaces the advice of the class."""
        super().__init__(happened)
        self.happened = happened  # as it was given: `str` would forget in which languages it can be said
        if fix is not None:
            self.fix = fix

    def parts(self) -> dict[str, str]:
        """Return title, what happened and what to do: in English, and ready to be said in another language."""
        return {"title": self.title, "happened": self.happened, "fix": self.fix}

    def said(self, say: Speaks) -> dict[str, str]:
        """Return the same in one language."""
        return {name: say(text) for name, text in self.parts().items()}


def named(path: Path) -> str:
    """Return a file as problems name it: from the top of the project, or with its folder where it lies elsewhere."""
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else f"{path.parent.name}/{path.name}"
