"""Questions, mistakes, habits and longer reading; the search over all; and the one answer that `?q=` names."""

from __future__ import annotations

import streamlit as st

from lib.guide import content
from lib.guide.content import Mistake, Question, Section
from lib.guide.search import Entry, entries, entry, search
from lib.guide.template import fill, plain
from lib.ui.guide.address import address_of_answer, keep_what_was_pressed
from lib.ui.guide.article import looked, step_body
from lib.ui.guide.evidence import sources
from lib.ui.guide.menus import menus, where
from lib.ui.guide.places import link_to_answer, links_to
from lib.ui.guide.safety import show_stop
from lib.ui.share_button import share_button

_ICONS = {
    "stop": ":material/front_hand:",
    "question": ":material/help:",
    "mistake": ":material/report:",
    "step": ":material/footprint:",
    "habit": ":material/thumb_up:",
    "section": ":material/menu_book:",
}


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


def _step(found: Entry, key: str) -> None:
    step = content.route(found.route).step[found.step]
    if step.menu == "provider":
        where(key)
    step_body(step, key)


def _body(found: Entry, key: str) -> None:
    if found.kind == "stop":
        show_stop(content.stop(found.id), st.session_state["guide.answers"].get("age", ""))
    elif found.kind == "question":
        _question(next(one for one in content.questions() if one.id == found.id), key)
    elif found.kind == "mistake":
        _mistake(next(one for one in content.mistakes() if one.id == found.id), key)
    elif found.kind == "section":
        _section(next(one for one in content.sections() if one.id == found.id), key)
    elif found.kind == "habit":
        st.markdown(next(one for one in content.habits() if one.id == found.id).why)
    else:
        _step(found, key)


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
        st.header(f"{_ICONS[found.kind]} {found.title}", anchor=False)
        looked(found.kind)
        _body(found, f"guide-answer-{found.id}")
        address = address_of_answer(found.id)
        share_button(f"{found.title}\n{address}", address, key="guide.share.answer", label="Share this answer")
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


def reading() -> None:
    """Draw everything there is to read: each with its first sentence, and its own address behind its name."""
    st.header("Questions people ask", anchor="questions")
    looked("question")
    for one in content.questions():
        link_to_answer(one.id, plain(one.ask), _ICONS["question"])
        st.markdown(plain(one.short))
    st.header("What goes wrong", anchor="mistakes")
    looked("mistake")
    for wrong in content.mistakes():
        link_to_answer(wrong.id, plain(wrong.says), _ICONS["mistake"])
        st.markdown(plain(wrong.fix))
    st.header("Good habits", anchor="habits")
    for habit in content.habits():
        st.markdown(f"{habit.icon} **{habit.title}.** {habit.why}")
    links_to(("checklist",))
    for section in content.sections():
        st.header(section.title, anchor=section.id)
        looked("section")
        _section(section, f"guide-{section.id}")
    st.header("When not to send", anchor="safety")
    for stop in (one for one in entries() if one.kind == "stop"):
        link_to_answer(stop.id, stop.title, _ICONS["stop"])
