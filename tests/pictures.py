"""Small pictures made in code, with private things planted inside."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

RAVENNA = (44.4178, 12.1996)
OWNER = "Canary Owner"
SERIAL = "CANARY-SERIAL-0042"


def photo_with_secrets(seed: int = 1, width: int = 1600, height: int = 1200) -> bytes:
    """Return a JPEG like a phone's: position in Ravenna, owner, serial number, date, software."""
    dice = random.Random(seed)
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y, r = dice.randrange(width), dice.randrange(height), dice.randrange(20, width // 8)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(dice.randrange(256) for _ in range(3)))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, exif=secret_exif())
    return out.getvalue()


def secret_exif() -> bytes:
    """Return EXIF that tells who, where, when and with what."""
    exif = Image.Exif()
    exif[Base.Make] = "Canary"
    exif[Base.Model] = "Phone 9"
    exif[Base.Artist] = OWNER
    exif[Base.Software] = "CanarySoft 1.0"
    exif.get_ifd(IFD.Exif).update({
        Base.DateTimeOriginal: "2026:07:04 18:30:00", Base.BodySerialNumber: SERIAL, Base.CameraOwnerName: OWNER,
    })  # fmt: skip
    exif.get_ifd(IFD.GPSInfo).update({
        GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: _degrees(RAVENNA[0]),
        GPS.GPSLongitudeRef: "E", GPS.GPSLongitude: _degrees(RAVENNA[1]),
    })  # fmt: skip
    return exif.tobytes()


def _degrees(value: float) -> tuple[float, float, float]:
    whole = int(value)
    minutes = (value - whole) * 60
    return float(whole), float(int(minutes)), round((minutes - int(minutes)) * 60, 2)
