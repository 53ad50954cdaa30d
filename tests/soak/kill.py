"""python -m tests.soak.kill [rounds]: end the program in the middle of its work, again and again, on both stores.

Each round a process makes albums with links and takes every second one back, until it is killed without warning. What
it had said by then has to be so: a link opens with both photos whole, and what was taken back stays closed.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import random
import secrets
import signal
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from lib.albums import Share
from lib.albums.clean_up import ORPHAN_S
from lib.albums.host import open_share
from lib.albums.photos import photo_of_path
from lib.albums.tables import albums, photos
from lib.photos import prepare_photo
from lib.services.base import Album, AlbumPhoto, Wishes
from lib.settings import read_settings
from tests.albums.conftest import picture, running_postgres
from tests.bench import Table

LONGEST_S: Final = 0.6  # after the first album; then it is killed
SIZE: Final = 320, 213


def work(settings: dict[str, Any], data: tuple[bytes, bytes], tell: int) -> None:
    """Make links and take them back for ever; say what is done, in a line each."""
    share, owner = open_share(read_settings(**settings)), secrets.token_urlsafe(24)
    shown = [AlbumPhoto("a.jpg", "image/jpeg", *SIZE, len(one), lambda one=one: one) for one in data]  # type: ignore[misc]
    number = 0
    while True:
        number += 1
        album = share.intake.take(owner, Album(f"{os.getpid()} {number}", "Killed", "", shown))
        link = share.links.create(owner, album, Wishes())
        os.write(tell, f"made {link.id} {link.path}\n".encode())
        if number % 2:
            os.write(tell, f"begins {link.id}\n".encode())
            share.links.revoke(owner, link.id)
            os.write(tell, f"revoked {link.id}\n".encode())


@contextmanager
def stores(folder: Path) -> Iterator[dict[str, dict[str, Any]]]:
    """Yield both pairs of stores as settings."""
    import boto3
    from moto.server import ThreadedMotoServer

    base: dict[str, Any] = {"links_per_hour": 1_000_000, "visitor_bytes": 10**12, "host_bytes": 10**12}
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    keys = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys).create_bucket(Bucket="photos")
    options = keys | {"endpoint": endpoint, "region": "us-east-1", "virtual_hosted_style_request": "false"}
    with running_postgres() as url:
        yield {
            "SQLite and a folder": base | {"data_dir": folder / "a"},
            "PostgreSQL and S3": base | {"data_dir": folder / "b", "database_url": f"{url}postgres",
                                         "photos_url": "s3://photos", "photos_options": options},
        }  # fmt: skip
    server.stop()


def rounds(settings: dict[str, Any], many: int) -> tuple[int, int, int, list[str]]:
    """Kill so often; return links made, links taken back, bytes that belong to none, and what was wrong."""
    data = prepare_photo(picture(1, SIZE)).data, prepare_photo(picture(2, SIZE)).data
    share = open_share(read_settings(**settings))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["lib.photos", "lib.albums.host"])
    made, closed, wrong = dict[str, str](), set[str](), list[str]()
    for _ in range(many):
        told, begun = _one(context, settings, data)
        for line in told:
            what, link, *path = line.split()
            if what == "made":
                made[link] = path[0]
            elif what == "revoked":
                closed.add(link)
        for link in {line.split()[1] for line in told}:
            wrong += _look(share, link, made[link], begun=link in begun, closed=link in closed)
    wrong += _whole(share)
    known = {f"albums/{row.album_id}/{row.id}" for row in share.index.rows(sa.select(photos.c.album_id, photos.c.id))}
    lost = [path for path, _ in share.store.list("albums") if photo_of_path(path) not in known]
    share.close()
    return len(made), len(closed), len(lost), wrong


def _one(context: Any, settings: dict[str, Any], data: tuple[bytes, bytes]) -> tuple[list[str], set[str]]:
    read, write = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(settings, data, write))
    process.start()
    write.close()
    end, told = time.monotonic() + 60, b""
    while time.monotonic() < end:
        if read.poll(0.01):
            told += os.read(read.fileno(), 1_000_000)
            if told and end > time.monotonic() + LONGEST_S:
                end = time.monotonic() + random.uniform(0, LONGEST_S)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    while more := os.read(read.fileno(), 1_000_000):
        told += more
    read.close()
    lines = told.decode().split("\n")[:-1]  # a line that was cut says nothing
    return lines, {line.split()[1] for line in lines if line.startswith("begins")}


def _child(settings: dict[str, Any], data: tuple[bytes, bytes], write: Any) -> None:
    work(settings, data, write.fileno())


def _look(share: Share, link: str, path: str, *, begun: bool, closed: bool) -> list[str]:
    found = share.visits.find(path.rpartition("/")[2])
    if closed:
        return [f"{link} opens though it was taken back"] if found else []
    if found is None:
        return [] if begun else [f"{link} does not open"]
    rows = share.visits.photos_of(found.album_id)
    if len(rows) != 2:
        return [f"{link} shows {len(rows)} photos"]
    stored = (zlib.crc32(share.store.get(f"albums/{found.album_id}/{row.id}")) for row in rows)
    return [f"{link} has a photo with other bytes" for row, crc in zip(rows, stored, strict=True) if crc != row.crc32]


def _whole(share: Share) -> list[str]:
    """Look at every album that is out: both photos are there; and at the totals."""
    wrong = []
    ready = share.index.rows(sa.select(albums.c.id, albums.c.photo_count).where(albums.c.state == "ready"))
    for row in ready:
        there = {path for path, _ in share.store.list(f"albums/{row.id}")}
        rows = share.index.rows(sa.select(photos.c.id).where(photos.c.album_id == row.id))
        wrong += [f"album {row.id} lacks bytes" for one in rows if f"albums/{row.id}/{one.id}" not in there]
        if row.photo_count != 2:
            wrong.append(f"album {row.id} counts {row.photo_count}")
    if mended := share.clean_up.sweep(orphans=True).mended:
        wrong.append(f"{mended} totals were wrong")
    return wrong


def main() -> int:
    """Print a table; return 1 where anything was wrong."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rows, wrong = [], list[str]()
    with tempfile.TemporaryDirectory(prefix="passalong-kill-") as folder, stores(Path(folder)) as both:
        for name, settings in both.items():
            made, closed, lost, bad = rounds(settings, many)
            rows.append((name, str(many), f"{made:,}", f"{closed:,}", str(len(bad)), str(lost)))
            wrong += bad
    head = (
        "",
        "kills",
        "links made",
        "taken back",
        "wrong",
        f"files of none, until a sweep {ORPHAN_S / 3600:.0f} h on",
    )
    print(Table("Killed in the middle", head, rows).markdown())
    for one in wrong[:20]:
        print(f"WRONG {one}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
