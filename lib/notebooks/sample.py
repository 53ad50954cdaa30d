"""Two drawn photos with private things inside, for whoever wants to try without photos of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

_SIZE: Final = 1600, 1200
_WHERE: Final = ((44.0, 25.0, 4.08), (12.0, 11.0, 58.56))  # Ravenna, in degrees, minutes and seconds
_SKIES: Final = (("#7cc4e8", "#fdf3d8", "#1f6f78"), ("#f2a65a", "#ffe3c2", "#4b3b6b"))


def sample_photos(folder: str | Path) -> Path:
    """Draw two photos of a lake into a folder, with a place, a time and a device inside; return the folder."""
    to = Path(folder)
    to.mkdir(parents=True, exist_ok=True)
    for name, (high, low, hills) in zip(("morning.jpg", "evening.jpg"), _SKIES, strict=True):
        _lake(high, low, hills).save(to / name, "JPEG", quality=90, exif=_told())
    return to


def _lake(high: str, low: str, hills: str) -> Image.Image:
    width, height = _SIZE
    horizon = height * 3 // 5
    shade = Image.linear_gradient("L").resize((width, horizon))
    sky = Image.composite(Image.new("RGB", shade.size, low), Image.new("RGB", shade.size, high), shade)
    ImageDraw.Draw(sky).ellipse((1080, 330, 1260, 510), fill="#fff6d6")
    draw = ImageDraw.Draw(sky)
    for left, top, right in ((-200, 470, 700), (400, 540, 1250), (950, 430, 1900)):
        draw.polygon([(left, horizon), ((left + right) // 2, top), (right, horizon)], fill=hills)
    picture = Image.new("RGB", _SIZE)
    picture.paste(sky)
    water = sky.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((width, height - horizon))
    picture.paste(Image.blend(water, Image.new("RGB", water.size, hills), 0.35), (0, horizon))
    return picture


def _told() -> bytes:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "Sample", "Phone 9"
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2026:07:04 18:30:00"
    exif.get_ifd(IFD.GPSInfo).update({
        GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: _WHERE[0], GPS.GPSLongitudeRef: "E", GPS.GPSLongitude: _WHERE[1],
    })  # fmt: skip
    return exif.tobytes()
