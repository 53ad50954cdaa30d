"""What the first page says in one look: what this does, and where to begin."""

from __future__ import annotations

import streamlit as st

from lib.front.own_files import still_drawing
from lib.text.later import later
from lib.ui.guide.places import link_to
from lib.ui.text import say
from lib.ui.visit import served

_DRAWN = later("A photo leaves its place behind, becomes a link, and opens on another phone.")


def welcome() -> None:
    """Draw the promise, the way of a photo, one button and three doors.

    Who comes by the address of an answer or of a way of the guide wants that: the drawing stays away then.
    """
    state = st.session_state
    if state["guide.came_for"] is None:
        state["guide.came_for"] = bool(st.query_params)
    st.title(say("Send photos by a link"), anchor=False)
    st.markdown(say("Where they were taken stays with you."))
    with st.container(key="front-welcome"):
        if not state["guide.came_for"]:
            st.image(served(still_drawing()), width="stretch", alt=say(_DRAWN))
        with st.container(key="front-send"):
            link_to("create", say("Send photos"), wide=True)
        with st.container(key="front-doors", horizontal=True, gap="small"):
            st.markdown(f"[{say('TikTok guide')}](#tiktok-guide)", width="content")
            link_to("check", icon=False)
            link_to("compare", icon=False)
