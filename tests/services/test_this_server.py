"""This server as a provider: idempotent, honest about what it granted, and gone when taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lib.albums.host import open_share
from lib.photos import prepare_photo
from lib.services.base import (
    Album,
    AlbumPhoto,
    Preview,
    Progress,
    Provider,
    ProviderProblem,
    Revokes,
    Wishes,
)
from lib.services.this_server.client import ThisServer, outcomes
from lib.settings import read_settings

OWNER = "the-owner-of-this-album"


class Stopped(Exception):  # noqa: N818 - a person pressed Cancel
    pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ThisServer]:
    share = open_share(read_settings(data_dir=tmp_path, undo_grace_s=0))
    yield ThisServer(share, OWNER, "https://photos.example.org/")
    share.close()


def album(key: str = "key", count: int = 2) -> Album:
    data = prepare_photo(made_photo()).data
    photos = [AlbumPhoto(f"{n}.jpg", "image/jpeg", 64, 48, len(data), lambda: data) for n in range(count)]
    return Album(key, "By the sea", "Hi!", photos)


def made_photo(colour: tuple[int, int, int] = (20, 120, 100)) -> bytes:
    import io

    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(made, "JPEG")
    return made.getvalue()


def test_it_is_a_provider_that_revokes(server: ThisServer) -> None:
    for kind in (Provider, Revokes):
        assert isinstance(server, kind)


def test_an_album_becomes_a_link_below_the_address_of_the_app(server: ThisServer) -> None:
    link = server.create(album(), Wishes())
    assert link.url.startswith("https://photos.example.org/s/")
    assert link.provider_id == "this_server"
    assert (link.title, link.photo_count) == ("By the sea", 2)
    assert link.url not in repr(link)
    assert all(outcome.kept for outcome in link.outcomes)


def test_creating_again_after_a_cancel_makes_no_second_album_and_no_second_link(server: ThisServer) -> None:
    def stop(progress: Progress) -> None:
        if progress.photos_done == 1:
            raise Stopped

    with pytest.raises(Stopped):
        server.create(album(), Wishes(), stop)
    first = server.create(album(), Wishes())
    assert server.create(album(), Wishes()).url == first.url
    assert len(server.share.links.all(OWNER)) == 1
    assert server.share.status().albums == 1


def test_one_more_link_has_its_own_limits(server: ThisServer) -> None:
    first = server.create(album(), Wishes())
    second = server.share.links.create(OWNER, first.ref["album_id"], Wishes(name="Ben", max_views=1))
    assert server.shared_link(second, Wishes()).url != first.url
    assert {info.name: info.max_views for info in server.share.links.all(OWNER)} == {"": None, "Ben": 1}


WISHES: tuple[tuple[dict[str, Any], dict[str, bool]], ...] = (
    ({}, {"anyone_can_view": True, "expiry": True}),
    ({"password": "abcd"}, {"anyone_can_view": True, "expiry": True, "password": True}),
    ({"max_views": 1, "allow_download": False},
     {"anyone_can_view": True, "expiry": True, "views": True, "download": True}),
    ({"preview": Preview.COVER}, {"anyone_can_view": True, "expiry": True, "preview": True}),
    ({"preview": Preview.COVER, "password": "abcd"},
     {"anyone_can_view": True, "expiry": True, "password": True, "preview": False}),
)  # fmt: skip


@pytest.mark.parametrize(("asked", "kept"), WISHES)
def test_what_was_asked_and_granted_is_said_line_by_line(
    server: ThisServer, asked: dict[str, Any], kept: dict[str, bool]
) -> None:
    wishes = Wishes(expires_at=datetime.now(UTC) + timedelta(days=3), **asked)
    link = server.create(album(), wishes)
    assert {outcome.topic: outcome.kept for outcome in link.outcomes} == kept
    assert all(outcome.advice for outcome in link.outcomes if not outcome.kept)


def test_a_limit_that_was_changed_meanwhile_is_said(server: ThisServer) -> None:
    wishes = Wishes(max_views=3)
    link = server.create(album(), wishes)
    server.share.links.change(OWNER, link.ref["link_id"], max_views=5, password="abcd")
    changed = server.share.links.get(OWNER, link.ref["link_id"])
    read = {outcome.topic: outcome for outcome in outcomes(changed, wishes)}
    assert (read["views"].kept, read["views"].granted) == (False, "At most 5 views")
    assert not read["password"].kept


def test_taking_back_twice_is_no_error_and_leaves_no_byte(server: ThisServer) -> None:
    link = server.create(album(), Wishes())
    first, again = server.revoke(link), server.revoke(link)
    assert (first.already, again.already) == (False, True)
    assert first.at == again.at
    assert first.remains
    assert server.share.store.list("albums") == []
    told = outcomes(server.share.links.get(OWNER, link.ref["link_id"]), Wishes())
    assert [row.kept for row in told if row.topic == "anyone_can_view"] == [False]


def test_a_link_that_is_not_here_counts_as_taken_back(server: ThisServer) -> None:
    link = server.create(album(), Wishes())
    stranger = ThisServer(server.share, "somebody else", server.base_url)
    assert stranger.revoke(link).already
    assert server.share.visits.find(link.url[-22:]) is not None, "and somebody else's stays"


def test_what_cannot_be_done_is_told_with_its_fix(server: ThisServer) -> None:
    with pytest.raises(ProviderProblem, match="whole number") as told:
        server.create(album(), Wishes(max_views=0))
    assert told.value.fix


@pytest.mark.parametrize("stop_after", [2, 3], ids=["in the middle", "before the link"])
def test_a_photo_that_was_taken_out_after_a_cancel_is_never_shared(server: ThisServer, stop_after: int) -> None:
    def stop(progress: Progress) -> None:
        if progress.photos_done == stop_after:
            raise Stopped

    def of(*pictures: bytes) -> Album:
        photos = [AlbumPhoto("a.jpg", "image/jpeg", 64, 48, len(one), lambda one=one: one) for one in pictures]  # type: ignore[misc]
        return Album("key", "By the sea", "", photos)

    first, taken_out, last = (made_photo((n, 120, 100)) for n in (20, 60, 100))
    with pytest.raises(Stopped):
        server.create(of(first, taken_out, last), Wishes(), stop)
    link = server.create(of(first, last), Wishes())
    share, album_id = server.share, link.ref["album_id"]
    assert [share.photos.read(OWNER, album_id, one.id) for one in share.photos.all(OWNER, album_id)] == [first, last]
    kept = [share.store.get(path) for path, _ in share.store.list("albums")]
    assert len(kept) == 4, "two photos, large and small"
    assert taken_out not in kept
