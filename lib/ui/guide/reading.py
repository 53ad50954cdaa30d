"""Questions, mistakes, habits and longer reading; the search over all of it; and the one answer that `?q=` names."""

from __future__ import annotations

import streamlit as st

from lib.guide import content
from lib.guide.content import Mistake, Question, Section
from lib.guide.search import Entry, entries, entry, search
from lib.guide.template import fill
from lib.ui.guide.address import keep_what_was_pressed
from lib.ui.guide.evidence import sources
from lib.ui.guide.menus import menus
from lib.ui.guide.places import link_to_answer, links_to
from lib.ui.guide.stepper import step_body

_ICONS = {
    "question": ":material/help:",
    "mistake": ":material/report:",
    "step": ":material/footprint:",
    "habit": ":material/thumb_up:",
    "section": ":material/menu_book:",
}
_TITLES = {"questions": "Questions", "mistakes": "What goes wrong", "habits": "Good habits"}


def _question(one: Question, key: str) -> None:
    told = fill(f"**{one.short}**\n\n{one.answer}", one.cites)
    st.markdown(told.words)
    if one.menus:
        menus(one.menus, key)
    links_to(one.see)
    sources(told.facts, f"{key}-sources")


def _mistake(one: Mistake, key: str) -> None:
    told = fill(f"**Why:** {one.cause}\n\n**What helps:** {one.fix}", one.cites)
    st.markdown(told.words)
    if one.menus:
        menus(one.menus, key)
    links_to(one.see)
    sources((*fill(one.says).facts, *told.facts), f"{key}-sources")


def _section(one: Section, key: str) -> None:
    told = fill(one.words)
    st.markdown(told.words)
    links_to(one.see)
    sources(told.facts, f"{key}-sources")


def _body(found: Entry, key: str) -> None:
    if found.kind == "question":
        _question(next(one for one in content.questions() if one.id == found.id), key)
    elif found.kind == "mistake":
        _mistake(next(one for one in content.mistakes() if one.id == found.id), key)
    elif found.kind == "section":
        _section(next(one for one in content.sections() if one.id == found.id), key)
    elif found.kind == "habit":
        st.markdown(next(one for one in content.habits() if one.id == found.id).why)
    else:
        step_body(content.route(found.route).step[found.step], key)


def answer(name: str) -> bool:
    """Draw the answer that the address names. Returns whether there is one; if not, says so without repeating it."""
    found = entry(name)
    if found is None:
        st.info(
            "The link you followed names an answer that is not here (any more). Search for it below.",
            icon=":material/search_off:",
        )
        return False
    with st.container(border=True, key="guide-answer"):
        st.header(f"{_ICONS[found.kind]} {found.title}")
        _body(found, f"guide-answer-{found.id}")
        st.caption("The address of this page leads straight to this answer.")
    return True


def search_box() -> None:
    """Draw the search box and what it finds."""
    text = st.text_input(
        "Search the guide", key="guide.search", type="search", max_chars=200, icon=":material/search:",
        placeholder="for example: take back, GPS, you need access", on_change=keep_what_was_pressed,
    )  # fmt: skip
    if not (text or "").strip():
        return
    found = search(text or "")
    if not found:
        st.info("Nothing found. Try one or two plain words.", icon=":material/search_off:")
    for one in found:
        link_to_answer(one.id, one.title, _ICONS[one.kind])


def _choose_read() -> None:
    keep_what_was_pressed()
    st.session_state["guide.read"] = st.session_state["guide.reading"] or st.session_state["guide.read"]


def reading() -> None:
    """Draw the choice of reading, and what was chosen."""
    titles = _TITLES | {section.id: section.title for section in content.sections()}
    st.session_state["guide.reading"] = st.session_state["guide.read"]
    st.radio(
        "Read on", list(titles), format_func=lambda name: titles[name], horizontal=True, key="guide.reading",
        on_change=_choose_read,
    )  # fmt: skip
    shown = st.session_state["guide.read"]
    kinds = {"questions": "question", "mistakes": "mistake"}
    if shown in kinds:
        for one in (one for one in entries() if one.kind == kinds[shown]):
            box = st.expander(one.title, key=f"guide-{one.id}-open", on_change=keep_what_was_pressed)
            if box.open:  # what nobody looks at is not built
                with box:
                    _body(one, f"guide-{one.id}")
                    link_to_answer(one.id, "Link to this answer", ":material/link:")
    elif shown == "habits":
        for habit in content.habits():
            st.markdown(f"{habit.icon} **{habit.title}.** {habit.why}")
        links_to(("checklist",))
    else:
        section = next(one for one in content.sections() if one.id == shown)
        st.header(section.title)
        _section(section, f"guide-{section.id}")
