"""The same list of links on another device: a recovery code."""

from __future__ import annotations

import streamlit as st

from lib.albums import Share, ShareProblem
from lib.ui.failure import show_problem
from lib.ui.text import say


def show_devices(share: Share, owner: str) -> None:
    """Make a recovery code, or use one."""
    with st.expander(say("Your links on another device"), icon=":material/devices:"):
        st.markdown(
            say(
                "Your links belong to this browser. A recovery code brings them to another one. Whoever has the code "
                "can change your links: write it down, and show it to nobody."
            )
        )
        if st.button(say("Make a recovery code"), icon=":material/key:"):
            st.code(share.owners.recovery_code(owner), language=None)
            st.caption(say("A new code replaces the older one. It is shown only now."))
        with st.form("links.recover", border=False, clear_on_submit=True):
            code = st.text_input(say("I have a recovery code"), autocomplete="off")
            if st.form_submit_button(say("Bring my links here"), icon=":material/login:") and code.strip():
                try:
                    moved = share.owners.recover(owner, code)
                except ShareProblem as problem:
                    show_problem(problem)
                else:
                    told = say.counted("{n} link came here.", "{n} links came here.", moved)
                    st.success(told, icon=":material/check_circle:")
