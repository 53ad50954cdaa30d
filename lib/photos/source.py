"""Where a photo comes from in code: bytes, a path, or a file that is open for reading."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any, Final

from lib.photos.problems import TooLarge, UnreadableFile
from lib.text.amounts import size

Source = bytes | bytearray | memoryview | str | os.PathLike[str] | IO[bytes]
MAX_BYTES: Final = 80_000_000  # callers pass their settings; this is the default of the settings
_CHUNK: Final = 1 << 20  # bytes


def bytes_of(source: Source, max_bytes: int) -> bytes:
    """Return the bytes of a photo. Bytes come back as they are, of whatever length; of a file only the limit is read.

    A file object is read from its beginning where it can be wound back, and stays open. Raises `UnreadableFile` for
    what is missing, a folder, closed, opened as text or no source at all, `TooLarge` for a file over the limit.
    """
    if isinstance(source, bytes):
        return source
    if isinstance(source, bytearray | memoryview):
        return bytes(source)
    if isinstance(source, str | os.PathLike):
        return _of_path(Path(source), max_bytes)
    if hasattr(source, "read"):
        return _of_file(source, max_bytes)
    raise UnreadableFile(f"A photo is given as a path, as bytes or as a file that is open; this is {_kind(source)}.")


def _of_path(path: Path, max_bytes: int) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableFile(f"{path} is a folder.", fix="Name the photos in it one by one.")
        if path.exists() and not path.is_file():  # a pipe would be waited for without end
            raise UnreadableFile(f"{path} is not a file.")
        with path.open("rb") as file:
            return _taken(file, max_bytes)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # a path that no file can have
        raise UnreadableFile(f"{str(path)!r} cannot be read: {error}.") from error


def _of_file(file: IO[bytes], max_bytes: int) -> bytes:
    try:
        if hasattr(file, "seekable") and file.seekable():
            file.seek(0)
        return _taken(file, max_bytes)
    except (OSError, ValueError) as error:  # closed, or open for writing only
        raise UnreadableFile(
            f"The file cannot be read: {error}.", fix="Open it for reading: open(path, 'rb')."
        ) from error


def _taken(file: IO[bytes], max_bytes: int) -> bytes:
    """Read to the end, as a raw file may give less than it is asked for."""
    taken = bytearray()
    while chunk := file.read(_CHUNK):
        if not isinstance(chunk, bytes):
            raise UnreadableFile("The file is open as text.", fix="Open it for bytes: open(path, 'rb').")
        taken += chunk
        if len(taken) > max_bytes:
            raise TooLarge(f"The photo is over {size(max_bytes)}, the limit for one photo.")
    return bytes(taken)


def _kind(thing: Any) -> str:
    return "None" if thing is None else f"{'an' if type(thing).__name__[0] in 'aeiou' else 'a'} {type(thing).__name__}"
