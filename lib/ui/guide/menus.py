"""The exact words of a menu, for one provider and one device, each with the day it was last confirmed."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from lib.facts import TIKTOK, Device, Task, key_of, menu_steps, provider_names
from lib.services.registry import description_or_blank
from lib.ui.guide.address import device, keep_what_was_pressed
from lib.ui.guide.evidence import provenance


def _choose_device(key: str) -> None:
    keep_what_was_pressed()
    chosen = st.session_state[key]
    if chosen:
        st.session_state["guide.answers"] = {**st.session_state["guide.answers"], "device": chosen}


def _choose_provider(key: str) -> None:
    keep_what_was_pressed()
    st.session_state["guide.provider"] = st.session_state[key]


def show_steps(provider: str, on: Device, task: Task) -> None:
    """Draw the way through one menu; steps in a row that rest on the same source name it once."""
    steps = menu_steps(provider, on, task)
    if not steps:
        known = [other.label for other in Device if menu_steps(provider, other, task)]
        st.info(
            f"For {provider} we know no menu words on this device."
            + (f" They are known for: {', '.join(known)}." if known else ""),
            icon=":material/help:",
        )
        return
    for told, together in groupby(steps, provenance):
        run = list(together)
        first, last = run[0].number, run[-1].number
        whose = "" if len(run) == len(steps) else f"Step {last}: " if first == last else f"Steps {first}–{last}: "
        listed = "\n".join(f"{step.number}. {step.words}" for step in run)
        st.markdown(f"{listed}\n\n:small[{whose}{told}]")


def menus(task: Task, key: str, provider: str | None = None) -> None:
    """Draw the choice of provider (unless it is given) and device, and the menu words for it."""
    if provider is None:
        names = provider_names()
        chosen = f"guide.menus.{key}.provider"
        st.session_state[chosen] = st.session_state["guide.provider"]
        st.selectbox("Provider", names, key=chosen, on_change=_choose_provider, args=(chosen,))
        provider = st.session_state["guide.provider"]
    on = f"guide.menus.{key}.device"
    st.session_state[on] = device().value
    st.radio(
        "Device",
        [one.value for one in Device],
        format_func=lambda value: Device(value).label,
        horizontal=True,
        key=on,
        on_change=_choose_device,
        args=(on,),
    )
    if provider == TIKTOK:
        st.markdown("**In TikTok**")
    else:
        st.markdown(f"**In {provider}**" if not description_or_blank(key_of(provider)).kept_here else "**In this app**")
    show_steps(provider, device(), task)
