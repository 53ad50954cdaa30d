"""Photos into the draft: Streamlit's own uploader and the camera, cleaned here on the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import streamlit as st

from lib.albums import AlbumInfo, Photos, Share
from lib.photos import PhotoProblem, PreparedPhoto, prepare_photos
from lib.problems import Problem
from lib.settings import below, settings
from lib.text.later import later
from lib.ui import uploads
from lib.ui.failure import show_problem_text
from lib.ui.picker import picker
from lib.ui.text import escape_markdown, say
from lib.ui.visit import with_own_addresses
from lib.uploads.options import SIZES

_TYPES: Final = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff"]


class _Upload(Protocol):
    """What Streamlit hands over for one file."""

    file_id: str
    name: str

    def getvalue(self) -> bytes: ...


def pick(share: Share, owner: str, info: AlbumInfo) -> int:
    """Take photos into the album: cleaned on the sender's device, or, with the simple picker, on this server.

    Returns how many are still on their way.
    """
    limits = settings()
    max_side = SIZES[st.session_state["create.size"]]
    if st.session_state["create.simple"]:
        simple_picker(share.photos, owner, info.id, max_side)
        st.markdown(with_own_addresses(say(":small[Still no luck? The [plain page](/send) needs no script at all.]")))
        return 0
    told = picker(
        api_base=f"{below()}/api/drafts", ticket=share.tickets.write(owner, info.id), max_photos=limits.max_photos,
        max_bytes=limits.max_photo_bytes, max_side=max_side, key=f"create.picker.{info.id}",
        share_photos=True, changes=st.session_state["create.changes"], on_broken=_use_simple_picker,
    )  # fmt: skip
    return told["uploading"]


def _use_simple_picker() -> None:
    st.session_state["create.simple"] = True
    st.toast(
        say("The picker does not run in this browser. This one cleans your photos on our server."),
        icon=":material/info:",
    )


def simple_picker(album_photos: Photos, owner: str, draft_id: str, max_side: int) -> None:
    """Take photos by Streamlit's uploader or the camera, clean the new ones and put them into the draft."""
    limits = settings()
    if st.session_state["create.taken"] and uploads.were_given_up():
        st.session_state["create.taken"] = {}  # the files are gone; the photos made of them stay in the draft
        st.session_state["create.round"] += 1
    turn = st.session_state["create.round"]
    chosen: Sequence[_Upload] = uploads.file_uploader(
        say("Photos (up to {n}, {size} each)", n=limits.max_photos, size=say.size(limits.max_photo_bytes)),
        type=_TYPES, accept_multiple_files=True, key=f"create.uploads.{turn}",
    )  # fmt: skip
    with st.expander(
        say("Take a photo with the camera"), icon=":material/photo_camera:", on_change="rerun", key="create.camera_open"
    ) as camera:
        if camera.open:
            shot = uploads.camera_input(say("Camera"), key=f"create.camera.{turn}", resolution="1080p")
            if shot:
                chosen = [*chosen, shot]
    _forget_removed(album_photos, owner, draft_id, {upload.file_id for upload in chosen})
    _clean_new(album_photos, owner, draft_id, chosen, max_side)
    for refused in st.session_state["create.refused"].values():
        show_problem_text(**refused)


def _forget_removed(album_photos: Photos, owner: str, draft_id: str, there: set[str]) -> None:
    """Take out of the draft what the person took out of the uploader."""
    for slot in ("create.taken", "create.refused"):
        for file_id in set(st.session_state[slot]) - there:
            gone = st.session_state[slot].pop(file_id)
            if slot == "create.taken":
                album_photos.remove(owner, draft_id, gone["photo"])


def _clean_new(album_photos: Photos, owner: str, draft_id: str, chosen: Sequence[_Upload], max_side: int) -> None:
    """Clean what is new, or was cleaned to another size. Each photo is kept as soon as it is done."""
    taken, refused = st.session_state["create.taken"], st.session_state["create.refused"]
    taken_out = {one["id"] for one in st.session_state["create.taken_out"]}
    for file_id, known in list(taken.items()):
        if known["max_side"] != max_side and known["photo"] not in taken_out:
            album_photos.remove(owner, draft_id, known["photo"])
            del taken[file_id]
    fresh = [upload for upload in chosen if upload.file_id not in taken and upload.file_id not in refused]
    if not fresh:
        return
    limits = settings()
    bar = st.progress(0.0, say.counted("Cleaning {n} photo…", "Cleaning {n} photos…", len(fresh)))
    prepared = prepare_photos(
        ((upload.name, upload.getvalue()) for upload in fresh),
        max_side=max_side, max_bytes=limits.max_photo_bytes, max_pixels=limits.max_photo_pixels, workers=limits.workers,
    )  # fmt: skip
    waiting: dict[int, PreparedPhoto | PhotoProblem] = {}
    kept = 0
    for done, (index, result) in enumerate(prepared, 1):
        waiting[index] = result
        while kept in waiting:  # in the order in which they were chosen
            _keep(album_photos, owner, draft_id, fresh[kept], waiting.pop(kept), max_side)
            kept += 1
        bar.progress(done / len(fresh), say("Cleaned {done} of {n}", done=done, n=len(fresh)))
    bar.empty()


def _keep(
    album_photos: Photos,
    owner: str,
    draft_id: str,
    upload: _Upload,
    result: PreparedPhoto | PhotoProblem,
    max_side: int,
) -> None:
    try:
        if isinstance(result, Problem):
            raise result
        photo = album_photos.add(owner, draft_id, name=upload.name, photo=result)
    except Problem as problem:
        st.session_state["create.refused"][upload.file_id] = problem.parts() | {
            "happened": later("{name}: {why}", name=escape_markdown(upload.name), why=problem.happened)
        }
    else:
        st.session_state["create.taken"][upload.file_id] = {"photo": photo.id, "max_side": max_side}
