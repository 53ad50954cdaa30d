"""The road without containers, as deploy/ describes it: Debian's Caddy before the app, https from outside to inside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import aiohttp
import httpx
import pytest

from tests.conftest import ROOT, RunningApp, free_port, run_command, running_app
from tests.deploy.caddy import Caddy, caddy
from tests.pictures import photo_with_secrets

CADDYFILE = ROOT / "deploy" / "Caddyfile"


@dataclass(frozen=True)
class Hosted:
    caddy: Caddy
    app: RunningApp

    def visitor(self, **more: str) -> httpx.Client:
        return httpx.Client(base_url=self.caddy.url, verify=self.caddy.trust, timeout=60, headers=more)


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    folder, port, https = tmp_path_factory.mktemp("hosted"), free_port(), free_port()
    secrets = (
        f'[passalong]\npublic_url = "https://localhost:{https}"\ntrusted_proxies = ["127.0.0.1"]\n'
        'who_may_create = "anyone"\nhost_bytes = 100_000_000\n'
    )
    with (
        caddy(folder, CADDYFILE, f"127.0.0.1:{port}", https=https) as proxy,
        running_app(folder, secrets, port=port) as app,
    ):
        yield Hosted(proxy, app)


def made_link(visitor: httpx.Client, path: str = "") -> str:
    """Make a link by the plain page, as a browser without script does."""
    title = f"Lake {uuid4().hex[:8]}"
    page = visitor.get(f"{path}/send")
    assert page.status_code == 200
    answer = visitor.post(
        f"{path}/send", data={"do": "create", "title": title}, files={"photos": ("1.jpg", photo_with_secrets(41))},
        headers={"origin": str(visitor.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}, follow_redirects=True,
    )  # fmt: skip
    found = re.search(r'id="link"[^>]*value="([^"]+)"', answer.text)
    assert found is not None, answer.text[:2000]
    return found[1]


def test_a_link_is_made_and_opens_by_https(hosted: Hosted) -> None:
    with hosted.visitor() as sender, hosted.visitor() as stranger:
        link = made_link(sender)
        assert link.startswith(f"{hosted.caddy.url}/s/")
        page = stranger.get(link)
        assert page.status_code == 200
        assert list(stranger.cookies.jar) == []
        photo = re.search(r'<img src="([^"]+)"', page.text)
        assert photo is not None
        assert stranger.get(photo[1]).headers["content-type"] == "image/jpeg"
        assert [cookie.name for cookie in sender.cookies.jar if cookie.secure] == ["__Host-passalong_owner"]


def test_https_is_asked_for_and_kept(hosted: Hosted) -> None:
    led = httpx.get(f"{hosted.caddy.plain_url}/create")
    assert led.status_code == 308
    assert led.headers["location"].startswith("https://localhost")
    with hosted.visitor() as visitor:
        page = visitor.get("/create")
        assert page.headers["strict-transport-security"] == "max-age=31536000"
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
        pressed = visitor.get("/create", headers={"accept-encoding": "br"}).headers
        assert pressed["content-encoding"] == "br"


async def test_the_line_of_the_app_opens_through_it(hosted: Hosted) -> None:
    address = f"{hosted.caddy.url}/_stcore/stream"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address, origin=hosted.caddy.url, protocols=("streamlit",), ssl=hosted.caddy.trust) as line,
    ):
        assert line.protocol == "streamlit"
        assert not line.closed


def test_host_check_finds_nothing_to_mend_about_the_way(hosted: Hosted) -> None:
    told = run_command(
        "host-check", "--json", data_dir=hosted.app.data_dir, SSL_CERT_FILE=str(hosted.caddy.root),
        PASSALONG_PUBLIC_URL=hosted.caddy.url, PASSALONG_TRUSTED_PROXIES='["127.0.0.1"]',
        PASSALONG_WHO_MAY_CREATE="anyone",
    )  # fmt: skip
    lines = {(line["about"], line["found"]): line["stands"] for line in json.loads(told.stdout)}
    for way in (
        ("address", "The app answers at public_url from here."),
        ("proxy", "What visitors make up is not believed."),
        ("WebSocket", "It opens."),
    ):
        assert lines[way] == "ok", told.stdout
    assert [found for (about, found), stands in lines.items() if about == "certificate" and stands == "ok"] != []


def test_a_link_that_fails_is_in_no_log(tmp_path: Path) -> None:
    """Caddy names every request that it could not pass on: without its address, for that is the secret."""
    with caddy(tmp_path, CADDYFILE, f"127.0.0.1:{free_port()}") as proxy:  # nobody is behind it
        token = uuid4().hex[:22]
        with httpx.Client(verify=proxy.trust) as visitor:
            answer = visitor.get(f"{proxy.url}/s/{token}", headers={"cookie": f"a={token}", "referer": f"x/{token}"})
        assert answer.status_code == 502
        told = proxy.log.read_text(encoding="utf-8")
    assert "connection refused" in told
    assert token not in told


@pytest.mark.parametrize(
    "passes_on",
    [pytest.param(True, id="path kept"), pytest.param(False, id="path taken away", marks=pytest.mark.thorough)],
)
def test_below_a_path_every_address_leads_below_it(tmp_path: Path, passes_on: bool) -> None:  # noqa: FBT001
    text = (ROOT / "deploy" / "Caddyfile.path").read_text(encoding="utf-8")
    config = tmp_path / "Caddyfile"
    config.write_text(text if passes_on else text.replace("handle {$", "handle_path {$"), encoding="utf-8")
    port, https = free_port(), free_port()
    public = f"https://localhost:{https}/photos"
    secrets = f'[passalong]\npublic_url = "{public}"\ntrusted_proxies = ["127.0.0.1"]\nwho_may_create = "anyone"\n'
    wrong: dict[str, list[str]] = {}
    with (
        caddy(tmp_path, config, f"127.0.0.1:{port}", https=https) as proxy,
        running_app(tmp_path, secrets, port=port),
        httpx.Client(base_url=proxy.url, verify=proxy.trust, timeout=60) as visitor,
        httpx.Client(base_url=proxy.url, verify=proxy.trust, timeout=60) as stranger,
    ):
        assert visitor.get("/").text == "Something else lives here."
        assert visitor.get("/photos").headers["location"] in {"/photos/", f"{public}/"}
        link = made_link(visitor, "/photos")
        assert link.startswith(f"{public}/s/")
        below = link.removeprefix(proxy.url)
        pages = {
            at: visitor.get(at)
            for at in ("/photos/", "/photos/create", "/photos/links", "/photos/send", "/photos/no/such/page")
        } | {at: stranger.get(at) for at in (below, f"{below}/1", f"{below}/report", "/photos/s/unknown")}
        for at, page in pages.items():
            named = re.findall(r'\b(?:href|src|action|content|data-[a-z]+)="(/[^"]*)"', page.text)
            wrong[at] = [one for one in named if not one.startswith(("/photos/", "//"))]
            for one in {one.split("#")[0] for one in named if not one.endswith(("/report", "/answer", "/open"))}:
                if one.startswith("/photos/") and stranger.get(one).status_code not in {200, 303, 308}:
                    wrong[at].append(f"{one} does not open")
        manifest = visitor.get("/photos/manifest.webmanifest").json()
        named = [manifest["start_url"], manifest["scope"], manifest["share_target"]["action"], manifest["id"]]
        named += [one["src"] for one in manifest["icons"]] + [one["url"] for one in manifest["shortcuts"]]
        wrong["manifest"] = [one for one in named if not one.startswith("/photos/")]
        led = visitor.get("/photos/language/de?to=/photos/create")
        wrong["language"] = [] if led.headers["location"] == "/photos/create" else [led.headers["location"]]
        wrong["cookies"] = [
            f"{one.name} {one.path}" for one in visitor.cookies.jar if one.path.rstrip("/") != "/photos"
        ]
        assert {one.name for one in visitor.cookies.jar} >= {"__Secure-passalong_owner", "passalong_language"}
    assert {at: found for at, found in wrong.items() if found} == {}
