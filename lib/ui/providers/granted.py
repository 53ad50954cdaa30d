"""Asked and granted: what the sender wished beside what the provider says it gave."""

from __future__ import annotations

import streamlit as st

from lib.services.base import SharedLink
from lib.services.registry import description_or_blank
from lib.ui.text import language, say
from lib.uploads.options import place_text


def asked_granted(link: SharedLink) -> None:
    """Show every wish with what became of it; what was not granted stands first and says what to do."""
    place = place_text(description_or_blank(link.provider_id), say)
    missing = [one for one in link.outcomes if not one.kept]
    kept = [one for one in link.outcomes if one.kept]
    for one in missing:
        st.warning(
            say(
                "**You asked: {asked}.** {place} gives: {granted}. {advice}",
                asked=_lower(say(one.asked)),
                place=place,
                granted=_lower(say(one.granted)),
                advice=say(one.advice) if one.advice else "",
            ),
            icon=":material/rule:",
        )
    if kept:
        title = (
            say("What you asked for holds, with the exceptions above")
            if missing
            else say("All that you asked for holds")
        )
        lines = (
            say(
                "**{asked}.** {place} says: {granted}.",
                asked=say(one.asked),
                place=place,
                granted=_lower(say(one.granted)),
            )
            for one in kept
        )
        with st.expander(title, icon=":material/check:", key="providers.granted"):
            st.markdown("\n".join(f"- :material/check: {line}" for line in lines))


def _lower(text: str) -> str:
    """Begin with a small letter, where a language writes nouns small."""
    return text if language() == "de" else text[:1].lower() + text[1:]
