"""Share buttons: the system's own share sheet where the device has one, and copying everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

_HERE: Final = Path(__file__).parent


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "passalong.share_button",
    html=_read("share_button.html"),
    css=_read("share_button.css"),
    js=_read("share_button.js"),
)


def share_button(text: str, link: str, *, key: str, label: str = "Share") -> None:
    """Draw buttons that share `text` (usually with `link` inside) by the system's sheet, or copy link or message."""
    _component(key=key, data={"text": text, "link": link, "video": False, "label": label})


def share_video(*, key: str, label: str = "Share the video") -> None:
    """Draw a button that hands the video that this page shows (`st.video`) to the share sheet, or saves it."""
    _component(key=key, data={"text": "", "link": "", "video": True, "label": label})
