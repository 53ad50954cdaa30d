"""Links from the guide to the other pages."""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lib.settings import ROOT
from lib.text.later import later
from lib.ui.text import say

GUIDE: Final = ROOT / "pages" / "guide.py"

# name in the content files -> file, words, icon
PLACES: Final = {
    "create": ("create_link.py", later("Send photos"), ":material/add_link:"),
    "check": ("check_link.py", later("Check a link"), ":material/stethoscope:"),
    "compare": ("compare_storage.py", later("Compare storage"), ":material/table_chart:"),
    "checklist": ("privacy_checklist.py", later("Privacy checklist and photo inspector"), ":material/checklist:"),
    "links": ("my_links.py", later("My links"), ":material/link:"),
    "attach": ("attach_photos.py", later("Clean photos to attach"), ":material/attach_file:"),
    "video": ("make_video.py", later("Make a video"), ":material/movie:"),
}


def link_to(place: str, text: str = "", *, icon: bool = True, wide: bool = False) -> None:
    """Draw a link to a page, with its own words or others; nothing where this app does not have that page."""
    file, own_words, sign = PLACES[place]
    try:
        st.page_link(
            ROOT / "pages" / file, label=text or say(own_words), icon=sign if icon else None,
            width="stretch" if wide else "content",
        )  # fmt: skip
    except StreamlitAPIException:  # the page is not in the navigation, or this page runs alone
        return


def links_to(places: tuple[str, ...]) -> None:
    """Draw several links in one row."""
    if places:
        with st.container(horizontal=True):
            for place in places:
                link_to(place)


def link_to_route(name: str, text: str, icon: str) -> None:
    """Draw a link to a way of the guide."""
    try:
        st.page_link(GUIDE, label=text, icon=icon, query_params={"route": name})
    except StreamlitAPIException:
        st.markdown(text)


def link_to_answer(name: str, text: str, icon: str) -> None:
    """Draw a link to an answer of the guide."""
    try:
        st.page_link(GUIDE, label=text, icon=icon, query_params={"q": name})
    except StreamlitAPIException:
        st.markdown(text)
