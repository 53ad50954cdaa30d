"""A photo of a draft that is covered: the one before is nowhere any more, and nonsense changes nothing."""

from __future__ import annotations

import asyncio
import io
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import segno
from PIL import Image
from starlette.applications import Starlette

from lib.albums import Share
from lib.photos import find
from lib.photos.cover import COLOUR
from lib.photos.slideshow import make_slideshow
from lib.text.catalogue import LANGUAGES, catalogue
from lib.text.covered import covered_line
from lib.uploads import api
from tests.albums.conftest import OTHER, OWNER, picture
from tests.pictures import photo_with_secrets

HALF = {"covers": [{"box": [0, 0, 0.5, 1]}]}
KEY = "0123456789abcdef"


@pytest.fixture
async def client(share: Share) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=api.routes(lambda: share))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app.example") as opened:
        yield opened


def draft(share: Share, owner: str = OWNER) -> tuple[str, str]:
    album = share.albums.open(owner, uuid.uuid4().hex)
    return album, f"/api/drafts/{share.tickets.write(owner, album)}"


async def add(client: httpx.AsyncClient, base: str, data: bytes | None = None, **headers: str) -> dict[str, Any]:
    answer = await client.post(f"{base}/photos", content=data or photo_with_secrets(), headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def stored(share: Share) -> dict[str, bytes]:
    root = Path(share.settings.data_dir)
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file() and "/albums/" in str(path)}


def assert_half_is_covered(data: bytes) -> None:
    shown = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    assert np.abs(shown[:, : shown.shape[1] // 2 - 16] - COLOUR).max() <= 6
    assert shown[:, shown.shape[1] // 2 + 16 :].std() > 10


async def test_a_kept_photo_is_covered_and_the_one_before_is_gone(share: Share, client: httpx.AsyncClient) -> None:
    album, base = draft(share)
    first, second = await add(client, base), await add(client, base, picture(2))
    share.photos.describe(OWNER, album, {})
    before = stored(share)
    answer = await client.post(f"{base}/photos/{first['id']}/edit", json=HALF)
    assert answer.status_code == 200, answer.text
    fresh = answer.json()
    assert fresh["id"] != first["id"]
    assert fresh["name"] == first["name"]
    assert fresh["report"]["covered"] == {"other": 1}
    assert fresh["report"]["findings"] == first["report"]["findings"]
    assert [photo.id for photo in share.photos.all(OWNER, album)] == [fresh["id"], second["id"]]
    for size in ("full", "thumb"):
        assert_half_is_covered((await client.get(fresh[size])).content)
        assert (await client.get(first[size])).status_code == 404
    assert (await client.post(f"{base}/photos/{first['id']}/restore")).status_code == 404
    gone = [path for path in before if first["id"] in path]
    assert gone
    assert not [path for path in stored(share) if path in gone]
    assert not set(stored(share).values()) & {before[path] for path in gone}


async def test_an_edit_in_pixels_comes_with_the_photo_and_nothing_else_is_kept(
    share: Share, client: httpx.AsyncClient
) -> None:
    _, base = draft(share)
    answer = await client.post(
        f"{base}/photos",
        files={"photo": ("a.jpg", photo_with_secrets(), "image/jpeg")},
        data={"edit": json.dumps({"unit": "pixel", "covers": [{"box": [0, 0, 800, 1200]}], "crop": [0, 0, 1600, 900]})},
    )
    assert answer.status_code == 201, answer.text
    assert (answer.json()["width"], answer.json()["height"]) == (1600, 900)
    assert_half_is_covered((await client.get(answer.json()["full"])).content)
    assert len(stored(share)) == 2  # large and for the grid


async def test_a_photo_that_was_made_anew_takes_the_place_of_the_first(share: Share, client: httpx.AsyncClient) -> None:
    album, base = draft(share)
    first, second = await add(client, base), await add(client, base, picture(2))
    told = {"X-Upload-Key": KEY, "X-Covered": "face=2,code=1,lamp=3,other=9999"}
    for _ in range(2):  # its answer was lost: sent again
        answer = await client.post(f"{base}/photos?instead_of={first['id']}", content=picture(5), headers=told)
        assert answer.status_code == 201, answer.text
        fresh = answer.json()
        assert fresh["report"]["covered"] == {"face": 2, "code": 1}
        assert [photo.id for photo in share.photos.all(OWNER, album)] == [fresh["id"], second["id"]]
    assert len(stored(share)) == 4
    assert share.albums.check(OWNER, album).photo_count == 2


async def test_the_totals_are_those_of_what_is_kept(share: Share, client: httpx.AsyncClient) -> None:
    album, base = draft(share)
    first = await add(client, base)
    await client.post(f"{base}/photos/{first['id']}/edit", json=HALF)
    assert share.albums.check(OWNER, album).kept_bytes == sum(map(len, stored(share).values()))


async def test_a_watermark_stays_and_what_was_below_it_is_covered_too(share: Share, client: httpx.AsyncClient) -> None:
    album, base = draft(share)
    await add(client, base)
    share.photos.mark(OWNER, album, "Sample")
    (marked,) = share.photos.all(OWNER, album)
    fresh = (await client.post(f"{base}/photos/{marked.id}/edit", json=HALF)).json()
    assert len(stored(share)) == 3
    assert_half_is_covered(share.photos.read(OWNER, album, fresh["id"], unmarked=True))
    assert share.photos.read(OWNER, album, fresh["id"]) != share.photos.read(OWNER, album, fresh["id"], unmarked=True)


async def test_a_video_that_showed_the_photo_goes_too(share: Share, client: httpx.AsyncClient, tmp_path: Path) -> None:
    album, base = draft(share)
    first = await add(client, base)
    data = share.photos.read(OWNER, album, first["id"])
    video = make_slideshow([data], tmp_path / "a.mp4", size=(54, 96), seconds_per_photo=0.2).path.read_bytes()
    share.photos.add_video(OWNER, album, name="video.mp4", data=video)
    await client.post(f"{base}/photos/{first['id']}/edit", json=HALF)
    assert [photo.is_video for photo in share.photos.all(OWNER, album)] == [False]
    assert video not in stored(share).values()
    assert share.albums.check(OWNER, album).video_count == 0


@pytest.mark.parametrize(
    ("edit", "status"),
    [
        (b"no json", 400), (b"[" * 90_000, 400), (b'{"covers": [{"box": [2, 2, 1, 1]}]}', 400),
        (b'{"covers": [{"box": [0, 0, 0, 1]}]}', 400), (json.dumps({"covers": HALF["covers"] * 1000}).encode(), 400),
        (b'{"crop": [0, 0, 9, 9]}', 400), (b"{" + b" " * 200_000 + b"}", 413),
    ],
)  # fmt: skip
async def test_nonsense_changes_nothing(share: Share, client: httpx.AsyncClient, edit: bytes, status: int) -> None:
    _, base = draft(share)
    first = await add(client, base)
    before = stored(share)
    answer = await client.post(f"{base}/photos/{first['id']}/edit", content=edit)
    assert answer.status_code == status
    assert answer.json()["problem"]["fix"]
    assert stored(share) == before
    refused = await client.post(
        f"{base}/photos", files={"photo": ("a.jpg", picture(), "image/jpeg")}, data={"edit": edit.decode()}
    )
    assert refused.status_code in {400, 413}
    assert stored(share) == before


async def test_an_edit_of_what_is_gone_or_somebody_elses_is_refused(share: Share, client: httpx.AsyncClient) -> None:
    _, base = draft(share)
    first = await add(client, base)
    theirs_album, theirs = draft(share, OTHER)
    other = await add(client, theirs, picture(4))
    before = stored(share)
    for photo in (other["id"], "none", "../" + other["id"]):
        assert (await client.post(f"{base}/photos/{photo}/edit", json=HALF)).status_code in {404, 409}
        answer = await client.post(f"{base}/photos?instead_of={photo}", content=picture(7))
        assert answer.status_code == 409
    assert (await client.delete(f"{base}/photos/{first['id']}")).status_code == 204
    answer = await client.post(f"{base}/photos/{first['id']}/edit", json=HALF)
    assert answer.status_code == 409
    assert "draft" in answer.json()["problem"]["title"]
    assert stored(share) == before
    assert [photo.id for photo in share.photos.all(OTHER, theirs_album)] == [other["id"]]


async def test_edits_side_by_side_leave_one_photo(share: Share, client: httpx.AsyncClient) -> None:
    album, base = draft(share)
    first = await add(client, base)
    answers = await asyncio.gather(*(client.post(f"{base}/photos/{first['id']}/edit", json=HALF) for _ in range(4)))
    assert min(answer.status_code for answer in answers) == 200
    assert {answer.status_code for answer in answers} <= {200, 404, 409}
    assert len(share.photos.all(OWNER, album)) == 1
    assert len(stored(share)) == 2


async def test_faces_and_codes_of_a_kept_photo_are_proposed(share: Share, client: httpx.AsyncClient) -> None:
    _, base = draft(share)
    made = io.BytesIO()
    segno.make("https://example.org/a-ticket", micro=False).save(made, "png", scale=6, border=8)
    first = await add(client, base, made.getvalue())
    assert (await client.get(base)).json()["finds"] is bool(find.kinds())
    answer = await client.post(f"{base}/photos/{first['id']}/find")
    assert answer.status_code == 200
    if "code" in find.kinds():
        assert [one["kind"] for one in answer.json()["found"]] == ["code"]
    _, theirs = draft(share, OTHER)
    assert (await client.post(f"{theirs}/photos/{first['id']}/find")).status_code == 404


async def test_the_receipt_says_what_was_covered(share: Share, client: httpx.AsyncClient) -> None:
    album, base = draft(share)
    for number, told in enumerate(("face=2,code=1", "face=1", "", "plate=1,text=2")):
        await add(client, base, picture(number), **({"X-Covered": told} if told else {}))
    info = share.albums.get(OWNER, album)
    assert info is not None
    covered = info.receipt()["covered"]
    assert covered == {"face": 3, "code": 1, "plate": 1, "number": 0, "text": 2, "other": 0, "photos": 3}
    told = "3 faces, 1 code, 1 number plate and 2 texts covered in 3 photos"
    assert covered_line(covered, catalogue("en")) == told
    assert not covered_line({}, catalogue("en"))
    for language in LANGUAGES[1:]:
        assert covered_line(covered, catalogue(language)) != covered_line(covered, catalogue("en"))
