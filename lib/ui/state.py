"""What the app remembers for one visitor between two runs of a page: typed slots, plain values, declared once.

Only plain values: an instance of one of our own classes stops being one after Streamlit reloads its module.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import streamlit as st

OWNER_COOKIE: Final = "passalong_owner"

# key -> value at the start of a visit. A page's keys start with the page's name.
SLOTS: Final[dict[str, Any]] = {
    "visitor.fallback_owner": "",  # used only where no cookie came, such as in a test without a browser
}


def begin() -> None:
    """Give every slot its first value, once for each visit."""
    for key, value in SLOTS.items():
        st.session_state.setdefault(key, value.copy() if isinstance(value, dict | list) else value)


def owner() -> str:
    """Return the secret that owns this visitor's drafts and links: the cookie that the server set, over HTTP only."""
    cookie = st.context.cookies.get(OWNER_COOKIE)
    if cookie:
        return cookie
    if not st.session_state["visitor.fallback_owner"]:
        st.session_state["visitor.fallback_owner"] = secrets.token_urlsafe(24)
    return str(st.session_state["visitor.fallback_owner"])
