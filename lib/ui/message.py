"""A message to paste, chosen by language and tone."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from lib.message import LANGUAGES, TONES, Message, compose

_TONES: Final[dict[str, str]] = {"friendly": "Friendly", "short": "Short", "family": "Family", "business": "Business"}


def choose_words() -> None:
    """Ask for the recipient's language and the tone."""
    language, tone = st.columns(2)
    language.selectbox("Language", list(LANGUAGES), format_func=LANGUAGES.__getitem__, key="create.language")
    tone.selectbox("Tone", list(TONES), format_func=_TONES.__getitem__, key="create.tone")


def message(
    link: str,
    *,
    photo_count: int,
    video_count: int,
    size_bytes: int,
    expires_at: datetime | None,
    has_password: bool,
    max_views: int | None,
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
    )
