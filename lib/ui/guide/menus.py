"""The exact words of a menu, for one provider and one device: each step with its drawn screen and its date."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import streamlit as st

from lib.facts import TIKTOK, Device, Step, Task, key_of, menu_steps, provider_called, provider_fact, provider_names
from lib.guide.schematic import alt_of, draw
from lib.services.registry import description_or_blank
from lib.ui.guide.address import device, keep_what_was_pressed
from lib.ui.guide.evidence import provenance
from lib.ui.text import say

_SCREEN_PX = 240


def _choose_device(key: str) -> None:
    keep_what_was_pressed()
    chosen = st.session_state[key]
    if chosen:
        st.session_state["guide.answers"] = {**st.session_state["guide.answers"], "device": chosen}


def _choose_provider(key: str) -> None:
    keep_what_was_pressed()
    st.session_state["guide.provider"] = st.session_state[key]


def _screen(step: Step) -> None:
    picture, text = st.columns([2, 3], vertical_alignment="center")
    picture.image(draw(step), width=_SCREEN_PX, alt=alt_of(step))
    text.markdown(f"**{step.number}.** {say(step.text)}")


def show_steps(provider: str, on: Device, task: Task) -> None:
    """Draw the way through one menu; steps in a row that rest on the same source name it once."""
    steps = menu_steps(provider, on, task)
    if not steps:
        known = [device_words(other) for other in Device if menu_steps(provider, other, task)]
        st.info(
            say(
                "We do not know the menu words of {provider} on this device. We know them for: {devices}.",
                provider=provider,
                devices=", ".join(known),
            )
            if known
            else say("We do not know the menu words of {provider} on this device.", provider=provider),
            icon=":material/help:",
        )
        return
    with st.container(key=f"guide-menu-{provider}-{on}-{task}".lower().replace(" ", "-").replace(".", "")):
        for told, together in groupby(steps, provenance):
            run = list(together)
            for step in run:
                _screen(step)
            first, last = run[0].number, run[-1].number
            whose = (
                ""
                if len(run) == len(steps)
                else say("Step {n}:", n=last)
                if first == last
                else say("Steps {n}–{to}:", n=first, to=last)
            )
            st.markdown(f":small[{whose} {told}]")


def device_words(one: Device) -> str:
    """Return what a device is called in the visitor's language."""
    return say("Computer") if one is Device.WEB else one.label


def where(key: str) -> None:
    """Draw the choice of provider and device; everything on the page follows it."""
    left, right = st.columns(2)
    with left:
        choose_provider(key)
    with right:
        choose_device(key)


def choose_provider(key: str) -> None:
    """Draw the choice of provider."""
    chosen = f"guide.menus.{key}.provider"
    st.session_state[chosen] = st.session_state["guide.provider"]
    st.selectbox(say("Provider"), provider_names(), key=chosen, on_change=_choose_provider, args=(chosen,))


def choose_device(key: str) -> None:
    """Draw the choice of device."""
    on = f"guide.menus.{key}.device"
    st.session_state[on] = device().value
    st.radio(
        say("Device"),
        [one.value for one in Device],
        format_func=lambda value: device_words(Device(value)),
        horizontal=True,
        key=on,
        on_change=_choose_device,
        args=(on,),
    )


def menus(task: Task, key: str, provider: str | None = None) -> None:
    """Draw the choice of provider (unless it is given) and device, and the menu words for it."""
    if provider is None:
        where(key)
        provider = st.session_state["guide.provider"]
    else:
        choose_device(key)
    whole_way(provider, device(), task)


def menus_of(services: Iterable[str], task: Task, key: str) -> None:
    """Draw the choice of device, and the menu text of each of these services, named by their ids."""
    choose_device(key)
    for name in filter(None, map(provider_called, services)):
        whole_way(name, device(), task)


def _makes_a_link(provider: str, task: Task) -> bool:
    """Whether somebody without an account can open what comes out of this: a chat app makes no link."""
    if provider == TIKTOK or task is not Task.SHARE:
        return False
    account = provider_fact(provider, "recipient_account")
    return account is None or account.value != "yes"


def _good_to_know(provider: str, task: Task) -> None:
    """Say what surprises people at this provider before they follow its menus."""
    warning = provider_fact(provider, "warning") if task is Task.SHARE and provider != TIKTOK else None
    if warning:
        st.info(f"**{provider}:** {warning.text}", icon=":material/info:")


def whole_way(provider: str, on: Device, task: Task) -> None:
    """Draw one menu with its name; a link begins with getting into the provider and getting the photos in."""
    _good_to_know(provider, task)
    name = say("this app") if description_or_blank(key_of(provider)).kept_here else provider
    if task is Task.SHARE and (menu_steps(provider, on, Task.START) or menu_steps(provider, on, Task.UPLOAD)):
        for part, title in (
            (Task.START, say("Open {name} and sign in", name=name)),
            (Task.UPLOAD, say("Get the photos in")),
        ):
            if menu_steps(provider, on, part):
                st.markdown(f"**{title}**")
                show_steps(provider, on, part)
        last = say("Make the link") if _makes_a_link(provider, task) else say("In {name}", name=name)
        st.markdown(f"**{last}**")
    else:
        st.markdown(f"**{say('In {name}', name=name)}**")
    show_steps(provider, on, task)
    hints = [
        say(
            "Looks different? Menus change. If you cannot find a word, look for one like it, or for a box with an "
            "arrow, three dots, or a plus."
        )
    ]
    if _makes_a_link(provider, task):
        hints.append(say("Afterwards, check the link here: that is what counts."))
    st.caption(" ".join(hints))
