"""Where the photos go: this server, the person's own Dropbox or Drive, or another service by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

import streamlit as st

from lib.services.access import Visit
from lib.services.base import AlbumPhoto, Description, Outcome, Provider, SharedLink, plain_link
from lib.services.registry import description, open_provider
from lib.settings import settings
from lib.ui.providers import (
    asked_granted,
    choose_provider,
    credentials_for,
    guided_panel,
    sign_in_panel,
    stranger_verdict,
)
from lib.ui.visit import base_url


def choose() -> Description:
    """Ask where the photos go, with what each place can and cannot promise."""
    return description(choose_provider("create.provider"))


def ready(place: Description) -> bool:
    """Return whether the photos can go there now; otherwise ask for what is missing, such as a sign-in."""
    return not place.needs_sign_in or sign_in_panel(place) is not None


def open_place(owner: str, place: Description) -> Provider:
    """Open the chosen provider for this visitor. Raises `ProviderProblem`."""
    return open_provider(
        place.id,
        Visit(
            settings(),
            owner,
            base_url=base_url(),
            credentials=credentials_for(place) if place.needs_sign_in else None,
            resume=cast("dict[str, str]", st.session_state["create.resume"]),
        ),
    )


def by_hand(place: Description, photos: Sequence[AlbumPhoto]) -> None:
    """Draw the guided way: download, steps, paste, verdict. A link that opens goes on to message and QR code."""
    pasted = guided_panel(place.id, photos)
    if not pasted:
        return
    seen = stranger_verdict(pasted, st.session_state["providers.device"])
    link = SharedLink(
        provider_id=place.id,
        url=seen["url"] or pasted,
        ref={},
        title="",
        photo_count=len(photos),
        size_bytes=sum(photo.size_bytes for photo in photos),
        created_at=datetime.now(UTC),
        expires_at=None,
        video_count=sum(photo.is_video for photo in photos),
        outcomes=(Outcome("anyone_can_view", "Anyone with the link can look", seen["line"], kept=bool(seen["opens"])),),
    )
    st.button(
        "Use this link" if seen["opens"] else "Use this link anyway",
        type="primary" if seen["opens"] else "secondary",
        icon=":material/arrow_forward:",
        width="stretch",
        disabled=not seen["url"],
        on_click=_use,
        args=(plain_link(link),),
    )


def _use(link: dict[str, object]) -> None:
    st.session_state["create.link"] = link
    st.session_state["create.sent"] = {}
    st.session_state["create.phase"] = "done"


def show_verdict(link: SharedLink) -> None:
    """Open a link elsewhere as a stranger, and show what was found."""
    st.subheader("Opened as a stranger", anchor=False)
    stranger_verdict(link.url)


def show_granted(link: SharedLink) -> None:
    """Show what was asked beside what was granted."""
    asked_granted(link)
