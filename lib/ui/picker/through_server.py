"""A photo that this browser cannot open, through this server and back: a draft that lives as long as that takes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lib.albums import Share, open_share
from lib.problems import Problem
from lib.settings import below, settings
from lib.ui import state
from lib.ui.create.access import signed_in
from lib.ui.text import say


def told(*, wanted: bool) -> dict[str, Any]:
    """Return what the picker has to know: a fresh ticket while photos are `wanted` there, or why there is none.

    It follows what the picker says and can be asked again at any moment: the next run may interrupt this one, and then
    half of it is done twice.
    """
    share, owner = open_share(settings()), state.owner()
    answer = {"api_base": f"{below()}/api/drafts", "ticket": "", "offers_server": _may(share, owner), "problem": None}
    if not wanted:
        _end(share, owner)
        return answer
    try:
        return answer | {"ticket": _ticket(share, owner)}
    except Problem as problem:
        return answer | {"problem": problem.said(say)}


def _ticket(share: Share, owner: str) -> str:
    if draft_id := st.session_state["attach.draft"]:
        try:
            return share.tickets.write(owner, draft_id)
        except Problem:  # its hour is over
            st.session_state["attach.draft"] = ""
    _check(share, owner)
    draft_id = st.session_state["attach.draft"] = share.albums.open(owner, address=st.context.ip_address)
    return share.tickets.write(owner, draft_id)


def _end(share: Share, owner: str) -> None:
    """Delete the draft: everything is back on the device."""
    draft_id, st.session_state["attach.draft"] = st.session_state["attach.draft"], ""
    if draft_id:
        share.albums.delete(owner, draft_id)


def _may(share: Share, owner: str) -> bool:
    """Return whether this visitor may use the server for that: whoever may create links may."""
    try:
        _check(share, owner)
    except Problem:
        return False
    return True


def _check(share: Share, owner: str) -> None:
    share.admission.check(
            owner, signed_in=signed_in(), password=st.session_state["create.access"],
            address=st.context.ip_address,
        )  # fmt: skip
