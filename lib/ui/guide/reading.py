"""Questions, mistakes, habits and longer reading; the search over all; and the one answer that `?q=` names."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from html import escape

import streamlit as st

from lib.guide import content
from lib.guide.content import Mistake, Question, Section
from lib.guide.search import Entry, entry, search
from lib.guide.template import filled
from lib.text.catalogue import Catalogue, catalogue
from lib.ui.guide.address import address_of_answer, keep_what_was_pressed
from lib.ui.guide.article import looked, step_body
from lib.ui.guide.evidence import sources, told
from lib.ui.guide.menus import menus, menus_of, where
from lib.ui.guide.places import link_to_answer, links_to
from lib.ui.guide.safety import show_stop
from lib.ui.share_button import share_page
from lib.ui.text import language, say

_ICONS = {
    "stop": ":material/front_hand:",
    "question": ":material/help:",
    "mistake": ":material/report:",
    "step": ":material/footprint:",
    "habit": ":material/thumb_up:",
    "section": ":material/menu_book:",
}


def _question(one: Question, key: str) -> None:
    short, answer = told(one.short), told(one.answer, one.cites)
    st.markdown(f"**{short.text}**\n\n{answer.text}")
    if one.menus and one.services:
        menus_of(one.services, one.menus, key)
    elif one.menus:
        menus(one.menus, key)
    links_to(one.see)
    sources(dict.fromkeys((*short.facts, *answer.facts)), f"{key}-sources")


def _mistake(one: Mistake, key: str) -> None:
    cause, fix = told(one.cause), told(one.fix, one.cites)
    st.markdown(f"**{say('Why:')}** {cause.text}\n\n**{say('What helps:')}** {fix.text}")
    if one.menus:
        menus(one.menus, key)
    links_to(one.see)
    sources(dict.fromkeys((*told(one.says).facts, *cause.facts, *fix.facts)), f"{key}-sources")


def _section(one: Section, key: str) -> None:
    body = told(one.text)
    st.markdown(body.text)
    links_to(one.see)
    sources(body.facts, f"{key}-sources")


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
        st.markdown(say(next(one for one in content.habits() if one.id == found.id).why))
    else:
        _step(found, key)


def answer(name: str) -> bool:
    """Draw the answer that the address names. Returns whether there is one; if not, says so without repeating it."""
    found = entry(name)
    if found is None:
        st.info(
            say("The answer that your link names is not here any more. Search for it below."),
            icon=":material/search_off:",
        )
        return False
    with st.container(border=True, key="guide-answer"):
        st.header(f"{_ICONS[found.kind]} {say(found.title)}", anchor=False)
        looked(found.kind)
        _body(found, f"guide-answer-{found.id}")
        address = address_of_answer(found.id)
        share_page(f"{say(found.title)}\n{address}", address, key="guide.share.answer", label=say("Share this answer"))
    return True


def search_box() -> None:
    """Draw the search box and what it finds."""
    text = st.text_input(
        say("Search the guide"), key="guide.search", type="search", max_chars=200, icon=":material/search:",
        placeholder=say("for example: take back, GPS, you need access"), on_change=keep_what_was_pressed,
    )  # fmt: skip
    if not (text or "").strip():
        return
    found = search(text or "")
    if not found:
        st.info(say("Nothing found. Try one or two plain words."), icon=":material/search_off:")
    for one in found:
        link_to_answer(one.id, say(one.title), _ICONS[one.kind])


def _listed(say: Catalogue, title: str, name: str, kind: content.Kind, rows: Iterable[tuple[str, str, str]]) -> str:
    """Return a heading and a list: each name leads to its answer, and its first sentence stands below it."""
    items = "".join(
        f'<li><a href="?q={escape(one)}" target="_self">{escape(asked)}</a><br>{escape(text)}</li>'
        for one, asked, text in rows
    )
    looked_at = say("Last looked at: {day}", day=say.day(content.looked_at(kind)))
    return f'<h2 id="{name}">{escape(title)}</h2><p>{escape(looked_at)}</p><ul>{items}</ul>'


@functools.cache
def _all(spoken: str) -> str:
    """Return everything there is to read, in one piece: a piece of this size comes over the line once and is kept."""
    say = catalogue(spoken)
    questions = ((one.id, filled(one.ask, say), filled(one.short, say)) for one in content.questions())
    mistakes = ((one.id, filled(one.says, say), filled(one.fix, say)) for one in content.mistakes())
    habits = ((one.id, say(one.title), say(one.why)) for one in content.habits())
    sections = ((one.id, say(one.title), say(one.summary)) for one in content.sections())
    stops = ((one.id, say(one.title), filled(one.why, say)) for one in content.stops())
    parts = (
        _listed(say, say("Questions people ask"), "questions", "question", questions),
        _listed(say, say("What goes wrong"), "mistakes", "mistake", mistakes),
        _listed(say, say("Good habits"), "habits", "habit", habits),
        _listed(say, say("More to read"), "stories", "section", sections),
        _listed(say, say("When not to send"), "safety", "stop", stops),
    )
    return f'<div class="guide-list">{"".join(parts)}</div>'


def reading() -> None:
    """Draw everything there is to read: each with its first sentence, and its own address behind its name."""
    st.html(_all(language()))
