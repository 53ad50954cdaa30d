"""Change a link, or make one more on the same album."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import streamlit as st

from lib.albums import LinkInfo, Share, ShareProblem
from lib.albums.wishes import MAX_NAME, MAX_PASSWORD, MAX_TITLE, MAX_WORDS
from lib.services.base import Wishes
from lib.settings import settings
from lib.text.escapes import csv_cell
from lib.text.later import later
from lib.ui.create.options import strength_text
from lib.ui.text import say
from lib.ui.visit import base_url
from lib.uploads.options import PREVIEWS, QUESTIONS, life_text, lives, preview_text, question_text, usual_life

_KEEP_END = 0  # seconds from now: the end stays
_NEVER: Final = 0
# A sliding end, in seconds after the last visit.
_IDLE: Final[dict[int, str]] = {
    _NEVER: later("No"), 604_800: later("7 days after the last visit"),
    2_592_000: later("30 days after the last visit"),
    7_776_000: later("90 days after the last visit"),
}  # fmt: skip
_MANY_NAMES = 50  # links made in one press; the host's own limit per hour still holds


def show_change(share: Share, owner: str, link: LinkInfo) -> None:
    """Draw a form with everything that can be changed; what is left alone stays."""
    with st.form(f"links.change.{link.id}", border=False):
        values: dict[str, Any] = {
            "name": st.text_input(say("Your own name for it"), link.name, max_chars=MAX_NAME),
            "title": st.text_input(say("Title"), link.title, max_chars=MAX_TITLE),
            "words": st.text_area(say("Words"), link.words, max_chars=MAX_WORDS, height=80),
        }
        ends = st.selectbox(
            say("The link works until"), [_KEEP_END, *lives(settings())],
            format_func=lambda one: (
                say.moment(link.ends_by or link.expires_at)
                if one == _KEEP_END
                else say("{life} from now", life=life_text(one, say))
            ),
        )  # fmt: skip
        idle = st.selectbox(
            say("And ends sooner when nobody looks"), list(_IDLE), index=_idle_now(link),
            format_func=lambda one: say(_IDLE[one]),
            help=say("Each visit moves the end: so long after the last one, and never later than above."),
        )  # fmt: skip
        limit = st.number_input(
            say("View limit (0 for none)"), min_value=0, max_value=1_000_000, value=link.max_views or 0, step=1
        )
        password = st.text_input(
            say("New password") if link.has_password else say("Password"), max_chars=MAX_PASSWORD, autocomplete="off",
            help=say("Leave empty to keep it as it is."),
        )  # fmt: skip
        no_password = link.has_password and st.checkbox(say("Take the password away"))
        values["allow_download"] = st.toggle(say("Show a save button"), link.allow_download)
        choices = list(PREVIEWS)
        values["preview"] = st.selectbox(
            say("Preview in chats"),
            choices,
            index=choices.index(link.preview),
            format_func=lambda one: preview_text(one, say),
        )
        values["question"] = st.selectbox(
            say("Ask a question"),
            QUESTIONS,
            index=QUESTIONS.index(link.question),
            format_func=lambda one: question_text(one, say),
        )
        if st.form_submit_button(say("Save changes"), icon=":material/save:", type="primary"):
            if ends != _KEEP_END:
                values["expires_at"] = datetime.now(UTC) + timedelta(seconds=ends)
            if (idle or None) != link.idle_s:
                values["idle_s"] = idle or None
            if (limit or None) != link.max_views:
                values["max_views"] = int(limit) or None
            if password or no_password:
                values["password"] = password or None
            _change(share, owner, link, values)
    if password:
        st.caption(strength_text(password))


def _idle_now(link: LinkInfo) -> int:
    """Return the choice that fits a link best."""
    if link.idle_s is None:
        return 0
    known, asked = list(_IDLE), link.idle_s
    return min(range(1, len(known)), key=lambda n: abs(known[n] - asked))


def _change(share: Share, owner: str, link: LinkInfo, values: dict[str, Any]) -> None:
    st.session_state["links.problem"] = {}
    try:
        share.links.change(owner, link.id, **values)
    except ShareProblem as problem:
        st.session_state["links.problem"] = problem.parts()
    else:
        st.toast(say("Saved."), icon=":material/check:")
    st.rerun()


def show_more_links(share: Share, owner: str, link: LinkInfo) -> None:
    """Make further links on the same album: one for each person, so that one can be taken back without the others."""
    st.markdown(say("One link for each person or customer: each has its own count, and one can be taken back alone."))
    with st.form(f"links.more.{link.id}", border=False):
        names = st.text_area(say("Names, one a line"), placeholder=say("Ana\nOrder 1042"), height=100)
        life = st.selectbox(
            say("They work for"), known := lives(settings()), index=known.index(usual_life(settings())),
            format_func=lambda one: life_text(one, say),
        )  # fmt: skip
        if st.form_submit_button(say("Make these links"), icon=":material/group_add:"):
            wanted = [name.strip() for name in names.splitlines() if name.strip()][:_MANY_NAMES]
            _make_more(share, owner, link, wanted, life)


def show_made_links(link: LinkInfo) -> None:
    """Show the links that were just made for several people, as a table to take along."""
    made: list[dict[str, str]] = st.session_state["links.made"].get(link.id, [])
    if made:
        told = say.counted(
            "{n} link made. They stand in your list.", "{n} links made. They stand in your list.", len(made)
        )
        st.success(told, icon=":material/check_circle:")
        st.download_button(
            say("Download the table"), _table(made), "passalong-links.csv", "text/csv", icon=":material/download:",
            on_click="ignore", key=f"links.table.{link.id}",
        )  # fmt: skip


def _make_more(share: Share, owner: str, link: LinkInfo, names: list[str], life_s: int) -> None:
    made: list[dict[str, str]] = []
    st.session_state["links.problem"] = {}
    try:
        for name in names:
            wishes = Wishes(
                name=name, question=link.question, expires_at=datetime.now(UTC) + timedelta(seconds=life_s)
            )  # fmt: skip
            one = share.links.create(owner, link.album_id, wishes)
            made.append({"name": name, "link": base_url() + one.path, "until": one.expires_at.isoformat()})
    except ShareProblem as problem:
        st.session_state["links.problem"] = problem.parts()
    st.session_state["links.made"][link.id] = made
    st.rerun()


def _table(rows: list[dict[str, str]]) -> str:
    """Return the links as CSV. A name that a spreadsheet would run as a formula is led by an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ["name", "link", "until"])
    writer.writeheader()
    for row in rows:
        writer.writerow(row | {"name": csv_cell(row["name"])})
    return out.getvalue()
