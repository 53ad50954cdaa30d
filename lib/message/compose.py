"""The message to paste beside a link, in the recipient's language."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from babel.numbers import format_decimal

from lib.text.amounts import day

_MEGABYTE: Final = 1_000_000
_KILOBYTE: Final = 1_000
_SPOKEN_WITH_A_VOWEL: Final = (8, 11)  # otto, undici


@functools.cache
def _translations() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "translations.toml").read_text(encoding="utf-8"))


LANGUAGES: Final[dict[str, str]] = {code: own["name"] for code, own in _translations().items()}  # code -> its own name
TONES: Final[tuple[str, ...]] = tuple(_translations()["en"]["tones"])


@dataclass(frozen=True, slots=True)
class Message:
    """What to paste. TikTok copies a message whole, so the link is best sent alone, and then the body."""

    body: str
    link: str = field(repr=False)

    @property
    def text(self) -> str:
        """Body and link together, the link on a line of its own."""
        first, _, rest = self.body.partition("\n")
        return f"{first}\n{self.link}\n{rest}".rstrip()


def compose(  # noqa: PLR0913 - one for each thing that a message can mention
    link: str,
    *,
    photo_count: int,
    size_bytes: int,
    video_count: int = 0,
    language: str = "en",
    tone: str = "friendly",
    expires_at: datetime | None = None,
    has_password: bool = False,
    max_views: int | None = None,
    items: Sequence[str] = (),
) -> Message:
    """Write the message for a link. `photo_count` is everything behind it, `video_count` the videos among them.

    `items` are lines about single photos, such as their names and prices.

    Raises KeyError for a language or tone that is not in `LANGUAGES` or `TONES`.
    """
    phrases = _translations()[language]
    photos = contents(photo_count, video_count, language)
    said = _form(phrases["tones"][tone], photo_count).format(photos=photos, size=_size(size_bytes, language))
    lines = [said, *items, phrases["hint"]]
    if has_password:
        lines.append(phrases["password"])
    if max_views:
        lines.append(_counted(phrases["views"], max_views, language))
    if expires_at:
        lines.append(phrases["until"].format(date=_until(expires_at.date(), language)))
    return Message("\n".join(lines), link)


def contents(total: int, videos: int = 0, language: str = "en") -> str:
    """Say what is behind a link: "3 photos", "1 video", "3 photos and a video"."""
    phrases = _translations()[language]
    if videos and videos == total:
        return _counted(phrases["videos"], videos, language)
    photos = _counted(phrases["photos"], total - videos, language)
    return _counted(phrases["and_videos"], videos, language, photos=photos) if videos else photos


def _form(told: str | dict[str, str], n: int) -> str:
    """Return the form for one thing or for several, where a text has two."""
    return told if isinstance(told, str) else told["one" if n == 1 else "other"]


def _until(last: date, language: str) -> str:
    """Return a day as it stands behind "until": Italian joins its article to the day, all’8, all’11, al 1º."""
    text = day(last, language)
    if language != "it":
        return text
    return f"all’{text}" if last.day in _SPOKEN_WITH_A_VOWEL else f"al {text}"


def _counted(forms: dict[str, str], n: int, language: str, **more: str) -> str:
    return forms["one" if n == 1 else "other"].format(n=format_decimal(n, locale=language), **more)


def _size(size_bytes: int, language: str) -> str:
    if size_bytes < _MEGABYTE:
        return f"{format_decimal(max(1, round(size_bytes / _KILOBYTE)), locale=language)} kB"
    return f"{format_decimal(round(size_bytes / _MEGABYTE, 1), locale=language)} MB"
