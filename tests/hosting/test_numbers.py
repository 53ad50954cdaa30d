"""What the host hears of this server: numbers of what is kept, refused and waits, and never of who came."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from lib.albums import LinkInfo, Share
from lib.albums.security_log import Event
from lib.hosting import metrics
from lib.hosting.duties import duties, urgent_within
from lib.hosting.numbers import due_at, numbers, prometheus

TOKEN = "0123456789abcdef0123456789abcdef"
MakeLink = Callable[..., LinkInfo]


def test_each_number_follows_what_happens(share: Share, make_link: MakeLink) -> None:
    before = numbers(share)
    assert (before.kept.live_links, before.views_today, before.urgent_reports, before.tunnel) == (0, 0, 0, "")
    assert before.backup_at is None
    link = make_link(share)
    found = share.visits.find(link.path[3:])
    assert found
    assert share.visits.spend(found)
    assert share.visits.spend(found)
    for event in (Event.UPLOAD_REFUSED, Event.LINK_GUESSED, Event.LINK_GUESSED, Event.HOST_GUESSED):
        share.security.tell(event, "203.0.113.7")
    for reason in ("child", "spam", "intimate"):
        share.reports.add(link.id, reason, "words")
    one = numbers(share)
    assert (one.kept.live_links, one.views_today, one.views_week) == (1, 2, 2)
    assert (one.uploads_refused_week, one.guesses_week) == (1, 3), "also what the log leaves out"
    assert (one.kept.open_reports, one.urgent_reports, one.overdue_reports) == (3, 2, 0)
    assert one.used_bytes == share.totals.used() > 0
    assert 0 < one.free_bytes <= one.disk_bytes
    late = numbers(share, dt.datetime.now(dt.UTC) + urgent_within() + dt.timedelta(minutes=1))
    assert late.overdue_reports == 2


def test_only_urgent_reports_have_a_clock(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    for reason in ("other", "intimate"):
        share.reports.add(link.id, reason, "")
    first, second = share.reports.all()
    assert first.reason == "intimate"
    assert due_at(first) == first.created_at + dt.timedelta(hours=48)
    assert due_at(second) is None


def test_every_duty_has_a_source() -> None:
    assert {duty.id for duty in duties()} == {"removal_hours", "request_needs", "child"}
    assert all(duty.source.startswith("https://") and duty.when for duty in duties())


def test_nothing_in_the_numbers_names_a_link_or_a_visitor(share: Share, make_link: MakeLink) -> None:
    link = make_link(share, title="Lake Garda", name="Ana")
    share.security.tell(Event.LINK_GUESSED, "203.0.113.7")
    for text in (str(numbers(share).to_dict()), prometheus(numbers(share))):
        for secret in ("203.0.113", link.id, link.path[3:], "Garda", "Ana"):
            assert secret not in text


def test_the_text_for_prometheus_has_one_gauge_for_each_number(share: Share) -> None:
    lines = prometheus(numbers(share)).splitlines()
    names = [line.split()[0] for line in lines if not line.startswith("#")]
    assert names == [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    assert names == [line.split()[2] for line in lines if line.startswith("# HELP ")]
    assert len(set(names)) == len(names) > 10
    assert all(re.fullmatch(r"passalong_[a-z_]+ -?[0-9.e+]+", line) for line in lines if not line.startswith("#"))


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        (None, f"Bearer {TOKEN}", 404), (TOKEN, None, 404), (TOKEN, "Bearer ", 404), (TOKEN, f"bearer {TOKEN}x", 404),
        (TOKEN, TOKEN, 404), (TOKEN, "Bearer ü", 404), (TOKEN, f"Bearer {TOKEN}", 200),
    ],
)  # fmt: skip
async def test_metrics_are_there_only_for_whoever_has_the_token(
    share: Share, token: str | None, given: str | None, status: int
) -> None:
    share.settings = share.settings.model_copy(update={"metrics_token": SecretStr(token) if token else None})
    app = Starlette(routes=metrics.routes(lambda: share))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app.example") as client:
        headers = {"authorization": given.encode("utf-8")} if given else {}
        answer = await client.get("/metrics", headers=headers)
        assert answer.status_code == status
        assert ("passalong_links_open" in answer.text) == (status == 200)
        assert share.happened.lately(1).get("host_guessed", 0) == (1 if token and given and status == 404 else 0)
