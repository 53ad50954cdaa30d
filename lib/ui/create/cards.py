"""A card for each photo: how it looks, how small it became, and what was hidden inside. A video has one too."""

from __future__ import annotations

from typing import Final

import streamlit as st

from lib.albums import AlbumInfo, PhotoInfo, Photos
from lib.photos import MetadataReport
from lib.ui.create.taken_out import take_out
from lib.ui.text import escape_markdown, say

_SIDE: Final = 96  # pixels of a thumbnail on a card


def photo_cards(album_photos: Photos, owner: str, info: AlbumInfo) -> None:
    """Draw a card for each photo of an album."""
    for photo in info.photos:
        (_video if photo.is_video else _card)(album_photos, owner, info.id, photo)


def _video(album_photos: Photos, owner: str, draft_id: str, video: PhotoInfo) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.image(album_photos.read(owner, draft_id, video.id, small=True), alt=video.name, width=_SIDE)
            with st.container(gap="xsmall"):
                st.markdown(f":material/movie: **{escape_markdown(video.name)}**")
                st.caption(f"{say('Video, {n} s', n=round(video.seconds))} · {say.size(video.size_bytes)}")
                st.button(
                    say("Remove the video"), key=f"create.remove.{video.id}", icon=":material/close:",
                    on_click=take_out,
                    args=(album_photos, owner, draft_id, [video.id]), kwargs={"video": True},
                )  # fmt: skip
        st.markdown(f":material/check_circle: {say(MetadataReport.from_dict(video.report).verdict)}")


def _card(album_photos: Photos, owner: str, draft_id: str, photo: PhotoInfo) -> None:
    report = MetadataReport.from_dict(photo.report)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.image(album_photos.read(owner, draft_id, photo.id, small=True), alt=photo.name, width=_SIDE)
            with st.container(gap="xsmall"):
                st.markdown(f"**{escape_markdown(photo.name)}**")
                sizes = f"{say.size(photo.original_size_bytes)} → {say.size(photo.size_bytes)}"
                st.caption(f"{sizes} · {photo.width} × {photo.height} px")
                for note in photo.notes:
                    st.caption(say(note))
        private = [finding for finding in report.findings if finding.private]
        if private:
            st.markdown(f":material/shield: {escape_markdown(say(report.verdict))} **{say('Removed')}.**")
            with st.expander(
                say("What was hidden inside ({n})", n=len(report.findings)), key=f"create.hidden.{photo.id}"
            ):
                for finding in report.findings:
                    label = escape_markdown(say(finding.label))
                    st.markdown(f"**{label}**: {escape_markdown(finding.value)}  \n:small[{finding.where}]")
        else:
            st.markdown(f":material/check_circle: {escape_markdown(say(report.verdict))}")
