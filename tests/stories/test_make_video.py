"""Photos become an upright video on a phone: made, watched, saved, and nothing inside but the pictures."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib.photos import find_leftovers
from tests.conftest import RunningApp, running_app
from tests.stories.conftest import DESKTOP, PHONE, settled
from tests.stories.test_create_link import options
from tests.ui.made_photos import CANARIES, write

# The page allows no text that becomes a script, so waiting is a function of the player.
LOADED = """one => new Promise((done) => {
  if (one.readyState >= 1) done();
  else one.addEventListener("loadedmetadata", () => done(), { once: true });
})"""
PLAYED = """one => new Promise((done) => {
  const look = () => { if (one.currentTime > 0.2) done(); else requestAnimationFrame(look); };
  look();
})"""


def probe(path: Path) -> dict[str, dict[str, object]]:
    """What ffprobe says of the first stream and of the file."""
    answer = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)],
        capture_output=True, check=True,
    )  # fmt: skip
    told = json.loads(answer.stdout)
    assert len(told["streams"]) == 1
    return {"stream": told["streams"][0], "format": told["format"]}


def test_three_photos_become_a_video_that_plays(
    phone: Page, app: RunningApp, tmp_path: Path,
    no_axe_violations: Callable[[Page], None], look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    phone.goto(f"{app.url}/video")
    make = phone.get_by_role("button", name="Make the video")
    expect(make).to_be_disabled()
    look(phone, "video-empty")
    phone.locator("input.pick").set_input_files(write(tmp_path, 3))
    expect(phone.locator(".total-words")).to_contain_text("3 photos ready")
    expect(make).to_be_enabled()
    expect(phone.get_by_text("3 photos, 8 seconds, 1080 × 1920 pixels, no sound.")).to_be_visible()
    expect(phone.get_by_alt_text("The first photo as the video shows it")).to_be_visible()
    phone.get_by_role("textbox", name="Title at the start").fill("Ravenna")
    phone.keyboard.press("Tab")
    expect(phone.get_by_alt_text("The title as the video shows it")).to_be_visible()
    look(phone, "video-preview")
    phone.get_by_role("textbox", name="Title at the start").fill("")
    phone.keyboard.press("Tab")
    expect(phone.get_by_alt_text("The title as the video shows it")).to_have_count(0)
    make.tap()
    expect(phone.get_by_role("heading", name="Your video is ready")).to_be_visible(timeout=60_000)
    video = phone.locator("video")
    expect(video).to_be_visible()
    phone.locator("video").evaluate(LOADED)
    assert video.evaluate("video => [video.videoWidth, video.videoHeight, Math.round(video.duration * 10)]") == [
        1080, 1920, 75,
    ]  # fmt: skip
    video.evaluate("video => { video.muted = true; return video.play(); }")
    phone.locator("video").evaluate(PLAYED)
    no_axe_violations(phone)
    look(phone, "video-made")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Save the video").tap()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.name == "photos.mp4"
    told = probe(saved)
    assert {key: told["stream"][key] for key in ("codec_name", "pix_fmt", "width", "height", "r_frame_rate")} == {
        "codec_name": "h264", "pix_fmt": "yuv420p", "width": 1080, "height": 1920, "r_frame_rate": "30/1",
    }  # fmt: skip
    assert set(told["format"].get("tags", {})) <= {"major_brand", "minor_version", "compatible_brands"}
    assert not [canary for canary in CANARIES if canary in saved.read_bytes()]


def test_a_photo_is_left_out_and_making_can_be_stopped(phone: Page, app: RunningApp, tmp_path: Path) -> None:
    phone.goto(f"{app.url}/video")
    phone.locator("input.pick").set_input_files(write(tmp_path, 5))
    expect(phone.get_by_text("5 photos, 12 seconds")).to_be_visible()
    phone.get_by_text("Leave some photos out").tap()
    settled(phone)
    phone.get_by_text("2. photo 2.jpg", exact=True).tap()
    expect(phone.get_by_text("4 photos, 10 seconds")).to_be_visible()
    phone.get_by_role("button", name="Make the video").tap()
    phone.get_by_role("button", name="Cancel").tap()
    expect(phone.get_by_role("button", name="Make the video")).to_be_enabled()
    expect(phone.get_by_role("heading", name="Your video is ready")).to_have_count(0)


def make_video(page: Page, app: RunningApp, files: list[Path], *, seconds: str = "1") -> None:
    """Pick photos and make a short video of them, as a person does."""
    page.goto(f"{app.url}/video")
    page.locator("input.pick").set_input_files(files)
    text = f"{len(files)} photo{'s' if len(files) > 1 else ''} ready"
    expect(page.locator(".total-words")).to_contain_text(text, timeout=60_000)
    page.get_by_role("spinbutton", name="Seconds for each photo").fill(seconds)
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name="Make the video").click()
    expect(page.get_by_role("heading", name="Your video is ready")).to_be_visible(timeout=90_000)


def link_of(page: Page, seen: str = "Checked: it opens without an account") -> str:
    """Create the link and return it, once the page stands still."""
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_text(seen)).to_be_visible(timeout=60_000)
    settled(page)
    return page.locator(".address").inner_text().strip()


PLAY = """([video, from]) => new Promise((done, failed) => {
    video.muted = true;
    if (from) video.currentTime = from;
    const told = () => [video.videoWidth, video.videoHeight, video.duration];
    video.ontimeupdate = () => video.currentTime > from + 0.2 && done(told());
    setTimeout(() => failed(new Error(`stands still at ${video.currentTime}, state ${video.readyState}`)), 15000);
    video.play().catch(failed);
})"""


def plays(page: Page, since: float = 0) -> list[float]:
    """Play the first video of the page, from a moment in it, and return its width, height and length."""
    video = page.locator("video").first
    video.scroll_into_view_if_needed()
    return page.evaluate(PLAY, [video.element_handle(), since])


def watch_and_save(
    new_context: Callable[..., BrowserContext], link: str, served: bytes,
    no_axe_violations: Callable[[Page], None], look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    """A friend watches the third thing of an album where it stands, on its own page and by itself, and keeps it."""
    friend = new_context(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2).new_page()
    friend.goto(link)
    look(friend, "share-video-phone")
    no_axe_violations(friend)
    assert plays(friend) == [1080, 1920, pytest.approx(3, abs=0.05)]
    friend.get_by_role("link", name="Open video 3 large").tap()
    look(friend, "share-video-large")
    no_axe_violations(friend)
    assert plays(friend)[:2] == [1080, 1920]
    with friend.expect_download() as download:
        friend.get_by_role("link", name="Save this video").tap()
    assert download.value.suggested_filename == "video-03.mp4"
    assert Path(download.value.path()).read_bytes() == served
    friend.goto(f"{link}/p/4.mp4")  # an address that somebody opens by itself; no script runs there, not even ours
    for _ in range(100):
        if friend.locator("video").evaluate("video => video.readyState") > 1:
            return
        friend.wait_for_timeout(100)
    pytest.fail("the video does not play by itself")


def test_a_video_goes_behind_a_link_with_its_photos_and_comes_back_with_proof(
    app: RunningApp, phone: Page, new_context: Callable[..., BrowserContext], tmp_path: Path,
    no_axe_violations: Callable[[Page], None], look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    make_video(phone, app, write(tmp_path, 3))
    phone.get_by_role("button", name="Put it behind a link").tap()
    expect(phone.get_by_role("heading", name="Send photos")).to_be_visible()
    tile = phone.locator(".card").filter(has_text="Video.mp4")
    expect(tile).to_contain_text("Video, 3 s")
    expect(tile.locator(".thumb svg")).to_be_visible()
    expect(phone.locator(".card")).to_have_count(4)
    expect(phone.locator(".total-words")).to_contain_text("3 photos and a video ready")
    with phone.expect_response(re.compile("/order$")):
        tile.get_by_role("button").first.press("Alt+ArrowLeft")
    expect(phone.locator(".card").nth(2)).to_contain_text("Video.mp4")
    no_axe_violations(phone)
    look(phone, "video-in-the-album")
    link = link_of(phone)
    expect(phone.get_by_text("Checked: it opens without an account. 3 photos and a video")).to_be_visible()
    if not phone.get_by_text(re.compile("^Removed")).is_visible():
        phone.get_by_text("Privacy receipt").tap()
    expect(phone.get_by_text(re.compile(r"Video 3: 1080 × 1920 px, 3 s,"))).to_be_visible()
    expect(phone.get_by_text("where it was taken: 3 of 3 photos")).to_be_visible()
    expect(phone.get_by_text("I have 3 photos and a video for you")).to_be_visible()
    no_axe_violations(phone)
    look(phone, "video-link-ready")

    # The recipient, without script: the poster, the words, the address of the video.
    still = new_context(viewport=PHONE, java_script_enabled=False).new_page()
    still.goto(link)
    expect(still.get_by_text("3 photos and a video")).to_be_visible()
    expect(still.locator("video")).to_have_attribute("poster", re.compile(r"/p/4-small\.jpg$"))
    assert still.locator("script:not([src])").count() == 0
    served = still.request.get(f"{link}/p/4.mp4")
    assert served.headers["content-type"] == "video/mp4"
    assert find_leftovers(served.body()) == ()
    (tmp_path / "served.mp4").write_bytes(served.body())
    told = probe(tmp_path / "served.mp4")
    assert {key: told["stream"][key] for key in ("codec_name", "pix_fmt", "width", "height", "r_frame_rate")} == {
        "codec_name": "h264", "pix_fmt": "yuv420p", "width": 1080, "height": 1920, "r_frame_rate": "30/1",
    }  # fmt: skip
    part = still.request.get(f"{link}/p/4.mp4", headers={"Range": "bytes=0-1"})
    assert (part.status, len(part.body())) == (206, 2)

    watch_and_save(new_context, link, served.body(), no_axe_violations, look)

    phone.goto(f"{app.url}/links")
    expect(phone.get_by_text(re.compile(r"^3 photos and a video · "))).to_be_visible()
    phone.get_by_role("button", name="Look and change").first.tap()
    expect(phone.get_by_test_id("stMetric").filter(has_text="Opened by people")).to_contain_text("2")
    phone.get_by_role("button", name="Open it as a stranger").tap()
    expect(phone.get_by_text("A stranger can open it: 3 photos and a video, whole and clean.")).to_be_visible()
    phone.get_by_role("button", name="Take back now").tap()
    expect(phone.get_by_text(re.compile(r"Gone at .* 22 of 22 addresses"))).to_be_visible()
    for path in ("", "/4", "/p/4.mp4", "/p/4-small.jpg", "/save/4.mp4", "/photos.zip", "/preview.jpg"):
        for headers in ({}, {"Range": "bytes=0-1"}):
            assert still.request.get(link + path, headers=headers).status == 404, path


def test_only_the_video_goes_behind_the_link_and_the_photos_can_come_back(
    app: RunningApp, desktop: Page, new_context: Callable[..., BrowserContext], tmp_path: Path,
    no_axe_violations: Callable[[Page], None], look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    make_video(desktop, app, write(tmp_path, 2))
    desktop.get_by_role("button", name="Put it behind a link").click()
    expect(desktop.locator(".card")).to_have_count(3)
    desktop.get_by_role("button", name="Only the video").click()
    expect(desktop.get_by_text("2 photos taken out.")).to_be_visible()
    expect(desktop.locator(".card")).to_have_count(1)
    desktop.get_by_role("button", name="Undo").click()
    expect(desktop.locator(".card")).to_have_count(3)
    expect(desktop.locator(".card").nth(2)).to_contain_text("Video.mp4")
    expect(desktop.locator(".card").first).to_contain_text("Location removed")
    desktop.get_by_role("button", name="Only the video").click()
    expect(desktop.locator(".card")).to_have_count(1)
    expect(desktop.locator(".total-words")).to_contain_text("1 video ready")
    no_axe_violations(desktop)
    look(desktop, "video-only-desktop")

    # The simple picker shows it too, and takes it out and in again.
    options(desktop)
    desktop.get_by_text("Use the simple picker").click()
    expect(desktop.get_by_text("Video, 2 s")).to_be_visible()
    desktop.get_by_role("button", name="Remove the video").click()
    expect(desktop.get_by_text("2 photos and a video taken out.")).to_be_visible()
    expect(desktop.get_by_role("button", name="Create link")).to_have_count(0)
    desktop.get_by_role("button", name="Undo").click()
    expect(desktop.get_by_text("Video, 2 s")).to_be_visible()
    desktop.get_by_role("button", name="Only the video").click()
    expect(desktop.get_by_text("2 photos taken out.")).to_be_visible()
    look(desktop, "video-simple-picker")
    link = link_of(desktop)
    expect(desktop.get_by_text("Checked: it opens without an account. 1 video")).to_be_visible()
    for scheme, size in (("light", DESKTOP), ("dark", PHONE)):
        friend = new_context(viewport=size, color_scheme=scheme).new_page()
        friend.goto(link)
        expect(friend.get_by_role("heading", name="A video for you")).to_be_visible()
        no_axe_violations(friend)
        look(friend, f"share-only-video-{scheme}")
        assert plays(friend)[:2] == [1080, 1920]


def test_a_gated_video_is_watched_after_the_gesture_and_jumps_where_one_wants(
    app: RunningApp, desktop: Page, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    make_video(desktop, app, write(tmp_path, 2))
    desktop.get_by_role("button", name="Put it behind a link").click()
    expect(desktop.locator(".card")).to_have_count(3)
    options(desktop)
    desktop.get_by_role("textbox", name="Password").fill("moss lantern gravel")
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_text("Hard to guess.")).to_be_visible()
    link = link_of(desktop, "Checked: somebody else meets the closed door")
    friend = new_context(viewport=PHONE).new_page()
    friend.goto(link)
    assert friend.request.get(f"{link}/p/4.mp4").status == 404
    assert friend.request.get(f"{link}/p/4-small.jpg").status == 404
    friend.get_by_label("Password").fill("moss lantern gravel")
    friend.get_by_role("button").first.click()
    assert plays(friend)[:2] == [1080, 1920]
    assert plays(friend, since=1.2)
    stranger = new_context(viewport=PHONE).new_page()
    assert stranger.request.get(f"{link}/p/4.mp4", headers={"Range": "bytes=0-1"}).status == 404


def test_a_full_store_and_a_full_album_cost_nobody_a_video(
    phone: Page, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, look: Callable[[Page, str], None]
) -> None:
    files = write(tmp_path, 2)
    with running_app(tmp_path_factory.mktemp("full"), PASSALONG_MAX_PHOTOS="2") as app:
        make_video(phone, app, files)
        phone.get_by_role("button", name="Put it behind a link").tap()
        expect(phone.get_by_text("One link holds at most 2 photos.")).to_be_visible()
        expect(phone.get_by_role("heading", name="Your video is ready")).to_be_visible()
        look(phone, "video-album-full")
        phone.get_by_role("button", name="Put only the video behind a link").tap()
        expect(phone.get_by_text("2 photos taken out.")).to_be_visible()
        expect(phone.locator(".total-words")).to_contain_text("1 video ready")
        phone.goto(f"{app.url}/video")  # another page, and back: the video waits
    with running_app(tmp_path_factory.mktemp("small"), PASSALONG_VISITOR_BYTES="160000") as app:
        make_video(phone, app, files)
        expect(phone.get_by_text("is the limit for one visitor")).to_be_visible()
        expect(phone.get_by_role("button", name="Put it behind a link")).to_have_count(0)
        phone.locator("video").evaluate(LOADED)
        with phone.expect_download() as download:
            phone.get_by_role("button", name="Save the video").tap()
        assert find_leftovers(Path(download.value.path()).read_bytes()) == ()
        look(phone, "video-store-full")


def test_two_videos_are_two_things(app: RunningApp, desktop: Page, tmp_path: Path) -> None:
    make_video(desktop, app, write(tmp_path, 1))
    desktop.get_by_role("button", name="Put it behind a link").click()
    expect(desktop.locator(".card")).to_have_count(2)
    desktop.get_by_role("link", name="Make a video").first.click()
    expect(desktop.get_by_text("It waits for its link")).to_be_visible()
    expect(desktop.get_by_text(re.compile("^1 photo, 1 second, .* Nothing is inside"))).to_be_visible()
    desktop.get_by_role("button", name="Make it again").click()
    expect(desktop.get_by_role("button", name="Put it behind a link")).to_be_visible(timeout=60_000)
    desktop.get_by_role("button", name="Put it behind a link").click()
    expect(desktop.locator(".total-words")).to_contain_text("1 photo and 2 videos ready")
