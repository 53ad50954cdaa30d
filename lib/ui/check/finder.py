"""What do they say? From the words on the other person's screen to the likely causes."""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

from lib.links.symptoms import Symptom, symptoms


def find_symptom(verdicts: Collection[str], check: Callable[[], None] | None) -> None:
    """Let a person pick what the other one sees, and show the causes in order, each with its fix.

    `verdicts` are those of the links on the page: the cause that they show is marked. `check` begins the live check
    of these links; None where there is none to check.
    """
    known = {each.id: each for each in symptoms()}
    chosen = st.selectbox(
        "They say, or their screen shows",
        list(known),
        index=None,
        format_func=lambda symptom_id: _label(known[symptom_id]),
        placeholder="Pick or type what they see",
        key="check.symptom",
    )
    if chosen is None:
        return
    found = known[chosen]
    st.markdown("Likely causes, the likeliest first:")
    for number, cause in enumerate(found.causes, 1):
        with st.container(border=True):
            st.markdown(f"**{number}. {cause.cause}**")
            if not set(verdicts).isdisjoint(cause.checks):
                st.markdown(":green-badge[:material/check: This is what the check of your link shows]")
            st.markdown(f":material/build: {cause.fix}")
    st.caption(f"Source: {found.source}. As of {found.as_of:%-d %B %Y}; confidence: {found.confidence}.")
    if check is not None:
        st.button("Check the link to know which one", icon=":material/stethoscope:", on_click=check, width="stretch")
    elif not verdicts:
        st.info("To know which one it is: paste the link at the top and press Check.", icon=":material/stethoscope:")


def _label(symptom: Symptom) -> str:
    return f"{symptom.says} ({', '.join(symptom.also[:2]).lower()})" if symptom.also else symptom.says
