"""Pictures of the comparison."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from lib.guide.compare import (
    MARK,
    PROVIDER,
    RECIPIENT,
    SURE,
    UNSURE,
    VERDICTS,
    photos_in_free_space,
    what_recipients_need,
)
from lib.guide.recommend import is_advised_against
from lib.ui import words_table
from lib.ui.text import say

_ROW_PX = 26
_GAP = 0.08  # between cells
_COLOURS = ["#0d8a73", "#e8a33d", "#c2503f", "#8a948f"]  # good, depends, bad, not known
_SIGNS = {"Yes": "✓", "Depends": "~", "No": "✕", "Not known": "?"}


def _ink() -> str:
    return "#eef3f1" if st.context.theme.type == "dark" else "#1d2b2a"


def free_space(megabytes: float) -> None:
    """Draw how many photos fit free of charge; where we advise against a provider, it has no bar."""
    every = photos_in_free_space(megabytes)
    left_out = every[PROVIDER].map(is_advised_against)
    rows = every[~left_out].reset_index(drop=True)
    rows["Sure"] = rows["Sure"].map(say)
    base = alt.Chart(rows).encode(
        y=alt.Y(f"{PROVIDER}:N", sort=None, title=None, axis=alt.Axis(labelLimit=140, labelColor=_ink())),
        x=alt.X("Photos:Q", title=None, axis=None, scale=alt.Scale(domainMax=float(rows["Photos"].max()) * 1.25)),
        tooltip=[
            alt.Tooltip(PROVIDER, title=say(PROVIDER)),
            alt.Tooltip("Photos:Q", format=",", title=say("Photos")),
            alt.Tooltip("Sure:N", title=say("Fact")),
        ],
    )
    bars = base.mark_bar(cornerRadius=4, height=16).encode(
        color=alt.Color(
            "Sure:N",
            title=None,
            scale=alt.Scale(domain=[say(SURE), say(UNSURE)], range=[_COLOURS[0], _COLOURS[1]]),
            legend=alt.Legend(orient="bottom", labelColor=_ink(), columns=1),  # a phone cuts off a second
        )
    )
    text = base.mark_text(align="left", dx=5, color=_ink()).encode(text=alt.Text("Photos:Q", format=","))
    best = rows.iloc[0]
    st.altair_chart(
        (bars + text).properties(height=_ROW_PX * len(rows) + 40),
        alt=say(
            "Bars: photos of {megabytes} MB that fit free of charge. Most: {provider}, {n}.",
            megabytes=f"{megabytes:g}",
            provider=best[PROVIDER],
            n=say.number(int(best["Photos"])),
        ),
    )
    if left_out.any():
        names = ", ".join(every[left_out][PROVIDER])
        st.caption(say("Without {names}: we advise against it. The number is in the table.", names=names))


def recipients(names: Sequence[str]) -> tuple[str, str] | None:
    """Draw what stands between the link and the photo. Returns the provider and the question that were tapped."""
    rows = what_recipients_need(names)
    unconfirmed = rows["Fact"].str.endswith(MARK)
    rows["Sign"] = rows["Verdict"].map(_SIGNS) + unconfirmed.map({True: MARK, False: ""})
    open_now = int(((rows["Question"] == next(iter(RECIPIENT))) & (rows["Verdict"] == VERDICTS[0])).sum())
    headings = {say(question): question for question in RECIPIENT}
    rows["Question"], rows["Verdict"] = rows["Question"].map(say), rows["Verdict"].map(say)
    titles = {
        PROVIDER: say("Provider"),
        "Question": say("Question"),
        "Verdict": say("Verdict"),
        "Fact": say("Fact"),
    }
    tapped = alt.selection_point(name="cell", fields=[PROVIDER, "Question"], empty=False)
    base = alt.Chart(rows).encode(
        y=alt.Y(
            f"{PROVIDER}:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=140, labelColor=_ink()),
            scale=alt.Scale(paddingInner=_GAP),
        ),
        x=alt.X(
            "Question:N",
            sort=list(headings),
            title=None,
            axis=alt.Axis(
                orient="top",
                labelAngle=0,
                labelExpr="split(datum.label, ' ')",
                labelColor=_ink(),
                labelBaseline="bottom",
            ),
            scale=alt.Scale(paddingInner=_GAP),
        ),
        tooltip=[alt.Tooltip(name, title=title) for name, title in titles.items()],
    )
    signs = base.mark_text(fontSize=13, fontWeight="bold", color="#10201d").encode(text="Sign:N")
    cells = (
        base.mark_rect(cornerRadius=4, cursor="pointer")
        .encode(
            color=alt.Color(
                "Verdict:N",
                title=None,
                scale=alt.Scale(domain=[say(verdict) for verdict in VERDICTS], range=_COLOURS),
                legend=alt.Legend(orient="bottom", labelColor=_ink(), columns=2),  # a phone cuts off a fourth
            ),
            stroke=alt.condition(tapped, alt.value(_ink()), alt.value(None)),
            strokeWidth=alt.value(2),
        )
        .add_params(tapped)
    )
    event = st.altair_chart(
        (cells + signs).properties(height=_ROW_PX * rows[PROVIDER].nunique() + 110),
        alt=say.counted(
            "A grid of what recipients need. At {n} provider a link opens without an account as it is.",
            "A grid of what recipients need. At {n} providers a link opens without an account as it is.",
            open_now,
        ),
        key="compare.colours",
        on_select="rerun",
        selection_mode="cell",
    )
    chosen = event.get("selection", {}).get("cell", [])
    question = headings.get(str(chosen[0]["Question"])) if chosen else None  # tapped in another language: none
    return (str(chosen[0][PROVIDER]), question) if question else None


def needs_as_table(names: Sequence[str]) -> None:
    """Offer the grid of what recipients need as a table, for those who cannot see it."""
    rows = what_recipients_need(names)
    rows["Cell"] = rows["Verdict"].map(say) + rows["Fact"].str.endswith(MARK).map({True: MARK, False: ""})
    grid = rows.pivot_table(index=PROVIDER, columns="Question", values="Cell", aggfunc="first", sort=False)
    grid.columns = [say(question) for question in grid.columns]
    grid.insert(0, say(PROVIDER), grid.index)
    _as_table(grid, say("What they need before they see the photo"), "compare.needs_table")


def space_as_table(megabytes: float) -> None:
    """Offer the bars of free space as a table, for those who cannot see them."""
    rows = photos_in_free_space(megabytes)
    shown = pd.DataFrame(
        {
            say(PROVIDER): rows[PROVIDER],
            say("Photos"): rows["Photos"].map(lambda n: say.number(int(n))),
            say("Fact"): rows["Sure"].map(say),
        }
    )
    _as_table(shown, say("Free space in your photos"), "compare.space_table")


def _as_table(frame: pd.DataFrame, label: str, key: str) -> None:
    with st.expander(say("The same as a table"), icon=":material/table_rows:", key=key):
        words_table.draw(frame, label)
