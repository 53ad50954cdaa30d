"""Take a link elsewhere back, look again as a stranger, and say what remains."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from lib.problems import Problem
from lib.services.access import Visit
from lib.services.base import Revokes, SharedLink
from lib.services.problems import SignInNeeded
from lib.services.registry import description_or_blank, open_provider
from lib.settings import settings
from lib.ui import state
from lib.ui.failure import show_problem
from lib.ui.providers.sign_in import sign_in_ended, sign_in_panel
from lib.ui.providers.verdict import look
from lib.ui.text import clock, escape_markdown, say

Taken = dict[str, Any]


def take_back_panel(link: SharedLink, key: str) -> Taken | None:
    """Draw what taking back needs: a sign-in, then a button. Returns what was found when it was pressed.

    The result is JSON values: at and looked_at (ISO), already, remains, opens (True, False, None), line (a verdict).
    """
    place = description_or_blank(link.provider_id)
    credentials = sign_in_panel(place) if place.needs_sign_in else None
    if place.needs_sign_in and credentials is None:
        return None
    with st.popover(
        f":red[{say('Take back at {place}', place=place.label)}]",
        icon=":material/block:",
        width="stretch",
        key=f"{key}.open",
    ):
        st.markdown(say("This closes the link for everybody. It cannot be undone from here."))
        if not st.button(f":red[{say('Yes, take it back')}]", key=key, icon=":material/block:"):
            return None
    try:
        with st.spinner(say("Asking {place} to close it…", place=place.label)):
            provider = open_provider(place.id, Visit(settings(), owner=state.owner(), credentials=credentials))
            if not isinstance(provider, Revokes):
                return None
            done = provider.revoke(link)
    except Problem as problem:
        if isinstance(problem, SignInNeeded):
            sign_in_ended(place.id)
        show_problem(problem)
        return None
    with st.spinner(say("Opening it as a stranger once more…")):
        seen = look(link.url)
    return {
        "at": done.at.isoformat(),
        "looked_at": datetime.now(UTC).isoformat(),
        "already": done.already,
        "remains": list(done.remains),
        "opens": seen["opens"],
        "line": seen["line"],
    }


def show_taken(taken: Taken) -> None:
    """Show when it was taken back, what a stranger met afterwards, and what that does not undo."""
    at, looked = datetime.fromisoformat(taken["at"]), datetime.fromisoformat(taken["looked_at"])
    text = say(
        "Taken back at {at}. Opened as a stranger at {looked}: {found}",
        at=clock(at), looked=clock(looked), found=escape_markdown(say(taken["line"])),
    )  # fmt: skip
    if taken["already"]:
        text = f"{say('It was closed already.')} {text}"
    if taken["opens"]:
        st.error(
            f"**{say('It still opens.')}** {text} {say('Wait a minute and check again.')}", icon=":material/warning:"
        )
    else:
        st.success(text, icon=":material/block:")
    st.markdown(f"**{say('What this does not undo')}**")
    st.markdown(
        "\n".join(
            f"- {escape_markdown(say(one))}" for one in (*taken["remains"], say("Copies that somebody already saved."))
        )
    )
