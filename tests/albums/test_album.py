"""One album from its first photo on: what was chosen is kept, and it is given out in one step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from time import time
from typing import Any

import pytest
import sqlalchemy as sa

import lib.photos
from lib.albums import AlbumState, LinkState, PhotoInfo, Share
from lib.albums.problems import (
    AlbumGone,
    DraftGone,
    NoPhotos,
    NoRoom,
    WishRefused,
)
from lib.albums.tables import albums
from lib.albums.tables import photos as photo_rows
from lib.photos import prepare_photo
from lib.services.base import Outcome, Preview, SharedLink
from tests.albums.conftest import OTHER, OWNER, Door, Maker, picture
from tests.conftest import ROOT
from tests.pictures import photo_with_secrets

DoorOf = Callable[[Share], Door]


def add(share: Share, album: str, number: int = 0, **more: Any) -> PhotoInfo:
    photo = prepare_photo(picture(number, (120, 90)))
    return share.photos.add(OWNER, album, name=f"{number}.jpg", photo=photo, **more)


def drafted(share: Share, count: int = 3, **choices: Any) -> str:
    album = share.albums.open(OWNER)
    for number in range(count):
        add(share, album, number)
    if choices:
        share.albums.choose(OWNER, album, **choices)
    return album


# What was chosen


def test_everything_chosen_is_there_again_and_the_password_only_as_its_hash(any_share: Maker) -> None:
    share = any_share()
    album = drafted(share, 2)
    chosen: dict[str, Any] = {
        "title": " By the\x00 sea ", "words": "Look!\nHere", "life_s": 7 * 86_400, "idle_s": 2 * 86_400,
        "max_views": 3, "allow_download": False, "preview": Preview.BLURRED, "name": "For Ben",
        "place": "this-server", "size": "Large", "language": "pt", "tone": "brief",
    }  # fmt: skip
    for name, value in chosen.items():
        share.albums.choose(OWNER, album, **{name: value})
    share.albums.choose(OWNER, album, password="moss lantern gravel")

    found = share.albums.get(OWNER, album)
    assert found.choices.has_password
    assert {name: getattr(found.choices, name) for name in chosen} == chosen | {"title": "By the sea"}
    assert (found.state, found.photo_count, found.link, found.result) == (AlbumState.DRAFT, 2, None, {})
    assert "moss" not in str(share.index.rows(sa.select(albums)))
    with pytest.raises(DraftGone) as told:
        share.albums.get(OTHER, album)
    assert not told.value.expired

    link = share.links.make(OWNER, album)
    assert (link.title, link.words, link.name, link.max_views) == ("By the sea", "Look!\nHere", "For Ben", 3)
    assert (link.has_password, link.allow_download, link.preview) == (True, False, Preview.BLURRED)
    assert abs(link.expires_at.timestamp() - time() - 2 * 86_400) < 60
    assert link.ends_by
    assert abs(link.ends_by.timestamp() - time() - 7 * 86_400) < 60
    again = share.albums.get(OWNER, album)
    assert (again.state, again.link) == (AlbumState.READY, link)
    assert again.choices.has_password, "it says so still"


@pytest.mark.parametrize(
    "choice",
    [
        {"title": "x" * 121}, {"words": "x" * 1_001}, {"name": "x" * 81}, {"life_s": 0}, {"life_s": -5},
        {"life_s": float("nan")}, {"life_s": 1e300}, {"life_s": "x"}, {"life_s": True}, {"life_s": 366 * 86_400},
        {"idle_s": 5}, {"idle_s": float("inf")}, {"idle_s": True}, {"password": "abc"}, {"password": "x" * 201},
        {"password": 1234},
        {"max_views": 0}, {"max_views": 1.5}, {"max_views": "3"}, {"allow_download": "no"}, {"preview": "loud"},
        {"place": "x" * 41}, {"person": "somebody else"}, {"state": "ready"},
    ],
    ids=str,
)  # fmt: skip
def test_a_choice_that_makes_no_sense_is_refused_and_changes_nothing(share: Share, choice: dict[str, Any]) -> None:
    album = drafted(share, 1, title="Sea", password="three words here", max_views=4)
    before = share.albums.get(OWNER, album)
    with pytest.raises(WishRefused) as told:
        share.albums.choose(OWNER, album, **({"tone": "brief"} | choice))
    assert told.value.fix
    assert share.albums.get(OWNER, album).choices == before.choices


def test_a_password_is_changed_and_taken_away(share: Share) -> None:
    album = drafted(share, 1, password="the first one")
    share.albums.choose(OWNER, album, password="the second one")
    assert share.links.make(OWNER, album).has_password
    other = drafted(share, 1, password="the first one")
    share.albums.choose(OWNER, other, password="")
    assert not share.albums.get(OWNER, other).choices.has_password
    assert not share.links.make(OWNER, other).has_password


async def test_the_password_that_was_kept_opens_the_link(share: Share, door: Door) -> None:
    album = drafted(share, 1, title="Secret picnic", password="moss lantern gravel")
    link = share.links.make(OWNER, album)
    assert "Secret picnic" not in (await door.visitor().open(link, password="something else")).text
    assert "Secret picnic" in (await door.visitor().open(link, password="moss lantern gravel")).text


def test_two_tabs_that_choose_different_things_both_win(any_share: Maker) -> None:
    share = any_share()
    album = drafted(share, 1)
    choices: tuple[dict[str, Any], ...] = (
        {"title": "Sea"}, {"words": "Hello"}, {"max_views": 3}, {"name": "Ben"}, {"tone": "brief"}, {"idle_s": 86_400},
    )  # fmt: skip
    start = threading.Barrier(len(choices))

    def choose(choice: dict[str, Any]) -> None:
        start.wait()
        share.albums.choose(OWNER, album, **choice)

    tabs = [threading.Thread(target=choose, args=(choice,)) for choice in choices]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    found = share.albums.get(OWNER, album).choices
    assert all(getattr(found, name) == value for choice in choices for name, value in choice.items())


def test_what_pages_keep_is_there_again_encrypted_and_has_a_limit(any_share: Maker) -> None:
    share = any_share()
    album = drafted(share, 1)
    share.albums.keep(OWNER, album, seen={"opens": True, "where": "https://photos.example/s/secret"})
    share.albums.keep(OWNER, album, receipt={"photos": 1}, problem={"title": "x"})
    share.albums.keep(OWNER, album, problem=None)
    assert share.albums.get(OWNER, album).result == {
        "seen": {"opens": True, "where": "https://photos.example/s/secret"}, "receipt": {"photos": 1},
    }  # fmt: skip
    assert "secret" not in str(share.index.rows(sa.select(albums)))
    with pytest.raises(WishRefused):
        share.albums.keep(OWNER, album, junk="x" * 300_000)
    with pytest.raises(AlbumGone):
        share.albums.keep(OTHER, album, seen={})


def test_a_draft_whose_hour_is_over_says_so_in_its_own_words(any_share: Maker) -> None:
    share = any_share()
    album = drafted(share, 1, title="Private words", password="three words here")
    with share.index.write() as connection:
        connection.execute(sa.update(albums).values(touched_at=time() - 3_601))
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: share.albums.get(OWNER, album),
        lambda: share.albums.choose(OWNER, album, title="x"),
        lambda: share.photos.all(OWNER, album),
        lambda: add(share, album),
        lambda: share.links.make(OWNER, album),
    )
    for swept in (False, True):
        for attempt in attempts:
            with pytest.raises(DraftGone, match="waited longer than an hour and were deleted") as told:
                attempt()
            assert told.value.expired
        if not swept:
            with share.index.write() as connection:
                connection.execute(sa.update(albums).values(due_at=0.0))
            assert share.clean_up.sweep().drafts == 1
    assert share.store.list("albums") == []
    assert "Private words" not in str(share.index.rows(sa.select(albums)))
    assert share.index.rows(sa.select(photo_rows)) == []


@pytest.mark.parametrize(("life_s", "words"), [(7_200, "2 hours"), (1_800, "30 minutes"), (60, "1 minute")])
def test_the_words_follow_the_setting(local_share: Maker, life_s: int, words: str) -> None:
    share = local_share(draft_life_s=life_s)
    album = drafted(share, 1)
    with share.index.write() as connection:
        connection.execute(sa.update(albums).values(touched_at=time() - life_s - 1))
    with pytest.raises(DraftGone, match=f"longer than {words} "):
        share.albums.get(OWNER, album)


# Giving it out


def test_a_draft_that_fits_its_quota_fits_as_a_link(local_share: Maker) -> None:
    photo = prepare_photo(picture(3, (1600, 1200)))
    small = lib.photos.small_photo(photo.data)
    share = local_share(visitor_bytes=len(photo.data) + len(small))
    album = share.albums.open(OWNER)
    share.photos.add(OWNER, album, name="a.jpg", photo=photo)
    assert share.links.make(OWNER, album).state is LinkState.LIVE
    with pytest.raises(NoRoom):
        share.photos.check_room(OWNER, album)


def test_a_link_needs_a_photo(share: Share) -> None:
    album = share.albums.open(OWNER)
    with pytest.raises(NoPhotos, match="none were chosen"):
        share.links.make(OWNER, album)
    assert share.albums.get(OWNER, album).state is AlbumState.DRAFT


def test_what_the_originals_told_is_forgotten_when_the_link_is_made(any_share: Maker) -> None:
    share = any_share()
    album = share.albums.open(OWNER)
    share.photos.add(OWNER, album, name="a.jpg", photo=prepare_photo(photo_with_secrets()))
    (before,) = share.photos.all(OWNER, album)
    assert before.report["latitude"] is not None
    receipt = share.albums.get(OWNER, album).receipt()
    share.links.make(OWNER, album)
    (after,) = share.photos.all(OWNER, album)
    assert after.hidden_kinds == before.hidden_kinds >= {"position"}
    assert set(after.report) == {"removed"}
    assert share.albums.get(OWNER, album).receipt() == receipt
    assert str(before.report["latitude"]) not in str(share.index.rows(sa.select(photo_rows)))


def test_many_presses_at_once_make_one_link(any_share: Maker) -> None:
    share, made = any_share(), []
    album = drafted(share, 2, max_views=2)
    presses = [threading.Thread(target=lambda: made.append(share.links.make(OWNER, album).id)) for _ in range(8)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert len(share.links.all(OWNER)) == 1


PROCESS = """
import json, sys
from pathlib import Path
from lib.albums.host import open_share
from lib.settings import read_settings
told = json.loads(sys.stdin.readline())
share = open_share(read_settings(**told["settings"] | {"data_dir": Path(told["settings"]["data_dir"])}))
print("ready", flush=True)
sys.stdin.readline()
print(share.links.make(told["owner"], told["album"]).id, flush=True)
"""


def beside(share: Share, program: str, **told: Any) -> subprocess.Popen[str]:
    """Start another process on the same database and store."""
    settings = share.settings
    told["settings"] = {
        "data_dir": str(settings.data_dir), "database_url": settings.database_url, "photos_url": settings.photos_url,
        "photos_options": settings.photos_options, "undo_grace_s": settings.undo_grace_s,
        "max_photos": settings.max_photos,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PASSALONG_SECRETS_FILE": os.devnull},
    )  # fmt: skip
    assert process.stdin
    process.stdin.write(json.dumps(told) + "\n")
    process.stdin.flush()
    return process


def test_two_processes_that_make_the_link_at_the_same_moment_make_one(any_share: Maker) -> None:
    share = any_share()
    album = drafted(share, 2)
    started = [beside(share, PROCESS, owner=OWNER, album=album) for _ in range(2)]
    for process in started:
        assert process.stdout
        assert process.stdout.readline().strip() == "ready"
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    made = set()
    for process in started:
        made.add(process.communicate(timeout=60)[0].strip())
        assert process.returncode == 0
    assert made == {link.id for link in share.links.all(OWNER)}
    assert len(made) == 1


def elsewhere(url: str = "https://drive.example/secret") -> SharedLink:
    return SharedLink(
        "google-drive", url, {"file": "x"}, "Sea", 1, 1234, datetime.now(UTC), None,
        (Outcome("expiry", "Ends", "No end", kept=False, advice="Take it back"),),
    )  # fmt: skip


def test_a_link_elsewhere_is_found_again_and_the_photos_here_are_gone(any_share: Maker) -> None:
    share = any_share()
    album = drafted(share, 1, title="Sea", tone="brief")
    receipt = share.albums.get(OWNER, album).receipt()
    share.albums.sent_elsewhere(OWNER, album, elsewhere(), receipt=receipt)
    found = share.albums.get(OWNER, album)
    assert (found.state, found.photos) == (AlbumState.OVER, ())
    assert (found.result["link"]["url"], found.result["receipt"]["photos"]) == ("https://drive.example/secret", 1)
    assert found.choices.tone == "brief"
    share.albums.keep(OWNER, album, seen={"opens": True})
    assert share.albums.get(OWNER, album).result["seen"] == {"opens": True}
    assert [kept.link.url for kept in share.remembered.all(OWNER)] == ["https://drive.example/secret"]
    assert share.store.list("albums") == []
    assert share.totals.used() == 0
    assert "drive.example" not in str(share.index.rows(sa.select(albums)))
