"""The door that a tunnel reaches: share pages and their style, and nothing else of this program.

It listens on loopback at a port that the system picks. Everything but `/s/…` is 404, a WebSocket is closed, and a Host
other than the one of the public address is refused. The visitor's address comes from the header that the tunnel's last
hop writes; what a visitor wrote into it stands before that, and is not believed.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_SHARE: Final = "/s/"
_QUIET: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_STOP_S: Final = 5.0  # how long an answer under way may take when the door closes


class ShareOnly:
    """Pure ASGI around the recipients' app. Until `serve_as` names an address, it answers nobody."""

    def __init__(self, recipient: ASGIApp, visitor_header: str) -> None:
        self._recipient = recipient
        self._header = visitor_header.encode()
        self._scheme = "https"
        self._host = ""

    def serve_as(self, address: str) -> None:
        """Answer under this public address from now on; an empty one closes the door."""
        parts = urlsplit(address)
        self._scheme, self._host = parts.scheme or "https", parts.netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let share pages through, and nothing else."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        asked = [value for name, value in headers if name == b"host"]
        if not self._host or len(asked) != 1 or not self._is_ours(asked[0].decode("latin-1")):
            status = HTTPStatus.MISDIRECTED_REQUEST
            await PlainTextResponse("Not here.\n", status, headers=_QUIET)(scope, receive, send)
            return
        if not scope["path"].startswith(_SHARE):
            await PlainTextResponse("Not found.\n", HTTPStatus.NOT_FOUND, headers=_QUIET)(scope, receive, send)
            return
        scope = dict(scope) | {"scheme": self._scheme, "client": (self._visitor(headers), 0)}
        await self._recipient(scope, receive, send)

    def _is_ours(self, asked: str) -> bool:
        default = ":443" if self._scheme == "https" else ":80"
        return asked.lower().removesuffix(default) == self._host.removesuffix(default)

    def _visitor(self, headers: list[tuple[bytes, bytes]]) -> str:
        """Return what the tunnel says of the visitor: the last address of its header; nothing else is believed."""
        said = [value for name, value in headers if name == self._header]
        last = said[-1].decode("latin-1").rpartition(",")[2].strip() if said else ""
        try:
            return str(ipaddress.ip_address(last))
        except ValueError:
            return "127.0.0.1"


class _Server(uvicorn.Server):
    """A server beside the app: the signals of the process are the app's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[int]:
    """Serve on loopback while the context is open; yields the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, log_config=None, access_log=False, ws="none", lifespan="off", proxy_headers=False,
            server_header=False, timeout_graceful_shutdown=int(_STOP_S),
        )  # fmt: skip
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        try:
            yield int(sock.getsockname()[1])
        finally:
            server.should_exit = True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(serving), _STOP_S + 1)
