"""The picker's files at addresses that name their content, so that a browser fetches each of them once."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.front.compressed import Encoding, wanted_encoding

WEB: Final = Path(__file__).parent / "web"
FIRST: Final = "mount.js"  # what a page loads; the worker's modules follow when a photo is chosen
_TYPES: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_IMPORT: Final = re.compile(r"""^\s*(?:import|export)\b[^"';]*?from\s*["']\./([\w.]+)["']""", re.MULTILINE)
_HEADERS: Final = {
    "Cache-Control": "public, immutable, max-age=31536000",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@cache
def _files() -> dict[str, bytes]:
    """Every file that is served. The tests beside the modules stay here."""
    return {
        path.name: path.read_bytes()
        for path in sorted(WEB.iterdir())
        if path.suffix in _TYPES and not path.name.endswith(".test.js")
    }


@cache
def version() -> str:
    """Return the name of all files together: another as soon as one of them changes, for they name each other."""
    whole = hashlib.sha256()
    for name, content in _files().items():
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:12]


def address(name: str = FIRST) -> str:
    """Return where a file of the picker is: `/picker/<version>/<name>`. Raises `KeyError` for a file that is none."""
    _files()[name]
    return f"/picker/{version()}/{name}"


@cache
def preloads(name: str = FIRST) -> tuple[str, ...]:
    """Return the addresses of a module and of all that it imports, to be named in `<link rel="modulepreload">`."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found.append(one)
            waiting += _IMPORT.findall(_files()[one].decode())
    return tuple(map(address, found))


def words_of(language: str) -> tuple[str, ...]:
    """Return the address of the words of a language; none for English, which the modules hold themselves."""
    name = f"words.{language}.js"
    return (address(name),) if name in _files() else ()


@cache
def _pressed(name: str, encoding: Encoding | None) -> bytes:
    content = _files()[name]
    if encoding == "br":
        return bytes(brotli.compress(content))
    return gzip.compress(content, 9, mtime=0) if encoding == "gzip" else content


async def _send(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _files() or request.path_params["version"] != version():
        # An address of yesterday's version: the page that named it is loaded anew.
        return Response("This page is older than the app. Load it again.", 404, {"Cache-Control": "no-store"})
    encoding = wanted_encoding(request.headers.get("accept-encoding", ""))
    content = await run_in_threadpool(_pressed, name, encoding)
    headers = _HEADERS | ({"Content-Encoding": encoding} if encoding else {})
    return Response(content, 200, headers, media_type=_TYPES[Path(name).suffix])


def routes() -> list[BaseRoute]:
    """Return the route of the files."""
    return [Route("/picker/{version}/{name}", _send, methods=["GET"])]
