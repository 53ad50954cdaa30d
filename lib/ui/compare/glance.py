"""The comparison at a glance on screen: a table that a phone shows whole."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from lib.guide.compare import MARK
from lib.guide.glance import GlanceCell, at_a_glance, services
from lib.ui.guide.evidence import provenance
from lib.ui.text import say

# Each question is a line of its own above its three answers, so that three columns fit a phone.
_STYLE: Final = """
<style>
.glance{width:100%;table-layout:fixed;border-collapse:collapse;line-height:1.35}
.glance caption{text-align:left;padding-bottom:.5rem}
.glance th,.glance td{text-align:left;vertical-align:top;padding:.35rem .5rem .35rem 0;overflow-wrap:break-word}
.glance thead th{font-size:1.05rem}
.glance tbody th{font-weight:600;padding-top:.7rem;border-top:1px solid color-mix(in srgb,currentColor 25%,transparent)}
.glance td strong{display:block}
.glance td small{font-size:.85rem}
</style>
"""


def _cell(answer: GlanceCell) -> str:
    below = f"<small>{escape(answer.below)}</small>" if answer.below else ""
    text = escape(answer.text).replace(MARK, "&nbsp;?")  # the mark stays with its word
    return f"<td><strong>{text}</strong>{below}</td>"


def glance(megabytes: float) -> None:
    """Draw the three services side by side. `megabytes` is the size of one of the visitor's photos."""
    names, rows = services(), at_a_glance(megabytes)
    if not names:
        return
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="{len(names)}">{escape(question)}</th></tr>'
        f"<tr>{''.join(_cell(answer) for answer in answers)}</tr></tbody>"
        for question, answers in rows.items()
    )
    st.html(f'{_STYLE}<table class="glance"><thead><tr>{head}</tr></thead>{body}</table>')
    st.caption(
        say(
            "Each word in a menu counts as one tap, from the photo to the copied link. A ? means "
            "third-hand or not confirmed."
        )
    )
    with st.popover(say("Where these facts come from"), icon=":material/fact_check:", key="compare.glance"):
        for answers in rows.values():
            for one in (one for answer in answers for one in answer.facts):
                text = f"**{one.provider}, {one.field.label.lower()}:** {one.with_unit}."
                st.markdown(f"{text} {one.note}  \n:small[{provenance(one)}]")
