"""Make the app installable: its manifest and the colour of its frame join the page's head, which Streamlit writes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_component = st.components.v2.component("passalong.installable", js=_SCRIPT)


def installable() -> None:
    """Add them. Draws nothing; once in the shell is enough."""
    _component(key="installable", height=1)
