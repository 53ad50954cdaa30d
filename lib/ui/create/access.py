"""Who may create links here: the host's access password, or a sign-in."""

from __future__ import annotations

import streamlit as st

from lib.albums import Share, ShareProblem
from lib.albums.problems import TooFast
from lib.ui.failure import show_problem
from lib.ui.text import say


def signed_in() -> bool:
    """Return whether this visitor is signed in."""
    return bool(getattr(st.user, "is_logged_in", False))


def admitted(share: Share, owner: str, *, to_create: bool = True) -> bool:
    """Return whether this visitor may create links now; otherwise say what is needed, and ask for it.

    Whoever may not create links here may not let this server open other people's either (`to_create` is False): the
    rule is the same, only the number of links an hour does not count.
    """
    if to_create and share.admission.choice_missing:
        st.warning(
            say(
                "**For the host:** this app is on a public address, and anyone may create links. Choose "
                "`who_may_create` in the settings."
            ),
            icon=":material/public:",
        )
    try:
        share.admission.check(
            owner, signed_in=signed_in(), password=st.session_state["create.access"],
            address=st.context.ip_address,
        )  # fmt: skip
    except ShareProblem as problem:
        if isinstance(problem, TooFast) and not to_create:
            return True
        if share.admission.rule == "password":
            wrong = bool(st.session_state["create.access"])
            st.text_input(
                say("Access password"), type="password", key="create.access", autocomplete="current-password",
                help=say("The person who runs this app knows it."),
            )  # fmt: skip
            if not wrong:
                return False
        show_problem(problem)
        return False
    return True
