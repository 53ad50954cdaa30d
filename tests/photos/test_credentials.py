"""What a photo says of itself beyond EXIF: Content Credentials, and a location that the phone left out itself."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.photos import find_leftovers, prepare_photo, read_metadata
from tests.photos.making import WORD, chunk, encoded, gif, heic, jpeg, photo, png, segment, sub_blocks, webp


def jumbf(content: bytes = WORD) -> bytes:
    """A C2PA record as it begins in every format: a box of boxes with a description."""
    described = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\x00"
    jumd = struct.pack(">I", 8 + len(described)) + b"jumd" + described
    inner = jumd + struct.pack(">I", 8 + len(content)) + b"cbor" + content
    return struct.pack(">I", 8 + len(inner)) + b"jumb" + inner


def in_segments() -> bytes:
    record = jumbf(WORD * 200)
    parts = [record[:900], record[900:]]
    return jpeg(*[segment(0xEB, b"JP" + struct.pack(">HI", 1, n) + part) for n, part in enumerate(parts, 1)])


def uuid_box() -> bytes:
    content = bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + bytes(4) + b"manifest\x00" + bytes(8) + jumbf()
    return struct.pack(">I", 8 + len(content)) + b"uuid" + content


CREDENTIALS = {
    "JPEG": in_segments,
    "PNG": lambda: png(chunk(b"caBX", jumbf())),
    "WebP": lambda: webp((b"C2PA", jumbf())),
    "GIF": lambda: gif(b"\x21\xff\x0bC2PA_GIF\x01\x00\x00" + sub_blocks(jumbf())),
    "TIFF": lambda: encoded(photo(), "TIFF", tiffinfo=_tiff_tag()),
    "HEIC": lambda: heic() + uuid_box(),
    "AVIF": lambda: encoded(photo(), "AVIF") + uuid_box(),
}


def _tiff_tag() -> object:
    from PIL import TiffImagePlugin

    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0xCD41], tags.tagtype[0xCD41] = jumbf(), 7
    return tags


@pytest.mark.parametrize("form", CREDENTIALS)
def test_content_credentials_are_named_once_and_do_not_come_out(form: str) -> None:
    data = CREDENTIALS[form]()
    report = read_metadata(data)
    named = [finding for finding in report.private if finding.kind == "credentials"]
    assert [finding.label for finding in named] == ["Content Credentials"]
    assert "signed record of camera and edits" in named[0].value
    assert not [finding for finding in report.private if finding.kind in {"other", "trailer"}]
    assert "Content Credentials" in report.verdict
    clean = prepare_photo(data)
    assert WORD not in clean.data
    assert b"c2pa" not in clean.data
    assert find_leftovers(clean.data) == ()


@pytest.mark.parametrize("name", ["c2pa-app11.jpg", "c2pa-cabx.png"])
def test_real_content_credentials_are_named(real_photo: Callable[[str], Path], name: str) -> None:
    report = read_metadata(real_photo(f"kinds/{name}").read_bytes())
    assert [finding.kind for finding in report.private] == ["credentials"]


def test_another_vendor_s_segment_is_not_called_credentials() -> None:
    report = read_metadata(jpeg(segment(0xEB, b"VENDOR\x00" + WORD)))
    assert [finding.kind for finding in report.private] == ["other"]


# --- the location that is not there -------------------------------------------------------------------------------


def from_phone(maker: str, taken: str, *, gps: bytes = b"") -> bytes:
    def tag(code: int, kind: int, value: bytes) -> bytes:
        count = len(value) if kind == 2 else 1
        if len(value) <= 4:
            return struct.pack(">HHI", code, kind, count) + value.ljust(4, b"\x00")
        at = 200 + len(extra)
        extra.extend(value.ljust(len(value) + len(value) % 2, b"\x00"))
        return struct.pack(">HHII", code, kind, count, at)

    extra = bytearray()
    rows = [
        tag(0x010F, 2, maker.encode() + b"\x00"),
        tag(0x0110, 2, b"Phone 12\x00"),
        tag(0x0132, 2, taken.encode() + b"\x00"),
    ]
    if gps:
        rows.append(tag(0x8825, 4, struct.pack(">I", 400)))
    block = b"MM\x00*\x00\x00\x00\x08" + struct.pack(">H", len(rows)) + b"".join(rows) + bytes(4)
    block = (block.ljust(200, b"\x00") + bytes(extra)).ljust(400, b"\x00") + gps
    return jpeg(segment(0xE1, b"Exif\x00\x00" + block))


def emptied_gps() -> bytes:
    """What Android leaves where a location was: the tags, and zeros for their values."""
    rows = struct.pack(">HHII", 2, 5, 3, 500) + struct.pack(">HHII", 4, 5, 3, 500)
    return struct.pack(">H", 2) + rows + bytes(4) + bytes(200)


LEFT_OUT = "Your phone had already left the location out."


@pytest.mark.parametrize(
    ("maker", "taken", "gps", "said"),
    [
        ("Google", "2026:07:04 10:00:00", b"", True),
        ("samsung", "2026:01:01 00:00:00", b"", True),
        ("OnePlus", "2027:01:01 00:00:00", b"", True),
        ("samsung", "2024:07:04 10:00:00", b"", False),  # nobody knows: it may never have had one
        ("samsung", "2024:07:04 10:00:00", emptied_gps(), True),
        ("Apple", "2026:07:04 10:00:00", b"", False),
        ("Canon", "2026:07:04 10:00:00", b"", False),
    ],
)
def test_a_location_that_android_left_out_is_said(maker: str, taken: str, gps: bytes, *, said: bool) -> None:
    report = read_metadata(from_phone(maker, taken, gps=gps))
    assert report.verdict.startswith(LEFT_OUT) is said
    assert any(finding.value == LEFT_OUT for finding in report.findings) is said
    assert not any(finding.value == LEFT_OUT for finding in report.private), "it is good news"
    assert "told which device took it" in report.verdict
