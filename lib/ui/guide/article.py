"""One way as an illustrated article: every step open, with its picture, its menu words and a tick that stays."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from lib.facts import TIKTOK, key_of
from lib.guide import content
from lib.guide.content import Route, RouteStep
from lib.guide.printed import as_page
from lib.services.registry import description_or_blank
from lib.ui.guide.address import address_of, device, keep_what_was_pressed
from lib.ui.guide.evidence import sources, told, words
from lib.ui.guide.menus import choose_device, where, whole_way
from lib.ui.guide.places import link_to_route, links_to
from lib.ui.share_button import share_page
from lib.ui.text import say

_PICTURE_PX = 480  # on a phone it shrinks to the screen


def _tick(step: str, key: str) -> None:
    keep_what_was_pressed()
    others = [name for name in st.session_state["guide.done"] if name != step]
    st.session_state["guide.done"] = [*others, step] if st.session_state[key] else others


def _kept_here() -> bool:
    """Whether the chosen provider is this app: what its own pages do does not help at another one."""
    return description_or_blank(key_of(st.session_state["guide.provider"])).kept_here


def step_body(step: RouteStep, key: str) -> None:
    """Draw picture, words, menu words and the page that a step leads to, for the provider and device chosen."""
    st.image(content.PICTURES / f"{step.picture}.svg", width=_PICTURE_PX, alt=say(step.alt))
    body = told(step.text)
    st.markdown(body.text)
    if step.menu != "provider" or _kept_here():
        links_to(step.see)
    if step.menu and step.task:
        whole_way(TIKTOK if step.menu == "TikTok" else st.session_state["guide.provider"], device(), step.task)
    sources(body.facts, f"{key}-sources")


def looked(kind: content.Kind) -> None:
    """Say when somebody last read this for truth."""
    st.caption(say("Last looked at: {day}", day=say.day(content.looked_at(kind))))


def _good_and_bad(route: Route) -> None:
    good = [told(line) for line in route.good]
    catch = [told(line) for line in route.catch]
    left, right = st.columns(2)
    left.markdown(f"**{say('Good about it')}**\n\n" + "\n".join(f"- {line.text}" for line in good))
    right.markdown(f"**{say('Good to know first')}**\n\n" + "\n".join(f"- {line.text}" for line in catch))
    sources(dict.fromkeys(one for line in (*good, *catch) for one in line.facts), f"guide-{route.id}-sources")


def _take_along(route: Route) -> None:
    """Offer the article to share and to print."""
    today = dt.datetime.now(dt.UTC).date()
    provider = st.session_state["guide.provider"]
    address = address_of(route.id)
    with st.container(key="guide-take-along"):
        share_page(
            f"{say(route.title)}: {words(route.summary)}\n{address}",
            address,
            key="guide.share",
            label=say("Share this"),
        )
        st.download_button(
            say("Print, or save as PDF"), as_page(route, provider, device(), today), f"{route.id}-{today}.html",
            "text/html", icon=":material/print:", on_click="ignore", type="tertiary",
        )  # fmt: skip


def _other_ways(route: str) -> None:
    st.header(say("The other ways") if route else say("The four ways"), anchor="ways")
    for one in content.routes():
        if one.id != route:
            link_to_route(one.id, say(one.title), one.icon)
            st.markdown(words(one.summary))


def article(decided: str) -> None:
    """Draw the way that was decided or chosen, step by step, and name the others."""
    shown = st.session_state["guide.route"] or decided
    if shown:
        _article(content.route(shown))
    _other_ways(shown)


def _article(route: Route) -> None:
    done = [one.id in st.session_state["guide.done"] for one in route.step]
    with st.container(key="guide-article"):
        st.header(f"{route.icon} {say(route.title)}", anchor=f"way-{route.id}")
        st.markdown(words(route.summary))
        looked("step")
        _good_and_bad(route)
        _take_along(route)
        with st.container(key="guide-steps"):
            listed = "\n".join(
                f"{number}. [{say(step.title)}](#{step.id}){' :material/check:' if seen else ''}"
                for number, (step, seen) in enumerate(zip(route.step, done, strict=True), 1)
            )
            st.markdown(listed)
        st.progress(
            sum(done) / len(done),
            text=say.counted("{done} of {n} step done", "{done} of {n} steps done", len(done), done=sum(done)),
        )
        if any(step.menu == "provider" for step in route.step):
            st.markdown(say("Choose once; every step below adapts."))
            where("article")
        else:
            choose_device("article")
        for number, step in enumerate(route.step, 1):
            st.subheader(f"{number}. {say(step.title)}", anchor=step.id)
            step_body(step, step.id)
            tick = f"guide.tick.{step.id}"
            st.session_state[tick] = step.id in st.session_state["guide.done"]
            st.checkbox(say("Done: {title}", title=say(step.title)), key=tick, on_change=_tick, args=(step.id, tick))
        if all(done):
            st.success(say("That was the last step. All done."), icon=":material/celebration:")
