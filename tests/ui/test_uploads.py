"""Streamlit's own upload address: which pages may use it, for how much, and when what was sent is given up."""

from __future__ import annotations

import itertools
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lib.settings import read_settings
from lib.uploads import door as front_door
from lib.uploads.door import Door
from lib.uploads.streamlit_uploads import StreamlitUploads, Uploaders

SESSION = "session-of-ana"


class Streamlit:
    """Keeps what arrives, as Streamlit's own route does, and counts the bytes that it read."""

    def __init__(self) -> None:
        self.held: dict[str, int] = {}
        self.active = {SESSION}
        self.read = 0

    async def upload(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.held.pop(request.path_params["file"], None)
            return Response(status_code=204)
        size = 0
        async for piece in request.stream():
            size += len(piece)
            self.read += len(piece)
        self.held[request.path_params["file"]] = size
        return Response(status_code=204)


@pytest.fixture
def streamlit() -> Streamlit:
    return Streamlit()


@pytest.fixture
def uploaders() -> Uploaders:
    return Uploaders()


@pytest.fixture
def app(streamlit: Streamlit, uploaders: Uploaders, tmp_path: Any) -> StreamlitUploads:
    settings = read_settings(data_dir=tmp_path, max_photo_bytes=60_000_000, photo_memory_bytes=100_000_000)
    route = Route("/_stcore/upload_file/{session}/{file}", streamlit.upload, methods=["PUT", "DELETE"])
    return StreamlitUploads(
        Starlette(routes=[route]), door=Door(), uploaders=uploaders, settings=lambda: settings,
        is_active=streamlit.active.__contains__, free=lambda _session: streamlit.held.clear(),
    )  # fmt: skip


@pytest.fixture
def browser(app: StreamlitUploads) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app.example")


_number = itertools.count()


async def put(browser: httpx.AsyncClient, size: int = 1_000, session: str = SESSION, file: str = "") -> int:
    name = file or f"file-{next(_number)}"
    answer = await browser.put(f"/_stcore/upload_file/{session}/{name}", content=b"x" * size)
    return answer.status_code


async def test_a_page_without_an_uploader_takes_nothing_and_not_a_byte_is_read(
    browser: httpx.AsyncClient, streamlit: Streamlit, uploaders: Uploaders
) -> None:
    assert await put(browser, 5_000_000) == 403
    uploaders.shows(SESSION, 1)
    uploaders.page_ends(SESSION)
    assert await put(browser, session="session-of-ben") == 403
    assert streamlit.read == 0
    uploaders.page_begins(SESSION)  # another page, without one
    uploaders.page_ends(SESSION)
    assert await put(browser) == 403
    assert streamlit.read == 0


async def test_it_takes_as_many_files_as_the_page_asks_for_and_room_comes_back(
    browser: httpx.AsyncClient, uploaders: Uploaders
) -> None:
    uploaders.shows(SESSION, 2)
    uploaders.page_ends(SESSION)
    assert [await put(browser, file=name) for name in ("a", "b", "c", "b")] == [204, 204, 413, 204]
    await browser.delete(f"/_stcore/upload_file/{SESSION}/a")
    assert await put(browser, file="c") == 204
    uploaders.page_begins(SESSION)
    assert await put(browser, file="c") == 204, "while the page runs, what it showed before counts"
    uploaders.shows(SESSION, 2)
    uploaders.uses(SESSION, ["b", "c"])
    assert uploaders.page_ends(SESSION) == set()
    uploaders.page_begins(SESSION)
    uploaders.shows(SESSION, 2)  # a fresh uploader, empty
    assert uploaders.page_ends(SESSION) == {"b", "c"}
    assert [await put(browser) for _ in range(3)] == [204, 204, 413]


async def test_all_together_fit_into_the_memory_for_photos(
    browser: httpx.AsyncClient, streamlit: Streamlit, uploaders: Uploaders
) -> None:
    for session in (SESSION, "session-of-ben"):
        uploaders.shows(session, 30)
    assert [await put(browser, 40_000_000), await put(browser, 40_000_000, "session-of-ben")] == [204, 204]
    read = streamlit.read
    assert await put(browser, 40_000_000) == 413
    assert await put(browser, 70_000_000) == 413, "more than one file may have"
    assert streamlit.read == read


async def test_a_body_that_never_ends_stops_at_the_limit_and_counts_for_nothing(
    browser: httpx.AsyncClient, streamlit: Streamlit, uploaders: Uploaders
) -> None:
    uploaders.shows(SESSION, 1)

    async def endless() -> Any:
        while True:
            yield b"x" * 1_000_000

    answer = await browser.put(f"/_stcore/upload_file/{SESSION}/a", content=endless())
    assert answer.status_code == 413
    assert streamlit.held == {}
    assert streamlit.read <= 61_000_000
    assert await put(browser) == 204


async def test_a_full_disk_and_too_many_at_once_are_told_before_a_byte_is_read(
    browser: httpx.AsyncClient, streamlit: Streamlit, uploaders: Uploaders, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploaders.shows(SESSION, 9)
    with monkeypatch.context() as patched:
        patched.setattr(front_door, "KEEP_FREE_BYTES", 10**15)
        assert await put(browser) == 507
    monkeypatch.setattr(front_door, "OF_NETWORK", 0)
    assert await put(browser) == 429
    assert streamlit.read == 0


async def test_files_are_given_up_when_the_line_of_their_page_closes(
    app: StreamlitUploads, browser: httpx.AsyncClient, streamlit: Streamlit, uploaders: Uploaders
) -> None:
    uploaders.shows(SESSION, 1)
    assert await put(browser) == 204

    async def nothing(*_: Any) -> Any:
        return None

    line = {"type": "websocket", "path": "/_stcore/stream", "headers": []}
    app._app = nothing  # noqa: SLF001 - what the app does on a line does not matter here
    await app(line, nothing, nothing)
    assert streamlit.held, "another page's line closed"
    streamlit.active.clear()
    await app(line, nothing, nothing)
    assert streamlit.held == {}
    assert not uploaders.knows(SESSION)
