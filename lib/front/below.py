"""The app below a path of a host that shows other things as well: https://home.example.org/photos.

A proxy may pass the path on or take it away: both work. What is asked for loses it here, before anything looks at it;
what is answered gets it back where an answer leads somewhere or keeps a cookie. Pages write it themselves, by
`lib.settings.below`.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.front.pages import PAGES
from lib.settings import SettingsProblem

# First parts of the app's own addresses: a path that is one of them could not be told from it.
_TAKEN: Final = {page.path for page in PAGES} | {
    "_stcore", "api", "auth", "component", "front", "icons", "language", "media", "metrics", "picker", "s", "send",
    "static", "upload",
}  # fmt: skip
_PATH: Final = re.compile(r"(;\s*path=)(/[^;]*)", re.IGNORECASE)


class Below:
    """Pure ASGI, before everything else. `path` is "/photos", or empty for a host of its own: then it does nothing."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path
        if (first := path.split("/")[1:2]) and first[0] in _TAKEN:
            msg = f"public_url: /{first[0]} is an address of the app itself. Choose another path."
            raise SettingsProblem(msg)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the path away, and put it before what an answer names."""
        if not self._path or scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        asked: str = scope["path"]
        if asked == self._path and scope["type"] == "http":  # what a page names stands beside it, so it needs the slash
            query = scope.get("query_string", b"").decode("latin-1")
            there = f"{self._path}/{'?' if query else ''}{query}"
            await RedirectResponse(there, HTTPStatus.PERMANENT_REDIRECT)(scope, receive, send)
            return
        if asked.startswith(f"{self._path}/"):
            raw: bytes = scope.get("raw_path") or b""
            inner: dict[str, Any] = dict(scope)
            inner.update(path=asked.removeprefix(self._path), raw_path=raw.removeprefix(self._path.encode()))
            scope = inner

        async def leading(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [self._header(*each) for each in message.get("headers", [])]
            await send(message)

        await self._app(scope, receive, leading)

    def _header(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        kind = name.lower()
        if kind == b"location":
            return name, self._led(value.decode("latin-1")).encode("latin-1")
        if kind == b"set-cookie" and not value.startswith(b"__Host-"):  # browsers take that name with the path / only
            text = _PATH.sub(lambda found: found[1] + self._led(found[2]), value.decode("latin-1"))
            return name, text.encode("latin-1")
        return name, value

    def _led(self, path: str) -> str:
        inside = path == self._path or path.startswith(f"{self._path}/")
        return path if inside or not path.startswith("/") or path.startswith("//") else f"{self._path}{path}"
