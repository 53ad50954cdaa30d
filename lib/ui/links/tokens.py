"""Tokens for a Shortcut or a script: made here and shown once, listed with what they may do, and ended."""

from __future__ import annotations

from typing import Final

import streamlit as st

from lib.albums import Share, ShareProblem
from lib.albums.tokens import MAX_NAME, Scope, Token
from lib.ui.create.access import admitted, signed_in
from lib.ui.failure import show_problem
from lib.ui.state import browser
from lib.ui.text import escape_markdown, say
from lib.uploads.options import DAY_S, life_text

LIVES: Final = (30 * DAY_S, 90 * DAY_S, 365 * DAY_S, None)  # of a token, in seconds; None: until it is ended
USUAL: Final = (Scope.CREATE, Scope.READ)


def show_tokens(share: Share, owner: str) -> None:
    """Make a token, and see and end those that there are. Nothing where the host switched the HTTP API off."""
    if not share.settings.http_api:
        return
    with st.expander(say("For Shortcuts and scripts"), icon=":material/terminal:", key="links.tokens"):
        st.markdown(
            say(
                "With a token, a Shortcut on an iPhone or a script makes links here and looks after them. Whoever has "
                "it can do what you tick: keep it like a password."
            )
        )
        if admitted(share, owner, to_create=False):
            _form(share, owner)
        _list(share, owner)


def scope_text(scope: Scope) -> str:
    """Return what a token may do."""
    words = {
        Scope.CREATE: say("Make links"), Scope.READ: say("See your links"), Scope.CHANGE: say("Change links"),
        Scope.TAKE_BACK: say("Take links back"),
    }  # fmt: skip
    return words[scope]


def _form(share: Share, owner: str) -> None:
    with st.form("links.token", border=False, clear_on_submit=True):
        name = st.text_input(
            say("What is the token for?"), max_chars=MAX_NAME, placeholder=say("Shortcut on my iPhone"),
            autocomplete="off",
        )  # fmt: skip
        chosen = [
            scope
            for scope in Scope
            if st.checkbox(scope_text(scope), value=scope in USUAL, key=f"links.token.{scope.value}")
        ]
        life = st.selectbox(
            say("It works for"),
            LIVES,
            format_func=lambda life: life_text(life, say) if life else say("Until you end it"),
        )
        if st.form_submit_button(say("Make a token"), icon=":material/key:"):
            try:
                token = share.tokens.make(
                    owner, name=name, scopes=chosen, life_s=life, browser=browser(), signed_in=signed_in()
                )
            except ShareProblem as problem:
                show_problem(problem)
            else:
                st.code(token, language=None, wrap_lines=True)
                st.caption(say("It is shown only now. Copy it into your Shortcut or script."))


def _list(share: Share, owner: str) -> None:
    found = share.tokens.all(owner)
    if not found:
        return
    st.markdown(f"**{say('Your tokens')}**")
    for token in found:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            scopes = ", ".join(scope_text(scope) for scope in Scope if scope in token.scopes)
            st.markdown(f"{escape_markdown(token.name)}  \n:gray[{scopes} · {_when(token)}]", width="stretch")
            st.button(
                say("End"), key=f"links.token.end.{token.id}", on_click=share.tokens.end, args=(owner, token.id),
                icon=":material/block:", help=say("From then on it opens nothing. Links that it made stay."),
            )  # fmt: skip
    st.caption(say("Signing all browsers out, or a new recovery code, ends tokens as well."))


def _when(token: Token) -> str:
    if token.has_ended:
        return say("its time is over")
    used = say("used on {day}", day=say.day(token.last_used_at)) if token.last_used_at else say("never used")
    if token.ends_at is None:
        return used
    return f"{used} · {say('works until {day}', day=say.day(token.ends_at))}"
