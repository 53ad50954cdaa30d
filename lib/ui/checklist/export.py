"""The list to take away: as a page to print or keep as a PDF, and as Markdown."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from lib.facts import Device
from lib.guide.checklist import Chosen, as_markdown, as_page
from lib.ui.text import say


def export() -> None:
    """Draw the downloads."""
    today = dt.datetime.now(dt.UTC).date()
    chosen = Chosen(
        st.session_state["checklist.ticked"],
        st.session_state["checklist.evidence"],
        st.session_state["checklist.provider"],
        Device(st.session_state["checklist.device"]),
    )
    with st.container(horizontal=True):
        st.download_button(
            say("Page to print or save as PDF"), as_page(chosen, today), f"privacy-checklist-{today}.html", "text/html",
            icon=":material/print:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            say("Markdown"), as_markdown(chosen, today), f"privacy-checklist-{today}.md", "text/markdown",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
