"""What do they see? From anybody's words for the other person's screen to the likely causes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import streamlit as st

from lib.links.symptom_search import Found, find_causes
from lib.links.symptoms import symptoms
from lib.ui.text import say

_FIRST: Final = 3  # causes that are shown at once; the others fold away
_MAX_CHARS: Final = 400
_OFTEN: Final = (
    "need_access",
    "sign_in",
    "not_found",
    "blank",
    "photos_missing_in_app",
    "expired",
    "password",
    "dangerous",
)


def find_symptom(verdicts: Collection[str], check: Callable[[], None] | None) -> None:
    """Let a person say what the other one sees, and show the causes in order, each with its fix.

    `verdicts` are those of the links on the page: the cause that they show comes first and is marked. `check` begins
    the live check of these links; None where there is none to check.
    """
    said = st.text_input(
        say("What do they see?"),
        key="check.symptom",
        max_chars=_MAX_CHARS,
        placeholder=say("You need access, white page, error 503…"),
        help=say(
            "Their own words or the words on their screen, in English, German, French, Spanish, "
            "Italian, Portuguese, Indonesian or Turkish."
        ),
    )
    if not said.strip():
        _often(say("Often"))
        return
    found = find_causes(said, verdicts)
    if not found:
        st.info(
            say("We do not know these words. Try the words on their screen, or pick one:"), icon=":material/search:"
        )
        _often(say("Often"))
    else:
        _causes(found)
    if check is not None:
        st.button(
            say("Check the link to know which one"), icon=":material/stethoscope:", on_click=check, width="stretch"
        )
    elif not verdicts:
        st.info(
            say("To know which one it is: paste the link at the top and press Check."), icon=":material/stethoscope:"
        )


def _often(label: str) -> None:
    """Offer what people see most, to be taken with one tap."""
    says = {each.id: each.says for each in symptoms()}
    st.pills(
        label, [says[each] for each in _OFTEN], key="check.often", on_change=_take, label_visibility="collapsed",
        format_func=say,
    )  # fmt: skip


def _take() -> None:
    st.session_state["check.symptom"] = st.session_state["check.often"] or ""


def _causes(found: list[Found]) -> None:
    st.markdown(say("Likely causes, the most likely first:"))
    for number, each in enumerate(found[:_FIRST], 1):
        _cause(number, each)
    if len(found) > _FIRST:
        with st.expander(say("Less likely causes"), icon=":material/more_horiz:", key="check.less_likely"):
            for number, each in enumerate(found[_FIRST:], _FIRST + 1):
                _cause(number, each)
    first = found[0].symptom
    st.caption(
        say(
            "Source: {source}. As of {as_of}; confidence: {confidence}.",
            source=first.source,
            as_of=say.day(first.as_of),
            confidence=say(first.confidence),
        )
    )


def _cause(number: int, found: Found) -> None:
    with st.container(border=True):
        st.markdown(f"**{number}. {say(found.cause.cause)}**")
        if found.shown:
            shows = say("This is what the check of your link shows")
            st.markdown(f":green-badge[:material/check: {shows}]")
        st.markdown(f":material/build: {say(found.cause.fix)}")
        st.caption(say("For: “{words}”", words=say(found.symptom.says)))
