"""Pictures made in code: every container, with a canary and a position planted in every place that can hold one."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

CANARY = "CANARY-7f3a91"
WORD = CANARY.encode()
RAVENNA = 44.4175, 12.2035
XMP_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
    'xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"'
)
XMP = f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" {XMP_NAMESPACES} exif:GPSLatitude="44,25.05N" exif:GPSLongitude="12,12.21E"
 aux:SerialNumber="{CANARY}-serial" xmpMM:DocumentID="{CANARY}-document">
<dc:creator><rdf:Seq><rdf:li>{CANARY} creator</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()
EXTENDED = XMP.replace(b"creator</rdf:li>", b"extended</rdf:li>")


@cache
def photo(width: int = 320, height: int = 240) -> Image.Image:
    """Something like a photo: gradients and noise, thousands of colours."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    waves = [128 + 90 * np.sin(x / (17 + 6 * n) + n) * np.cos(y / (23 - 5 * n)) for n in range(3)]
    noise = np.random.default_rng(7).normal(0, 4, (height, width, 3))
    return Image.fromarray((np.stack(waves, axis=-1) + noise).clip(0, 255).astype(np.uint8))


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg(*segments: bytes, trailer: bytes = b"", image: Image.Image | None = None) -> bytes:
    plain = encoded(image or photo(), "JPEG", quality=90)
    return plain[:2] + b"".join(segments) + plain[2:] + trailer


# --- EXIF ---------------------------------------------------------------------------------------------------------

Tag = tuple[int, int, bytes]  # tag, type, value (big-endian)


def ascii_(tag: int, text: str) -> Tag:
    return tag, 2, text.encode() + b"\x00"


def rationals(tag: int, *numbers: tuple[int, int]) -> Tag:
    return tag, 5, b"".join(struct.pack(">II", *pair) for pair in numbers)


def long_(tag: int, number: int) -> Tag:
    return tag, 4, struct.pack(">I", number)


def _directory(tags: Sequence[Tag], at: int, following: int = 0) -> bytes:
    """One directory whose first byte lies at `at`, its long values behind it."""
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
    head, values = struct.pack(">H", len(tags)), b""
    place = at + 2 + 12 * len(tags) + 4
    for tag, kind, value in sorted(tags):
        count = len(value) // sizes[kind]
        if len(value) <= 4:
            head += struct.pack(">HHI", tag, kind, count) + value.ljust(4, b"\x00")
        else:
            head += struct.pack(">HHII", tag, kind, count, place + len(values))
            values += value + b"\x00" * (len(value) % 2)
    return head + struct.pack(">I", following) + values


def exif(*, orientation: int = 1, thumbnail: bytes = b"", extra: Sequence[Tag] = ()) -> bytes:
    """A TIFF block with everything that tells: names, serials, position, maker note, and a preview."""
    gps = [
        ascii_(1, "N"),
        rationals(2, (44, 1), (25, 1), (3, 1)),
        ascii_(3, "E"),
        rationals(4, (12, 1), (12, 1), (126, 10)),
        rationals(6, (42, 1)),
        rationals(17, (270, 1)),
        ascii_(29, "2024:05:06"),
        rationals(7, (7, 1), (8, 1), (9, 1)),
    ]
    inner = [
        ascii_(0x9003, "2024:05:06 07:08:09"), ascii_(0x9011, "+02:00"), ascii_(0xA431, f"{CANARY}-body"),
        ascii_(0xA435, f"{CANARY}-lens"), ascii_(0xA420, f"{CANARY}-unique"), ascii_(0xA430, f"{CANARY} owner"),
        (0x9286, 7, b"ASCII\x00\x00\x00" + WORD + b" comment"), (0x927C, 7, b"MAKER\x00" + WORD * 3),
        ascii_(0xA434, "Superlens 35 mm"),
    ]  # fmt: skip

    def first(gps_at: int, inner_at: int) -> list[Tag]:
        return [
            ascii_(0x010E, f"{CANARY} description"), ascii_(0x010F, "Maker"), ascii_(0x0110, "Model 5"),
            (0x0112, 3, struct.pack(">H", orientation)), ascii_(0x0131, f"{CANARY} software"),
            ascii_(0x013B, f"{CANARY} artist"), ascii_(0x013C, f"{CANARY} computer"),
            ascii_(0x8298, f"{CANARY} rights"),
            (0x9C9D, 1, f"{CANARY} author".encode("utf-16-le")), long_(0x8769, inner_at), long_(0x8825, gps_at), *extra,
        ]  # fmt: skip

    size = len(_directory(first(0, 0), 8))
    inner_at = 8 + size
    gps_at = inner_at + len(_directory(inner, inner_at))
    second_at = gps_at + len(_directory(gps, gps_at))
    blocks = _directory(first(gps_at, inner_at), 8, second_at if thumbnail else 0)
    blocks += _directory(inner, inner_at) + _directory(gps, gps_at)
    if thumbnail:
        second = [long_(0x0201, 0), long_(0x0202, len(thumbnail))]
        start = second_at + len(_directory(second, second_at))
        blocks += _directory([long_(0x0201, start), second[1]], second_at) + thumbnail
    return b"MM\x00*\x00\x00\x00\x08" + blocks


# --- other blocks -------------------------------------------------------------------------------------------------


def iptc() -> bytes:
    rows = ((80, b"byline"), (120, b"caption"), (90, b"city"), (25, b"keyword"))
    return b"".join(b"\x1c\x02" + bytes([n]) + struct.pack(">H", len(w) + 14) + WORD + b" " + w for n, w in rows)


def photoshop(content: bytes, code: int = 0x0404) -> bytes:
    return b"8BIM" + struct.pack(">HHI", code, 0, len(content)) + content + b"\x00" * (len(content) % 2)


def hidden_jpeg() -> bytes:
    """A small picture that carries the canary itself."""
    small = encoded(photo().resize((64, 48)), "JPEG")
    return small[:2] + segment(0xFE, WORD + b" in a preview") + small[2:]


def mpf(first_size: int) -> bytes:
    """An index of two pictures; offsets count from the start of the index."""
    index = b"MM\x00*\x00\x00\x00\x08" + struct.pack(">H", 1) + struct.pack(">HHII", 0xB002, 7, 32, 26)
    index += struct.pack(">I", 0)
    return (
        index
        + struct.pack(">IIIHH", 0x030000, 0, 0, 0, 0)
        + struct.pack(">IIIHH", 0, len(hidden_jpeg()), first_size, 0, 0)
    )


def with_mpf() -> bytes:
    plain = encoded(photo(), "JPEG")
    app2 = segment(0xE2, b"MPF\x00" + mpf(0))
    base = 2 + 4 + 4  # start marker, segment head, "MPF\0"
    size = len(plain) + len(app2)
    app2 = segment(0xE2, b"MPF\x00" + mpf(size - base))
    return plain[:2] + app2 + plain[2:] + hidden_jpeg()


def profile(name: str) -> bytes:
    """The sRGB profile under another name."""
    original = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = name.encode("utf-16-be")
    tag = b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(text), 28) + text
    for n in range(struct.unpack_from(">I", original, 128)[0]):
        at = 132 + n * 12
        if original[at : at + 4] == b"desc":
            moved = original[: at + 4] + struct.pack(">II", len(original), len(tag)) + original[at + 12 :] + tag
            return struct.pack(">I", len(moved)) + moved[4:]
    raise AssertionError


def matrix_profile(primaries: Sequence[tuple[float, float]], gamma: float) -> bytes:
    """A colour profile from chromaticities (D65) and a gamma: enough for Display P3 (as gamma) and Adobe RGB."""
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    d50, d65 = np.array([0.9642, 1.0, 0.8249]), np.array([0.95047, 1.0, 1.08883])
    adapt = np.linalg.inv(bradford) @ np.diag((bradford @ d50) / (bradford @ d65)) @ bradford
    columns = adapt @ to_xyz(primaries)

    def xyz(values: Sequence[float]) -> bytes:
        return b"XYZ \x00\x00\x00\x00" + struct.pack(">iii", *(round(v * 65536) for v in values))

    curve = b"curv\x00\x00\x00\x00" + struct.pack(">IH", 1, round(gamma * 256)) + b"\x00\x00"
    desc = b"desc\x00\x00\x00\x00" + struct.pack(">I", 5) + b"Test\x00" + bytes(78) + b"\x00"
    tags = {b"desc": desc, b"wtpt": xyz(d50), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    tags |= {name: xyz(columns[:, n]) for n, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))}
    table, body, at = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, unpadded in tags.items():
        content = unpadded.ljust(-(-len(unpadded) // 4) * 4, b"\x00")
        table += name + struct.pack(">II", at + len(body), len(content))
        body += content
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"\x00" * 4, 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">iii", *(round(v * 65536) for v in d50))
    return head.ljust(128, b"\x00") + table + body


def to_xyz(primaries: Sequence[tuple[float, float]]) -> np.ndarray:
    """The matrix from linear RGB with these primaries and white D65 to XYZ."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    return columns * np.linalg.solve(columns, np.array([0.95047, 1.0, 1.08883]))


SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
ADOBE = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))


# --- PNG, WebP, GIF -----------------------------------------------------------------------------------------------


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*chunks: bytes, trailer: bytes = b"") -> bytes:
    plain = encoded(photo(), "PNG")
    return plain[:33] + b"".join(chunks) + plain[33:] + trailer


def webp(*chunks: tuple[bytes, bytes], trailer: bytes = b"") -> bytes:
    plain = encoded(photo(), "WEBP")
    extra = b"".join(n + struct.pack("<I", len(c)) + c + b"\x00" * (len(c) % 2) for n, c in chunks)
    flags = 0x08 * any(n == b"EXIF" for n, _ in chunks) | 0x04 * any(n == b"XMP " for n, _ in chunks)
    size = b"".join((n - 1).to_bytes(3, "little") for n in photo().size)
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + size + plain[12:] + extra
    return b"RIFF" + struct.pack("<I", len(body)) + body + trailer


def gif(*blocks: bytes, trailer: bytes = b"") -> bytes:
    plain = encoded(photo().quantize(64), "GIF")
    table = 13 + (3 << ((plain[10] & 7) + 1))
    return plain[:table] + b"".join(blocks) + plain[table:] + trailer


def sub_blocks(content: bytes) -> bytes:
    rows = [content[n : n + 255] for n in range(0, len(content), 255)]
    return b"".join(bytes([len(row)]) + row for row in rows) + b"\x00"


def gif_xmp() -> bytes:
    return b"\x21\xff\x0bXMP DataXMP" + XMP + b"\x01" + bytes(range(255, -1, -1)) + b"\x00"


def tiff() -> bytes:
    from PIL import TiffImagePlugin

    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[315], tags[270], tags[305] = f"{CANARY} artist", f"{CANARY} description", f"{CANARY} software"
    tags[700], tags.tagtype[700] = XMP, 1
    tags[33723], tags.tagtype[33723] = iptc(), 7
    return encoded(photo(), "TIFF", tiffinfo=tags)


def heic(*, tile_size: int = 0, **options: object) -> bytes:
    """A HEIC as phones write it."""
    out = io.BytesIO()
    heif = pillow_heif.from_pillow(options.pop("image", None) or photo())  # type: ignore[arg-type]
    heif.save(out, quality=90, tile_size=tile_size, **options)
    return out.getvalue()


@cache
def planted() -> dict[str, bytes]:
    """Name -> a picture with the canary in that place."""
    mp4 = struct.pack(">I", 24) + b"ftypmp42\x00\x00\x00\x00mp42isom" + WORD * 20
    guid = b"0123456789ABCDEF0123456789ABCDEF"
    half = len(EXTENDED) // 2
    parts = [(0, EXTENDED[:half]), (half, EXTENDED[half:])]
    extended = [
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\x00" + guid + struct.pack(">II", len(EXTENDED), at) + part)
        for at, part in parts
    ]
    block = exif()
    return {
        "JPEG EXIF": jpeg(segment(0xE1, b"Exif\x00\x00" + block)),
        "JPEG EXIF thumbnail": jpeg(segment(0xE1, b"Exif\x00\x00" + exif(thumbnail=hidden_jpeg()))),
        "JPEG XMP": jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + XMP)),
        "JPEG extended XMP": jpeg(*extended),
        "JPEG ICC": jpeg(segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + profile(f"{CANARY} monitor"))),
        "JPEG MPF": with_mpf(),
        "JPEG IPTC": jpeg(segment(0xED, b"Photoshop 3.0\x00" + photoshop(iptc()))),
        "JPEG Photoshop thumbnail": jpeg(
            segment(0xED, b"Photoshop 3.0\x00" + photoshop(bytes(28) + hidden_jpeg(), 0x040C))
        ),
        "JPEG comment": jpeg(segment(0xFE, WORD)),
        "JPEG unknown segment": jpeg(segment(0xE9, b"VENDOR\x00" + WORD)),
        "JPEG JFXX thumbnail": jpeg(segment(0xE0, b"JFXX\x00\x10" + hidden_jpeg())),
        "JPEG trailer": jpeg(trailer=mp4),
        "PNG tEXt": png(chunk(b"tEXt", b"Author\x00" + WORD)),
        "PNG zTXt": png(chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(WORD))),
        "PNG iTXt": png(chunk(b"iTXt", b"Title\x00\x00\x00en\x00\x00" + WORD)),
        "PNG XMP": png(chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + XMP)),
        "PNG eXIf": png(chunk(b"eXIf", block)),
        "PNG raw profile": png(
            chunk(b"zTXt", b"Raw profile type exif\x00\x00" + zlib.compress(b"\nexif\n  99\n" + block.hex().encode()))
        ),
        "PNG ICC": png(chunk(b"iCCP", b"Name\x00\x00" + zlib.compress(profile(f"{CANARY} monitor")))),
        "PNG unknown chunk": png(chunk(b"prVt", WORD)),
        "PNG trailer": png(trailer=WORD),
        "WebP EXIF": webp((b"EXIF", block)),
        "WebP XMP": webp((b"XMP ", XMP)),
        "WebP unknown chunk": webp((b"VNDR", WORD)),
        "WebP trailer": webp(trailer=WORD),
        "GIF comment": gif(b"\x21\xfe" + sub_blocks(WORD)),
        "GIF XMP": gif(gif_xmp()),
        "GIF application data": gif(b"\x21\xff\x0bVENDOR  1.0" + sub_blocks(WORD)),
        "GIF trailer": gif(trailer=WORD),
        "TIFF tags": tiff(),
        "BMP trailer": encoded(photo(), "BMP") + WORD,
        "HEIC EXIF": heic(exif=b"Exif\x00\x00" + block),
        "HEIC XMP": heic(xmp=XMP),
        "HEIC trailer": heic() + struct.pack(">I", 8 + len(WORD)) + b"mpvd" + WORD,
        "AVIF EXIF": encoded(photo(), "AVIF", exif=block),
        "AVIF XMP": encoded(photo(), "AVIF", xmp=XMP),
    }
