# ruff: noqa: E402 - the paths have to stand before the imports
"""The app as it is, with a small internet behind its link doctor: `streamlit run tests/links/app_with_fakes.py`.

Only the fetcher's way to names and its trust in certificates are replaced; the guard stays on. Production has no such
hook: this file replaces the one function that opens a fetcher.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "links"), str(ROOT)]

import streamlit as st
from internet import Reply, SmallInternet, page, redirect, small_internet
from PIL import Image
from states import drive_page, og, picture

from lib.links import run
from lib.routes import lifespan, middleware, routes
from lib.ui.failure import on_script_error

FLICKR_PICTURE = "https://live.staticflickr.com/1/2_3_b.jpg"
_READY = threading.Event()
_INTERNET: list[SmallInternet] = []


def telling_picture() -> bytes:
    """A photo that still tells its camera and its place."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Canon", "EOS R5"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 0.0), 3: "E", 4: (11.0, 34.0, 0.0)})
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1600, 1067)).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def slow(writer: asyncio.StreamWriter) -> None:
    """Say after a while that it is gone."""
    await asyncio.sleep(0.4)
    writer.write(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def only_outside_apps(request: dict[str, str]) -> Reply:
    """The photo for a browser, a sign-in page for the browser inside TikTok."""
    inside = "musical_ly" in request["user-agent"]
    return redirect("https://accounts.google.com/") if inside else page(picture(), Content_Type="image/jpeg")


def _serve() -> None:
    async def forever() -> None:
        async with small_internet() as internet:
            internet.play(
                (r"/file/d/1Priv", redirect("https://accounts.google.com/v3/signin/identifier?continue=x")),
                (r"/file/d/1[^/]{32}/", drive_page("beach.jpg", "image/jpeg", 3_000_000)),
                (r"^drive\.usercontent", page(telling_picture(), Content_Type="image/jpeg")),
                (
                    r"^www\.flickr\.com/photos/ann/50234844455/",
                    page(og(title="Beach www.example.org https://example.org a@b.example", image=FLICKR_PICTURE)),
                ),
                (re.escape(FLICKR_PICTURE.partition("//")[2]), page(picture(), Content_Type="image/jpeg")),
                (r"^photos\.example\.org/kept", page(picture(), Content_Type="application/octet-stream")),
                (r"^photos\.example\.org/slow", Reply(play=slow)),
                (r"^photos\.example\.org/gone", page("", 410)),
                (r"^bit\.ly/", redirect("https://drive.google.com/file/d/1NE7a7J9fkyIEypXT-aKtpRCy3Uqx3MVQ/view")),
                (r"^photos\.example\.org/in-app", only_outside_apps),
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
