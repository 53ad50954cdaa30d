"""What guards the app's own pages: names, addresses that nobody needs, and the headers that browsers obey.

Share pages (`/s/…`) and the plain upload page set their own, stricter headers; those stay as they are.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.front.door import Front
from lib.front.hosts import Hosts
from lib.front.index_page import inline_scripts, page_not_found
from lib.front.language import language_of
from lib.front.pages import PAGES
from lib.settings import below
from lib.text.catalogue import Catalogue, catalogue

SHARE: Final = "/s/"
# What the front and Streamlit serve. Of Streamlit's inner addresses only those that a page of this app uses stay open:
# no figures of the process, no door for programs.
_INNER: Final = "/_stcore/"
_INNER_OPEN: Final = ("health", "host-config", "stream", "upload_file/", "bidi-components/")
_STREAMLIT: Final = ("/front/", "/static/", "/media/", "/component/", "/auth/")
_STREAMLIT_PAGES: Final = ("/oauth2callback", "/favicon.png")
_CLOSED_TO_ROBOTS: Final = (SHARE, "/api/", _INNER, "/media/", "/links", "/send")
_HSTS: Final = "max-age=31536000"  # a year; not for subdomains, which may be other people's
_PERMISSIONS: Final = (
    "camera=(self), clipboard-read=(self), clipboard-write=(self), web-share=(self), fullscreen=(self), "
    "accelerometer=(), browsing-topics=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), serial=(), usb=()"
)
_WRONG_HOST: Final = (
    "This server does not answer to that name.\n\nIf you run it: set public_url to the address at which people reach "
    "it, or add the name to allowed_hosts.\n"
)


def policy(host: str, scripts: Iterable[str]) -> str:
    """Return the Content-Security-Policy of a page. `scripts` are those that stand in the page itself.

    What Streamlit needs and we do not like: styles made while it runs, `blob:` scripts for parts of a page, and
    WebAssembly. Nothing may be made of text while it runs, and nothing may come from, or go to, any other server.
    """
    marks = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
    hashes = " ".join(f"'sha256-{mark}'" for mark in marks)
    rules = (
        "default-src 'none'",
        f"script-src 'self' blob: 'wasm-unsafe-eval' {hashes}".rstrip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        f"connect-src 'self' blob: data: ws://{host} wss://{host}",  # older Safari does not count a line as 'self'
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
    return "; ".join(rules)


class Guard:
    """Pure ASGI, before everything else."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Hosts,
        front: Front,
        routes: Sequence[BaseRoute],
        is_https: Callable[[Scope], bool],
    ) -> None:
        """`routes` are what is served beside the app."""
        self._app = app
        self._hosts = hosts
        self._pages = frozenset(f"/{page.path}" for page in PAGES)
        self._routes = routes
        self._scripts = tuple(inline_scripts(front.files.page))
        self._is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a strange name, close what nobody needs, and give every answer its headers."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")
        if not self._hosts.knows(host):
            await _refuse(scope, receive, send)
            return
        path: str = scope["path"]
        if self._is_https(scope):
            send = self._over_https_only(send)
        if scope["type"] == "websocket" or path.startswith(SHARE):  # a recipient's page brings its other headers itself
            await self._app(scope, receive, send)
            return
        answer = self._answer(scope)
        await (answer or self._app)(scope, receive, self._with_headers(host, send))

    def _answer(self, scope: Scope) -> Response | None:
        """Return the answer to what the app should not see, or None."""
        path: str = scope["path"]
        if path == "/robots.txt":
            return PlainTextResponse(_robots(), headers={"Cache-Control": "public, max-age=86400"})
        if path in self._pages or self._is_served(scope):
            return None
        if path.rstrip("/") in self._pages and path.startswith("/") and not path.startswith("//"):
            query = scope.get("query_string", b"").decode("latin-1")
            return RedirectResponse(path.rstrip("/") + (f"?{query}" if query else ""), HTTPStatus.PERMANENT_REDIRECT)
        return HTMLResponse(page_not_found(_spoken(scope)), HTTPStatus.NOT_FOUND, headers={"Cache-Control": "no-store"})

    def _is_served(self, scope: Scope) -> bool:
        """Say whether anything but an app's page answers here."""
        path: str = scope["path"]
        if path.startswith(_INNER):
            rest = path.removeprefix(_INNER)
            return any(rest == one or (one.endswith("/") and rest.startswith(one)) for one in _INNER_OPEN)
        if path.startswith(_STREAMLIT) or path in _STREAMLIT_PAGES:
            return True
        return any(route.matches(scope)[0] is not Match.NONE for route in self._routes)

    @staticmethod
    def _over_https_only(send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Strict-Transport-Security", _HSTS)
            await send(message)

        return guarded

    def _with_headers(self, host: str, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Referrer-Policy", "same-origin")
                    headers.setdefault("Permissions-Policy", _PERMISSIONS)
                    headers.setdefault("Content-Security-Policy", policy(host, self._scripts))
                    headers.setdefault("X-Frame-Options", "DENY")  # for browsers that do not know frame-ancestors
                    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
            await send(message)

        return guarded


def _robots() -> str:
    return "".join(("User-agent: *\n", *(f"Disallow: {below()}{path}\n" for path in _CLOSED_TO_ROBOTS)))


def _spoken(scope: Scope) -> Catalogue:
    headers = Headers(scope=scope)
    return catalogue(language_of(cookie_parser(headers.get("cookie", "")), headers.get("accept-language", "")))


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    await PlainTextResponse(_WRONG_HOST, HTTPStatus.MISDIRECTED_REQUEST, headers=headers)(scope, receive, send)
