"""One link on a host of its own, for every test of this room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lib.albums import Share
from lib.albums.host import open_share
from lib.photos import prepare_photo
from lib.services.base import Album, AlbumPhoto, Wishes
from lib.services.this_server.client import ThisServer
from lib.settings import Settings, read_settings
from tests.pictures import photo_with_secrets


@dataclass(frozen=True)
class Home:
    """A computer with one album and its link."""

    settings: Settings
    share: Share
    path: str  # /s/…


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def new_home(tmp_path: Path) -> Callable[..., Home]:
    return lambda **more: make_home(tmp_path, **more)


def make_home(folder: Path, **more: object) -> Home:
    settings = read_settings(data_dir=folder / "data", **more)
    share = open_share(settings)
    photo = prepare_photo(photo_with_secrets(1)).data
    album = Album("key", "By the sea", "", [AlbumPhoto("1.jpg", "image/jpeg", 640, 480, len(photo), lambda: photo)])
    link = ThisServer(share, "owner-secret-of-ana-0123456789", "http://localhost").create(album, Wishes())
    return Home(settings, share, link.url.removeprefix("http://localhost"))
