"""The service worker that shows messages. It stands below a path of its own, so that it has no say in any page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

PATH: Final = "/notifications/worker.js"
_SCRIPT: Final = Path(__file__).with_name("worker.js").read_text(encoding="utf-8")
_HEADERS: Final = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


def routes() -> list[BaseRoute]:
    """Return its one address."""
    return [Route(PATH, _worker, methods=["GET"])]


async def _worker(_request: Request) -> Response:
    return Response(_SCRIPT, headers=_HEADERS, media_type="text/javascript; charset=utf-8")
