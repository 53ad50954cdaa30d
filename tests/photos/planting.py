"""Small pictures with something planted in every segment, chunk, block, box and tag, and what has to be found there.

`python -m tests.photos.planting` writes `planted.json`, which the tests of the server and of the picker both read.
"""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

TABLE = Path(__file__).with_name("planted.json")
SECRET = b"PLANTED-SECRET"
VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + SECRET * 4
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:exif="e" xmlns:aux="a" xmlns:dc="d" exif:GPSLatitude="51,30.0N" exif:GPSLongitude="0,7.5W"'
    b' aux:SerialNumber="4711"><dc:creator><rdf:Seq><rdf:li>Ann &amp; Bob</rdf:li></rdf:Seq></dc:creator>'
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)
XMP_KINDS = ["owner", "position", "serial"]
# tag -> type (2 text, 5 rational, 7 undefined, 1 bytes), content, the kinds it is found as
TAGS: dict[int, tuple[int, bytes, list[str]]] = {
    0x010E: (2, SECRET, ["caption"]), 0x010F: (2, SECRET, ["device"]), 0x0110: (2, SECRET, ["device"]),
    0x0131: (2, SECRET, ["software"]), 0x0132: (2, b"2026:05:01 12:00:00", ["time"]), 0x013B: (2, SECRET, ["owner"]),
    0x013C: (2, SECRET, ["device"]), 0x8298: (2, SECRET, ["owner"]), 0x9003: (2, b"2026:05:01 12:00:00", ["time"]),
    0x9004: (2, b"2026:05:01 12:00:00", ["time"]), 0x9010: (2, b"+02:00", ["time"]),
    0x927C: (7, SECRET, ["maker_note"]),
    0x9286: (7, b"ASCII\0\0\0" + SECRET, ["comment"]), 0x9291: (2, b"123", ["time"]),
    0x9C9B: (1, SECRET.decode().encode("utf-16-le"), ["caption"]),
    0x9C9D: (1, SECRET.decode().encode("utf-16-le"), ["owner"]),
    0xA420: (2, SECRET, ["serial"]), 0xA430: (2, SECRET, ["owner"]), 0xA431: (2, SECRET, ["serial"]),
    0xA433: (2, SECRET, ["lens"]), 0xA434: (2, SECRET, ["lens"]), 0xA435: (2, SECRET, ["serial"]),
    0xA436: (2, SECRET, ["caption"]), 0xA437: (2, SECRET, ["owner"]), 0xA439: (2, SECRET, ["software"]),
    0xC62F: (2, SECRET, ["serial"]), 0xC65D: (1, SECRET + b"!!", ["serial"]), 0xEEEE: (2, SECRET, ["other"]),
    0x02BC: (1, XMP, XMP_KINDS), 0x83BB: (7, b"\x1c\x02\x50\x00\x03Ann", ["owner"]),
    0x829A: (5, struct.pack("<II", 1, 60), []), 0x0112: (3, b"\1\0", []),
}  # fmt: skip


def picture(form: str, **options: Any) -> bytes:
    """A picture of 16 x 12, and nothing else."""
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize((16, 12)).convert("P" if form == "GIF" else "RGB")
    image.save(out, form, **options)
    return out.getvalue()


def tiff(tags: dict[int, tuple[int, bytes]], gps: bytes = b"", preview: bytes = b"") -> bytes:
    """An EXIF structure with these tags in its first directory, a directory of GPS, and a small preview."""
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
    rows = dict(tags)
    if gps:
        rows[0x8825] = (4, b"")
    entries, heap, first = b"", b"", 8
    start = first + 2 + 12 * len(rows) + 4
    for tag, (kind, given) in sorted(rows.items()):
        content = given
        if tag == 0x8825:
            content = struct.pack("<I", start + len(heap))
            heap += gps_directory(start + len(heap))
        content += b"\0" * (kind == 2)
        place = content.ljust(4, b"\0") if len(content) <= 4 else struct.pack("<I", start + len(heap))
        heap += b"" if len(content) <= 4 else content
        entries += struct.pack("<HHI", tag, kind, len(content) // sizes[kind]) + place
    after = start + len(heap) if preview else 0
    whole = b"II*\0" + struct.pack("<IH", first, len(rows)) + entries + struct.pack("<I", after) + heap
    if preview:
        place = after + 2 + 24 + 4
        whole += struct.pack("<HHHII", 2, 0x0201, 4, 1, place) + struct.pack("<HHII", 0x0202, 4, 1, len(preview))
        whole += struct.pack("<I", 0) + preview
    return whole


def gps_directory(at: int) -> bytes:
    """51.5 north, 0.125 west."""
    heap = at + 2 + 4 * 12 + 4
    rows = struct.pack("<HHI4s", 1, 2, 2, b"N\0") + struct.pack("<HHII", 2, 5, 3, heap)
    rows += struct.pack("<HHI4s", 3, 2, 2, b"W\0") + struct.pack("<HHII", 4, 5, 3, heap + 24)
    return (
        struct.pack("<H", 4) + rows + struct.pack("<I", 0) + struct.pack("<12I", 51, 1, 30, 1, 0, 1, 0, 1, 7, 1, 30, 1)
    )


def segment(marker: int, content: bytes) -> Callable[[bytes], bytes]:
    return lambda jpeg: jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + jpeg[2:]


def chunk(name: bytes, content: bytes) -> Callable[[bytes], bytes]:
    whole = struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    return lambda png: png[:33] + whole + png[33:]


def riff(name: bytes, content: bytes) -> Callable[[bytes], bytes]:
    added = name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)

    def plant(webp: bytes) -> bytes:
        body = webp[12:]
        if body[:4] != b"VP8X":
            flags = {b"EXIF": 8, b"XMP ": 4, b"ICCP": 0x20}.get(name, 0)
            body = b"VP8X" + struct.pack("<IB3x", 10, flags) + bytes((15, 0, 0, 11, 0, 0)) + body
        parts = body[:18] + added + body[18:] if name == b"ICCP" else body + added
        return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts

    return plant


def gif_block(label: int, *blocks: bytes) -> Callable[[bytes], bytes]:
    whole = bytes((0x21, label)) + b"".join(bytes((len(one),)) + one for one in blocks) + b"\0"
    return lambda gif: gif[:-1] + whole + gif[-1:]


def behind(content: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data + content


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def profile(name: bytes) -> bytes:
    """The start of a colour profile that goes by this name."""
    tag = b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + b"\0"
    return bytes(128) + struct.pack(">I4sII", 1, b"desc", 144, len(tag)) + tag


def photoshop(code: int, content: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", code, 0, len(content)) + content + b"\0" * (len(content) % 2)


EXIF = tiff({tag: row[:2] for tag, row in TAGS.items() if tag in {0x010F, 0x013B}}, gps=b"yes")
EXIF_KINDS = ["device", "owner", "position"]
POSITION = [51.5, -0.125]


def jpegs() -> Iterator[tuple[str, Callable[[bytes], bytes], list[str]]]:
    """Segments of JPEG."""
    exif = lambda data: segment(0xE1, b"Exif\0\0" + data)  # noqa: E731 - shorter than its use
    for app in range(16):
        if app != 14:
            yield f"APP{app} of a vendor", segment(0xE0 + app, b"Vendor\0" + SECRET), ["other"]
    yield "APP11 JUMBF", segment(0xEB, b"JP\0\1\0\0\0\1\0\0\0\x40jumb\0\0\0\x20jumdc2pa" + SECRET), ["credentials"]
    yield "comment", segment(0xFE, SECRET), ["comment"]
    yield "EXIF", exif(EXIF), EXIF_KINDS
    yield "EXIF preview", exif(tiff({}, preview=picture("JPEG"))), ["preview"]
    yield "XMP", segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP), XMP_KINDS
    yield "XMP that is none", segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x><y></x>"), ["xmp"]
    long_xmp = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + struct.pack(">II", len(XMP), 0) + XMP
    yield "extended XMP", segment(0xE1, long_xmp), XMP_KINDS
    head = b"Photoshop 3.0\0"
    yield "IPTC", segment(0xED, head + photoshop(0x0404, b"\x1c\x02\x5a\x00\x05Paris")), ["position"]
    yield "Photoshop settings", segment(0xED, head + photoshop(0x03ED, SECRET)), ["other"]
    yield "Photoshop thumbnail", segment(0xED, head + photoshop(0x040C, bytes(28) + picture("JPEG"))), ["preview"]
    yield "profile of a device", segment(0xE2, b"ICC_PROFILE\0\1\1" + profile(b"Ann's screen")), ["profile"]
    yield "profile of everybody", segment(0xE2, b"ICC_PROFILE\0\1\1" + profile(b"Display P3")), []
    yield "JFXX", segment(0xE0, b"JFXX\0\x10" + picture("JPEG")), ["preview"]
    yield "MPF that lists nothing", segment(0xE2, b"MPF\0II*\0\x08\0\0\0\0\0"), ["other"]
    yield "behind the end", behind(SECRET), ["trailer"]
    yield "video behind the end", behind(VIDEO), ["trailer"]
    yield "padding behind the end", behind(bytes(64)), []
    for tag, (kind, content, kinds) in TAGS.items():
        yield f"tag 0x{tag:04X}", exif(tiff({tag: (kind, content)})), kinds


def pngs() -> Iterator[tuple[str, Callable[[bytes], bytes], list[str]]]:
    """Chunks of PNG."""
    yield "tEXt", chunk(b"tEXt", b"Author\0" + SECRET), ["text"]
    yield "zTXt", chunk(b"zTXt", b"Author\0\0" + zlib.compress(SECRET)), ["text"]
    yield "iTXt", chunk(b"iTXt", b"Author\0\0\0\0\0" + SECRET), ["text"]
    yield "iTXt packed", chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP)), XMP_KINDS
    yield "XMP", chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP), XMP_KINDS
    yield "tIME", chunk(b"tIME", bytes((7, 234, 5, 1, 12, 0, 0))), ["text"]
    yield "eXIf", chunk(b"eXIf", EXIF), EXIF_KINDS
    hexed = b"\nexif\n      99\n" + EXIF.hex().encode()
    yield "EXIF of ImageMagick", chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(hexed)), EXIF_KINDS
    yield "iCCP of a device", chunk(b"iCCP", b"x\0\0" + zlib.compress(profile(b"Ann's screen"))), ["profile"]
    yield "caBX", chunk(b"caBX", SECRET), ["credentials"]
    yield "chunk of a vendor", chunk(b"prVt", SECRET), ["other"]
    yield "behind the end", behind(SECRET), ["trailer"]


def others() -> Iterator[tuple[str, str, Callable[[bytes], bytes], list[str]]]:
    """Chunks of WebP, blocks of GIF, BMP, TIFF, and boxes of HEIC and AVIF."""
    yield "WEBP", "EXIF", riff(b"EXIF", EXIF), EXIF_KINDS
    yield "WEBP", "EXIF with a head", riff(b"EXIF", b"Exif\0\0" + EXIF), EXIF_KINDS
    yield "WEBP", "XMP", riff(b"XMP ", XMP), XMP_KINDS
    yield "WEBP", "ICCP of a device", riff(b"ICCP", profile(b"Ann's screen")), ["profile"]
    yield "WEBP", "C2PA", riff(b"C2PA", SECRET), ["credentials"]
    yield "WEBP", "chunk of a vendor", riff(b"prVt", SECRET), ["other"]
    yield "WEBP", "behind the end", behind(SECRET), ["trailer"]
    yield "GIF", "comment", gif_block(0xFE, SECRET), ["comment"]
    yield "GIF", "text", gif_block(0x01, bytes(12), SECRET), ["text"]
    magic = bytes((1, *range(255, -1, -1)))
    yield "GIF", "XMP", lambda gif: gif[:-1] + b"\x21\xff\x0bXMP DataXMP" + XMP + magic + b"\0" + gif[-1:], XMP_KINDS
    yield "GIF", "application", gif_block(0xFF, b"VENDOR  1.0", SECRET), ["other"]
    yield "GIF", "C2PA", gif_block(0xFF, b"C2PA_GIF\1\0\0", SECRET), ["credentials"]
    yield "GIF", "behind the end", behind(SECRET), ["trailer"]
    yield "BMP", "behind the end", behind(SECRET), ["trailer"]
    for form in ("HEIF", "AVIF"):
        yield form, "C2PA box", behind(box(b"uuid", C2PA + SECRET)), ["credentials"]
        yield form, "box of a vendor", behind(box(b"prVt", SECRET)), ["trailer"]
        yield form, "motion photo", behind(box(b"mpvd", VIDEO)), ["trailer"]


def rows() -> Iterator[dict[str, Any]]:
    """Every case: a name, the file, the kinds of private findings, the position."""
    pillow_heif.register_heif_opener()
    empty = {form: picture(form) for form in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF", "TIFF")}
    planted = [
        *((form, "nothing", lambda data: data, []) for form in empty),
        *(("JPEG", *row) for row in jpegs()),
        *(("PNG", *row) for row in pngs()),
        *others(),
    ]  # fmt: skip
    for form, name, plant, kinds in planted:
        yield _row(f"{form}: {name}", plant(empty[form]), kinds)
    for form in ("HEIF", "AVIF"):
        yield _row(f"{form}: EXIF", picture(form, exif=EXIF), EXIF_KINDS)
        yield _row(f"{form}: XMP", picture(form, xmp=XMP), XMP_KINDS)
    yield _row("TIFF: artist", picture("TIFF", tiffinfo={315: "Ann"}), ["owner"])
    for turn in range(1, 9):
        exif = tiff({0x0112: (3, bytes((turn, 0)))})
        for form, plant in (
            ("JPEG", segment(0xE1, b"Exif\0\0" + exif)), ("PNG", chunk(b"eXIf", exif)), ("WEBP", riff(b"EXIF", exif)),
        ):  # fmt: skip
            yield _row(f"{form}: turn {turn}", plant(empty[form]), []) | {"orientation": turn}


def _row(name: str, data: bytes, kinds: list[str]) -> dict[str, Any]:
    return {
        "name": name, "file": base64.b64encode(data).decode(), "kinds": sorted(kinds), "orientation": 1,
        "position": POSITION if "position" in kinds and "IPTC" not in name else None,
    }  # fmt: skip


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(row) for row in rows())
    TABLE.write_text(f'{{"cases": [\n{lines}\n]}}\n', encoding="utf-8")
