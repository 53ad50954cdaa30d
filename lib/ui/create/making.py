"""The button that makes the link. For places elsewhere: progress, cancel, and a retry that goes on where it stopped."""

from __future__ import annotations

import streamlit as st

from lib.albums import AlbumInfo, Share
from lib.problems import Problem
from lib.services.base import Album, AlbumPhoto, Description, Discards, Progress, SharedLink, Wishes, read_link
from lib.services.problems import SignInNeeded
from lib.services.registry import description
from lib.text.later import Moment, later
from lib.ui.create import place as places
from lib.ui.providers import sign_in_ended
from lib.ui.text import say


def bar(share: Share, owner: str, info: AlbumInfo, place: Description, *, on_the_way: int) -> None:
    """Draw the button, always in reach, and what keeps it from being pressed."""
    phase = st.session_state["create.phase"]
    if phase == "cancelled":
        st.info(say("Stopped. What is done is kept: press the button to go on."), icon=":material/pause_circle:")
    if removed := st.session_state["create.removed"]:
        st.success(f"{removed} {say('Your photos are still here.')}", icon=":material/delete:")
    ready = places.ready(place)
    waits = _what_it_waits_for(info, place, on_the_way=on_the_way)
    pressed = st.button(
        say("Go on") if phase in {"cancelled", "failed"} else say("Create link"), type="primary",
        icon=":material/add_link:", width="stretch", on_click=_start,
        disabled=bool(waits) or not ready or phase in {"making", "removing"},
    )  # fmt: skip
    if pressed and phase != "making" and not waits and ready:
        _start()  # pressed before this session's first run, after the server was away: Streamlit called nothing
        st.rerun()
    if waits:
        st.caption(waits)
    if left_there := unfinished():
        st.button(
            say("Remove what was uploaded"), icon=":material/delete:", width="stretch", on_click=_remove,
            help=say("Deletes the unfinished album in {place}. Your photos here stay.", place=left_there.label),
        )  # fmt: skip
    if phase == "making":
        _make(share, owner, info, place)
        st.rerun()
    if phase == "removing":
        _remove_uploaded(owner, info.id)
        st.rerun()


def _what_it_waits_for(info: AlbumInfo, place: Description, *, on_the_way: int) -> str:
    """Return why there is no link yet, in words; nothing where it can be made."""
    if on_the_way:
        return say("Photos are still on their way.")
    if unkept := st.session_state["create.unkept"]:
        return say(next(iter(unkept.values())))
    needed = info.choices.has_password and place.can_password and not place.kept_here
    if needed and not st.session_state["create.password"]:
        return say("{place} needs the password itself: please type it once more.", place=place.label)
    return ""


def _start() -> None:
    """Begin, or go on after a failure or a cancel: one album never gets a second link by that."""
    st.session_state["create.phase"] = "making"
    st.session_state["create.problem"] = {}
    st.session_state["create.removed"] = ""


def _cancel() -> None:
    st.session_state["create.phase"] = "cancelled"


def _remove() -> None:
    st.session_state["create.phase"] = "removing"
    st.session_state["create.problem"] = {}


def unfinished() -> Description | None:
    """Return the provider that holds a part of a stopped upload, if it can be removed from there."""
    if not st.session_state["create.begun"] or st.session_state["create.phase"] not in {"cancelled", "failed"}:
        return None
    place = description(st.session_state["create.begun"])
    return place if place.can_discard else None


def start_over() -> None:
    """Show a new album, empty; what was made stays under its address and in My links."""
    st.query_params.pop("album", None)
    for name in ("draft", "phase", "begun", "removed"):
        st.session_state[f"create.{name}"] = ""
    for name in ("problem", "resume"):
        st.session_state[f"create.{name}"] = {}
    st.session_state["create.round"] += 1


def go_on_with(album_id: str) -> None:
    """Let the page show this album, also where it still shows the last link."""
    if st.session_state["create.draft"] != album_id:
        start_over()
        st.query_params["album"] = album_id


def finished(share: Share, owner: str, info: AlbumInfo) -> SharedLink | None:
    """Return the link that this album went out with, here or elsewhere; None while it has none."""
    if kept := info.result.get("link"):
        return read_link(kept)
    if info.link is None:
        return None
    return places.of_this_server(share, owner, info.link, info.wishes())


def as_album(share: Share, owner: str, info: AlbumInfo) -> Album:
    """Return the album as providers take it. Its bytes are read one photo at a time."""

    def reader(photo_id: str) -> AlbumPhoto:
        photo = next(photo for photo in info.photos if photo.id == photo_id)
        return AlbumPhoto(
            name=photo.name, media_type=photo.media_type, width=photo.width, height=photo.height,
            size_bytes=photo.size_bytes, read=lambda: share.photos.read(owner, info.id, photo_id),
        )  # fmt: skip

    return Album(
        key=info.id, title=info.title.strip(), words=info.words.strip(),
        photos=tuple(reader(photo.id) for photo in info.photos),
    )  # fmt: skip


def _make(share: Share, owner: str, info: AlbumInfo, place: Description) -> None:
    """Create the link; a problem is kept in `create.problem` and costs nothing.

    Elsewhere it shows how far it is. Pressing Cancel reruns the page, which ends `create` at its next report.
    """
    try:
        if place.kept_here:
            share.links.make(owner, info.id)
        else:
            _upload(share, owner, info, place)
    except Problem as problem:
        if isinstance(problem, SignInNeeded):
            sign_in_ended(place.id)
        st.session_state["create.problem"] = problem.parts()
        st.session_state["create.phase"] = "failed"
        return
    st.session_state["create.phase"] = st.session_state["create.begun"] = ""
    _note_evidence(info)


def _upload(share: Share, owner: str, info: AlbumInfo, place: Description) -> None:
    st.button(say("Cancel"), on_click=_cancel, icon=":material/close:")
    bar = st.progress(0.0, say("Starting…"))

    def show(progress: Progress) -> None:
        done = progress.bytes_done / max(1, progress.bytes)
        far = say("{done} of {all}", done=say.size(progress.bytes_done), all=say.size(progress.bytes))
        bar.progress(min(1.0, done), f"{say(progress.doing)} · {progress.photos_done} / {info.photo_count}, {far}")

    provider = places.open_place(owner, place)
    # Written before the upload, never from within: after Cancel the next run has begun while this one still ends.
    st.session_state["create.begun"] = place.id
    link = provider.create(as_album(share, owner, info), _wishes(info, place), show)
    bar.progress(1.0, say("Done"))  # a late Cancel ends this run here; Go on then finds the finished link
    share.albums.sent_elsewhere(owner, info.id, link, receipt=info.receipt())


def _wishes(info: AlbumInfo, place: Description) -> Wishes:
    """Return what was asked, as far as this place can keep it."""
    asked = info.wishes()
    return Wishes(
        expires_at=asked.expires_at if place.can_expire else None,
        password=(st.session_state["create.password"] or None) if place.can_password else None,
        max_views=asked.max_views if place.can_limit_views else None,
        allow_download=asked.allow_download or not place.can_block_download,
        preview=asked.preview, name=asked.name.strip(),
    )  # fmt: skip


def _remove_uploaded(owner: str, album_id: str) -> None:
    """Remove what a stopped upload left at its provider; the photos here stay, and the next link starts clean."""
    place = description(st.session_state["create.begun"])
    try:
        with st.spinner(say("Removing what was uploaded to {place}…", place=place.label)):
            provider = places.open_place(owner, place)
            gone = isinstance(provider, Discards) and provider.discard(album_id)
    except Problem as problem:
        st.session_state["create.problem"] = problem.parts()
        st.session_state["create.phase"] = "failed"
        return
    st.session_state["create.removed"] = (
        say("Removed: nothing of this album is in {place} any more.", place=place.label)
        if gone
        else say("There was nothing to remove: nothing of this album is in {place}.", place=place.label)
    )
    st.session_state["create.phase"] = st.session_state["create.begun"] = ""
    st.session_state["create.resume"] = {}


def _note_evidence(info: AlbumInfo) -> None:
    """Keep for the privacy checklist what this app saw for itself."""
    seen: dict[str, str] = st.session_state["checklist.evidence"]
    seen["location_removed"] = later("What your last link shows was cleaned and read again.")
    seen["view_only_link"] = later("People with your last link can look at the photos, not change them.")
    covered = info.receipt().get("covered", {})
    if covered.get("face"):
        seen["faces_covered"] = later("Faces were covered in the photos of your last link.")
    if covered.get("code"):
        seen["codes_covered"] = later("Codes were covered in the photos of your last link.")
    if covered.get("text"):
        seen["text_covered"] = later("Text was covered in the photos of your last link.")
    if any(covered.get(kind) for kind in ("text", "number", "plate", "other")):
        seen["surroundings_covered"] = later(
            "Text, numbers or other parts were covered in the photos of your last link."
        )
    if ends := info.wishes().expires_at:
        seen["expiry_set"] = later("Your last link ends on {moment}.", moment=Moment(ends))
    if info.choices.has_password:
        seen["password_set"] = later("Your last link asks for a password.")
