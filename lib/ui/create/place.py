"""Where the photos go: this server, the person's own Dropbox or Drive, or another service by hand."""

from __future__ import annotations

from typing import cast

import streamlit as st

from lib.providers.access import Visit
from lib.providers.base import Description, Provider, SharedLink
from lib.providers.registry import all_descriptions, description, open_provider
from lib.settings import settings
from lib.ui.visit import base_url


def choose() -> Description:
    """Ask where the photos go, with what each place can and cannot promise."""
    places = [one.id for one in all_descriptions() if one.can_upload]
    st.selectbox("Where the photos go", places, format_func=lambda one: description(one).label, key="create.provider")
    return description(st.session_state["create.provider"])


def open_place(owner: str, place: Description) -> Provider:
    """Open the chosen provider for this visitor. Raises `ProviderProblem`."""
    return open_provider(
        place.id,
        Visit(settings(), owner, base_url=base_url(), resume=cast("dict[str, str]", st.session_state["create.resume"])),
    )


def show_granted(link: SharedLink) -> None:
    """Show what was asked beside what was granted."""
    for outcome in link.outcomes:
        if not outcome.kept:
            st.warning(f"You asked: {outcome.asked}. {outcome.granted} {outcome.advice}", icon=":material/rule:")
