"""What was typed survives signing in: the browser leaves for the provider's page and comes back to a fresh visit.

The form waits in the photo store under a name that only its owner's cookie gives, encrypted with the host's key, for an
hour at most; a password never does. The photos are in the draft, which the page finds by the same cookie.
"""

from __future__ import annotations

import hashlib
import json
import time
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from lib.albums import Share, open_share
from lib.albums.clean_up import PARKED, PARKED_S
from lib.problems import Problem
from lib.settings import ROOT, settings
from lib.ui import state

KEPT: Final = (
    "create.provider", "create.title", "create.words", "create.life", "create.views", "create.views_number",
    "create.download", "create.preview", "create.question", "create.name", "create.size", "create.resume",
    "create.begun", "check.text",
)  # fmt: skip
PAGES: Final = {"create": "create_link.py", "links": "my_links.py", "check": "check_link.py"}


def _path(owner: str) -> str:
    """Return where a form waits; the sweep takes what nobody came back for."""
    return f"{PARKED}/{hashlib.sha256(f'passalong form {owner}'.encode()).hexdigest()[:32]}"


def park() -> None:
    """Keep the form."""
    form = {key: st.session_state[key] for key in KEPT if key in st.session_state}
    share = open_share(settings())
    box = share.keys.box(json.dumps({"at": time.time(), "page": _page(), "form": form}))
    share.store.put(_path(state.browser()), box.encode())


def come_back() -> None:
    """Bring the form back after a sign-in and go on where the person was. Call once a run, before the page."""
    if st.session_state["providers.came_back"]:
        return
    st.session_state["providers.came_back"] = True
    if not state.known_browser():
        return
    try:
        parked = _take(open_share(settings()), _path(state.browser()))
    except Problem:  # nothing waits
        return
    if parked is None:
        return
    form, page = parked
    for key in KEPT:
        if key in form:
            st.session_state[key] = form[key]
    st.switch_page(ROOT / "pages" / PAGES[page])


def _page() -> str:
    """Return which page the person is on, by the end of its address."""
    last = urlsplit(st.context.url or "").path.rpartition("/")[2]
    return last if last in PAGES else "create"


def _take(share: Share, path: str) -> tuple[dict[str, object], str] | None:
    """Return a parked form and its page once, if it is young enough. Raises `PhotoGone` where nothing was parked."""
    text = share.keys.unbox(share.store.get(path).decode("ascii", "replace"))
    share.store.delete([path])
    if text is None:  # parked before the host's secret key was changed
        return None
    kept = json.loads(text)
    return (kept["form"], kept["page"]) if time.time() - kept["at"] < PARKED_S else None
