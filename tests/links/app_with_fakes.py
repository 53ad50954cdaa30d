# ruff: noqa: E402 - the paths have to stand before the imports
"""The app as it is, with a small internet behind its link doctor: `streamlit run tests/links/app_with_fakes.py`.

Only the fetcher's way to names and its trust in certificates are replaced; the guard stays on. Production has no such
hook: this file replaces the one function that opens a fetcher.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "links"), str(ROOT)]

import streamlit as st
from internet import SmallInternet, page, redirect, small_internet
from states import drive_page, picture

from lib.links import run
from lib.share.routes import lifespan, middleware, routes
from lib.ui.failure import on_script_error

_READY = threading.Event()
_INTERNET: list[SmallInternet] = []


def _serve() -> None:
    async def forever() -> None:
        async with small_internet() as internet:
            internet.play(
                (r"/file/d/1Priv", redirect("https://accounts.google.com/v3/signin/identifier?continue=x")),
                (r"/file/d/1[^/]{32}/", drive_page("beach.jpg", "image/jpeg", 3_000_000)),
                (r"^drive\.usercontent", page(picture(size=(1600, 1067)), Content_Type="image/jpeg")),
                (r"^photos\.example\.org/slow", page("", 404)),
                (r"^photos\.example\.org/open", page(picture(), Content_Type="image/jpeg")),
            )
            _INTERNET.append(internet)
            _READY.set()
            await asyncio.Event().wait()

    asyncio.run(forever())


threading.Thread(target=_serve, daemon=True).start()
_READY.wait(20)
run.open_fetcher = _INTERNET[0].fetcher

app = st.App(
    str(ROOT / "lib" / "ui" / "shell.py"),
    routes=routes(),
    middleware=middleware(),
    lifespan=lifespan,
    on_script_error=on_script_error,
)
