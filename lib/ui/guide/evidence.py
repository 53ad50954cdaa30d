"""Where a figure comes from, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from lib.facts import NO_SOURCE, Fact, Step, format_day


def provenance(row: Fact | Step) -> str:
    """Return confidence, date and source in one line of Markdown."""
    if row.source == NO_SOURCE:
        return f"not confirmed · no source found by {format_day(row.as_of)}"
    said = f"{row.standing} · {row.when}"
    if row.source.startswith("project:"):
        return f"{said} · this app itself"
    return f"{said} · [source](<{row.source}>)"


def sources(facts: Iterable[Fact], key: str) -> None:
    """Offer the facts behind a text, on demand."""
    facts = tuple(facts)
    if not facts:
        return
    with st.popover("Where this comes from", icon=":material/fact_check:", key=key):
        for one in facts:
            note = f" {one.note}" if one.note else ""
            st.markdown(f"**{one.field.label}** ({one.provider}): {one.with_unit}.{note}  \n:small[{provenance(one)}]")
