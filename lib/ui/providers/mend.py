"""Mend a wrong permission in one press, when the signed-in person owns the link."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from lib.services import reader
from lib.services.access import Visit
from lib.services.base import Description, Mends, ProviderProblem, SharedLink
from lib.services.registry import open_provider
from lib.settings import settings
from lib.ui import state
from lib.ui.failure import show_problem
from lib.ui.providers.sign_in import set_up, sign_in_panel
from lib.ui.text import say


def mender_of(url: str) -> Description | None:
    """Return the provider that could mend this link, by its host."""
    host = urlsplit(url).hostname or ""
    return reader.services().mender(host)


def mend_panel(url: str, key: str) -> SharedLink | None:
    """Offer to open the person's own link for anyone. Returns the mended link in the run in which it was mended."""
    one = mender_of(url)
    if one is None or not set_up(one):
        return None
    st.markdown(
        say("**Is it yours?** Signed in with {place}, this app can open it for anyone in one press.", place=one.label)
    )
    credentials = sign_in_panel(one)
    if credentials is None:
        return None
    mend = say("Mend: open it for anyone with the link")
    if not st.button(mend, key=key, icon=":material/build:", width="stretch"):
        return None
    try:
        provider = open_provider(one.id, Visit(settings(), owner=state.owner(), credentials=credentials))
        if isinstance(provider, Mends):
            with st.spinner(say("Asking {place}…", place=one.label)):
                return provider.mend(url)
    except ProviderProblem as problem:
        show_problem(problem)
    return None
