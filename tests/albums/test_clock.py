"""A clock that jumps neither brings back what is over nor deletes what is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lib.albums import LinkInfo, LinkState, Share, clean_up, link_rows, links, visits
from lib.albums import albums as albums_room
from lib.albums.clock import AWAY_S, SETTLE_S, Clock
from lib.albums.problems import LinkEnded
from lib.albums.tables import links as link_table
from lib.services.base import Wishes
from tests.albums.conftest import OWNER, Maker

MakeLink = Callable[..., LinkInfo]
DAY_S = 86_400.0


class Times:
    """Two clocks: the computer's, which jumps, and the time that really passes."""

    def __init__(self) -> None:
        self.real = 1_000.0
        self.ahead = datetime.now(UTC).timestamp() - self.real

    def wall(self) -> float:
        return self.real + self.ahead


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    """Give the rooms that open, close and delete a clock of the test's own."""
    made = Times()
    for room in (clean_up, links, visits, albums_room):
        monkeypatch.setattr(room, "time", made.wall)
    assert not hasattr(link_rows, "time"), "it is told the time"
    return made


def swept(share: Share, times: Times, told: list[str] | None = None) -> Any:
    share.clean_up._clock = share.clean_up._clock if told is None else Clock(  # noqa: SLF001 - the test's own clock
        share.index, lambda: told.append("jumped"), times.wall, lambda: times.real
    )  # fmt: skip
    return share.clean_up.sweep()


def test_forty_days_ahead_for_a_while_deletes_nothing(any_share: Maker, times: Times, make_link: MakeLink) -> None:
    share, told = any_share(), list[str]()
    link = make_link(share)
    swept(share, times, told)
    times.real += 5
    times.ahead += 40 * DAY_S
    assert not swept(share, times)
    assert told == ["jumped"]
    assert share.visits.find(link.path[3:]) is None, "closed is what it says, and closing is no harm"
    times.real += SETTLE_S / 2
    times.ahead -= 40 * DAY_S
    assert not swept(share, times)
    times.real += SETTLE_S + 1
    swept(share, times)
    assert share.visits.find(link.path[3:]), "the clock is right again, and everything is there"
    assert share.photos.read(OWNER, link.album_id, share.photos.all(OWNER, link.album_id)[0].id)


def test_a_clock_that_stays_ahead_is_believed_in_the_end(share: Share, times: Times, make_link: MakeLink) -> None:
    make_link(share)
    swept(share, times, [])
    times.ahead += 40 * DAY_S
    assert not swept(share, times)
    times.real += SETTLE_S + 1
    assert swept(share, times).albums == 1


def test_a_clock_that_goes_back_opens_no_link_again(any_share: Maker, times: Times, make_link: MakeLink) -> None:
    share = any_share()
    link = make_link(share)
    soon = datetime.fromtimestamp(times.wall(), UTC) + timedelta(hours=1)
    short = share.links.create(OWNER, link.album_id, Wishes(expires_at=soon))
    swept(share, times, [])
    times.real += 3_601
    swept(share, times)
    assert share.visits.find(short.path[3:]) is None
    times.ahead -= DAY_S
    assert share.visits.find(short.path[3:]) is None
    assert share.visits.find(link.path[3:])
    assert share.links.get(OWNER, short.id).state is LinkState.EXPIRED
    times.real += SETTLE_S + 1
    swept(share, times)
    assert share.visits.find(short.path[3:]) is None


def test_a_clock_that_goes_back_undoes_nothing_and_keeps_nothing(
    share: Share, times: Times, make_link: MakeLink
) -> None:
    link = make_link(share)
    swept(share, times, [])
    share.links.revoke(OWNER, link.id)
    times.ahead -= DAY_S
    assert share.links.get(OWNER, link.id).undo_until is None
    with pytest.raises(LinkEnded):
        share.links.undo(OWNER, link.id)
    swept(share, times)
    times.real += SETTLE_S + 1
    assert swept(share, times).albums == 1, "its photos do not wait for another day"


def test_nothing_is_undone_once_the_link_would_have_ended_anyway(
    share: Share, times: Times, make_link: MakeLink
) -> None:
    link = make_link(share)
    share.links.revoke(OWNER, link.id)
    with share.index.write() as connection:
        connection.execute(sa.update(link_table).values(expires_at=times.wall() - 1))
    with pytest.raises(LinkEnded):
        share.links.undo(OWNER, link.id)


def test_an_app_that_was_off_for_long_waits_before_it_deletes(local_share: Maker, times: Times) -> None:
    share, told = local_share(), list[str]()
    swept(share, times, told)
    times.real += AWAY_S + 60
    again = Clock(share.index, lambda: told.append("jumped"), times.wall, lambda: times.real)
    assert not again.may_delete()
    assert told == ["jumped"]
    times.real += SETTLE_S + 1
    assert again.may_delete()


def test_small_corrections_are_normal(share: Share, times: Times) -> None:
    told = list[str]()
    swept(share, times, told)
    for step in (20, -30, 59, -59):
        times.real += 5
        times.ahead += step
        swept(share, times)
    assert told == []
