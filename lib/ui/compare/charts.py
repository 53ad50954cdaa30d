"""Pictures of the comparison."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from lib.guide.compare import MARK, PROVIDER, VERDICTS, photos_in_free_space, what_recipients_need
from lib.guide.recommend import is_advised_against
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
    base = alt.Chart(rows).encode(
        y=alt.Y(f"{PROVIDER}:N", sort=None, title=None, axis=alt.Axis(labelLimit=140, labelColor=_ink())),
        x=alt.X("Photos:Q", title=None, axis=None, scale=alt.Scale(domainMax=float(rows["Photos"].max()) * 1.25)),
        tooltip=[PROVIDER, alt.Tooltip("Photos:Q", format=","), alt.Tooltip("Sure:N", title="Fact")],
    )
    bars = base.mark_bar(cornerRadius=4, height=16).encode(
        color=alt.Color(
            "Sure:N",
            title=None,
            scale=alt.Scale(domain=["well sourced", "third-hand or no source"], range=[_COLOURS[0], _COLOURS[1]]),
            legend=alt.Legend(orient="bottom", labelColor=_ink()),
        )
    )
    text = base.mark_text(align="left", dx=5, color=_ink()).encode(text=alt.Text("Photos:Q", format=","))
    best = rows.iloc[0]
    st.altair_chart(
        (bars + text).properties(height=_ROW_PX * len(rows) + 40),
        alt=f"Bars: photos of {megabytes:g} MB that fit free of charge. Most: {best[PROVIDER]}, {best['Photos']:,}.",
    )
    if left_out.any():
        names = ", ".join(every[left_out][PROVIDER])
        st.caption(say("Without {names}: we advise against it. The number is in the table.", names=names))


def recipients(names: Sequence[str]) -> tuple[str, str] | None:
    """Draw what stands between the link and the photo. Returns the provider and the question that were tapped."""
    rows = what_recipients_need(names)
    unconfirmed = rows["Fact"].str.endswith(MARK)
    rows["Sign"] = rows["Verdict"].map(_SIGNS) + unconfirmed.map({True: MARK, False: ""})
    questions = list(dict.fromkeys(rows["Question"]))
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
            sort=questions,
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
        tooltip=[PROVIDER, "Question", "Verdict", "Fact"],
    )
    signs = base.mark_text(fontSize=13, fontWeight="bold", color="#10201d").encode(text="Sign:N")
    cells = (
        base.mark_rect(cornerRadius=4, cursor="pointer")
        .encode(
            color=alt.Color(
                "Verdict:N",
                title=None,
                scale=alt.Scale(domain=list(VERDICTS), range=_COLOURS),
                legend=alt.Legend(orient="bottom", labelColor=_ink(), columns=2),  # a phone cuts off a fourth
            ),
            stroke=alt.condition(tapped, alt.value(_ink()), alt.value(None)),
            strokeWidth=alt.value(2),
        )
        .add_params(tapped)
    )
    open_now = int(((rows["Question"] == questions[0]) & (rows["Verdict"] == "Yes")).sum())
    event = st.altair_chart(
        (cells + signs).properties(height=_ROW_PX * rows[PROVIDER].nunique() + 110),
        alt=f"A grid of what recipients need. At {open_now} providers a link opens without an account as it is.",
        key="compare.colours",
        on_select="rerun",
        selection_mode="cell",
    )
    chosen = event.get("selection", {}).get("cell", [])
    return (str(chosen[0][PROVIDER]), str(chosen[0]["Question"])) if chosen else None


def as_table(frame: pd.DataFrame, key: str) -> None:
    """Offer the numbers of a chart as a table, for those who cannot see it."""
    with st.expander(say("The same as a table"), icon=":material/table_rows:", key=key):
        st.table(frame, hide_index=True)
