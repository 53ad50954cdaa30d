"""Photos become an upright video on a phone: made, watched, saved, and nothing inside but the pictures."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.conftest import RunningApp
from tests.stories.conftest import settled
from tests.ui.made_photos import CANARIES, write


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
    make.tap()
    expect(phone.get_by_role("heading", name="Your video is ready")).to_be_visible(timeout=60_000)
    video = phone.locator("video")
    expect(video).to_be_visible()
    phone.wait_for_function("document.querySelector('video').readyState >= 1")
    assert video.evaluate("video => [video.videoWidth, video.videoHeight, Math.round(video.duration * 10)]") == [
        1080, 1920, 75,
    ]  # fmt: skip
    video.evaluate("video => { video.muted = true; return video.play(); }")
    phone.wait_for_function("document.querySelector('video').currentTime > 0.2")
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
