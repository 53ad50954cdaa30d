"""Where photo bytes lie: a local folder, S3, GCS or Azure, through obstore. A write is whole or not at all.

What is read is compared with what the index knows of it: bytes that are too few, too many, or not those that were
written are never given out as the photo.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError, UnknownConfigurationKeyError
from obstore.store import LocalStore, from_url

from lib.albums.problems import DiskFull, PhotoDamaged, PhotoGone, StoreDown
from lib.settings import SettingsProblem

CHUNK_BYTES: Final = 256 * 1024  # what one step of a stream carries
REMOTE_CHUNK_BYTES: Final = 1024 * 1024  # the same from an object store, where each step is a request
TRY_S: Final = 4.5  # a recipient waits for two tries at most, and has an answer within ten seconds
TRIES: Final = 2
# Of an object store: one more try after an error, and a write may take as long as a slow line needs for a photo.
_RETRIES: Final[dict[str, Any]] = {
    "max_retries": TRIES - 1, "retry_timeout": timedelta(seconds=30),
    "backoff": {"init_backoff": timedelta(seconds=0.2), "max_backoff": timedelta(seconds=1), "base": 2},
}  # fmt: skip
_PATIENCE: Final = {"connect_timeout": "3s", "timeout": "60s"}
# ENOSPC, EFBIG and EDQUOT as obstore's local folder reports them, and their words.
_FULL: Final = ("os error 28", "os error 27", "os error 122", "no space left", "quota exceeded")


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """Bytes as the index knows them: where they lie, how many they are, and their CRC-32 where it was noted."""

    path: str
    size: int
    crc32: int | None = None

    def check(self, data: bytes) -> bytes:
        """Return these bytes. Raises `PhotoDamaged` where they are others."""
        if len(data) != self.size or (self.crc32 is not None and zlib.crc32(data) != self.crc32):
            raise PhotoDamaged
        return data


class PhotoStore:
    """Photo bytes by path. Errors become words; a path or an address of the store never gets into them."""

    def __init__(self, url: str, options: dict[str, str]) -> None:
        self.folder: Path | None = None  # where it is a local one
        try:
            if url.startswith("file:"):
                self.folder = Path(unquote(urlsplit(url).path))
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._store: Any = LocalStore(self.folder, automatic_cleanup=True)
            else:
                self._store = from_url(url, **_client_options(options))
        except (BaseError, UnknownConfigurationKeyError, ValueError, TypeError) as error:
            msg = f"photos_url or photos_options: the photo store cannot be opened ({type(error).__name__})."
            raise SettingsProblem(msg) from None

    def put(self, path: str, data: bytes) -> None:
        """Write bytes: afterwards all of them are there, or none."""
        with _as_problems():
            try:
                obstore.put(self._store, path, data)
            except (NotFoundError, FileNotFoundError):  # the folder was just cleaned away as empty: once more
                obstore.put(self._store, path, data)

    def get(self, path: str) -> bytes:
        """Read all bytes. Raises `PhotoGone` where there are none."""
        with _as_problems():
            return obstore.get(self._store, path).bytes().to_bytes()

    def read(self, kept: StoredBytes) -> bytes:
        """Read bytes that are known, all of them. Raises `PhotoGone` and `PhotoDamaged`."""
        return kept.check(self.get(kept.path))

    async def read_async(self, kept: StoredBytes) -> bytes:
        """Read bytes that are known without blocking the event loop. Raises `PhotoGone` and `PhotoDamaged`."""

        async def ask() -> bytes:
            return kept.check((await (await obstore.get_async(self._store, kept.path)).bytes_async()).to_bytes())

        return await _tried(ask)

    async def stream(self, kept: StoredBytes, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Read known bytes piece by piece, from `start` to before `end`.

        Before the first piece it is certain that the store has as many bytes as there should be; the last piece of all
        is given only where the whole has the right CRC-32. Raises `PhotoGone` and `PhotoDamaged`.
        """
        end = kept.size if end is None else end
        whole = start == 0 and end == kept.size
        crc, step = 0, CHUNK_BYTES if self.folder is not None else REMOTE_CHUNK_BYTES
        while start < end:
            stop = min(end, start + step)
            data = await self._piece(kept, start, stop)
            crc = zlib.crc32(data, crc)
            if whole and stop == end and kept.crc32 is not None and crc != kept.crc32:
                raise PhotoDamaged
            yield data
            start = stop

    async def _piece(self, kept: StoredBytes, start: int, end: int) -> bytes:
        async def ask() -> bytes:
            found = await obstore.get_async(self._store, kept.path, options={"range": (start, end)})
            data = (await found.bytes_async()).to_bytes()
            if found.meta["size"] != kept.size or len(data) != end - start:
                raise PhotoDamaged
            return data

        return await _tried(ask)

    def delete(self, paths: Sequence[str]) -> None:
        """Delete; what is already gone is no error."""
        for path in paths:
            with _as_problems():
                try:
                    obstore.delete(self._store, path)
                except (NotFoundError, FileNotFoundError):
                    continue

    def move(self, old: str, new: str) -> bytes:
        """Move bytes and return them; what was moved already is only read. Raises `PhotoGone`."""
        try:
            data = self.get(old)
        except PhotoGone:
            return self.get(new)
        self.put(new, data)
        self.delete([old])
        return data

    def batches(self, prefix: str) -> Iterator[Sequence[tuple[str, float]]]:
        """Yield paths below a prefix with the time of their last change, some at a time: however many there are."""
        with _as_problems():
            for batch in obstore.list(self._store, prefix):
                yield [(found["path"], found["last_modified"].timestamp()) for found in batch]

    def list(self, prefix: str) -> list[tuple[str, float]]:
        """Return paths below a prefix with the time of their last change."""
        return [found for batch in self.batches(prefix) for found in batch]

    def delete_all(self, prefix: str) -> int:
        """Delete everything below a prefix; return how many objects."""
        found = [path for path, _ in self.list(prefix)]
        self.delete(found)
        return len(found)


async def _tried(ask: Callable[[], Awaitable[bytes]]) -> bytes:
    """Ask the store, and once more where it gave other bytes or none in time. Raises what the last try did."""
    for again in range(TRIES):
        with _as_problems():
            try:
                async with asyncio.timeout(TRY_S):
                    return await ask()
            except (TimeoutError, PhotoDamaged):
                if again + 1 == TRIES:
                    raise
    raise StoreDown


def _client_options(options: dict[str, str]) -> dict[str, Any]:
    """Return obstore's keyword arguments; an http: endpoint (MinIO, a test) is allowed when it is asked for."""
    given: dict[str, Any] = dict(options)
    given |= {"client_options": dict(_PATIENCE), "retry_config": _RETRIES}
    if given.get("endpoint", "").startswith("http://"):
        given["client_options"]["allow_http"] = True
    return given


@contextmanager
def _as_problems() -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise PhotoGone from None
    except (BaseError, OSError) as error:  # a TimeoutError is an OSError
        if any(sign in str(error).lower() for sign in _FULL):
            raise DiskFull from None
        raise StoreDown from None
