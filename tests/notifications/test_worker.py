"""The address of the service worker."""

from __future__ import annotations

import httpx
from starlette.applications import Starlette

from lib.notifications import worker


async def test_the_worker_stands_alone_below_its_own_path() -> None:
    """A worker may control what stands beside or below it, and more only where its server says so."""
    transport = httpx.ASGITransport(Starlette(routes=worker.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="https://photos.example") as client:
        answer = await client.get(worker.PATH)
        assert (await client.post(worker.PATH)).status_code == 405
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"  # a mended one is there at once
    assert "service-worker-allowed" not in answer.headers
    assert worker.PATH.startswith("/notifications/")
    assert "fetch" not in answer.text, "it answers no request"
