"""What the sender asks of a link: title, words, life, and the finer controls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from lib.albums.password_strength import Strength, strength
from lib.albums.wishes import MAX_NAME, MAX_PASSWORD, MAX_TITLE, MAX_WORDS
from lib.services.base import Description, Preview, Wishes
from lib.settings import settings

# Lives that people ask for, in hours.
LIVES: Final[dict[str, int]] = {
    "1 hour": 1, "1 day": 24, "3 days": 72, "1 week": 168, "30 days": 720, "3 months": 2160, "1 year": 8760,
}  # fmt: skip
PREVIEWS: Final[dict[Preview, str]] = {
    Preview.NONE: "No picture",
    Preview.BLURRED: "Blurred",
    Preview.COVER: "First photo",
}


def lives() -> dict[str, int]:
    """Return the lives that this host allows."""
    longest = settings().max_link_days * 24
    return {words: hours for words, hours in LIVES.items() if hours <= longest}


def usual_life() -> str:
    """Return the life that is set when the sender does not choose."""
    wanted = settings().default_link_days * 24
    return min(lives(), key=lambda words: abs(LIVES[words] - wanted))


def ask_words() -> None:
    """Ask for a title and words for the recipient."""
    st.text_input(
        "Title (optional)", key="create.title", max_chars=MAX_TITLE, placeholder="Saturday at the lake",
        help="The person who opens the link sees it above the photos.",
    )  # fmt: skip
    st.text_area(
        "A few words (optional)", key="create.words", max_chars=MAX_WORDS, height=80,
        placeholder="The one with the dog is my favourite.",
    )  # fmt: skip


def ask_limits(provider: Description) -> None:
    """Ask for what this provider can keep: life, password, views, downloads, preview."""
    if provider.can_expire:
        if st.session_state["create.life"] not in lives():
            st.session_state["create.life"] = usual_life()
        st.selectbox("The link works for", list(lives()), key="create.life")
    if not (provider.can_password or provider.can_limit_views or provider.can_block_download):
        return
    with st.expander("Password, view limit and more", icon=":material/tune:"):
        if provider.can_password:
            st.text_input(
                "Password (optional)", key="create.password", max_chars=MAX_PASSWORD, autocomplete="off",
                help="You see what you type: you have to pass it on, another way than the link.",
            )  # fmt: skip
            if st.session_state["create.password"]:
                st.caption(strength_words(st.session_state["create.password"]))
        if provider.can_limit_views:
            _ask_views()
        if provider.can_block_download:
            st.toggle(
                "Show a save button", key="create.download", help="Without it the photos can still be screenshot."
            )
        if provider.can_preview:
            st.radio(
                "Preview in chats", list(PREVIEWS), format_func=lambda preview: PREVIEWS[Preview(preview)],
                key="create.preview", horizontal=True,
                help="What the chat app may show beside the link. Previews that it already made cannot be taken back.",
            )  # fmt: skip
        if provider.can_count_views:
            st.text_input(
                "Your own name for this link (optional)", key="create.name", max_chars=MAX_NAME,
                placeholder="For Ana", help="Only you see it, under My links.",
            )  # fmt: skip


def _ask_views() -> None:
    st.selectbox(
        "Disappears after", ["No limit", "1 view", "3 views", "10 views", "Another number"], key="create.views",
        help="A view is one visit to the album. A preview in a chat never counts.",
    )  # fmt: skip
    if st.session_state["create.views"] == "Another number":
        st.number_input("Number of views", min_value=1, max_value=10_000, step=1, key="create.views_number")


def wishes(provider: Description) -> Wishes:
    """Return what was asked, as far as this provider can keep it."""
    chosen = st.session_state
    return Wishes(
        expires_at=datetime.now(UTC) + timedelta(hours=LIVES[chosen["create.life"]]) if provider.can_expire else None,
        password=(chosen["create.password"] or None) if provider.can_password else None,
        max_views=_views() if provider.can_limit_views else None,
        allow_download=bool(chosen["create.download"]) if provider.can_block_download else True,
        preview=Preview(chosen["create.preview"]),
        name=chosen["create.name"].strip(),
    )


def _views() -> int | None:
    chosen = st.session_state["create.views"]
    if chosen == "No limit":
        return None
    if chosen == "Another number":
        return int(st.session_state["create.views_number"])
    return int(chosen.split()[0])


_STRENGTHS: Final = {
    Strength.EASY: ":material/lock_open: Easy to guess. Three words that do not belong together are better.",
    Strength.FINE: ":material/lock: Fine for a link: guessing gets slower with each try.",
    Strength.HARD: ":material/enhanced_encryption: Hard to guess.",
}


def strength_words(password: str) -> str:
    """Say how hard a password is to guess."""
    return _STRENGTHS[strength(password)]
