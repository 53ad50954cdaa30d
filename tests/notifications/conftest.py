"""A host with one link, and the places that its sender may choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lib.albums import LinkInfo, Share
from lib.albums.answers import Fate
from lib.albums.host import open_share
from lib.albums.notifications import Carrier, News
from lib.notifications.telling import add_device, add_typed
from lib.notifications.web_push import public_keys
from lib.photos import prepare_photo
from lib.services.base import Album, AlbumPhoto, LinkQuestion, Wishes
from lib.settings import read_settings
from tests.notifications.places import Device, Places, serving
from tests.pictures import photo_with_secrets

OWNER = "owner-secret-of-ana-0123456789"
ABOUT: dict[str, Any] = {"own_origins": frozenset(), "language": "en", "home": "https://photos.example/links"}


@dataclass
class Sender:
    """A host of their own, and what they do there."""

    share: Share
    places: Places
    count: int = field(default=0)

    def link(self, title: str = "By the sea", **wishes: Any) -> LinkInfo:
        self.count += 1
        photo = prepare_photo(photo_with_secrets(1)).data
        read = lambda: photo  # noqa: E731 - as short as it is
        album = Album(f"key {self.count}", title, "", [AlbumPhoto("1.jpg", "image/jpeg", 640, 480, len(photo), read)])
        wishes = {"question": LinkQuestion.LIKE, "name": "For Beatrix"} | wishes
        return self.share.links.create(OWNER, self.share.intake.take(OWNER, album), Wishes(**wishes))

    def asks(self, link: LinkInfo, way: Carrier, path: str, **about: Any) -> None:
        add_typed(self.share, OWNER, link.id, News, way, self.places.origin + path, **(ABOUT | about))

    def subscribes(self, link: LinkInfo, **about: Any) -> Device:
        device = self.places.device(public_keys(self.share.keys)[0])
        add_device(self.share, OWNER, link.id, News, device.subscription, **(ABOUT | about))
        return device

    def is_opened(self, link: LinkInfo) -> None:
        found = self.share.visits.find(link.path.removeprefix("/s/"))
        assert found is not None
        assert self.share.visits.spend(found)

    def is_answered(self, link: LinkInfo) -> None:
        found = self.share.visits.find(link.path.removeprefix("/s/"))
        assert found is not None
        put = self.share.answers.put(found, f"browser {self.count}", {1: 1}, name="Cornelius", words="My words")
        assert put is Fate.KEPT


@pytest.fixture(scope="session")
def _all_places() -> Iterator[Places]:
    with serving() as places:
        yield places


@pytest.fixture
def places(_all_places: Places) -> Places:
    for kept in (_all_places.topics, _all_places.devices, _all_places.said, _all_places.answers, _all_places.asked):
        kept.clear()  # type: ignore[attr-defined]
    _all_places.at_least = 0
    return _all_places


@pytest.fixture
def sender_with(tmp_path: Path, places: Places) -> Iterator[Callable[..., Sender]]:
    opened: list[Share] = []

    def make(**settings: Any) -> Sender:
        given = {"data_dir": tmp_path / "data", "notify_origins": (places.origin,), "undo_grace_s": 0} | settings
        opened.append(open_share(read_settings(**given)))
        return Sender(opened[-1], places)

    yield make
    for share in opened:
        share.close()


@pytest.fixture
def sender(sender_with: Callable[..., Sender]) -> Sender:
    return sender_with()
