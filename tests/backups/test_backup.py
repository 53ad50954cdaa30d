"""A host is lost and comes back: every link byte for byte, what was taken back still gone."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from lib.albums import Share, host
from lib.albums.host import open_share
from lib.albums.notifications import Carrier, News
from lib.albums.problems import DiskFull
from lib.backups import BackupProblem, back_up, check, last_backup, restore
from lib.backups.problems import (
    BackupDamaged,
    NoBackup,
    NotEmpty,
    OtherKey,
    OtherVersion,
    PlaceDown,
    PlaceFull,
    StillRunning,
    WrongPassphrase,
)
from lib.backups.vault import LIST, Vault
from lib.photos import prepare_photo
from lib.recipients.recipient import Recipient
from lib.services.base import Album, AlbumPhoto, Wishes
from lib.services.this_server.client import ThisServer
from lib.settings import Settings, read_settings
from tests.albums.test_full_disk import own_disks
from tests.conftest import ROOT, free_port, run_command
from tests.pictures import photo_with_secrets

OWNER = "owner-secret-of-ana-0123456789"
PHOTOS = [prepare_photo(photo_with_secrets(seed)).data for seed in range(1, 4)]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_opened", {})


def opened(data_dir: Path, **more: Any) -> Share:
    return open_share(read_settings(data_dir=data_dir, undo_grace_s=0, **more))


def link(share: Share, number: int, **wishes: Any) -> str:
    """Make a link with one photo; return its path."""
    data = PHOTOS[number % len(PHOTOS)]
    album = Album(
        f"key {number}", f"Album {number}", "", [AlbumPhoto("1.jpg", "image/jpeg", 640, 480, len(data), lambda: data)]
    )
    made = ThisServer(share, OWNER, "http://here").create(album, Wishes(**wishes))
    return made.url.removeprefix("http://here")


def take_back(share: Share, path: str) -> None:
    found = next(one for one in share.links.page(OWNER).links if one.path == path)
    share.links.revoke(OWNER, found.id)
    share.clean_up.sweep()


async def seen(share: Share, paths: list[str]) -> dict[str, tuple[int, bytes]]:
    """Open pages and photos as a stranger."""
    recipient = Recipient(lambda: share)
    transport = httpx.ASGITransport(app=recipient)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        found = {}
        for path in paths:
            for below in ("", "/p/1.jpg", "/p/1-small.jpg"):
                answer = await client.get(path + below)
                # A closed door says in secret when it was drawn; everything else is the same each time.
                whole = re.sub(rb'(name="?slot"? value)="[^"]*"', rb"\1", answer.content)
                found[path + below] = (answer.status_code, whole)
    await recipient.finish()
    return found


def destroyed(share: Share) -> Settings:
    share.close()
    shutil.rmtree(share.settings.data_dir)
    host._opened.clear()  # noqa: SLF001 - as in another process
    return share.settings


def store(tmp_path: Path, passphrase: str | None = None) -> Vault:
    return Vault(str(tmp_path / "backup"), {}, passphrase)


@pytest.mark.parametrize("passphrase", [None, "moss lantern gravel"])
async def test_a_host_that_is_lost_comes_back(tmp_path: Path, passphrase: str | None) -> None:
    share = opened(tmp_path / "data")
    paths = [link(share, 1), link(share, 2, password="moss lantern"), link(share, 3)]
    take_back(share, paths[2])
    told = {"to": "https://ntfy.example/my-topic"}
    first = share.links.of_path(OWNER, paths[0]).id
    share.notifications.add(OWNER, first, Carrier.NTFY, [News.OPENED], told, where="ntfy.example")
    before = await seen(share, paths)
    assert [before[path][0] for path in paths] == [200, 200, 404]
    made = back_up(share, store(tmp_path, passphrase))
    assert made.holds_key
    assert made.encrypted is bool(passphrase)
    note = last_backup(tmp_path / "data")
    assert note is not None
    assert note.photos == made.photos
    settings = destroyed(share)
    whole = b"".join(file.read_bytes() for file in (tmp_path / "backup").rglob("*") if file.is_file())
    if passphrase:
        assert b"JFIF" not in whole
        assert b"Album 1" not in whole
    restore(store(tmp_path, passphrase), settings)
    back = open_share(settings)
    assert await seen(back, paths) == before
    (kept,) = back.notifications.of(OWNER, first)
    found = back.notifications.details(OWNER, first, kept.id)
    assert found == (Carrier.NTFY, told | {"where": "ntfy.example"}), (
        "what its sender wants to hear is still told there"
    )
    assert (settings.data_dir / "secret.key").stat().st_mode & 0o077 == 0


async def test_what_happens_during_a_backup_is_whole_in_it(tmp_path: Path) -> None:
    share = opened(tmp_path / "data")
    paths = [link(share, 1), link(share, 2)]
    done: list[str] = []

    def meanwhile(_number: int) -> None:
        if not done:
            done.append(link(share, 3))
            take_back(share, paths[1])

    back_up(share, store(tmp_path), meanwhile)
    paths += done
    before = await seen(share, paths)
    restore(store(tmp_path), settings := destroyed(share))
    after = await seen(open_share(settings), paths)
    assert after == before
    assert [after[path][0] for path in paths] == [200, 404, 200]


def test_only_new_photos_are_sent_and_old_ones_leave(tmp_path: Path) -> None:
    share = opened(tmp_path / "data")
    first, second = link(share, 1), link(share, 2)
    assert back_up(share, store(tmp_path)).sent == back_up_files(share)
    assert back_up(share, store(tmp_path)).sent == 0
    link(share, 3)
    assert 0 < back_up(share, store(tmp_path)).sent < back_up_files(share)
    take_back(share, first)
    take_back(share, second)
    made = back_up(share, store(tmp_path))
    assert made.photos == back_up_files(share)
    pieces = [file.name for file in (tmp_path / "backup" / "pieces").rglob("*") if file.is_file()]
    assert len(pieces) <= made.photos + 1  # and the index: nothing that was taken back lives on
    assert check(store(tmp_path)).photos == made.photos


def back_up_files(share: Share) -> int:
    return len(share.store.list(""))


def made_backup(tmp_path: Path, passphrase: str | None = None) -> Share:
    share = opened(tmp_path / "data")
    link(share, 1)
    back_up(share, store(tmp_path, passphrase))
    return share


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def change_list(file: Path, **parts: Any) -> None:
    outer = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(outer | parts), encoding="utf-8")


def a_piece(folder: Path) -> Path:
    return next(file for file in sorted((folder / "pieces").rglob("*")) if file.is_file())


@pytest.mark.parametrize(
    ("spoil", "problem", "happened"),
    [
        (lambda folder: cut(folder / LIST), BackupDamaged, "Its list is cut off or was changed."),
        (lambda folder: change_list(folder / LIST, body="{}"), BackupDamaged, "Its list is cut off or was changed."),
        (lambda folder: change_list(folder / LIST, format=99), OtherVersion, "format 99; this app reads up to 1."),
        (lambda folder: cut(a_piece(folder)), BackupDamaged, "was changed or cut off."),
        (lambda folder: a_piece(folder).unlink(), BackupDamaged, "is missing."),
        (shutil.rmtree, NoBackup, "Nothing that this app wrote was found there."),
    ],
    ids=["cut list", "changed list", "newer", "cut piece", "missing piece", "nothing"],
)  # fmt: skip
def test_a_bad_backup_is_refused_before_anything_changes(
    tmp_path: Path, spoil: Callable[[Path], None], problem: type[BackupProblem], happened: str
) -> None:
    settings = destroyed(made_backup(tmp_path))
    spoil(tmp_path / "backup")
    with pytest.raises(problem, match=re.escape(happened)) as told:
        restore(store(tmp_path), settings)
    assert told.value.fix.endswith(".")
    assert not settings.data_dir.exists() or not any(file.is_file() for file in settings.data_dir.rglob("*"))


def test_a_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    settings = destroyed(made_backup(tmp_path, "moss lantern gravel"))
    for given, happened in (("Moss lantern gravel", "another passphrase"), (None, "no passphrase was given")):
        with pytest.raises(WrongPassphrase, match=happened):
            restore(store(tmp_path, given), settings)
    cut(a_piece(tmp_path / "backup"))
    with pytest.raises(BackupDamaged, match="was changed or cut off"):
        check(store(tmp_path, "moss lantern gravel"))


def test_a_running_app_is_not_overwritten(tmp_path: Path) -> None:
    share = made_backup(tmp_path)
    with pytest.raises(StillRunning, match="Another program has the database open"):
        restore(store(tmp_path), share.settings, replace=True)
    share.close()
    with pytest.raises(NotEmpty, match="is not empty"):
        restore(store(tmp_path), share.settings)
    restore(store(tmp_path), share.settings, replace=True)


def test_a_host_with_another_key_is_told_before_its_links_are_dead(tmp_path: Path) -> None:
    mine, others = "0123456789abcdef" * 2, "fedcba9876543210" * 2
    share = opened(tmp_path / "data", secret_key=mine)
    link(share, 1)
    assert not back_up(share, store(tmp_path)).holds_key
    settings = destroyed(share)
    for wrong, happened in (({"secret_key": others}, "with another key"), ({}, "here the setting is missing")):
        with pytest.raises(OtherKey, match=happened):
            restore(store(tmp_path), read_settings(data_dir=settings.data_dir, **wrong))
    restore(store(tmp_path), settings)
    other = opened(tmp_path / "other", secret_key=others)
    with pytest.raises(BackupProblem, match="another host"):  # two hosts, one place
        back_up(other, store(tmp_path))


def test_a_full_place_leaves_the_backup_of_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = made_backup(tmp_path)
    path = link(share, 2)
    full = store(tmp_path)
    inner = full._store  # noqa: SLF001 - a disk that is full from here on
    monkeypatch.setattr(inner, "put", lambda *_: (_ for _ in ()).throw(DiskFull()))
    with pytest.raises(PlaceFull, match="no room left where the backup goes"):
        back_up(share, full)
    assert check(store(tmp_path)).photos < back_up_files(share)
    assert path
    with pytest.raises(PlaceDown, match="neither a folder nor an address of a store"):
        Vault("nonsense://place", {}, None)


def test_the_commands_do_it_while_another_program_writes(tmp_path: Path) -> None:
    share = opened(tmp_path / "data")
    link(share, 1)
    run = partial(run_command, data_dir=tmp_path / "data")
    done = run("backup", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stderr
    assert "not encrypted" in done.stdout
    assert "Whole." in run("restore", str(tmp_path / "backup"), "--check").stdout
    refused = run("restore", str(tmp_path / "backup"), "--replace")
    assert refused.returncode == 1
    assert "still running" in refused.stderr
    destroyed(share)
    assert run("restore", str(tmp_path / "backup")).returncode == 0
    assert sqlite3.connect(tmp_path / "data" / "passalong.db").execute("SELECT count(*) FROM links").fetchone() == (1,)


@pytest.mark.thorough
async def test_the_same_with_postgresql_and_its_own_programs(tmp_path: Path) -> None:
    import psycopg

    from tests.albums.conftest import running_postgres

    with running_postgres() as base:
        with psycopg.connect(f"{base}postgres", autocommit=True) as connection:
            for name in ("one", "two"):
                connection.execute(f"CREATE DATABASE {name}")
        share = opened(tmp_path / "data", database_url=f"{base}one")
        paths = [link(share, 1), link(share, 2)]
        take_back(share, paths[1])
        before = await seen(share, paths)
        back_up(share, store(tmp_path))
        other = read_settings(data_dir=tmp_path / "other", database_url=f"{base}two", undo_grace_s=0)
        with psycopg.connect(f"{base}two"), pytest.raises(StillRunning):
            restore(store(tmp_path), other)
        restore(store(tmp_path), other)
        found = open_share(other)
        assert await seen(found, paths) == before
        found.close()
        restore(store(tmp_path), other, replace=True)  # over what is there
        assert await seen(open_share(other.model_copy(update={"max_photos": 29})), paths) == before
        with pytest.raises(BackupProblem, match="index of postgresql"):
            restore(store(tmp_path), read_settings(data_dir=tmp_path / "third"))
        for one in list(host._opened.values()):  # noqa: SLF001 - the database is about to stop
            one.close()


@pytest.mark.parametrize(
    "passphrase",
    [pytest.param("", marks=pytest.mark.thorough), "moss lantern gravel"],
    ids=["open", "encrypted"],
)
async def test_a_host_comes_back_from_an_object_store(tmp_path: Path, passphrase: str) -> None:
    """By the commands, as a host types them: the place is an address of S3, its options a setting."""
    from tests.albums.conftest import running_s3

    with running_s3() as bucket:
        made = bucket()
        place = f"{made['photos_url']}/host/{uuid4()}"  # its server forgets nothing while this process lives
        options = {"PASSALONG_BACKUP_OPTIONS": json.dumps(made["photos_options"])}
        options |= {"PASSALONG_BACKUP_PASSPHRASE": passphrase, "PASSALONG_UNDO_GRACE_S": "0"}
        run = partial(run_command, data_dir=tmp_path / "data", **options)
        share = opened(tmp_path / "data")
        paths = [link(share, number) for number in range(1, 4)]
        take_back(share, paths[0])
        before = await seen(share, paths)
        first = run("backup", place)
        assert first.returncode == 0, first.stderr
        assert ("not encrypted" in first.stdout) is not bool(passphrase)
        assert "0 of them new" in run("backup", place).stdout
        assert "Whole." in run("restore", place, "--check").stdout
        destroyed(share)
        nothing = run("restore", f"{place}/elsewhere")
        assert nothing.returncode == 1
        assert "Nothing that this app wrote was found there." in nothing.stderr
        back = run("restore", place)
        assert back.returncode == 0, back.stderr
        assert await seen(open_share(share.settings), paths) == before
        elsewhere = made["photos_options"] | {"endpoint": f"http://127.0.0.1:{free_port()}"}
        down = run("backup", place, PASSALONG_BACKUP_OPTIONS=json.dumps(elsewhere))
        assert down.returncode == 1
        assert "Traceback" not in down.stderr
        assert "made-up" not in down.stderr  # no key of the store is told
        assert "The place of the backup does not answer, or may not be written." in down.stderr


@pytest.mark.skipif(not own_disks(), reason="this system lets nobody mount a disk of their own")
def test_a_disk_that_is_full_during_a_backup_is_told_and_costs_nothing(tmp_path: Path) -> None:
    """A small real disk: first the one that the backup goes to, then the one of the host itself."""
    share = opened(tmp_path / "data")
    paths = [link(share, number) for number in range(1, 4)]
    share.close()
    disk, place = tmp_path / "disk", tmp_path / "backup"
    disk.mkdir()
    small = 'mount -t tmpfs -o size=64k none "$0" && exec "$@"'
    full = (
        'mount -t tmpfs -o size=8m none "$0" && cp -a "$DATA"/. "$0"; cat /dev/zero > "$0/full" 2>/dev/null; exec "$@"'
    )
    ran = {}
    for name, script, data, to in (
        ("there", small, tmp_path / "data", disk / "backup"), ("here", full, disk, place)
    ):  # fmt: skip
        ran[name] = subprocess.run(
            ["unshare", "-rm", "sh", "-c", script, str(disk), sys.executable, "-m", "lib", "backup", str(to)], cwd=ROOT,
            env=os.environ | {"PASSALONG_DATA_DIR": str(data), "DATA": str(tmp_path / "data"), "NO_COLOR": "1"},
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert "Traceback" not in ran[name].stderr, ran[name].stderr
    assert ran["there"].returncode == 1
    assert "no room left where the backup goes" in ran["there"].stderr
    assert ran["here"].returncode == 1
    assert "The server's disk is full." in ran["here"].stderr
    again = open_share(share.settings)
    assert len(again.links.page(OWNER).links) == len(paths)
