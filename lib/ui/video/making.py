"""Make the video: progress, cancel, and what came out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from lib.photos import PhotoProblem
from lib.photos.slideshow import make_slideshow
from lib.share import DraftPhoto, Drafts, ShareProblem
from lib.ui.video.choices import FITS, MAX_SECONDS, TRANSITIONS


def start() -> None:
    """Begin a new video; the last one is forgotten."""
    st.session_state["video.phase"] = "making"
    forget()


def forget() -> None:
    """Forget the finished video and what went wrong."""
    st.session_state["video.made"] = {}
    st.session_state["video.problem"] = {}


def cancel() -> None:
    """Stop. The run of the page ends at its next report of progress, and the unfinished file goes with it."""
    st.session_state["video.phase"] = ""


def make(drafts: Drafts, draft_id: str, owner: str, photos: Sequence[DraftPhoto]) -> None:
    """Make the video while showing how far it is, and keep it, or the problem, in this visit's state."""
    st.button("Cancel", on_click=cancel, icon=":material/close:")
    bar = st.progress(0.0, "Looking at the photos…")
    chosen = st.session_state

    def show(done: float) -> None:
        bar.progress(done, f"Making the video… {done:.0%}")

    try:
        with tempfile.TemporaryDirectory(prefix="passalong-video-") as folder:
            paths = [_write(drafts, draft_id, owner, photo, Path(folder)) for photo in photos]
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
            chosen["video.made"] = {
                "data": made.path.read_bytes(), "seconds": made.seconds, "photos": made.photos,
                "notes": list(made.notes),
            }  # fmt: skip
    except (PhotoProblem, ShareProblem) as problem:
        chosen["video.problem"] = {"title": problem.title, "happened": str(problem), "fix": problem.fix}
    chosen["video.phase"] = ""


def _write(drafts: Drafts, draft_id: str, owner: str, photo: DraftPhoto, folder: Path) -> Path:
    """Put one photo beside the video: the maker reads two at a time, so that memory stays small."""
    path = folder / photo.id
    path.write_bytes(drafts.read(draft_id, owner, photo.id))
    return path
