"""A copy of the index as it is at one moment, and its way back: SQLite by its own backup, PostgreSQL by pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from lib.albums.index import Index
from lib.albums.reserve import Reserve
from lib.backups.problems import BackupDamaged, BackupProblem, PlaceFull, StillRunning

_PAGES: Final = 1_000  # of the database in one step; writers go between two steps


def copy_of(index: Index) -> bytes:
    """Return the whole index as it is now, while others write."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "index"
        if index.is_sqlite:
            try:
                with (
                    closing(sqlite3.connect(index.url.database or "", timeout=30)) as source,
                    closing(sqlite3.connect(file)) as copy,
                ):
                    source.backup(copy, pages=_PAGES)
                    copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            except (sqlite3.Error, OSError):
                raise PlaceFull("There is no room for a copy of the index in the temporary folder.") from None
        else:
            _run("pg_dump", "--format=custom", f"--file={file}", url=index.url)
        return file.read_bytes()


def looked_through(copy: bytes, backend: str) -> None:
    """Raise `BackupDamaged` where a copy cannot be what it says."""
    if backend != "sqlite":
        if not copy.startswith(b"PGDMP"):
            raise BackupDamaged("Its index is no dump of PostgreSQL.")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "index"
        file.write_bytes(copy)
        try:
            with closing(sqlite3.connect(file)) as opened:
                sound = opened.execute("PRAGMA quick_check").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            sound = False
    if not sound:
        raise BackupDamaged("Its index cannot be read.")


def refuse_if_used(url: str) -> bool:
    """Raise `StillRunning` where somebody uses the index; else return whether it is there at all."""
    made = make_url(url)
    if made.get_backend_name() != "sqlite":
        return _used_server(made)
    file = Path(made.database or "")
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(file, timeout=1)) as connection:
            # Leaving the mode with a log beside the file needs the file alone: it fails while anybody has it open.
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError:
        raise StillRunning("Another program has the database open.") from None
    except sqlite3.DatabaseError:
        return True  # a damaged one: that is why it is restored
    return True


def put_back(copy: bytes, url: str) -> None:
    """Put a copy in the place of the index."""
    made = make_url(url)
    if made.get_backend_name() != "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "index"
            file.write_bytes(copy)
            _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(file), url=made)
        return
    file = Path(made.database or "")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.restored")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(copy)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        Reserve(file.parent).give_up()
        fresh.unlink(missing_ok=True)
        raise PlaceFull("There is no room for the index on this host.") from None
    for beside in ("-wal", "-shm", "-journal"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    fresh.replace(file)


def _used_server(url: URL) -> bool:
    driver = url.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(driver, hide_parameters=True, poolclass=sa.pool.NullPool)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    try:
        with engine.connect() as connection:
            if connection.exec_driver_sql(others).scalar():
                raise StillRunning("Another program is connected to the database.")
            return bool(sa.inspect(connection).has_table("albums"))
    except sa.exc.SQLAlchemyError:
        raise BackupProblem("The database does not answer.", fix="Start it, then restore.") from None


def _run(program: str, *words: str, url: URL) -> None:
    """Run one of PostgreSQL's own programs. The password goes by the environment: others can read a command line."""
    found = shutil.which(program)
    if found is None:
        raise BackupProblem(f"The program {program} is not on this computer.", fix="Install postgresql-client.")
    named: dict[str, Any] = {
        "PGHOST": url.host or url.query.get("host"), "PGPORT": url.port or url.query.get("port"),
        "PGUSER": url.username, "PGPASSWORD": url.password, "PGDATABASE": url.database,
    }  # fmt: skip
    environment = dict(os.environ) | {name: str(value) for name, value in named.items() if value}
    command = [found, *words]
    if program == "pg_restore":
        command.insert(1, f"--dbname={url.database}")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no words"])[-1]
        raise BackupProblem(f"{program} stopped: {last}")
