"""A video made here, behind a link: one more thing in the album, served in parts, and never taken from outside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
import sqlalchemy as sa
from PIL import Image
from starlette.applications import Starlette

from lib.albums import LinkInfo, Share
from lib.albums.problems import DraftGone, NoRoom, PhotoGone, TooManyPhotos
from lib.albums.tables import albums
from lib.photos import EmptyFile, find_leftovers, preview_card
from lib.photos.video import VideoRefused, poster
from lib.recipients.words import LANGUAGES, words
from lib.send import api, upload
from lib.services.base import Album, Preview, Wishes
from tests.albums.conftest import OTHER, OWNER, VIDEO_SIZE, Door, Maker, Photos, full, small

DoorOf = Callable[[Share], Door]
AS_PICTURE = {"sec-fetch-dest": "image", "sec-fetch-site": "same-origin", "sec-fetch-mode": "no-cors"}
AS_VIDEO = {"sec-fetch-dest": "video", "sec-fetch-site": "same-origin", "sec-fetch-mode": "no-cors"}


@pytest.fixture
def photos(clean_photos: tuple[bytes, ...], clean_video: bytes) -> Photos:
    return Photos((*clean_photos, clean_video), [])


@pytest.fixture
def only_video(clean_video: bytes) -> Photos:
    return Photos((clean_video,), [])


def linked(share: Share, photos: Photos, title: str = "By the sea", **wishes: object) -> LinkInfo:
    return share.links.create(OWNER, share.intake.take(OWNER, photos.album(title=title)), Wishes(**wishes))


# The draft


def test_a_video_waits_among_the_photos(any_share: Maker, clean_video: bytes) -> None:
    share = any_share()
    draft = share.albums.open(OWNER)
    kept = share.photos.add_video(OWNER, draft, name="Lisbon.mp4", data=clean_video)
    assert (kept.media_type, kept.width, kept.height, kept.size_bytes) == ("video/mp4", *VIDEO_SIZE, len(clean_video))
    assert kept.is_video
    assert kept.seconds == pytest.approx(3)
    assert kept.original_size_bytes == kept.size_bytes
    (waiting,) = share.photos.all(OWNER, draft)
    assert waiting == kept
    assert share.photos.read(OWNER, draft, kept.id) == clean_video
    small = share.photos.read(OWNER, draft, kept.id, small=True)
    assert find_leftovers(small) == ()
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.size == VIDEO_SIZE
    assert share.totals.used(share.owners.person(OWNER)) == len(clean_video) + len(small)
    share.photos.remove(OWNER, draft, kept.id)
    assert share.photos.all(OWNER, draft) == []
    share.photos.restore(OWNER, draft, kept.id)
    second = share.photos.add_video(OWNER, draft, name="again", data=clean_video)
    share.photos.reorder(OWNER, draft, [second.id, kept.id])
    assert [photo.id for photo in share.photos.all(OWNER, draft)] == [second.id, kept.id], "two videos, two items"


def test_a_video_stands_aside_until_it_is_put_in(share: Share, clean_video: bytes) -> None:
    draft = share.albums.open(OWNER)
    kept = share.photos.add_video(OWNER, draft, name="a", data=clean_video, aside=True)
    assert share.photos.all(OWNER, draft) == []
    assert share.photos.find(OWNER, draft, kept.id)[0] == kept
    share.photos.restore(OWNER, draft, kept.id)
    assert [photo.id for photo in share.photos.all(OWNER, draft)] == [kept.id]
    share.photos.discard(OWNER, draft, kept.id)
    assert share.photos.all(OWNER, draft), "what is in the album is not thrown away"
    share.photos.remove(OWNER, draft, kept.id)
    share.photos.discard(OWNER, draft, kept.id)
    share.photos.discard(OWNER, draft, kept.id)
    assert share.store.list("albums") == []
    assert share.totals.used() == 0
    with pytest.raises(PhotoGone):
        share.photos.find(OWNER, draft, kept.id)
    with pytest.raises(PhotoGone):
        share.photos.restore(OWNER, draft, kept.id)


def test_what_cannot_be_kept_leaves_nothing_behind(local_share: Maker, clean_video: bytes) -> None:
    share = local_share(max_photos=1, visitor_bytes=2 * len(clean_video) + 400_000)
    draft = share.albums.open(OWNER)
    for bad in (b"", b"no video", clean_video[:-1], clean_video + b"!"):
        with pytest.raises(VideoRefused if bad else EmptyFile):
            share.photos.add_video(OWNER, draft, name="a", data=bad)
    first = share.photos.add_video(OWNER, draft, name="a", data=clean_video)
    with pytest.raises(TooManyPhotos):
        share.photos.add_video(OWNER, draft, name="b", data=clean_video)
    aside = share.photos.add_video(OWNER, draft, name="b", data=clean_video, aside=True)
    with pytest.raises(TooManyPhotos):
        share.photos.restore(OWNER, draft, aside.id)
    with pytest.raises(NoRoom):
        share.photos.add_video(OWNER, draft, name="c", data=clean_video, aside=True)
    kept = {path.rpartition("/")[2].removesuffix(".small") for path, _ in share.store.list("albums")}
    assert kept == {first.id, aside.id}
    with pytest.raises(DraftGone):
        share.photos.add_video(OTHER, draft, name="d", data=clean_video)
    with share.index.write() as connection:
        connection.execute(sa.update(albums).values(touched_at=0.0, due_at=0.0))
    with pytest.raises(DraftGone):
        share.photos.add_video(OWNER, draft, name="e", data=clean_video)
    share.clean_up.sweep()
    assert share.store.list("albums") == []


def client(share: Share) -> httpx.AsyncClient:
    app = Starlette(routes=[*api.routes(lambda: share), *upload.routes(lambda: share, lambda _: False)])
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://share.example")


async def test_no_route_takes_a_video(share: Share, clean_video: bytes) -> None:
    draft = share.albums.open(OWNER)
    photos_of_draft = f"/api/drafts/{share.tickets.write(OWNER, draft)}/photos"
    async with client(share) as browser:
        for headers in ({}, {"content-type": "video/mp4", "x-file-name": "photo.jpg"}):
            answer = await browser.post(photos_of_draft, content=clean_video, headers=headers)
            assert answer.status_code == 400
            assert "This is a video" in answer.json()["problem"]["happened"]
        answer = await browser.post(photos_of_draft, files={"file": ("a.jpg", clean_video, "image/jpeg")})
        assert answer.status_code == 400
        page = await browser.post("/upload", files={"photos": ("a.jpg", clean_video, "image/jpeg")})
    assert page.status_code == 422
    assert "This is a video" in page.text
    assert share.photos.all(OWNER, draft) == []
    assert share.store.list("albums") == []


async def test_the_sender_watches_it_in_parts(any_share: Maker, clean_video: bytes) -> None:
    share = any_share()
    draft = share.albums.open(OWNER)
    kept = share.photos.add_video(OWNER, draft, name="a", data=clean_video, aside=True)
    base = f"/api/drafts/{share.tickets.write(OWNER, draft)}/photos/{kept.id}"
    async with client(share) as browser:
        whole = await browser.get(f"{base}/full")
        assert (whole.status_code, whole.content) == (200, clean_video)
        assert whole.headers["content-type"] == "video/mp4"
        assert whole.headers["accept-ranges"] == "bytes"
        part = await browser.get(f"{base}/full", headers={"range": "bytes=0-1"})
        assert (part.status_code, part.content) == (206, clean_video[:2])
        assert part.headers["content-range"] == f"bytes 0-1/{len(clean_video)}"
        late = await browser.get(f"{base}/full", headers={"range": f"bytes={len(clean_video)}-"})
        assert late.status_code == 416
        thumb = await browser.get(f"{base}/thumb")
        assert thumb.headers["content-type"] == "image/jpeg"
        other = await browser.get(f"{base}/full", headers={"sec-fetch-site": "cross-site"})
        assert other.status_code == 403


# The album and its page


def test_an_album_with_a_video_is_kept_on_every_store(any_share: Maker, photos: Photos, clean_video: bytes) -> None:
    share = any_share(undo_grace_s=0)
    link = linked(share, photos)
    assert (link.photo_count, link.video_count) == (4, 1)
    assert link.size_bytes == sum(map(len, photos.data))
    assert full(share, link.album_id, 4) == clean_video
    assert find_leftovers(small(share, link.album_id, 4)) == ()
    again = share.links.create(OWNER, share.intake.take(OWNER, photos.album()), Wishes(name="for Ben"))
    assert (again.album_id, again.video_count) == (link.album_id, 1), "a second link on the same album"
    assert f"{link.path}/p/4.mp4" in share.links.addresses(OWNER, link.id)
    share.links.revoke_all(OWNER)
    assert share.store.list("albums") == []


def test_a_file_that_is_no_video_of_ours_is_never_kept(share: Share, clean_video: bytes) -> None:
    (video,) = Photos((clean_video,), []).album().photos
    for bad in (clean_video + b"!", clean_video.replace(b"VideoHandler", b"CanaryHandle"), b"\0\0\0\x08ftyp"):
        with pytest.raises(VideoRefused):
            share.intake.take(
                OWNER, Album("k", "", "", [replace(video, size_bytes=len(bad), read=lambda bad=bad: bad)])
            )
    assert share.store.list("albums") == []


async def test_the_page_shows_photos_and_a_video_that_plays_without_script(
    share: Share, door: Door, photos: Photos
) -> None:
    link = linked(share, photos)
    page = (await door.visitor().get(link.path)).text
    assert "3 photos and a video · " in page
    assert (
        f'<video controls playsinline preload="none" poster="{link.path}/p/4-small.jpg" src="{link.path}/p/4.mp4" '
        f'width="540" height="960" aria-label="Video 4 of 4">' in page
    )
    assert f'<a href="{link.path}/4#p4">Open video 4 large</a>' in page
    assert page.count("<img") == 3
    assert "autoplay" not in page
    large = (await door.visitor().get(f"{link.path}/4")).text
    assert f'src="{link.path}/p/4.mp4"' in large
    assert "Save this video" in large
    assert f"{link.path}/save/4.mp4" in large


async def test_a_video_alone_has_a_page_of_its_own(share: Share, door: Door, only_video: Photos) -> None:
    link = linked(share, only_video, title="")
    page = (await door.visitor().get(link.path)).text
    assert "A video for you" in page
    assert "1 video · " in page
    assert "photos.zip" not in page
    assert (await door.visitor().get(f"{link.path}/2")).status_code == 404


async def test_without_downloads_the_player_offers_none(share: Share, door: Door, photos: Photos) -> None:
    link = linked(share, photos, allow_download=False)
    visitor = door.visitor()
    for path in ("", "/4"):
        page = (await visitor.get(link.path + path)).text
        assert 'controlslist="nodownload"' in page
        assert "save/" not in page
    assert (await visitor.get(f"{link.path}/save/4.mp4")).status_code == 404
    assert (await visitor.get(f"{link.path}/p/4.mp4")).status_code == 200


async def test_the_video_is_sent_whole_or_in_the_part_that_a_phone_asks_for(
    any_share: Maker, door_of: DoorOf, photos: Photos, clean_video: bytes
) -> None:
    share = any_share()
    link = linked(share, photos)
    visitor, path = door_of(share).visitor(), f"{link.path}/p/4.mp4"
    whole = await visitor.get(path)
    assert whole.content == clean_video
    assert find_leftovers(whole.content) == ()
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["cache-control"] == "private, no-cache"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "media-src 'self'" in whole.headers["content-security-policy"]
    assert "sandbox" in whole.headers["content-security-policy"]
    first = await visitor.get(path, headers={"range": "bytes=0-1"})  # what iPhones ask first, or they play nothing
    assert (first.status_code, first.content) == (206, clean_video[:2])
    assert first.headers["content-range"] == f"bytes 0-1/{len(clean_video)}"
    middle = await visitor.get(path, headers={"range": "bytes=1000-599999", "if-range": whole.headers["etag"]})
    assert (middle.status_code, middle.content) == (206, clean_video[1000:600_000])
    changed = await visitor.get(path, headers={"range": "bytes=0-1", "if-range": '"another"'})
    assert (changed.status_code, changed.content) == (200, clean_video)
    assert (await visitor.get(path, headers={"if-none-match": whole.headers["etag"]})).status_code == 304
    saved = await visitor.get(f"{link.path}/save/4.mp4")
    assert saved.headers["content-disposition"] == 'attachment; filename="video-04.mp4"'
    assert saved.content == clean_video
    small = await visitor.get(f"{link.path}/p/4-small.jpg")
    assert small.headers["content-type"] == "image/jpeg"
    assert small.headers["content-disposition"] == 'inline; filename="video-04.jpg"'
    assert small.content == poster(clean_video)
    for wrong in ("p/4.jpg", "p/1.mp4", "p/4-small.mp4", "save/4.jpg"):
        assert (await visitor.get(f"{link.path}/{wrong}")).status_code == 404


async def test_a_zip_holds_the_video_too(share: Share, door: Door, photos: Photos, clean_video: bytes) -> None:
    answer = await door.visitor().get(f"{linked(share, photos).path}/photos.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == "video-04.mp4"
        assert archive.read("video-04.mp4") == clean_video


async def test_the_poster_counts_as_the_look_and_the_video_does_not(
    share: Share, door: Door, only_video: Photos
) -> None:
    link = linked(share, only_video)

    async def views() -> int:
        await door.settled()
        return share.links.get(OWNER, link.id).views

    visitor = door.visitor()
    for headers in (AS_VIDEO, AS_VIDEO | {"range": "bytes=0-1"}, {"accept": "video/*"}):
        await visitor.get(f"{link.path}/p/1.mp4", headers=headers)
    assert await views() == 0
    shown = await visitor.get(f"{link.path}/p/1-small.jpg", headers=AS_PICTURE)
    assert await views() == 1
    again = await visitor.get(
        f"{link.path}/p/1-small.jpg", headers=AS_PICTURE | {"if-none-match": shown.headers["etag"]}
    )
    assert again.status_code == 304
    tags = {(await visitor.get(f"{link.path}/p/1.mp4")).headers["etag"] for _ in range(2)}
    assert len(tags) == 1
    assert not next(iter(tags)).removesuffix('"').rpartition("-")[2].isdigit(), "a player's part fits for ever"
    assert await views() == 1


async def test_nothing_of_a_gated_video_shows_before_the_gesture_or_is_kept_after(
    share: Share, door: Door, only_video: Photos
) -> None:
    link = linked(share, only_video, max_views=1, preview=Preview.COVER)
    stranger = door.visitor()
    for what in ("p/1.mp4", "p/1-small.jpg", "save/1.mp4", "preview.jpg"):
        answer = await stranger.get(f"{link.path}/{what}", headers={"range": "bytes=0-1"})
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "private, no-store")
    gate = (await stranger.get(link.path)).text
    assert "video" not in gate.lower()
    assert share.links.get(OWNER, link.id).views == 0
    await stranger.open(link)
    assert share.links.get(OWNER, link.id).views == 1
    for headers in ({}, {"range": "bytes=0-1"}):
        answer = await stranger.get(f"{link.path}/p/1.mp4", headers=headers)
        assert answer.status_code in {200, 206}
        assert answer.headers["cache-control"] == "private, no-store"
        assert "etag" not in answer.headers
    assert (await door.visitor().get(f"{link.path}/p/1.mp4")).status_code == 404


async def test_the_preview_of_a_video_is_its_poster(share: Share, door: Door, only_video: Photos) -> None:
    link = linked(share, only_video, preview=Preview.COVER)
    card = await door.visitor().get(f"{link.path}/preview.jpg")
    assert card.content == preview_card(small(share, link.album_id), blurred=False)
    page = (await door.visitor().get(link.path)).text
    assert '<meta property="og:description" content="1 video">' in page


async def test_a_page_of_thirty_with_videos_stays_below_ten_kilobytes(share: Share, door: Door, photos: Photos) -> None:
    many = Photos((photos.data * 8)[:30], [])
    async with door.visitor(accept_encoding="gzip") as visitor:
        page = await visitor.get(linked(share, many).path)
        assert page.text.count("<video") == 7
        assert int(page.headers["content-length"]) < 5_000


SAID = {
    "en": ("3 photos and a video", "1 photo and 2 videos"), "de": ("3 Fotos und ein Video", "1 Foto und 2 Videos"),
    "es": ("3 fotos y un video", "1 foto y 2 videos"), "pt": ("3 fotos e um vídeo", "1 foto e 2 vídeos"),
    "fr": ("3 photos et une vidéo", "1 photo et 2 vidéos"), "it": ("3 foto e un video", "1 foto e 2 video"),
    "id": ("3 foto dan 1 video", "1 foto dan 2 video"), "tr": ("3 fotoğraf ve bir video", "1 fotoğraf ve 2 video"),
    "vi": ("3 ảnh và 1 video", "1 ảnh và 2 video"), "ar": ("3 صور وفيديو واحد", "صورة واحدة ومقطعا فيديو"),
    "th": ("3 รูป และ 1 วิดีโอ", "1 รูป และ 2 วิดีโอ"), "fil": ("3 larawan at 1 video", "1 larawan at 2 video"),
    "ja": ("写真 3 枚と動画 1 本", "写真 1 枚と動画 2 本"), "ru": ("3 фотографии и 1 видео", "1 фотография и 2 видео"),
    "hi": ("3 फ़ोटो और 1 वीडियो", "1 फ़ोटो और 2 वीडियो"), "ko": ("사진 3장, 동영상 1개", "사진 1장, 동영상 2개"),
    "pl": ("3 zdjęcia i 1 film", "1 zdjęcie i 2 filmy"), "zh-Hans": ("3 张照片和 1 个视频", "1 张照片和 2 个视频"),
    "zh-Hant": ("3 張照片和 1 部影片", "1 張照片和 2 部影片"), "ur": ("3 تصویریں اور 1 ویڈیو", "1 تصویر اور 2 ویڈیوز"),
    "bn": ("3টি ছবি ও 1টি ভিডিও", "1টি ছবি ও 2টি ভিডিও"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_what_an_album_holds(language: str) -> None:
    said = words(language)
    assert (said.contents(4, 1), said.contents(3, 2)) == SAID[language]
    assert said.contents(2, 0) == said.count("photos", 2)
    assert said.contents(1, 1) == said.count("videos", 1)
    assert said.contents(2, 2) == said.count("videos", 2)
