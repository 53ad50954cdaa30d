"""The middleware around the app: its page, its files, its fonts."""

from __future__ import annotations

import threading
from http import HTTPStatus
from pathlib import Path
from typing import Final

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.front.compressed import SUFFIXES, Compressed, wanted_encoding, worth_it
from lib.front.index_page import index_page
from lib.front.kept import Kept, fingerprint
from lib.front.language import language_of
from lib.front.own_files import OwnFiles
from lib.front.pages import PAGES
from lib.front.streamlit_files import StreamlitFiles, media_type
from lib.text.catalogue import catalogue

_VARY: Final = "Accept-Encoding, Accept-Language, Cookie"
_YEAR: Final = "public, immutable, max-age=31536000"


class Front:
    """What stands around Streamlit's page. `prepare` makes everything ahead; without it, it is made when asked for."""

    def __init__(self, keep_in: Path, files: StreamlitFiles | None = None) -> None:
        self.files = files or StreamlitFiles()
        kept = Kept(keep_in)
        self._pressed = Compressed(kept)
        self._own = OwnFiles(self.files, kept)
        self._pages: Final = {f"/{page.path}": page for page in PAGES}
        self._texts: dict[tuple[str, str], bytes] = {}  # (path, language) -> the page
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Cut the fonts, and press what every first visit asks for. Returns when all of it is kept."""
        with self._lock:  # made once, by whoever comes first
            own = list(self._own.items())
        asked = [(name, self.files.read(name)) for name in sorted(self.files.names) if f"./{name}" in self.files.page]
        for name, content in (*own, *asked):
            if worth_it(name, len(content)):
                self._pressed.press_whole(content, "br")
                self._pressed.press_whole(content, "gzip")

    def prepare_beside(self) -> None:
        """Do that beside everything else: the app answers meanwhile."""
        threading.Thread(target=self.prepare, name="passalong-front", daemon=True).start()

    def answer(self, path: str, headers: Headers) -> Response | None:
        """Return the answer to a GET, or None where Streamlit answers as it always does."""
        if path in self._pages:
            return self._page(path, headers) if self.files.page else None
        name = path.removeprefix("/")
        if name.startswith("front/"):
            with self._lock:
                content = self._own.get(name)
            return self._send(name, content, headers) if content is not None else None
        if name in self.files.names and "range" not in headers and name.endswith(SUFFIXES):
            return self._send(name, self.files.read(name), headers)
        return None

    def _page(self, path: str, headers: Headers) -> Response:
        spoken = language_of(cookie_parser(headers.get("cookie", "")), headers.get("accept-language", ""))
        if (path, spoken) not in self._texts:
            with self._lock:
                addresses = self._own.addresses
            self._texts[path, spoken] = index_page(self.files, self._pages[path], addresses, catalogue(spoken)).encode()
        text = self._texts[path, spoken]
        tag = f'"{fingerprint(text)}"'
        if tag in headers.get("if-none-match", ""):
            answer = Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"Vary": _VARY})
        else:
            answer = self._send("index.html", text, headers)
        answer.headers["Vary"] = _VARY
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["ETag"] = tag
        return answer

    def _send(self, name: str, content: bytes, headers: Headers) -> Response:
        """Return a file, pressed where the browser takes that and it helps."""
        more = {"Cache-Control": _YEAR}
        if worth_it(name, len(content)):
            more["Vary"] = "Accept-Encoding"
            encoding = wanted_encoding(headers.get("accept-encoding", ""))
            if encoding:
                more["Content-Encoding"] = encoding
                content = self._pressed.press(content, encoding)
        return Response(content, media_type=media_type(name), headers=more)


class FrontDoor:
    """Pure ASGI: asks the front first, then the app."""

    def __init__(self, app: ASGIApp, front: Front) -> None:
        self._app = app
        self._front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what the front knows; let the app answer everything else."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        answer = await to_thread.run_sync(self._front.answer, scope["path"], Headers(scope=scope))
        await (answer or self._app)(scope, receive, send)
