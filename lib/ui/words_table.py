"""Tables of words that a phone can read: what does not fit moves sideways, by finger and by the arrow keys."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

_STYLE: Final = """
<style>
.words-table{overflow-x:auto;max-width:100%}
.words-table table{border-collapse:collapse;width:100%;line-height:1.35;font-size:.9rem}
.words-table th,.words-table td{text-align:left;vertical-align:top;padding:.4rem .4rem .4rem 0;
border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent);overflow-wrap:break-word}
.words-table tbody th{font-weight:600}
.words-table .long{min-width:11rem}
.words-table small{display:block;font-size:.8rem}
</style>
"""
_CLASS: Final = ' class="long"'
_LONG: Final = 40  # characters of a text that needs a wider column than a word


def draw(frame: pd.DataFrame, label: str) -> None:
    """Draw a table whose first column names its rows. `label` names it for screen readers.

    In a cell the first line is what is read first; further lines stand smaller below it.
    """
    long = [bool((frame[name].astype(str).str.len() > _LONG).any()) for name in frame.columns]
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in frame.columns)
    body = "".join(
        f'<tr><th scope="row">{_words(row[0])}</th>'
        + "".join(f"<td{_CLASS * wide}>{_words(value)}</td>" for value, wide in zip(row[1:], long[1:], strict=True))
        + "</tr>"
        for row in frame.itertuples(index=False, name=None)
    )
    st.html(
        f'{_STYLE}<div class="words-table" role="region" tabindex="0" aria-label="{escape(label)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _words(value: object) -> str:
    text, _, below = str(value).partition("\n")
    return escape(text) + (f"<small>{escape(below)}</small>" if below else "")
