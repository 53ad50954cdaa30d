"""A video of one photo, of many, of every shape and of a broken one: playable, upright, empty of metadata."""

from __future__ import annotations

import itertools
import json
import subprocess
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from lib.photos import NoUsablePhoto, PhotoProblem
from lib.photos.slideshow import Slideshow, Stopped, make_slideshow
from lib.photos.title_card import draw_title, drawable
from tests.photos.making import encoded, exif, jpeg, photo, segment

SMALL: dict[str, Any] = {"size": (108, 192), "fps": 10}


def coloured(colour: str, size: tuple[int, int] = (300, 200)) -> bytes:
    return encoded(Image.new("RGB", size, colour), "JPEG", quality=95)


def probed(path: Path) -> dict[str, Any]:
    run = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-count_frames", "-of", "json", str(path)],
        capture_output=True, check=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def frames(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_the_file_is_what_chat_apps_play(tmp_path: Path) -> None:
    video = make_slideshow([coloured("red"), coloured("blue")], tmp_path / "a.mp4", seconds_per_photo=1)
    found = probed(video.path)
    (stream,) = found["streams"]
    assert (stream["codec_name"], stream["pix_fmt"], stream["width"], stream["height"]) == (
        "h264",
        "yuv420p",
        1080,
        1920,
    )
    assert stream["r_frame_rate"] == stream["avg_frame_rate"] == "30/1"
    assert int(stream["nb_read_frames"]) == 60
    assert (stream["color_space"], stream["color_range"]) == ("bt709", "tv")
    assert float(found["format"]["duration"]) == pytest.approx(video.seconds) == pytest.approx(2)
    assert video.size_bytes == video.path.stat().st_size
    assert stream["tags"] == {"language": "und", "handler_name": "VideoHandler", "vendor_id": "[0][0][0][0]"}
    assert set(found["format"]["tags"]) == {"major_brand", "minor_version", "compatible_brands"}


def test_it_starts_fast_and_names_no_encoder(tmp_path: Path) -> None:
    data = make_slideshow([coloured("red")], tmp_path / "a.mp4", **SMALL).path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"x264" not in data
    assert b"Lav" not in data


def test_one_photo_makes_a_video(tmp_path: Path) -> None:
    video = make_slideshow([coloured("lime")], tmp_path / "a.mp4", **SMALL)
    shown = frames(video.path)
    assert len(shown) == 25
    assert all(frame[96, 54, 1] > 200 for frame in shown)
    assert video.notes == ()


def test_thirty_five_photos_stay_within_the_limit(tmp_path: Path) -> None:
    video = make_slideshow([coloured("red", (60, 80))] * 35, tmp_path / "a.mp4", size=(54, 96), fps=30)
    assert video.photos == 35
    assert 55 < video.seconds <= 60
    assert video.seconds_per_photo < 2.5
    assert "1.7 seconds" in video.notes[0]


def test_photos_follow_each_other_with_a_gentle_transition(tmp_path: Path) -> None:
    video = make_slideshow(
        [coloured("red"), coloured("blue")], tmp_path / "a.mp4", seconds_per_photo=2, fit="crop", **SMALL
    )
    shown = [frame[96, 54].astype(int) for frame in frames(video.path)]
    assert len(shown) == 40
    assert shown[0][0] > 220
    assert shown[0][2] < 40
    assert shown[-1][2] > 220
    assert shown[-1][0] < 40
    reds = [colour[0] for colour in shown]
    assert all(later <= earlier + 4 for earlier, later in itertools.pairwise(reds))
    assert sum(12 < red < 243 for red in reds) == 5  # half a second


SHAPES = [(300, 200), (200, 300), (1000, 10), (10, 1000), (1, 1), (250, 250), (108, 192)]


@pytest.mark.parametrize("fit", ["blur", "crop"])
def test_every_shape_fills_the_picture(tmp_path: Path, fit: Any) -> None:
    shapes = [encoded(photo().resize(size), "PNG") for size in SHAPES]
    video = make_slideshow(shapes, tmp_path / "a.mp4", seconds_per_photo=0.3, fit=fit, **SMALL)
    assert video.photos == len(SHAPES)
    assert all(frame.std() > 1 for frame in frames(video.path)[:6])


def test_a_photo_on_its_side_stands_upright(tmp_path: Path) -> None:
    top_red = Image.new("RGB", (192, 108), "blue")
    top_red.paste("red", (0, 0, 96, 108))  # the left half is the top after a turn clockwise
    data = jpeg(segment(0xE1, b"Exif\x00\x00" + exif(orientation=6)), image=top_red)
    shown = frames(make_slideshow([data], tmp_path / "a.mp4", **SMALL).path)[0]
    assert shown[20, 54, 0] > 200
    assert shown[170, 54, 2] > 200


def test_a_broken_photo_is_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "cut.jpg").write_bytes(encoded(photo(), "JPEG")[:2000])
    (tmp_path / "good.jpg").write_bytes(coloured("red"))
    paths = [tmp_path / "cut.jpg", tmp_path / "good.jpg", tmp_path / "gone.jpg"]
    video = make_slideshow(paths, tmp_path / "a.mp4", **SMALL)
    assert video.photos == 1
    assert [note.split(" was left out: ")[0] for note in video.notes] == ["cut.jpg", "gone.jpg"]


@pytest.mark.parametrize("photos", [[], [b"nothing"], [b"", b""]])
def test_without_any_photo_there_is_a_reason(tmp_path: Path, photos: list[bytes]) -> None:
    with pytest.raises(NoUsablePhoto):
        make_slideshow(photos, tmp_path / "a.mp4", **SMALL)
    assert list(tmp_path.iterdir()) == []


def test_progress_grows_to_one(tmp_path: Path) -> None:
    heard: list[float] = []
    make_slideshow([coloured("red")] * 3, tmp_path / "a.mp4", on_progress=heard.append, **SMALL)
    assert heard == sorted(heard)
    assert heard[-1] == 1
    assert len(heard) > 5


def test_stopping_leaves_no_file(tmp_path: Path) -> None:
    heard: list[float] = []
    with pytest.raises(Stopped) as stopped:
        make_slideshow(
            [coloured("red")] * 5, tmp_path / "a.mp4", on_progress=heard.append, cancel=lambda: len(heard) > 2, **SMALL
        )
    assert isinstance(stopped.value, PhotoProblem)
    assert list(tmp_path.iterdir()) == []


def test_a_title_opens_the_video(tmp_path: Path) -> None:
    plain = make_slideshow([coloured("navy")], tmp_path / "a.mp4", **SMALL)
    titled: Slideshow = make_slideshow([coloured("navy")], tmp_path / "b.mp4", title="Summer in Ravenna", **SMALL)
    assert titled.seconds == plain.seconds * 2
    assert frames(titled.path)[0].max() > 200 > frames(titled.path)[-1].max()  # white letters on the first
    assert titled.notes == ()


@pytest.mark.parametrize("title", ["Ravenna", "Größe", "Крым", "a" * 500, "one two " * 60, "x\r\ny\x00z"])
def test_any_title_fits_on_its_card(title: str) -> None:
    text, font = drawable(title)
    assert text
    ground = Image.new("RGB", (540, 960), "black")
    card = np.asarray(draw_title(ground, text, font))
    assert card.max() > 200
    assert card[:, :20].max() == 0  # nothing runs over the edge
    assert card[:, -20:].max() == 0
    assert card[:20].max() == 0


def test_letters_that_no_font_knows_are_left_out_and_said(tmp_path: Path) -> None:
    text, _ = drawable("Summer \U000f0001\U000f0002 2026")
    assert text == "Summer 2026"
    video = make_slideshow([coloured("red")], tmp_path / "a.mp4", title="\U000f0001", **SMALL)
    assert video.seconds == 2.5
    assert video.notes == ("Some letters of the title are not in the font and were left out.",)
