"""The guided way: clean photos to download, the steps for the person's device, and the link to paste."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Final

import streamlit as st

from lib.facts import Device, Step, Task
from lib.services.base import AlbumPhoto
from lib.services.names import file_names
from lib.services.registry import by_hand
from lib.ui.text import say

DEVICES: Final = {one.value: one.label for one in Device}


def guided_panel(provider_id: str, photos: Sequence[AlbumPhoto], device: str = "") -> str | None:
    """Draw the steps. Returns the link that the person pasted, or None so far.

    `device` is "iphone", "android" or "web"; without one it follows from the browser.
    """
    one, hand = by_hand(provider_id)
    st.session_state["providers.device"] = st.session_state["providers.device"] or device or _device()
    st.radio(say("Your device"), list(DEVICES), key="providers.device", format_func=_device_label, horizontal=True)
    where = st.session_state["providers.device"]
    way = hand.way(where)
    st.header(say("Step 1: Save the clean photos"), anchor=False)
    _downloads(photos, where)
    st.header(say("Step 2: Put them into {place}", place=one.label), anchor=False)
    if way.opens:
        st.link_button(say("Open {place}", place=one.label), way.opens, icon=":material/open_in_new:", width="stretch")
    st.markdown(say(way.text) + _sure(hand.confidence))
    st.header(say("Step 3: Make the link"), anchor=False)
    _steps(one.steps(Task.SHARE, where))
    st.header(say("Step 4: Paste the link you got"), anchor=False)
    st.text_input(
        say("Link"), key="providers.pasted", autocomplete="off",
        placeholder=hand.looks_like or f"https://{one.hosts[0]}/…",
        help=say("We open it at once as a stranger would, and say what the other person meets."),
    )  # fmt: skip
    with st.expander(say("How to take it back later"), icon=":material/undo:", key="providers.later"):
        _steps(one.steps(Task.REVOKE, where))
    return st.session_state["providers.pasted"].strip() or None


def _downloads(photos: Sequence[AlbumPhoto], where: str) -> None:
    """Offer one by one on a phone, where a zip is in the way, and all at once on a computer."""
    if not photos:
        st.caption(say("Pick photos first."))
        return
    names = file_names(photos)
    holds = say.things(len(photos), sum(photo.is_video for photo in photos))
    total = f"{holds}, {say.size(sum(photo.size_bytes for photo in photos))}"
    if where == Device.WEB.value and len(photos) > 1:
        _zip_button(photos, names, say("Download all as a zip ({total})", total=total))
    else:
        for photo, name in zip(photos, names, strict=True):
            st.download_button(
                say("Save {name}", name=name), photo.read, name, photo.media_type, on_click="ignore",
                icon=":material/download:", width="stretch",
            )  # fmt: skip
        if len(photos) > 1:
            _zip_button(photos, names, say("Or all as a zip ({total})", total=total))
    st.caption(say("These are the clean copies: no place, no camera, no time inside."))


def _zip_button(photos: Sequence[AlbumPhoto], names: Sequence[str], label: str) -> None:
    st.download_button(
        label, lambda: zipped(photos, names), "photos.zip", "application/zip", on_click="ignore",
        icon=":material/folder_zip:", width="stretch",
    )  # fmt: skip


def zipped(photos: Sequence[AlbumPhoto], names: Sequence[str]) -> bytes:
    """Return the photos as a zip, stored as they are: JPEG and MP4 do not get smaller."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for photo, name in zip(photos, names, strict=True):
            archive.writestr(zipfile.ZipInfo(name), photo.read())
    return out.getvalue()


def _steps(steps: Sequence[Step]) -> None:
    st.markdown("\n".join(f"{step.number}. {say(step.text)}" for step in steps))
    if any(step.confidence == "K" for step in steps):
        st.caption(
            say(
                "Menus change. If you cannot find a word, look for one like it. "
                "For some of these steps we found no source."
            )
        )


def _sure(confidence: str) -> str:
    return f" {say('We found no source for this.')}" if confidence == "K" else ""


def _device_label(device: str) -> str:
    return say("Computer") if device == Device.WEB.value else DEVICES[device]


def _device() -> str:
    agent = st.context.headers.get("User-Agent", "")
    if "iPhone" in agent or "iPad" in agent:
        return Device.IPHONE.value
    return Device.ANDROID.value if "Android" in agent else Device.WEB.value
