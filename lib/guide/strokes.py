"""The colours of the drawn screens, and how a word is set on them."""

from __future__ import annotations

from html import escape
from typing import Final

WIDTH: Final = 320  # units of the drawing; on screen it takes the room that it gets
INK, PAPER, SAND, GREEN, SUN = "#1d2b2a", "#fffdf7", "#e3d3ab", "#0b7a66", "#e8a33d"
GROUND, QUIET = "#f4e9cf", "#7b7768"


def word(text: str, x: float, y: float, size: int, fill: str, anchor: str = "start", *, bold: bool = False) -> str:
    """Return a word as SVG, escaped. `x`, `y` and `size` are units of the drawing."""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>'
        f"{escape(text)}</text>"
    )


def finger(x: float, y: float) -> str:
    """Return where the finger goes."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="12" fill="{SUN}"/><circle cx="{x:g}" cy="{y:g}" r="5" fill="{PAPER}"/>'
