"""A link of this app, opened as a stranger at the running app: photos and a video, whole, damaged, and not clean."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lib.albums import LinkInfo, Share
from lib.albums.host import open_share
from lib.albums.photos import SMALL, photo_path
from lib.links import Fetcher, check_link
from lib.links.fetch import Fetched
from lib.links.stranger import StrangerView, open_as_stranger, open_as_stranger_now, read_view, view_to_dict
from lib.photos import prepare_photo
from lib.photos.slideshow import make_slideshow
from lib.services.base import VIDEO_TYPE, Album, AlbumPhoto, Wishes
from lib.settings import read_settings
from tests.conftest import RunningApp, free_port

OWNER = "owner-secret-of-ana-0123456789"
SIZE = 108, 192


@pytest.fixture
def beside(app: RunningApp) -> Iterator[Share]:
    """The same store, from another process: this one."""
    share = open_share(read_settings(data_dir=app.data_dir))
    yield share
    share.close()


@pytest.fixture(scope="module")
def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 200), 60).convert("RGB").save(out, "JPEG")
    return prepare_photo(out.getvalue()).data


@pytest.fixture(scope="module")
def video(photo: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("video") / "a.mp4"
    return make_slideshow([photo], out, size=SIZE, seconds_per_photo=1, fps=10).path.read_bytes()


def linked(share: Share, *contents: tuple[str, bytes, tuple[int, int]]) -> LinkInfo:
    items = [AlbumPhoto("one", kind, *size, len(data), lambda data=data: data) for kind, data, size in contents]
    album = share.intake.take(OWNER, Album(f"key {id(items)}", "By the sea", "", items))
    return share.links.create(OWNER, album, Wishes())


async def seen(app: RunningApp, link: LinkInfo) -> StrangerView:
    return await open_as_stranger(app.url + link.path, expected=link.photo_count, own_origins=frozenset({app.url}))


async def test_photos_and_a_video_arrive_whole_and_clean(
    app: RunningApp, beside: Share, photo: bytes, video: bytes
) -> None:
    view = await seen(app, linked(beside, ("image/jpeg", photo, (320, 200)), (VIDEO_TYPE, video, SIZE)))
    assert (view.opens, view.clean, view.whole, view.videos) == (True, True, True, 1)
    assert [(one.is_video, one.size_bytes, one.width) for one in view.photos] == [
        (False, len(photo), 320), (True, len(video), SIZE[0]),
    ]  # fmt: skip
    assert view.photos[1].seconds == pytest.approx(1)
    assert len(view.grid) == 2, "the grid photo and the poster"
    assert read_view(view_to_dict(view)) == view


async def test_a_video_alone_is_found_without_any_picture_on_the_page(
    app: RunningApp, beside: Share, video: bytes
) -> None:
    link = linked(beside, (VIDEO_TYPE, video, SIZE))
    view = await seen(app, link)
    assert (view.opens, view.clean, view.videos, len(view.photos)) == (True, True, 1, 1)
    own = frozenset({app.url})
    async with Fetcher(own) as fetcher:
        checked = await check_link(app.url + link.path, fetcher, own_origins=own)
    assert checked.code == "OPEN_PHOTO"
    assert beside.links.get(OWNER, link.id).views == 0, "a look of our own is no person's"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.replace(b"VideoHandler", b"CanaryHandle"),
        lambda data: data[: len(data) // 2].ljust(len(data), b"\0"),
    ],
)
async def test_a_video_that_changed_in_the_store_is_noticed(
    app: RunningApp, beside: Share, video: bytes, damage: Callable[[bytes], bytes]
) -> None:
    link = linked(beside, (VIDEO_TYPE, video, SIZE))
    (row,) = beside.visits.photos_of(link.album_id)
    beside.store.put(photo_path(link.album_id, row.id), damage(video))
    view = await seen(app, link)
    assert (view.opens, view.whole) == (False, False)
    assert [photo.decodes for photo in view.photos] == [False]
    assert view.clean  # what is not what was written is not sent, so nothing private can be in it


class WithoutParts(Fetcher):
    """The way through a proxy that takes the header Range away."""

    async def get(self, url: str, **options: Any) -> Fetched:
        return await super().get(url, **options | {"headers": {}})


async def test_a_video_that_cannot_be_asked_for_in_parts_is_noticed(
    app: RunningApp, beside: Share, video: bytes
) -> None:
    link, own = linked(beside, (VIDEO_TYPE, video, SIZE)), frozenset({app.url})
    async with WithoutParts(own) as fetcher:
        view = await open_as_stranger(app.url + link.path, expected=1, own_origins=own, fetcher=fetcher)
    assert (view.opens, view.whole, view.clean) == (False, True, True)
    assert "plays on no iPhone" in view.failure


async def test_a_damaged_poster_is_noticed(app: RunningApp, beside: Share, video: bytes) -> None:
    link = linked(beside, (VIDEO_TYPE, video, SIZE))
    (row,) = beside.visits.photos_of(link.album_id)
    beside.store.put(photo_path(link.album_id, row.id) + SMALL, b"\0" * row.small_bytes)
    view = await seen(app, link)
    assert (view.opens, view.whole) == (False, False)


@pytest.mark.parametrize("name", ["phone/galaxy-s7-edge-gps.jpg", "phone/iphone-gps.heic"])
def test_the_call_that_is_not_awaited_works_in_a_script_and_in_a_running_loop(
    name: str, app: RunningApp, beside: Share, real_photo: Callable[[str], Path]
) -> None:
    clean = prepare_photo(real_photo(name), max_side=800)
    link = linked(beside, (clean.media_type, clean.data, (clean.width, clean.height)))

    def look() -> StrangerView:
        return open_as_stranger_now(app.url + link.path, expected=1, own_origins=frozenset({app.url}))

    async def cell_of_a_notebook() -> tuple[StrangerView, StrangerView]:
        return look(), look()

    threads = set(threading.enumerate())
    for view in (look(), *asyncio.run(cell_of_a_notebook())):
        assert view.opens
        assert view.clean
        assert [(photo.width, photo.height, photo.decodes) for photo in view.photos] == [
            (clean.width, clean.height, True)
        ]
    assert {thread for thread in threading.enumerate() if thread.name.startswith("now")} <= threads


def test_in_a_running_loop_a_link_that_does_not_answer_is_told_as_in_a_script() -> None:
    url = f"http://127.0.0.1:{free_port()}"

    def look() -> StrangerView:
        return open_as_stranger_now(url + "/s/nobody", expected=1, own_origins=frozenset({url}))

    async def cell_of_a_notebook() -> StrangerView:
        return look()

    inside, script = asyncio.run(cell_of_a_notebook()), look()
    assert (inside.status, inside.opens, inside.failure) == (script.status, script.opens, script.failure)
    assert inside.status == 0
    assert inside.failure
