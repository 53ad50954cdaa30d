"""Names, closed addresses and headers of the app's own pages."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from lib.front import PAGES, Front
from lib.front.guard import Guard, policy
from lib.front.hosts import Hosts
from lib.settings import settings


async def beyond(scope: Scope, receive: Receive, send: Send) -> None:
    """The app: a page at every address, as Streamlit does it."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    if scope["path"].startswith("/static/"):
        await Response(b"x", media_type="text/javascript")(scope, receive, send)
        return
    if scope["path"] == "/strict":
        strict = {"Content-Security-Policy": "default-src 'none'"}
        await HTMLResponse("own", headers=strict)(scope, receive, send)
        return
    await HTMLResponse("app")(scope, receive, send)


def guard(*, https: bool = False, public: str | None = "https://photos.example.org") -> Guard:
    return Guard(
        beyond,
        hosts=Hosts(public, ("tunnel.example.net",)),
        front=Front(settings().cache_folder),
        routes=[Route("/strict", lambda _: Response()), Route("/api/{rest:path}", lambda _: Response())],
        is_https=lambda _: https,
    )


def asking(app: Guard, host: str = "photos.example.org") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=f"http://{host}")


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("photos.example.org", True),
        ("PHOTOS.example.org:443", True),
        ("photos.example.org.", True),
        ("tunnel.example.net", True),
        ("localhost:8501", True),
        ("127.0.0.1:8501", True),
        ("[::1]:8501", True),
        ("192.168.1.20:8501", True),
        ("laptop.local:8501", True),
        ("evil.example", False),
        ("photos.example.org.evil.net", False),
        ("evil-photos.example.org", False),
        ("photos.example.org@evil.net", False),
        ("evil.net/photos.example.org", False),
        ("127.0.0.1.nip.io", False),
        ("127.0.0.1.evil.net", False),
        ("[::1", False),
        (" photos.example.org", False),
        ("", False),
    ],
)
def test_only_known_names_and_those_that_nobody_can_bend_are_answered(host: str, *, known: bool) -> None:
    assert Hosts("https://photos.example.org", ("tunnel.example.net",)).knows(host) is known


async def test_a_strange_name_gets_no_page_and_words_for_the_host() -> None:
    for path in ("/", "/s/abc", "/api/drafts", "/_stcore/health"):
        answer = await asking(guard(), "evil.example").get(path)
        assert answer.status_code == 421
        assert "set public_url" in answer.text


async def test_a_strange_name_gets_no_line_either() -> None:
    told: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, object]) -> None:
        told.append(message)

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"evil.example")]}
    await guard()(scope, receive, send)  # type: ignore[arg-type]
    assert [one["type"] for one in told] == ["websocket.close"]
    scope["headers"] = [(b"host", b"localhost:8501")]
    await guard()(scope, receive, send)  # type: ignore[arg-type]
    assert told[-1]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((f"/{page.path}", 200) for page in PAGES),
        *((f"/{page.path}/", 308) for page in PAGES if page.path),
        ("/create/?from=upload", 308),
        ("/unknown", 404),
        ("/create/more", 404),
        ("/wp-login.php", 404),
        ("/.env", 404),
        ("/_stcore/metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
        ("/_stcore/agent/mcp", 404),
        ("/_stcore/script-health-check", 404),
        ("/create/_stcore/health", 404),
        ("/_stcore/health", 200),
        ("/_stcore/host-config", 200),
        ("/_stcore/upload_file/a/b", 200),
        ("/static/js/a.js", 200),
        ("/media/a.png", 200),
        ("/api/drafts", 200),
        ("/s/abc", 200),
        ("/robots.txt", 200),
    ],
)
async def test_what_nobody_needs_is_closed(path: str, status: int) -> None:
    answer = await asking(guard()).get(path)
    assert answer.status_code == status
    if status == 308:
        assert answer.headers["location"] in {f"/{page.path}" for page in PAGES} | {"/create?from=upload"}
    if status == 404:
        assert "There is nothing here" in answer.text
        assert answer.text != "app"


async def test_a_post_to_a_closed_address_does_not_reach_streamlit() -> None:
    assert (await asking(guard()).post("/_stcore/agent/interact", json={})).status_code == 404


async def test_a_page_carries_every_header_and_a_file_only_what_it_needs() -> None:
    page = (await asking(guard(https=True)).get("/")).headers
    assert page["x-content-type-options"] == "nosniff"
    assert page["referrer-policy"] == "same-origin"
    assert page["strict-transport-security"] == "max-age=31536000"
    assert "geolocation=()" in page["permissions-policy"]
    assert "frame-ancestors 'none'" in page["content-security-policy"]
    file = (await asking(guard()).get("/static/js/a.js")).headers
    assert file["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in file  # a hundred files: it would weigh more than some of them
    assert "strict-transport-security" not in file  # must not happen: a promise that plain http cannot keep


async def test_stricter_headers_stay_and_share_pages_keep_their_own() -> None:
    strict = await asking(guard()).get("/strict")
    assert strict.headers["content-security-policy"] == "default-src 'none'"
    plain, https = [(await asking(guard(https=one)).get("/s/abc")).headers for one in (False, True)]
    assert "content-security-policy" not in plain
    assert "strict-transport-security" not in plain
    assert https["strict-transport-security"] == "max-age=31536000"  # a recipient's page too


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in policy("photos.example.org", ["let a = 1"]).split("; "))
    assert rules["default-src"] == "'none'"
    assert "'unsafe-eval'" not in rules["script-src"].split()
    assert "'unsafe-inline'" not in rules["script-src"]
    assert "'sha256-" in rules["script-src"]
    everything = " ".join(rules.values())
    assert "*" not in everything
    assert "http:" not in everything
    assert "https:" not in everything
    assert rules["connect-src"].split()[-2:] == ["ws://photos.example.org", "wss://photos.example.org"]
