"""The index knows its host's key by a mark: with another one it does not start, and says what to do."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.keys import KEY_FILE, OLD_KEY_FILE, Keys, open_keys
from lib.albums.problems import KeyForeign
from lib.albums.tables import albums, host_notes, notifications, remembered
from lib.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_MARK: Final = "key mark"


def keys_of(index: Index, settings: Settings) -> Keys:
    """Return the keys that belong to an index. Raises `KeyLost`, `KeyBroken` and `KeyForeign`.

    After a rotation, what the old key encrypted is encrypted anew.
    """
    known = _mark(index)
    keys = open_keys(settings, may_make=known is None)
    if known is None:
        adopt(index, keys)
        known = _mark(index)
    if known != keys.mark:
        if all(known != old.mark for old in keys.older):
            raise KeyForeign
        with index.write() as connection:
            _encrypt_anew(connection, keys)
            _note(connection, keys)
    return keys


def adopt(index: Index, keys: Keys) -> None:
    """Take these keys as those of the index, whatever was before."""
    with index.write() as connection:
        _note(connection, keys)


def rotate(settings: Settings) -> None:
    """Rename the key file of the data folder and make a new key; the next start encrypts everything anew."""
    folder = settings.data_dir
    open_keys(settings, may_make=False)
    (folder / KEY_FILE).replace(folder / OLD_KEY_FILE)
    open_keys(settings)


def noted_at(index: Index) -> float:
    """Return since when the index knows a key (seconds since 1970)."""
    return float(index.value(sa.select(host_notes.c.created_at).where(host_notes.c.name == _MARK)) or 0.0)


def _mark(index: Index) -> str | None:
    found = index.value(sa.select(host_notes.c.value).where(host_notes.c.name == _MARK))
    return None if found is None else str(found)


def _note(connection: Connection, keys: Keys) -> None:
    here = host_notes.c.name == _MARK
    if not connection.execute(sa.update(host_notes).where(here).values(value=keys.mark)).rowcount:
        connection.execute(sa.insert(host_notes).values(name=_MARK, value=keys.mark, created_at=time()))


def _encrypt_anew(connection: Connection, keys: Keys) -> None:
    for table, column in ((remembered, "box"), (albums, "result"), (notifications, "box")):
        for row in connection.execute(sa.select(table.c.id, table.c[column]).where(table.c[column].is_not(None))).all():
            if (text := keys.unbox(row[1])) is not None:
                connection.execute(sa.update(table).where(table.c.id == row.id).values({column: keys.box(text)}))
