"""Drafts, from the store and over HTTP: one visitor's photos, and nobody else's."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from time import time
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request

from lib.albums import Share
from lib.albums.albums import MAX_DRAFTS
from lib.albums.problems import DraftGone, NoRoom, PhotoGone, TooFast, TooManyPhotos
from lib.albums.tables import albums
from lib.photos import find_leftovers, prepare_photo
from lib.uploads import api
from lib.uploads.door import IN_ALL, OF_NETWORK, Door
from tests.albums.conftest import OTHER, OWNER, Maker, picture
from tests.conftest import ROOT


def add(share: Share, draft: str, count: int = 1, owner: str = OWNER) -> list[str]:
    return [
        share.photos.add(owner, draft, name=f"photo {n}.jpg", photo=prepare_photo(picture(n, (120, 90)))).id
        for n in range(count)
    ]


def test_photos_wait_in_order_and_can_be_removed_restored_and_moved(any_share: Maker) -> None:
    share = any_share()
    draft = share.albums.open(OWNER)
    a, b, c = add(share, draft, 3)
    found = share.photos.all(OWNER, draft)
    assert [photo.id for photo in found] == [a, b, c]
    assert found[0].name == "photo 0.jpg"
    assert found[0].report["format"] == "JPEG"
    assert found[0].original_size_bytes > 0
    share.photos.remove(OWNER, draft, b)
    assert [photo.id for photo in share.photos.all(OWNER, draft)] == [a, c]
    share.photos.restore(OWNER, draft, b)
    assert [photo.id for photo in share.photos.all(OWNER, draft)] == [a, b, c]
    share.photos.reorder(OWNER, draft, [c, "not there", a, c])
    assert [photo.id for photo in share.photos.all(OWNER, draft)] == [c, a, b]
    assert len(share.photos.read(OWNER, draft, a)) == found[0].size_bytes
    assert find_leftovers(share.photos.read(OWNER, draft, a, small=True)) == ()
    with pytest.raises(PhotoGone):
        share.photos.remove(OWNER, draft, "not there")
    share.albums.delete(OWNER, draft)
    share.albums.delete(OWNER, draft)
    assert share.store.list("albums") == []
    with pytest.raises(DraftGone):
        share.photos.all(OWNER, draft)


def test_another_visitor_meets_the_same_words_as_for_an_unknown_draft(any_share: Maker) -> None:
    share = any_share()
    draft = share.albums.open(OWNER)
    (photo,) = add(share, draft)
    told = set()
    for attempt in (
        lambda: share.photos.all(OTHER, draft),
        lambda: share.photos.all(OWNER, "unknown"),
        lambda: share.photos.read(OTHER, draft, photo),
        lambda: share.photos.remove(OTHER, draft, photo),
        lambda: share.photos.restore(OTHER, draft, photo),
        lambda: share.photos.reorder(OTHER, draft, [photo]),
        lambda: add(share, draft, owner=OTHER),
        lambda: share.tickets.write(OTHER, draft),
    ):
        with pytest.raises(DraftGone) as problem:
            attempt()
        told.add((str(problem.value), problem.value.title, problem.value.fix))
    share.albums.delete(OTHER, draft)
    assert len(told) == 1
    assert len(share.photos.all(OWNER, draft)) == 1
    mine = share.albums.open(OTHER)
    with pytest.raises(PhotoGone):
        share.photos.read(OTHER, mine, photo)


def test_limits_hold(local_share: Maker) -> None:
    share = local_share(max_photos=2)
    draft = share.albums.open(OWNER)
    a, _ = add(share, draft, 2)
    with pytest.raises(TooManyPhotos, match="at most 2"):
        add(share, draft)
    assert len(share.store.list("albums")) == 4, "the refused photo left no bytes"
    share.photos.remove(OWNER, draft, a)
    add(share, draft)
    with pytest.raises(TooManyPhotos):
        share.photos.restore(OWNER, draft, a)
    small = local_share(visitor_bytes=100)
    other = small.albums.open(OTHER)
    with pytest.raises(NoRoom):
        add(small, other, owner=OTHER)
    for _ in range(MAX_DRAFTS - 1):
        share.albums.open(OWNER)
    with pytest.raises(TooFast):
        share.albums.open(OWNER)


def test_uploads_side_by_side_never_pass_a_quota_together(any_share: Maker) -> None:
    photo = prepare_photo(picture(1, (1200, 900)))
    share = any_share(visitor_bytes=int(len(photo.data) * 2.9))  # room for two
    draft = share.albums.open(OWNER)
    together = threading.Barrier(6)

    def upload(number: int) -> bool:
        together.wait()
        try:
            share.photos.add(OWNER, draft, name=f"{number}.jpg", photo=photo)
        except NoRoom:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        kept = sum(pool.map(upload, range(6)))
    assert kept == len(share.photos.all(OWNER, draft)) == 2
    assert len(share.store.list("albums")) == 4, "what was refused left no bytes"


def test_old_drafts_are_gone_and_then_deleted(any_share: Maker) -> None:
    share = any_share()
    draft, young = share.albums.open(OWNER), share.albums.open(OWNER)
    add(share, draft)
    add(share, young)
    with share.index.write() as connection:
        connection.execute(sa.update(albums).where(albums.c.id == draft).values(touched_at=time() - 3601, due_at=0.0))
    with pytest.raises(DraftGone):
        share.photos.all(OWNER, draft)
    assert share.clean_up.sweep().drafts == 1
    assert len(share.store.list("albums")) == 2
    assert len(share.photos.all(OWNER, young)) == 1


def test_a_full_disk_is_told_in_words_and_leaves_nothing_half_made(tmp_path: Any) -> None:
    program = """
import resource, sys
from pathlib import Path
from lib.photos import prepare_photo
from lib.settings import read_settings
from lib.albums import open_share
from lib.albums.problems import DiskFull
from tests.albums.conftest import picture
share = open_share(read_settings(data_dir=Path(sys.argv[1])))
draft = share.albums.open("owner")
small = share.photos.add("owner", draft, name="a", photo=prepare_photo(picture(1, (60, 40))))
photo = prepare_photo(picture(2, (2000, 1500)))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))  # no file may grow beyond: what a full disk does
try:
    share.photos.add("owner", draft, name="b", photo=photo)
except DiskFull as problem:
    print(problem.title)
print(len(share.photos.all("owner", draft)), len(share.store.list("albums")))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ran.stdout.splitlines() == ["The server's disk is full", "1 2"], ran.stderr


# Over HTTP


@pytest.fixture
async def picker(share: Share) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=api.routes(lambda: share))
    headers = {"sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://app.example", headers=headers
    ) as made:
        yield made


@pytest.fixture
def base(share: Share) -> str:
    return f"/api/drafts/{share.tickets.write(OWNER, share.albums.open(OWNER))}"


async def test_a_photo_goes_up_as_a_body_or_as_a_form(picker: httpx.AsyncClient, base: str) -> None:
    name = "%F0%9F%8F%96 beach%22.jpg"
    answer = await picker.post(f"{base}/photos", content=picture(), headers={"x-file-name": name})
    assert answer.status_code == 201, answer.text
    photo = answer.json()
    assert photo["name"] == '🏖 beach".jpg'
    assert (photo["width"], photo["height"]) == (640, 426)
    assert photo["report"]["format"] == "JPEG"
    large = picture(1, (1400, 900), kind="PNG")  # a size that nobody offers becomes the next one that is
    form = await picker.post(f"{base}/photos?max_side=320", files={"photo": ("../b.png", large)})
    assert form.status_code == 201, form.text
    assert form.json()["name"] == "b.png"
    assert max(form.json()["width"], form.json()["height"]) == 1280

    listed = (await picker.get(base)).json()
    assert [one["id"] for one in listed["photos"]] == [photo["id"], form.json()["id"]]
    for kind in ("thumb", "full"):
        shown = await picker.get(photo[kind])
        assert shown.headers["content-type"] == "image/jpeg"
        assert "no-store" in shown.headers["cache-control"]
        assert find_leftovers(shown.content) == ()
    assert (await picker.put(f"{base}/order", json={"ids": [form.json()["id"]]})).status_code == 204
    assert (await picker.delete(f"{base}/photos/{photo['id']}")).status_code == 204
    assert len((await picker.get(base)).json()["photos"]) == 1
    assert (await picker.post(f"{base}/photos/{photo['id']}/restore")).status_code == 204
    assert [one["id"] for one in (await picker.get(base)).json()["photos"]] == [form.json()["id"], photo["id"]]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", {}, 400),
        (b"no picture", {}, 400),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {"x-file-name": "a.jpg"}, 400),
        (b"x", {"sec-fetch-site": "cross-site"}, 403),
        (b"x", {"sec-fetch-site": "same-site"}, 403),
        (b"--b\r\nbroken", {"content-type": "multipart/form-data; boundary=b"}, 408),
        (b"--b--\r\n", {"content-type": "multipart/form-data; boundary=b"}, 408),
        (b"x", {"content-length": "99999999999"}, 413),
    ],
)
async def test_what_cannot_be_used_is_told_in_words(
    picker: httpx.AsyncClient, base: str, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await picker.post(f"{base}/photos", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    problem = answer.json()["problem"]
    assert problem["title"]
    assert problem["happened"]
    assert problem["fix"]
    assert (await picker.get(base)).json()["photos"] == []


async def test_another_site_is_told_apart_by_origin_where_browsers_are_old(share: Share, base: str) -> None:
    app = Starlette(routes=api.routes(lambda: share))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app.example") as old:
        assert (await old.get(base, headers={"origin": "http://evil.example"})).status_code == 403
        assert (await old.get(base, headers={"origin": "http://app.example"})).status_code == 200


async def test_a_body_that_never_says_its_size_stops_at_the_limit(local_share: Maker) -> None:
    share = local_share(max_photo_bytes=50_000)
    base = f"/api/drafts/{share.tickets.write(OWNER, share.albums.open(OWNER))}"
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 10_000
            yield b"x" * 10_000

    app = Starlette(routes=api.routes(lambda: share))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app.example") as picker:
        answer = await picker.post(f"{base}/photos", content=endless())
    assert answer.status_code == 413
    assert "50 kB" in answer.json()["problem"]["happened"]
    assert sent < 100_000


async def test_a_connection_that_falls_silent_is_given_up(
    picker: httpx.AsyncClient, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.uploads.door.IDLE_S", 0.1)

    async def silent() -> Any:
        yield b"\xff\xd8"
        await asyncio.sleep(30)
        yield b""

    answer = await picker.post(f"{base}/photos", content=silent())
    assert answer.status_code == 408
    assert "too slowly" in answer.json()["problem"]["happened"]


@pytest.mark.parametrize("ticket", ["x", "a.b.c", "%00", "..", "💥"])
async def test_a_ticket_that_is_not_ours_opens_nothing(picker: httpx.AsyncClient, ticket: str) -> None:
    for method, path in (("GET", ""), ("POST", "/photos"), ("DELETE", "/photos/x"), ("PUT", "/order")):
        answer = await picker.request(method, f"/api/drafts/{ticket}{path}")
        assert answer.status_code in {404, 405}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"ids": "x"}', b'{"ids": [1]}', b"[" * 90_000, b"x" * 200_000])
async def test_an_order_that_is_none_is_refused(picker: httpx.AsyncClient, base: str, body: bytes) -> None:
    assert (await picker.put(f"{base}/order", content=body)).status_code in {408, 413}


async def test_so_many_uploads_of_one_draft_at_once_and_not_one_more(picker: httpx.AsyncClient, base: str) -> None:
    go, all_came, coming = asyncio.Event(), asyncio.Event(), 0
    small = {"content-length": str(len(picture()))}

    async def slow() -> AsyncIterator[bytes]:
        nonlocal coming
        coming += 1
        if coming == api.AT_ONCE:
            all_came.set()
        await go.wait()
        yield picture()

    under_way = [
        asyncio.create_task(picker.post(f"{base}/photos", content=slow(), headers=small)) for _ in range(api.AT_ONCE)
    ]
    await asyncio.wait_for(all_came.wait(), 30)
    assert (await picker.post(f"{base}/photos", content=picture())).status_code == 429
    go.set()
    assert {answer.status_code for answer in await asyncio.gather(*under_way)} == {201}
    assert (await picker.post(f"{base}/photos", content=picture())).status_code == 201


async def test_so_many_bodies_of_a_network_and_in_all_and_not_one_more(share: Share) -> None:
    door = Door()

    def of(address: str) -> Request:
        return Request({"type": "http", "method": "POST", "headers": [], "client": (address, 1)})

    async with AsyncExitStack() as inside:
        for number in range(OF_NETWORK):
            await inside.enter_async_context(door.entered(of(f"9.9.9.{number}"), share.settings))
        with pytest.raises(TooFast):
            await inside.enter_async_context(door.entered(of("9.9.9.99"), share.settings))
        for number in range(IN_ALL - OF_NETWORK):
            await inside.enter_async_context(door.entered(of(f"9.8.{number}.1"), share.settings))
        with pytest.raises(TooFast):
            await inside.enter_async_context(door.entered(of("9.7.1.1"), share.settings))
    async with door.entered(of("9.9.9.99"), share.settings):
        pass
