"""What a host hears of: a line for each kind of trouble, never a link, a name or an address."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lib.albums import LinkInfo, Share
from lib.albums.guesses import CALM_FAILURES
from lib.albums.keys import KEY_FILE, Keys
from lib.albums.problems import GuessedTooOften, KeyLost, MayNotCreate, TooFast
from lib.albums.security_log import A_MINUTE, EACH_S, NAME, Event, SecurityLog
from tests.albums.conftest import OWNER, Door, Maker
from tests.albums.test_guesses import Clock

MakeLink = Callable[..., LinkInfo]
ADDRESS = "203.0.113.7"


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, Any]]]:
    """Return what was written until now, as the host's tools read it."""
    caplog.set_level(logging.WARNING, NAME)
    return lambda: [json.loads(record.getMessage()) for record in caplog.records if record.name == NAME]


Heard = Callable[[], list[dict[str, Any]]]


def test_one_kind_from_one_network_is_told_once_a_minute_and_the_rest_is_counted(heard: Heard) -> None:
    clock = Clock()
    log = SecurityLog(Keys(b"k" * 32), now=clock)
    for _ in range(1_000):
        log.tell(Event.LINK_GUESSED, ADDRESS)
    log.tell(Event.UPLOAD_REFUSED, ADDRESS, "TooFast")
    assert [line["event"] for line in heard()] == ["link_guessed", "upload_refused"]
    clock.at += EACH_S
    log.tell(Event.LINK_GUESSED, ADDRESS)
    assert heard()[-1]["left_out"] == 999


def test_ten_thousand_networks_are_told_as_a_few_lines(heard: Heard) -> None:
    log = SecurityLog(Keys(b"k" * 32), now=Clock())
    for number in range(10_000):
        log.tell(Event.LINK_GUESSED, f"10.{number // 256}.{number % 256}.1")
    assert len(heard()) == A_MINUTE


def test_a_network_is_a_hash_that_tells_neighbours_together_and_days_apart(heard: Heard) -> None:
    clock = Clock()
    log = SecurityLog(Keys(b"k" * 32), now=clock)
    log.tell(Event.LINK_GUESSED, ADDRESS)
    log.tell(Event.HOST_GUESSED, "203.0.113.99")
    clock.at += 86_400
    log.tell(Event.LINK_GUESSED, ADDRESS)
    first, neighbour, tomorrow = (line["from"] for line in heard())
    assert first == neighbour != tomorrow
    assert "203" not in json.dumps(heard())
    SecurityLog(Keys(b"k" * 32), addresses=True).tell(Event.LINK_GUESSED, ADDRESS)
    assert heard()[-1]["from"] == ADDRESS


async def test_guessing_reports_and_damage_are_heard_of(
    share: Share, door: Door, make_link: MakeLink, heard: Heard
) -> None:
    locked, link = make_link(share, password="open sesame 7"), make_link(share)
    await door.visitor().open(locked, password="wrong")
    await door.visitor().post(f"{link.path}/report", data={"reason": "abuse", "words": "It shows me."})
    assert share.store.folder
    (share.store.folder / "albums" / link.album_id / share.photos.all(OWNER, link.album_id)[0].id).unlink()
    await door.visitor().get(f"{link.path}/p/1.jpg")
    lines = heard()
    assert [line["event"] for line in lines] == ["link_guessed", "photo_reported", "photo_damaged"]
    told = json.dumps(lines)
    for secret in (link.path[3:], locked.path[3:], link.id, "open sesame", "It shows me", ADDRESS, OWNER):
        assert secret not in told


def test_guessing_the_access_password_is_heard_of(local_share: Maker, heard: Heard) -> None:
    share = local_share(who_may_create="password", access_password="correct horse")
    for number in range(CALM_FAILURES + 3):
        with pytest.raises((MayNotCreate, GuessedTooOften)):
            share.admission.check(OWNER, password=f"guess {number}", address=f"9.9.{number}.1")
    assert {line["event"] for line in heard()} == {"host_guessed", "under_attack"}


def test_a_lost_key_and_links_made_too_fast_are_heard_of(
    local_share: Maker, make_link: MakeLink, heard: Heard, tmp_path: Path
) -> None:
    share = local_share(links_per_hour=1)
    make_link(share)
    with pytest.raises(TooFast):
        share.admission.check(OWNER, address=ADDRESS)
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(KeyLost):
        local_share(links_per_hour=2)
    assert [(line["event"], line.get("detail")) for line in heard()] == [
        ("links_too_fast", None), ("key_trouble", "KeyLost"),
    ]  # fmt: skip
