"""A message to paste, chosen by language and tone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from lib.albums import PhotoInfo
from lib.albums.sheet import message_lines
from lib.message import LANGUAGES, TONES, Message, compose
from lib.ui.text import language, say


def choose_tone(keep: Callable[[str, str], None] | None = None) -> None:
    """Ask for the recipient's language and the tone. `keep` is told what was chosen: its field and its slot."""
    if not st.session_state["create.language"]:
        st.session_state["create.language"] = language()
    spoken, tone = st.columns(2)
    spoken.selectbox(
        say("Language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key="create.language",
        on_change=keep, args=("language", "create.language"),
    )  # fmt: skip
    tone.selectbox(
        say("Tone"), list(TONES), format_func=_tone_label, key="create.tone", on_change=keep,
        args=("tone", "create.tone"),
    )  # fmt: skip


def _tone_label(tone: str) -> str:
    text = {"friendly": say("Friendly"), "short": say("Short"), "family": say("Family"), "business": say("Business")}
    return text[tone]


def message(
    link: str,
    *,
    photo_count: int,
    video_count: int,
    size_bytes: int,
    expires_at: datetime | None,
    has_password: bool,
    max_views: int | None,
    photos: Sequence[PhotoInfo],
) -> Message:
    """Return the message in the language and tone that are chosen now."""
    return compose(
        link,
        photo_count=photo_count,
        video_count=video_count,
        size_bytes=size_bytes,
        language=st.session_state["create.language"],
        tone=st.session_state["create.tone"],
        expires_at=expires_at,
        has_password=has_password,
        max_views=max_views,
        items=message_lines(photos),
    )
