"""Streamlit's own upload address behind our front door: only for a page that shows an uploader, and never for long.

Streamlit takes files from any session, however many, and keeps them in memory for minutes after its page is closed.
Here a session is let in while its page shows an uploader, for as many files as that one takes; all that is held
together fits into the memory for photos; and when the page's line closes, its files are given up.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.albums.problems import NoRoom, ShareProblem, TooManyPhotos
from lib.problems import Problem
from lib.settings import Settings
from lib.text.later import later
from lib.uploads.door import Door, announced_bytes, body, status_of

_ADDRESS: Final = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)")
_LINE: Final = "/_stcore/stream"
_FORM_BYTES: Final = 65_536  # that a form adds around its file


class NoUploader(ShareProblem):
    """A session whose page shows no uploader sent a file."""

    title = later("This upload was refused")
    fix = later("Load the page again and choose the file there.")
    status = 403

    def __init__(self) -> None:
        super().__init__(later("This page takes no files just now."))


class FileTooLarge(ShareProblem):
    """More bytes than one file may have."""

    title = later("The file is too large")
    fix = later("Choose a smaller one.")
    status = 413

    def __init__(self) -> None:
        super().__init__(later("It has more bytes than one file may have."))


@dataclass
class _Session:
    most: int = 0  # files that its page takes now
    drawn: int = 0  # … as far as the page's run has come
    files: dict[str, int] = field(default_factory=dict)  # file id -> bytes
    used: set[str] = field(default_factory=set)  # ids of files that the page showed at the end of its last run
    seen: set[str] = field(default_factory=set)  # … and as far as its run has come


class Uploaders:
    """Which sessions show an uploader, and what they hold. Pages tell from their own threads."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()

    def page_begins(self, session: str) -> None:
        """A run of the page begins. What it showed counts until its end: files come while it runs."""
        with self._lock:
            if session in self._sessions:
                self._sessions[session].drawn = 0
                self._sessions[session].seen = set()

    def shows(self, session: str, files: int) -> None:
        """The page shows an uploader for so many files."""
        with self._lock:
            known = self._sessions.setdefault(session, _Session())
            known.drawn += files
            known.most = max(known.most, known.drawn)

    def uses(self, session: str, files: Iterable[str]) -> None:
        """An uploader of the page holds these files."""
        with self._lock:
            if session in self._sessions:
                self._sessions[session].seen.update(files)

    def page_ends(self, session: str) -> set[str]:
        """The run is over: only what it showed counts from now on. Returns files that no uploader holds any more."""
        with self._lock:
            if (known := self._sessions.get(session)) is None:
                return set()
            left = known.used - known.seen
            for file in left:
                known.files.pop(file, None)
            known.most, known.used = known.drawn, known.seen
            return left

    def take(self, session: str, file: str, size: int, limit: int) -> None:
        """Count a file before it comes. Raises `NoUploader`, `TooManyPhotos` and `NoRoom`."""
        with self._lock:
            known = self._sessions.get(session)
            if known is None or not known.most:
                raise NoUploader
            if file not in known.files and len(known.files) >= known.most:
                raise TooManyPhotos(later("This page takes at most {n} files.", n=known.most))
            held = sum(sum(one.files.values()) for one in self._sessions.values()) - known.files.get(file, 0)
            if held + size > limit:
                raise NoRoom(
                    later("There is no room for more files at the moment."), fix=later("Try again in a few minutes.")
                )
            known.files[file] = size

    def give_up(self, session: str, file: str) -> None:
        """A file was taken out, or did not arrive."""
        with self._lock:
            if session in self._sessions:
                self._sessions[session].files.pop(file, None)

    def ended(self, is_active: Callable[[str], bool]) -> list[str]:
        """Forget sessions whose page is closed, and return them."""
        with self._lock:
            over = [session for session in self._sessions if not is_active(session)]
            for session in over:
                del self._sessions[session]
            return over

    def knows(self, session: str) -> bool:
        """Say whether a session showed an uploader since its line was opened."""
        with self._lock:
            return session in self._sessions


class StreamlitUploads:
    """Pure ASGI around Streamlit. `is_active` says whether a session's line is open, `free` gives up its files."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        door: Door,
        uploaders: Uploaders,
        settings: Callable[[], Settings],
        is_active: Callable[[str], bool],
        free: Callable[[str], None],
    ) -> None:
        self._app = app
        self._door = door
        self._uploaders = uploaders
        self._settings = settings
        self._is_active = is_active
        self._free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in what a page asked for; tidy up after a page that is closed."""
        if scope["type"] == "websocket" and scope["path"] == _LINE:
            try:
                await self._app(scope, receive, send)
            finally:
                for session in self._uploaders.ended(self._is_active):
                    self._free(session)
            return
        found = _ADDRESS.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] not in {"PUT", "DELETE"}:
            await self._app(scope, receive, send)
        elif scope["method"] == "DELETE":
            await self._app(scope, receive, send)
            self._uploaders.give_up(found[1], found[2])
        else:
            await self._put(found[1], found[2], Request(scope, receive), send)

    async def _put(self, session: str, file: str, request: Request, send: Send) -> None:
        settings, status = self._settings(), 0
        most = settings.max_photo_bytes + _FORM_BYTES
        size = announced_bytes(request, most)

        async def sending(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            if int(request.headers.get("content-length") or 0) > most:
                raise FileTooLarge
            async with self._door.entered(request, settings):
                self._uploaders.take(session, file, size, settings.photo_memory_bytes)
                try:
                    whole = _told(body(request, settings, most, FileTooLarge))
                    await self._app(request.scope, whole, sending)
                finally:
                    if status != HTTPStatus.NO_CONTENT:
                        self._uploaders.give_up(session, file)
        except Problem as problem:
            self._door.refused(request, problem)
            words = f"{problem} {problem.fix}"
            answer = PlainTextResponse(words, status_of(problem), {"Connection": "close"})
            await answer(request.scope, request.receive, send)


def _told(receive: Receive) -> Receive:
    """Let Streamlit's own error handling answer what goes wrong while it reads."""

    async def receiving() -> Message:
        try:
            return await receive()
        except Problem as problem:
            raise HTTPException(status_of(problem), f"{problem} {problem.fix}") from None

    return receiving
