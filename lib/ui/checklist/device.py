"""What was done to photos on the visitor's own device ticks the same items as the inspector does."""

from __future__ import annotations

import streamlit as st

from lib.ui.picker import PickedPhoto, PickerState
from lib.ui.text import count


def note_what_the_device_did(told: PickerState) -> None:
    """Take over from the picker which photos were looked into, and which clean copies were taken along."""
    looked = told["photos"]
    if not looked:
        return
    seen = {"photo_inspected": f"You looked inside {_names(looked)} on this device: {_found(looked)}."}
    if taken := [photo for photo in looked if photo["taken"]]:
        copies = "a clean copy" if len(taken) == 1 else f"{len(taken)} clean copies"
        seen["location_removed"] = f"You took {copies} along: {_names(taken)}, cleaned on this device."
    st.session_state["checklist.evidence"] = {**st.session_state["checklist.evidence"], **seen}


def _names(photos: list[PickedPhoto]) -> str:
    more = len(photos) - 1
    return photos[0]["name"] + (f" and {count(more, 'more photo')}" if more else "")


def _found(photos: list[PickedPhoto]) -> str:
    kinds = {kind for photo in photos for kind in photo["removed"]}
    return f"{count(len(kinds), 'kind')} of hidden data" if kinds else "nothing hidden"
