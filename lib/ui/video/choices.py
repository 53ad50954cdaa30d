"""How the video shall be: which photos, how long each, and how they fit an upright screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from lib.albums import PhotoInfo, Photos, Share, ShareProblem
from lib.photos import PhotoProblem
from lib.photos.slideshow import Fit, preview_slide
from lib.settings import below, settings
from lib.text.later import later
from lib.ui.picker import picker
from lib.ui.text import escape_markdown, say

MAX_SECONDS: Final = 60  # our choice: nobody watches longer
TRANSITIONS: Final[dict[str, float]] = {later("Gentle"): 0.5, later("Slow"): 1.0, later("None"): 0.0}  # seconds
_PREVIEW: Final = 150  # pixels, the width of a picture of the preview
FITS: Final[dict[str, Fit]] = {later("Blurred edges"): "blur", later("Crop to fill"): "crop"}


def pick(share: Share, owner: str, draft_id: str) -> None:
    """Take photos, cleaned on the sender's own device; their order is the order of the video."""
    limits = settings()
    picker(
        api_base=f"{below()}/api/drafts", ticket=share.tickets.write(owner, draft_id), max_photos=limits.max_photos,
        max_bytes=limits.max_photo_bytes, max_side=2048, key=f"create.picker.{draft_id}",
        changes=st.session_state["create.changes"],
    )  # fmt: skip


def choose(photos: Sequence[PhotoInfo]) -> list[PhotoInfo]:
    """Ask which photos of the draft to leave out and return the others, in their order."""
    if len(photos) <= 1:
        return list(photos)
    left_out: list[str] = st.session_state["video.left_out"]
    with st.expander(say("Leave some photos out"), icon=":material/hide_image:", key="video.left_out_open"):
        for number, photo in enumerate(photos, 1):
            st.checkbox(
                f"{number}. {escape_markdown(photo.name)}", photo.id not in left_out, key=f"video.take.{photo.id}",
                on_change=_turn, args=(photo.id,),
            )  # fmt: skip
    return [photo for photo in photos if photo.id not in left_out]


def _turn(photo_id: str) -> None:
    """Leave a photo out, or take it in again."""
    left_out: list[str] = st.session_state["video.left_out"]
    if photo_id in left_out:
        left_out.remove(photo_id)
    else:
        left_out.append(photo_id)


def ask(chosen: int) -> None:
    """Ask for time, transition, fit and title, and say how long the video becomes."""
    st.number_input(
        say("Seconds for each photo"), 1.0, 6.0, step=0.5, key="video.seconds", format="%.1f",
        help=say(
            "With many photos each is shown for less time: a video has at most {n} seconds.", n=MAX_SECONDS
        ),
    )  # fmt: skip
    st.radio(say("Transition"), list(TRANSITIONS), format_func=say, key="video.transition", horizontal=True)
    st.radio(
        say("Photos of another shape"), list(FITS), format_func=say, key="video.fit", horizontal=True,
        help=say("Blurred edges show the whole photo; cropping fills the screen."),
    )  # fmt: skip
    st.text_input(
        say("Title at the start (optional)"), key="video.title", max_chars=120, placeholder=say("Lisbon in May")
    )
    pictures = chosen + bool(st.session_state["video.title"].strip())
    seconds = min(MAX_SECONDS, pictures * st.session_state["video.seconds"])
    length = say.counted("{n} second", "{n} seconds", round(seconds))
    text = say("{what}, {length}, 1080 × 1920 pixels, no sound.", what=say.things(chosen), length=length)
    st.markdown(f":small[{text}]")


def preview(album_photos: Photos, owner: str, draft_id: str, chosen: Sequence[PhotoInfo]) -> None:
    """Show how the video begins, as it is asked for now: its title, and its first photo."""
    if not chosen:
        return
    fit, title = FITS[st.session_state["video.fit"]], st.session_state["video.title"]
    try:
        first = album_photos.read(owner, draft_id, chosen[0].id)
        shown = {say("The title"): preview_slide(first, fit=fit, title=title)} if title.strip() else {}
        shown[say("The first photo")] = preview_slide(first, fit=fit)
    except (PhotoProblem, ShareProblem):
        return  # making the video says it in words
    st.markdown(say("It begins like this:"))
    with st.container(horizontal=True):
        for text, picture in shown.items():
            st.image(picture, caption=text, alt=say("{what} as the video shows it", what=text), width=_PREVIEW)
