"""The picker's files at addresses that name their content, so that a browser fetches each of them once."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import brotli
from rjsmin import jsmin
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.front.compressed import Encoding, wanted_encoding
from lib.picker.packed import pack
from lib.settings import below

WEB: Final = Path(__file__).parent / "web"
FIRST: Final = "mount.js"  # what a page loads; the worker's modules follow when a photo is chosen
_TYPES: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_COVERING: Final = ("editor.js", "edit_canvas.js", "waiting.js")  # load where somebody covers something
# Each leaves with all that it imports.
_ENTRIES: Final = ("mount.js", "streamlit.js", "worker.js", "clean.js", *_COVERING)
_HEADERS: Final = {
    "Cache-Control": "public, immutable, max-age=31536000",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@cache
def _files() -> dict[str, bytes]:
    """Every file that is served: a few packed modules without comments, the style, and words; no tests."""
    entries = {name: str(jsmin(pack(name, _read))).encode() for name in _ENTRIES}
    beside = (path for path in sorted(WEB.iterdir()) if path.suffix == ".css" or path.match("*words.*.js"))
    return entries | {path.name: path.read_bytes() for path in beside}


def _read(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


@cache
def version() -> str:
    """Return the name of all files together: another as soon as one of them changes, for they name each other."""
    whole = hashlib.sha256()
    for name, content in _files().items():
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:12]


def address(name: str = FIRST) -> str:
    """Return where a file of the picker is: `/picker/<version>/<name>`. Raises `KeyError` for an unknown one."""
    _files()[name]
    return f"{below()}/picker/{version()}/{name}"


def ahead(language: str, name: str = FIRST) -> tuple[str, ...]:
    """Return what a page needs until a photo is chosen, to be named in `<link rel="modulepreload">`.

    That is the module and the words of a language; English words are in the module itself.
    """
    words = f"words.{language}.js"
    return (address(name), address(words)) if words in _files() else (address(name),)


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
