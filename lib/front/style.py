"""Streamlit's main style with the fonts that were cut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_FACE: Final = re.compile(r"@font-face\s*{[^}]*}")
_FROM_STYLE: Final = "url(../media/"  # as Streamlit's style names its fonts, beside its own folder
_FROM_FRONT: Final = "url(../static/media/"  # the same from our folder


@dataclass(frozen=True, slots=True)
class Font:
    """One of Streamlit's fonts, and ours instead of it: names of files without their folders."""

    whole: str
    cut: str  # empty where it could not be cut: the whole one stays
    held: str = ""  # the characters that the cut one is for; empty for all
    rest: str = ""  # the characters that the whole one is still needed for


def with_fonts(style: str, icons: Font, letters: Font) -> str:
    """Return the style with two fonts replaced.

    The icons are replaced. The letters get a face of their own: the whole font stays for the others that it has, and a
    browser loads it only where a page has one of those.
    """

    def face(found: re.Match[str]) -> str:
        text = found[0]
        for font in (icons, letters):
            theirs = f"{_FROM_STYLE}{font.whole})"
            if font.cut and theirs in text:
                ours = text.replace(theirs, f"url(./{font.cut})")
                return _only(text, font.rest) + _only(ours, font.held) if font.rest else ours
        return text

    return _FACE.sub(face, style).replace(_FROM_STYLE, _FROM_FRONT)


def _only(face: str, characters: str) -> str:
    return f"{face[:-1]};unicode-range:{characters}}}"
