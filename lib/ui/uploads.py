"""Which pages show Streamlit's own uploader: told to the front door, which lets nobody else send files."""

from __future__ import annotations

from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime import Runtime, exists
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.settings import settings
from lib.uploads.door import Door
from lib.uploads.streamlit_uploads import StreamlitUploads, Uploaders

uploaders = Uploaders()  # of this process; holds session ids and sizes, nothing of what was sent


def page_begins() -> None:
    """A run of a page begins."""
    uploaders.page_begins(_session())


def page_ends() -> None:
    """A run of a page is over: files that no uploader holds any more are given up."""
    session = _session()
    for file in uploaders.page_ends(session):
        if exists() and isinstance(held := Runtime.instance().uploaded_file_mgr, MemoryUploadedFileManager):
            held.remove_file(session, file)


def file_uploader(label: str, **options: Any) -> Any:
    """Draw `st.file_uploader` and let its files in: as many as an album holds, or one."""
    many = bool(options.get("accept_multiple_files"))
    uploaders.shows(_session(), settings().max_photos if many else 1)
    chosen = st.file_uploader(label, **options)
    _uses(chosen if many else [chosen])
    return chosen


def camera_input(label: str, **options: Any) -> Any:
    """Draw `st.camera_input` and let its photo in."""
    uploaders.shows(_session(), 1)
    shot = st.camera_input(label, **options)
    _uses([shot])
    return shot


def were_given_up() -> bool:
    """Say whether what this session sent is gone: its line was closed meanwhile. To be asked before it is drawn."""
    return not uploaders.knows(_session())


def behind_door(door: Door) -> Middleware:
    """Return what stands before Streamlit's own upload address."""
    return Middleware(
        StreamlitUploads, door=door, uploaders=uploaders, settings=settings, is_active=_is_active, free=_free
    )


def _is_active(session: str) -> bool:
    return exists() and Runtime.instance().is_active_session(session)


def _free(session: str) -> None:
    if exists():
        Runtime.instance().uploaded_file_mgr.remove_session_files(session)


def _uses(chosen: list[Any]) -> None:
    uploaders.uses(_session(), (one.file_id for one in chosen if one is not None))


def _session() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""
