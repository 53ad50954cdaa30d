"""The picker by itself on the real routes, for the stories; what arrives at the door is kept for the test to read."""

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402 - the path comes first
from starlette.middleware import Middleware  # noqa: E402

from lib.routes import lifespan, middleware, routes  # noqa: E402


class Door:
    """Write every byte of every upload into one file, as it comes from the browser."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.path = Path(os.environ["PASSALONG_DATA_DIR"]).parent / "door.bin"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await self.app(scope, receive, send)
            return
        with self.path.open("ab") as out:
            out.write(b"".join(name + b": " + value + b"\n" for name, value in scope["headers"]))

        async def seen() -> Any:
            message = await receive()
            with self.path.open("ab") as out:
                out.write(message.get("body", b""))
            return message

        await self.app(scope, seen, send)


app = st.App(
    Path(__file__).with_name("page.py"),
    routes=routes(),
    middleware=[Middleware(Door), *middleware()],
    lifespan=lifespan,
)
