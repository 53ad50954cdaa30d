"""Make the link: progress, cancel, and a retry that goes on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.albums import PhotoInfo, Photos, Share, receipt
from lib.problems import Problem
from lib.services.base import Album, AlbumPhoto, Description, Discards, Progress, SharedLink, Wishes, plain_link
from lib.services.problems import SignInNeeded
from lib.services.registry import description
from lib.ui.create.place import open_place
from lib.ui.create.wishes import wishes
from lib.ui.plain import Plain
from lib.ui.providers import sign_in_ended
from lib.ui.words import count, moment, size, things


def start() -> None:
    """Begin, or go on after a failure or a cancel: one draft never becomes a second album."""
    st.session_state["create.phase"] = "making"
    st.session_state["create.problem"] = {}
    st.session_state["create.removed"] = ""


def cancel() -> None:
    """Stop; what is done so far is kept for a retry."""
    st.session_state["create.phase"] = "cancelled"


def remove() -> None:
    """Begin to remove what a stopped upload left at its provider."""
    st.session_state["create.phase"] = "removing"
    st.session_state["create.problem"] = {}


def unfinished() -> Description | None:
    """Return the provider that holds a part of a stopped upload, if it can be removed from there."""
    if not st.session_state["create.begun"] or st.session_state["create.phase"] not in {"cancelled", "failed"}:
        return None
    place = description(st.session_state["create.begun"])
    return place if place.can_discard else None


def start_over() -> None:
    """Forget everything about the last link, so that the next one starts clean."""
    for key in ("draft", "phase", "title", "words", "password", "name", "begun", "removed"):
        st.session_state[f"create.{key}"] = ""
    for key in ("link", "check", "problem", "taken", "refused", "receipt", "sent", "resume"):
        st.session_state[f"create.{key}"] = {}
    st.session_state["create.aside"] = []
    st.session_state["create.round"] += 1


def go_on_with(draft_id: str) -> None:
    """Let the page show this draft, also where it still shows the last link."""
    if st.session_state["create.phase"] == "done":
        start_over()
    st.session_state["create.draft"] = draft_id


def album(album_photos: Photos, owner: str, draft_id: str, photos: Sequence[PhotoInfo]) -> Album:
    """Return the album that a draft becomes. Its bytes are read one photo at a time."""

    def reader(photo_id: str) -> AlbumPhoto:
        photo = next(photo for photo in photos if photo.id == photo_id)
        return AlbumPhoto(
            name=photo.name,
            media_type=photo.media_type,
            width=photo.width,
            height=photo.height,
            size_bytes=photo.size_bytes,
            read=lambda: album_photos.read(owner, draft_id, photo_id),
        )

    return Album(
        key=draft_id,
        title=st.session_state["create.title"].strip(),
        words=st.session_state["create.words"].strip(),
        photos=tuple(reader(photo.id) for photo in photos),
    )


def make_link(share: Share, owner: str, draft_id: str, photos: Sequence[PhotoInfo], place: Description) -> None:
    """Create the link while showing how far it is; a problem is kept in `create.problem` and costs nothing.

    Pressing Cancel reruns the page, which ends `provider.create` at its next report of progress.
    """
    st.button("Cancel", on_click=cancel, icon=":material/close:")
    bar = st.progress(0.0, "Starting…")

    everything = str(len(photos)) if any(photo.is_video for photo in photos) else count(len(photos), "photo")

    def show(progress: Progress) -> None:
        done = progress.bytes_done / max(1, progress.bytes)
        bar.progress(
            min(1.0, done),
            f"{progress.doing} · {progress.photos_done} of {everything}, "
            f"{size(progress.bytes_done)} of {size(progress.bytes)}",
        )

    wished = wishes(place)
    try:
        provider = open_place(owner, place)
        # Written before the upload, never from within: after Cancel the next run has begun while this one still ends.
        st.session_state["create.begun"] = place.id
        link = provider.create(album(share.photos, owner, draft_id, photos), wished, show)
        bar.progress(1.0, "Done")  # a late Cancel ends this run here; Go on then finds the finished link
        _keep(share, owner, draft_id, link, wished, receipt(photos))
    except Problem as problem:
        _failed(problem, place)


def remove_uploaded(owner: str) -> None:
    """Remove what a stopped upload left at its provider; the photos here stay, and the next link starts clean."""
    place = description(st.session_state["create.begun"])
    try:
        with st.spinner(f"Removing what was uploaded to {place.label}…"):
            provider = open_place(owner, place)
            gone = isinstance(provider, Discards) and provider.discard(st.session_state["create.draft"])
    except Problem as problem:
        _failed(problem, place)
        return
    st.session_state["create.removed"] = (
        f"Removed: nothing of this album is in {place.label} any more."
        if gone
        else f"There was nothing to remove: nothing of this album is in {place.label}."
    )
    for key in ("phase", "begun"):
        st.session_state[f"create.{key}"] = ""
    st.session_state["create.resume"] = {}


def _failed(problem: Problem, place: Description) -> None:
    if isinstance(problem, SignInNeeded):
        sign_in_ended(place.id)
    st.session_state["create.problem"] = {"title": problem.title, "happened": str(problem), "fix": problem.fix}
    st.session_state["create.phase"] = "failed"


def _keep(share: Share, owner: str, draft_id: str, link: SharedLink, wished: Wishes, removed: Plain) -> None:
    """Keep the finished link, and what this app saw for itself."""
    st.session_state["create.receipt"] = removed
    st.session_state["create.sent"] = {"password": bool(wished.password), "max_views": wished.max_views}
    if not description(link.provider_id).kept_here:
        share.albums.sent_elsewhere(owner, draft_id, link, receipt=removed)
    st.session_state["create.link"] = plain_link(link)
    st.session_state["create.phase"] = "done"
    seen: dict[str, str] = st.session_state["checklist.evidence"]
    seen["location_removed"] = (
        f"The {things(link.photo_count, link.video_count)} of your last link were cleaned and read again."
    )
    seen["view_only_link"] = "People with your last link can look at the photos, not change them."
    if link.expires_at:
        seen["expiry_set"] = f"Your last link ends on {moment(link.expires_at)}."
    if wished.password:
        seen["password_set"] = "Your last link asks for a password."  # noqa: S105 - words, not a password
