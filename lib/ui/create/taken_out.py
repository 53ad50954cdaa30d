"""One press takes the photos out of the draft, another brings them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from lib.albums import AlbumInfo, Photos, ShareProblem
from lib.ui.text import say, things


def offer(album_photos: Photos, owner: str, info: AlbumInfo, *, on_the_way: int) -> None:
    """Offer to send only what was made of the photos, and to undo that."""
    photos = [photo.id for photo in info.photos if not photo.is_video]
    videos = len(info.photos) - len(photos)
    if photos and videos:
        st.button(
            say("Only the video") if videos == 1 else say("Only the videos"), on_click=take_out,
            args=(album_photos, owner, info.id, photos), icon=":material/movie:", disabled=on_the_way > 0,
            width="stretch", help=say("Takes the photos out; one press brings them back."),
        )  # fmt: skip
    if taken_out := st.session_state["create.taken_out"]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(say("{what} taken out.", what=things(len(taken_out), sum(one["video"] for one in taken_out))))
            st.button(say("Undo"), on_click=bring_back, args=(album_photos, owner, info.id), icon=":material/undo:")


def take_out(album_photos: Photos, owner: str, draft_id: str, photo_ids: Sequence[str], *, video: bool = False) -> None:
    """Take photos, or a video, out of the draft; they are remembered for `bring_back`."""
    for photo_id in photo_ids:
        if _tried(album_photos.remove, owner, draft_id, photo_id):
            st.session_state["create.taken_out"].append({"id": photo_id, "video": video})


def bring_back(album_photos: Photos, owner: str, draft_id: str) -> None:
    """Put everything back into its place. What finds no room any more stays out, and is said."""
    taken_out = st.session_state["create.taken_out"]
    st.session_state["create.taken_out"] = [
        one for one in taken_out if not _tried(album_photos.restore, owner, draft_id, one["id"])
    ]


def _tried(change: Callable[[str, str, str], None], owner: str, draft_id: str, photo_id: str) -> bool:
    st.session_state["create.changes"] += 1  # the picker follows
    try:
        change(owner, draft_id, photo_id)
    except ShareProblem as problem:
        st.session_state["create.problem"] = problem.parts()
        return False
    return True
