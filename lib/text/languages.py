"""Which of the languages that we have suits a browser best."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

_READ: Final = 300  # characters of an Accept-Language header; browsers send fewer
_OTHER_NAMES: Final = {"in": "id", "tl": "fil", "iw": "he", "nb": "no"}  # codes that old phones still send
_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})


def _names(tag: str) -> tuple[str, ...]:
    """Return the names under which we might have a language, best first: "zh-TW" is zh-Hant, then zh."""
    first, *rest = tag.strip().lower().replace("_", "-").split("-")
    first = _OTHER_NAMES.get(first, first)
    if first == "zh":
        return ("zh-Hant" if _TRADITIONAL & set(rest) else "zh-Hans", "zh")
    return (first,)


@functools.lru_cache(maxsize=1_024)
def best_language(accept_language: str, offered: Sequence[str], otherwise: str = "en") -> str:
    """Return the best of the `offered` languages for an Accept-Language header, or for a single tag such as "de-DE"."""
    best, best_q = otherwise, 0.0
    for part in accept_language[:_READ].split(","):
        tag, _, weight = part.partition(";")
        try:
            q = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        found = next((name for name in _names(tag) if name in offered), None)
        if found is not None and best_q < q <= 1.0:
            best, best_q = found, q
    return best
