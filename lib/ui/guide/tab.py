"""What the browser's tab, its history and a bookmark call the guide: the answer or the way that is on screen."""

from __future__ import annotations

import streamlit as st

from lib.guide import content
from lib.guide.decide import Advice
from lib.guide.search import entry
from lib.ui.text import say


def name_the_tab(name: str, advice: Advice | None) -> None:
    """Name the tab after the answer of the address, else after what was decided or chosen; else leave it as it is."""
    found = entry(name) if name else None
    way = st.session_state["guide.route"] or (advice.route if advice else "")
    if found:
        title = say(found.title)
    elif advice and advice.stop:
        title = say(content.stop(advice.stop).title)
    elif way:
        title = say(content.route(way).title)
    else:
        return
    st.set_page_config(page_title=f"{title} · Passalong")
