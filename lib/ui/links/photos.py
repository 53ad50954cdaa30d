"""The photos of a link that is out: add, take out and move them, with the proof of what was taken out."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from lib.albums import LinkInfo, Share
from lib.settings import below, settings
from lib.ui.links.proof import how_many_closed
from lib.ui.picker import picker
from lib.ui.text import clock, say


def show_photos(share: Share, owner: str, link: LinkInfo) -> None:
    """Draw the picker on an album that is out. What changes here changes for everybody at once."""
    album, limits = link.album_id, settings()
    st.markdown(say("What you add shows at once. What you take out is gone at once, for everybody."))
    picker(
        api_base=f"{below()}/api/drafts", ticket=share.tickets.write(owner, album), max_photos=limits.max_photos,
        max_bytes=limits.max_photo_bytes, max_side=2048, key=f"links.picker.{album}",
    )  # fmt: skip
    _notice(share, owner, album)
    if told := st.session_state["links.taken_out"].get(album):
        tell_taken_out(told)


def _notice(share: Share, owner: str, album: str) -> None:
    """Look at the addresses of photos that were there when the page ran before, and are not there any more."""
    shown = {photo.id: share.photos.addresses(owner, album, photo.id) for photo in share.photos.all(owner, album)}
    before: dict[str, list[str]] = st.session_state["links.photos"].get(album, shown)
    st.session_state["links.photos"][album] = shown
    gone = {photo_id: paths for photo_id, paths in before.items() if photo_id not in shown}
    if gone:
        paths = [path for some in gone.values() for path in some]
        told = how_many_closed(paths) | {"photos": len(gone), "at": datetime.now(UTC).isoformat()}
        st.session_state["links.taken_out"][album] = told


def tell_taken_out(told: dict[str, object]) -> None:
    """Say what the addresses of photos answered that were taken out."""
    at, closed, total = clock(datetime.fromisoformat(str(told["at"]))), told["closed"], told["addresses"]
    taken = say.counted("{n} photo taken out", "{n} photos taken out", int(str(told["photos"])))
    if closed == total:
        st.success(
            say(
                "**{taken}, gone at {at}: {closed} of {all} addresses.** Each size was opened as a stranger; nothing "
                "came back.",
                taken=taken,
                at=at,
                closed=closed,
                all=total,
            ),
            icon=":material/fact_check:",
        )
    else:
        text = say(
            "{taken}, but at {at} only {closed} of {all} addresses were gone.",
            taken=taken, at=at, closed=closed, all=total,
        )  # fmt: skip
        st.error(text, icon=":material/error:")
