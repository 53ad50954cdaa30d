"""The cookie that makes a browser the owner of its drafts and links: set over HTTP only, on the app's pages only.

Its value carries a seal of this server: a value that somebody else planted is nobody. On https its name begins with
`__Host-`, so that neither a neighbour's page below the same domain nor a page without https can plant or replace it.
An app below a path has it for that path alone: its name begins with `__Secure-`.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.albums.keys import Keys
from lib.settings import below

OWNER_COOKIE: Final = "passalong_owner"
SAFE_COOKIE: Final = f"__Host-{OWNER_COOKIE}"
SECURE_COOKIE: Final = f"__Secure-{OWNER_COOKIE}"
LIFE_S: Final = 400 * 86_400  # the longest that browsers keep a cookie
_MAX_HEADER: Final = 16_000  # characters of all cookies that are looked at
_OWNER: Final = re.compile(r"[A-Za-z0-9_-]{24,64}")
_NOT_THE_APP: Final = ("/s/", "/api/", "/_stcore/", "/static/", "/media/", "/component/")


def _name(*, https: bool) -> str:
    """Return what it is called. Below a path it is for that path alone, which a name with `__Host-` may not be."""
    if not https:
        return OWNER_COOKIE
    return SECURE_COOKIE if below() else SAFE_COOKIE


class OwnerCookies:
    """Writes and reads it. `known_before` says whether to believe an owner whose cookie is older than the seals."""

    def __init__(self, keys: Keys, known_before: Callable[[str], bool]) -> None:
        self._keys = keys
        self._known_before = known_before

    def value(self, owner: str) -> str:
        """Return an owner's secret with this server's seal."""
        return f"{owner}.{self._keys.seal(owner)}"

    def header(self, owner: str, *, https: bool) -> str:
        """Return the line that sets the cookie."""
        secure = "; Secure" if https else ""
        line = f"{_name(https=https)}={self.value(owner)}; Path={below() or '/'}; Max-Age={LIFE_S}"
        return f"{line}; HttpOnly; SameSite=Lax{secure}"

    def owner(self, header: str, *, https: bool) -> str:
        """Return the owner that a Cookie header names, or an empty text.

        Of two that this server sealed, and that are not the same, none is believed: one of them is a trick.
        """
        found = self._sealed(header, https=https)
        if found:
            return _only(found)
        before = _of_before(header)
        return before if before and self._known_before(before) else ""

    async def owner_now(self, header: str, *, https: bool) -> str:
        """Return the same on an event loop, which never waits: the index is asked in a thread.

        It is asked for a cookie without a seal only, which anybody can make up and send as often as they like.
        """
        found = self._sealed(header, https=https)
        if found:
            return _only(found)
        before = _of_before(header)
        known = bool(before) and await asyncio.to_thread(self._known_before, before)
        return before if known else ""

    def is_current(self, header: str, *, https: bool) -> bool:
        """Say whether a browser has its cookie as it is given today."""
        return len(self._sealed(header, https=https)) == 1

    def _sealed(self, header: str, *, https: bool) -> set[str]:
        """Return all owners that a header names with this server's seal."""
        values = _values(header, _name(https=https))
        return {owner for owner in map(self._unsealed, values) if owner}

    def _unsealed(self, value: str) -> str:
        owner, _, seal = value.partition(".")
        return owner if _OWNER.fullmatch(owner) and self._keys.sealed(owner, seal) else ""


def _of_before(header: str) -> str:
    """Return the owner that a cookie without a seal names; whether that is to be believed is another question."""
    return _only({value for value in _values(header, OWNER_COOKIE) if _OWNER.fullmatch(value)})


def _only(found: set[str]) -> str:
    return found.pop() if len(found) == 1 else ""


def _values(header: str, name: str) -> list[str]:
    pairs = (pair.strip().partition("=") for pair in header[:_MAX_HEADER].split(";"))
    return [value.strip().strip('"') for key, _, value in pairs if key == name]


def cookie_header(scope: Scope) -> str:
    """Return all cookies of a request as one line."""
    return "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")


class OwnerCookie:
    """Pure ASGI. A new browser gets its secret with its first page; the page's own script can never read it."""

    def __init__(
        self,
        app: ASGIApp,
        recipient: ASGIApp,
        is_https: Callable[[Scope], bool],
        cookies: Callable[[], OwnerCookies],
    ) -> None:
        self._app = app
        self._recipient = recipient
        self._is_https = is_https
        self._cookies = cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send share pages their own way, everything else to the app."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/s/"):
            await self._recipient(scope, receive, send)
            return
        if scope["method"] != "GET" or path.startswith(_NOT_THE_APP):
            await self._app(scope, receive, send)
            return
        https, header = self._is_https(scope), cookie_header(scope)

        async def giving(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(scope, message):
                cookies = self._cookies()
                if not cookies.is_current(header, https=https):
                    owner = await cookies.owner_now(header, https=https) or secrets.token_urlsafe(24)
                    message.setdefault("headers", [])
                    # The page is the same for everybody, but what comes with it is not: no shared cache may keep it.
                    kept = [h for h in message["headers"] if h[0].lower() != b"cache-control"]
                    message["headers"] = [
                        *kept, (b"set-cookie", cookies.header(owner, https=https).encode()),
                        (b"cache-control", b"private, no-cache"),
                    ]  # fmt: skip
            await send(message)

        await self._app(scope, receive, giving)


def _is_page(scope: Scope, message: Message) -> bool:
    """Say whether a page of the app is answered: sent anew, or named as unchanged to a browser that asks for one."""
    if message["status"] == HTTPStatus.NOT_MODIFIED:
        return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    return message["status"] == HTTPStatus.OK and any(
        name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message.get("headers", [])
    )
