"""Search over questions, steps, mistakes, habits and longer reading; and the name of each, for `?q=…`."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal

from lib.facts import all_steps
from lib.guide import content
from lib.guide.template import plain

Kind = Literal["question", "mistake", "step", "habit", "section"]

_WORD: Final = re.compile(r"\w+")
_MARKS: Final = re.compile(r"[*_>`#\[\]]")
# Words that say nothing about what is looked for.
_IDLE: Final = frozenset(
    _WORD.findall(
        "a an and are as at be can do does for how i if in is it me my of on or our so than that the then there this "
        "to we what when will with you your"
    )
)
# What people type for what the guide calls otherwise.
_SAME: Final = {
    "pic": "photo", "pics": "photo", "picture": "photo", "image": "photo", "dm": "message", "dms": "message",
    "chat": "message", "inbox": "message", "gps": "location", "exif": "location", "metadata": "location",
    "place": "location", "undo": "back", "unsend": "back", "delete": "back", "revoke": "back", "remove": "back",
    "gdrive": "drive", "url": "link", "address": "link", "click": "tap", "clickable": "tap", "tappable": "tap",
    "slideshow": "video", "movie": "video", "price": "free", "view": "opened", "seen": "opened", "read": "opened",
    "expire": "expiry", "expires": "expiry", "disappear": "disappearing", "vanish": "disappearing",
    "spy": "track", "login": "sign", "signin": "sign", "secure": "safe", "security": "safe", "denied": "access",
    "forbidden": "access", "permission": "access",
}  # fmt: skip
_TITLE_WEIGHT: Final = 4.0  # a word in the title says more about an entry than a word in its text
_START_WEIGHT: Final = 0.5  # the start of a word is half a find
_SHORTEST_START: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found and linked to."""

    id: str
    kind: Kind
    title: str
    text: str
    route: str = ""  # of a step
    step: int = 0


def _stem(word: str) -> str:
    """Cut a plural; enough for a page of English."""
    cut = word[:-1] if len(word) > _SHORTEST_START and word.endswith("s") and not word.endswith("ss") else word
    return _SAME.get(word, _SAME.get(cut, cut))


def _words(text: str) -> list[str]:
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return [_stem(word) for word in _WORD.findall(flat.replace("'", ""))]


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Everything that can be found, in the order of the guide."""
    menus: dict[str, list[str]] = {}
    for step in all_steps():
        menus.setdefault(step.task, []).append(step.words)
        menus[step.task].append(step.provider)
    found = [
        Entry(one.id, "question", plain(one.ask), plain(f"{one.short} {one.answer}")) for one in content.questions()
    ]
    for route in content.routes():
        for number, step_ in enumerate(route.step):
            words = " ".join([plain(step_.words), *dict.fromkeys(menus.get(step_.task or "", []))])
            found.append(Entry(step_.id, "step", f"{route.title}: {step_.title}", words, route.id, number))
    found += [Entry(one.id, "mistake", plain(one.says), plain(f"{one.cause} {one.fix}")) for one in content.mistakes()]
    found += [Entry(one.id, "habit", one.title, one.why) for one in content.habits()]
    found += [Entry(one.id, "section", one.title, plain(one.words)) for one in content.sections()]
    return tuple(Entry(e.id, e.kind, e.title, _MARKS.sub("", e.text), e.route, e.step) for e in found)


def entry(name: str) -> Entry | None:
    """Return the entry of this name, or None: names come from addresses, and addresses get old."""
    return next((one for one in entries() if one.id == name), None)


@functools.cache
def _index() -> tuple[tuple[Entry, Counter[str], Counter[str]], ...]:
    return tuple((one, Counter(_words(one.title)), Counter(_words(one.text))) for one in entries())


@functools.cache
def _rarity() -> dict[str, float]:
    """How much a word tells: rare words tell more."""
    index = _index()
    seen = Counter(word for _, title, text in index for word in {*title, *text})
    return {word: math.log(1 + len(index) / count) for word, count in seen.items()}


def _score(wanted: list[str], title: Counter[str], text: Counter[str]) -> float:
    rarity = _rarity()
    total = 0.0
    for word in wanted:
        best = 0.0
        for known, weight in ((word, 1.0), *_starts(word, title, text)):
            told = _TITLE_WEIGHT * (known in title) + min(text[known], 3) / 3
            best = max(best, told * weight * rarity.get(known, 0.0))
        if not best:
            return 0.0
        total += best
    return total


def _starts(word: str, *counters: Counter[str]) -> list[tuple[str, float]]:
    if len(word) < _SHORTEST_START:
        return []
    return [(known, _START_WEIGHT) for counter in counters for known in counter if known.startswith(word)]


def search(text: str, limit: int = 8) -> list[Entry]:
    """Return what fits best, best first. Every word has to be found; where that finds nothing, any word will do."""
    asked = _words(text[:200])
    wanted = [word for word in asked if word not in _IDLE] or asked
    if not wanted:
        return []
    scored = [(_score(wanted, title, words), one) for one, title, words in _index()]
    if not any(score for score, _ in scored):
        scored = [(sum(_score([word], title, words) for word in wanted), one) for one, title, words in _index()]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    return [one for _, one in best[:limit]]
