"""The texts of the recipient's pages, in the language that their browser asks for. One TOML file a language."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel import Locale

from lib.text.amounts import day, plural, size
from lib.text.languages import best_language

FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = ("en", *sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "en"))
_NEAR_S: Final = 2 * 86_400  # an end nearer than this is told to the minute


@dataclass(frozen=True, eq=False)  # one object a language, see `translation`
class Translation:
    """All texts of one language, by key."""

    language: str
    text: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]]  # texts with a number in them, by the names of CLDR's plural forms

    @functools.cached_property
    def direction(self) -> str:
        """Return "ltr", or "rtl" for languages that are read from the right."""
        return str(Locale.parse(self.language, sep="-").text_direction)

    def __getitem__(self, key: str) -> str:
        return self.text[key]

    def say(self, key: str, **values: Any) -> str:
        """Return a text with its values filled in."""
        return self.text[key].format(**values)

    def count(self, key: str, n: int) -> str:
        """Return the form of a text for this number."""
        return plural(self.forms[key], n, self.language)

    def contents(self, total: int, videos: int) -> str:
        """Return what an album holds: "3 photos", "1 video", "3 photos and a video"."""
        if not videos:
            return self.count("photos", total)
        if videos == total:
            return self.count("videos", videos)
        return plural(self.forms["and_videos"], videos, self.language, photos=self.count("photos", total - videos))

    def until(self, ends: float, now: float) -> str:
        """Return when something ends; near ends with the time, which is told in UTC."""
        when = datetime.fromtimestamp(ends, UTC)
        date = day(when, self.language)
        return self.say("time_date", date=date, time=f"{when:%H:%M}") if ends - now < _NEAR_S else date

    def size(self, count: int) -> str:
        """Return a size in MB, or in kB where it is small."""
        return size(count, self.language)


@functools.cache
def translation(language: str) -> Translation:
    """Return the texts of a language that is in `LANGUAGES`."""
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    texts = {key: text for key, text in table.items() if isinstance(text, str)}
    return Translation(language, texts, {key: forms for key, forms in table.items() if key not in texts})


def translation_for(accept_language: str) -> Translation:
    """Return the texts for an Accept-Language header: the best language that we have, else English."""
    return translation(best_language(accept_language, LANGUAGES))
