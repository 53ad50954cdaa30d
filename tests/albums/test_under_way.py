"""Transfers that had begun when a link was taken back: not one piece more is read or sent.

Played without a line between: what a kernel or a network holds on its way would make the number of bytes that arrive
a matter of luck.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from lib.albums import LinkInfo, Share
from lib.albums.photo_store import CHUNK_BYTES
from lib.photos import prepare_photo
from lib.recipients.recipient import Recipient
from lib.services.base import Wishes
from tests.albums.conftest import OWNER, Maker, picture

PHOTOS = 4
PHOTO_MARK, END_MARK = b"PK\x03\x04", b"PK\x05\x06"  # before each photo of a zip, and at its end


@pytest.fixture
def link(share: Share, clean_video: bytes) -> LinkInfo:
    """A link on large photos and a video; a second one on the same album keeps their bytes where they are."""
    photo = prepare_photo(picture(7, (2048, 1536)))
    assert len(photo.data) > 3 * CHUNK_BYTES
    album = share.albums.open(OWNER)
    for _ in range(PHOTOS):
        share.photos.add(OWNER, album, name="a.jpg", photo=photo)
    share.photos.add_video(OWNER, album, name="a.mp4", data=clean_video)
    share.links.make(OWNER, album)
    return share.links.create(OWNER, album, Wishes())


async def received(share: Share, path: str, after_first: Callable[[], object], *headers: tuple[bytes, bytes]) -> bytes:
    """Ask for a file; do something when its first piece was sent; return all that was sent, and no more."""
    got, waiting = bytearray(), True

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()  # this reader stays
        return {}

    async def send(message: dict[str, Any]) -> None:
        nonlocal waiting
        got.extend(message.get("body", b""))
        if message.get("body") and waiting:
            waiting = False
            after_first()

    scope = {"type": "http", "method": "GET", "path": path, "headers": list(headers), "client": ("203.0.113.7", 5)}
    recipient = Recipient(lambda: share)
    await recipient(scope, receive, send)  # type: ignore[arg-type]
    await recipient.finish()
    return bytes(got)


async def test_a_zip_that_had_begun_brings_no_further_piece(share: Share, link: LinkInfo) -> None:
    got = await received(share, f"{link.path}/photos.zip", lambda: share.links.revoke(OWNER, link.id))
    assert got.count(PHOTO_MARK) == 1
    assert END_MARK not in got
    assert len(got) < 2 * CHUNK_BYTES


@pytest.mark.parametrize("file", ["p/1.jpg", "p/5.mp4"])
@pytest.mark.parametrize("headers", [(), ((b"range", b"bytes=0-"),)], ids=["whole", "in part"])
async def test_a_photo_and_a_video_that_had_begun_are_cut(
    share: Share, link: LinkInfo, file: str, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    got = await received(share, f"{link.path}/{file}", lambda: share.links.revoke(OWNER, link.id), *headers)
    assert 0 < len(got) < 2 * CHUNK_BYTES


async def test_a_new_password_cuts_what_was_under_way_too(share: Share, link: LinkInfo) -> None:
    got = await received(share, f"{link.path}/photos.zip", lambda: share.links.change(OWNER, link.id, password="abcd"))
    assert len(got) < 2 * CHUNK_BYTES


async def test_a_photo_that_was_taken_out_is_not_in_the_rest_of_a_zip(share: Share, link: LinkInfo) -> None:
    last = share.photos.all(OWNER, link.album_id)[PHOTOS - 1]
    sent: list[bytes] = []

    def take_out() -> None:
        share.photos.remove(OWNER, link.album_id, last.id)

    with pytest.raises(ConnectionAbortedError):
        sent.append(await received(share, f"{link.path}/photos.zip", take_out))
    assert sent == []


async def test_a_zip_goes_on_while_nothing_happens(share: Share, link: LinkInfo) -> None:
    got = await received(share, f"{link.path}/photos.zip", lambda: None)
    assert got.count(PHOTO_MARK) == PHOTOS + 1
    assert END_MARK in got


async def test_on_both_stores_no_further_photo_comes_after_taking_back(both_stores: Maker) -> None:
    """PostgreSQL and S3 too: there a piece is as large as a photo, so that whole ones may be on their way."""
    share = both_stores()
    photo = prepare_photo(picture(7, (2048, 1536)))
    album = share.albums.open(OWNER)
    for _ in range(PHOTOS):
        share.photos.add(OWNER, album, name="a.jpg", photo=photo)
    share.links.make(OWNER, album)
    other = share.links.create(OWNER, album, Wishes())
    whole = await received(share, f"{other.path}/photos.zip", lambda: None)
    assert whole.count(PHOTO_MARK) == PHOTOS
    got = await received(share, f"{other.path}/photos.zip", lambda: share.links.revoke(OWNER, other.id))
    assert got.count(PHOTO_MARK) == 1
    assert END_MARK not in got
