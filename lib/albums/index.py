"""The database behind the share host: SQLite in the data folder, or PostgreSQL by URL; migrated when it is opened."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url

from lib.albums.photo_store import PhotoStore
from lib.albums.problems import DatabaseDamaged, DatabaseTooNew, DiskFull, StoreDown
from lib.albums.reserve import Reserve

HEAD: Final = "0014"  # the newest migration; a test proves it
MIGRATIONS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 7_267_264  # PostgreSQL's advisory lock while migrating: any number that is ours
_Result = TypeVar("_Result")
_BUSY_S: Final = 15.0  # how long a writer waits for another one on SQLite


class Index:
    """Reads and writes of the index. Reads never wait for a writer; writes are whole or not at all.

    Opening it brings its tables up to date; `store` is where a migration finds the photos. Raises `DatabaseTooNew` and
    `DatabaseDamaged`.
    """

    def __init__(self, url: str, store: PhotoStore | None = None, reserve: Reserve | None = None) -> None:
        self._reserve = reserve
        self.url = make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._local = threading.local()
        self._kept: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._engine = self._sqlite() if self.is_sqlite else self._server()
        self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        try:
            try:
                with _as_problems():
                    self._migrate(store)
            except (DiskFull, StoreDown):  # SQLite needs a little space even to read: on a full disk it cannot open
                if not self._give_up_reserve():
                    raise
                with _as_problems():
                    self._migrate(store)
        except BaseException:
            self.close()
            raise

    def _sqlite(self) -> Engine:
        if self.url.database:
            Path(self.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = sa.create_engine(
            self.url, pool_size=20, max_overflow=-1, connect_args={"timeout": _BUSY_S}, hide_parameters=True
        )

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None  # we say BEGIN ourselves
            for pragma in (
                "synchronous = NORMAL",  # safe with WAL
                "foreign_keys = ON",
                "secure_delete = ON",  # a deleted title is overwritten
            ):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # take the write lock first: no deadlock later

        return engine

    def _server(self) -> Engine:
        return sa.create_engine(
            self.url, pool_size=10, max_overflow=20, pool_pre_ping=True, pool_recycle=1_800, hide_parameters=True
        )

    def _migrate(self, store: PhotoStore | None) -> None:
        """Bring the tables to HEAD. Quick when they are; one process at a time when they are not.

        All migrations are one transaction: what is interrupted leaves the tables as they were.
        """
        if self.is_sqlite:
            with self._reader.connect() as connection:  # both stay with the file, and changing them takes its lock
                if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
                    connection.exec_driver_sql("PRAGMA auto_vacuum = INCREMENTAL")  # deleted rows give their space back
                    connection.exec_driver_sql("PRAGMA journal_mode = WAL")  # readers beside one writer
        if self._revision() == HEAD:
            return
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["store"] = store
        with self._engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError:  # a revision that this program does not know
                raise DatabaseTooNew from None

    def _revision(self) -> str | None:
        """Return the revision of the tables; None where there are none yet."""
        with self._reader.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            return None if found is None else str(found)

    def rows(self, statement: sa.Executable, params: Mapping[str, Any] | None = None) -> Sequence[sa.Row[Any]]:
        """Run one read and return its rows."""
        with _as_problems(), self._reader.connect() as connection:
            return connection.execute(statement, params).fetchall()

    def quick(self, statement: sa.Select[Any]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
        """Compile one of the few reads that every stranger's request runs; call it with its values for rows.

        On SQLite it goes straight to the driver: SQLAlchemy's own bookkeeping takes four times as long as the read.
        Values come as the driver gives them, so a Boolean may be 0 or 1.
        """
        if not self.is_sqlite:
            return lambda params: self.rows(statement, params)
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
        sql, constants = str(compiled), {k: v for k, v in compiled.params.items() if v is not None}

        def read(params: Mapping[str, Any]) -> Sequence[Any]:
            driver: Any = self._own_connection().connection.driver_connection
            try:
                rows: Sequence[Any] = driver.execute(sql, {**constants, **params}).fetchall()
            except sqlite3.OperationalError:
                raise StoreDown from None
            return rows

        return read

    def row(self, statement: sa.Executable, params: Mapping[str, Any] | None = None) -> sa.Row[Any] | None:
        """Run one read and return its first row."""
        found = self.rows(statement, params)
        return found[0] if found else None

    def value(self, statement: sa.Executable, params: Mapping[str, Any] | None = None) -> Any:
        """Run one read and return the first value of its first row."""
        found = self.row(statement, params)
        return found[0] if found is not None else None

    def _own_connection(self) -> Connection:
        """Return this thread's own reading connection, kept open: only the server's one event loop reads this way."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = self._local.connection = self._reader.connect()
            self._kept.add(connection)
        return connection

    def insert_new(self, table: sa.Table) -> Any:
        """Return an INSERT that leaves a row that is already there as it is."""
        dialect = sqlite if self.is_sqlite else postgresql
        return dialect.insert(table).on_conflict_do_nothing()

    def lock(self, connection: Connection, table: sa.Table) -> None:
        """Let changes of a table that are under way end, and new ones wait for this transaction."""
        if not self.is_sqlite:  # SQLite has one writer at a time anyway
            connection.exec_driver_sql(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open one transaction."""
        with _as_problems(), self._engine.begin() as connection:
            yield connection

    def urgently(self, change: Callable[[Connection], _Result]) -> _Result:
        """Run one transaction that must not fail for want of space: on a full disk the reserve is given up for it."""
        try:
            with self.write() as connection:
                return change(connection)
        except DiskFull:
            if not self._give_up_reserve():
                raise
        with self.write() as connection:
            return change(connection)

    def _give_up_reserve(self) -> bool:
        return self._reserve is not None and self._reserve.give_up()

    def free_space(self) -> None:
        """Give the space of deleted rows back to the disk."""
        if not self.is_sqlite:
            return  # PostgreSQL's autovacuum does this
        with _as_problems(), self._reader.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.executescript("PRAGMA incremental_vacuum;")  # execute() would free one page only
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close all connections."""
        for connection in list(self._kept):
            connection.close()
        self._engine.dispose()


@contextmanager
def _as_problems() -> Iterator[None]:
    """Say in words when the database takes no more or does not answer. Its own message may hold values: not shown."""
    try:
        yield
    except sa.exc.OperationalError as error:
        text = str(error.orig).lower()
        if "full" in text or "no space" in text or "disk i/o" in text:
            raise DiskFull from None
        raise StoreDown from None
    except sa.exc.DatabaseError as error:
        if isinstance(error, sa.exc.IntegrityError) or not isinstance(error.orig, sqlite3.DatabaseError):
            raise
        raise DatabaseDamaged from None  # "file is not a database", "database disk image is malformed"
