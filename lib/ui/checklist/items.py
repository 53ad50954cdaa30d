"""The items of the checklist: why each matters, how it is done, and what the app itself has seen."""

from __future__ import annotations

import streamlit as st

from lib.facts import Device, provider_names
from lib.guide import content
from lib.guide.checklist import PARTS, how_at, is_done, score
from lib.guide.content import ChecklistItem
from lib.settings import ROOT
from lib.ui.guide.evidence import sources, told
from lib.ui.guide.memory import remember
from lib.ui.guide.menus import device_words
from lib.ui.text import say


def _tick(name: str, key: str) -> None:
    others = [one for one in st.session_state["checklist.ticked"] if one != name]
    st.session_state["checklist.ticked"] = [*others, name] if st.session_state[key] else others


def _forget() -> None:
    st.session_state["checklist.ticked"] = []
    st.session_state["checklist.evidence"] = {}


def _choose(slot: str, key: str) -> None:
    st.session_state[slot] = st.session_state[key] or st.session_state[slot]


def where() -> None:
    """Draw the choice of provider and device for the words of how to do it."""
    left, right = st.columns(2)
    st.session_state["checklist.provider.shown"] = st.session_state["checklist.provider"]
    left.selectbox(
        say("Where your photos are"), provider_names(), key="checklist.provider.shown", on_change=_choose,
        args=("checklist.provider", "checklist.provider.shown"),
    )  # fmt: skip
    st.session_state["checklist.device.shown"] = st.session_state["checklist.device"]
    right.radio(
        say("Device"), [one.value for one in Device], format_func=lambda value: device_words(Device(value)),
        horizontal=True,
        key="checklist.device.shown", on_change=_choose, args=("checklist.device", "checklist.device.shown"),
    )  # fmt: skip


def total() -> None:
    """Draw the score and how it came about."""
    reached = score(st.session_state["checklist.ticked"], st.session_state["checklist.evidence"])
    st.progress(
        reached.percent / 100,
        text=f"**{reached.percent} %** · {say('{done} of {all} done', done=reached.done, all=reached.items)}",
    )
    st.caption(say(reached.text))


def _item(item: ChecklistItem) -> None:
    seen = st.session_state["checklist.evidence"].get(item.evidence or "")
    key = f"checklist.tick.{item.id}"
    done = is_done(item, st.session_state["checklist.ticked"], st.session_state["checklist.evidence"])
    st.session_state[key] = done
    st.checkbox(f"**{say(item.title)}**", key=key, disabled=bool(seen), on_change=_tick, args=(item.id, key))
    if seen:
        st.caption(f":material/visibility: {say('Seen by this app:')}")
        st.text(say(seen))
    why, how = told(item.why, item.cites), told(item.how)
    pages = ", ".join(f"[{one.by}](<{one.address}>)" for one in item.read)
    read = f" {say('Read on:')} {pages}" if pages else ""
    with st.container(key=f"checklist-why-{item.id}"):
        st.markdown(f"{why.text} **{say('How:')}** {how.text}{read}")
        there = how_at(item, st.session_state["checklist.provider"], Device(st.session_state["checklist.device"]))
        if there:
            st.markdown("\n\n".join(there))
        if item.covering:
            st.page_link(
                ROOT / "pages" / "create_link.py", label=say("Cover and crop in your photos"), icon=":material/crop:",
                help=say("Choose a photo there, tap it, then Cover and crop."),
            )  # fmt: skip
        sources((*why.facts, *how.facts), f"checklist.sources.{item.id}")


def items() -> None:
    """Draw every item, by part."""
    remember("checklist.ticked", {item.id for item in content.checklist()})
    for part, title in PARTS.items():
        st.header(say(title))
        for item in content.checklist():
            if item.when == part:
                _item(item)
    st.button(say("Take all ticks away"), icon=":material/restart_alt:", type="tertiary", on_click=_forget)


def whole_guides() -> None:
    """Name the guides of others, for who wants to read on."""
    st.header(say("Read on"))
    for one in content.whole_guides():
        st.markdown(f"**[{one.by}](<{one.address}>)**  \n{one.what}")
