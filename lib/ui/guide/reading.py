"""Questions, mistakes, habits and longer reading; the search over all; and the one answer that `?q=` names."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from html import escape

import streamlit as st

from lib.facts import format_day
from lib.guide import content
from lib.guide.content import Mistake, Question, Section
from lib.guide.search import Entry, entry, search
from lib.guide.template import fill, filled
from lib.ui.guide.address import address_of_answer, keep_what_was_pressed
from lib.ui.guide.article import looked, step_body
from lib.ui.guide.evidence import sources
from lib.ui.guide.menus import menus, menus_of, where
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
    st.markdown(told.text)
    if one.menus and one.services:
        menus_of(one.services, one.menus, key)
    elif one.menus:
        menus(one.menus, key)
    links_to(one.see)
    sources(told.facts, f"{key}-sources")


def _mistake(one: Mistake, key: str) -> None:
    told = fill(f"**Why:** {one.cause}\n\n**What helps:** {one.fix}", one.cites)
    st.markdown(told.text)
    if one.menus:
        menus(one.menus, key)
    links_to(one.see)
    sources((*fill(one.says).facts, *told.facts), f"{key}-sources")


def _section(one: Section, key: str) -> None:
    told = fill(one.text)
    st.markdown(told.text)
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
            "The answer that your link names is not here any more. Search for it below.",
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


def _listed(title: str, name: str, kind: content.Kind, rows: Iterable[tuple[str, str, str]]) -> str:
    """Return a heading and a list: each name leads to its answer, and its first sentence stands below it."""
    items = "".join(
        f'<li><a href="?q={escape(one)}" target="_self">{escape(asked)}</a><br>{escape(text)}</li>'
        for one, asked, text in rows
    )
    day = format_day(content.looked_at(kind))
    return f'<h2 id="{name}">{title}</h2><p>Last looked at: {day}</p><ul>{items}</ul>'


@functools.cache
def _all() -> str:
    """Return everything there is to read, in one piece: a piece of this size comes over the line once and is kept."""
    questions = ((one.id, filled(one.ask), filled(one.short)) for one in content.questions())
    mistakes = ((one.id, filled(one.says), filled(one.fix)) for one in content.mistakes())
    habits = ((one.id, one.title, one.why) for one in content.habits())
    sections = ((one.id, one.title, one.summary) for one in content.sections())
    stops = ((one.id, one.title, filled(one.why)) for one in content.stops())
    parts = (
        _listed("Questions people ask", "questions", "question", questions),
        _listed("What goes wrong", "mistakes", "mistake", mistakes),
        _listed("Good habits", "habits", "habit", habits),
        _listed("More to read", "stories", "section", sections),
        _listed("When not to send", "safety", "stop", stops),
    )
    return f'<div class="guide-list">{"".join(parts)}</div>'


def reading() -> None:
    """Draw everything there is to read: each with its first sentence, and its own address behind its name."""
    st.html(_all())
