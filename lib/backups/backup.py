"""Making a backup while the app runs.

Photos are copied first, then the index as it is at one moment, then the photos that came meanwhile: so every photo
that this index knows is there, also one that was taken back in between. Then the list is written, and only then what
the list does not name any more is deleted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from lib.albums.host import Share
from lib.albums.index import HEAD
from lib.albums.keys import KEY_FILE, OLD_KEY_FILE
from lib.albums.problems import PhotoGone
from lib.backups.copies import copy_of
from lib.backups.problems import BackupProblem
from lib.backups.vault import Vault
from lib.private_files import write_private

NOTE: Final = "last_backup.json"  # in the data folder: when, and how much
OnPhoto = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds. Sizes in bytes."""

    at: datetime
    photos: int  # files: each photo has a large and a small one, some have lighter ones
    photo_bytes: int
    sent: int  # files that were not there before
    index_bytes: int
    holds_key: bool  # else the key is a setting of the host, and has to be kept beside
    encrypted: bool
    seconds: float


def back_up(share: Share, vault: Vault, on_photo: OnPhoto = lambda _: None) -> Made:
    """Make or renew the backup at a place. Raises `BackupProblem`."""
    started = time.monotonic()
    before = vault.begin() or {}
    if before.get("key_mark", share.keys.mark) != share.keys.mark:
        raise BackupProblem("The backup of another host is at this place.", fix="Choose a place for each host.")
    there = vault.pieces()
    known: dict[str, list[Any]] = {row[0]: row for row in before.get("photos", ()) if row[1] in there}
    files: dict[str, list[Any]] = {}
    sent = _copy_photos(share, vault, known, there, files, on_photo)
    index = copy_of(share.index)
    index_name = vault.put(index)
    sent += _copy_photos(share, vault, known | files, there, files, on_photo)
    keys = _keys(share)
    made = Made(
        at=datetime.now(UTC), photos=len(files), photo_bytes=sum(row[2] for row in files.values()), sent=sent,
        index_bytes=len(index), holds_key=KEY_FILE in keys, encrypted=vault.encrypted,
        seconds=time.monotonic() - started,
    )  # fmt: skip
    contents = {
        "made_at": made.at.isoformat(), "head": HEAD, "backend": share.index.url.get_backend_name(),
        "index": index_name, "keys": keys, "key_mark": share.keys.mark, "photos": list(files.values()),
    }  # fmt: skip
    vault.write_list(contents)
    named = {index_name, *(row[1] for row in files.values())}
    vault.drop(sorted((there | vault.pieces()) - named))
    _note(share.settings.data_dir, made)
    return made


def last_backup(data_dir: Path) -> Made | None:
    """Return the last backup that this host made, or None."""
    try:
        raw = json.loads((data_dir / NOTE).read_text(encoding="utf-8"))
        return Made(**raw | {"at": datetime.fromisoformat(raw["at"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _copy_photos(
    share: Share, vault: Vault, known: dict[str, list[Any]], there: set[str], files: dict[str, list[Any]],
    on_photo: OnPhoto,
) -> int:  # fmt: skip
    """Copy what is not there as it is now; return how many. What goes meanwhile was deleted, and stays away."""
    sent = 0
    for batch in share.store.batches(""):
        for path, changed in batch:
            kept = known.get(path)
            if kept is not None and kept[3] == changed:
                files[path] = kept
                continue
            try:
                data = share.store.get(path)
            except PhotoGone:
                continue
            name = vault.name(data)
            if name not in there:
                there.add(vault.put(data))
                sent += 1
            files[path] = [path, name, len(data), changed]
            on_photo(len(files))
    return sent


def _keys(share: Share) -> dict[str, str]:
    """Return the files of keys in the data folder. A key that is a setting stays with the host."""
    if share.settings.secret_key is not None:
        return {}
    found = {}
    for name in (KEY_FILE, OLD_KEY_FILE):
        file = share.settings.data_dir / name
        if file.is_file():
            found[name] = file.read_text(encoding="ascii")
    return found


def _note(data_dir: Path, made: Made) -> None:
    write_private(data_dir / NOTE, json.dumps(asdict(made) | {"at": made.at.isoformat()}).encode())
