"""Where a figure comes from, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from lib.facts import NO_SOURCE, Fact, Step
from lib.guide.template import Filled, fill
from lib.ui.text import language, say


def told(text: str, cites: Iterable[str] = ()) -> Filled:
    """Return a text of the guide in the visitor's language, filled with facts, and the facts it rests on."""
    return fill(text, cites, say)


def words(text: str) -> str:
    """Return a text of the guide in the visitor's language, filled with facts."""
    return told(text).text


def in_english() -> None:
    """Say to whoever reads another language which part of a page stands in English."""
    if language() != "en":
        st.caption(f":material/translate: {say('What follows below is in English so far: facts and steps.')}")


def provenance(row: Fact | Step) -> str:
    """Return confidence, date and source in one line of Markdown."""
    if row.source == NO_SOURCE:
        return say("not confirmed · no source found by {day}", day=say.day(row.as_of))
    said = f"{say(row.standing)} · {say(row.when)}"
    if row.source.startswith("project:"):
        return f"{said} · {say('this app itself')}"
    return f"{said} · [{say('source')}](<{row.source}>)"


def sources(facts: Iterable[Fact], key: str) -> None:
    """Offer the facts behind a text, on demand."""
    facts = tuple(facts)
    if not facts:
        return
    with st.popover(say("Where this comes from"), icon=":material/fact_check:", key=key):
        for one in facts:
            note = f" {say(one.note)}" if one.note else ""
            told = f"**{say(one.field.label)}** ({one.provider}): {say(one.with_unit)}."
            st.markdown(f"{told}{note}  \n:small[{provenance(one)}]")
