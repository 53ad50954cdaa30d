"""Text files as they leave: brotli or gzip, pressed as small as they go once, and kept."""

from __future__ import annotations

import gzip
from typing import Final, Literal

import brotli

from lib.front.kept import Kept, fingerprint

Encoding = Literal["br", "gzip"]

SUFFIXES: Final = (".js", ".css", ".svg", ".html", ".json", ".txt")
_SMALLEST: Final = {"br": 11, "gzip": 9}  # each one's own highest setting; a megabyte of script takes 2 s
_QUICK: Final = {"br": 5, "gzip": 6}  # for whoever asks first: 30 ms for the same
_WORTH: Final = 512  # bytes; below, the headers weigh more than what is saved


def wanted_encoding(accepted: str) -> Encoding | None:
    """Return the best encoding that a header Accept-Encoding allows, or None for the bytes as they are.

    >>> wanted_encoding("gzip, deflate, br;q=0.5")
    'br'
    >>> wanted_encoding("br;q=0, gzip")
    'gzip'
    """
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, options = part.strip().partition(";")
        key, _, value = options.strip().partition("=")
        try:
            weights[name.strip()] = float(value) if key.strip() == "q" else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    everything = weights.get("*", 0.0)
    if weights.get("br", everything) > 0:
        return "br"
    return "gzip" if weights.get("gzip", everything) > 0 else None


class Compressed:
    """What was pressed already, and what waits for it."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def press(self, content: bytes, encoding: Encoding) -> bytes:
        """Return the content pressed: as small as it goes where that is ready, else quickly, and smaller next time."""
        name = f"{fingerprint(content)}.{encoding}"
        found = self._kept.find(name)
        if found is not None:
            return found
        self._kept.make_later(name, lambda: _press(content, encoding, _SMALLEST[encoding]))
        return _press(content, encoding, _QUICK[encoding])

    def press_whole(self, content: bytes, encoding: Encoding) -> bytes:
        """Return the content as small as it goes, however long that takes."""
        return self._kept.make(
            f"{fingerprint(content)}.{encoding}", lambda: _press(content, encoding, _SMALLEST[encoding])
        )


def worth_it(name: str, size_bytes: int) -> bool:
    """Say whether pressing a file saves anything: fonts and pictures are pressed already."""
    return name.endswith(SUFFIXES) and size_bytes >= _WORTH


def _press(content: bytes, encoding: Encoding, quality: int) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(content, quality=quality))
    return gzip.compress(content, quality, mtime=0)
