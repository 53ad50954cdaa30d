"""Where the store is slow or wrong: a recipient has an answer soon, and never gets other bytes than were written."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from lib.albums import LinkInfo, Share, photo_store
from lib.albums.photo_store import CHUNK_BYTES, TRIES, StoredBytes
from lib.albums.problems import PhotoDamaged
from lib.albums.tables import photos as photo_table
from lib.photos import preview_card
from lib.services.base import Preview
from tests.albums.conftest import OWNER, Door, Maker
from tests.albums.slow_store import BadLine, bad_line

MakeLink = Callable[..., LinkInfo]


def files_of(share: Share, link: LinkInfo) -> list[Path]:
    """Return the full photos of an album, in their order."""
    assert share.store.folder is not None
    folder = share.store.folder / "albums" / link.album_id
    return [folder / photo.id for photo in share.photos.all(OWNER, link.album_id)]


def flip(path: Path) -> None:
    """Change one byte in the middle, as a disk does."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"more")


@pytest.mark.parametrize("harm", [flip, cut, grow, Path.unlink])
async def test_a_damaged_photo_is_not_sent_and_its_sender_hears_of_it(
    share: Share, door: Door, make_link: MakeLink, harm: Callable[[Path], Any]
) -> None:
    link = make_link(share)
    second = files_of(share, link)[1]
    good = second.read_bytes()
    harm(second)
    answer = await door.visitor().get(f"{link.path}/p/2.jpg")
    assert answer.status_code in {404, 503}
    assert "image" not in answer.headers["content-type"]
    assert (await door.visitor().get(f"{link.path}/p/1.jpg")).status_code == 200
    await door.settled()
    assert share.links.get(OWNER, link.id).damaged == 1
    assert [photo.number for photo in share.photos.damaged(OWNER, link.album_id)] == [2]
    second.write_bytes(good)  # somebody brought it back from a copy
    assert share.photos.damaged(OWNER, link.album_id) == []
    assert share.links.get(OWNER, link.id).damaged == 0
    assert (await door.visitor().get(f"{link.path}/p/2.jpg")).content == good


async def test_the_grid_size_is_looked_at_too(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    small = files_of(share, link)[0].with_suffix(".small")
    flip(small)
    assert (await door.visitor().get(f"{link.path}/p/1-small.jpg")).status_code == 503
    await door.settled()
    assert share.links.get(OWNER, link.id).damaged == 1


async def test_the_lighter_copies_are_looked_at_too(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    while share.lighter.step():
        pass
    lighter = [path for path in files_of(share, link)[0].parent.glob("*.avif") if path.stat().st_size]
    assert lighter
    for path in lighter:
        flip(path)
    forms = [f"{link.path}/p/{n}{small}.jpg" for n in (1, 2, 3) for small in ("", "-small")]
    seen = [await door.visitor(accept="image/avif,*/*").get(path) for path in forms]
    assert [one.status_code for one in seen].count(503) == len(lighter)


async def test_a_zip_with_a_damaged_photo_is_cut_and_never_complete(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share)
    whole = (await door.visitor().get(f"{link.path}/photos.zip")).content
    assert zipfile.ZipFile(BytesIO(whole)).testzip() is None
    flip(files_of(share, link)[2])
    got = b""
    with pytest.raises((httpx.HTTPError, ConnectionAbortedError)):  # noqa: PT012 - pieces come until the line is cut
        async with door.visitor().stream("GET", f"{link.path}/photos.zip") as answer:
            async for piece in answer.aiter_bytes():
                got += piece
    assert len(got) < len(whole)


async def test_the_last_piece_of_a_large_photo_waits_for_the_checksum(share: Share, tmp_path: Path) -> None:
    data = bytes(range(256)) * (3 * CHUNK_BYTES // 256)
    share.store.put("large", data)
    kept = StoredBytes("large", len(data), zlib.crc32(data))
    assert b"".join([piece async for piece in share.store.stream(kept)]) == data
    flip(tmp_path / "photos" / "large")
    got = 0
    with pytest.raises(PhotoDamaged):  # noqa: PT012 - pieces come until one does not
        async for piece in share.store.stream(kept):
            got += len(piece)
    assert got == 2 * CHUNK_BYTES
    with pytest.raises(PhotoDamaged):  # before the first piece
        await anext(share.store.stream(StoredBytes("large", len(data) + 1, 0)))


@pytest.fixture
def line(local_share: Maker, s3: Callable[[], dict[str, Any]]) -> Iterator[tuple[Share, BadLine]]:
    """A share host whose photos lie behind a bad line."""
    settings = s3()
    with bad_line(settings["photos_options"]["endpoint"]) as between:
        settings["photos_options"] |= {"endpoint": between.url}
        yield local_share(**settings), between


@pytest.mark.parametrize("mode", ["hang", "half", "wrong", "busy"])
async def test_a_store_that_fails_is_asked_twice_and_then_there_are_words(
    line: tuple[Share, BadLine], make_link: MakeLink, door_of: Callable[[Share], Door],
    monkeypatch: pytest.MonkeyPatch, mode: str,
) -> None:  # fmt: skip
    share, between = line
    link = make_link(share)
    door = door_of(share)
    good = (await door.visitor().get(f"{link.path}/p/1.jpg")).content
    if mode == "hang":
        monkeypatch.setattr(photo_store, "TRY_S", 0.3)
    between.mode = mode
    answer = await door.visitor().get(f"{link.path}/p/1.jpg")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert TRIES <= between.reads <= 2 * TRIES
    with pytest.raises((httpx.HTTPError, ConnectionAbortedError)):  # a zip has no other way to say it, or says it
        (await door.visitor().get(f"{link.path}/photos.zip")).raise_for_status()
    between.mode = "good"
    assert (await door.visitor().get(f"{link.path}/p/1.jpg")).content == good
    await door.settled()
    assert share.photos.damaged(OWNER, link.album_id) == [], "what was only sent wrongly is forgotten"


async def test_twenty_chats_that_ask_at_once_get_one_card(
    share: Share, make_link: MakeLink, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    made = []

    def counted(data: bytes, *, blurred: bool) -> bytes:
        made.append(blurred)
        return preview_card(data, blurred=blurred)

    monkeypatch.setattr("lib.photos.preview_card", counted)
    link = make_link(share, preview=Preview.BLURRED)
    answers = await asyncio.gather(*(door.visitor().get(f"{link.path}/preview.jpg") for _ in range(20)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1
    await door.visitor().get(f"{link.path}/preview.jpg")
    assert made == [True]
    share.links.revoke(OWNER, link.id)
    assert (await door.visitor().get(f"{link.path}/preview.jpg")).status_code == 404, "kept, and still not shown"


def test_every_row_of_the_table_knows_its_checksums(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    for photo in share.index.rows(photo_table.select()):
        path = f"albums/{link.album_id}/{photo.id}"
        assert photo.small_crc32 == zlib.crc32(share.store.get(f"{path}.small"))
        assert photo.crc32 == zlib.crc32(share.store.get(path))
