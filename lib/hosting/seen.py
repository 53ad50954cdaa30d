"""What the running app sees of a request: asked by `host-check` alone, which knows the host's key.

Only so can it be told from outside whether a proxy passes on who comes, or what a visitor made up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lib.albums.host import Share

PATH: Final = "/api/host/seen"
HEADER: Final = "X-Passalong-Check"
PURPOSE: Final = "host-check"
LIFE_S: Final = 120.0


def routes(share: Callable[[], Share]) -> list[BaseRoute]:
    """Return the one address; whoever has no fresh signature finds nothing there."""

    def seen(request: Request) -> Response:
        keys = share().keys
        if keys.read(PURPOSE, request.headers.get(HEADER, ""), LIFE_S) is None:
            return PlainTextResponse("Not found.\n", 404)
        answer = {
            "address": request.client.host if request.client else "", "scheme": request.url.scheme, "mark": keys.mark,
        }  # fmt: skip
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return [Route(PATH, seen, methods=["GET"])]
