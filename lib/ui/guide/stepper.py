"""One way, one step at a time, with its picture, its menu words and ticks that stay."""

from __future__ import annotations

import streamlit as st

from lib.facts import TIKTOK
from lib.guide import content
from lib.guide.content import Route, RouteStep
from lib.guide.template import fill, plain
from lib.ui.guide.address import keep_what_was_pressed
from lib.ui.guide.evidence import sources
from lib.ui.guide.menus import menus
from lib.ui.guide.places import link_to

_PICTURE_PX = 480  # on a phone it shrinks to the screen


def _choose_route() -> None:
    keep_what_was_pressed()
    st.session_state["guide.route"] = st.session_state["guide.stepper.route"] or ""


def _go(route: str, number: int) -> None:
    keep_what_was_pressed()
    st.session_state["guide.step"] = {**st.session_state["guide.step"], route: number}


def _jump(route: str, key: str) -> None:
    if st.session_state[key] is not None:
        _go(route, st.session_state[key])


def _mark(step: str, *, done: bool) -> None:
    keep_what_was_pressed()
    others = [name for name in st.session_state["guide.done"] if name != step]
    st.session_state["guide.done"] = [*others, step] if done else others


def _tick(step: str, key: str) -> None:
    _mark(step, done=st.session_state[key])


def _done_and_on(route: str, step: str, number: int) -> None:
    _mark(step, done=True)
    _go(route, number)


def step_body(step: RouteStep, key: str) -> None:
    """Draw picture, words, menu words and the page that a step leads to."""
    st.image(content.PICTURES / f"{step.picture}.svg", width=_PICTURE_PX, alt=step.alt)
    words = fill(step.words)
    st.markdown(words.words)
    if step.page:
        link_to(step.page)
    if step.menu and step.task:
        menus(step.task, key, TIKTOK if step.menu == "TikTok" else None)
    sources(words.facts, f"{key}-sources")


def _good_and_bad(route: Route) -> None:
    good = [fill(line) for line in route.good]
    catch = [fill(line) for line in route.catch]
    with st.expander("What is good about it, and what is not", icon=":material/balance:"):
        st.markdown("  \n".join(f":material/add_circle: {line.words}" for line in good))
        st.markdown("  \n".join(f":material/error_outline: {line.words}" for line in catch))
        sources(dict.fromkeys(one for line in (*good, *catch) for one in line.facts), f"guide-{route.id}-sources")


def stepper(decided: str | None) -> None:
    """Draw the four ways to choose from, and the steps of the one that is chosen."""
    routes = content.routes()
    shown = st.session_state["guide.route"] or decided or ""
    st.header("Step by step")
    st.session_state["guide.stepper.route"] = shown or None
    st.radio(
        "The four ways",
        [route.id for route in routes],
        index=None,
        format_func=lambda name: f"{content.route(name).icon} {content.route(name).title}",
        horizontal=True,
        key="guide.stepper.route",
        on_change=_choose_route,
    )
    if not shown:
        st.caption("Answer the questions above, or choose a way.")
        return
    route = content.route(shown)
    st.markdown(plain(route.summary))
    last = len(route.step) - 1
    number = min(max(0, int(st.session_state["guide.step"].get(route.id, 0))), last)
    step = route.step[number]
    done = [one.id in st.session_state["guide.done"] for one in route.step]
    st.progress(sum(done) / len(done), text=f"{sum(done)} of {len(done)} steps done")
    jump = f"guide.stepper.{route.id}.number"
    st.session_state[jump] = number
    st.radio(
        "Step",
        list(range(len(route.step))),
        format_func=lambda at: f"{at + 1} :material/check:" if done[at] else f"{at + 1}",
        horizontal=True,
        key=jump,
        on_change=_jump,
        args=(route.id, jump),
    )
    with st.container(border=True, key="guide-step"):
        st.markdown(f"### Step {number + 1} of {last + 1}: {step.title}")
        step_body(step, step.id)
        tick = f"guide.tick.{step.id}"
        st.session_state[tick] = done[number]
        st.checkbox("Done", key=tick, on_change=_tick, args=(step.id, tick))
        with st.container(horizontal=True):
            st.button(
                "Back", icon=":material/arrow_back:", disabled=number == 0, on_click=_go, args=(route.id, number - 1)
            )
            if number < last:
                st.button(
                    "Done, next step",
                    type="primary",
                    icon=":material/arrow_forward:",
                    on_click=_done_and_on,
                    args=(route.id, step.id, number + 1),
                )
    if all(done):
        st.success("That was the last step. All done.", icon=":material/celebration:")
    _good_and_bad(route)
