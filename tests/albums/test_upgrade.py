"""A database of revision 0001 comes along whole, and is never left half changed; what cannot be read is told."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from lib.albums import AlbumState, LinkState, Share
from lib.albums.host import open_share
from lib.albums.index import HEAD, MIGRATIONS
from lib.albums.problems import DatabaseDamaged, DatabaseTooNew
from lib.albums.tables import albums, metadata, totals
from lib.albums.tables import photos as photo_rows
from lib.settings import read_settings
from tests.albums.conftest import Door
from tests.conftest import ROOT

HOST = Path(__file__).parent / "revision_0001" / "host.zip"
DoorOf = Callable[[Share], Door]


class Before:
    """A host as revision 0001 left it, a moment ago."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        with zipfile.ZipFile(HOST) as archive:
            self.told: dict[str, Any] = json.loads(archive.read("told.json"))
            archive.extractall(folder, [name for name in archive.namelist() if name.startswith("photos/")])
            script = archive.read("passalong.sql").decode()
        self.folder, self.file, self.database_url = folder, folder / "passalong.db", database_url
        with sqlite3.connect(self.file) as database:
            database.executescript(script)
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for column in database.execute(f"PRAGMA table_info({table})").fetchall():
                    if column[2] == "DOUBLE" and column[1].endswith("_at"):
                        later = time() - 10 - self.told["made_at"]
                        database.execute(f"UPDATE {table} SET {column[1]} = {column[1]} + ?", (later,))  # noqa: S608
        database.close()
        if database_url:
            self._copy(database_url)
            self.file.unlink()

    def _copy(self, url: str) -> None:
        """Put everything into an empty PostgreSQL database with the tables of revision 0001."""
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            tables = sa.MetaData()
            tables.reflect(connection)
            source = sqlite3.connect(self.file)
            source.row_factory = sqlite3.Row
            for table in tables.sorted_tables:
                if table.name != "alembic_version":
                    for row in source.execute(f"SELECT * FROM {table.name}").fetchall():  # noqa: S608
                        connection.execute(table.insert().values(**_typed(table, dict(row))))
            source.close()
        engine.dispose()

    def settings(self) -> dict[str, Any]:
        return {
            "data_dir": self.folder, "secret_key": self.told["secret_key"], "database_url": self.database_url,
        }  # fmt: skip

    def open(self) -> Share:
        return open_share(read_settings(**self.settings()))


def _typed(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    for name, value in row.items():
        kind = table.c[name].type
        if isinstance(kind, sa.JSON):
            row[name] = json.loads(value)
        elif isinstance(kind, sa.Boolean):
            row[name] = bool(value)
    return row


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Before:
    return Before(tmp_path, request.getfixturevalue("postgres")() if request.param == "postgresql" else None)


async def test_every_link_of_before_works_as_it_did(before: Before, door_of: DoorOf) -> None:
    share = before.open()
    door, owner, links = door_of(share), before.told["owner"], before.told["links"]
    visitor = door.visitor()
    for state in ("live", "second", "video"):
        page = await visitor.get(links[state])
        assert page.status_code == 200, state
        assert (f"Title {'live' if state == 'second' else state}") in page.text
        for what in ("p/1.jpg", "p/1-small.jpg", "p/2.jpg", "save/2.jpg", "1", "2", "photos.zip", "report"):
            assert (await visitor.get(f"{links[state]}/{what}")).status_code == 200, (state, what)
    assert (await visitor.get(f"{links['video']}/p/3.mp4")).content[4:8] == b"ftyp"
    with zipfile.ZipFile(io.BytesIO((await visitor.get(f"{links['video']}/photos.zip")).content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["photo-01.jpg", "photo-02.jpg", "video-03.mp4"]
    for state in ("expired", "taken_back", "used_up"):
        for what in ("", "/p/1.jpg", "/photos.zip", "/1"):
            assert (await visitor.get(links[state] + what)).status_code == 404, (state, what)
    assert "Title" not in (await visitor.get(links["protected"])).text
    assert "Title protected" in (await door.visitor().open(share.links.of_path(owner, links["protected"]),
                                                           password="abcd 1234")).text  # fmt: skip
    limited = share.links.of_path(owner, links["limited"])
    assert (limited.views, limited.max_views) == (1, 3)
    assert "Title limited" in (await door.visitor().open(limited)).text
    states = {name: share.links.of_path(owner, path).state for name, path in links.items()}
    assert states == {
        "live": LinkState.LIVE, "second": LinkState.LIVE, "video": LinkState.LIVE, "protected": LinkState.LIVE,
        "limited": LinkState.LIVE, "used_up": LinkState.USED_UP, "expired": LinkState.EXPIRED,
        "taken_back": LinkState.TAKEN_BACK,
    }  # fmt: skip
    assert len(share.links.addresses(owner, share.links.of_path(owner, links["taken_back"]).id)) == 6 + 2 * 4
    share.close()


def test_drafts_totals_and_all_the_rest_come_along(before: Before) -> None:
    share = before.open()
    owner, draft, (first, removed, last) = before.told["owner"], before.told["draft"], before.told["draft_photos"]
    found = share.albums.get(owner, draft)
    assert found.state is AlbumState.DRAFT
    assert [photo.id for photo in found.photos][:2] == [first, last]
    assert found.photos[2].is_video
    share.photos.restore(owner, draft, removed)
    assert [photo.id for photo in share.photos.all(owner, draft)][:3] == [first, removed, last]
    assert share.store.list("drafts") == []
    assert share.clean_up.sweep(orphans=True).mended == 0, "the totals were right"
    assert share.totals.used() == share.totals.used(share.owners.person(owner)) > 0
    stored = sum(len(share.store.get(path)) for path, _ in share.store.list("albums"))
    assert share.totals.used() == stored, "what nobody finished is gone with its bytes"

    link = share.links.make(owner, draft)
    assert link.photo_count == 4
    (kept,) = share.remembered.all(owner)
    assert kept.link.url == "https://drive.example/secret"
    assert [report.words for report in share.reports.all()] == ["Please take me off"]
    assert share.owners.recover("another device, many letters long", before.told["code"]) == 9
    assert share.clean_up.sweep().albums == 0
    share.close()


def test_the_sweep_ends_what_is_due_after_the_upgrade_and_nothing_else(before: Before) -> None:
    share = before.open()
    works = {
        link.album_id for link in share.links.all(before.told["owner"])
        if link.state in {LinkState.LIVE, LinkState.USED_UP}
    }  # fmt: skip
    share.clean_up.sweep()
    assert {row.id for row in share.index.rows(sa.select(albums.c.id).where(albums.c.state == "ready"))} == works
    now = time()
    assert all(row.due_at > now for row in share.index.rows(sa.select(albums.c.due_at)))
    share.close()


CRASH = """
import json, os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from lib.albums.host import open_share
from lib.albums.photo_store import PhotoStore
from lib.settings import read_settings

told, at = json.loads(sys.argv[1]), sys.argv[2]
if at == "move":
    moved = []
    real = PhotoStore.move
    def move(self, old, new):
        moved.append(old)
        if len(moved) == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, old, new)
    PhotoStore.move = move
else:
    @sa.event.listens_for(sa.engine.Engine, "before_cursor_execute")
    def _count(connection, cursor, statement, parameters, context, many):
        if statement.lstrip().startswith(at):
            os.kill(os.getpid(), signal.SIGKILL)
open_share(read_settings(**told | {"data_dir": Path(told["data_dir"])}))
"""
MOMENTS = ("ALTER TABLE links", "move", "UPDATE alembic_version")
MORE_MOMENTS = "CREATE TABLE totals", "INSERT INTO totals", "DROP TABLE drafts"


@pytest.mark.parametrize(
    "moment", [*MOMENTS, *(pytest.param(moment, marks=pytest.mark.thorough) for moment in MORE_MOMENTS)]
)
def test_an_upgrade_that_is_killed_starts_again(before: Before, moment: str) -> None:
    told = before.settings() | {"data_dir": str(before.folder)}
    ran = subprocess.run(
        [sys.executable, "-c", CRASH, json.dumps(told), moment], cwd=ROOT, check=False, timeout=60, capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    share = before.open()
    owner = before.told["owner"]
    assert {row.version_num for row in share.index.rows(sa.text("SELECT version_num FROM alembic_version"))} == {HEAD}
    assert len(share.albums.get(owner, before.told["draft"]).photos) == 3
    assert share.visits.find(before.told["links"]["live"][3:]) is not None
    tables = set(sa.inspect(share.index._engine).get_table_names())  # noqa: SLF001
    assert tables == set(metadata.tables) | {"alembic_version"}
    share.close()


def test_a_database_of_a_newer_version_is_left_alone_and_told(before: Before) -> None:
    share = before.open()
    with share.index.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        kept = connection.execute(sa.select(sa.func.count()).select_from(photo_rows)).scalar()
    share.close()
    with pytest.raises(DatabaseTooNew, match="newer version"):
        open_share(read_settings(**before.settings() | {"max_photos": 29}))
    with share.index.write() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"
        assert connection.execute(sa.select(sa.func.count()).select_from(photo_rows)).scalar() == kept
    share.close()


@pytest.mark.parametrize("damage", ["no database", "cut off", "overwritten"])
def test_a_damaged_database_is_told_in_words(tmp_path: Path, damage: str) -> None:
    before = Before(tmp_path)
    if damage == "no database":
        before.file.write_bytes(b"not a database at all, but long enough to be looked at " * 100)
    elif damage == "cut off":
        os.truncate(before.file, before.file.stat().st_size // 2)
    else:
        with before.file.open("r+b") as file:
            file.seek(100)
            file.write(b"\xff" * 3_000)
    with pytest.raises(DatabaseDamaged, match="cannot be read") as told:
        before.open()
    assert "copy of the data folder" in told.value.fix


def test_no_total_is_missing_after_the_upgrade(before: Before) -> None:
    share = before.open()
    kept = {row.person: int(row.bytes) for row in share.index.rows(sa.select(totals))}
    assert set(kept) == {"", share.owners.person(before.told["owner"])}
    share.close()
