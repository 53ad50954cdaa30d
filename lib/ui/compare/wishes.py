"""What matters to you, and what the facts recommend."""

from __future__ import annotations

import streamlit as st

from lib.guide import content
from lib.guide.recommend import Met, Reason, Recommendation, Wanted, recommend
from lib.text.later import later
from lib.ui.guide.evidence import provenance
from lib.ui.text import say

_SHOWN = 3
_DEVICES = {"": later("Does not matter"), "apple": later("Only Apple"), "mixed": later("iPhone and Android")}
_ICONS = {Met.YES: ":material/check_circle:", Met.PARTLY: ":material/adjust:", Met.NO: ":material/cancel:"}


_MEGABYTES = 4.0  # a photo straight from a phone


def megabytes() -> float:
    """Return the size of one of the visitor's photos, as they set it."""
    return float(st.session_state.get("compare.megabytes", _MEGABYTES))


def ask() -> Wanted:
    """Draw the wishes."""
    st.markdown(say("Choose everything that matters."))
    halves = zip(st.columns(2), (content.needs()[::2], content.needs()[1::2]), strict=True)
    needs = [
        need.id
        for place, half in halves
        for need in half
        if place.checkbox(say(need.label), key=f"compare.need.{need.id}", persist_state="session")
    ]
    devices = st.radio(
        say("Your own devices"), list(_DEVICES), format_func=lambda name: say(_DEVICES[name]), horizontal=True,
        key="compare.devices", persist_state="session",
    )  # fmt: skip
    left, right = st.columns(2)
    photos = left.number_input(
        say("Photos to keep there"), 0, 100_000, 0, 50, key="compare.photos", persist_state="session",
        help=say("0 means that free space does not matter."),
    )  # fmt: skip
    size = right.number_input(
        say("MB each"), 0.1, 200.0, _MEGABYTES, 0.5, format="%.1f", key="compare.megabytes", persist_state="session",
        help=say("A photo straight from a phone has a few MB. It also sets the size for the free space on "
"this page."),
    )  # fmt: skip
    return Wanted(tuple(needs), int(photos), float(size), devices)


def _points(one: Recommendation) -> str:
    return say.counted("{points} of {n} point", "{points} of {n} points", one.most, points=one.points)


def _line(reason: Reason) -> str:
    return f"{_ICONS[reason.met]} {say(reason.text)}"


def _card(place: int, one: Recommendation) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"### {place}. {one.provider}")
        st.caption(_points(one))
        if one.for_:
            st.markdown(f"**{say('For')}**  \n" + "  \n".join(_line(reason) for reason in one.for_))
        if one.against:
            st.markdown(f"**{say('Against')}**  \n" + "  \n".join(_line(reason) for reason in one.against))
        if one.warning:
            st.markdown(f":material/warning: {say(one.warning.text)}")
        with st.popover(say("Where this comes from"), icon=":material/fact_check:", key=f"compare.why.{place}"):
            if one.warning:
                told = f"{say(one.warning.text)} {say(one.warning.note)}"
                st.markdown(f"**{say('Warning:')}** {told}  \n:small[{provenance(one.warning)}]")
            for reason in one.reasons:
                if reason.fact:
                    cell = reason.fact
                    told = f"**{say(cell.field.label)}:** {say(cell.with_unit)}. {say(cell.note)}"
                    st.markdown(f"{told}  \n:small[{provenance(cell)}]")
                else:
                    st.markdown(say(reason.text))


def recommendation(wanted: Wanted) -> None:
    """Draw the ranking with its reasons."""
    if wanted.empty:
        st.caption(say("Choose what matters, and the providers are ranked with the reasons for and against each."))
        return
    ranking = recommend(wanted)
    for place, (column, one) in enumerate(zip(st.columns(_SHOWN), ranking, strict=False), 1):
        with column:
            _card(place, one)
    alike = sum(one.points == ranking[_SHOWN - 1].points for one in ranking[_SHOWN:])
    if alike:
        st.caption(
            say.counted(
                "{n} more has as many points as the third. Choose one more thing that matters to tell them apart.",
                "{n} more have as many points as the third. Choose one more thing that matters to tell them apart.",
                alike,
            )
        )
    with st.expander(
        say("All {n} in order", n=len(ranking)), icon=":material/format_list_numbered:", key="compare.everyone"
    ):
        for place, one in enumerate(ranking, 1):
            st.markdown(f"{place}\\. **{one.provider}**, {_points(one)}")
            st.markdown("  \n".join(_line(reason) for reason in one.reasons))
    st.caption(
        say(
            "What is met counts two points; what is met with a condition, or rests on a third-hand or "
            "unconfirmed fact, counts one. A provider with a warning never gets full points, one that "
            "we advise against none. The ranking follows from the facts below, and nobody can pay for a"
            " place."
        )
    )
