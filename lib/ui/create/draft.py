"""The draft of this visitor: where photos wait until they become a link."""

from __future__ import annotations

import streamlit as st

from lib.albums import PhotoInfo, Share, ShareProblem


def current_draft(share: Share, owner: str) -> str:
    """Return the id of a living draft: this page's, the latest of this visitor (after a reload), or a new one."""
    known = st.session_state["create.draft"]
    if known and _lives(share, owner, known):
        return str(known)
    draft_id = share.albums.latest(owner) or share.albums.open(owner)
    st.session_state["create.draft"] = draft_id
    st.session_state["create.taken"] = {}
    st.session_state["create.aside"] = []
    return draft_id


def photos_of(share: Share, owner: str, draft_id: str) -> list[PhotoInfo]:
    """Return the photos that wait in a draft."""
    return share.photos.all(owner, draft_id)


def _lives(share: Share, owner: str, draft_id: str) -> bool:
    try:
        share.photos.all(owner, draft_id)
    except ShareProblem:
        return False
    return True
