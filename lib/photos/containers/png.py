"""PNG and APNG: a row of chunks."""

from __future__ import annotations

from collections.abc import Iterator

from lib.photos.containers.parts import BROKEN, MAX_PARTS, Contents, Inflater, Part, PartKind, number, trailer

START = 8
# Chunks that only say how to draw the picture
DRAWING = frozenset((
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"cICP",
    b"acTL", b"fcTL", b"fdAT", b"mDCV", b"cLLI", b"mDCv", b"cLLi",
))  # fmt: skip


def chunks(data: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """Yield name, place and content of each chunk."""
    at = START
    while at + 8 <= len(data):
        length = number(data, at, 4)
        name = data[at + 4 : at + 8]
        yield name, at, data[at + 8 : at + 8 + length]
        at += 12 + length
        if name == b"IEND":
            return


def read(data: bytes) -> Contents:
    """Take a PNG apart."""
    width = height = 0
    frames = 1
    parts: list[Part] = []
    inflater = Inflater()
    for name, at, content in chunks(data):
        if name == b"IHDR":
            width, height = number(content, 0, 4), number(content, 4, 4)
        elif name == b"acTL":
            frames = max(1, number(content, 0, 4))
        elif name == b"IEND":
            parts += trailer(data, at + 12 + len(content))
        elif name not in DRAWING:
            parts.append(_part(name, content, inflater))
            if len(parts) > MAX_PARTS:
                return BROKEN
    return Contents(width, height, frames, tuple(parts))


def _part(name: bytes, content: bytes, inflater: Inflater) -> Part:
    where = f"PNG {name.decode('latin-1')}"
    if name == b"eXIf":
        return Part(PartKind.EXIF, "EXIF", content.removeprefix(b"Exif\x00\x00"))
    if name == b"iCCP":
        label, _, packed = content.partition(b"\x00")
        return Part(PartKind.ICC, where, inflater.inflate(packed[1:]), name=label.decode("latin-1"))
    if name in {b"tEXt", b"zTXt", b"iTXt"}:
        return _text(where, name, content, inflater)
    if name == b"tIME":
        year, month, day, hour, minute, second = (number(content, *place) for place in _TIME)
        when = f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC"
        return Part(PartKind.TEXT, where, when.encode(), name="Last changed")
    return Part(PartKind.OTHER, where, content, name="content credentials" if name == b"caBX" else "")


_TIME = ((0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1))


def _text(where: str, name: bytes, content: bytes, inflater: Inflater) -> Part:
    key, _, text = content.partition(b"\x00")
    if name == b"zTXt":
        text = inflater.inflate(text[1:])
    elif name == b"iTXt":
        packed, text = text[:1] == b"\x01", text[2:]
        _language, _, text = text.partition(b"\x00")
        _translated, _, text = text.partition(b"\x00")
        text = inflater.inflate(text) if packed else text
    label = key.decode("utf-8" if name == b"iTXt" else "latin-1", "replace")
    if label == "XML:com.adobe.xmp":
        return Part(PartKind.XMP, "XMP", text)
    if label.startswith("Raw profile type "):
        return _raw_profile(where, label, text)
    if name != b"iTXt":
        text = text.decode("latin-1").encode()
    return Part(PartKind.TEXT, where, text, name=label)


def _raw_profile(where: str, label: str, text: bytes) -> Part:
    """ImageMagick's way to keep EXIF, IPTC and XMP: a name, a length, then hexadecimal digits."""
    lines = text.split(b"\n")
    try:
        content = bytes.fromhex("".join(line.decode("ascii") for line in lines[3:]))
    except ValueError:
        return Part(PartKind.TEXT, where, text, name=label)
    kind = label.removeprefix("Raw profile type ").lower()
    if kind in {"exif", "app1"}:
        return Part(PartKind.EXIF, "EXIF", content.removeprefix(b"Exif\x00\x00"))
    if kind == "xmp":
        return Part(PartKind.XMP, "XMP", content)
    if kind in {"iptc", "8bim"}:
        return Part(PartKind.PHOTOSHOP, "Photoshop", content)
    return Part(PartKind.TEXT, where, content, name=label)
