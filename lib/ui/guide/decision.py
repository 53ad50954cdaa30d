"""The decision on screen: whether to send at all, at most four questions, then one way with its reason."""

from __future__ import annotations

import streamlit as st

from lib.guide import content
from lib.guide.content import Ask
from lib.guide.decide import Advice, concern, decide, optional_questions, questions_to_ask
from lib.ui.guide.address import keep_what_was_pressed
from lib.ui.guide.evidence import sources, told, words
from lib.ui.guide.safety import show_stop
from lib.ui.text import say


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
        format_func=lambda option: words(ask.options[option]),
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
        say(ask.ask),
        list(ask.options)[1:],
        format_func=lambda option: say(ask.options[option]),
        key=key,
        on_change=_answer,
        args=(ask.id, key),
    )


def decision() -> Advice | None:
    """Draw the questions and, once they are answered, the way that fits. Returns it."""
    answers = st.session_state["guide.answers"]
    came_for_a_way = bool(st.session_state["guide.route"]) and not answers.keys() - {"device"}
    with st.container(border=True, key="guide-decision"):
        if not came_for_a_way:
            st.header(say("Which way fits?"))
        _concern()
        if came_for_a_way:
            st.button(say("Which way fits?"), icon=":material/signpost:", type="tertiary", on_click=_forget)
            return None
        for number, ask in enumerate(questions_to_ask(answers), 1):
            _ask(ask, f"{number}. {words(ask.ask)}")
        advice = decide(answers)
        if advice and advice.stop:
            for ask in optional_questions(answers):
                _ask(ask, words(ask.ask))
            show_stop(content.stop(advice.stop), answers.get("age", ""))
            st.button(say("Start again"), icon=":material/restart_alt:", type="tertiary", on_click=_forget)
        elif advice:
            route = content.route(advice.route)
            because, *notes = [told(one) for one in (advice.because, *advice.notes)]
            whole = "\n\n".join(one.text for one in (because, *notes))
            for ask in optional_questions(answers):  # before the answer: who is young should not read a way first
                _ask(ask, words(ask.ask))
            st.success(f"**{say(route.title)}.** {whole}", icon=route.icon)
            with st.container(horizontal=True):
                sources(
                    dict.fromkeys(one for part in (because, *notes) for one in part.facts), "guide-decision-sources"
                )
                st.button(say("Start again"), icon=":material/restart_alt:", type="tertiary", on_click=_forget)
            st.caption(say("The address of this page keeps your answers: copy it to share them."))
    return advice
