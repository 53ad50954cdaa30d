"""Putting a backup back: looked through whole first, then photos, then keys, then the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.engine import make_url

from lib.albums.index import HEAD
from lib.albums.keys import KEY_FILE, Keys, open_keys
from lib.albums.photo_store import PhotoStore
from lib.albums.problems import DiskFull, StoreDown
from lib.backups.copies import looked_through, put_back, refuse_if_used
from lib.backups.problems import BackupDamaged, BackupProblem, NotEmpty, OtherKey, OtherVersion, PlaceFull
from lib.backups.vault import Vault
from lib.private_files import write_private
from lib.settings import Settings

_WANTED: Final = {"made_at", "head", "backend", "index", "keys", "key_mark", "photos"}


@dataclass(frozen=True, slots=True)
class WholeBackup:
    """A backup that is whole. Sizes in bytes."""

    made_at: datetime
    photos: int  # files
    photo_bytes: int
    holds_key: bool


def check(vault: Vault, on_photo: Callable[[int], None] = lambda _: None) -> WholeBackup:
    """Read every piece of a backup and compare it with its name. Raises `BackupProblem`."""
    found = _read(vault)
    looked_through(vault.get(found["index"]), found["backend"])
    for number, (_path, name, size, _changed) in enumerate(found["photos"], 1):
        if len(vault.get(name)) != size:
            raise BackupDamaged(f"The piece {name[:12]} was changed or cut off.")
        on_photo(number)
    return _summed(found)


def restore(
    vault: Vault, settings: Settings, *, replace: bool = False, on_photo: Callable[[int], None] = lambda _: None
) -> WholeBackup:
    """Put a backup in the place of what this host has. Raises `BackupProblem`; then nothing was changed.

    The backup is looked through whole before the first byte is written.
    """
    found = _read(vault)
    _right_backend(found, settings)
    there = refuse_if_used(settings.index_url)
    store = PhotoStore(settings.store_url, settings.photos_options)
    if (there or store.list("")) and not replace:
        raise NotEmpty("The data folder or the database is not empty.")
    _right_key(found, settings, replace=replace)
    done = check(vault)
    try:
        wanted = {row[0] for row in found["photos"]}
        for number, (path, name, _size, _changed) in enumerate(found["photos"], 1):
            store.put(path, vault.get(name))
            on_photo(number)
        _put_keys(found["keys"], settings.data_dir)
        put_back(vault.get(found["index"]), settings.index_url)
        store.delete([path for path, _ in store.list("") if path not in wanted])
    except DiskFull:
        raise PlaceFull(
            "The disk of this host is full.", fix="Make room on this host, then restore again with --replace."
        ) from None
    except StoreDown:
        raise BackupProblem("The photo store of this host does not answer.", fix="Start it, then restore.") from None
    return done


def _read(vault: Vault) -> dict[str, Any]:
    found = vault.read_list()
    if not found.keys() >= _WANTED:
        raise BackupDamaged("Its list is not complete.")
    if str(found["head"]) > HEAD:
        raise OtherVersion(f"Its index has version {found['head']}; this app knows up to {HEAD}.")
    return found


def _right_backend(found: dict[str, Any], settings: Settings) -> None:
    mine = make_url(settings.index_url).get_backend_name()
    if found["backend"] != mine:
        raise BackupProblem(
            f"It holds an index of {found['backend']}, and database_url names one of {mine}.",
            fix="Set database_url to the same kind of database, then restore.",
        )


def _right_key(found: dict[str, Any], settings: Settings, *, replace: bool) -> None:
    """See to it that the links of the backup will open: they do with the key with which they were made alone."""
    brought = found["keys"].get(KEY_FILE, "")
    if settings.secret_key is None:
        if not brought:
            raise OtherKey("The backup holds none: it was a setting of its host, and here the setting is missing.")
        file = settings.data_dir / KEY_FILE
        if file.is_file() and file.read_text(encoding="ascii").strip() != brought.strip() and not replace:
            raise NotEmpty("This host has a key of its own already.")
        mark = Keys(bytes.fromhex(brought.strip())).mark
    else:
        mark = open_keys(settings).mark
    if mark != found["key_mark"]:
        raise OtherKey("The links were made with another key than the one that this host would use.")


def _put_keys(keys: dict[str, str], data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in keys.items():
        write_private(data_dir / name, text.encode("ascii"))


def _summed(found: dict[str, Any]) -> WholeBackup:
    return WholeBackup(
        datetime.fromisoformat(found["made_at"]), len(found["photos"]), sum(row[2] for row in found["photos"]),
        KEY_FILE in found["keys"],
    )  # fmt: skip
