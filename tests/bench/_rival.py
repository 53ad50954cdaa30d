"""One contender in a process of its own, driven line by line over stdin.

`python -m tests.bench._rival NAME WORKERS FILES…`

`run` prepares every file once and answers with seconds; `write FOLDER` keeps the results for the comparison of quality.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SIDE, QUALITY = 2048, 85
Many = Callable[[Iterable[bytes], int], Iterator[bytes]]


def _threads(one: Callable[[bytes], bytes]) -> Many:
    def many(photos: Iterable[bytes], workers: int) -> Iterator[bytes]:
        with ThreadPoolExecutor(workers) as pool:
            yield from pool.map(one, photos)

    return many


def _passalong(photos: Iterable[bytes], workers: int) -> Iterator[bytes]:
    from lib.photos import PreparedPhoto, prepare_photos

    found = {}
    for position, photo in prepare_photos((("", data) for data in photos), workers=workers):
        assert isinstance(photo, PreparedPhoto)
        found[position] = photo.data
    yield from (found[position] for position in sorted(found))


def _pillow(data: bytes) -> bytes:
    """What a careful programmer writes with Pillow alone (and pillow-heif)."""
    from PIL import Image, ImageCms, ImageOps

    image = Image.open(io.BytesIO(data))
    profile = image.info.get("icc_profile")
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    image.info = {}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling="4:2:0")
    return out.getvalue()


def _vips(data: bytes) -> bytes:
    import pyvips

    image = pyvips.Image.thumbnail_buffer(data, SIDE, height=SIDE, size="down", output_profile="srgb")
    return bytes(image.jpegsave_buffer(Q=QUALITY, keep="none", subsample_mode="on"))


RIVALS: dict[str, Many] = {"passalong": _passalong, "pillow": _threads(_pillow), "pyvips": _threads(_vips)}


def main(name: str, workers: int, files: list[str]) -> None:
    """Answer commands until the other side hangs up."""
    if name == "pillow":
        import pillow_heif

        pillow_heif.register_heif_opener()
    photos = [Path(file).read_bytes() for file in files]
    many = RIVALS[name]
    for line in sys.stdin:
        command, _, folder = line.strip().partition(" ")
        started, used = time.perf_counter(), sum(os.times()[:2])
        made = list(many(photos, workers))
        answer = {"wall_s": time.perf_counter() - started, "cpu_s": sum(os.times()[:2]) - used}
        if command == "write":
            for file, data in zip(files, made, strict=True):
                (Path(folder) / f"{Path(file).stem}.jpg").write_bytes(data)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
