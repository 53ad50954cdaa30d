"""Texts from outside, made harmless for the place they go to."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup

_MARKDOWN: Final = frozenset(r"\`*_{}[]()#+-.!|<>~:$")  # what Streamlit's Markdown gives a meaning to
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # OWASP, "CSV Injection": how a cell begins that is run


def markdown(text: str) -> str:
    """Return a text on one line, so that Markdown shows it as it is."""
    return "".join(f"\\{mark}" if mark in _MARKDOWN else mark for mark in " ".join(text.split()))


def strong(text: str) -> Markup:
    """Return a text as HTML: everything in it is escaped, and what stands between two pairs of asterisks is bold."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(Markup.escape(text))))  # noqa: S704 - escaped just before


def csv_cell(value: object) -> str:
    """Return a cell that a spreadsheet shows and never runs as a formula: a risky one is led by an apostrophe."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
