"""The same list of links on another device: a recovery code, and the browsers that used it."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from lib.albums import Share, ShareProblem
from lib.ui.failure import show_problem
from lib.ui.state import browser
from lib.ui.text import say


def show_devices(share: Share, owner: str) -> None:
    """Make a recovery code, use one, and see and sign out the browsers that came with one."""
    with st.expander(say("Your links on another device"), icon=":material/devices:", key="links.devices"):
        st.markdown(
            say(
                "Your links belong to this browser. A recovery code brings them to another one. Whoever has the code "
                "can change your links: write it down, and show it to nobody."
            )
        )
        _code(share, owner)
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
        if owner == browser():
            _browsers(share, owner)


def _code(share: Share, owner: str) -> None:
    others = len(share.owners.browsers(owner)) > 1
    keep = others and st.checkbox(
        say("Browsers that used the older code stay signed in"), key="links.keep_browsers",
        help=say("Leave this empty if somebody else may have seen the code."),
    )  # fmt: skip
    if st.button(say("Make a recovery code"), icon=":material/key:"):
        st.code(share.owners.recovery_code(owner, keep_others=keep), language=None)
        st.caption(say("A new code replaces the older one. It is shown only now."))


def _browsers(share: Share, owner: str) -> None:
    """List them where there is more than one; nothing is known of any but the day on which it came."""
    found = share.owners.browsers(owner)
    if len(found) < 2:  # noqa: PLR2004 - this one alone
        return
    st.markdown(f"**{say('Browsers with your links')}**")
    for number, one in enumerate(found, 1):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            if one.since is None:
                told = say("The first one")
            else:
                told = say("Came on {day} with the code", day=say.day(datetime.fromtimestamp(one.since, UTC)))
            st.markdown(f"{number}. {told}" + (f" · {say('this one')}" if one.here else ""))
            if not one.here:
                st.button(
                    say("Sign out"), key=f"links.sign_out.{one.id}", on_click=share.owners.sign_out,
                    args=(owner, one.id), icon=":material/logout:",
                )  # fmt: skip
    st.button(
        say("Sign all others out"), key="links.sign_out", on_click=share.owners.sign_out, args=(owner,),
        icon=":material/logout:",
    )  # fmt: skip
    st.caption(say("Who is signed out sees an empty list. The recovery code ends too: make a new one afterwards."))
