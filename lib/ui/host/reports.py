"""What people reported: the most urgent first, one press to take a link back, and the proof."""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from typing import Final

import streamlit as st

from lib.albums import Share, ShareProblem
from lib.albums.reports import Report
from lib.hosting.numbers import due_at
from lib.recipients.translations import translation
from lib.ui.failure import show_problem_text
from lib.ui.links.proof import how_many_closed
from lib.ui.text import clock, escape_markdown, language, say

_SIDE: Final = 132  # pixels of a photo
_MOST: Final = 12  # photos that are looked at where a report names none
_HOUR_S: Final = 3_600


def show_reports(share: Share) -> None:
    """Draw a card for every report that waits."""
    st.header(say("Reports"), anchor=False)
    if problem := st.session_state["host.problem"]:
        show_problem_text(**problem)
    waiting = share.reports.all()
    if not waiting:
        st.success(say("No report waits."), icon=":material/check_circle:")
    for report in waiting:
        with st.container(border=True):
            _card(share, report)


def _card(share: Share, report: Report) -> None:
    # The words that were chosen, as recipients' pages have them in this language.
    st.markdown(f"**{translation(language())[f'report_{report.reason}']}**")
    if due := due_at(report):
        _clock(due)
    about = say("Photo {n}", n=report.photo) if report.photo else say("The whole album")
    title = f" · {escape_markdown(report.title)}" if report.title else ""
    st.caption(f"{about}{title} · {say.moment(report.created_at)}")
    if report.words:
        st.text(report.words)
    if report.link_opens and report.id in st.session_state["host.shown"]:
        _photos(share, report)
    _closed(report)
    with st.container(horizontal=True):
        if report.link_opens:
            st.button(
                say("Take the link back"), key=f"host.back.{report.id}", type="primary", icon=":material/block:",
                on_click=_take_back, args=(share, report.link_id),
            )  # fmt: skip
            if report.id not in st.session_state["host.shown"]:
                st.button(
                    say("Look at what was reported"), key=f"host.look.{report.id}", icon=":material/visibility:",
                    on_click=st.session_state["host.shown"].append, args=(report.id,),
                )  # fmt: skip
        st.button(
            say("Done: put it away"), key=f"host.close.{report.id}", icon=":material/check:",
            type="tertiary" if report.link_opens else "primary", on_click=_put_away, args=(share, report),
        )  # fmt: skip


def _clock(due: datetime) -> None:
    left_s = (due - datetime.now(UTC)).total_seconds()
    if left_s > 0:
        hours = say.counted("{n} hour left", "{n} hours left", ceil(left_s / _HOUR_S))
        st.badge(say("Urgent: {hours}", hours=hours), icon=":material/timer:", color="orange")
    else:
        hours = say.counted("{n} hour late", "{n} hours late", ceil(-left_s / _HOUR_S))
        st.badge(say("Urgent: {hours}", hours=hours), icon=":material/timer_off:", color="red")


def _photos(share: Share, report: Report) -> None:
    try:
        pictures = share.photos.reported(report.id, _MOST)
    except ShareProblem:
        pictures = []
    if not pictures:
        st.caption(say("The photos are gone."))
    with st.container(horizontal=True):
        for n, picture in enumerate(pictures, 1):
            st.image(picture, width=_SIDE, alt=say("Reported photo {n}", n=n))


def _closed(report: Report) -> None:
    """Say that the link is over, with the proof where it was taken back here."""
    if paths := st.session_state["host.to_prove"].pop(report.link_id, None):
        with st.spinner(say("Taken back. Opening every address as a stranger…")):
            told = how_many_closed(paths)
        st.session_state["host.proofs"][report.link_id] = told | {"at": datetime.now(UTC).isoformat()}
    if proof := st.session_state["host.proofs"].get(report.link_id):
        seen = {
            "at": clock(datetime.fromisoformat(proof["at"])), "closed": proof["closed"], "all": proof["addresses"],
        }  # fmt: skip
        if proof["closed"] == proof["addresses"]:
            st.success(say("**Gone at {at}: {closed} of {all} addresses.**", **seen), icon=":material/fact_check:")
        else:
            st.error(
                say("At {at} only {closed} of {all} addresses were gone. Look at it again from outside.", **seen),
                icon=":material/error:",
            )
    elif not report.link_opens:
        st.caption(say("The link does not open any more."))


def _take_back(share: Share, link_id: str) -> None:
    """Close the link for everybody, without undoing; the page then opens every address that it had."""
    st.session_state["host.problem"] = {}
    try:
        paths = share.links.addresses_as_host(link_id)
        share.links.revoke_as_host(link_id)
    except ShareProblem as problem:
        st.session_state["host.problem"] = problem.parts()
    else:
        if paths:  # none: it was made with a key that is lost, and nobody knows its address any more
            st.session_state["host.to_prove"][link_id] = paths


def _put_away(share: Share, report: Report) -> None:
    st.session_state["host.problem"] = {}
    try:
        share.reports.close(report.id)
    except ShareProblem as problem:
        st.session_state["host.problem"] = problem.parts()
