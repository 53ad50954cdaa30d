"""The front over HTTP: page, files, fonts; of the Streamlit that is installed, and of ones that look otherwise."""

import gzip
import re
import shutil
from pathlib import Path

import brotli
import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.front import PAGES, AppPage, Front
from lib.front.door import FrontDoor
from lib.front.streamlit_files import StreamlitFiles
from lib.settings import ROOT, settings


async def beyond(scope: Scope, receive: Receive, send: Send) -> None:
    """What the front does not answer."""
    await PlainTextResponse("streamlit")(scope, receive, send)


def browser(app: ASGIApp, accept: str = "br, gzip") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://app.test", headers={"accept-encoding": accept})


def front(folder: Path, files: StreamlitFiles | None = None) -> FrontDoor:
    return FrontDoor(beyond, Front(folder, files))


@pytest.fixture(scope="module")
def door() -> FrontDoor:
    made = Front(settings().cache_folder)
    made.prepare()
    return FrontDoor(beyond, made)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path or "home")
async def test_every_page_has_a_name_and_a_description_of_its_own(door: FrontDoor, page: AppPage) -> None:
    path = page.path
    answer = await browser(door).get(f"/{path}")
    text = answer.text
    assert re.search("<title>(.+?)</title>", text)[1] == page.full_title  # type: ignore[index]
    told = re.search('<meta name="description" content="(.+?)" />', text)
    assert told
    assert 80 <= len(told[1]) <= 170  # what a search result shows
    assert text.split("-->", 1)[1].lstrip().startswith("<!DOCTYPE html>")
    assert "Copyright (c) Streamlit" in text.split("-->", 1)[0]
    assert '<div id="root"></div>' in text
    assert "You need to enable JavaScript" not in text
    assert "MCP" not in text
    assert 'href="./send"' in text  # the way without script
    assert answer.headers["cache-control"] == "no-cache"
    again = await browser(door).get(f"/{path}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_titles_and_descriptions_are_not_the_same_words_twice() -> None:
    assert len({page.description for page in PAGES}) == len(PAGES)
    assert {page.file for page in PAGES} == {path.name for path in (ROOT / "pages").glob("*.py")}


async def test_everything_that_the_page_names_is_there(door: FrontDoor) -> None:
    client = browser(door)
    text = (await client.get("/create")).text
    named = set(re.findall(r'(?:href|src)="\./((?:front|static)/[^"]+)"', text))
    assert len(named) > 40
    for name in named:
        answer = await client.get(f"/{name}")
        assert answer.status_code == 200
        if not name.endswith(".woff2"):
            assert answer.text != "streamlit", name
        assert answer.headers.get("cache-control") == "public, immutable, max-age=31536000", name


async def test_the_style_names_fonts_that_are_there(door: FrontDoor) -> None:
    client = browser(door)
    text = (await client.get("/")).text
    style = re.search(r'href="\./(front/style[^"]+)"', text)
    assert style
    css = (await client.get(f"/{style[1]}")).text
    fonts = re.findall(r"url\(([^)d][^)]*)\)", css)
    assert any("front" not in font and "MaterialSymbols" in font for font in fonts)
    for font in fonts:
        path = str(httpx.URL("http://app.test/front/x.css").join(font).path)
        answer = await client.get(path)
        assert answer.headers["content-type"] == "font/woff2" or path.removeprefix("/") in StreamlitFiles().names, path


@pytest.mark.parametrize(("accept", "read"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
async def test_a_file_of_streamlit_goes_out_pressed_and_reads_back(door: FrontDoor, accept: str, read: object) -> None:
    files = StreamlitFiles()
    name = max((one for one in files.names if f"./{one}" in files.page), key=lambda one: len(files.read(one)))
    async with browser(door, accept).stream("GET", f"/{name}") as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == accept
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert read(raw) == files.read(name)  # type: ignore[operator]
    assert len(raw) * 3 < len(files.read(name))


async def test_a_browser_that_takes_no_encoding_gets_the_bytes_and_the_same_vary(door: FrontDoor) -> None:
    files = StreamlitFiles()
    name = next(one for one in sorted(files.names) if one.endswith(".js") and len(files.read(one)) > 10_000)
    answer = await browser(door, "identity").get(f"/{name}")
    assert answer.content == files.read(name)
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/front/style.000000000000.css", "/front/", "/front/../settings.py", "/static/../index.html", "/static/js/none.js",
     "/static/js/..%2f..%2findex.html", "/s/abc", "/_stcore/health", "/create/more", "/unknown"],
)  # fmt: skip
async def test_what_is_not_ours_is_left_to_the_app(door: FrontDoor, path: str) -> None:
    assert (await browser(door).get(path)).text == "streamlit"


async def test_a_part_of_a_file_and_a_post_are_left_to_the_app(door: FrontDoor) -> None:
    name = next(one for one in StreamlitFiles().names if one.endswith(".js"))
    assert (await browser(door).get(f"/{name}", headers={"range": "bytes=0-10"})).text == "streamlit"
    assert (await browser(door).post("/create")).text == "streamlit"


def other_streamlit(folder: Path, page: str) -> StreamlitFiles:
    """An installed Streamlit with another page."""
    there = folder / "static"
    (there / "static" / "js").mkdir(parents=True)
    (there / "static" / "js" / "main.abc.js").write_text("let a = 1;\n" * 200, encoding="utf-8")
    if page:
        (there / "index.html").write_text(page, encoding="utf-8")
    return StreamlitFiles(there)


async def test_a_page_of_streamlit_that_looks_otherwise_leaves_as_it_is(tmp_path: Path) -> None:
    strange = "<html><body><main id='app'></main></body></html>"
    client = browser(front(tmp_path / "cache", other_streamlit(tmp_path, strange)))
    assert (await client.get("/create")).text == strange
    assert (await client.get("/static/js/main.abc.js")).headers["content-encoding"] == "br"


async def test_a_streamlit_without_fonts_and_styles_still_gets_names_and_words(tmp_path: Path) -> None:
    head = '<!DOCTYPE html><html><head><meta charset="UTF-8" /><title>S</title></head>'
    page = f'{head}<body><div id="root"></div></body></html>'
    client = browser(front(tmp_path / "cache", other_streamlit(tmp_path, page)))
    text = (await client.get("/")).text
    assert "<title>Send photos by a link · Passalong</title>" in text
    assert "preload" not in text
    style = re.search(r'href="\./(front/style[^"]+)"', text)
    assert style
    assert "#front-first" in (await client.get(f"/{style[1]}")).text


async def test_without_any_page_streamlit_answers(tmp_path: Path) -> None:
    client = browser(front(tmp_path / "cache", other_streamlit(tmp_path, "")))
    assert (await client.get("/")).text == "streamlit"


async def test_a_font_that_cannot_be_cut_is_served_whole(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = StreamlitFiles()
    shutil.copytree(files.folder / "static" / "css", tmp_path / "static" / "static" / "css")
    media = tmp_path / "static" / "static" / "media"
    media.mkdir()
    for family in ("MaterialSymbols-Rounded", "SourceSansVF-Upright"):
        (media / Path(files.font(family)).name).write_bytes(b"not a font at all")
    shutil.copy(files.folder / "index.html", tmp_path / "static")
    client = browser(front(tmp_path / "cache", StreamlitFiles(tmp_path / "static")))
    style = re.search(r'href="\./(front/style[^"]+)"', (await client.get("/")).text)
    assert style
    css = (await client.get(f"/{style[1]}")).text
    assert f"url(../{files.font('MaterialSymbols-Rounded')})" in css
    assert "served whole" in caplog.text


def test_a_widget_brings_all_that_it_imports_and_an_unknown_one_nothing() -> None:
    files = StreamlitFiles()
    found = files.scripts_of(("TextInput", "NoSuchWidget"))
    assert any(name.startswith("static/js/TextInput.") for name in found)
    assert len(found) > 5
    assert not any(f"./{name}" in files.page for name in found)  # those stand in the page already
    assert files.scripts_of(("NoSuchWidget",)) == ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path or "home")
def test_every_part_of_a_page_is_a_widget_of_this_streamlit(page: AppPage) -> None:
    for part in page.parts:
        assert StreamlitFiles().scripts_of((part,)), part
