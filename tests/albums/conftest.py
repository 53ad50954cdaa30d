"""The share host on real stores: SQLite and a local folder, and PostgreSQL with an S3 server."""

from __future__ import annotations

import io
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from lib.albums import LinkInfo, Share
from lib.albums.host import open_share
from lib.albums.photo_store import CHUNK_BYTES
from lib.photos import prepare_photo
from lib.photos.slideshow import make_slideshow
from lib.recipients.recipient import Recipient
from lib.services.base import VIDEO_TYPE, Album, AlbumPhoto, Wishes
from lib.settings import read_settings

VIDEO_SIZE = 540, 960
OWNER = "owner-secret-of-ana-0123456789"
OTHER = "owner-secret-of-ben-0123456789"
BROWSER = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
)


def picture(number: int = 0, size: tuple[int, int] = (640, 426), kind: str = "JPEG") -> bytes:
    """Make a small picture that differs from every other one."""
    made = io.BytesIO()
    image = Image.effect_noise(size, 30 + number).convert("RGB")
    image.paste((number * 37 % 256, 120, 90), (0, 0, 40 + number, 40))
    image.save(made, kind)
    return made.getvalue()


@dataclass(frozen=True)
class Photos:
    """An album's photos that count how often each was read."""

    data: tuple[bytes, ...]
    reads: list[int]

    def album(self, key: str = "key", title: str = "By the sea", words: str = "Here they are!") -> Album:
        return Album(key, title, words, [self._photo(n, data) for n, data in enumerate(self.data)])

    def _photo(self, number: int, data: bytes) -> AlbumPhoto:
        def read() -> bytes:
            self.reads.append(number)
            return data

        if data[4:8] == b"ftyp":
            return AlbumPhoto("video.mp4", VIDEO_TYPE, *VIDEO_SIZE, len(data), read)
        with Image.open(io.BytesIO(data)) as image:
            kind = {"JPEG": "image/jpeg", "PNG": "image/png"}[str(image.format)]
            return AlbumPhoto(f"photo {number}.jpg", kind, image.width, image.height, len(data), read)


@pytest.fixture(scope="session")
def clean_photos() -> tuple[bytes, ...]:
    return tuple(prepare_photo(picture(n)).data for n in range(3))


@pytest.fixture(scope="session")
def clean_video(clean_photos: tuple[bytes, ...], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A video as the app makes it, only smaller; large enough to be sent in several pieces."""
    out = tmp_path_factory.mktemp("video") / "a.mp4"
    data = make_slideshow(clean_photos, out, size=VIDEO_SIZE, seconds_per_photo=1, fps=5, fit="crop").path.read_bytes()
    assert len(data) > 2 * CHUNK_BYTES
    return data


@pytest.fixture
def photos(clean_photos: tuple[bytes, ...]) -> Photos:
    return Photos(clean_photos, [])


def postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _other_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a real PostgreSQL on loopback and yield its SQLAlchemy URL; skip where there is none."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: ./tests/tools.sh installs it")
    folder = Path(tempfile.mkdtemp(prefix="passalong-pg-"))
    other = _other_user()
    if other:
        os.chown(folder, other["user"], other["group"])
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    try:
        made = subprocess.run(
            [programs / "initdb", "-D", folder / "db", "-U", "passalong", "-A", "trust", "-E", "UTF8", "--no-sync"],
            cwd=folder, capture_output=True, check=False, **other,
        )  # fmt: skip
        if made.returncode:
            pytest.skip(f"PostgreSQL cannot be started here: {made.stderr.decode()[-300:]}")
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "db", "-h", "127.0.0.1", "-p", str(port), "-k", folder, "-F"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **other,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 30
            ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            while subprocess.run(ready, check=False).returncode:
                assert server.poll() is None, "PostgreSQL ended at once"
                assert time.monotonic() < deadline, "PostgreSQL did not start in 30 seconds"
                time.sleep(0.1)
            yield f"postgresql://passalong@127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Return a maker of fresh, empty PostgreSQL databases."""
    import psycopg

    with running_postgres() as base:
        count = 0

        def fresh() -> str:
            nonlocal count
            count += 1
            with psycopg.connect(base + "postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE share_{count}")
            return f"{base}share_{count}"

        yield fresh


@contextmanager
def running_s3() -> Iterator[Callable[[], dict[str, Any]]]:
    """Run a real S3 server; give a maker of fresh, empty buckets, as settings."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    count = 0

    def fresh() -> dict[str, Any]:
        nonlocal count
        count += 1
        keys = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
        client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys)
        client.create_bucket(Bucket=f"photos-{count}")
        client.close()
        options = keys | {"endpoint": endpoint, "region": "us-east-1", "virtual_hosted_style_request": "false"}
        return {"photos_url": f"s3://photos-{count}", "photos_options": options}

    try:
        yield fresh
    finally:
        server.stop()


@pytest.fixture(scope="session")
def s3() -> Iterator[Callable[[], dict[str, Any]]]:
    """Return a maker of fresh, empty buckets on a real S3 server, as settings."""
    with running_s3() as fresh:
        yield fresh


Maker = Callable[..., Share]


@pytest.fixture
def local_share(tmp_path: Path) -> Iterator[Maker]:
    """Make a share host on SQLite and a folder, with settings of the test's own."""
    yield from _maker({"data_dir": tmp_path})


SQLITE, POSTGRES = "sqlite and a folder", "postgresql and s3"


def _on(stores: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Maker]:
    base: dict[str, Any] = {"data_dir": tmp_path}
    if stores == POSTGRES:
        base |= {"database_url": request.getfixturevalue("postgres")()} | request.getfixturevalue("s3")()
    yield from _maker(base)


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRES, marks=pytest.mark.thorough)])
def any_share(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Maker]:
    """Make a share host; `make test-all` does it once more on the other pair of stores."""
    yield from _on(request.param, request, tmp_path)


@pytest.fixture(params=[SQLITE, POSTGRES])
def both_stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Maker]:
    """Make a share host, always on each pair of stores: for the promises that hang on the database."""
    yield from _on(request.param, request, tmp_path)


def _maker(base: dict[str, Any]) -> Iterator[Maker]:
    opened: list[Share] = []

    def make(**overrides: Any) -> Share:
        share = open_share(read_settings(**(base | overrides)))
        opened.append(share)
        return share

    yield make
    for share in opened:
        share.close()


def full(share: Share, album_id: str, number: int = 1, owner: str = OWNER) -> bytes:
    """Return one photo of an album, by its place."""
    return share.photos.read(owner, album_id, share.photos.all(owner, album_id)[number - 1].id)


def small(share: Share, album_id: str, number: int = 1, owner: str = OWNER) -> bytes:
    """Return the grid size of one photo of an album, by its place."""
    return share.photos.read(owner, album_id, share.photos.all(owner, album_id)[number - 1].id, small=True)


@pytest.fixture
def share(local_share: Maker) -> Share:
    return local_share()


@pytest.fixture
def make_link(photos: Photos) -> Callable[..., LinkInfo]:
    """Make an album with its link."""
    return link_maker(photos)


def link_maker(photos: Photos) -> Callable[..., LinkInfo]:
    """Return what makes albums of these photos, each with a link."""
    count = 0

    def make(
        share: Share, owner: str = OWNER, title: str = "By the sea", words: str = "Hi!", **wishes: Any
    ) -> LinkInfo:
        nonlocal count
        count += 1
        album = share.intake.take(owner, photos.album(f"key {count}", title, words))
        return share.links.create(owner, album, Wishes(**wishes))

    return make


class Visitor(httpx.AsyncClient):
    """A browser without script, as far as a server can tell: cookies kept, redirects followed by hand."""

    async def open(self, link: LinkInfo, **form: str) -> httpx.Response:
        """Do what a person does: load the page, press the button, load the page again."""
        await self.get(link.path)
        await self.post(f"{link.path}/open", data=form)
        return await self.get(link.path)


@dataclass
class Door:
    """The share pages of a host, without the app around them."""

    recipient: Recipient
    visitors: list[Visitor]

    def visitor(self, address: str = "203.0.113.7", **headers: str) -> Visitor:
        transport = httpx.ASGITransport(self.recipient, client=(address, 50_000))
        headers = {"user-agent": BROWSER} | {name.replace("_", "-"): value for name, value in headers.items()}
        visitor = Visitor(transport=transport, base_url="http://share.example", headers=headers, timeout=60)
        self.visitors.append(visitor)
        return visitor

    async def settled(self) -> None:
        await self.recipient.finish()


@pytest.fixture
async def door_of() -> AsyncIterator[Callable[[Share], Door]]:
    """Open the share pages of a host."""
    doors: list[Door] = []

    def make(share: Share) -> Door:
        doors.append(Door(Recipient(lambda: share), []))
        return doors[-1]

    yield make
    for door in doors:
        await door.settled()
        for visitor in door.visitors:
            await visitor.aclose()


@pytest.fixture
def door(share: Share, door_of: Callable[[Share], Door]) -> Door:
    return door_of(share)
