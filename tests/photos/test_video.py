"""A video made here is served because a second reader finds nothing in it; whatever is planted inside, it finds."""

from __future__ import annotations

import io
import json
import struct
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lib.photos import PhotoProblem, UnsupportedPicture, find_leftovers, prepare_photo, slideshow, video
from lib.photos.slideshow import make_slideshow, preview_slide
from lib.photos.video import VERDICT, VideoRefused, VideoTooLarge, check_video
from tests.photos.making import CANARY, WORD, XMP, encoded, photo

CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


@cache
def made(folder: Path, colours: tuple[str, ...] = ("red", "blue")) -> bytes:
    photos = [encoded(Image.new("RGB", (300, 200), colour), "JPEG", quality=95) for colour in colours]
    photos.append(encoded(photo(), "JPEG"))
    return make_slideshow(photos, folder / "a.mp4", seconds_per_photo=1, size=(108, 192), fps=10).path.read_bytes()


@pytest.fixture(scope="module")
def mp4(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return made(tmp_path_factory.mktemp("video"))


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def planted(data: bytes, where: bytes, extra: bytes, *, at_end: bool = True) -> bytes:
    """Put bytes into a box (b"": the file itself), mending the sizes around it and the place of the pictures."""

    def rebuilt(start: int, end: int) -> bytes:
        out = b""
        while start < end:
            size, name = struct.unpack_from(">I4s", data, start)
            content = data[start + 8 : start + size]
            if name in CONTAINERS or (name == where and name == b"udta"):
                content = rebuilt(start + 8, start + size) if name in CONTAINERS else content
            if name == where:
                content = content + extra if at_end else extra + content
            out += box(name, content)
            start += size
        return out

    new = data + extra if where == b"" else rebuilt(0, len(data))
    grown = new.index(b"mdat") - data.index(b"mdat")
    at = new.index(b"stco") + 12
    count = struct.unpack_from(">I", new, at - 4)[0]
    moved = [place + grown for place in struct.unpack_from(f">{count}I", new, at)]
    return new[:at] + struct.pack(f">{count}I", *moved) + new[at + 4 * count :]


def replaced(name: bytes, offset: int, new: bytes) -> Callable[[bytes], bytes]:
    """Write bytes into the content of a box, where there were others of the same number."""

    def change(data: bytes) -> bytes:
        at = data.index(name) + 4 + offset
        return data[:at] + new + data[at + len(new) :]

    return change


def sei(text: bytes) -> Callable[[bytes], bytes]:
    """Put a unit of user data before the first picture, as an encoder does that names itself."""

    def change(data: bytes) -> bytes:
        unit = b"\x06\x05" + bytes([16 + len(text)]) + bytes(16) + text + b"\x80"
        unit = struct.pack(">I", len(unit)) + unit
        sizes, mdat = data.index(b"stsz") + 16, data.index(b"mdat")
        first = struct.unpack_from(">I", data, sizes)[0] + len(unit)
        grown = struct.pack(">I", struct.unpack_from(">I", data, mdat - 4)[0] + len(unit))
        data = data[:sizes] + struct.pack(">I", first) + data[sizes + 4 :]
        return data[: mdat - 4] + grown + b"mdat" + unit + data[mdat + 4 :]

    return change


GPS = box(b"\xa9xyz", struct.pack(">HH", 18, 0x15C7) + b"+44.4178+012.1996/")
XMP_BOX = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + XMP)
YEAR_2026 = struct.pack(">I", 3_866_000_000)  # seconds since 1904
PLANTED: dict[str, Callable[[bytes], bytes]] = {
    "MP4 uuid": lambda data: planted(data, b"", XMP_BOX),
    "MP4 uuid in moov": lambda data: planted(data, b"moov", XMP_BOX),
    "MP4 udta": lambda data: planted(data, b"udta", GPS),
    "MP4 ©xyz": lambda data: planted(data, b"trak", GPS),
    "MP4 udta of a track": lambda data: planted(data, b"trak", box(b"udta", GPS)),
    "MP4 meta": lambda data: planted(data, b"moov", box(b"meta", WORD)),
    "MP4 free": lambda data: data.replace(b"\0\0\0\x08free", b""),  # taken out: see below
    "MP4 skip": lambda data: planted(data, b"", box(b"skip", WORD)),
    "MP4 wide": lambda data: planted(data, b"stbl", box(b"wide", WORD)),
    "MP4 mdat": lambda data: planted(data, b"mdat", WORD),
    "MP4 moov": lambda data: planted(data, b"moov", b"\0\0\0"),
    "MP4": lambda data: data + b"!",
    "MP4 trak": lambda data: planted(data, b"moov", box(b"trak", WORD)),
    "MP4 mvhd": replaced(b"mvhd", 4, YEAR_2026),
    "MP4 tkhd": replaced(b"tkhd", 4, YEAR_2026),
    "MP4 mdhd": replaced(b"mdhd", 8, YEAR_2026),
    "MP4 mdhd language": replaced(b"mdhd", 20, b"\x19\xf5"),
    "MP4 hdlr": replaced(b"hdlr", 24, b"CANARY-7f3a9"),
    "MP4 ftyp": replaced(b"ftyp", 0, b"qt  "),
    "MP4 mvhd preview": replaced(b"mvhd", 72, b"\0\0\0\x01"),
    "MP4 tkhd turned": replaced(b"tkhd", 40, bytes(4)),
    "MP4 vmhd": replaced(b"vmhd", 4, b"\0\x40"),
    "MP4 dref": replaced(b"dref", 19, b"\0"),
    "MP4 stsd": replaced(b"stsd", 58, b"\x0aLavc canary"),
    "MP4 stsz": replaced(b"stsz", 7, b"\x05"),
    "MP4 stts": replaced(b"stts", 11, b"\x01"),
    "MP4 stss": replaced(b"stss", 8, b"\0\0\xff\xff"),
    "MP4 stco": replaced(b"stco", 8, b"\0\0\0\0"),
    "MP4 colr": replaced(b"colr", 4, b"\0\x09"),
    "MP4 avcC": replaced(b"avcC", 5, b"\xe2"),
    "MP4 mdat SEI": sei(b"x264 - core 165 - " + WORD),
}


def test_a_video_made_here_holds_nothing(mp4: bytes) -> None:
    assert find_leftovers(mp4) == ()


@pytest.mark.parametrize("where", PLANTED)
def test_whatever_is_planted_is_found_and_named(mp4: bytes, where: str) -> None:
    changed = PLANTED[where](mp4)
    assert changed != mp4
    if where == "MP4 free":
        at = changed.index(b"mdat") - 4
        changed = changed[:at] + box(b"free", b"\0" * 8) + changed[at:]
    found = find_leftovers(changed)
    assert found
    assert found[0].where == " ".join(where.split()[:2]), found
    with pytest.raises(VideoRefused):
        check_video(changed)


def test_a_position_that_exiftool_reads_is_found(mp4: bytes, tmp_path: Path) -> None:
    """The planting works: another program reads what we planted."""
    (tmp_path / "a.mp4").write_bytes(planted(mp4, b"moov", box(b"udta", GPS)))
    told = subprocess.run(["exiftool", "-json", "-n", "-a", str(tmp_path / "a.mp4")], capture_output=True, check=True)
    assert json.loads(told.stdout)[0]["GPSLatitude"] == 44.4178


@pytest.mark.parametrize(
    "tags",
    [
        ["-metadata", f"title={CANARY}"],
        ["-metadata", f"comment={CANARY}", "-movflags", "use_metadata_tags"],
        ["-metadata", "creation_time=2026-07-04T18:30:00Z"],
        ["-metadata", "location=+44.4178+012.1996/"],
        ["-metadata:s:v:0", f"handler_name={CANARY}"],
        ["-metadata:s:v:0", "language=ita"],
        ["-timecode", "10:00:00:00"],
        ["-f", "mov"],
        [],  # FFmpeg names itself
    ],
)
def test_what_ffmpeg_writes_is_found(mp4: bytes, tmp_path: Path, tags: list[str]) -> None:
    (tmp_path / "a.mp4").write_bytes(mp4)
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", tmp_path / "a.mp4", "-c", "copy", *tags, tmp_path / "b.mp4"], check=True
    )
    assert find_leftovers((tmp_path / "b.mp4").read_bytes())


@pytest.mark.parametrize(
    "tag",
    ["-XMP-dc:Creator=Canary", "-GPSCoordinates=44.4178, 12.1996, 0", "-Keys:Software=x", "-QuickTime:CreateDate=now"],
)
def test_what_exiftool_writes_is_found(mp4: bytes, tmp_path: Path, tag: str) -> None:
    (tmp_path / "a.mp4").write_bytes(mp4)
    subprocess.run(["exiftool", "-q", "-overwrite_original", tag, str(tmp_path / "a.mp4")], check=True)
    changed = (tmp_path / "a.mp4").read_bytes()
    assert changed != mp4
    assert find_leftovers(changed)


def test_exiftool_and_ffprobe_agree_that_it_is_clean(mp4: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(mp4)
    told = subprocess.run(
        ["exiftool", "-json", "-G1", "-a", "-u", str(tmp_path / "a.mp4")], capture_output=True, check=True
    )
    rows = {key: value for key, value in json.loads(told.stdout)[0].items() if "Date" in key and "File" not in key}
    assert rows
    assert set(rows.values()) == {"0000:00:00 00:00:00"}
    assert not {"XMP", "GPS", "Keys", "ItemList", "UserData"} & {
        key.partition(":")[0] for key in json.loads(told.stdout)[0]
    }
    probed = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags:stream=codec_name", "-of", "json",
         str(tmp_path / "a.mp4")], capture_output=True, check=True,
    )  # fmt: skip
    (stream,) = json.loads(probed.stdout)["streams"]
    assert stream["codec_name"] == "h264"
    assert CANARY not in probed.stdout.decode()


@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_video_is_never_clean(mp4: bytes, share: float) -> None:
    assert find_leftovers(mp4[: int(len(mp4) * share)])


@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6), early=st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_byte_here_and_there_never_breaks_out(
    mp4: bytes, changes: list[tuple[float, int]], *, early: bool
) -> None:
    data = bytearray(mp4)
    reach = min(len(data) - 1, 1_800) if early else len(data) - 1
    for where, byte in changes:
        data[int(where * reach)] = byte
    find_leftovers(bytes(data))


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_random_bytes_behind_the_head_of_a_video_are_leftovers(data: bytes) -> None:
    assert find_leftovers(b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + data)


def test_the_poster_is_the_first_picture_and_clean(mp4: bytes) -> None:
    seen = check_video(mp4)
    assert (seen.width, seen.height, seen.media_type, seen.seconds) == (108, 192, "video/mp4", pytest.approx(3))
    assert find_leftovers(seen.small) == ()
    with Image.open(io.BytesIO(seen.small)) as picture:
        assert picture.size == (108, 192)
        red, green, blue = picture.convert("RGB").getpixel((54, 96))
    assert red > 240
    assert max(green, blue) < 20
    assert seen.report.verdict == VERDICT
    assert seen.report.findings == ()
    assert type(seen.report).from_dict(seen.report.to_dict()) == seen.report


def test_pictures_that_stand_alone_are_enough_for_a_second_look(mp4: bytes) -> None:
    assert check_video(mp4, whole=False).small == check_video(mp4).small


def test_a_video_that_cannot_be_decoded_is_refused(mp4: bytes) -> None:
    at = mp4.index(b"mdat") + 4
    size = struct.unpack_from(">I", mp4, at)[0]
    broken = mp4[: at + 6] + b"\x55" * (size - 2) + mp4[at + 4 + size :]
    assert find_leftovers(broken) == ()  # nothing private: only no picture
    for whole in (True, False):
        with pytest.raises(VideoRefused):
            check_video(broken, whole=whole)
    with pytest.raises(VideoRefused):
        check_video(mp4[:200])


def test_a_video_over_the_limit_is_refused_with_both_numbers(mp4: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "MAX_VIDEO_BYTES", len(mp4) - 1)
    with pytest.raises(VideoTooLarge, match=r"The video has \d+ kB; a link takes videos of up to \d+ kB\."):
        check_video(mp4)


@pytest.mark.parametrize("data", [b"", b"no video", b"\0\0\0\x08ftyp"])
def test_other_files_are_no_video(data: bytes) -> None:
    with pytest.raises(PhotoProblem):
        check_video(data)


def test_another_codec_is_refused(tmp_path: Path) -> None:
    with av.open(
        str(tmp_path / "a.mp4"), "w", format="mp4", options={"fflags": "+bitexact", "movflags": "+faststart"}
    ) as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height = 108, 192
        frame = av.VideoFrame.from_ndarray(np.zeros((192, 108, 3), np.uint8), format="rgb24")
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            out.mux(packet)
    with pytest.raises(VideoRefused):
        check_video((tmp_path / "a.mp4").read_bytes())


def test_a_video_is_never_taken_as_a_photo(mp4: bytes) -> None:
    with pytest.raises(UnsupportedPicture, match="a video"):
        prepare_photo(mp4)


def test_noise_for_a_minute_stays_within_what_a_link_takes(tmp_path: Path) -> None:
    """The highest rate holds: what fits in a minute is known before."""
    noise = [encoded(Image.effect_noise((540, 960), 120 + n).convert("RGB"), "JPEG") for n in range(2)]
    out = make_slideshow(noise, tmp_path / "a.mp4", size=(540, 960), seconds_per_photo=2, transition_s=1)
    rate = int(slideshow.MAX_RATE)
    assert out.size_bytes * 8 < out.seconds * rate + int(slideshow.BUFFER)
    assert 60 * rate / 8 + int(slideshow.BUFFER) / 8 < video.MAX_VIDEO_BYTES


@pytest.mark.parametrize("fit", ["blur", "crop"])
def test_the_preview_shows_what_the_video_begins_with(fit: slideshow.Fit, tmp_path: Path) -> None:
    data = encoded(photo(), "JPEG")
    shown = np.asarray(Image.open(io.BytesIO(preview_slide(data, fit=fit))).convert("RGB")).astype(int)
    assert shown.shape == (480, 270, 3)
    out = make_slideshow([data], tmp_path / "a.mp4", fit=fit, size=(270, 480), fps=10, seconds_per_photo=0.3)
    first = np.asarray(Image.open(io.BytesIO(check_video(out.path.read_bytes()).small)).convert("RGB")).astype(int)
    assert np.abs(shown - first).mean() < 6


def test_the_preview_of_a_title_is_its_card() -> None:
    plain, titled = (preview_slide(encoded(photo(), "JPEG"), title=title) for title in ("", "Ravenna"))
    assert plain != titled
    assert find_leftovers(titled) == ()
    with pytest.raises(PhotoProblem):
        preview_slide(b"nothing")
