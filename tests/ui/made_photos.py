"""Photos made in code, with hidden data planted in them that must never leave the device."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

SERIAL = "SERIAL-CANARY-4711"
OWNER = "OWNER-CANARY"
COMMENT = "COMMENT-CANARY"
CANARIES = (SERIAL.encode(), OWNER.encode(), COMMENT.encode(), b"GPSLatitude", b"Exif\0\0", b"ns.adobe.com")


def picture(number: int, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    pen = ImageDraw.Draw(image)
    for step in range(12):
        colour = ((number * 53 + step * 20) % 256, (step * 37) % 256, (number * 91) % 256)
        pen.ellipse((step * 90, step * 60, step * 90 + 400, step * 60 + 300), fill=colour)
    return image


def told_everything(
    number: int = 1, format_: str = "JPEG", *, orientation: int = 1, size: tuple[int, int] = (1600, 1200)
) -> bytes:
    """A photo that tells where (51.5, -0.125), when, by whom and with which camera it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x013B], exif[0x0112] = "Maker", "Model X", OWNER, orientation
    exif.get_ifd(0x8769).update({0x9003: "2026:05:01 12:00:00", 0xA431: SERIAL})
    exif.get_ifd(0x8825).update({
        1: "N", 2: (IFDRational(51), IFDRational(30), IFDRational(0)),
        3: "W", 4: (IFDRational(0), IFDRational(7), IFDRational(30)),
    })  # fmt: skip
    out = io.BytesIO()
    extra = {"comment": COMMENT} if format_ == "JPEG" else {}
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/" aux:SerialNumber="{SERIAL}"/>'.encode()
    if format_ in {"JPEG", "WEBP"}:
        extra["xmp"] = xmp
    picture(number, size).save(out, format_, exif=exif, **extra)
    return out.getvalue()


def write(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"photo {number}.jpg" for number in range(1, count + 1)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(told_everything(number))
    return paths
