"""What can be looked at from settings and data: key, who may create, room, backups, database, store, versions."""

from __future__ import annotations

import difflib
import os
import platform
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Final

import sqlalchemy as sa

from lib.albums.host import Share
from lib.albums.keys import KEY_BYTES, KEY_FILE
from lib.albums.problems import ShareProblem
from lib.backups import last_backup
from lib.hosting.lines import HostLine, mend, ok, unknown
from lib.settings import Settings
from lib.text.amounts import size

BACKUP_AGE: Final = timedelta(days=7)  # our choice: what a host may lose
_CLOCK_S: Final = 30.0  # signed tickets and ends of links live by the clock
_MODE: Final = 0o077
_PREFIX: Final = str(Settings.model_config["env_prefix"])
_BESIDE: Final = {"PASSALONG_SECRETS_FILE", "PASSALONG_SITE"}  # where settings are, and what Caddy answers to
_LEFT_FREE: Final = 0.1  # our choice: the part of what is free that stays so, for the index and everything else


def look_inside(share: Share) -> Iterator[HostLine]:
    """Look at everything that needs no network but the database's and the store's."""
    settings = share.settings
    yield from _names(os.environ)
    yield _creators(share)
    yield _key(settings)
    yield _room(share)
    yield _backup(settings)
    yield from _database(share)
    yield _store(share)
    yield ok(
        "versions",
        f"Python {platform.python_version()}, Streamlit {version('streamlit')}, index {share.index.url.drivername}, "
        f"{sys.platform}.",
    )


def _names(environment: Iterable[str]) -> Iterator[HostLine]:
    """Name what looks like a setting but is not one: it would be ignored without a word."""
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields} | _BESIDE
    for name in sorted(one for one in environment if one.startswith(_PREFIX) and one not in known):
        near = difflib.get_close_matches(name, known, 1)
        yield mend(
            "settings", f"{name} is no setting.{f' Was {near[0]} meant?' if near else ''}",
            "All of them are in .streamlit/secrets.example.toml.",
        )  # fmt: skip


def _creators(share: Share) -> HostLine:
    if share.admission.choice_missing:
        return mend(
            "who may create", "The app is on a public address, and nobody chose.",
            'Set who_may_create to "password", "signed_in" or "anyone".',
        )  # fmt: skip
    if share.admission.rule == "password" and share.settings.access_password is None:
        return mend("who may create", "A password is asked for, and none is set.", "Set access_password.")
    return ok("who may create", {"anyone": "Anyone.", "password": "Whoever knows the password.",
                                 "signed_in": "Whoever is signed in."}[share.admission.rule])  # fmt: skip


def _key(settings: Settings) -> HostLine:
    if settings.secret_key is not None:
        return ok("secret key", "A setting; backups do not hold it, so keep it beside them.")
    file = settings.data_dir / KEY_FILE
    mode = file.stat().st_mode & _MODE
    if mode and sys.platform != "win32":
        return mend("secret key", f"{file.name} can be read by other people of this computer.", f"chmod 600 {file}")
    return ok("secret key", f"{8 * KEY_BYTES} bits, in {file.name}; backups hold it.")


def _room(share: Share) -> HostLine:
    free = shutil.disk_usage(share.settings.data_dir).free
    left = max(0, share.settings.host_bytes - share.totals.used())
    if share.settings.photos_url and not share.settings.photos_url.startswith("file:"):
        return ok("room", f"Photos lie in an object store; {size(left)} more are allowed.")
    if left > free:
        fits = max(1, share.totals.used() + int(free * (1 - _LEFT_FREE)))
        return mend(
            "room", f"{size(left)} more are allowed, and the disk has {size(free)} free.",
            f"Set host_bytes to {fits} or less, or make the disk larger.",
        )  # fmt: skip
    return ok("room", f"{size(left)} more are allowed, and the disk has {size(free)} free.")


def _backup(settings: Settings) -> HostLine:
    last = last_backup(settings.data_dir)
    how = "Run `python -m lib backup TO` each night, to another computer."
    if last is None:
        return mend("backup", "There was none yet.", how)
    age = datetime.now(UTC) - last.at
    if age > BACKUP_AGE:
        return mend("backup", f"The last one is {age.days} days old.", how)
    hours = int(age.total_seconds() // 3600)
    return ok("backup", f"The last one is {hours} hours old{', encrypted' if last.encrypted else ''}.")


def _database(share: Share) -> Iterator[HostLine]:
    try:
        share.status()
        if share.index.is_sqlite:
            yield ok("database", "SQLite answers.")
            yield unknown("clock", "Nothing to compare it with; keep a time service such as systemd-timesyncd on.")
            return
        there = share.index.value(sa.select(sa.func.extract("epoch", sa.func.clock_timestamp())))
    except ShareProblem as problem:
        yield mend("database", f"{problem.title}.", problem.fix)
        return
    yield ok("database", "PostgreSQL answers.")
    apart = abs(float(there) - datetime.now(UTC).timestamp())
    if apart > _CLOCK_S:
        yield mend(
            "clock", f"This computer and the database are {apart:.0f} s apart.", "Turn on a time service on both."
        )
    else:
        yield ok("clock", "This computer and the database agree.")


def _store(share: Share) -> HostLine:
    probe, data = f"probe/{secrets.token_hex(8)}", secrets.token_bytes(64)
    try:
        share.store.put(probe, data)
        same = share.store.get(probe) == data
        share.store.delete([probe])
    except ShareProblem as problem:
        return mend("photo store", f"{problem.title}.", problem.fix)
    if not same:
        return mend("photo store", "What was written came back changed.", "Look at the store; do not use it so.")
    return ok("photo store", "What was written came back the same.")
