"""What a sender hears of a link: noted once where it happens, taken by one process, and gone with the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa

from lib.albums import LinkInfo, Share, notifications
from lib.albums import tables as stored
from lib.albums.answers import Fate
from lib.albums.notifications import GIVEN_UP_S, MAX_WAYS, Carrier, News
from lib.albums.problems import LinkGone, TooFast, WishRefused
from lib.albums.visits import OpenLink
from lib.services.base import LinkQuestion
from tests.albums.conftest import OTHER, OWNER, Maker

MakeLink = Callable[..., LinkInfo]
TOPIC: Final = {"to": "https://ntfy.example/my-topic", "language": "de"}


def wish(
    share: Share, link: LinkInfo, *events: News, details: Mapping[str, str] = TOPIC, way: Carrier = Carrier.NTFY
) -> None:  # fmt: skip
    share.notifications.add(OWNER, link.id, way, events or tuple(News), details, where="ntfy.example")


def found(share: Share, link: LinkInfo) -> OpenLink:
    opened = share.visits.find(link.path.removeprefix("/s/"))
    assert opened is not None
    return opened


def rows(share: Share, table: sa.Table) -> list[Any]:
    return list(share.index.rows(sa.select(table)))


def due(share: Share) -> list[tuple[News, str]]:
    return [(one.event, one.details["to"]) for one in share.notifications.take(20)]


def make_due(share: Share, **values: Any) -> None:
    with share.index.write() as connection:
        connection.execute(sa.update(stored.outbox).values(**({"due_at": 1.0} | values)))


@pytest.fixture
def share(any_share: Maker) -> Share:
    return any_share()


def test_nothing_is_told_unless_it_is_asked_for(share: Share, make_link: MakeLink) -> None:
    link = make_link(share, question=LinkQuestion.LIKE)
    assert share.visits.spend(found(share, link))
    assert share.answers.put(found(share, link), "secret", {1: 1}) is Fate.KEPT
    assert due(share) == []
    assert share.notifications.of(OWNER, link.id) == []


def test_the_first_visit_and_an_answer_are_told_once_each(share: Share, make_link: MakeLink) -> None:
    link = make_link(share, question=LinkQuestion.LIKE)
    wish(share, link)
    assert due(share) == []
    assert share.visits.spend(found(share, link))
    assert share.visits.spend(found(share, link))
    (opened,) = share.notifications.take(20)
    assert (opened.event, opened.details["to"], opened.title) == (News.OPENED, TOPIC["to"], "By the sea")
    assert due(share) == []  # taken: no other process sends it as well
    share.notifications.told(opened)
    for browser in ("one", "two"):
        share.answers.put(found(share, link), browser, {1: 1})
    share.answers.put(found(share, link), "one", {2: 1})  # a change is no further answer
    assert due(share) == [(News.ANSWERED, TOPIC["to"])]


def test_only_what_was_chosen_is_told(share: Share, make_link: MakeLink) -> None:
    link = make_link(share, question=LinkQuestion.LIKE)
    wish(share, link, News.ANSWERED)
    share.visits.spend(found(share, link))
    assert due(share) == []
    share.answers.put(found(share, link), "one", {1: 1})
    assert due(share) == [(News.ANSWERED, TOPIC["to"])]


def test_many_visits_at_once_are_told_once(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    wish(share, link)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: share.visits.spend(found(share, link)), range(16)))
    assert due(share) == [(News.OPENED, TOPIC["to"])]


def test_several_processes_share_what_is_due(share: Share, make_link: MakeLink) -> None:
    for _ in range(4):
        link = make_link(share)
        wish(share, link)
        share.visits.spend(found(share, link))
    with ThreadPoolExecutor(4) as pool:
        taken = [one.id for some in pool.map(share.notifications.take, [20] * 4) for one in some]
    assert len(taken) == len(set(taken)) == 4


@pytest.fixture
def looking_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "_PLAN_EVERY_S", -1.0)


@pytest.mark.usefixtures("looking_anew")
def test_an_end_within_a_day_is_told_once_and_again_when_it_moved(share: Share, make_link: MakeLink) -> None:
    link = make_link(share, expires_at=datetime.now(UTC) + timedelta(days=3))
    short = make_link(share, expires_at=datetime.now(UTC) + timedelta(hours=12))
    for one in (link, short):
        wish(share, one)
    share.notifications.plan()
    assert due(share) == []  # a link of half a day was always about to end
    with share.index.write() as connection:  # days later
        passed = sa.update(stored.links).where(stored.links.c.id == link.id)
        in_ten_hours = (datetime.now(UTC) + timedelta(hours=10)).timestamp()
        connection.execute(passed.values(created_at=1.0, expires_at=in_ten_hours))
    share.notifications.plan()
    share.notifications.plan()
    (told,) = share.notifications.take(20)
    assert told.event is News.ENDING
    share.notifications.told(told)
    share.notifications.plan()
    assert rows(share, stored.outbox) == []
    # It was told of an end that is past by now: the next one is news.
    with share.index.write() as connection:
        connection.execute(sa.update(stored.notifications).values(ending_told_at=1.0))
    share.notifications.plan()
    assert due(share) == [(News.ENDING, TOPIC["to"])]


def test_what_does_not_arrive_is_tried_again_later_each_time_and_given_up(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    wish(share, link)
    share.visits.spend(found(share, link))
    for tries, wait_s in enumerate((60, 240, 960, 3_840, 14_400, 14_400)):
        (one,) = share.notifications.take(20)
        assert one.tries == tries
        before = datetime.now(UTC).timestamp()
        share.notifications.not_told(one)
        assert share.notifications.take(20) == []
        (row,) = rows(share, stored.outbox)
        assert before + wait_s <= row.due_at <= datetime.now(UTC).timestamp() + wait_s
        make_due(share)
    (one,) = share.notifications.take(20)
    share.notifications.not_told(one, at_least_s=20_000)
    assert rows(share, stored.outbox)[0].due_at > datetime.now(UTC).timestamp() + 19_000
    make_due(share, created_at=datetime.now(UTC).timestamp() - GIVEN_UP_S - 1)
    assert share.notifications.take(20) == []
    assert rows(share, stored.outbox) == []
    assert len(share.notifications.of(OWNER, link.id)) == 1  # the next thing that happens is told there


def test_a_place_that_is_gone_is_forgotten_for_every_link(share: Share, make_link: MakeLink) -> None:
    first, second = make_link(share), make_link(share)
    other = {"to": "https://ntfy.example/another"}
    for link in (first, second):
        wish(share, link)
    wish(share, second, details=other)
    share.visits.spend(found(share, first))
    share.visits.spend(found(share, second))
    gone = next(one for one in share.notifications.take(20) if one.details["to"] == TOPIC["to"])
    share.notifications.place_is_gone(gone)
    assert share.notifications.of(OWNER, first.id) == []
    assert len(share.notifications.of(OWNER, second.id)) == 1
    make_due(share)
    assert due(share) == [(News.OPENED, other["to"])]


@pytest.mark.usefixtures("looking_anew")
def test_taking_a_link_back_ends_what_it_tells(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share(undo_grace_s=0)
    link, kept = make_link(share), make_link(share)
    wish(share, link)
    wish(share, kept)
    share.visits.spend(found(share, link))
    share.links.revoke(OWNER, link.id)
    assert due(share) == []
    share.notifications.plan()
    assert rows(share, stored.outbox) == []
    assert [row.link_id for row in rows(share, stored.notifications)] == [kept.id]


def test_a_link_that_is_brought_back_tells_again(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    wish(share, link)
    share.links.revoke(OWNER, link.id)
    share.notifications.plan()
    share.links.undo(OWNER, link.id)
    share.visits.spend(found(share, link))
    assert due(share) == [(News.OPENED, TOPIC["to"])]


def test_what_is_kept_of_a_link_that_is_over_for_long_goes_with_it(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    wish(share, link)
    share.visits.spend(found(share, link))
    with share.index.write() as connection:
        connection.execute(sa.update(stored.links).values(revoked_at=1.0, expires_at=1.0))
        connection.execute(sa.update(stored.albums).values(due_at=1.0))
    share.clean_up.sweep()
    share.clean_up.sweep()
    assert rows(share, stored.links) == rows(share, stored.notifications) == rows(share, stored.outbox) == []


def test_an_address_is_a_secret_in_the_index(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    wish(share, link)
    (row,) = rows(share, stored.notifications)
    assert not any("my-topic" in str(value) for value in row)
    (one,) = share.notifications.of(OWNER, link.id)
    assert (one.way, one.where, one.events) == (Carrier.NTFY, "ntfy.example", frozenset(News))
    assert "my-topic" not in repr(one)
    share.visits.spend(found(share, link))
    assert "my-topic" not in repr(share.notifications.take(20))


def test_nobody_else_sees_adds_or_stops_anything(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    wish(share, link)
    (one,) = share.notifications.of(OWNER, link.id)
    assert share.notifications.of(OTHER, link.id) == []
    assert share.notifications.details(OTHER, link.id, one.id) is None
    share.notifications.stop(OTHER, link.id, one.id)
    with pytest.raises(LinkGone):
        share.notifications.add(OTHER, link.id, Carrier.NTFY, [News.OPENED], TOPIC, where="ntfy.example")
    assert share.notifications.details(OWNER, link.id, one.id) == (Carrier.NTFY, TOPIC | {"where": "ntfy.example"})
    share.notifications.stop(OWNER, link.id, one.id)
    share.notifications.stop(OWNER, link.id, one.id)
    assert share.notifications.of(OWNER, link.id) == []


def test_the_same_place_twice_is_one_and_there_is_a_limit(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    wish(share, link, News.OPENED)
    wish(share, link, News.ENDING)
    assert [one.events for one in share.notifications.of(OWNER, link.id)] == [frozenset({News.ENDING})]
    for n in range(MAX_WAYS - 1):
        wish(share, link, details={"to": f"https://ntfy.example/{n}"})
    with pytest.raises(TooFast):
        wish(share, link, details={"to": "https://ntfy.example/one-more"})
    with pytest.raises(WishRefused):
        share.notifications.add(OWNER, link.id, Carrier.NTFY, [], TOPIC, where="ntfy.example")
