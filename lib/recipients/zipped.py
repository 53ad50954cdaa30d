"""A zip of photos as a stream: stored, with clean names and one fixed date, its length known before its first byte."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from lib.albums.link_rows import PhotoRow

_DATE: Final = (1 << 5) | 1  # 1 January 1980, the first day that a zip can name: no date of anybody's
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20
_UTF_8: Final = 0x800  # the flag of a name with letters beyond ASCII


def zip_length(photos: Sequence[PhotoRow]) -> int:
    """Return how many bytes the zip has."""
    names = sum(len(photo.file_name.encode()) for photo in photos)
    return (
        sum(photo.size_bytes for photo in photos) + 2 * names + len(photos) * (_LOCAL.size + _CENTRAL.size) + _END.size
    )


async def zip_stream(
    photos: Sequence[PhotoRow], read: Callable[[PhotoRow], AsyncIterator[bytes]]
) -> AsyncIterator[bytes]:
    """Yield the zip piece by piece, holding one piece in memory."""
    directory, offset = [], 0
    for photo in photos:
        name = photo.file_name.encode()
        common = (
            0 if name.isascii() else _UTF_8,
            0,
            0,
            _DATE,
            photo.crc32,
            photo.size_bytes,
            photo.size_bytes,
            len(name),
            0,
        )
        header = _LOCAL.pack(b"PK\x03\x04", _VERSION, *common) + name
        directory.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *common, 0, 0, 0, 0, offset) + name)
        offset += len(header) + photo.size_bytes
        async for chunk in read(photo):
            yield header + chunk  # no header before its photo could be read
            header = b""
    listing = b"".join(directory)
    yield listing + _END.pack(b"PK\x05\x06", 0, 0, len(photos), len(photos), len(listing), offset, 0)
