"""A video that this app made, on its way behind a link: looked at again, and its first picture.

Photos are the only thing that anybody can upload, and they are cleaned before anything else. A video is served for one
reason only: this server encoded it from such photos (`lib.photos.slideshow`), and the second reader finds nothing in it
but the pictures. `check_video` looks, each time before a video is kept.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any, Literal

import av
from PIL import Image

from lib.photos.gate import decoding
from lib.photos.leftovers import find_leftovers
from lib.photos.metadata.report import MetadataReport
from lib.photos.problems import PhotoProblem, check_bytes
from lib.photos.small import photo_jpeg
from lib.text.amounts import size
from lib.text.later import Size, later

MAX_VIDEO_BYTES = 50_000_000  # a minute at the highest rate that the maker spends, and a little room
MAX_VIDEO_PIXELS = 1080 * 1920  # of one picture: what the maker makes
BYTES_A_PIXEL = 4  # of a picture while it is looked at
POSTER_SIDE = 960  # pixels; a poster is shown large, before anybody presses play
VERDICT = later("Made here from your clean photos. Nothing is inside but the pictures.")


class VideoRefused(PhotoProblem):
    """A video that was not made here, is not whole, or holds more than pictures."""

    title = later("This video cannot go behind a link")
    fix = later("Make the video again here, from photos.")


class VideoTooLarge(VideoRefused):
    """More bytes than a link takes."""

    title = later("The video is too large")
    fix = later("Make it of fewer photos, or without a transition.")


@dataclass(frozen=True, slots=True)
class Video:
    """A video that was checked and found whole and clean. It has the attributes of a `PreparedPhoto`."""

    data: bytes = field(repr=False)
    width: int
    height: int
    seconds: float
    small: bytes = field(repr=False)  # its poster: the first picture, a JPEG
    notes: tuple[str, ...] = ()

    @property
    def media_type(self) -> Literal["video/mp4"]:
        """The type to serve it with."""
        return "video/mp4"

    @property
    def report(self) -> MetadataReport:
        """What it tells: nothing."""
        return MetadataReport(
            "MP4", self.width, self.height, len(self.data), 1, (), None, None, None, None, None, verdict=VERDICT
        )


def check_video(data: bytes, *, whole: bool = True, notes: tuple[str, ...] = ()) -> Video:
    """Return the video with its poster. Raises `VideoRefused` unless it is clean, complete and can be played.

    With `whole` every picture is decoded; otherwise those that stand alone, one every two seconds.
    """
    check_bytes(data, 2 * MAX_VIDEO_BYTES)
    if len(data) > MAX_VIDEO_BYTES:
        limit = size(MAX_VIDEO_BYTES)
        raise VideoTooLarge(
            later("The video has {size}; a link takes videos of up to {limit}.", size=Size(len(data)), limit=limit)
        )
    if found := find_leftovers(data):
        raise VideoRefused(
            later(
                "It holds something that a video made here does not hold: {where}, {what}.",
                where=found[0].where,
                what=found[0].what,
            )
        )
    try:
        with av.open(io.BytesIO(data), format="mp4") as container, decoding.room(MAX_VIDEO_PIXELS * BYTES_A_PIXEL):
            return _played(container, data, whole=whole, notes=notes)
    except av.error.FFmpegError as error:
        raise VideoRefused(later("Its pictures cannot be decoded.")) from error


def _played(container: Any, data: bytes, *, whole: bool, notes: tuple[str, ...]) -> Video:
    stream = container.streams.video[0]
    if stream.codec_context.name != "h264" or stream.width * stream.height > MAX_VIDEO_PIXELS:
        raise VideoRefused(later("It is not a video of H.264 in the size that is made here."))
    stream.codec_context.options = {"err_detect": "explode"}  # say so, instead of guessing what a picture was like
    if not whole:
        stream.codec_context.skip_frame = "NONKEY"
    first, shown = b"", 0
    for frame in container.decode(stream):
        first = first or _jpeg(frame, POSTER_SIDE)
        shown += not frame.is_corrupt
    if not shown or (whole and shown != stream.frames):
        raise VideoRefused(
            later("Only {shown} of its {frames} pictures can be shown.", shown=shown, frames=stream.frames)
        )
    seconds = float(stream.duration * stream.time_base)
    return Video(data, stream.width, stream.height, seconds, first, notes)


def _jpeg(frame: Any, max_side: int) -> bytes:
    image: Image.Image = frame.to_image()
    return photo_jpeg(image, max_side)
