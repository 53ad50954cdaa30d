"""The finished video: watch it, save it, share it, or put it behind a link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from lib.albums import PhotoInfo, Photos, Share, ShareProblem
from lib.albums.problems import TooManyPhotos
from lib.settings import ROOT, below
from lib.ui.create.making import go_on_with
from lib.ui.create.taken_out import take_out
from lib.ui.failure import show_problem_text
from lib.ui.share_button import share_video
from lib.ui.text import escape_markdown, say

_CREATE = ROOT / "pages" / "create_link.py"


def lives(album_photos: Photos, owner: str, made: dict[str, Any]) -> bool:
    """Return whether a finished video is still there: it goes when its draft does."""
    if "id" not in made:
        return bool(made)
    try:
        album_photos.find(owner, made["draft"], made["id"])
    except ShareProblem:
        return False
    return True


def show(share: Share, owner: str, made: dict[str, Any], waiting: Sequence[PhotoInfo]) -> None:
    """Show the video with everything one does with it. `waiting` is what the draft holds now."""
    with st.container(border=True):
        st.header(f":material/check_circle: {say('Your video is ready')}", anchor=False)
        length = say.counted("{n} second", "{n} seconds", round(made["seconds"]))
        text = say(
            "{what}, {length}, {size}. Nothing is inside but the pictures.",
            what=say.things(made["photos"]), length=length, size=say.size(made["size"]),
        )  # fmt: skip
        st.markdown(f":small[{text}]")
        for note in made["notes"]:
            st.info(escape_markdown(say(note)), icon=":material/info:")
        with st.container(horizontal_alignment="center"):
            st.video(made["data"] if "data" in made else _address(share, owner, made), format="video/mp4", width=270)
        share_video(key="video.share")
        st.download_button(
            say("Save the video"), made.get("data") or _reader(share.photos, owner, made), file_name="photos.mp4",
            mime="video/mp4", icon=":material/download:", on_click="ignore", width="stretch",
        )  # fmt: skip
        posted = say("In TikTok: tap +, then Upload, and choose the video; or attach it in a chat.")
        st.markdown(f":small[{posted}]")
        if "id" in made:
            _link(share.photos, owner, made, waiting)


def _address(share: Share, owner: str, made: dict[str, Any]) -> str:
    """Return where this browser finds the video: at the app's own address, as the browser wrote it.

    The ticket in it changes only when it is over, or the player would begin anew in every run of the page.
    """
    try:
        share.tickets.read(made["ticket"])
    except ShareProblem:
        made["ticket"] = share.tickets.write(owner, made["draft"])
    here = urlsplit(st.context.url or "http://localhost:8501")
    return f"{here.scheme}://{here.netloc}{below()}/api/drafts/{made['ticket']}/photos/{made['id']}/full"


def _reader(album_photos: Photos, owner: str, made: dict[str, Any]) -> Callable[[], bytes]:
    return lambda: album_photos.read(owner, made["draft"], made["id"])


def _link(album_photos: Photos, owner: str, made: dict[str, Any], waiting: Sequence[PhotoInfo]) -> None:
    """Put the video among the photos that become an album, and lead to the page that makes the link."""
    if any(photo.id == made["id"] for photo in waiting):
        st.page_link(_CREATE, label=say("It waits for its link: go on to Create a link"), icon=":material/add_link:")
        return
    photos = [photo.id for photo in waiting if not photo.is_video]
    if st.button(say("Put it behind a link"), icon=":material/add_link:", width="stretch"):
        _put(album_photos, owner, made, ())
    st.markdown(f":small[{say('The photos go along; on the next page you can take them out.')}]")
    if refused := st.session_state["video.refused"]:
        show_problem_text(refused["title"], refused["happened"], refused["fix"])
        only = say("Put only the video behind a link")
        if refused["full"] and st.button(only, icon=":material/movie:", width="stretch"):
            _put(album_photos, owner, made, photos)


def _put(album_photos: Photos, owner: str, made: dict[str, Any], instead_of: Sequence[str]) -> None:
    """Go on with the video in the draft. `instead_of` are photos that the video replaces."""
    draft_id = made["draft"]
    st.session_state["video.refused"] = {}
    go_on_with(draft_id)
    take_out(album_photos, owner, draft_id, instead_of)
    try:
        album_photos.restore(owner, draft_id, made["id"])
    except ShareProblem as problem:
        st.session_state["video.refused"] = problem.parts() | {"full": isinstance(problem, TooManyPhotos)}
        st.rerun()
    st.session_state["create.changes"] += 1
    st.switch_page(_CREATE)
