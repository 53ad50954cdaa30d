"""Somebody is in a photo and asks to be taken out: a card, and one press that does it, with the proof."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from lib.albums import LinkState, Share, ShareProblem
from lib.albums.reports import AskedOut
from lib.ui.failure import show_problem_text
from lib.ui.links.overview import open_link, title_of
from lib.ui.links.photos import tell_taken_out
from lib.ui.links.proof import how_many_closed, take_back
from lib.ui.text import escape_markdown, say

_SIDE = 132  # pixels of the photo


def show_asked_out(share: Share, owner: str) -> None:
    """Draw a card for everybody who asks, and what became of the last one."""
    if problem := st.session_state["links.not_out"]:
        show_problem_text(**problem)
    if paths := st.session_state["links.now_out"]:
        with st.spinner(say("Taken out. Opening every address as a stranger…")):
            told = how_many_closed(paths)
        st.session_state["links.now_out"] = []
        st.session_state["links.out"] = told | {"photos": 1, "at": datetime.now(UTC).isoformat()}
    if told := st.session_state["links.out"]:
        tell_taken_out(told)
    for asked in share.reports.asked_out(owner):
        with st.container(border=True):
            _card(share, owner, asked)


def _card(share: Share, owner: str, asked: AskedOut) -> None:
    link = share.links.get(owner, asked.link_id)
    st.markdown(f":material/person_remove: **{say('Somebody is in a photo and asks you to take it out.')}**")
    st.caption(f"{escape_markdown(title_of(link))} · {say.moment(asked.created_at)}")
    if asked.photo_id is not None:
        try:
            small = share.photos.read(owner, asked.album_id, asked.photo_id, small=True)
        except ShareProblem:
            pass
        else:
            st.image(small, width=_SIDE, alt=say("The photo that this is about"))
    if asked.words:
        st.text(asked.words)
    with st.container(horizontal=True):
        if link.photo_count == 1:
            st.button(
                say("Take the link back"), key=f"links.out.{asked.id}", type="primary", icon=":material/block:",
                on_click=_take_album_back, args=(share, owner, asked),
            )  # fmt: skip
        elif asked.photo_id is not None:
            st.button(
                say("Take this photo out"), key=f"links.out.{asked.id}", type="primary",
                icon=":material/person_remove:", on_click=_take_out, args=(share, owner, asked),
            )  # fmt: skip
        else:
            st.button(
                say("Look at the photos"), key=f"links.out.{asked.id}", icon=":material/photo_library:",
                on_click=open_link, args=(asked.link_id,),
            )  # fmt: skip
        st.button(
            say("Leave it as it is"), key=f"links.stay.{asked.id}", type="tertiary", on_click=share.reports.answer,
            args=(owner, asked.id),
        )  # fmt: skip


def _take_out(share: Share, owner: str, asked: AskedOut) -> None:
    """Take the photo out for everybody, at once; the page then looks at every address that it had."""
    st.session_state["links.not_out"] = {}
    photo_id = str(asked.photo_id)
    try:
        paths = share.photos.addresses(owner, asked.album_id, photo_id)
        share.photos.remove(owner, asked.album_id, photo_id)
        share.reports.answer(owner, asked.id)
    except ShareProblem as problem:
        st.session_state["links.not_out"] = problem.parts()
    else:
        st.session_state["links.now_out"] = paths


def _take_album_back(share: Share, owner: str, asked: AskedOut) -> None:
    """Close every link to these photos: an album that is out keeps its last one."""
    for link in share.links.all(owner):
        if link.album_id == asked.album_id and link.state in {LinkState.LIVE, LinkState.USED_UP}:
            take_back(share, owner, link.id)
    share.reports.answer(owner, asked.id)
