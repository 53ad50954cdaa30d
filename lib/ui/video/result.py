"""The finished video: watch it, save it, share it."""

from __future__ import annotations

import streamlit as st

from lib.ui.plain import Plain
from lib.ui.share_button import share_video
from lib.ui.words import count, plain, size


def show(made: Plain) -> None:
    """Show the video with everything one does with it."""
    with st.container(border=True):
        st.header(":material/check_circle: Your video is ready", anchor=False)
        st.markdown(
            f":small[{count(made['photos'], 'photo')}, {made['seconds']:.0f} seconds, {size(len(made['data']))}. "
            "Nothing is inside but the pictures.]"
        )
        for note in made["notes"]:
            st.info(plain(note), icon=":material/info:")
        with st.container(horizontal_alignment="center"):
            st.video(made["data"], format="video/mp4", width=270)
        share_video(key="video.share")
        st.download_button(
            "Save the video", made["data"], file_name="photos.mp4", mime="video/mp4", icon=":material/download:",
            on_click="ignore", width="stretch",
        )  # fmt: skip
        st.markdown(":small[In TikTok: tap +, then Upload, and choose the video; or attach it in a chat.]")
