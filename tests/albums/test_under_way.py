"""Transfers that had begun when a link was taken back: over a real line, to a reader who takes their time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from lib.albums import LinkInfo, Share
from lib.albums.host import open_share
from lib.photos import prepare_photo
from lib.services.base import Wishes
from lib.settings import read_settings
from tests.albums.conftest import OWNER, picture
from tests.conftest import RunningApp, running_app

PHOTOS = 12
READ_FIRST = 4_096


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    with running_app(tmp_path_factory.mktemp("under-way")) as app:
        yield app


@pytest.fixture(scope="module")
def beside(served: RunningApp) -> Iterator[Share]:
    share = open_share(read_settings(data_dir=served.data_dir))
    yield share
    share.close()


@pytest.fixture(scope="module")
def large_photo() -> bytes:
    return picture(7, (2048, 1536))


@pytest.fixture
def link(beside: Share, large_photo: bytes) -> LinkInfo:
    """A link on photos of more than a megabyte; a second one on the same album keeps their bytes where they are."""
    photo = prepare_photo(large_photo)
    album = beside.albums.open(OWNER)
    for _ in range(PHOTOS):
        beside.photos.add(OWNER, album, name="a.jpg", photo=photo)
    beside.links.make(OWNER, album)
    return beside.links.create(OWNER, album, Wishes())


def begun(app: RunningApp, path: str, *headers: str) -> tuple[socket.socket, bytes]:
    """Ask for a file, read its beginning and then nothing more for now."""
    where = urlsplit(app.url)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)  # a phone far away, not a machine beside
    line.settimeout(60)
    line.connect((where.hostname, where.port))
    asked = [f"GET {path} HTTP/1.1", f"Host: {where.netloc}", *headers, "", ""]
    line.sendall("\r\n".join(asked).encode())
    first = b""
    while len(first) < READ_FIRST:
        first += line.recv(READ_FIRST)
    return line, first


def rest(line: socket.socket) -> bytes:
    """Read until the line ends."""
    got = bytearray()
    with line:
        try:
            while piece := line.recv(65_536):
                got += piece
        except ConnectionResetError:
            pass
    return bytes(got)


def test_a_zip_that_had_begun_brings_no_further_photo(served: RunningApp, beside: Share, link: LinkInfo) -> None:
    line, first = begun(served, f"{link.path}/photos.zip")
    beside.links.revoke(OWNER, link.id)
    got = first + rest(line)
    assert got.startswith(b"HTTP/1.1 200")
    assert got.count(b"PK\x03\x04") <= 1 + 2, "what was on its way already, and nothing that was read later"
    assert b"PK\x05\x06" not in got
    size = beside.photos.all(OWNER, link.album_id)[0].size_bytes
    assert len(got) < 3 * size


@pytest.mark.parametrize("headers", [(), ("Range: bytes=0-",)])
def test_a_photo_that_had_begun_is_cut(
    served: RunningApp, beside: Share, link: LinkInfo, headers: tuple[str, ...]
) -> None:
    size = beside.photos.all(OWNER, link.album_id)[0].size_bytes
    line, first = begun(served, f"{link.path}/p/1.jpg", *headers)
    beside.links.revoke(OWNER, link.id)
    got = first + rest(line)
    assert len(got) < size


def test_a_zip_goes_on_for_a_reader_who_takes_their_time(served: RunningApp, link: LinkInfo) -> None:
    line, first = begun(served, f"{link.path}/photos.zip", "Connection: close")
    got = first + rest(line)
    assert got.count(b"PK\x03\x04") == PHOTOS
    assert b"PK\x05\x06" in got
