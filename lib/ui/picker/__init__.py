"""The picker as a Streamlit component: photos are cleaned on the sender's own device, then uploaded into the draft.

Its script is not part of any run of the page: a few lines load it from an address that names its content
(`lib.picker`), where the browser keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, TypedDict

import streamlit as st

from lib.picker import address, ahead
from lib.settings import settings
from lib.ui.picker import through_server
from lib.ui.state import component_key
from lib.ui.text import language

ATTACH_PHOTOS: Final = 9  # what one message of TikTok carries; the guide's facts name source and date
_LOADER: Final = Path(__file__).with_name("loader.js").read_text(encoding="utf-8")


class PickedPhoto(TypedDict):
    """One photo as the picker reports it. The truth is the draft on the server; this is for words on the page."""

    id: str
    name: str
    width: int
    height: int
    size_bytes: int
    original_size_bytes: int
    removed: list[str]  # kinds of hidden data that were removed on the device
    taken: bool  # the visitor saved or shared the clean copy


class PickerState(TypedDict):
    """What the picker says: photos in their order, how many are on the way, and words for a draft that is gone."""

    photos: list[PickedPhoto]
    uploading: int
    error: str


_component = st.components.v2.component("passalong.picker", html='<div class="picker-room"></div>', js=_LOADER)


def picker(
    *,
    api_base: str,
    ticket: str,
    max_photos: int,
    max_bytes: int,
    max_side: int,
    key: str,
    share_photos: bool = False,
    changes: int = 0,
    on_broken: Callable[[], None] | None = None,
) -> PickerState:
    """Draw the picker for the draft behind `ticket` and return what it says.

    `api_base` is the path of the draft routes (`/api/drafts`), `max_bytes` the limit for one original, `max_side` the
    longest side in pixels. A new `key` is a new, empty picker: give each draft its own. The page runs again when
    uploading starts, when it is done and when a photo is removed or moved. Whatever comes back is words from a
    browser: read the draft itself. With `share_photos`, up to nine photos can also be shared without a link.
    Another number of `changes` says that the page itself changed the draft: then the picker follows. `on_broken` is
    called where the picker fails in this browser: draw another one in its place.
    """
    return _mount(
        "upload", key, api_base=api_base, ticket=ticket, max_photos=max_photos, max_bytes=max_bytes, max_side=max_side,
        share_photos=share_photos, changes=changes, on_broken=on_broken,
    )  # fmt: skip


def attach_picker(
    *, key: str, max_bytes: int | None = None, max_side: int = 2048, max_photos: int = ATTACH_PHOTOS
) -> PickerState:
    """Draw the picker that uploads nothing by itself: photos are cleaned on the device, and shared or saved from there.

    A photo that this browser cannot open goes through the server and back where the visitor asks for it. Without
    `max_bytes` the limit for one original is the one of the settings.
    """
    max_bytes = max_bytes or settings().max_photo_bytes
    return _mount(
        "attach", key, max_photos=max_photos, max_bytes=max_bytes, max_side=max_side, share_photos=True,
        **through_server.told(wanted=_told_before(key).get("through") is True),
    )  # fmt: skip


def _told_before(key: str) -> dict[str, Any]:
    """Return what the browser has just said, before the picker is drawn again."""
    told = dict(st.session_state.get(component_key(key)) or {}).get("state")
    return told if isinstance(told, dict) else {}


def _mount(
    mode: Literal["upload", "attach"], key: str, *, on_broken: Callable[[], None] | None = None, **data: Any
) -> PickerState:
    result = _component(
        key=component_key(key),
        data={
            "mode": mode,
            "key": key,
            "attach_photos": ATTACH_PHOTOS,
            "script": address("streamlit.js"),
            "ahead": list(ahead(language(), "streamlit.js")),
            "language": language(),
        }
        | data,
        default={"state": {"photos": [], "uploading": 0, "error": ""}},
        on_state_change=_run_again,
        on_ticket_change=_run_again,
        on_broken_change=on_broken or _run_again,
    )
    return clean_state(result.get("state"))


def _run_again() -> None:
    """The run itself is what is wanted: it brings a fresh ticket and reads the draft again."""


def clean_state(told: Any) -> PickerState:
    """Return what a browser said in its proper shape; what has another shape is left out."""
    told = told if isinstance(told, dict) else {}
    photos = told.get("photos")
    uploading = told.get("uploading")
    error = told.get("error")
    return {
        "photos": [_clean_photo(photo) for photo in photos if isinstance(photo, dict)]
        if isinstance(photos, list)
        else [],
        "uploading": max(0, uploading) if isinstance(uploading, int) else 0,
        "error": error if isinstance(error, str) else "",
    }


def _clean_photo(told: dict[str, Any]) -> PickedPhoto:
    def text(name: str) -> str:
        value = told.get(name)
        return value if isinstance(value, str) else ""

    def number(name: str) -> int:
        value = told.get(name)
        return max(0, value) if isinstance(value, int) else 0

    removed = told.get("removed")
    return {
        "id": text("id"),
        "name": text("name"),
        "width": number("width"),
        "height": number("height"),
        "size_bytes": number("size_bytes"),
        "original_size_bytes": number("original_size_bytes"),
        "removed": [kind for kind in removed if isinstance(kind, str)] if isinstance(removed, list) else [],
        "taken": told.get("taken") is True,
    }
