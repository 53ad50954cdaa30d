"""What a host has to do before visitors can use a provider: each click, from the provider's own folder."""

from __future__ import annotations

import streamlit as st

from lib.services.base import Description
from lib.services.registry import setup_text
from lib.ui.text import say


def host_setup(one: Description) -> None:
    """Say that a provider is not set up here, and show the host what to do."""
    st.info(
        say(
            "**{place} is not set up here.** Choose another place for the photos. Everything else works.",
            place=one.label,
        ),
        icon=":material/construction:",
    )
    with st.expander(
        say("For the person who runs this app: set up {place}", place=one.label), icon=":material/settings:"
    ):
        for number, part in enumerate(setup_text(one.id).split("```")):
            if number % 2:  # between two fences: a language, then lines to copy
                language, _, lines = part.partition("\n")
                st.code(lines.rstrip(), language=language, wrap_lines=True)
            else:
                st.markdown(part)
