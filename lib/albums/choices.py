"""What a sender chose for an album, kept with it from the first key press on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lib.albums.problems import WishRefused
from lib.albums.wishes import (
    MAX_NAME,
    MAX_TITLE,
    MAX_WORDS,
    checked_expiry,
    checked_idle,
    checked_password,
    checked_views,
    clean_text,
)
from lib.services.base import LinkQuestion, Preview, Wishes
from lib.settings import Settings
from lib.text.later import later

MAX_WORD: Final = 40  # characters of the id of a place, the name of a size, a language or a tone
# What may still be chosen once the album is out; limits belong to its links then.
WHILE_OUT: Final = frozenset({"title", "words", "size", "language", "tone"})


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen so far. The password itself is not kept, only that there is one."""

    title: str = ""
    words: str = ""
    life_s: int | None = None  # None: as long as usual on this host. With `idle_s`: then at the latest
    idle_s: int | None = None  # a sliding end: this long after the last visit
    has_password: bool = False
    max_views: int | None = None
    allow_download: bool = True
    preview: Preview = Preview.NONE
    question: LinkQuestion = LinkQuestion.NONE
    name: str = ""
    place: str = "this_server"
    size: str = ""  # of the photos, by its name on the page
    language: str = ""  # of the message
    tone: str = ""

    def wishes(self) -> Wishes:
        """Return what is asked of a link that is made now."""
        return Wishes(
            expires_at=datetime.now(UTC) + timedelta(seconds=self.life_s) if self.life_s is not None else None,
            idle_s=self.idle_s, max_views=self.max_views, allow_download=self.allow_download, preview=self.preview,
            question=self.question, name=self.name, password_kept=self.has_password,
        )  # fmt: skip


_STORED: Final = frozenset(field.name for field in fields(Choices)) - {"title", "words", "has_password"}


def read_choices(title: str, words: str, stored: Mapping[str, Any], *, has_password: bool) -> Choices:
    """Return the choices of an album from its row. What a newer version of this app added is ignored."""
    kept = {name: value for name, value in stored.items() if name in _STORED}
    kept["preview"] = Preview(kept.get("preview", Preview.NONE))
    kept["question"] = LinkQuestion(kept.get("question", LinkQuestion.NONE))
    return Choices(title=title, words=words, has_password=has_password, **kept)


def stored(choices: Choices) -> dict[str, Any]:
    """Return what goes into the column `choices`."""
    return {name: value for name, value in asdict(choices).items() if name in _STORED}


def checked(given: Mapping[str, Any], settings: Settings, now: float) -> dict[str, Any]:
    """Return what was chosen, checked, by its name in `Choices` (and `password`). Raises `WishRefused`."""
    made: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _CHECKS:
            raise WishRefused(later("There is no choice with the name {name}.", name=name))
        made[name] = _CHECKS[name](value, settings, now)
    return made


def _life(value: Any, settings: Settings, now: float) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise WishRefused(later("How long a link works has to be a number."))
    try:
        checked_expiry(datetime.fromtimestamp(now + value, UTC), settings, now)
    except (OverflowError, ValueError, OSError):
        raise WishRefused(later("How long a link works has to be a number of seconds.")) from None
    return int(value)


def _flag(value: Any, _settings: Settings, _now: float) -> bool:
    if not isinstance(value, bool):
        raise WishRefused(later("This choice is either on or off."))
    return value


def _preview(value: Any, _settings: Settings, _now: float) -> Preview:
    try:
        return Preview(value)
    except ValueError:
        raise WishRefused(later("There is no such preview.")) from None


def _question(value: Any, _settings: Settings, _now: float) -> LinkQuestion:
    try:
        return LinkQuestion(value)
    except ValueError:
        raise WishRefused("There is no such question.") from None


def _word(value: Any, _settings: Settings, _now: float) -> str:
    return clean_text(str(value), MAX_WORD, later("This choice"))


_CHECKS: Final[dict[str, Any]] = {
    "title": lambda value, *_: clean_text(str(value), MAX_TITLE, later("The title")),
    "words": lambda value, *_: clean_text(str(value), MAX_WORDS, later("The text"), lines=True),
    "name": lambda value, *_: clean_text(str(value), MAX_NAME, later("The name")),
    "life_s": _life,
    "idle_s": lambda value, settings, _now: checked_idle(value, settings),
    "password": lambda value, *_: checked_password(value or None),
    "max_views": lambda value, *_: checked_views(value),
    "allow_download": _flag,
    "preview": _preview,
    "question": _question,
    "place": _word,
    "size": _word,
    "language": _word,
    "tone": _word,
}
