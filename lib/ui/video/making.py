"""Make the video: progress, cancel, and what came out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from lib.albums import PhotoInfo, Photos, Share, ShareProblem
from lib.photos import PhotoProblem
from lib.photos.gate import videos
from lib.photos.slideshow import Slideshow, make_slideshow
from lib.problems import Problem
from lib.ui.text import say
from lib.ui.video.choices import FITS, MAX_SECONDS, TRANSITIONS


def start() -> None:
    """Begin a new video; the last one stays until the new one is there."""
    st.session_state["video.phase"] = "making"
    st.session_state["video.problem"] = {}
    st.session_state["video.refused"] = {}


def cancel() -> None:
    """Stop. The run of the page ends at its next report of progress, and the unfinished file goes with it."""
    st.session_state["video.phase"] = ""


def make(share: Share, owner: str, draft_id: str, photos: Sequence[PhotoInfo]) -> None:
    """Make the video while showing how far it is, and keep it, or the problem, for this visit.

    The video waits in the draft, beside the photos: never in the memory of the page.
    """
    st.button(say("Cancel"), on_click=cancel, icon=":material/close:")
    bar = st.progress(0.0, say("Looking at the photos…"))
    chosen = st.session_state

    def show(done: float) -> None:
        bar.progress(done, f"{say('Making the video…')} {done:.0%}")

    def wait(before: int) -> None:
        told = say.counted("{n} video is made before yours…", "{n} videos are made before yours…", before)
        bar.progress(0.0, told)

    try:
        with tempfile.TemporaryDirectory(prefix="passalong-video-") as folder:
            paths = [_write(share.photos, owner, draft_id, photo, Path(folder)) for photo in photos]
            with videos.turn(wait):
                made = make_slideshow(
                    paths,
                    Path(folder) / "photos.mp4",
                    seconds_per_photo=chosen["video.seconds"],
                    transition_s=TRANSITIONS[chosen["video.transition"]],
                    fit=FITS[chosen["video.fit"]],
                    title=chosen["video.title"],
                    max_seconds=MAX_SECONDS,
                    names=[photo.name for photo in photos],
                    on_progress=show,
                )
            bar.progress(1.0, say("Looking at the finished video once more…"))
            data = made.path.read_bytes()
        before = dict(chosen["video.made"])
        chosen["video.made"] = _kept(share, owner, draft_id, made, data)
        _forget(share.photos, owner, before)
    except (PhotoProblem, ShareProblem) as problem:
        _say_later(problem)
    chosen["video.phase"] = ""


def _kept(share: Share, owner: str, draft_id: str, made: Slideshow, data: bytes) -> dict[str, Any]:
    """Put the video beside the photos of the draft; where nothing keeps it, it can still be watched and saved."""
    told: dict[str, Any] = {
        "seconds": made.seconds, "photos": made.photos, "notes": list(made.notes), "size": made.size_bytes,
    }  # fmt: skip
    name = f"{st.session_state['video.title'].strip() or 'Video'}.mp4"
    try:
        video = share.photos.add_video(owner, draft_id, name=name, data=data, notes=made.notes, removed=True)
        return told | {"id": video.id, "draft": draft_id, "ticket": share.tickets.write(owner, draft_id)}
    except (PhotoProblem, ShareProblem) as problem:
        _say_later(problem)
        return told | {"data": data}


def _forget(album_photos: Photos, owner: str, made: dict[str, Any]) -> None:
    """Throw the video away that a new one replaces, unless it is part of an album."""
    if "id" in made:
        try:
            album_photos.discard(owner, made["draft"], made["id"])
        except ShareProblem:  # its draft is over, and the video went with it
            return


def _say_later(problem: Problem) -> None:
    """Keep a problem for the next run of the page."""
    st.session_state["video.problem"] = problem.parts()


def _write(album_photos: Photos, owner: str, draft_id: str, photo: PhotoInfo, folder: Path) -> Path:
    """Put one photo beside the video: the maker reads two at a time, so that memory stays small."""
    path = folder / photo.id
    path.write_bytes(album_photos.read(owner, draft_id, photo.id))
    return path
