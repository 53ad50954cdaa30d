"""Where photo bytes lie: a local folder, S3, GCS or Azure, through obstore. A write is whole or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError, UnknownConfigurationKeyError
from obstore.store import LocalStore, from_url

from lib.albums.problems import DiskFull, PhotoGone, StoreDown
from lib.settings import SettingsProblem

CHUNK_BYTES: Final = 256 * 1024  # what one step of a stream carries
# ENOSPC, EFBIG and EDQUOT as obstore's local folder reports them, and their words.
_FULL: Final = ("os error 28", "os error 27", "os error 122", "no space left", "quota exceeded")


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

    async def get_async(self, path: str) -> bytes:
        """Read all bytes without blocking the event loop."""
        with _as_problems():
            return (await (await obstore.get_async(self._store, path)).bytes_async()).to_bytes()

    async def range_async(self, path: str, start: int, end: int) -> bytes:
        """Read the bytes from `start` to before `end`."""
        with _as_problems():
            return (await obstore.get_range_async(self._store, path, start=start, end=end)).to_bytes()

    async def stream(self, path: str) -> AsyncIterator[bytes]:
        """Read bytes piece by piece."""
        with _as_problems():
            async for chunk in (await obstore.get_async(self._store, path)).stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)

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


def _client_options(options: dict[str, str]) -> dict[str, Any]:
    """Return obstore's keyword arguments; an http: endpoint (MinIO, a test) is allowed when it is asked for."""
    given: dict[str, Any] = dict(options)
    if given.get("endpoint", "").startswith("http://"):
        given["client_options"] = {"allow_http": True}
    return given


@contextmanager
def _as_problems() -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise PhotoGone from None
    except (BaseError, OSError) as error:
        if any(sign in str(error).lower() for sign in _FULL):
            raise DiskFull from None
        raise StoreDown from None
