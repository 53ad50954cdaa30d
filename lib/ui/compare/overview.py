"""All providers: filter, sort, choose columns, as cards or as a table; and where each cell comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from lib.facts import provider_facts, provider_names
from lib.guide import content
from lib.guide.compare import (
    FIRST,
    PROVIDER,
    RECIPIENT,
    UNKNOWN,
    cell,
    column,
    columns,
    is_number,
    matching,
    numbers,
    side_by_side,
    sorted_by,
    table,
    with_sources,
)
from lib.text.later import later
from lib.ui import words_table
from lib.ui.compare import charts
from lib.ui.compare.screen import is_narrow
from lib.ui.guide.evidence import provenance, sources
from lib.ui.text import say

_MOST_SIDE_BY_SIDE = 3
_CARDS = 6  # shown at first, and more with each tap: a phone should reach the end of the page
_VIEWS = {"cards": later("Cards"), "table": later("Table")}
_VIEW_ICONS = {"cards": ":material/view_agenda:", "table": ":material/table_chart:"}


def choose() -> tuple[list[str], list[str]]:
    """Draw filter, order and columns. Returns the names of providers and the keys of columns to show."""
    labels = {field.key: say(field.label) for field in columns()}
    needs = {need.id: say(need.label) for need in content.needs()}
    with st.expander(say("Filter, sort and choose columns"), icon=":material/tune:", key="compare.choose"):
        wanted = st.multiselect(
            say("Show only providers where"), list(needs), format_func=lambda name: needs[name], key="compare.filter",
            persist_state="session", placeholder=say("No filter"),
        )  # fmt: skip
        space = st.slider(
            say("At least this much free space, in GB"), 0, 20, 0, key="compare.space", persist_state="session"
        )
        left, right = st.columns([2, 1], vertical_alignment="bottom")
        order = left.selectbox(
            say("Sort by"), ["", PROVIDER, *labels], key="compare.order", persist_state="session",
            format_func=lambda key: say("our own order") if not key else labels.get(key, key),
        )  # fmt: skip
        descending = right.toggle(say("Largest first"), key="compare.descending", persist_state="session")
        keys = st.multiselect(
            say("Columns"), list(labels), default=FIRST, format_func=lambda key: labels[key], key="compare.columns",
            persist_state="session",
        )  # fmt: skip
    names = matching(wanted, space)
    return (sorted_by(names, order, descending=descending) if order else names), keys


def _details(name: str, key: str) -> None:
    one = provider_facts(name).get(key)
    st.markdown(f"**{name}: {say(column(key).label)}:** {cell(one)}")
    st.caption(say(column(key).help))
    if one is None:
        st.markdown(say("We know nothing about this."))
        return
    st.markdown(f"{one.note}  \n:small[{provenance(one)}]" if one.note else f":small[{provenance(one)}]")


def _picked(names: list[str], keys: list[str]) -> None:
    """Take a tapped cell over into the two choices under the table."""
    grid: dict[str, Any] = st.session_state["compare.grid"]
    cells = grid.get("selection", {}).get("cells", [])
    if not cells:
        return
    row, label = cells[0]
    st.session_state["compare.cell.provider"] = names[row]
    for key in keys:
        if column(key).label == label:
            st.session_state["compare.cell.column"] = key


def _always(text: str) -> Callable[[object], str]:
    """Show these words for a number, so that it sorts as a number and reads with its unit and its mark."""
    return lambda _: text


def _as_table(names: list[str], keys: list[str]) -> None:
    shown = table(names, keys)
    style = shown.style
    for key in (key for key in keys if is_number(key)):
        label = column(key).label
        text = dict(enumerate(shown[label]))
        shown[label] = numbers(names, key)
        for row, told in text.items():
            style = style.format(_always(told), subset=([row], [label]))
    st.dataframe(
        style,
        key="compare.grid",
        hide_index=True,
        height="content",
        on_select=lambda: _picked(names, keys),
        selection_mode="single-cell",
        placeholder=UNKNOWN,
        column_config={PROVIDER: st.column_config.TextColumn(pinned=True)},
        alt=f"Table of {len(names)} providers with {len(keys)} columns; the same facts are in the cards.",
    )
    st.caption(
        say(
            "Tap a cell to see where it comes from. A ? means third-hand or not confirmed; a – means "
            "that nothing is known."
        )
    )


def _card(name: str, keys: list[str]) -> None:
    known = provider_facts(name)
    shown = [known[key] for key in keys if key in known]
    with st.container(border=True, height="stretch"):
        st.markdown(f"### {name}")
        st.markdown("\n".join(f"- {column(key).label}: **{cell(known.get(key))}**" for key in keys))
        if warning := known.get("warning"):
            st.markdown(f":material/info: {warning.text}")
        sources(shown, f"compare.card.{name}")


def _more() -> None:
    st.session_state["compare.cards"] = st.session_state.get("compare.cards", _CARDS) + _CARDS


def _as_cards(names: list[str], keys: list[str]) -> None:
    st.caption(say("A ? means third-hand or not confirmed; a – means that nothing is known."))
    some = names[: st.session_state.get("compare.cards", _CARDS)]
    for start in range(0, len(some), 2):
        for place, name in zip(st.columns(2), some[start : start + 2], strict=False):
            with place:
                _card(name, keys)
    if len(some) < len(names):
        st.button(say("Show more ({n} left)", n=len(names) - len(some)), icon=":material/expand_more:", on_click=_more)


def _where_from(names: list[str]) -> None:
    with st.container(border=True):
        st.markdown(f"**{say('Where this fact comes from')}**")
        if st.session_state.get("compare.cell.provider") not in names:
            st.session_state["compare.cell.provider"] = names[0]
        left, right = st.columns(2)
        name = left.selectbox(say("Provider"), names, key="compare.cell.provider")
        labels = {field.key: say(field.label) for field in columns()}
        key = right.selectbox(
            say("Column"), list(labels), format_func=lambda one: labels[one], key="compare.cell.column"
        )
        _details(name, key)


def overview() -> None:
    """Draw all providers."""
    names, keys = choose()
    if not names:
        st.info(say("No provider meets all of that. Remove a filter."), icon=":material/filter_alt_off:")
        return
    if not keys:
        st.info(say("Choose at least one column."), icon=":material/view_column:")
        return
    narrow = is_narrow()
    st.session_state["compare.view.shown"] = st.session_state["compare.view"] or ("cards" if narrow else "table")
    view = st.radio(
        say("Show as"), list(_VIEWS), format_func=_view_words, horizontal=True,
        key="compare.view.shown",
        on_change=_choose_view,
    )  # fmt: skip
    st.caption(
        say.counted("{shown} of {n} provider", "{shown} of {n} providers", len(provider_names()), shown=len(names))
    )
    if view == "cards":
        _as_cards(names, keys)
    else:
        _as_table(names, keys)
    _where_from(names)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    with st.container(horizontal=True):
        st.download_button(
            say("This table as CSV"),
            table(names, keys, mark=" (third-hand or no source)").to_csv(index=False).encode("utf-8-sig"),
            f"storage-{today}.csv", "text/csv", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            say("All facts with sources as CSV"), with_sources(names).to_csv(index=False).encode("utf-8-sig"),
            f"storage-facts-{today}.csv", "text/csv", icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _view_words(name: str) -> str:
    return f"{_VIEW_ICONS[name]} {say(_VIEWS[name])}"


def _choose_view() -> None:
    st.session_state["compare.view"] = st.session_state["compare.view.shown"] or ""


def coloured(names: list[str], *, all_of_them: bool) -> None:
    """Draw the grid of what recipients need, and where a tapped cell comes from."""
    st.markdown(say("What they need before they see the photo. Tap a cell to see the fact, its source and its date."))
    if not all_of_them:
        st.caption(
            say.counted(
                "Only the {n} that meets what you chose above.",
                "Only the {n} that meet what you chose above.",
                len(names),
            )
        )
    st.caption(
        "; ".join(f"{say(heading)}: {say(meaning)}" for heading, (meaning, *_) in RECIPIENT.items())
        + f". {say('A ? means third-hand or not confirmed.')}"
    )
    tapped = charts.recipients(names)
    if tapped and tapped[0] in names:
        with st.container(border=True):
            _details(tapped[0], RECIPIENT[tapped[1]][1])


def beside_each_other() -> None:
    """Draw two or three providers side by side, every column."""
    names = st.multiselect(
        say("Choose two or three"), provider_names(), max_selections=_MOST_SIDE_BY_SIDE, key="compare.beside",
        persist_state="session", placeholder=say("Providers"),
    )  # fmt: skip
    if len(names) > 1:
        shown = side_by_side(names, [field.key for field in columns()])
        shown.insert(0, say("Question"), [say(label) for label in shown.index])
        words_table.draw(shown, say("Side by side"))
        st.caption(say("A ? means third-hand or not confirmed; a – means that nothing is known."))
