"""Asked and granted: what the sender wished beside what the provider says it gave."""

from __future__ import annotations

import streamlit as st

from lib.services.base import SharedLink
from lib.services.registry import description_or_blank
from lib.ui.words import say


def asked_granted(link: SharedLink) -> None:
    """Show every wish with what became of it; what was not granted stands first and says what to do."""
    label = description_or_blank(link.provider_id).label
    missing = [one for one in link.outcomes if not one.kept]
    kept = [one for one in link.outcomes if one.kept]
    for one in missing:
        st.warning(
            f"**You asked: {_lower(one.asked)}.** {label} gives: {_lower(one.granted)}. {one.advice}",
            icon=":material/rule:",
        )
    if kept:
        title = (
            say("What you asked for holds, with the exceptions above")
            if missing
            else say("All that you asked for holds")
        )
        with st.expander(title, icon=":material/check:"):
            lines = (f"- :material/check: **{one.asked}.** {label} says: {_lower(one.granted)}." for one in kept)
            st.markdown("\n".join(lines))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
