"""The address of the guide holds the answers, so that it can be sent on; what it does not know is ignored."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from lib.facts import Device, key_of, provider_called, provider_names
from lib.guide import content
from lib.guide.decide import known_answers


def _given() -> dict[str, str]:
    return {key: value[:100] for key, value in st.query_params.to_dict().items()}


def keep_what_was_pressed() -> None:
    """Let a press win over the address: call this whenever something on the page is pressed.

    A second quick press still carries the old address, which does not know the first press.
    """
    st.session_state["guide.address"] = _given()


def read_address() -> str:
    """Take over what the address says, where it was changed from outside. Returns the name after `?q=`, or ""."""
    state = st.session_state
    given = _given()
    if given != state["guide.address"] and given:
        answers = known_answers(given)
        if answers:
            state["guide.answers"] = answers
            state["guide.route"] = ""
        if given.get("route") in {route.id for route in content.routes()}:
            state["guide.route"] = given["route"]
        if name := provider_called(given.get("provider", "")):
            state["guide.provider"] = name
    return given.get("q", "")


def write_address(name: str) -> None:
    """Write the answers into the address, and the name of the answer on screen."""
    state = st.session_state
    wanted = dict(state["guide.answers"])
    if state["guide.route"]:
        wanted["route"] = state["guide.route"]
    if state["guide.provider"] != provider_names()[0]:
        wanted["provider"] = key_of(state["guide.provider"])
    if name:
        wanted["q"] = name
    # A link of the guide to itself reaches the script, but not the address bar: that follows from here.
    followed_link = state["guide.address"] is not None and wanted != state["guide.address"]
    if followed_link or wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)
    state["guide.address"] = wanted


def _base() -> str:
    return st.context.url.partition("?")[0] if st.context.url else ""


def address_of(route: str) -> str:
    """Return the address of a way as it is chosen now: for this provider and this device."""
    wanted = {"route": route, "provider": key_of(st.session_state["guide.provider"]), "device": device().value}
    return f"{_base()}?{urlencode(wanted)}"


def address_of_answer(name: str) -> str:
    """Return the address of one answer."""
    return f"{_base()}?{urlencode({'q': name})}"


def device() -> Device:
    """Return the device that was chosen; an iPhone until then."""
    return Device(st.session_state["guide.answers"].get("device", Device.IPHONE))
