"""The picker's files: at addresses that name their content, as small as they go, all that a page needs at once."""

from __future__ import annotations

import gzip
import re

import brotli
import httpx
import pytest
from pygments.lexers import JavascriptLexer
from pygments.token import Comment
from starlette.applications import Starlette

from lib.picker import files, tables
from lib.picker.packed import pack
from lib.text.catalogue import LANGUAGES

WHOLE_BYTES = 46_000  # all of the picker, pressed; the plain page has 80 kB for everything
EDITOR_BYTES = 28_000  # of covering and cropping, all of it, once it is opened
FIRST_BYTES = 20_000  # until a photo is chosen


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = Starlette(routes=files.routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here")


def test_the_tables_of_the_script_are_the_servers_own() -> None:
    assert tables.TABLES.read_text("utf-8") == tables.made(), "run: python -m lib.picker.tables"


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_what_a_photo_holds_is_named_out_of_the_senders_catalogue(language: str) -> None:
    assert tables.words_file(language).read_text("utf-8") == tables.made_words(language), (
        "run: python -m lib.picker.tables"
    )


@pytest.mark.parametrize(("accepted", "unpacked"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
async def test_files_are_kept_by_browsers_and_pressed(
    client: httpx.AsyncClient, accepted: str, unpacked: object
) -> None:
    async with client.stream("GET", files.address("clean.js"), headers={"accept-encoding": accepted}) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding", "") == accepted
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert callable(unpacked)
    assert b'"desc"' in unpacked(raw)  # with all that it imports: this is in icc.js


@pytest.mark.parametrize(
    "path",
    [
        "/picker/0123456789ab/mount.js",
        f"/picker/{files.version()}/hidden.test.js",
        f"/picker/{files.version()}/hidden.js",
        f"/picker/{files.version()}/package.json",
        f"/picker/{files.version()}/..%2ffiles.py",
    ],
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "entry", ["mount.js", "streamlit.js", "worker.js", "editor.js", "edit_canvas.js", "waiting.js"]
)
async def test_only_comments_and_blanks_are_left_out(client: httpx.AsyncClient, entry: str) -> None:
    """As another reader of JavaScript sees it: one who took a regular expression for a comment would cut it."""
    served = (await client.get(files.address(entry), headers={"accept-encoding": "identity"})).text
    written = pack(entry, files._read)  # noqa: SLF001 - as it stands in web/
    assert _code(served) == _code(written)
    assert len(served) < 0.8 * len(written)


def _code(script: str) -> str:
    pieces = JavascriptLexer().get_tokens(script)
    return "".join(text for kind, text in pieces if kind not in Comment and text.strip())


async def test_what_a_page_loads_first_is_named_ahead_and_small(client: httpx.AsyncClient) -> None:
    assert files.ahead("en") == (files.address("mount.js"),)
    german = files.ahead("de")
    assert german == (files.address("mount.js"), files.address("words.de.js"))
    assert await _weight(client, german) < FIRST_BYTES
    assert await _weight(client, {*german, files.address("worker.js"), files.address("picker.css")}) < WHOLE_BYTES


async def test_the_editor_is_a_file_of_its_own_and_light(client: httpx.AsyncClient) -> None:
    parts = {"editor.js", "editor.css", "edit_canvas.js", "waiting.js", "cover_words.de.js"}
    assert await _weight(client, {files.address(part) for part in parts}) < EDITOR_BYTES
    assert "class Editor" not in files.pack("mount.js", files._read)  # noqa: SLF001 - what a page loads first


async def _weight(client: httpx.AsyncClient, paths: object) -> int:
    total = 0
    assert isinstance(paths, tuple | set)
    for path in paths:
        async with client.stream("GET", path, headers={"accept-encoding": "br"}) as answer:
            total += sum([len(piece) async for piece in answer.aiter_raw()])
    return total


def test_modules_name_only_files_that_are_there_and_hold_no_code_as_text() -> None:
    for path in files.WEB.glob("*.js"):
        code = path.read_text("utf-8")
        for name in re.findall(r"""(?:from|import\()\s*["']\./([\w.]+)["']""", code):
            assert (files.WEB / name).is_file(), (path.name, name)
        # A strict policy of what may run stays possible.
        assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", code), (
            path.name
        )
