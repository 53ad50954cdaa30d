"""The cookie that makes a browser the owner of its drafts and links: set over HTTP only, on the app's pages only."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWNER_COOKIE: Final = "passalong_owner"
LIFE_S: Final = 400 * 86_400  # the longest that browsers keep a cookie
_VALUE: Final = re.compile(rb"(?:^|;\s*)" + OWNER_COOKIE.encode() + rb"=([A-Za-z0-9_-]{24,64})(?:;|$)")
_NOT_THE_APP: Final = ("/s/", "/api/", "/_stcore/", "/static/", "/media/", "/component/")


class OwnerCookie:
    """Pure ASGI. A new browser gets its secret with its first page; the page's own script can never read it."""

    def __init__(self, app: ASGIApp, recipient: ASGIApp, is_https: Callable[[Scope], bool]) -> None:
        self._app = app
        self._recipient = recipient
        self._is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send share pages their own way, everything else to the app."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/s/"):
            await self._recipient(scope, receive, send)
            return
        if scope["method"] != "GET" or path.startswith(_NOT_THE_APP) or has_owner(scope):
            await self._app(scope, receive, send)
            return

        async def giving(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(scope, message):
                message.setdefault("headers", [])
                secure = "; Secure" if self._is_https(scope) else ""
                cookie = (
                    f"{OWNER_COOKIE}={secrets.token_urlsafe(24)}; Path=/; Max-Age={LIFE_S}; HttpOnly; "
                    f"SameSite=Lax{secure}"
                )
                # The page is the same for everybody, but what comes with it is not: no shared cache may keep it.
                kept = [h for h in message["headers"] if h[0].lower() != b"cache-control"]
                message["headers"] = [
                    *kept, (b"set-cookie", cookie.encode()), (b"cache-control", b"private, no-cache"),
                ]  # fmt: skip
            await send(message)

        await self._app(scope, receive, giving)


def has_owner(scope: Scope) -> bool:
    """Say whether a request already carries a well-formed owner cookie."""
    return any(name == b"cookie" and _VALUE.search(value) for name, value in scope["headers"])


def _is_page(scope: Scope, message: Message) -> bool:
    """Say whether a page of the app is answered: sent anew, or named as unchanged to a browser that asks for one."""
    if message["status"] == HTTPStatus.NOT_MODIFIED:
        return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    return message["status"] == HTTPStatus.OK and any(
        name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message.get("headers", [])
    )
