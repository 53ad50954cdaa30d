"""The decision on screen: whether to send at all, at most four questions, then one way with its reason."""

from __future__ import annotations

import streamlit as st

from lib.guide import content
from lib.guide.content import Ask
from lib.guide.decide import Advice, asides, concern, decide, questions_to_ask
from lib.guide.template import fill, filled
from lib.ui.guide.address import keep_what_was_pressed
from lib.ui.guide.evidence import sources
from lib.ui.guide.safety import show_stop


def _answer(question: str, key: str) -> None:
    keep_what_was_pressed()
    answers = {**st.session_state["guide.answers"]}
    answers.pop(question, None)
    if st.session_state[key]:
        answers[question] = st.session_state[key]
    st.session_state["guide.answers"] = answers
    st.session_state["guide.route"] = ""


def _forget() -> None:
    keep_what_was_pressed()
    st.session_state["guide.answers"] = {}
    st.session_state["guide.route"] = ""


def _ask(ask: Ask, label: str) -> None:
    key = f"guide.ask.{ask.id}"
    st.session_state[key] = st.session_state["guide.answers"].get(ask.id)
    st.radio(
        label,
        list(ask.options),
        index=None,
        format_func=lambda option: filled(ask.options[option]),
        horizontal=True,
        key=key,
        on_change=_answer,
        args=(ask.id, key),
    )


def _concern() -> None:
    """Ask first whether this is a case in which not to send; who has none of these passes by."""
    ask = concern()
    key = "guide.ask.concern"
    chosen = st.session_state["guide.answers"].get(ask.id)
    st.session_state[key] = chosen if chosen != next(iter(ask.options)) else None
    st.pills(
        ask.ask,
        list(ask.options)[1:],
        format_func=lambda option: ask.options[option],
        key=key,
        on_change=_answer,
        args=(ask.id, key),
    )


def decision() -> Advice | None:
    """Draw the questions and, once they are answered, the way that fits. Returns it."""
    answers = st.session_state["guide.answers"]
    with st.container(border=True, key="guide-decision"):
        st.header("Which way fits?")
        _concern()
        for number, ask in enumerate(questions_to_ask(answers), 1):
            _ask(ask, f"{number}. {filled(ask.ask)}")
        advice = decide(answers)
        if advice and advice.stop:
            for ask in asides(answers):
                _ask(ask, filled(ask.ask))
            show_stop(content.stop(advice.stop), answers.get("age", ""))
            st.button("Start again", icon=":material/restart_alt:", type="tertiary", on_click=_forget)
        elif advice:
            route = content.route(advice.route)
            because = fill(" ".join((advice.because, *advice.notes)))
            notes = "".join(f"\n\n{filled(note)}" for note in advice.notes)
            for ask in asides(answers):  # before the answer: who is young should not read a way first
                _ask(ask, filled(ask.ask))
            st.success(f"**{route.title}.** {filled(advice.because)}{notes}", icon=route.icon)
            with st.container(horizontal=True):
                sources(because.facts, "guide-decision-sources")
                st.button("Start again", icon=":material/restart_alt:", type="tertiary", on_click=_forget)
            st.caption("The address of this page keeps your answers: copy it to share them.")
    return advice
