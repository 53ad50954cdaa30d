"""A long list of links: how many open, which ones to look at, ten cards at a time, and the table to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from lib.links.recognise import Recognised
from lib.links.report import to_csv
from lib.text.later import later
from lib.ui.check.cards import name
from lib.ui.text import say

Result = dict[str, Any]

ON_ONE_PAGE: Final = 10
_A_FEW: Final = 3  # links that nobody needs to choose from
_SHOW: Final = {"all": later("All"), "mend": later("To mend"), "open": later("Open"), "unknown": later("Unclear")}


def _belongs(result: Result, show: str) -> bool:
    return show == "all" or {True: "open", False: "mend", None: "unknown"}[result["opens"]] == show


def keep(links: Sequence[Recognised]) -> list[Recognised]:
    """Say how many links there are, let the person leave some of many out, and return the others."""
    if not any(link.url for link in links):
        st.header(say("No link found"), anchor=False)
        return list(links)
    names = {_key(link): f"{number}. {name(_key(link))}" for number, link in enumerate(links, 1)}
    slot = st.session_state["check.left_out"]
    if any(each not in names for each in slot):  # the text has changed
        st.session_state["check.left_out"] = slot = [each for each in slot if each in names]
    found = say.counted("{n} link found", "{n} links found", len(links))
    left_out = f", {say.counted('{n} left out', '{n} left out', len(slot))}" if slot else ""
    st.header(f"{found}{left_out}", anchor=False)
    if len(links) > _A_FEW:
        with st.expander(say("Leave some of them out"), icon=":material/filter_list:", key="check.left_out_open"):
            st.multiselect(
                say("Links not to open"),
                list(names),
                format_func=names.__getitem__,
                key="check.left_out",
                placeholder=say("Pick the links to leave out"),
            )
    return [link for link in links if _key(link) not in slot]


def _key(link: Recognised) -> str:
    return link.url or link.written


def choose(results: Sequence[Result]) -> list[int]:
    """Show the counts and return the places of the results to show now."""
    opens = [result["opens"] for result in results]
    st.markdown(
        " · ".join(
            (
                f":material/check_circle: **{say.counted('{n} open', '{n} open', opens.count(True))}**",
                f":material/cancel: **{say.counted('{n} to mend', '{n} to mend', opens.count(False))}**",
                f":material/help: **{say.counted('{n} unclear', '{n} unclear', opens.count(None))}**",
            )
        )
    )
    show = st.radio(
        say("Show"),
        list(_SHOW),
        format_func=lambda one: say(_SHOW[one]),
        key="check.show",
        on_change=_first_page,
        horizontal=True,
    )
    places = [place for place, result in enumerate(results) if _belongs(result, show)]
    pages = max(1, -(-len(places) // ON_ONE_PAGE))
    page = min(st.session_state["check.page"], pages - 1)
    if pages > 1:
        back, where, on = st.columns([1, 2, 1], vertical_alignment="center")
        back.button(
            say("Back"),
            icon=":material/chevron_left:",
            disabled=page == 0,
            on_click=_turn,
            args=(page - 1,),
            width="stretch",
        )
        where.markdown(say("Page {n} of {all}", n=page + 1, all=pages), text_alignment="center")
        on.button(
            say("Next"),
            icon=":material/chevron_right:",
            disabled=page == pages - 1,
            on_click=_turn,
            args=(page + 1,),
            width="stretch",
        )
    if not places:
        st.caption(say("None of these."))
    return places[page * ON_ONE_PAGE : (page + 1) * ON_ONE_PAGE]


def _turn(page: int) -> None:
    st.session_state["check.page"] = page


def _first_page() -> None:
    st.session_state["check.page"] = 0


def take_away(results: Sequence[Result]) -> None:
    """Offer the results as a table."""
    st.download_button(
        say.counted("Download {n} result as CSV", "Download {n} results as CSV", len(results)),
        to_csv(results), "links.csv", "text/csv",
        icon=":material/download:", on_click="ignore", width="stretch",
    )  # fmt: skip
