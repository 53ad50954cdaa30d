"""Everything that this server answers beside the app itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """Return the routes of share pages, photos, drafts and the plain upload page."""
    return []


def middleware() -> list[Middleware]:
    """Return what stands before every request: the owner cookie and the security headers."""
    return []


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Open the share host at start, sweep while it runs, close it at the end."""
    yield {}
