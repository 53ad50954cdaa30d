"""A button that subscribes this browser to messages of this server."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from lib.notifications.worker import PATH
from lib.settings import below
from lib.ui.state import component_key
from lib.ui.text import say

_HERE: Final = Path(__file__).parent


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "passalong.push_button",
    html=_read("push_button.html"),
    css=_read("push_button.css"),
    js=_read("push_button.js"),
)


def push_button(public_keys: list[str], *, key: str) -> str:
    """Draw the button; once it was pressed, return what the browser says of its subscription, as JSON, else nothing.

    `public_keys` are those of this server, the present one first. Whatever comes back is words from a browser.
    """
    result = _component(
        key=component_key(key),
        data={
            "worker": f"{below()}{PATH}", "keys": public_keys, "label": say("Tell me on this device"),
            "labels": _labels(),
        },
        on_subscribed_change=_run_again,
    )  # fmt: skip
    told = result.get("subscribed")
    return told if isinstance(told, str) else ""


def _run_again() -> None:
    """The run itself is what is wanted."""


def _labels() -> dict[str, str]:
    return {
        "not_secure": say("Messages on this device need an address that begins with https://."),
        "home_screen": say("On an iPhone or iPad, put this app on the home screen first, and open it from there."),
        "not_here": say("This browser cannot show messages. An ntfy app can."),
        "denied": say("This browser does not allow messages from here. Allow them in its settings, then try again."),
        "failed": say("This browser’s message service did not answer. Try again, or use an ntfy app."),
    }
