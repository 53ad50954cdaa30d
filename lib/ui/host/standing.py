"""How this server is doing: room, links, views, what was refused, tunnel and backup. In numbers, of nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pandas as pd
import streamlit as st

from lib.albums import Share
from lib.hosting.numbers import HostNumbers, numbers
from lib.ui import words_table
from lib.ui.text import say

_NEARLY_FULL: Final = 0.9
_OLD_BACKUP: Final = timedelta(days=7)


def show_standing(share: Share) -> None:
    """Draw the numbers, and say what is to be done where one of them asks for it."""
    now = numbers(share)
    st.header(say("How this server is doing"), anchor=False)
    used, most = now.used_bytes, now.kept.host_bytes
    st.progress(
        min(1.0, used / most) if most else 1.0,
        say("Photos take {used} of {most}. The disk has {free} left.",
            used=say.size(used), most=say.size(most), free=say.size(now.free_bytes)),
    )  # fmt: skip
    if most and used / most >= _NEARLY_FULL:
        st.warning(
            say("It is nearly full: new photos will be refused. Raise `host_bytes`, or give links a shorter life."),
            icon=":material/hard_drive:",
        )
    head = (say("What"), say("How many"))
    words_table.draw(pd.DataFrame(_rows(now), columns=head), say("How this server is doing"))
    st.markdown(_tunnel(now))
    _backup(now.backup_at)
    st.caption(say("These are counts by the day. Who visited is not kept anywhere, so nobody can look it up here."))


def _rows(now: HostNumbers) -> list[tuple[str, str]]:
    return [
        (say("Links that work"), say.number(now.kept.live_links)),
        (say("Photos"), say.number(now.kept.photos)),
        (say("Opened today"), say.number(now.views_today)),
        (say("Opened in 7 days"), say.number(now.views_week)),
        (say("Uploads refused in 7 days"), say.number(now.uploads_refused_week)),
        (say("Wrong passwords in 7 days"), say.number(now.guesses_week)),
    ]


def _tunnel(now: HostNumbers) -> str:
    if now.tunnel:
        return f":material/public: {say('Links are reachable through a tunnel: {name}.', name=now.tunnel)}"
    return f":material/public_off: {say('No tunnel runs.')}"


def _backup(at: datetime | None) -> None:
    if at is None:
        st.warning(
            say("No backup was made from this computer. `python -m lib backup FOLDER` makes one while the app runs."),
            icon=":material/backup:",
        )
    elif datetime.now(UTC) - at > _OLD_BACKUP:
        st.warning(
            say("The last backup is from {moment}. `python -m lib backup FOLDER` makes a new one.",
                moment=say.moment(at)),
            icon=":material/backup:",
        )  # fmt: skip
    else:
        st.markdown(f":material/backup: {say('Last backup: {moment}.', moment=say.moment(at))}")
