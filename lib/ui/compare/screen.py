"""Whether the screen is narrow: a page on a phone starts with cards, on a computer with the table."""

from __future__ import annotations

import streamlit as st

_JS = """
export default function ({ setStateValue, data }) {
  const narrow = window.matchMedia('(max-width: 640px)').matches
  if (narrow !== data.narrow) setStateValue('narrow', narrow)
}
"""
_screen = st.components.v2.component("passalong_screen", js=_JS)


def is_narrow() -> bool:
    """Return whether the screen is a phone's. The first answer is "no"; the browser corrects it at once."""
    known = st.session_state.get("compare.screen")
    narrow = bool(known and known.get("narrow"))
    _screen(key="compare.screen", data={"narrow": narrow}, default={"narrow": narrow}, on_narrow_change=lambda: None)
    return narrow
