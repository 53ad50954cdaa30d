"""Photos as an upright video: H.264 in MP4, ready to post, with nothing inside but the pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from lib.photos import cost
from lib.photos.colour import on_white
from lib.photos.decode import Wish, decode
from lib.photos.gate import decoding
from lib.photos.metadata.read import inspect
from lib.photos.prepare import MAX_BYTES, MAX_PIXELS, facts_of
from lib.photos.problems import NoUsablePhoto, PhotoProblem, check_bytes, check_pixels
from lib.photos.small import photo_jpeg
from lib.photos.sniff import format_of
from lib.photos.title_card import draw_title, drawable
from lib.text.later import Together, later

Fit = Literal["blur", "crop"]

TRANSITION_S = 0.5
LONGEST_TRANSITION = 1 / 3  # of the time of one photo
QUALITY = "20"  # x264's crf; 18 can hardly be told from the original, 23 is its default
PRESET = "veryfast"  # still pictures need no long search
KEYFRAME_S = 2  # so that players can jump
# Photos tried take 1 to 4 Mbit/s at this quality. Noise and foliage may take no more than this, so that a minute always
# fits behind a link (`lib.photos.video.MAX_VIDEO_BYTES`).
MAX_RATE, BUFFER = "6000000", "12000000"  # bits a second, bits
BLUR_SHRINK, BLUR_RADIUS, BLUR_BRIGHTNESS = 16, 4, 0.75  # the ground behind photos of another shape
BT709, LIMITED_RANGE = 1, 1
# Encoders write their name and settings into SEI units (type 6); they are left out.
WITHOUT_SEI = "filter_units=remove_types=6"

Frame = NDArray[np.uint8]


class Stopped(PhotoProblem):
    """The person has stopped the making of the video."""

    title = later("Stopped")
    fix = later("Start again whenever you like.")


@dataclass(frozen=True, slots=True)
class Slideshow:
    """A finished video. `notes` says which photos were left out, and what else a person should know."""

    path: Path
    seconds: float
    size_bytes: int
    width: int
    height: int
    photos: int
    seconds_per_photo: float
    notes: tuple[str, ...] = ()


def make_slideshow(  # noqa: PLR0913 - all are choices of a person, by name
    photos: Sequence[bytes | Path],
    out: Path,
    *,
    seconds_per_photo: float = 2.5,
    transition_s: float = TRANSITION_S,
    fit: Fit = "blur",
    title: str = "",
    size: tuple[int, int] = (1080, 1920),
    fps: int = 30,
    max_seconds: float = 60,
    names: Sequence[str] | None = None,
    on_progress: Callable[[float], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Slideshow:
    """Write the video to `out` (.mp4) and describe it.

    A photo that cannot be shown is left out and named in the notes; without any photo `NoUsablePhoto` is raised. When
    there are many photos each is shown for less time, so that the video stays within `max_seconds`. `on_progress` hears
    from 0 to 1; when `cancel` says True, the unfinished file is removed and `Stopped` raised. Two pictures at a time
    are in memory.
    """
    called = list(names or (_name(photo, n) for n, photo in enumerate(photos, 1)))
    usable, notes = _usable(photos, called)
    text, font = drawable(title)
    if title.strip() and text != " ".join(title.split()):
        notes.append(later("Some letters of the title are not in the font and were left out."))
    slides = len(usable) + bool(text)
    per_slide = min(seconds_per_photo, max_seconds / slides)
    if per_slide < seconds_per_photo:
        notes.append(
            later(
                "Each photo is shown for {seconds} seconds, so that the video stays within {most}.",
                seconds=f"{per_slide:.1f}",
                most=f"{max_seconds:g}",
            )
        )
    timing = _Timing.of(per_slide, transition_s, fps)
    maker = _Maker(size, fit)
    pictures = _pictures(usable, maker, text, font)
    try:
        frames = _write(out, pictures, slides, timing, size, on_progress or _quiet, cancel or _never)
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    seconds = frames / fps
    return Slideshow(
        out, seconds, out.stat().st_size, *size, len(usable), timing.frames / fps, tuple(dict.fromkeys(notes))
    )


def preview_slide(photo: bytes, *, fit: Fit = "blur", title: str = "", size: tuple[int, int] = (270, 480)) -> bytes:
    """Return one picture of the video to come as a JPEG: the photo on its stage, or, with a title, its title card.

    Raises `PhotoProblem`.
    """
    maker = _Maker(size, fit)
    image = _open(photo, max(size))
    text, font = drawable(title)
    picture = draw_title(maker.ground(image), text, font) if text else maker.stage(image)
    return photo_jpeg(picture, max(size))


def _quiet(_: float) -> None:
    """Take progress for a caller who wants to hear none."""


def _never() -> bool:
    return False


def _name(photo: bytes | Path, number: int) -> str:
    return photo.name if isinstance(photo, Path) else f"Photo {number}"


def _usable(photos: Sequence[bytes | Path], names: Sequence[str]) -> tuple[list[bytes | Path], list[str]]:
    """Which photos can be shown; decides by really decoding each of them small, so that the length is known before."""
    usable: list[bytes | Path] = []
    notes: list[str] = []
    for photo, name in zip(photos, names, strict=True):
        try:
            _open(photo, 64)
        except PhotoProblem as problem:
            notes.append(later("{name} was left out: {why}", name=name, why=problem.happened))
        except OSError as error:
            notes.append(later("{name} was left out: it cannot be read ({why}).", name=name, why=error.strerror))
        else:
            usable.append(photo)
    if not usable:
        raise NoUsablePhoto(Together(notes) if notes else later("No photo was chosen."))
    return usable, notes


def _open(photo: bytes | Path, max_side: int) -> Image.Image:
    data = photo.read_bytes() if isinstance(photo, Path) else photo
    check_bytes(data, MAX_BYTES)
    kind = format_of(data)
    inspection = inspect(data, kind)
    size = inspection.contents.width, inspection.contents.height
    check_pixels(*size, MAX_PIXELS)
    facts, wish = facts_of(data, kind, inspection), Wish(max_side, MAX_PIXELS, by_policy=False)
    amount = cost.of(data, kind, size, wish.choose(facts))
    cost.check(amount, decoding.limit)
    with decoding.room(amount):
        image = decode(data, kind, wish=wish, facts=facts, orientation=inspection.orientation).image
    return on_white(image) if image.mode == "RGBA" else image.convert("RGB")


@dataclass(frozen=True, slots=True)
class _Timing:
    fps: int
    frames: int  # per slide, the transition to the next one included
    transition: int

    @classmethod
    def of(cls, per_slide_s: float, transition_s: float, fps: int) -> _Timing:
        frames = max(1, int(per_slide_s * fps))
        longest = int(frames * LONGEST_TRANSITION)
        return cls(fps, frames, max(0, min(round(transition_s * fps), longest)))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Puts any picture on the stage: whole on a blurred ground, or cropped to fill it."""

    size: tuple[int, int]
    fit: Fit

    def stage(self, image: Image.Image) -> Image.Image:
        if self.fit == "crop":
            return ImageOps.fit(image, self.size, Image.Resampling.LANCZOS)
        whole = ImageOps.contain(image, self.size, Image.Resampling.LANCZOS)
        if whole.size == self.size:
            return whole
        stage = self.ground(image)
        stage.paste(whole, ((self.size[0] - whole.width) // 2, (self.size[1] - whole.height) // 2))
        return stage

    def ground(self, image: Image.Image) -> Image.Image:
        """The picture itself, cropped, out of focus and a little darker."""
        small = max(2, self.size[0] // BLUR_SHRINK), max(2, self.size[1] // BLUR_SHRINK)
        ground = ImageOps.fit(image, small, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(BLUR_RADIUS))
        return ImageEnhance.Brightness(ground.resize(self.size, Image.Resampling.BICUBIC)).enhance(BLUR_BRIGHTNESS)


def _pictures(photos: list[bytes | Path], maker: _Maker, text: str, font: str | None) -> Iterator[Frame]:
    for number, photo in enumerate(photos):
        image = _open(photo, max(maker.size))
        if text and number == 0:
            yield _yuv(draw_title(maker.ground(image), text, font))
        yield _yuv(maker.stage(image))


def _yuv(image: Image.Image) -> Frame:
    """The picture as planes of 4:2:0 in video's own colours."""
    frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
    planes = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG").to_ndarray()
    return np.ascontiguousarray(planes, dtype=np.uint8)


def _blend(first: Frame, second: Frame, part: float) -> Frame:
    soft = part * part * (3 - 2 * part)  # starts and ends gently
    return np.asarray(Image.blend(Image.fromarray(first), Image.fromarray(second), soft))


def _sequence(pictures: Iterator[Frame], timing: _Timing) -> Iterator[tuple[Frame, int]]:
    """Yield each picture with the number of frames that it stays."""
    shown = next(pictures)
    for following in pictures:
        yield shown, timing.frames - timing.transition
        for step in range(1, timing.transition + 1):
            yield _blend(shown, following, step / (timing.transition + 1)), 1
        shown = following
    yield shown, timing.frames


def _write(
    out: Path,
    pictures: Iterator[Frame],
    slides: int,
    timing: _Timing,
    size: tuple[int, int],
    on_progress: Callable[[float], None],
    cancel: Callable[[], bool],
) -> int:
    total, done = slides * timing.frames, 0
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(out), "w", format="mp4", options=options) as container:
        stream = _stream(container, timing.fps, size)
        clean = av.BitStreamFilterContext(WITHOUT_SEI, stream)
        for picture, stay in _sequence(pictures, timing):
            frame = _video_frame(picture)
            for _ in range(stay):
                frame.pts = done
                _mux(container, clean, stream.encode(frame))
                done += 1
            on_progress(min(1.0, done / total))
            if cancel():
                raise Stopped(
                    later(
                        "The video was stopped after {done} of {all} seconds.",
                        done=f"{done / timing.fps:.0f}",
                        all=f"{total / timing.fps:.0f}",
                    )
                )
        _mux(container, clean, stream.encode(None))
        _mux(container, clean, [None])
    return done


def _stream(container: Any, fps: int, size: tuple[int, int]) -> Any:
    stream = container.add_stream("libx264", rate=fps)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.options = {"preset": PRESET, "crf": QUALITY, "maxrate": MAX_RATE, "bufsize": BUFFER}
    context = stream.codec_context
    context.gop_size = KEYFRAME_S * fps
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = LIMITED_RANGE
    return stream


def _video_frame(planes: Frame) -> Any:
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.colorspace, frame.color_range = BT709, LIMITED_RANGE
    return frame


def _mux(container: Any, clean: Any, packets: Sequence[Any]) -> None:
    for packet in packets:
        for kept in clean.filter(packet):
            container.mux(kept)
