"""Where the photos go: this server, the person's own Dropbox or Drive, or another service by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import streamlit as st

from lib.albums import AlbumInfo, LinkInfo, Share
from lib.services.access import Visit
from lib.services.base import Description, Outcome, Provider, SharedLink, Wishes
from lib.services.registry import all_descriptions, description, open_provider
from lib.services.this_server.client import ThisServer
from lib.settings import settings
from lib.text.later import later
from lib.ui.create.album import choose as keep_choice
from lib.ui.providers import (
    choose_provider,
    credentials_for,
    guided_panel,
    host_setup,
    set_up,
    sign_in_panel,
    stranger_verdict,
)
from lib.ui.text import say
from lib.ui.visit import base_url


def chosen() -> Description:
    """Return where the photos go, as chosen so far."""
    return description(st.session_state["create.provider"] or all_descriptions()[0].id)


def choose(share: Share, owner: str) -> None:
    """Ask where the photos go, with what each place can and cannot promise; the answer is kept with the album."""
    place = choose_provider("create.provider")
    if place != share.albums.get(owner, st.session_state["create.draft"]).choices.place:
        keep_choice(share, owner, "place", "create.provider")
        if "place" not in st.session_state["create.unkept"]:
            st.rerun()


def of_this_server(share: Share, owner: str, info: LinkInfo, wishes: Wishes) -> SharedLink:
    """Return a link of this server as every provider returns its own."""
    return ThisServer(share, owner, base_url()).shared_link(info, wishes)


def is_set_up(place: Description) -> bool:
    """Return whether the host has set this place up; otherwise say so, and show the host what to do."""
    if not place.needs_sign_in or set_up(place):
        return True
    host_setup(place)
    return False


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


def by_hand(share: Share, owner: str, info: AlbumInfo, place: Description) -> None:
    """Draw the guided way: download, steps, paste, verdict. A link that opens goes on to message and QR code."""
    from lib.ui.create.making import as_album

    pasted = guided_panel(place.id, as_album(share, owner, info).photos)
    if not pasted:
        return
    seen = stranger_verdict(pasted, st.session_state["providers.device"])
    link = SharedLink(
        provider_id=place.id, url=seen["url"] or pasted, ref={}, title=info.title, photo_count=info.photo_count,
        size_bytes=info.size_bytes, created_at=datetime.now(UTC), expires_at=None, video_count=info.video_count,
        outcomes=(
            Outcome(
                "anyone_can_view", later("Anyone with the link can look"), seen["line"], kept=bool(seen["opens"]),
            ),
        ),
    )  # fmt: skip

    def use() -> None:
        share.albums.sent_elsewhere(owner, info.id, link, receipt=info.receipt())

    st.button(
        say("Use this link") if seen["opens"] else say("Use this link anyway"),
        type="primary" if seen["opens"] else "secondary", icon=":material/arrow_forward:", width="stretch",
        disabled=not seen["url"], on_click=use,
    )  # fmt: skip


def show_verdict(link: SharedLink) -> None:
    """Open a link elsewhere as a stranger, and show what was found."""
    stranger_verdict(link.url)
