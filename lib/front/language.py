"""The language of the app for one visitor: the one that they chose, kept in a cookie, else their browser's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from lib.settings import below
from lib.text.catalogue import LANGUAGES, NAMES
from lib.text.languages import best_language

COOKIE: Final = "passalong_language"
YEAR_S: Final = 365 * 86_400
_MOST: Final = 2_000  # characters of an address to come back to


def language_of(cookies: Mapping[str, str], accept_language: str) -> str:
    """Return the language to speak with a visitor: one of `LANGUAGES`."""
    chosen = cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else best_language(accept_language, LANGUAGES)


def address(language: str, here: str) -> str:
    """Return the address that chooses a language and leads back to `here`, a path of this server with its query."""
    return f"{below()}/language/{language}?to={quote(here, safe='/')}"


def choices(spoken: str, here: str) -> list[tuple[str, str, str, bool]]:
    """Return code, own name and address of every language, and whether it is the one that is spoken now."""
    return [(code, NAMES[code], address(code, here), code == spoken) for code in LANGUAGES]


def routes(is_https: Callable[[Scope], bool]) -> list[BaseRoute]:
    """Return the route that keeps a choice. It works without script, and needs none of the app."""

    async def choose(request: Request) -> Response:
        answer = RedirectResponse(_back(request.query_params.get("to", "/")), 303, {"Cache-Control": "no-store"})
        language = request.path_params["language"]
        if language in LANGUAGES:
            answer.set_cookie(
                COOKIE, language, max_age=YEAR_S, secure=is_https(request.scope), httponly=True, samesite="lax"
            )
        return answer

    return [Route("/language/{language}", choose, methods=["GET"])]


def _back(wished: str) -> str:
    """Return where to go: a path of this server, and never another server, however it is written."""
    parts = urlsplit(wished)
    inside = wished.startswith("/") and not wished.startswith(("//", "/\\")) and wished.isprintable()
    return wished if inside and not (parts.scheme or parts.netloc) and len(wished) <= _MOST else "/"
