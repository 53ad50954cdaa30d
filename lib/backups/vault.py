"""The place of a backup: pieces that are named by what is in them, and one list of them that is written last.

A piece never changes, so the previous list stays whole until the new one takes its place; photos that are there
already are not sent again. With a passphrase each piece and the list are encrypted with AES-256-GCM; the key comes from
the passphrase by scrypt (RFC 7914), the name of a piece is then a keyed hash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from lib.albums.photo_store import PhotoStore
from lib.albums.problems import DiskFull, PhotoGone, StoreDown
from lib.backups.problems import BackupDamaged, NoBackup, OtherVersion, PlaceDown, PlaceFull, WrongPassphrase
from lib.settings import SettingsProblem

FORMAT: Final = 1
LIST: Final = "passalong-backup.json"
_PIECES: Final = "pieces"
_COST: Final = {
    "n": 2**16,
    "r": 8,
    "p": 1,
}  # 64 MB, about 0.2 s; OWASP's password cheat sheet asks for half of it
_NONCE: Final = 12  # bytes


class Vault:
    """One place. `passphrase` None leaves everything readable for whoever can read the place."""

    def __init__(self, place: str, options: dict[str, str], passphrase: str | None) -> None:
        url = place if "://" in place else Path(place).expanduser().resolve().as_uri()
        with _as_problems():
            self._store = PhotoStore(url, options)
        self._passphrase = passphrase
        self._salt = b""
        self._key = b""

    @property
    def encrypted(self) -> bool:
        """Whether what is written now is encrypted."""
        return bool(self._key)

    def begin(self) -> dict[str, Any] | None:
        """Return the list of the backup that is there, or None; get ready to write another one."""
        try:
            found = self.read_list()
        except (NoBackup, BackupDamaged):  # a list that is cut off is of no use to anybody: it is written anew
            found = None
        if self._passphrase is not None and not self._key:
            self._open(os.urandom(16))
        return found

    def read_list(self) -> dict[str, Any]:
        """Return the list. Raises `NoBackup`, `WrongPassphrase`, `OtherVersion` and `BackupDamaged`."""
        try:
            with _as_problems():
                raw = self._store.get(LIST)
        except PhotoGone:
            raise NoBackup("Nothing that this app wrote was found there.") from None
        try:
            outer = json.loads(raw)
            version, salt, body = int(outer["format"]), outer["salt"], str(outer["body"])
        except (ValueError, KeyError, TypeError):
            raise BackupDamaged("Its list is cut off or was changed.") from None
        if version > FORMAT:
            raise OtherVersion(f"It has format {version}; this app reads up to {FORMAT}.")
        if salt:
            text = self._unlock_list(base64.b64decode(salt), body)
        elif self._passphrase is not None:
            raise WrongPassphrase("This backup is not encrypted; leave the passphrase away, or choose another place.")
        else:
            text = body
            if hashlib.sha256(text.encode()).hexdigest() != outer.get("sum"):
                raise BackupDamaged("Its list is cut off or was changed.")
        found: dict[str, Any] = json.loads(text)
        return found

    def _unlock_list(self, salt: bytes, body: str) -> str:
        if self._passphrase is None:
            raise WrongPassphrase("This backup is encrypted, and no passphrase was given.")
        self._open(salt)
        try:
            return self._decrypt(base64.b64decode(body), LIST).decode()
        except (InvalidTag, ValueError):
            raise WrongPassphrase("It was made with another passphrase, or its list was changed.") from None

    def write_list(self, what: dict[str, Any]) -> None:
        """Put the new list in the place of the old one: from now on the new backup counts."""
        text = json.dumps(what, ensure_ascii=False)
        outer = {"format": FORMAT, "salt": "", "body": text, "sum": hashlib.sha256(text.encode()).hexdigest()}
        if self._key:
            body = base64.b64encode(self._encrypt(text.encode(), LIST)).decode()
            outer = {"format": FORMAT, "salt": base64.b64encode(self._salt).decode(), "body": body, "sum": ""}
        with _as_problems():
            self._store.put(LIST, json.dumps(outer).encode())

    def pieces(self) -> set[str]:
        """Return the names of all pieces that are there."""
        with _as_problems():
            return {path.rpartition("/")[2] for path, _ in self._store.list(_PIECES)}

    def name(self, data: bytes) -> str:
        """Return the name of a piece."""
        if self._key:
            return hmac.new(self._key, data, hashlib.sha256).hexdigest()
        return hashlib.sha256(data).hexdigest()

    def put(self, data: bytes) -> str:
        """Keep a piece; return its name."""
        name = self.name(data)
        with _as_problems():
            self._store.put(_path(name), self._encrypt(data, name) if self._key else data)
        return name

    def get(self, name: str) -> bytes:
        """Return a piece as it was. Raises `BackupDamaged`."""
        try:
            with _as_problems():
                data = self._store.get(_path(name))
        except PhotoGone:
            raise BackupDamaged(f"The piece {name[:12]} is missing.") from None
        try:
            whole = self._decrypt(data, name) if self._key else data
        except (InvalidTag, ValueError):
            raise BackupDamaged(f"The piece {name[:12]} was changed or cut off.") from None
        if self.name(whole) != name:
            raise BackupDamaged(f"The piece {name[:12]} was changed or cut off.")
        return whole

    def drop(self, names: Iterable[str]) -> None:
        """Delete pieces: what was taken back does not live on in a backup."""
        with _as_problems():
            self._store.delete([_path(name) for name in names])

    def _open(self, salt: bytes) -> None:
        assert self._passphrase is not None  # noqa: S101 - both callers looked
        self._salt = salt
        self._key = Scrypt(salt=salt, length=32, **_COST).derive(self._passphrase.encode())

    def _encrypt(self, data: bytes, name: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, data, name.encode())

    def _decrypt(self, data: bytes, name: str) -> bytes:
        return AESGCM(self._key).decrypt(data[:_NONCE], data[_NONCE:], name.encode())


def _path(name: str) -> str:
    return f"{_PIECES}/{name[:2]}/{name}"


@contextmanager
def _as_problems() -> Iterator[None]:
    """Say what the place answers as a problem of the backup; what is not there stays `PhotoGone`."""
    try:
        yield
    except PhotoGone:
        raise
    except DiskFull:
        raise PlaceFull("There is no room left where the backup goes.") from None
    except (StoreDown, OSError):
        raise PlaceDown("The place of the backup does not answer, or may not be written.") from None
    except SettingsProblem:
        raise PlaceDown("This is neither a folder nor an address of a store (file:, s3:, gs:, az:).") from None
