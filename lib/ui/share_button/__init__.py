"""Share buttons: the system's own share sheet where the device has one, and copying everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import streamlit as st

from lib.ui.state import component_key
from lib.ui.text import say

_HERE: Final = Path(__file__).parent


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "passalong.share_button",
    html=_read("share_button.html"),
    css=_read("share_button.css"),
    js=_read("share_button.js"),
)


def share_button(text: str, link: str, *, key: str, label: str = "", heading: str = "") -> None:
    """Draw buttons that share `text` (usually with `link` inside) by the system's sheet, or copy link or message.

    With a `heading` they are what was just made: heading and link stand above them and take the focus, once.
    """
    _draw(key, text=text, link=link, label=label or say("Share"), heading=heading)


def share_page(text: str, address: str, *, key: str, label: str) -> None:
    """Draw quiet buttons that pass on the address of what is being read: nobody takes it for the link to photos."""
    labels = {"copy_link": say("Copy this page’s address"), "copied_long": say("Copied")}
    _draw(key, text=text, link=address, page=True, label=label, labels=_labels() | labels)


def share_video(*, key: str, label: str = "") -> None:
    """Draw a button that hands the video that this page shows (`st.video`) to the share sheet, or saves it."""
    _draw(key, video=True, label=label or say("Share the video"))


def _draw(key: str, **told: Any) -> None:
    blank = {"text": "", "link": "", "video": False, "page": False, "heading": "", "labels": _labels()}
    _component(key=component_key(key), data=blank | told)


def _labels() -> dict[str, str]:
    return {
        "copy_link": say("Copy link"),
        "copy_message": say("Copy message"),
        "copied": say("Copied"),
        "copied_long": say("Copied. Paste it into the chat, alone in its own message."),
        "no_copying": say("This browser does not allow copying. Press and hold the link above, then copy."),
        "again": say("Ready. Tap Share once more."),
        "shared": say("Shared."),
        "copy_instead": say("Sharing did not work here. Copy the link instead."),
        "save_instead": say("Sharing did not work here. Save the file instead."),
        "saved": say("Saved. Attach it from your gallery or downloads."),
        "not_fetched": say("The video could not be fetched. Check the connection, then try again."),
    }
