"""A photo that no browser here can open, through this server and back: a draft that lives as long as that takes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.problems import Problem
from lib.settings import settings
from lib.share import Share, open_share
from lib.ui import state


def offered() -> bool:
    """Return whether this visitor may use the server for that: whoever may create links may."""
    try:
        _check(open_share(settings()))
    except Problem:
        return False
    return True


def begin() -> None:
    """Open a draft for the photos that the visitor asked for; why it cannot be is kept for the picker to say."""
    share, owner = open_share(settings()), state.owner()
    end()
    try:
        _check(share)
        st.session_state["attach.draft"] = share.drafts.create(owner)
    except Problem as problem:
        st.session_state["attach.problem"] = {"happened": str(problem), "fix": problem.fix}


def end() -> None:
    """Delete the draft: everything is back on the device."""
    share, owner = open_share(settings()), state.owner()
    if draft_id := st.session_state["attach.draft"]:
        share.drafts.delete(draft_id, owner)
    st.session_state["attach.draft"] = ""
    st.session_state["attach.problem"] = {}


def told() -> dict[str, Any]:
    """Return what the picker has to know: a fresh ticket while a draft is open, or why there is none."""
    share = open_share(settings())
    draft_id = st.session_state["attach.draft"]
    return {
        "api_base": "/api/drafts",
        "ticket": share.ticket(draft_id, state.owner()) if draft_id else "",
        "offers_server": offered(),
        "problem": st.session_state["attach.problem"] or None,
    }


def _check(share: Share) -> None:
    signed_in = bool(getattr(st.user, "is_logged_in", False))
    share.check_may_create(state.owner(), signed_in=signed_in, password=st.session_state["create.access"])
