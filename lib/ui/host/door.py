"""Who may see the host's page: whoever knows its password, or sits at the computer itself."""

from __future__ import annotations

import hmac

import streamlit as st

from lib.albums import Share, ShareProblem
from lib.ui import state
from lib.ui.failure import show_problem_text
from lib.ui.text import say
from lib.ui.visit import sits_here


def let_in(share: Share) -> bool:
    """Return whether this visitor is the host; otherwise ask for the password, or say that there is none."""
    if not share.host_password.is_set:
        if not sits_here():
            st.info(
                say("This page is off. It opens when whoever runs this server sets `host_password` in the settings."),
                icon=":material/lock:",
            )
            return False
        return True
    if hmac.compare_digest(st.session_state["host.in"], share.host_password.mark):
        return True
    with st.form("host.door", border=False):
        st.text_input(say("Password of the host"), type="password", key="host.typed", autocomplete="current-password")
        st.form_submit_button(say("Come in"), type="primary", on_click=_try, args=(share,), width="stretch")
    if problem := st.session_state["host.problem"]:
        show_problem_text(**problem)
    return False


def way_out(share: Share) -> None:
    """Offer to close the page again, where a password opened it."""
    if share.host_password.is_set:
        st.button(say("Leave"), on_click=_leave, icon=":material/logout:", key="host.leave")


def _try(share: Share) -> None:
    typed = st.session_state["host.typed"]
    st.session_state["host.problem"] = {}
    try:
        fits = share.host_password.fits(state.browser(), typed, st.context.ip_address)
    except ShareProblem as problem:
        st.session_state["host.problem"] = problem.parts()
        return
    st.session_state["host.typed"] = ""
    if fits:
        st.session_state["host.in"] = share.host_password.mark
    else:
        st.session_state["host.problem"] = {
            "title": say("Not that one"),
            "happened": say("This is not the password of the host."),
            "fix": say("It is `host_password` in the settings of this server."),
        }


def _leave() -> None:
    for slot in ("host.in", "host.typed"):
        st.session_state[slot] = ""
    for slot in ("host.to_prove", "host.proofs", "host.problem"):
        st.session_state[slot] = {}
    st.session_state["host.shown"] = []
