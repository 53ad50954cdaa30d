"""The store suite: albums, links and what belongs to them, on SQLite with a folder and on PostgreSQL with S3."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any

import pytest
import sqlalchemy as sa

from lib.albums import LinkInfo, LinkState, Share
from lib.albums.albums import HISTORY_DAYS
from lib.albums.clean_up import ORPHAN_S
from lib.albums.happened import Happened
from lib.albums.keys import hashed
from lib.albums.problems import (
    AlbumGone,
    CodeRefused,
    LinkEnded,
    LinkGone,
    MayNotCreate,
    NoPhotos,
    NoRoom,
    StoreDown,
    TooFast,
    TooManyPhotos,
    WishRefused,
)
from lib.albums.tables import albums, links
from lib.albums.tables import photos as photo_rows
from lib.photos import find_leftovers
from lib.services.base import Album, AlbumPhoto, Outcome, Preview, Progress, SharedLink, Wishes
from lib.settings import SettingsProblem
from tests.albums.conftest import OTHER, OWNER, Maker, Photos, full, small

MakeLink = Callable[..., LinkInfo]


class Stopped(Exception):  # noqa: N818 - a person pressed Cancel
    pass


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def age(share: Share, table: sa.Table, row_id: str, **values: Any) -> None:
    """Let time pass for one row; with it the moment comes when the clean-up looks at albums."""
    with share.index.write() as connection:
        connection.execute(sa.update(albums).values(due_at=0.0))
        connection.execute(sa.update(table).where(table.c.id == row_id).values(**values))


def bytes_of(share: Share, prefix: str = "albums") -> int:
    return len(share.store.list(prefix))


def test_an_album_becomes_a_link_that_its_owner_finds_again(any_share: Maker, photos: Photos) -> None:
    share = any_share()
    seen: list[Progress] = []
    album = share.intake.take(OWNER, photos.album(title=" By the\x00 sea\u202e "), seen.append)
    made = share.links.create(OWNER, album, Wishes(name="Ben", max_views=3, expires_at=in_days(2)))

    (found,) = share.links.all(OWNER)
    assert found == made
    assert (found.title, found.name, found.photo_count, found.views_left) == ("By the sea", "Ben", 3, 3)
    assert found.size_bytes == sum(len(data) for data in photos.data)
    assert found.state is LinkState.LIVE
    assert abs((found.expires_at - in_days(2)).total_seconds()) < 60
    assert len(found.path) == len("/s/") + 22
    assert [progress.photos_done for progress in seen] == [0, 1, 2, 3]
    assert full(share, album, 2) == photos.data[1]
    assert find_leftovers(small(share, album, 2)) == ()
    assert share.links.of_path(OWNER, f"https://example.org{found.path}?x=1").id == found.id
    assert share.visits.find(found.path.removeprefix("/s/")) is not None
    assert found.path not in repr(found)


def test_the_index_keeps_no_token_and_no_remembered_address(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    link = make_link(share, password="correct horse")
    share.remembered.add(OWNER, elsewhere("https://drive.example/secret-path"))
    everything = str([share.index.rows(sa.select(table)) for table in (links, albums)])
    everything += str(share.index.rows(sa.text("SELECT * FROM remembered")))
    for secret in (link.path.removeprefix("/s/"), "secret-path", "correct horse", OWNER):
        assert secret not in everything


def test_creating_again_continues_where_it_stopped_and_never_makes_a_second_album(
    any_share: Maker, photos: Photos
) -> None:
    share = any_share()

    def stop_at_the_second(progress: Progress) -> None:
        if progress.photos_done == 1:
            raise Stopped

    with pytest.raises(Stopped):
        share.intake.take(OWNER, photos.album(), stop_at_the_second)
    assert photos.reads == [0]
    assert share.links.all(OWNER) == []

    album = share.intake.take(OWNER, photos.album())
    assert photos.reads == [0, 0, 1, 2], "the first photo was kept already: it is only compared"
    assert share.intake.take(OWNER, photos.album()) == album
    assert bytes_of(share) == 6
    first = share.links.create(OWNER, album, Wishes(), key="first")
    assert share.links.create(OWNER, album, Wishes(), key="first").id == first.id
    assert len(share.links.all(OWNER)) == 1
    assert bytes_of(share) == 6


def test_two_tabs_that_create_the_same_album_at_once_make_one(any_share: Maker, photos: Photos) -> None:
    share, made = any_share(), []
    threads = [threading.Thread(target=lambda: made.append(share.intake.take(OWNER, photos.album()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert len(share.visits.photos_of(made[0])) == 3


def test_nobody_else_sees_or_changes_a_link(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    link = make_link(share)
    assert share.links.all(OTHER) == []
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: share.links.get(OTHER, link.id),
        lambda: share.links.of_path(OTHER, link.path),
        lambda: share.links.change(OTHER, link.id, title="Mine"),
        lambda: share.links.revoke(OTHER, link.id),
        lambda: share.links.undo(OTHER, link.id),
        lambda: share.links.addresses(OTHER, link.id),
    )
    for attempt in attempts:
        with pytest.raises(LinkGone):
            attempt()
    for attempt in (
        lambda: share.links.create(OTHER, link.album_id, Wishes()),
        lambda: small(share, link.album_id, owner=OTHER),
        lambda: full(share, link.album_id, owner=OTHER),
    ):
        with pytest.raises(AlbumGone):
            attempt()
    assert share.links.revoke_all(OTHER) == 0
    assert share.links.all(OWNER) == [link]


def test_several_links_on_one_album_end_one_by_one(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share(undo_grace_s=0)
    ana = make_link(share, name="Ana")
    ben = share.links.create(OWNER, ana.album_id, Wishes(name="Ben", max_views=1))
    assert share.links.revoke(OWNER, ana.id).state is LinkState.TAKEN_BACK
    assert share.links.get(OWNER, ben.id).state is LinkState.LIVE
    assert bytes_of(share) == 6, "Ben's link still shows the photos"
    share.links.revoke(OWNER, ben.id)
    assert bytes_of(share) == 0
    with pytest.raises(AlbumGone):
        share.links.create(OWNER, ana.album_id, Wishes())


def test_taking_back_can_be_undone_for_a_moment_and_then_drops_the_bytes(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share(undo_grace_s=60)
    link = make_link(share)
    taken = share.links.revoke(OWNER, link.id)
    assert taken.undo_until is not None
    assert share.visits.find(link.path[3:]) is None, "gone at once for everybody"
    share.clean_up.sweep()
    assert share.links.undo(OWNER, link.id).state is LinkState.LIVE
    assert share.visits.find(link.path[3:]) is not None

    share.links.revoke(OWNER, link.id)
    age(share, links, link.id, revoked_at=time() - 61)
    with pytest.raises(LinkEnded):
        share.links.undo(OWNER, link.id)
    assert share.clean_up.sweep().albums == 1
    assert bytes_of(share) == 0
    assert share.links.get(OWNER, link.id).undo_until is None
    assert len(share.links.addresses(OWNER, link.id)) == 6 + 4 * 3, "the proof still knows every address"
    assert share.links.revoke(OWNER, link.id).taken_back_at == share.links.get(OWNER, link.id).taken_back_at


def test_what_ended_meanwhile_is_not_brought_back(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share(undo_grace_s=60)
    link = make_link(share)
    share.links.revoke(OWNER, link.id)
    age(share, links, link.id, expires_at=time() - 1)
    with pytest.raises(LinkEnded):
        share.links.undo(OWNER, link.id)
    assert share.links.get(OWNER, link.id).taken_back_at is not None


def test_the_host_takes_a_link_back_without_undoing(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share(undo_grace_s=60)
    link = make_link(share)
    assert share.links.revoke_as_host(link.id)
    assert not share.links.revoke_as_host(link.id)
    assert bytes_of(share) == 0
    with pytest.raises(LinkEnded):
        share.links.undo(OWNER, link.id)


def test_a_link_is_changed_later(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    link = make_link(share)
    changed = share.links.change(
        OWNER, link.id, name="Ben", title="Sea", words="One\nTwo", expires_at=in_days(5), password="abcd",
        max_views=2, allow_download=False, preview=Preview.BLURRED,
    )  # fmt: skip
    assert (changed.name, changed.title, changed.words) == ("Ben", "Sea", "One\nTwo")
    assert (changed.has_password, changed.max_views, changed.allow_download) == (True, 2, False)
    assert changed.preview is Preview.BLURRED
    again = share.links.change(OWNER, link.id, password=None, max_views=None)
    assert (again.has_password, again.max_views, again.title) == (False, None, "Sea")


def test_a_used_up_link_comes_back_with_a_higher_limit_and_an_ended_one_never(
    any_share: Maker, make_link: MakeLink
) -> None:
    share = any_share()
    link = make_link(share, max_views=1)
    opened = share.visits.find(link.path[3:])
    assert opened is not None
    assert share.visits.spend(opened)
    assert not share.visits.spend(opened)
    assert share.links.get(OWNER, link.id).state is LinkState.USED_UP
    assert share.links.change(OWNER, link.id, max_views=2).state is LinkState.LIVE
    age(share, links, link.id, expires_at=time() - 1)
    assert share.links.get(OWNER, link.id).state is LinkState.EXPIRED
    with pytest.raises(LinkEnded):
        share.links.change(OWNER, link.id, expires_at=in_days(3))
    other = make_link(share)
    share.links.revoke(OWNER, other.id)
    with pytest.raises(LinkEnded):
        share.links.change(OWNER, other.id, title="Too late")


def test_opened_times_are_rounded_to_the_hour(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    link = make_link(share)
    opened = share.visits.find(link.path[3:])
    assert opened is not None
    share.visits.spend(opened)
    share.visits.count_bot(link.id)
    share.visits.count_own_look(link.id)
    seen = share.links.get(OWNER, link.id)
    assert (seen.views, seen.bot_previews, seen.own_looks) == (1, 1, 1)
    assert seen.first_opened_at == seen.last_opened_at
    assert seen.first_opened_at is not None
    assert (seen.first_opened_at.minute, seen.first_opened_at.second, seen.first_opened_at.microsecond) == (0, 0, 0)


def test_a_recovery_code_takes_the_links_to_another_device(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    mine, theirs = make_link(share), make_link(share, owner=OTHER)
    old, code = share.owners.recovery_code(OWNER), share.owners.recovery_code(OWNER)
    with pytest.raises(CodeRefused):
        share.owners.recover(OTHER, old)
    typed = code.lower().replace("-", " ").replace("0", "o")
    assert share.owners.recover(OTHER, typed) == 2
    for device in (OWNER, OTHER):
        assert {link.id for link in share.links.all(device)} == {mine.id, theirs.id}
    assert share.links.get(OTHER, mine.id).path == mine.path
    draft = share.albums.open(OTHER)
    assert share.photos.all(OWNER, draft) == []


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA-AAAA", "x" * 5000, "\u202e" * 20, "💥"])
def test_a_made_up_recovery_code_is_refused(share: Share, code: str) -> None:
    with pytest.raises(CodeRefused):
        share.owners.recover(OWNER, code)


def test_an_account_keeps_links_and_signing_out_leaves_nothing_behind(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    link = make_link(share)
    account = share.owners.for_account("google|1234")
    assert account == share.owners.for_account("google|1234") != share.owners.for_account("google|1235")
    share.owners.claim(OWNER, account)
    share.owners.claim(OWNER, account)
    assert [found.id for found in share.links.all(account)] == [link.id]
    assert share.links.all(OWNER) == [], "a shared computer shows nothing after signing out"
    row = share.visits.find(link.path[3:])
    assert row is not None
    assert row.person in share.owners.looks_as(OWNER), "but its looks still count as the owner's own"


def elsewhere(url: str) -> SharedLink:
    return SharedLink(
        "google_drive", url, {"file": "x"}, "Sea", 3, 1234, datetime.now(UTC), None,
        (Outcome("expiry", "Ends", "No end", kept=False, advice="Take it back"),),
    )  # fmt: skip


def test_links_of_other_providers_are_remembered_once_marked_and_forgotten(any_share: Maker) -> None:
    share, link = any_share(), elsewhere("https://drive.example/a")
    first = share.remembered.add(OWNER, link)
    assert share.remembered.add(OWNER, link) == first
    (kept,) = share.remembered.all(OWNER)
    assert kept.link == link
    assert share.remembered.all(OTHER) == []
    with pytest.raises(LinkGone):
        share.remembered.forget(OTHER, first)
    share.remembered.mark_revoked(OWNER, first)
    assert share.remembered.all(OWNER)[0].revoked_at is not None
    share.remembered.forget(OWNER, first)
    assert share.remembered.all(OWNER) == []


def test_a_clean_up_deletes_what_is_over_and_nothing_else(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    living, ended = make_link(share), make_link(share)
    unlinked = share.intake.take(OWNER, Photos((full(share, living.album_id),), []).album("never linked"))
    age(share, links, ended.id, expires_at=time() - 1)
    assert share.clean_up.sweep().albums == 1
    age(share, albums, unlinked, touched_at=time() - 3601)
    assert share.clean_up.sweep().drafts == 1
    assert bytes_of(share) == 6
    assert share.clean_up.sweep(orphans=True) == type(share.clean_up.sweep())()
    assert {link.state for link in share.links.all(OWNER)} == {LinkState.LIVE, LinkState.EXPIRED}

    age(share, links, ended.id, expires_at=time() - HISTORY_DAYS * 86_400 - 1)
    assert share.clean_up.sweep().history
    assert [link.id for link in share.links.all(OWNER)] == [living.id]
    assert {row.album_id for row in share.index.rows(sa.select(photo_rows))} == {living.album_id}


def test_a_crash_leaves_nothing_half_visible_and_the_clean_up_finds_it(
    any_share: Maker, photos: Photos, make_link: MakeLink
) -> None:
    share = any_share()

    def crash(progress: Progress) -> None:
        if progress.photos_done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        share.intake.take(OWNER, photos.album("half"), crash)
    half = share.index.value(sa.select(albums.c.id).where(albums.c.state == "draft"))
    assert share.links.all(OWNER) == []
    age(share, albums, half, touched_at=time() - 3601)
    with pytest.raises(AlbumGone):
        share.links.create(OWNER, half, Wishes())
    with pytest.raises(AlbumGone):
        full(share, half)
    assert share.clean_up.sweep().drafts == 1
    assert bytes_of(share) == 0

    # Between marking an album and deleting its bytes:
    link = make_link(share)
    age(share, albums, link.album_id, state="over")
    assert share.visits.find(link.path[3:]) is None
    assert share.clean_up.sweep().albums == 1
    assert bytes_of(share) == 0


def test_bytes_that_no_row_knows_are_deleted_after_a_day(
    tmp_path: Any, local_share: Maker, make_link: MakeLink
) -> None:
    import os

    share = local_share()
    link = make_link(share)
    for path in ("albums/lost/photo", f"albums/{link.album_id}/lost", "drafts/lost/photo"):
        share.store.put(path, b"left by a crash")
        old = time() - ORPHAN_S - 60
        os.utime(tmp_path / "photos" / path, (old, old))
    share.store.put("albums/new/photo", b"being written now")
    assert share.clean_up.sweep(orphans=True).orphans == 3
    assert bytes_of(share) == 6 + 1


def test_the_database_file_shrinks_after_a_clean_up(local_share: Maker, make_link: MakeLink) -> None:
    share = local_share(links_per_hour=1000)
    for _ in range(30):
        make_link(share, words="a long text " * 80)
    share.index.free_space()
    file = share.settings.data_dir / "passalong.db"
    before = file.stat().st_size
    with share.index.write() as connection:
        connection.execute(sa.update(links).values(expires_at=time() - HISTORY_DAYS * 86_400 - 9))
        connection.execute(sa.update(albums).values(due_at=0.0))
    share.clean_up.sweep()
    with share.index.write() as connection:
        connection.execute(sa.update(albums).values(due_at=0.0))
    share.clean_up.sweep()
    assert share.links.all(OWNER) == []
    assert bytes_of(share) == 0
    assert file.stat().st_size < before / 1.3
    assert b"a long text" not in file.read_bytes(), "deleted words are overwritten"


def test_status_tells_the_host_what_is_kept(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    assert share.status().oldest_link_at is None
    link, ended = make_link(share), make_link(share)
    share.links.revoke_as_host(ended.id)
    share.reports.add(link.id, "me", "Please take me off")
    now = share.status()
    assert (now.live_links, now.ended_links, now.albums, now.photos, now.open_reports) == (1, 1, 1, 3, 1)
    assert now.photo_bytes == share.totals.used(share.owners.person(OWNER)) > link.size_bytes
    assert now.oldest_link_at == link.created_at


def test_reports_reach_the_host(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    link = make_link(share, title="Sea")
    for reason in ("me", "<script>", "harm"):
        share.reports.add(link.id, reason, "words\x00 here")
    found = share.reports.all()
    assert sorted(report.reason for report in found) == ["harm", "me", "other"]
    assert {(report.link_id, report.title, report.words, report.link_opens) for report in found} == {
        (link.id, "Sea", "words here", True)
    }
    assert share.reports.close(found[0].id)
    assert not share.reports.close(found[0].id)
    assert len(share.reports.all()) == 2
    for _ in range(40):
        share.reports.add(link.id, "spam", "")
    assert len(share.reports.all()) == 20
    for reason in ("intimate", "child", "intimate"):
        share.reports.add(link.id, reason, "", 2)
    first = share.reports.all()
    assert len(first) == 23, "no flood of others crowds these out"
    assert [(report.reason, report.urgent, report.photo) for report in first[:3]] == [
        ("child", True, 2), ("intimate", True, 2), ("intimate", True, 2),
    ]  # fmt: skip
    assert first[1].created_at <= first[2].created_at
    assert not first[3].urgent
    assert len(share.reports.asked_out(OWNER)) == 1, "the sender reads none of these"


def test_what_happened_is_counted_by_the_day_and_forgotten(any_share: Maker) -> None:
    share = any_share()
    now = 20_000 * 86_400.0
    happened = Happened(share.index, lambda: now)
    other = Happened(share.index, lambda: now)  # another process
    for each in (happened, happened, other):
        each.count("view")
    other.keep()
    assert happened.lately(1) == {"view": 3}
    now += 86_400
    happened.count("host_guessed")
    assert happened.lately(1) == {"host_guessed": 1}
    assert happened.lately(2) == {"host_guessed": 1, "view": 3}
    now += 90 * 86_400
    happened.count("view")
    happened.keep()
    assert other.lately(1_000) == {"host_guessed": 1, "view": 1}, "the first day is long gone"


# Limits, quotas, who may create


def test_an_album_has_a_limit_of_photos_and_takes_only_clean_kinds(local_share: Maker, photos: Photos) -> None:
    share = local_share(max_photos=2)
    with pytest.raises(TooManyPhotos, match="3 photos"):
        share.intake.take(OWNER, photos.album())
    with pytest.raises(NoPhotos):
        share.intake.take(OWNER, Album("k", "", "", []))
    svg = AlbumPhoto("x.svg", "image/svg+xml", 1, 1, 5, lambda: b"<svg>")
    with pytest.raises(WishRefused):
        share.intake.take(OWNER, Album("k", "", "", [svg]))


def test_quotas_hold_for_a_visitor_and_for_the_host(local_share: Maker, photos: Photos) -> None:
    total = sum(len(data) for data in photos.data)
    share = local_share(visitor_bytes=total * 2, host_bytes=total * 3)
    share.intake.take(OWNER, photos.album("1"))
    with pytest.raises(NoRoom, match="limit for one visitor"):
        share.intake.take(OWNER, photos.album("2"))
    share.intake.take(OTHER, photos.album("1"))
    with pytest.raises(NoRoom, match="All photos on this server"):
        share.intake.take("somebody-else-entirely", photos.album("1"))


def test_a_visitor_makes_only_so_many_links_an_hour(local_share: Maker, make_link: MakeLink) -> None:
    share = local_share(links_per_hour=2)
    link = make_link(share)
    make_link(share)
    with pytest.raises(TooFast, match="2 is the limit"):
        make_link(share)
    with pytest.raises(TooFast):
        share.admission.check(OWNER)
    share.admission.check(OTHER)
    age(share, links, link.id, created_at=time() - 3700)
    make_link(share)


def test_the_host_chooses_who_may_create(local_share: Maker) -> None:
    local_share().admission.check(OWNER)
    signed_in = local_share(who_may_create="signed_in")
    signed_in.admission.check(OWNER, signed_in=True)
    password = local_share(who_may_create="password", access_password="open sesame")
    password.admission.check(OWNER, password="open sesame")
    for refusing, shown in ((signed_in, None), (password, None), (password, "open")):
        with pytest.raises(MayNotCreate):
            refusing.admission.check(OWNER, password=shown)
    unset = local_share(who_may_create="password")
    with pytest.raises(MayNotCreate, match="has set none"):
        unset.admission.check(OWNER, password="")


@pytest.mark.parametrize(
    ("url", "missing"),
    [
        ("https://photos.example.org", True),
        ("https://8.8.8.8", True),
        ("http://192.168.1.20:8501", False),
        ("http://localhost:8501", False),
        ("http://[::1]:8501", False),
        ("http://nas.local", False),
        (None, False),
    ],
)
def test_a_public_host_that_made_no_choice_is_told(local_share: Maker, url: str | None, missing: bool) -> None:  # noqa: FBT001 - a table
    assert local_share(public_url=url).admission.choice_missing is missing
    assert not local_share(public_url=url, who_may_create="anyone").admission.choice_missing


def test_a_photo_store_that_cannot_be_opened_names_its_setting(local_share: Maker) -> None:
    with pytest.raises(SettingsProblem, match="photos_url"):
        local_share(photos_url="nonsense://x")


def test_a_database_that_does_not_answer_says_so_without_its_address(local_share: Maker) -> None:
    with pytest.raises(StoreDown) as told:
        local_share(database_url="postgresql://who:secret@127.0.0.1:9/x")
    assert "secret" not in str(told.value)


THIRD = "owner-secret-of-cem-0123456789"


def test_browsers_that_came_with_the_code_are_listed_and_can_be_signed_out(
    any_share: Maker, make_link: MakeLink
) -> None:
    share = any_share()
    mine, code = make_link(share), share.owners.recovery_code(OWNER)
    assert [(one.here, one.since) for one in share.owners.browsers(OWNER)] == [(True, None)]
    for device in (OTHER, THIRD):
        share.owners.recover(device, code)
    seen = share.owners.browsers(OTHER)
    assert [one.here for one in seen] == [False, True, False]
    assert seen[0].since is None
    share.owners.sign_out(OTHER, seen[1].id)
    assert share.links.all(OTHER), "nobody signs themselves out here"
    share.owners.sign_out(OWNER, seen[1].id)
    assert share.links.all(OTHER) == []
    assert [link.id for link in share.links.all(THIRD)] == [mine.id]
    with pytest.raises(CodeRefused):
        share.owners.recover(OTHER, code)
    # The first one was lost: the third signs everybody else out.
    share.owners.sign_out(THIRD)
    assert share.links.all(OWNER) == []
    assert [link.id for link in share.links.all(THIRD)] == [mine.id]
    assert [one.here for one in share.owners.browsers(THIRD)] == [True]
    assert share.owners.looks_as(OWNER) == (hashed(OWNER),)
    share.owners.recover(OTHER, share.owners.recovery_code(THIRD))
    assert [link.id for link in share.links.all(OTHER)] == [mine.id]


@pytest.mark.parametrize("keep", [True, False])
def test_a_new_code_ends_the_browsers_that_came_with_the_old_one(
    share: Share, make_link: MakeLink, keep: bool  # noqa: FBT001 - a table
) -> None:  # fmt: skip
    make_link(share)
    share.owners.recover(OTHER, share.owners.recovery_code(OWNER))
    share.owners.recovery_code(OWNER, keep_others=keep)
    assert bool(share.links.all(OTHER)) is keep
    assert share.links.all(OWNER)


def test_a_view_is_spent_only_on_the_link_that_was_looked_at(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    link = make_link(share, password="the first one 1", max_views=3)
    seen = share.visits.find(link.path[3:])
    assert seen
    share.links.change(OWNER, link.id, password="the second one 2")
    assert not share.visits.spend(seen), "its password was another one"
    now = share.visits.find(link.path[3:])
    assert now
    assert share.visits.spend(now)
    with share.index.write() as connection:
        connection.execute(sa.update(links).where(links.c.id == link.id).values(expires_at=time() - 1))
    assert not share.visits.spend(now), "it ended meanwhile"
    assert share.links.get(OWNER, link.id).views == 1


def test_signing_in_leaves_a_browser_that_came_with_a_code_its_own_list(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    link = make_link(share)
    share.owners.recover(OTHER, share.owners.recovery_code(OWNER))
    account = share.owners.for_account("google|1234")
    share.owners.claim(OTHER, account)
    assert [one.id for one in share.links.all(account)] == [link.id]
    assert [one.id for one in share.links.all(OTHER)] == [link.id], "it is a browser of this person, not only a look"
    new = "owner-secret-of-dia-0123456789"
    share.owners.claim(new, account)
    assert share.links.all(new) == []
    assert share.owners.person(account) in share.owners.looks_as(new)
