"""The plain upload page: an ordinary form, its limits, and nobody else's draft."""

from __future__ import annotations

import asyncio
import gzip
import re
import struct
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request

from lib.albums import Share
from lib.albums.owner_cookie import OWNER_COOKIE, SAFE_COOKIE
from lib.albums.problems import DiskFull
from lib.photos import prepare_photo
from lib.picker.files import address
from lib.picker.files import routes as picker_routes
from lib.settings import ROOT
from lib.uploads import api, manifest, page
from lib.uploads.door import OF_NETWORK, network_of
from tests.albums.conftest import OTHER, OWNER, picture
from tests.ui.made_photos import CANARIES, told_everything

Browser = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    opened: list[httpx.AsyncClient] = []

    def make(share: Share, owner: str | None = OWNER, *, https: bool = False) -> httpx.AsyncClient:
        routes = page.routes(lambda: share, lambda scope: scope["scheme"] == "https")
        app = Starlette(routes=[*manifest.routes(), *picker_routes(), *routes, *api.routes(lambda: share)])
        cookies = {SAFE_COOKIE if https else OWNER_COOKIE: share.cookies.value(owner)} if owner else {}
        base = "https://app.example" if https else "http://app.example"
        opened.append(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base, cookies=cookies))
        return opened[-1]

    yield make
    for client in opened:
        await client.aclose()


def files(*photos: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("photos", (name, data, "image/jpeg")) for name, data in photos]


def in_draft(share: Share, owner: str = OWNER) -> list[str]:
    draft = share.albums.latest(owner)
    return [photo.name for photo in share.photos.all(owner, draft)] if draft else []


async def test_photos_land_cleaned_and_in_order_in_the_visitors_own_draft(share: Share, browser: Browser) -> None:
    chosen = [(f"{number}.jpg", told_everything(number)) for number in range(4)]
    answer = await browser(share).post("/send", files=files(*chosen))
    assert answer.status_code == 200
    assert "4 photos are ready" in answer.text
    assert in_draft(share) == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]
    assert in_draft(share, OTHER) == []
    draft = share.albums.latest(OWNER)
    assert draft
    for photo in share.photos.all(OWNER, draft):
        data = share.photos.read(OWNER, draft, photo.id)
        assert not [canary for canary in CANARIES if canary in data]


async def test_photos_become_a_link_without_any_script(share: Share, browser: Browser) -> None:
    client = browser(share)
    chosen = {"do": "create", "options": "1", "title": "At the lake", "words": "For <b>you</b>", "life": "86400",
              "password": "three odd words", "views": "3", "preview": "none", "size": "Small"}  # fmt: skip
    answer = await client.post("/send", data=chosen, files=files(("a.jpg", told_everything(1)), ("b.jpg", picture(2))))
    assert answer.status_code == 303
    album = answer.headers["location"].rpartition("/")[2]
    info = share.albums.get(OWNER, album)
    assert info.link
    assert (info.link.title, info.link.max_views, info.link.has_password) == ("At the lake", 3, True)
    assert not info.link.allow_download, "the box was there and not checked"
    assert abs(info.link.expires_at - info.link.created_at - timedelta(days=1)) < timedelta(seconds=5)
    assert max(info.photos[0].width, info.photos[0].height) <= 1280
    result = (await client.get(answer.headers["location"])).text
    assert f"http://app.example{info.link.path}" in result
    assert "three odd words" not in result, "a password goes another way than the link"
    assert f'<img class="qr" src="/send/{album}/qr.png"' in result
    qr = await client.get(f"/send/{album}/qr.png")
    assert qr.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("http://127.0.0.1:8501", "Other people cannot open it yet. Make my links reachable"),
        ("http://192.168.1.20:8501", "This link opens only in this network, for example on the same Wi-Fi."),
        ("https://photos.example.org", ""),
    ],
)
async def test_a_link_that_opens_only_near_this_computer_says_so(
    share: Share, browser: Browser, where: str, told: str
) -> None:
    client = browser(share, https=where.startswith("https"))
    client.base_url = httpx.URL(where)
    chosen = {"do": "create", "options": "1"}
    answer = await client.post("/send", data=chosen, files=files(("a.jpg", picture(1))))
    result = await client.get(answer.headers["location"])
    said = re.search('<p class="refused" id="where">(.*?)</p>', result.text, re.DOTALL)
    words = " ".join(unescape(re.sub("<[^>]+>", "", said[1])).split()) if said else ""
    assert words.startswith("This link opens only on this computer.") == (where == "http://127.0.0.1:8501")
    assert told in words
    assert bool(words) == bool(told)


async def test_a_finished_link_is_shown_to_its_owner_only(share: Share, browser: Browser) -> None:
    answer = await browser(share).post("/send", data={"do": "create"}, files=files(("a.jpg", picture(1))))
    there = answer.headers["location"]
    for stranger in (browser(share, OTHER), browser(share, None)):
        assert (await stranger.get(there)).status_code == 303
        assert (await stranger.get(f"{there}/qr.png")).status_code == 404
    assert (await browser(share).get("/send/" + "x" * 22)).headers["location"] == "/send"


async def test_with_its_script_and_the_picker_the_page_stays_light(share: Share, browser: Browser) -> None:
    """What a phone fetches to the last photo, compressed: under 80 kB."""
    client = browser(share)
    page_text = (await client.get("/send")).text
    addresses = re.findall(r'(?:src|href)="(/(?:send/_|picker)/[^"]+)"', page_text)
    addresses.append(address("picker.css"))
    names = sorted(re.sub(r"[.][0-9a-f]{12}", "", one.rpartition("/")[2]) for one in addresses)
    assert names == ["mount.js", "picker.css", "send.js"]  # the picker leaves as one file, with all that it imports
    addresses.append(address("worker.js"))
    weight = len(gzip.compress(page_text.encode()))
    for one in addresses:
        answer = await client.get(one)
        assert answer.status_code == 200, one
        weight += len(gzip.compress(answer.content, 9))
    assert weight < 80_000


async def test_the_script_gets_a_ticket_for_the_visitors_own_album(share: Share, browser: Browser) -> None:
    client = browser(share)
    told = (await client.post("/send/_/ticket")).json()
    assert share.tickets.read(told["ticket"]) == (OWNER, told["album"])
    assert (await client.post("/send/_/ticket", data={"album": told["album"]})).json()["album"] == told["album"]
    strange = (await browser(share, OTHER).post("/send/_/ticket", data={"album": told["album"]})).json()
    assert strange["album"] != told["album"]
    refused = await client.post("/send/_/ticket", headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403


async def test_the_form_creates_the_album_that_its_page_showed(share: Share, browser: Browser) -> None:
    """Another tab filled another album meanwhile: each page sends its own."""
    client = browser(share)
    first, second = [(await client.post("/send/_/ticket")).json()["album"] for _ in range(2)]
    for album, seed in ((first, 1), (second, 2)):
        share.photos.add(OWNER, album, name=f"{seed}.jpg", photo=prepare_photo(picture(seed)))
    answer = await client.post("/send", data={"do": "create", "album": first}, files={"none": ("", b"")})
    assert answer.headers["location"] == f"/send/{first}"
    again = await client.post("/send", data={"do": "create", "album": first}, files={"none": ("", b"")})
    assert again.headers["location"] == f"/send/{first}"
    assert len(share.links.all(OWNER)) == 1


async def test_pressing_twice_makes_one_link(share: Share, browser: Browser) -> None:
    client = browser(share)
    await client.post("/send", files=files(("a.jpg", picture(1))))
    first = await client.post("/send", data={"do": "create"})
    again = await client.post("/send", data={"do": "create"})
    assert first.status_code == 303
    assert again.status_code == 422, "nothing waits any more"
    assert len(share.links.all(OWNER)) == 1


async def test_nothing_is_made_while_something_was_left_out(share: Share, browser: Browser) -> None:
    """The sender sees what is missing before anybody else sees the album."""
    answer = await browser(share).post(
        "/send", data={"do": "create"}, files=files(("note.jpg", b"hello"), ("good.jpg", picture()))
    )
    assert answer.status_code == 200
    assert "<strong>note.jpg</strong>" in answer.text
    assert share.links.all(OWNER) == []
    assert in_draft(share) == ["good.jpg"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("password", "abc", "A password has"), ("views", "lots", "whole number"), ("life", "5", "at least"),
     ("views", "0", "view limit"), ("preview", "huge", "no such preview")],
)  # fmt: skip
async def test_a_choice_that_cannot_be_kept_costs_no_photo_and_makes_no_link(
    share: Share, browser: Browser, field: str, value: str, words: str
) -> None:
    answer = await browser(share).post("/send", data={"do": "create", field: value}, files=files(("a.jpg", picture())))
    assert answer.status_code == 200
    assert words in answer.text
    assert in_draft(share) == ["a.jpg"]
    assert share.links.all(OWNER) == []


async def test_a_photo_that_is_too_long_is_named_and_the_others_are_kept(
    local_share: Callable[..., Share], browser: Browser
) -> None:
    share = local_share(max_photo_bytes=50_000)
    answer = await browser(share).post(
        "/send", files=files(("huge.jpg", b"\xff\xd8" + b"x" * 60_000), ("good.jpg", picture(1, (60, 40))))
    )
    assert "<strong>huge.jpg</strong>: The photo is larger than 50 kB" in answer.text
    assert in_draft(share) == ["good.jpg"]


async def test_a_wrong_password_ends_the_upload_before_its_photos_are_read(
    local_share: Callable[..., Share], browser: Browser
) -> None:
    share = local_share(who_may_create="password", access_password="open sesame")
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="access"\r\n\r\nwrong\r\n'
        yield b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        for _ in range(200):
            sent += 100_000
            yield b"x" * 100_000

    answer = await browser(share).post(
        "/send", content=body(), headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 403
    assert "This needs the password of this app" in answer.text
    assert sent <= 100_000


async def test_only_so_many_bodies_come_in_at_once(share: Share, browser: Browser) -> None:
    client, release = browser(share), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        await release.wait()
        yield b"\r\n--x--\r\n"

    headers = {"content-type": "multipart/form-data; boundary=x"}
    waiting = [asyncio.create_task(client.post("/send", content=slow(), headers=headers)) for _ in range(OF_NETWORK)]
    await asyncio.sleep(0.2)
    refused = await client.post("/send", files=files(("a.jpg", picture())))
    assert refused.status_code == 403
    assert "Many photos are on their way just now." in refused.text
    release.set()
    for answer in await asyncio.gather(*waiting):
        assert "empty" in answer.text
    assert (await client.post("/send", files=files(("a.jpg", picture())))).status_code == 200


async def test_a_full_disk_is_said_before_a_byte_is_read(
    share: Share, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.uploads.door.KEEP_FREE_BYTES", 10**15)
    answer = await browser(share).post("/send", files=files(("a.jpg", picture())))
    assert DiskFull.fix in unescape(answer.text)
    assert in_draft(share) == []


async def test_the_old_address_still_works(share: Share, browser: Browser) -> None:
    client = browser(share)
    moved = await client.get("/upload")
    assert (moved.status_code, moved.headers["location"]) == (301, "/send")
    assert (await client.post("/upload", files=files(("a.jpg", picture())))).status_code == 200
    assert in_draft(share) == ["a.jpg"]


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2345::9", "2001:db8:1:2300::/56"),
     ("::ffff:192.0.2.77", "192.0.2.0/24"), ("", "unknown"), ("testclient", "unknown")],
)  # fmt: skip
def test_a_network_is_what_one_household_holds(address: str, network: str) -> None:
    assert network_of(Request({"type": "http", "headers": [], "client": (address, 1)})) == network


async def test_a_second_form_adds_to_the_same_draft(share: Share, browser: Browser) -> None:
    client = browser(share)
    await client.post("/send", files=files(("a.jpg", picture(1))))
    await client.post("/send", files=files(("b.jpg", picture(2))))
    assert in_draft(share) == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize("https", [False, True])
async def test_a_browser_that_comes_first_by_a_share_gets_its_secret(
    share: Share,
    browser: Browser,
    https: bool,  # noqa: FBT001 - a table
) -> None:
    answer = await browser(share, None, https=https).post("/send", files=files(("a.jpg", picture())))
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    owner = re.match(rf"{SAFE_COOKIE if https else OWNER_COOKIE}=([\w-]{{24,64}})\.[\w-]{{22}};", cookie)
    assert owner
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is https
    assert in_draft(share, owner[1]) == ["a.jpg"]


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "http://app.example"}, True),
        ({"sec-fetch-site": "none", "origin": "null"}, True),
        ({"origin": "http://app.example"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://evil.example"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://other.example"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
    ],
)
async def test_a_form_of_another_site_is_refused(
    share: Share,
    browser: Browser,
    headers: dict[str, str],
    taken: bool,  # noqa: FBT001 - a table
) -> None:
    answer = await browser(share).post("/send", files=files(("a.jpg", picture())), headers=headers)
    assert answer.status_code == (200 if taken else 403)
    assert in_draft(share) == (["a.jpg"] if taken else [])
    if not taken:
        assert "set-cookie" not in answer.headers


HOSTILE = '"><img src=x onerror=alert(1)>.jpg'


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("note.jpg", b"hello, this is no photo at all", "not a picture"),
        ("drawing.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "SVG"),
        ("empty.jpg", b"", "empty"),
        ("half.jpg", picture()[:400], "half.jpg"),
        (HOSTILE, b"no photo either, but with a name", "&gt;&lt;img src=x onerror"),
    ],
)
async def test_what_is_no_photo_is_named_and_the_others_are_kept(
    share: Share, browser: Browser, name: str, data: bytes, words: str
) -> None:
    answer = await browser(share).post("/send", files=files((name, data), ("good.jpg", picture())))
    assert answer.status_code == 200
    assert words in answer.text
    assert "<img src=x" not in answer.text
    assert 'name="do" value="create"' in answer.text, "the others can be sent"
    assert in_draft(share) == ["good.jpg"]


async def test_photos_over_the_limit_are_named(local_share: Callable[..., Share], browser: Browser) -> None:
    share = local_share(max_photos=2)
    chosen = [(f"{number}.jpg", picture(number, (60, 40))) for number in range(4)]
    answer = await browser(share).post("/send", files=files(*chosen))
    assert in_draft(share) == ["0.jpg", "1.jpg"]
    assert "<strong>2.jpg</strong>: One link holds at most 2 photos." in answer.text
    assert "<strong>3.jpg</strong>" in answer.text


async def test_far_too_many_files_are_not_even_read(local_share: Callable[..., Share], browser: Browser) -> None:
    share = local_share(max_photos=2)
    answer = await browser(share).post("/send", files=files(*((f"{n}.jpg", b"x") for n in range(30))))
    assert answer.status_code == 413
    assert "That is more than 22 files." in answer.text


async def test_a_body_larger_than_it_may_be_is_cut_off(local_share: Callable[..., Share], browser: Browser) -> None:
    share = local_share(max_photos=1, max_photo_bytes=100_000)
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        for _ in range(100):
            sent += 100_000
            yield b"x" * 100_000

    answer = await browser(share).post(
        "/send", content=body(), headers={"content-type": "multipart/form-data; boundary=x", "content-length": "90"}
    )
    assert answer.status_code == 413
    assert "more than photos may have together" in answer.text
    assert sent < 2_000_000, "the rest was not even taken"
    assert in_draft(share) == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"photo=1", "application/x-www-form-urlencoded", 422),
        (b"", "text/plain", 403),
        (b"--x\r\nnothing", "multipart/form-data; boundary=x", 403),
        (b"", "multipart/form-data; boundary=x", 403),
        (b"junk", "multipart/form-data", 403),
    ],
)
async def test_a_broken_form_is_answered_with_words(
    share: Share, browser: Browser, content: bytes, kind: str, status: int
) -> None:
    answer = await browser(share).post("/send", content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert 'role="alert"' in answer.text


async def test_where_a_password_is_needed_the_form_asks_for_it(
    local_share: Callable[..., Share], browser: Browser
) -> None:
    share = local_share(who_may_create="password", access_password="open sesame")
    client = browser(share)
    assert 'type="password"' in (await client.get("/send")).text
    refused = await client.post("/send", files=files(("a.jpg", picture())), data={"access": "wrong"})
    assert refused.status_code == 403
    assert in_draft(share) == []
    taken = await client.post("/send", files=files(("a.jpg", picture())), data={"access": "open sesame"})
    assert taken.status_code == 200
    assert in_draft(share) == ["a.jpg"]


async def test_where_people_sign_in_the_form_leads_to_the_app(
    local_share: Callable[..., Share], browser: Browser
) -> None:
    share = local_share(who_may_create="signed_in")
    answer = await browser(share).post("/send", files=files(("a.jpg", picture())))
    assert answer.status_code == 403
    assert "Sign in in the app" in answer.text


async def test_the_page_is_small_strict_and_needs_no_script(share: Share, browser: Browser) -> None:
    answer = await browser(share).get("/send")
    assert len(gzip.compress(answer.content)) < 12_000
    scripts = re.findall(r"<script [^>]*>", answer.text)
    assert [re.search(r'src="/send/_/send\.\w+\.js" type="module"', one) is not None for one in scripts] == [True]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_manifest_names_icons_that_are_what_it_says(share: Share, browser: Browser) -> None:
    client = browser(share)
    answer = await client.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    told = answer.json()
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        png = (await client.get(icon["src"])).content
        assert "{}x{}".format(*struct.unpack(">II", png[16:24])) == icon["sizes"]
    for name in ("icon-512.png", "apple-touch-icon.png"):
        with Image.open(Path(ROOT) / "lib" / "ui" / "assets" / name) as image:
            assert image.width == image.height


async def test_an_upload_that_was_repeated_makes_one_photo(share: Share, browser: Browser) -> None:
    draft = share.albums.open(OWNER)
    address = f"/api/drafts/{share.tickets.write(OWNER, draft)}/photos"
    client = browser(share)
    headers = {"x-file-name": "beach%20%C3%BC.jpg", "x-upload-key": "0a1b2c3d-4e5f", "content-type": "image/jpeg"}
    first, second = [await client.post(address, content=picture(1), headers=headers) for _ in range(2)]
    assert first.json() == second.json()
    assert in_draft(share) == ["beach ü.jpg"]
    for headers in ({}, {"x-upload-key": "short"}, {"x-upload-key": "another-key-1"}):
        await client.post(address, content=picture(1), headers=headers)
    assert len(in_draft(share)) == 4


@pytest.mark.parametrize(
    ("removed", "original", "kinds", "size"),
    [
        ("position,serial", "4000000", ["position", "serial"], 4_000_000),
        ("position,position,<script>,Position", "12e9", ["position"], None),
        ("", "-1", None, None),
        ("x" * 5_000, "9" * 40, None, None),
    ],
)
async def test_what_the_device_removed_joins_the_report(
    share: Share, browser: Browser, removed: str, original: str, kinds: list[str] | None, size: int | None
) -> None:
    draft = share.albums.open(OWNER)
    data = picture(1)
    answer = await browser(share).post(
        f"/api/drafts/{share.tickets.write(OWNER, draft)}/photos",
        content=data, headers={"x-removed": removed, "x-original-bytes": original},
    )  # fmt: skip
    photo = answer.json()
    assert photo["report"].get("removed") == kinds
    assert photo["original_size_bytes"] == (size or len(data))
