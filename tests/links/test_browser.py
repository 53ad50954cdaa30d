"""One look with a real browser: what it decides, and that it goes nowhere where the fetcher would not go."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import http.server
import io
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from internet import SmallInternet, page
from PIL import Image
from states import picture
from states_2026 import PAGE
from states_browser import BESIDE, DRAWN, HERE, DrawnState, program

from lib.links import check_link
from lib.links.browser import can_look
from lib.links.check import Checked
from lib.links.proxy import GuardingProxy
from lib.links.second_look import second_look, worth_a_look

# Every state is measured by `python -m tests.links.looks`; each of these stands for one thing that a look can do.
TRIED = (
    "album by its interface", "interface says run out", "album that comes after three seconds", "album inside a shadow",
    "album inside a frame", "photos as backgrounds", "sign-in by its program, in German", "asks for access, Spanish",
    "question about cookies, German", "question about an age", "robot check that passes by itself",
    "a circle that turns for ever", "a face and a logo", "a photo page whose picture is gone",
    "page in between that leads on after some seconds", "server that lets browsers in only",
)  # fmt: skip
ALWAYS = (
    "album by its interface", "album that comes after three seconds", "album inside a frame",
    "sign-in by its program, in German", "question about cookies, German", "a face and a logo",
)  # fmt: skip
STATES = [
    pytest.param(state, id=state.name, marks=() if state.name in ALWAYS else pytest.mark.thorough)
    for state in DRAWN
    if state.name in TRIED
]


def trusted(internet: SmallInternet) -> str:
    """The fingerprint of the small internet's key, for Chromium."""
    certificate = x509.load_pem_x509_certificate(internet.certificate)
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


async def looked(internet: SmallInternet, link: str = PAGE) -> Checked:
    async with internet.fetcher() as fetcher:
        checked = await check_link(link, fetcher, in_app=False, look_inside=False)
        assert checked.opens is None, checked.code
        return await second_look(checked, fetcher, frozenset(), trust=trusted(internet))


def test_this_machine_has_what_a_look_needs() -> None:
    assert can_look()


@pytest.mark.parametrize("state", STATES)
async def test_pages_that_are_only_a_program_get_a_verdict(internet: SmallInternet, state: DrawnState) -> None:
    internet.play(*state.routes, *BESIDE)
    seen = await looked(internet, state.link)
    assert seen.code == state.expected or (not state.expected and seen.opens is None), seen.evidence
    assert seen.confidence != "firm" or seen.led_to is not None
    with Image.open(io.BytesIO(seen.screenshot)) as shot:
        assert shot.size == (390, 844)


def test_every_state_that_is_tried_is_there() -> None:
    assert len(STATES) == len(TRIED)
    assert set(ALWAYS) <= set(TRIED)


async def test_a_page_cannot_reach_into_the_network_of_the_host(internet: SmallInternet) -> None:
    reached: list[str] = []

    class Inner(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Inner)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    internet.elsewhere["rebind.example.org"] = [["127.0.0.1"]]
    inner = [
        f"http://127.0.0.1:{port}/a", f"http://localhost:{port}/b", "http://169.254.169.254/latest",
        "https://rebind.example.org/c", f"http://[::1]:{port}/d", "http://192.168.1.1/e", f"http://2130706433:{port}/f",
        f"http://rebind.example.org:{port}/g",
    ]  # fmt: skip
    script = (
        f"for (const each of {inner}) {{ new Image().src = each; fetch(each, {{mode: 'no-cors'}}).catch(() => 0); }}"
    )
    internet.play((HERE, program(script + "new WebSocket('ws://127.0.0.1:" + str(port) + "/w');")))
    try:
        seen = await looked(internet)
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
    assert reached == []
    assert seen.screenshot
    assert seen.opens is None


async def test_the_proxy_serves_nobody_who_does_not_know_its_password(internet: SmallInternet) -> None:
    internet.play((r".", page("hello")))
    async with internet.fetcher() as fetcher, GuardingProxy(fetcher) as proxy:
        port = int(proxy.address.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT photos.example.org:443 HTTP/1.1\r\nHost: photos.example.org\r\n\r\n")
        assert (await reader.read(100)).startswith(b"HTTP/1.1 407")
        writer.close()
    assert internet.asked == []


async def test_no_browser_starts_where_the_host_did_not_ask_for_it(internet: SmallInternet) -> None:
    internet.play((HERE, program("1")))
    async with internet.fetcher() as fetcher:
        checked = await check_link(PAGE, fetcher, in_app=False, look_inside=False)
        assert worth_a_look(checked)
        assert await second_look(checked, fetcher, frozenset()) is checked


async def test_half_a_picture_is_not_called_open_because_a_browser_draws_it(internet: SmallInternet) -> None:
    internet.play((HERE, page(picture(size=(900, 700))[:900], Content_Type="image/jpeg")))
    assert (await looked(internet)).opens is None


async def test_a_link_whose_every_visit_counts_is_not_opened_again(internet: SmallInternet) -> None:
    from states import ENTE

    internet.play((r".", page("?", 500)))
    async with internet.fetcher() as fetcher:
        assert not worth_a_look(await check_link(ENTE, fetcher, in_app=False, look_inside=False))
