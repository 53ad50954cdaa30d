"""EXIF and TIFF tags, as findings."""

# ruff: noqa: PLR2004 - the numbers are tag codes of the format
from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import ExifTags

from lib.photos.containers.parts import Part, PartKind
from lib.photos.containers.tiff import Directories, Value, directories
from lib.photos.metadata.report import Finding, FindingKind
from lib.text.later import later

LONGEST = 200  # characters of one value; the rest is only counted

# tag -> kind, label. All of these are private.
TELLING: dict[int, tuple[FindingKind, str]] = {
    0x010D: ("text", later("Document name")),
    0x010E: ("caption", later("Description")),
    0x010F: ("device", later("Maker")),
    0x0110: ("device", later("Model")),
    0x011D: ("text", later("Page name")),
    0x0131: ("software", later("Software")),
    0x0132: ("time", later("Last changed")),
    0x013B: ("owner", later("Artist")),
    0x013C: ("device", later("Computer")),
    0x8298: ("owner", later("Copyright")),
    0x9003: ("time", later("Taken")),
    0x9004: ("time", later("Made digital")),
    0x9010: ("time", later("Time zone of last change")),
    0x9011: ("time", later("Time zone")),
    0x9012: ("time", later("Time zone when made digital")),
    0x927C: ("maker_note", later("Maker's own block")),
    0x9286: ("comment", later("User comment")),
    0x9290: ("time", later("Fraction of a second")),
    0x9291: ("time", later("Fraction of a second")),
    0x9292: ("time", later("Fraction of a second")),
    0x9C9B: ("caption", later("Title")),
    0x9C9C: ("comment", later("Comment")),
    0x9C9D: ("owner", later("Author")),
    0x9C9E: ("caption", later("Keywords")),
    0x9C9F: ("caption", later("Subject")),
    0xA004: ("other", later("Sound file")),
    0xA420: ("serial", later("Unique number of this photo")),
    0xA430: ("owner", later("Owner of the camera")),
    0xA431: ("serial", later("Serial number of the camera")),
    0xA433: ("lens", later("Lens maker")),
    0xA434: ("lens", later("Lens")),
    0xA435: ("serial", later("Serial number of the lens")),
    0xA436: ("caption", later("Title")),
    0xA437: ("owner", later("Photographer")),
    0xA438: ("owner", later("Picture editor")),
    0xA439: ("software", later("Camera software")),
    0xA43A: ("software", later("Raw developer")),
    0xA43B: ("software", later("Picture editor")),
    0xA43C: ("software", later("Metadata editor")),
    0xC614: ("device", later("Model")),
    0xC62F: ("serial", later("Serial number of the camera")),
    0xC65D: ("serial", later("Unique number of the raw photo")),
    0xC68B: ("text", later("Name of the original file")),
}
# Structure of the file, and numbers about the exposure that say nothing about a person
POINTERS = frozenset((0x014A, 0x8769, 0x8825, 0xA005, 0x0201, 0x0202, 0xEA1C))
PICTURE = frozenset((
    0x00FE, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x010A, 0x0111, 0x0112, 0x0115, 0x0116, 0x0117, 0x011A, 0x011B,
    0x011C, 0x0128, 0x013D, 0x013E, 0x013F, 0x0140, 0x0142, 0x0143, 0x0144, 0x0145, 0x0152, 0x0153, 0x015B, 0x0211,
    0x0212, 0x0213, 0x0214, 0x9000, 0x9101, 0xA000, 0xA001, 0xA002, 0xA003,
))  # fmt: skip
# Tags that carry another block
BLOCKS = {
    0x02BC: PartKind.XMP,
    0x83BB: PartKind.IPTC,
    0x8649: PartKind.PHOTOSHOP,
    0x8773: PartKind.ICC,
    0xCD41: PartKind.OTHER,  # Content Credentials
}
# How photographers write these numbers
UNITS: dict[int, Callable[[float], str]] = {
    0x829A: lambda s: f"1/{1 / s:.0f} s" if 0 < s < 1 else f"{s:g} s",
    0x829D: lambda n: f"f/{n:g}",
    0x920A: lambda mm: f"{mm:g} mm",
    0xA405: lambda mm: f"{mm:g} mm",
    0x9209: lambda flags: "fired" if int(flags) & 1 else "not fired",
}
UTF16 = frozenset((0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F))
_NAMES: dict[int, str] = {**ExifTags.TAGS}
_GPS_NAMES: dict[int, str] = {**ExifTags.GPSTAGS}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(slots=True)
class Exif:
    """What one EXIF block tells."""

    findings: list[Finding] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    position: tuple[float, float] | None = None
    taken_at: str | None = None
    device: str | None = None
    orientation: int = 1
    maker: str = ""
    emptied: bool = False  # there is a place for the location, with nothing in it
    preview: bytes = b""


def interpret(data: bytes) -> Exif:
    """Read one EXIF block into findings. Broken blocks give what could be read."""
    tags = directories(data)
    exif = Exif()
    for directory, row in tags.tags.items():
        where = "EXIF" if directory in {"0th", "Exif"} else f"EXIF {directory}"
        if directory == "GPS":
            _gps(exif, row)
            continue
        for tag, value in row.items():
            _tag(exif, where, tag, value)
    _summary(exif, tags)
    if tags.number("1st", 0x0201):
        exif.preview = tags.thumbnail if tags.thumbnail[:2] == b"\xff\xd8" else b""
        size = f"{len(tags.thumbnail):,} bytes, may show the photo before it was cropped"
        exif.findings.append(
            Finding("preview", later("Small preview inside"), size, private=True, where="EXIF thumbnail")
        )
    return exif


def _tag(exif: Exif, where: str, tag: int, value: Value) -> None:
    if tag in BLOCKS and isinstance(value, bytes | str | tuple):
        exif.parts.append(Part(BLOCKS[tag], f"{where} block", _as_bytes(value)))
        return
    if tag in POINTERS or tag in PICTURE:
        return
    text = _as_text(tag, value)
    if not text:
        return
    if tag in TELLING:
        kind, label = TELLING[tag]
        exif.findings.append(Finding(kind, label, text, private=True, where=where))
    else:
        name = _NAMES.get(tag)
        label = _label(name) if name else f"Unknown tag 0x{tag:04X}"
        private = name is None or (isinstance(value, bytes) and len(value) > 64)
        exif.findings.append(Finding("other", label, text, private=private, where=where))


def _label(name: str) -> str:
    """Split CameraCase into words: ExposureBiasValue, GPSAltitude."""
    return _WORD.sub(" ", name).capitalize().replace("Gps", "GPS").replace("Iso ", "ISO ").replace("xp ", "XP ")


def _as_bytes(value: bytes | str | tuple[int | float, ...]) -> bytes:
    if isinstance(value, tuple):
        return bytes(int(n) & 255 for n in value)
    return value.encode("latin-1", "replace") if isinstance(value, str) else value


def _as_text(tag: int, value: Value) -> str:
    if tag in UTF16:
        raw = _as_bytes(value) if isinstance(value, bytes | tuple) else str(value).encode("utf-16-le")
        return short(raw.decode("utf-16-le", "replace"))
    if tag == 0x927C:
        return f"{len(value):,} bytes" if isinstance(value, bytes | tuple | str) else "a few bytes"
    if isinstance(value, bytes):
        return _bytes_as_text(value)
    if isinstance(value, tuple):
        return short(", ".join(_number(n) for n in value))
    if isinstance(value, str):
        return short(value)
    return UNITS[tag](value) if tag in UNITS and math.isfinite(value) else _number(value)


def _bytes_as_text(value: bytes) -> str:
    for head, code in ((b"ASCII\x00\x00\x00", "latin-1"), (b"UNICODE\x00", "utf-16"), (bytes(8), "utf-8")):
        if value.startswith(head):
            return short(value[8:].decode(code, "replace"))
    text = value.strip(b"\x00 ")
    if text and all(32 <= byte < 127 for byte in text):
        return short(text.decode("ascii"))
    return f"{len(value):,} bytes" if len(value) > 8 else value.hex(" ")


def short(text: str) -> str:
    """One line of at most 200 characters."""
    text = " ".join(text.replace("\x00", " ").split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def _number(value: float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _text(value: Value | None) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _summary(exif: Exif, tags: Directories) -> None:
    orientation = tags.number("0th", 0x0112)
    exif.orientation = orientation if 1 <= orientation <= 8 else 1
    maker, model = _text(tags.get("0th", 0x010F)), _text(tags.get("0th", 0x0110))
    exif.maker = maker
    known = model.lower().startswith(maker.lower().split(" ")[0]) if maker else True
    exif.device = (model if known else f"{maker} {model}").strip() or None
    for directory, tag, offset in (("Exif", 0x9003, 0x9011), ("Exif", 0x9004, 0x9012), ("0th", 0x0132, 0x9010)):
        taken = moment(_text(tags.get(directory, tag)))
        if taken:
            exif.taken_at = f"{taken} {_text(tags.get('Exif', offset))}".strip()
            return


def moment(text: str) -> str | None:
    """EXIF's 2014:02:08 12:34:56 as 2014-02-08 12:34:56; None when it is no time."""
    found = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d:\d\d)", text)
    return "{}-{}-{} {}".format(*found.groups()) if found and found[1] != "0000" else None


def _gps(exif: Exif, row: dict[int, Value]) -> None:
    def say(label: str, value: str) -> None:
        exif.findings.append(Finding("position", label, value, private=True, where="EXIF GPS"))

    latitude = _degrees(row.get(2), row.get(1), "S")
    longitude = _degrees(row.get(4), row.get(3), "W")
    if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
        exif.position = latitude, longitude
        say("Location", f"{latitude:.6f}, {longitude:.6f}")
    altitude = row.get(6)
    if isinstance(altitude, float) and math.isfinite(altitude):
        below = row.get(5) in {1, b"\x01"}
        say("Altitude", f"{'-' if below else ''}{altitude:.1f} m")
    direction = row.get(17)
    if isinstance(direction, float) and math.isfinite(direction):
        say("Direction of view", f"{direction:.1f}° {_text(row.get(16))}".strip())
    time, date = row.get(7), _text(row.get(29)).replace(":", "-")
    if isinstance(time, tuple) and len(time) == 3 and all(math.isfinite(n) for n in time):
        clock = "{:02.0f}:{:02.0f}:{:05.2f} UTC".format(*time)
        say("Time by satellite", f"{date} {clock}".strip())
    elif date:
        say("Date by satellite", date)
    for tag, value in row.items():
        text = _as_text(tag, value)
        if tag not in {0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 29} and text:
            say(_label(_GPS_NAMES.get(tag, f"GPS tag {tag}")), text)
    if exif.position is None and any(tag in row for tag in (2, 4)):
        empty = Finding("position", later("Location"), "a place for it, but empty", private=False, where="EXIF GPS")
        exif.findings.append(empty)
        exif.emptied = True


def _degrees(value: Value | None, reference: Value | None, negative: str) -> float | None:
    if isinstance(value, float):
        value = (value,)
    if not isinstance(value, tuple) or not value or not math.isfinite(value[0]):
        return None
    parts = [n if math.isfinite(n) else 0.0 for n in value[:3]]
    total = float(sum(n / 60**power for power, n in enumerate(parts)))
    return -total if _text(reference).upper().startswith(negative) else total
