"""Marks beside the photos: a link that has one is closed in every process, whatever the index says.

They are put where the index takes nothing more, a full disk above all, so that taking back works even then. The
clean-up tells the index as soon as it listens again, and takes the marks away.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

from lib.albums.photo_store import PhotoStore
from lib.albums.problems import DiskFull

FOLDER: Final = "closed"
LOOK_S: Final = 15.0  # how often an object store is asked: each look is a request that costs


class Tombstones:
    """In a local folder a look is one question to the file system; an object store is asked for a list now and then."""

    def __init__(self, store: PhotoStore) -> None:
        self._store = store
        self._folder: Path | None = None
        if store.folder is not None:
            self._folder = store.folder / FOLDER
            with suppress(OSError):  # made now, because on a full disk it could not be made
                self._folder.mkdir(mode=0o700, exist_ok=True)
        self._known: frozenset[str] = frozenset()
        self._looked_at = -LOOK_S

    def put(self, link_id: str) -> None:
        """Close a link. In other processes that use an object store it is closed within `LOOK_S`. Raises `DiskFull`."""
        if self._folder is None:
            self._store.put(f"{FOLDER}/{link_id}", b"closed")
            self._known |= {link_id}
            return
        try:
            (self._folder / link_id).touch(mode=0o600)  # empty: its name fits where nothing else does
        except OSError:
            raise DiskFull from None

    def has(self, link_id: str) -> bool:
        """Say whether a link is closed. Asked with each request of a stranger: takes microseconds."""
        if self._folder is None:
            return link_id in self._known
        return os.path.exists(f"{self._folder}/{link_id}")  # noqa: PTH110 - pathlib takes ten times as long

    def all(self) -> list[tuple[str, float]]:
        """Return the ids of links that are closed, and since when (seconds since 1970)."""
        if self._folder is not None:
            return [(mark.name, mark.stat().st_mtime) for mark in self._folder.glob("*")]
        if not self._known and monotonic() - self._looked_at < LOOK_S:
            return []
        self._looked_at = monotonic()
        found = [(path.rpartition("/")[2], at) for path, at in self._store.list(FOLDER)]
        self._known = frozenset(link_id for link_id, _ in found)
        return found

    def drop(self, link_id: str) -> None:
        """Take a mark away: the index knows it now."""
        if self._folder is not None:
            (self._folder / link_id).unlink(missing_ok=True)
            return
        self._store.delete([f"{FOLDER}/{link_id}"])
        self._known -= {link_id}
