"""The browsers inside chat apps: which one opened a page, and the one way to save a photo that works there.

Each row of the table makes three claims, each with its own source and confidence: by which name the browser is known
(`name_…`), what works for saving there (`saving_…`), and where its menu stands (`place_…`). A browser that names no app
gets no hint: a wrong one is worse than none.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lib.recipients.translations import Translation

TABLE: Final = Path(__file__).parent / "in_app_browsers.csv"
_READ: Final = 1_000  # characters of a user agent


@dataclass(frozen=True, slots=True)
class InAppBrowser:
    """One app's own browser. `saving` is "hold" (press and hold a photo) or "outside" (in the person's own browser)."""

    id: str
    label: str
    pattern: re.Pattern[str]
    saving: str
    sign: str  # the menu's sign, "⋯" or "⋮"; empty where no way out is known
    place: str  # "top_right" or "bottom_right"

    def save_hint(self, texts: Translation) -> str:
        """Return how a photo is saved here, as a sentence."""
        if self.saving == "hold":
            return texts.say("hint_hold", app=self.label)
        return texts.say("hint_outside", app=self.label, how=self._way_out(texts)).strip()

    def password_hint(self, texts: Translation) -> str:
        """Return what somebody should know who is about to type a password here."""
        return texts.say("hint_gate", app=self.label, how=self._way_out(texts)).strip()

    def _way_out(self, texts: Translation) -> str:
        return texts.say("hint_how", sign=self.sign, place=texts[f"place_{self.place}"]) if self.sign else ""


@functools.cache
def in_app_browsers() -> tuple[InAppBrowser, ...]:
    """Return all rows of the table; the first that fits names the app."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            InAppBrowser(row["id"], row["label"], re.compile(row["pattern"]), row["saving"], row["sign"], row["place"])
            for row in csv.DictReader(file)
        )


@functools.cache
def _any() -> re.Pattern[str]:
    """One pattern for all apps together: most browsers are none of these apps, and one search says so."""
    return re.compile("|".join(f"(?:{each.pattern.pattern})" for each in in_app_browsers()))


def in_app_browser(user_agent: str) -> InAppBrowser | None:
    """Return the app whose browser this is, or None for a browser of its own."""
    agent = user_agent[:_READ]
    if not _any().search(agent):
        return None
    return next((each for each in in_app_browsers() if each.pattern.search(agent)), None)
