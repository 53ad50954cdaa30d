"""The numbers of this host for Prometheus, at an address of their own. Off until the host sets a token for it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from time import monotonic
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lib.albums.host import Share
from lib.albums.security_log import Event
from lib.hosting.numbers import numbers, prometheus

PATH: Final = "/metrics"
KEPT_S: Final = 10.0  # they count rows: however often they are asked for, no more often than this
_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def routes(share: Callable[[], Share]) -> list[BaseRoute]:
    """Return the one address. Without the token nobody learns that there is one."""
    kept: list[tuple[float, str]] = []

    def metrics(request: Request) -> Response:
        here = share()
        token, given = here.settings.metrics_token, request.headers.get("authorization", "")
        if token is None or not hmac.compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode()):
            if token is not None and given:
                here.security.tell(Event.HOST_GUESSED, request.client.host if request.client else None, "metrics")
            return PlainTextResponse("Not found.\n", 404)
        if not kept or monotonic() - kept[0][0] >= KEPT_S:
            kept[:] = [(monotonic(), prometheus(numbers(here)))]
        return Response(kept[0][1], headers={"Cache-Control": "no-store", "Content-Type": _TYPE})

    return [Route(PATH, metrics, methods=["GET"])]
