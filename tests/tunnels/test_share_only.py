"""What a tunnel reaches is never the app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from lib.albums.guesses import network
from lib.front.pages import PAGES
from lib.recipients.recipient import Recipient
from lib.tunnels.share_only import ShareOnly, listening
from tests.tunnels.conftest import Home

HOST = "8beaa541ba3dc2.lhr.life"


@pytest.fixture
async def door(home: Home) -> AsyncIterator[httpx.AsyncClient]:
    recipient = Recipient(lambda: home.share)
    app = ShareOnly(recipient, "x-forwarded-for")
    app.serve_as(f"https://{HOST}")
    async with listening(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        client.headers["host"] = HOST
        yield client
    await recipient.finish()


async def test_share_pages_and_their_style_are_served(door: httpx.AsyncClient, home: Home) -> None:
    page = await door.get(home.path)
    assert page.status_code == 200
    assert "By the sea" in page.text
    assert (await door.get(f"{home.path}/p/1.jpg")).headers["content-type"] == "image/jpeg"
    assert (await door.get("/s/_/icon.svg")).status_code == 200
    assert f" {HOST}/s/" in page.headers["content-security-policy"]  # it knows its own address


async def test_nothing_else_is_there(door: httpx.AsyncClient) -> None:
    paths = [
        *(f"/{page.path}" for page in PAGES), "/send", "/api/drafts", "/_stcore/health", "/_stcore/host-config",
        "/static/js/main.js", "/media/x", "/component/x", "/auth/login", "/oauth2callback", "/robots.txt",
        "/manifest.webmanifest", "/metrics", "/s", "//s/x", "/S/x", "/%2e%2e/s/x",
    ]  # fmt: skip
    wrong = {}
    for path in paths:
        for method in ("GET", "POST"):
            status = (await door.request(method, path)).status_code
            if status != 404:
                wrong[method, path] = status
    assert wrong == {}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "evil.example", f"{HOST}.evil.example", f"x.{HOST}", ""])
async def test_another_name_is_refused(door: httpx.AsyncClient, home: Home, host: str) -> None:
    answer = await door.get(home.path, headers={"host": host})
    assert answer.status_code in {400, 421}
    assert "By the sea" not in answer.text


async def test_no_websocket_opens(door: httpx.AsyncClient) -> None:
    _, writer = reader, out = await asyncio.open_connection("127.0.0.1", door.base_url.port)
    out.write(
        f"GET /s/stream HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    status = await reader.readline()
    writer.close()
    assert b" 101 " not in status
    assert status.split()[1] in {b"404", b"400", b"403"}


async def test_the_visitor_is_who_the_tunnel_says_and_not_who_they_say() -> None:
    seen: list[str] = []

    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        del receive, send
        seen.append(scope["client"][0])  # type: ignore[index]
        seen.append(str(scope["scheme"]))

    door = ShareOnly(app, "x-forwarded-for")  # type: ignore[arg-type]
    door.serve_as(f"https://{HOST}")
    for said in ([b"6.6.6.6, 203.0.113.9"], [b"6.6.6.6", b"203.0.113.9"], [b"6.6.6.6, not an address"], []):
        headers = [(b"host", HOST.encode()), *((b"x-forwarded-for", one) for one in said)]
        scope = {"type": "http", "path": "/s/x", "headers": headers, "client": ("127.0.0.1", 1), "scheme": "http"}
        await door(scope, None, None)  # type: ignore[arg-type]
    assert seen[::2] == ["203.0.113.9", "203.0.113.9", "127.0.0.1", "127.0.0.1"]
    assert set(seen[1::2]) == {"https"}
    assert network("203.0.113.9") != network("127.0.0.1")
