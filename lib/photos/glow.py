"""Gain maps: how much brighter each part of a picture is on an HDR screen (ISO 21496-1, Ultra HDR, Apple's).

The ordinary picture stays what it is; the map is taken out of the source, decoded, made smaller, turned like its
picture and written anew, with only the numbers that it needs. A map that lies (another shape, impossible numbers) is
left out.
"""

# ruff: noqa: PLR2004 - the numbers are places in the formats
from __future__ import annotations

import io
import math
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, JpegImagePlugin

from lib.photos import heic
from lib.photos.containers import Contents, PartKind
from lib.photos.containers.heif import Heif, Item, auxiliary, parse
from lib.photos.containers.jpeg import segments
from lib.photos.containers.parts import number
from lib.photos.containers.tiff import directories
from lib.photos.formats import Format
from lib.photos.hdr import Curve, Dimmer, from_srgb

ISO = b"urn:iso:std:iso:ts:21496:-1\x00"
HDRGM = b"http://ns.adobe.com/hdr-gain-map/1.0/"
APP2 = 0xE2
UNIT = 100_000  # denominator of every number that is written
MAX_STOPS = 10.0  # of light; screens show three
MAX_MAP_PIXELS = 50_000_000
SAME_SHAPE = 0.03  # by how much the sides of map and picture may differ in proportion
QUALITY = 85
MULTICHANNEL, BASE_COLOURS, COMMON = 0x80, 0x40, 0x08
APPLE_MAP = "hdrgainmap"


@dataclass(frozen=True, slots=True)
class Channel:
    """How values are meant: stops from `low` to `high`, and what keeps black from dividing by nothing."""

    low: float
    high: float
    gamma: float = 1.0
    base_offset: float = 1 / 64
    other_offset: float = 1 / 64

    @property
    def sane(self) -> bool:
        """Whether these numbers can be true."""
        values = self.low, self.high, self.gamma, self.base_offset, self.other_offset
        stops = -MAX_STOPS <= self.low <= self.high <= MAX_STOPS and self.high > 0
        return all(map(math.isfinite, values)) and stops and 0.05 <= self.gamma <= 20 and max(map(abs, values[3:])) <= 1


@dataclass(frozen=True, slots=True)
class Glow:
    """A gain map. `capacity`: the stops of headroom at which it begins to count, and at which it counts in full."""

    image: Image.Image  # L or RGB
    channels: tuple[Channel, ...]
    capacity: tuple[float, float]


def has_map(data: bytes, kind: Format, contents: Contents) -> bool:
    """Whether the file says that it carries a gain map."""
    if kind is Format.JPEG:
        return any(part.kind is PartKind.PREVIEW and part.name == "gain map" for part in contents.parts)
    if kind in {Format.HEIC, Format.AVIF}:
        heif = parse(data)
        return any(item.kind == b"tmap" for item in heif.items.values()) or _apple_item(heif) is not None
    return False


def read(data: bytes, kind: Format, contents: Contents) -> Glow | None:
    """Return the gain map as it lies in the file; None when there is none, or when its numbers make no sense."""
    try:
        glow = _of_jpeg(contents) if kind is Format.JPEG else _of_heif(data)
    except (OSError, SyntaxError, ValueError, struct.error, ZeroDivisionError, OverflowError):
        return None
    width, height = contents.width, contents.height
    if glow is None or not all(channel.sane for channel in glow.channels) or not _sane_capacity(glow):
        return None
    have, want = glow.image.width / glow.image.height, width / height
    lying = (
        () if kind is Format.JPEG else (1 / want,)
    )  # of the others, width and height are those of the turned picture
    return glow if any(abs(have / one - 1) <= SAME_SHAPE for one in (want, *lying)) else None


def dimmer(data: bytes, curve: Curve, size: tuple[int, int]) -> Dimmer | None:
    """Return how a HEIC or AVIF whose main picture is HDR becomes SDR by its own gain map; None where it has none.

    `size` is that of the picture as it lies in the file, in pixels.
    """
    try:
        found = _of_bright_heif(data, curve)
    except (OSError, SyntaxError, ValueError, struct.error, ZeroDivisionError, OverflowError):
        return None
    if found is None:
        return None
    glow, primaries = found
    bright, plain = glow.capacity
    sane = all(channel.sane for channel in glow.channels) and 0 <= plain < bright <= MAX_STOPS
    if not sane or abs(glow.image.width * size[1] / (glow.image.height * size[0]) - 1) > SAME_SHAPE:
        return None
    # An ordinary screen has no headroom: the map counts as far as its darker picture has none either.
    share = np.float32(min(1.0, bright / (bright - plain)))
    channels = glow.channels if glow.image.mode == "RGB" else glow.channels[:1]
    planes = [
        np.asarray(plane.resize(size, Image.Resampling.BILINEAR), np.float32) / np.float32(255)
        for plane in glow.image.split()
    ]
    rows = list(channels) * (len(planes) if len(channels) == 1 else 1)
    gains = [
        share * (np.float32(row.low) + np.float32(row.high - row.low) * plane ** np.float32(1 / row.gamma))
        for row, plane in zip(rows, planes, strict=True)
    ]
    base, other = (
        np.array([getattr(row, name) for row in rows], np.float32) for name in ("base_offset", "other_offset")
    )
    return Dimmer(np.stack(gains, axis=-1), base, other, primaries)


def _of_bright_heif(data: bytes, curve: Curve) -> tuple[Glow, int] | None:
    heif = parse(data)
    item, map_id = _tone_map(heif) or (None, 0)
    if item is None:
        return None
    content = heif.content(item)[1:]
    found = _iso_numbers(content)
    if found is None or found[1][0] <= found[1][1]:
        return None
    other = item.first_property(b"colr") or b""
    named = number(other, 4, 2) if other[:4] == b"nclx" and not content[4] & BASE_COLOURS else curve.primaries
    image = _item_image(data, map_id)
    return (Glow(image, *found), named) if image else None


def _tone_map(heif: Heif) -> tuple[Item, int] | None:
    """Return the item that says how the main picture and a gain map belong together, and the number of the map."""
    for item_id, item in heif.items.items():
        inputs = heif.referred(b"dimg", item_id)
        if item.kind == b"tmap" and len(inputs) == 2 and inputs[0] == heif.primary:
            return item, inputs[1]
    return None


def _sane_capacity(glow: Glow) -> bool:
    low, high = glow.capacity
    return math.isfinite(low) and math.isfinite(high) and 0 <= low < high <= MAX_STOPS


# --- reading ------------------------------------------------------------------------------------------------------


def _of_jpeg(contents: Contents) -> Glow | None:
    for part in contents.parts:
        if part.kind is PartKind.PREVIEW and part.name == "gain map":
            found = _numbers_of(part.data)
            return Glow(_opened(part.data), *found) if found else None
    return None


def _opened(data: bytes) -> Image.Image:
    with JpegImagePlugin.JpegImageFile(io.BytesIO(data)) as image:
        if image.width * image.height > MAX_MAP_PIXELS:
            raise ValueError("too large")
        image.load()
        return image.copy() if image.mode == "L" else image.convert("RGB")


def _numbers_of(data: bytes) -> tuple[tuple[Channel, ...], tuple[float, float]] | None:
    text = b""
    for marker, _, content in segments(data):
        if marker == APP2 and content.startswith(ISO) and len(content) > len(ISO) + 20:
            return iso_numbers(content[len(ISO) :])
        if marker == 0xE1 and HDRGM in content:
            text = content
    return _xmp_numbers(text.decode("utf-8", "replace")) if text else None


def iso_numbers(data: bytes) -> tuple[tuple[Channel, ...], tuple[float, float]] | None:
    """Read ISO 21496-1 (annex C), in both forms that are about. None when the brighter picture is the base."""
    found = _iso_numbers(data)
    return found if found and found[1][0] <= found[1][1] else None


def _iso_numbers(data: bytes) -> tuple[tuple[Channel, ...], tuple[float, float]] | None:
    if number(data, 0, 2) != 0:
        return None
    flags, at = data[4], 5
    count = 3 if flags & MULTICHANNEL else 1
    if flags & COMMON:
        below = struct.unpack_from(">I", data, at)[0]
        heads = struct.unpack_from(">II", data, at + 4)
        rows = [struct.unpack_from(">iiIii", data, at + 12 + 20 * n) for n in range(count)]
        values = [[value / below for value in row] for row in rows]
        low, high = (value / below for value in heads)
    else:
        pairs = struct.unpack_from(">IIII", data, at)
        low, high = pairs[0] / pairs[1], pairs[2] / pairs[3]
        rows = [struct.unpack_from(">iIiIIIiIiI", data, at + 16 + 40 * n) for n in range(count)]
        values = [[row[n] / row[n + 1] for n in range(0, 10, 2)] for row in rows]
    return tuple(Channel(*row) for row in values), (low, high)


def _xmp_numbers(text: str) -> tuple[tuple[Channel, ...], tuple[float, float]] | None:
    def row(name: str, usual: float) -> list[float]:
        found = re.search(rf'hdrgm:{name}\s*=\s*["\']([^"\']+)["\']', text)
        if found:
            return [float(found[1])]
        listed = re.search(rf"<hdrgm:{name}>(.*?)</hdrgm:{name}>", text, re.DOTALL)
        items = re.findall(r"<rdf:li>\s*([^<\s]+)\s*</rdf:li>", listed[1]) if listed else []
        return [float(item) for item in items] or ([float(listed[1])] if listed else [usual])

    bright = re.search(r'BaseRenditionIsHDR\s*(?:=\s*["\']|>)\s*(\w+)', text)
    if bright and bright[1].lower() == "true":
        return None
    names = (("GainMapMin", 0.0), ("GainMapMax", 1.0), ("Gamma", 1.0), ("OffsetSDR", 1 / 64), ("OffsetHDR", 1 / 64))
    rows = [row(*name) for name in names]
    count = 3 if any(len(one) == 3 for one in rows) else 1
    channels = tuple(Channel(*(one[n] if len(one) > n else one[0] for one in rows)) for n in range(count))
    high = row("HDRCapacityMax", rows[1][0])[0]
    return channels, (row("HDRCapacityMin", 0.0)[0], high)


def _of_heif(data: bytes) -> Glow | None:
    heif = parse(data)
    if joined := _tone_map(heif):
        found = iso_numbers(heif.content(joined[0])[1:])
        image = _item_image(data, joined[1])
        return Glow(image, *found) if found and image else None
    apple = _apple_item(heif)
    if apple is None:
        return None
    image, stops = _item_image(data, apple), _apple_stops(heif)
    if image is None or not stops:
        return None
    # Apple's own form: light = picture x (1 + (headroom - 1) x map), the map in a curve like sRGB's
    gain = np.log2(1 + (2**stops - 1) * from_srgb(np.asarray(image.convert("L")))) / stops
    return Glow(
        Image.fromarray(np.rint(gain * 255).astype(np.uint8)), (Channel(0.0, stops, 1.0, 0.0, 0.0),), (0.0, stops)
    )


def _item_image(data: bytes, item: int) -> Image.Image | None:
    heif = parse(data)
    width, height = heif.items[item].size if item in heif.items else (0, 0)
    deep = heic.decode_deep(data, item) if 0 < width * height <= MAX_MAP_PIXELS else None
    if deep is None:
        return None
    values = np.rint(heic.rgb(deep, (width, height)) * 255).astype(np.uint8)
    image = Image.fromarray(values)
    return image.getchannel(0) if len(deep.planes) == 1 else image


def _apple_item(heif: Heif) -> int | None:
    helpers = heif.referring(b"auxl", heif.primary)
    return next((n for n in helpers if n in heif.items and auxiliary(heif.items[n]) == APPLE_MAP), None)


def _apple_stops(heif: Heif) -> float:
    """The headroom, by the XMP of the map or by two numbers of the camera's own notes (Apple's documentation)."""
    for item in heif.items.values():
        if item.kind == b"mime":
            found = re.search(rb"HDRGainMapHeadroom[^0-9]{1,4}([0-9.]{1,12})", heif.content(item))
            if found and 1 < float(found[1]) <= 2**MAX_STOPS:
                return math.log2(float(found[1]))
    for item in heif.items.values():
        if item.kind == b"Exif":
            content = heif.content(item)
            block = content[4 + number(content, 0, 4) :].removeprefix(b"Exif\x00\x00")
            note = directories(block).get("Exif", 0x927C)
            if isinstance(note, bytes) and note.startswith(b"Apple iOS\x00"):
                return _by_notes(note)
    return 0.0


def _by_notes(note: bytes) -> float:
    values = {}
    for n in range(min(number(note, 14, 2), 200)):
        tag, kind, count, place = struct.unpack_from(">HHII", note, 16 + 12 * n)
        if tag in {0x21, 0x30} and kind == 10 and count == 1:
            above, below = struct.unpack_from(">ii", note, place)
            values[tag] = above / below
    first, second = values.get(0x21), values.get(0x30)
    if first is None or second is None:
        return 0.0
    if first < 1:
        stops = -20 * second + 1.8 if second <= 0.01 else -0.101 * second + 1.601
    else:
        stops = -70 * second + 3.0 if second <= 0.01 else -0.303 * second + 2.303
    return float(max(0.0, stops))


# --- writing ------------------------------------------------------------------------------------------------------


def fitted(glow: Glow, size: tuple[int, int], turns: Sequence[Image.Transpose]) -> Glow:
    """The map turned like its picture, each side at most half of the clean picture's (`size`, upright)."""
    image = glow.image
    for turn in turns:
        image = image.transpose(turn)
    wanted = min(image.width, max(1, size[0] // 2)), min(image.height, max(1, size[1] // 2))
    return replace(glow, image=image.resize(wanted, Image.Resampling.LANCZOS) if wanted != image.size else image)


def write(picture: bytes, glow: Glow) -> bytes:
    """Return one file: the clean JPEG, and behind it the map as a JPEG of its own, with the index between them."""
    out = io.BytesIO()
    glow.image.info = {}
    glow.image.save(out, "JPEG", quality=QUALITY, subsampling="4:4:4")
    small = _with(out.getvalue(), _segment(ISO + _iso_bytes(glow)))
    head = _segment(ISO + bytes(4))
    length = len(picture) + len(head) + len(_index(0, 0, 0))
    base = _start(picture) + len(head) + 8  # where the index begins to count: after marker, length and "MPF"
    index = _index(length, len(small), length - base)
    return _with(picture, head + index) + small


def _start(picture: bytes) -> int:
    """Where segments may be put in: after the first one, which says that this is a JFIF."""
    return 4 + number(picture, 4, 2) if picture[2:4] == b"\xff\xe0" else 2


def _with(picture: bytes, extra: bytes) -> bytes:
    at = _start(picture)
    return picture[:at] + extra + picture[at:]


def _segment(content: bytes) -> bytes:
    return b"\xff\xe2" + struct.pack(">H", len(content) + 2) + content


def _index(first: int, second: int, offset: int) -> bytes:
    """The Multi-Picture index (CIPA DC-007): the picture, and one more behind it."""
    tags = struct.pack(">HHI4s", 0xB000, 7, 4, b"0100") + struct.pack(">HHII", 0xB001, 4, 1, 2)
    tags += struct.pack(">HHII", 0xB002, 7, 32, 50)
    entries = struct.pack(">IIIHH", 0x030000, first, 0, 0, 0) + struct.pack(">IIIHH", 0, second, offset, 0, 0)
    return _segment(b"MPF\x00MM\x00*\x00\x00\x00\x08" + struct.pack(">H", 3) + tags + bytes(4) + entries)


def _iso_bytes(glow: Glow) -> bytes:
    def part(value: float) -> bytes:
        return struct.pack(">iI", round(value * UNIT), UNIT)

    many = len(glow.channels) > 1
    out = bytes(4) + bytes([BASE_COLOURS | (MULTICHANNEL if many else 0)])
    out += b"".join(part(value) for value in glow.capacity)
    for channel in glow.channels:
        values = channel.low, channel.high, channel.gamma, channel.base_offset, channel.other_offset
        out += b"".join(part(value) for value in values)
    return out
