"""Shares of a host: many fresh cookies of one network do not fill it for everybody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from lib.albums import Share
from lib.albums.problems import NoRoom, TooFast
from lib.albums.tables import albums, links, totals
from lib.photos import PreparedPhoto, prepare_photo
from lib.services.base import Wishes
from tests.albums.conftest import OWNER, Maker, picture

HERE, NEAR, THERE = "8.8.4.7", "8.8.4.250", "2a00:1450:4001:80b::1"


@pytest.fixture(scope="module")
def clean() -> PreparedPhoto:
    return prepare_photo(picture(3))


@pytest.fixture(scope="module")
def one(clean: PreparedPhoto) -> int:
    """About how many bytes one photo takes, with its grid size."""
    from lib.photos import small_photo

    return len(clean.data) + len(small_photo(clean.data))


def cookie(number: int) -> str:
    return f"a-cookie-that-is-new-{number:06}"


def send(share: Share, owner: str, clean: PreparedPhoto, address: str | None) -> str:
    album = share.albums.open(owner, address=address)
    share.photos.add(owner, album, name="a.jpg", photo=clean)
    return album


def fill(share: Share, clean: PreparedPhoto, address: Callable[[int], str | None], first: int = 0) -> int:
    """Send one photo with each of forty fresh cookies; return how many were taken."""
    for number in range(40):
        try:
            send(share, cookie(first + number), clean, address(number))
        except NoRoom:
            return number
    return 40


def make_known(share: Share, owner: str, clean: PreparedPhoto) -> None:
    """Let somebody have made a link two days ago."""
    album = send(share, owner, clean, None)
    link = share.links.create(owner, album, Wishes())
    with share.index.write() as connection:
        connection.execute(
            sa.update(links).where(links.c.id == link.id).values(created_at=links.c.created_at - 172_800)
        )


def test_forty_fresh_cookies_get_what_their_network_may_have_and_others_go_on(
    both_stores: Maker, clean: PreparedPhoto, one: int
) -> None:
    share = both_stores(network_bytes=5 * one, host_bytes=30 * one, known_share=0.0)
    assert fill(share, clean, lambda n: (HERE, NEAR)[n % 2]) == 5
    with pytest.raises(NoRoom, match="your network"):
        send(share, cookie(100), clean, HERE)
    send(share, cookie(101), clean, THERE)
    send(share, cookie(102), clean, None)


def test_however_many_networks_there_are_a_part_of_the_host_is_kept_for_known_senders(
    share: Share, local_share: Maker, clean: PreparedPhoto, one: int
) -> None:
    make_known(share, OWNER, clean)
    share = local_share(network_bytes=2 * one, host_bytes=20 * one, known_share=0.5)
    assert fill(share, clean, lambda n: f"8.8.{n}.1") == 9
    assert share.totals.used() <= 10 * one
    with pytest.raises(NoRoom, match="new visitors"):
        send(share, cookie(100), clean, "9.9.9.9")
    for _ in range(5):
        send(share, OWNER, clean, HERE)


def test_a_known_sender_is_not_held_up_by_their_network(
    share: Share, local_share: Maker, clean: PreparedPhoto, one: int
) -> None:
    make_known(share, OWNER, clean)
    share = local_share(network_bytes=2 * one)
    assert fill(share, clean, lambda _: HERE) == 2
    send(share, OWNER, clean, HERE)


@pytest.mark.parametrize("address", ["127.0.0.1", "192.168.1.20", "fd00::7", "::ffff:10.0.0.1", "", "what"])
def test_addresses_behind_which_everybody_may_be_are_no_network(
    local_share: Maker, clean: PreparedPhoto, one: int, address: str
) -> None:
    share = local_share(network_bytes=one)
    assert share.keys.network_mark(address) is None
    assert fill(share, clean, lambda _: address) == 40


def test_where_the_host_asks_for_a_password_nobody_is_new(local_share: Maker, clean: PreparedPhoto, one: int) -> None:
    share = local_share(network_bytes=one, who_may_create="password", access_password="correct horse")
    assert fill(share, clean, lambda _: HERE) == 40


def test_room_comes_back_with_the_photos_and_the_network_is_forgotten(
    any_share: Maker, clean: PreparedPhoto, one: int
) -> None:
    share = any_share(network_bytes=2 * one, undo_grace_s=0)
    first = send(share, cookie(1), clean, HERE)
    link = share.links.create(cookie(1), first, Wishes())
    second = send(share, cookie(2), clean, NEAR)
    with pytest.raises(NoRoom):
        send(share, cookie(3), clean, HERE)
    share.links.revoke(cookie(1), link.id)
    share.clean_up.sweep()
    assert share.index.value(sa.select(links.c.network).where(links.c.id == link.id)) is None
    send(share, cookie(3), clean, HERE)
    share.albums.delete(cookie(2), second)
    share.clean_up.sweep(orphans=True)
    marks = share.index.rows(sa.select(albums.c.id).where(albums.c.network.is_not(None)))
    assert len(marks) == 2, "of the photo that is kept, and of the try that found no room"
    kept = share.index.rows(sa.select(totals).where(totals.c.person.startswith("net:")))
    assert [row.bytes for row in kept] == [share.totals.used()]
    assert HERE not in str(kept)


def test_links_by_the_hour_count_for_a_network_too(local_share: Maker, clean: PreparedPhoto) -> None:
    share = local_share(network_links_per_hour=3, links_per_hour=30)
    made: list[Any] = []
    with pytest.raises(TooFast, match="your network"):  # noqa: PT012 - the fourth
        for number in range(4):
            album = send(share, cookie(number), clean, HERE)
            made.append(share.links.make(cookie(number), album))
    assert len(made) == 3
    with pytest.raises(TooFast, match="3 links in the last hour; 3 is the limit"):
        share.admission.check(cookie(77), address=NEAR)
    share.admission.check(cookie(77), address=THERE)
    share.links.make(cookie(78), send(share, cookie(78), clean, THERE))


def test_forty_at_once_get_what_their_network_may_have_and_not_one_byte_more(
    both_stores: Maker, clean: PreparedPhoto, one: int
) -> None:
    share = both_stores(network_bytes=5 * one)

    def sent(number: int) -> bool:
        try:
            send(share, cookie(number), clean, HERE)
        except NoRoom:
            return False
        return True

    with ThreadPoolExecutor(8) as together:
        assert sum(together.map(sent, range(40))) == 5
    assert share.totals.used() <= 5 * one
    assert share.totals.mend() == 0
