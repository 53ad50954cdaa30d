"""Fill content with facts: `{{tiktok.photos_per_message}}` becomes 9, and the fact is kept to be shown as a source.

| written                 | becomes                                             |
| ----------------------- | --------------------------------------------------- |
| `{{provider.field}}`        | the value in words                                  |
| `{{provider.field|unit}}`   | the value with its unit: 15 GB                      |
| `{{provider.field|note}}`   | the note of the row                                 |

Where there is no value, or no source stands behind it, the note is the sentence to say: "We found no sure way to unsend
a photo on TikTok." A place for such a value is refused.
What the host of this app can set (`passalong.photos_per_album`) is read from the settings, not from the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from lib.facts import Fact, FactProblem, fact
from lib.settings import MEGABYTE, Settings, settings
from lib.text.catalogue import catalogue
from lib.text.later import Speaks, later

_SET_BY_THE_HOST: Final[Mapping[str, Callable[[Settings], float]]] = {
    "passalong.link_days": lambda here: here.default_link_days,
    "passalong.photos_per_album": lambda here: here.max_photos,
    "passalong.photo_size": lambda here: here.max_photo_bytes / MEGABYTE,
    "passalong.draft_hours": lambda here: here.draft_life_s / 3_600,
    "passalong.undo_seconds": lambda here: here.undo_grace_s,
}
_PLACE: Final = re.compile(r"\{\{\s*([a-z0-9_.]+)\s*(?:\|\s*([a-z]+)\s*)?\}\}")
ENGLISH: Final = catalogue("en")
FILTERS: Final = ("", "unit", "note")


@dataclass(frozen=True, slots=True)
class Filled:
    """Markdown ready to be shown, and the facts it rests on in the order of their use."""

    text: str
    facts: tuple[Fact, ...]


def _as_text(one: Fact, how: str) -> str:
    if how == "note":
        return later(one.note)
    if not (one.known and one.confirmed):
        key = f"{one.provider}, {one.field.key}"
        why = "is not confirmed" if one.known else "has no value"
        raise FactProblem("lib/guide/content", None, f"{key} {why}; say its note.")
    return one.with_unit if how == "unit" else one.text


def fill(text: str, cites: Iterable[str] = (), say: Speaks = ENGLISH) -> Filled:
    """Fill every place, in the language of `say`. Raises `FactProblem`.

    `cites` are keys of facts that the text rests on without naming them.
    """
    used: dict[str, Fact] = {}

    def put(place: re.Match[str]) -> str:
        key, how = place[1], place[2] or ""
        if how not in FILTERS:
            raise FactProblem("lib/guide/content", None, f"{place[0]} asks for {how!r}, which is not a form of a fact.")
        used[key] = current(key)
        return say(_as_text(used[key], how))

    result = _PLACE.sub(put, say(text))
    if "{{" in result or "}}" in result:
        raise FactProblem(
            "lib/guide/content", None, f"a place is not written as {{{{provider.field}}}}: {text[:80]!r}."
        )
    used.update({key: current(key) for key in cites})
    return Filled(result.strip(), tuple(used.values()))


def current(key: str) -> Fact:
    """Return a fact; what the host can set as it is set here, not as shipped. Raises `FactProblem`."""
    one = fact(key)
    setting = _SET_BY_THE_HOST.get(key)
    if setting is None:
        return one
    value = f"{setting(settings()):g}"
    return one if value == one.value else replace(one, value=value, note=later("As set by the host of this app."))


def filled(text: str, say: Speaks = ENGLISH) -> str:
    """Fill every place and keep the text only."""
    return fill(text, say=say).text
