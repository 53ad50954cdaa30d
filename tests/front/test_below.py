"""The app below a path: what is asked for loses it; what is answered gets it back where it leads somewhere."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from lib.front.below import Below
from lib.settings import SettingsProblem


async def _asked(request: Request) -> Response:
    answer = JSONResponse({"path": request.url.path, "raw": request.scope["raw_path"].decode()})
    answer.set_cookie("plain", "1", path="/")
    answer.set_cookie("own", "1", path="/photos/s/x")
    answer.headers.append("set-cookie", "__Host-a=1; Path=/; Secure")
    return answer


async def _led(request: Request) -> Response:
    return RedirectResponse(request.query_params["to"])


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/led", _led), Route("/{rest:path}", _asked)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(Below(app, "/photos")), base_url="http://home")


@pytest.mark.parametrize(
    ("asked", "path", "raw"),
    [
        ("/photos/create", "/create", "/create"),  # a proxy that passes the path on
        ("/create", "/create", "/create"),  # one that takes it away
        ("/photos/", "/", "/"),
        ("/photosof", "/photosof", "/photosof"),
        ("/photos/a%20b", "/a b", "/a%20b"),
    ],
)
async def test_a_path_is_taken_away_once(client: httpx.AsyncClient, asked: str, path: str, raw: str) -> None:
    answer = await client.get(asked)
    assert answer.json() == {"path": answer.json()["path"], "raw": raw}
    assert httpx.URL(answer.json()["path"]).path == path


async def test_the_path_alone_leads_to_the_first_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/photos?a=1")
    assert (answer.status_code, answer.headers["location"]) == (308, "/photos/?a=1")


@pytest.mark.parametrize(
    ("to", "location"),
    [
        ("/create", "/photos/create"),
        ("/photos/s/x", "/photos/s/x"),
        ("https://elsewhere.example/a", "https://elsewhere.example/a"),
        ("//elsewhere.example", "//elsewhere.example"),
        ("next", "next"),
    ],
)
async def test_what_leads_somewhere_leads_below_the_path(client: httpx.AsyncClient, to: str, location: str) -> None:
    assert (await client.get("/photos/led", params={"to": to})).headers["location"] == location


async def test_cookies_are_for_this_app_alone(client: httpx.AsyncClient) -> None:
    said = (await client.get("/photos/create")).headers.get_list("set-cookie")
    assert [line.partition("ath=")[2].partition(";")[0] for line in said] == ["/photos/", "/photos/s/x", "/"]


@pytest.mark.parametrize("path", ["/s", "/send", "/create/photos", "/api"])
def test_a_path_that_is_the_apps_own_is_refused(path: str) -> None:
    with pytest.raises(SettingsProblem, match="is an address of the app itself"):
        Below(Starlette(), path)
    Below(Starlette(), "/photos")
    Below(Starlette(), "")
