"""Texts from outside, made harmless for the place they go to."""

from __future__ import annotations

from typing import Final

_MARKDOWN: Final = frozenset(r"\`*_{}[]()#+-.!|<>~:$")  # what Streamlit's Markdown gives a meaning to
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # OWASP, "CSV Injection": how a cell begins that is run


def markdown(text: str) -> str:
    """Return a text on one line, so that Markdown shows it as it is."""
    return "".join(f"\\{mark}" if mark in _MARKDOWN else mark for mark in " ".join(text.split()))


def csv_cell(value: object) -> str:
    """Return a cell that a spreadsheet shows and never runs as a formula: a risky one is led by an apostrophe."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
