"""One press takes the photos out of the draft, another brings them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

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
    """Take photos, or a video, out of the draft; they are remembered for `bring_back`.

    When the next button was pressed already, Streamlit may end a callback at any line that reads the session's state.
    So everything is read before the first photo goes: all of them go, or none.
    """
    taken_out = _taken_out()
    problem: ShareProblem | None = None
    for photo_id in photo_ids:
        if failed := _failure(album_photos.remove, owner, draft_id, photo_id):
            problem = failed
        else:
            taken_out.append({"id": photo_id, "video": video})
    _tell(problem)


def bring_back(album_photos: Photos, owner: str, draft_id: str) -> None:
    """Put everything back into its place. What finds no room any more stays out, and is said."""
    taken_out = _taken_out()
    problem: ShareProblem | None = None
    for one in tuple(taken_out):
        if failed := _failure(album_photos.restore, owner, draft_id, one["id"]):
            problem = failed
        else:
            taken_out.remove(one)
    _tell(problem)


def _taken_out() -> list[dict[str, Any]]:
    """Return what was taken out before, to be changed in its place."""
    st.session_state["create.changes"] += 1  # the picker follows
    taken_out: list[dict[str, Any]] = st.session_state["create.taken_out"]
    return taken_out


def _failure(change: Callable[[str, str, str], None], owner: str, draft_id: str, photo_id: str) -> ShareProblem | None:
    try:
        change(owner, draft_id, photo_id)
    except ShareProblem as problem:
        return problem
    return None


def _tell(problem: ShareProblem | None) -> None:
    if problem is not None:
        st.session_state["create.problem"] = problem.parts()
