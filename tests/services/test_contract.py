"""One suite for every provider that uploads: the same cases, the same words' quality, whatever the vendor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lib.services import registry
from lib.services.base import (
    AlbumPhoto,
    Discards,
    Mends,
    Outcome,
    Progress,
    ProviderProblem,
    Revokes,
    SharedLink,
    Wishes,
)
from lib.services.problems import (
    ConnectionCut,
    PermissionMissing,
    ProviderDown,
    PublicLinksForbidden,
    SignInNeeded,
    StorageFull,
    TooBusy,
)
from tests.services.benches import CHUNK, LARGE, NO_MEND, NO_PASSWORDS, SMALL, Bench, In, album, jpeg, photo

# Cases of this suite that cannot happen to a provider, and why: the table says so too.
NO_NETWORK = "photos go straight to this server's own store: no vendor's API and no connection in between"
NO_MIDDLE = "this server keeps each photo in one write: there is no upload session and no middle of a photo"
NO_SIGN_IN = "nobody signs in with this server: links belong to the browser's own cookie"
NO_OTHERS = "this server has no folders and no organisation: an album opens by its own links only"
NO_DISCARD = "half an album cannot be opened here and is swept within the hour (can_discard is false)"


def not_here(why: str) -> pytest.MarkDecorator:
    """Mark a case that needs a vendor."""
    return pytest.mark.not_applicable("this_server", why)


THREE = (photo("a.jpg", SMALL), photo("b.jpg", jpeg(3)), photo("c.jpg", jpeg(4)))


class Cancelled(Exception):  # noqa: N818 - a press of a button
    """What the page raises when the person presses Cancel."""


def stop_at(photos_done: int, bytes_done: int = 0) -> Callable[[Progress], None]:
    def on_progress(progress: Progress) -> None:
        if progress.photos_done >= photos_done and progress.bytes_done >= bytes_done:
            raise Cancelled

    return on_progress


def outcome(link: SharedLink, topic: str) -> Outcome:
    return next(one for one in link.outcomes if one.topic == topic)


# Making links


def test_one_photo_becomes_a_link_that_a_stranger_opens(bench: Bench) -> None:
    link = bench.open().create(album(), Wishes())
    assert bench.stranger(link) == "open"
    assert (link.photo_count, link.size_bytes, bench.photos()) == (1, len(SMALL), bench.names("beach.jpg"))
    assert outcome(link, "anyone_can_view").kept


def test_a_video_goes_along_under_its_own_kind_of_name(bench: Bench, video: AlbumPhoto) -> None:
    link = bench.open().create(album(photo("a.jpg", SMALL), video), Wishes())
    assert bench.stranger(link) == "open"
    assert (link.photo_count, link.video_count) == (2, 1)
    assert bench.photos() == bench.names("01 a.jpg", "02 Our video.mp4")
    assert sorted(bench.contents()) == sorted((SMALL, video.read()))


def test_a_video_alone_is_one_link(bench: Bench, video: AlbumPhoto) -> None:
    link = bench.open().create(album(video), Wishes())
    assert bench.stranger(link) == "open"
    assert (link.photo_count, link.video_count, bench.photos()) == (1, 1, bench.names("Our video.mp4"))


def test_several_photos_become_one_album_in_their_order(bench: Bench) -> None:
    link = bench.open().create(album(*THREE), Wishes())
    assert bench.stranger(link) == "open"
    assert (bench.albums(), bench.photos()) == (1, bench.names("01 a.jpg", "02 b.jpg", "03 c.jpg"))
    assert "Beach day" in bench.titles()
    assert sorted(bench.contents()) == sorted(one.read() for one in THREE)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("été à la plage.jpg", "été à la plage.jpg"),
        ("a/b\\c:d?.jpg", "a b c d.jpg"),
        ("photo\u202egnp.jpg", "photo gnp.jpg"),  # a mark that turns text around
        ("  .jpg", "photo.jpg"),
        ("con.jpg", "photo.jpg"),  # Windows cannot save that name
        ("x" * 300 + ".jpg", "x" * 80 + ".jpg"),
        ("plage 🏖️.jpg", "plage 🏖️.jpg"),
    ],
)
def test_odd_names_arrive_as_names_that_work_everywhere(bench: Bench, name: str, kept: str) -> None:
    bench.open().create(album(photo(name)), Wishes())
    assert bench.photos() == bench.names(kept)


def test_two_photos_of_the_same_name_both_arrive(bench: Bench) -> None:
    bench.open().create(album(photo("a.jpg"), photo("a.jpg", jpeg(3))), Wishes())
    assert bench.photos() == bench.names("01 a.jpg", "02 a.jpg")


def test_empty_title_gets_a_plain_folder_name(bench: Bench) -> None:
    bench.open().create(album(*THREE, title=""), Wishes())
    assert bench.title("") in bench.titles()


def test_progress_counts_every_byte_and_never_goes_back(bench: Bench) -> None:
    seen: list[Progress] = []
    bench.open().create(album(photo("large.jpg", LARGE), photo()), Wishes(), seen.append)
    counts = [one.bytes_done for one in seen]
    assert counts == sorted(counts)
    assert (seen[-1].bytes_done, seen[-1].photos_done) == (len(LARGE) + len(SMALL), 2)
    assert len(LARGE) in counts, "each photo moves the bar"


@not_here(NO_MIDDLE)
def test_a_large_photo_moves_the_bar_more_than_once(bench: Bench) -> None:
    seen: list[Progress] = []
    bench.open().create(album(photo("large.jpg", LARGE), photo()), Wishes(), seen.append)
    assert len({one.bytes_done for one in seen}) >= len(LARGE) // CHUNK + 1


# Once is once


def test_second_press_gives_the_same_link_and_uploads_nothing(bench: Bench) -> None:
    first = bench.open().create(album(*THREE), Wishes())
    bench.resume.clear()
    received = bench.received
    second = bench.open().create(album(*THREE), Wishes())
    assert (second.url, bench.albums(), bench.received) == (first.url, 1, received)


@not_here(NO_MIDDLE)
def test_cancel_then_press_again_continues_in_the_middle_of_a_photo(bench: Bench) -> None:
    whole = album(photo("large.jpg", LARGE), photo())
    with pytest.raises(Cancelled):
        bench.open().create(whole, Wishes(), stop_at(0, CHUNK))
    assert bench.albums() == 0
    before = bench.received
    assert before >= CHUNK
    bench.open().create(whole, Wishes())
    assert bench.received == len(LARGE) + len(SMALL), "nothing that had arrived is sent again"
    assert bench.albums() == 1


@not_here(NO_MIDDLE)
def test_an_upload_session_that_has_ended_begins_the_photo_again(bench: Bench) -> None:
    whole = album(photo("large.jpg", LARGE))
    with pytest.raises(Cancelled):
        bench.open().create(whole, Wishes(), stop_at(0, CHUNK))
    bench.lose_sessions()
    link = bench.open().create(whole, Wishes())
    assert (bench.stranger(link), bench.photos()) == ("open", ["large.jpg"])


def test_press_again_after_new_photos_leaves_no_old_photo_behind(bench: Bench) -> None:
    with pytest.raises(Cancelled):
        bench.open().create(album(*THREE), Wishes(), stop_at(2))
    bench.open().create(album(THREE[0], THREE[2]), Wishes())
    assert bench.photos() == bench.names("01 a.jpg", "02 c.jpg"), "a photo that was taken out must not be shared"
    assert sorted(bench.contents()) == sorted(one.read() for one in (THREE[0], THREE[2]))


def test_press_again_in_a_new_session_of_the_page_makes_no_second_album(bench: Bench) -> None:
    with pytest.raises(Cancelled):
        bench.open().create(album(*THREE), Wishes(), stop_at(2))
    bench.resume.clear()  # the page was loaded again, as after signing in
    bench.open().create(album(*THREE), Wishes())
    assert (bench.albums(), bench.photos()) == (1, bench.names("01 a.jpg", "02 b.jpg", "03 c.jpg"))


def test_cancel_between_two_photos_then_press_again_sends_nothing_twice(bench: Bench) -> None:
    with pytest.raises(Cancelled):
        bench.open().create(album(*THREE), Wishes(), stop_at(2))
    assert bench.albums() == 0
    link = bench.open().create(album(*THREE), Wishes())
    assert (bench.stranger(link), bench.albums()) == ("open", 1)
    assert bench.received == sum(one.size_bytes for one in THREE)


@not_here(NO_NETWORK)
@pytest.mark.parametrize("what", ["folder", "link"])
def test_answer_lost_on_the_way_back_makes_nothing_twice(bench: Bench, what: str) -> None:
    getattr(bench, f"cut_{what}")()
    link = bench.open().create(album(*THREE), Wishes())
    assert (bench.stranger(link), bench.albums(), bench.titles().count("Beach day")) == ("open", 1, 1)


@not_here(NO_NETWORK)
@pytest.mark.parametrize("after", [False, True], ids=["before it arrived", "after it arrived"])
def test_connection_cut_in_the_middle_of_a_photo_is_survived(bench: Bench, after: bool) -> None:  # noqa: FBT001 - a case of the table
    bench.cut_upload(after=after)
    bench.open().create(album(photo("large.jpg", LARGE), photo()), Wishes())
    assert bench.received == len(LARGE) + len(SMALL)
    assert bench.slept


@not_here(NO_NETWORK)
def test_connection_that_stays_cut_says_so_and_what_is_left(bench: Bench) -> None:
    bench.cut_upload(after=False, times=99)
    with pytest.raises(ConnectionCut) as raised:
        bench.open().create(album(photo(), photo("large.jpg", LARGE)), Wishes())
    assert "1 of 2 photos are in your" in str(raised.value)
    assert "no link" in str(raised.value)
    assert "continues" in raised.value.fix


# Waiting


@not_here(NO_NETWORK)
def test_waits_as_long_as_it_is_asked_to(bench: Bench) -> None:
    bench.busy(3)
    heard: list[str] = []
    bench.open().create(album(), Wishes(), lambda progress: heard.append(progress.doing))
    assert sum(bench.slept) == 3
    assert any("asks us to wait 3 s" in one for one in heard)


@not_here(NO_NETWORK)
def test_cancel_works_while_waiting(bench: Bench) -> None:
    bench.busy(30)

    def press_cancel(progress: Progress) -> None:
        if "wait" in progress.doing:
            raise Cancelled

    with pytest.raises(Cancelled):
        bench.open().create(album(), Wishes(), press_cancel)
    assert sum(bench.slept) < 2


@not_here(NO_NETWORK)
def test_a_wait_longer_than_a_person_takes_is_said(bench: Bench) -> None:
    bench.busy(3600)
    with pytest.raises(TooBusy) as raised:
        bench.open().create(album(), Wishes())
    assert not bench.slept
    assert "few minutes" in raised.value.fix


@not_here(NO_NETWORK)
def test_server_errors_then_success_is_success(bench: Bench) -> None:
    bench.down(2)
    assert bench.stranger(bench.open().create(album(), Wishes())) == "open"
    assert len(bench.slept) >= 2


@not_here(NO_NETWORK)
@pytest.mark.parametrize(
    ("case", "problem"), [("down", ProviderDown), ("hotel", ConnectionCut)], ids=["provider down", "captive portal"]
)
def test_what_stays_broken_is_said(bench: Bench, case: str, problem: type[ProviderProblem]) -> None:
    getattr(bench, case)(99)
    with pytest.raises(problem) as raised:
        bench.open().create(album(), Wishes())
    assert "no link" in str(raised.value)


# What accounts say


@not_here(NO_SIGN_IN)
def test_expired_sign_in_asks_to_sign_in_and_then_continues(bench: Bench) -> None:
    with pytest.raises(Cancelled):
        bench.open().create(album(*THREE), Wishes(), stop_at(1))
    bench.expire()
    with pytest.raises(SignInNeeded) as raised:
        bench.open().create(album(*THREE), Wishes())
    assert "Your photos are still here" in raised.value.fix
    bench.renew()
    assert bench.stranger(bench.open().create(album(*THREE), Wishes())) == "open"
    assert bench.albums() == 1


@not_here(NO_SIGN_IN)
def test_refused_scope_names_the_permission(bench: Bench) -> None:
    bench.take_scope()
    with pytest.raises(PermissionMissing) as raised:
        bench.open().create(album(), Wishes())
    assert "sharing.write" in str(raised.value) or "drive.file" in str(raised.value)
    assert "tick" in raised.value.fix


def test_full_storage_is_said_with_what_to_do(bench: Bench) -> None:
    bench.fill()
    problem, text, fix = bench.full
    with pytest.raises(problem) as raised:
        bench.open().create(album(*THREE), Wishes())
    assert text in str(raised.value)
    assert fix in raised.value.fix
    assert bench.albums() == 0


@not_here("the whole album is weighed before its first photo is kept")
def test_full_storage_says_that_there_is_no_link(bench: Bench) -> None:
    bench.fill()
    with pytest.raises(StorageFull, match="no link"):
        bench.open().create(album(*THREE), Wishes())


@not_here(NO_SIGN_IN)
def test_without_sign_in_nothing_is_sent(bench: Bench) -> None:
    with pytest.raises(SignInNeeded):
        registry.open_provider(bench.provider_id, replace(bench.visit(), credentials=None))
    assert not bench.fake.calls


# Asked and granted


def test_every_wish_has_a_line_that_says_whether_it_was_kept(bench: Bench) -> None:
    wishes = Wishes(expires_at=In(7), password="Sea-1234", max_views=3, allow_download=False)
    link = bench.open().create(album(*THREE), wishes)
    one = bench.open().description
    can = {
        "anyone_can_view": True, "password": one.can_password, "expiry": one.can_expire, "views": one.can_limit_views,
        "download": one.can_block_download,
    }  # fmt: skip
    assert {row.topic: row.kept for row in link.outcomes} == can
    for row in link.outcomes:
        assert row.asked
        assert row.granted
        assert row.kept or row.advice, f"{row.topic} was not granted and nobody says what to do"


@pytest.mark.not_applicable("google_drive", NO_PASSWORDS)
def test_a_password_that_was_granted_is_asked_of_strangers(bench: Bench) -> None:
    link = bench.open().create(album(*THREE), Wishes(password="Sea-1234"))
    assert outcome(link, "password").kept
    assert bench.stranger(link) == "password"


@not_here(NO_MEND)
def test_mend_opens_a_closed_link_in_one_press(bench: Bench) -> None:
    provider = bench.open()
    assert isinstance(provider, Mends)
    link = provider.create(album(*THREE), Wishes())
    bench.restrict_behind(link)
    assert bench.stranger(link) == "closed"
    mended = provider.mend(link.url)
    assert bench.stranger(mended) == "open"
    assert outcome(mended, "anyone_can_view").kept


@not_here(NO_MEND)
def test_mend_of_a_stranger_s_link_says_whose_it_is(bench: Bench) -> None:
    theirs = {
        "dropbox": "https://www.dropbox.com/scl/fi/abcdefghijklmnopqrstu/x.jpg?rlkey=abcdefghijklmnopqrstuvwxy&dl=0",
        "google_drive": "https://drive.google.com/file/d/1AbcdefghijklmnopqrstuvwxyzABCDEF/view",
    }
    provider = bench.open()
    assert isinstance(provider, Mends)
    with pytest.raises(ProviderProblem) as raised:
        provider.mend(theirs[bench.provider_id])
    assert raised.value.fix


@not_here(NO_OTHERS)
def test_organisation_that_forbids_public_links_is_named(bench: Bench) -> None:
    bench.forbid_public()
    if bench.refuses_public_links:
        with pytest.raises(PublicLinksForbidden) as raised:
            bench.open().create(album(*THREE), Wishes())
        assert "organisation" in str(raised.value)
        assert "there is no link" in str(raised.value)
        assert "personal account" in raised.value.fix
    else:  # this vendor makes a link for the team only
        row = outcome(bench.open().create(album(*THREE), Wishes()), "anyone_can_view")
        assert not row.kept
        assert "team" in row.granted


# Taking back


def test_taking_back_closes_the_link_for_strangers(bench: Bench) -> None:
    provider = bench.open()
    assert isinstance(provider, Revokes)
    link = provider.create(album(*THREE), Wishes())
    done = provider.revoke(link)
    assert bench.stranger(link) == "closed"
    assert not done.already
    assert any(bench.where in one for one in done.remains)


@pytest.mark.parametrize("how", ["revoke", "close_behind", "delete_behind"])
def test_taking_back_what_is_closed_already_is_no_error(bench: Bench, how: str) -> None:
    provider = bench.open()
    assert isinstance(provider, Revokes)
    link = provider.create(album(*THREE), Wishes())
    provider.revoke(link) if how == "revoke" else getattr(bench, how)(link)
    assert provider.revoke(link).already
    assert bench.stranger(link) == "closed"


@not_here(NO_OTHERS)
def test_taking_back_warns_of_an_open_folder_above(bench: Bench) -> None:
    provider = bench.open()
    assert isinstance(provider, Revokes)
    link = provider.create(album(*THREE), Wishes())
    bench.open_above(link)
    assert any("above it" in one for one in provider.revoke(link).remains)


@not_here(NO_DISCARD)
def test_discard_leaves_nothing_behind(bench: Bench) -> None:
    provider = bench.open()
    assert isinstance(provider, Discards)
    with pytest.raises(Cancelled):
        provider.create(album(*THREE), Wishes(), stop_at(2))
    assert provider.discard("draft-1")
    assert not bench.photos()
    assert not provider.discard("draft-1")
    assert not bench.resume


# Secrets


def test_nothing_secret_is_in_words_or_reprs(bench: Bench) -> None:
    provider = bench.open()
    link = provider.create(album(*THREE), Wishes(password="Sea-1234"))
    bench.fill()
    with pytest.raises(ProviderProblem) as raised:
        provider.create(album(key="other"), Wishes(password="Sea-1234"))
    said = (str(raised.value), repr(raised.value), raised.value.fix)
    for text in (repr(link), repr(provider), repr(bench.visit()), *said):
        for secret in (*bench.secrets, "Sea-1234", link.url):
            assert secret not in text


@not_here(NO_SIGN_IN)
def test_nothing_secret_is_in_the_words_of_a_refused_sign_in(bench: Bench) -> None:
    bench.expire()
    with pytest.raises(SignInNeeded) as raised:
        bench.open().create(album(), Wishes(password="Sea-1234"))
    for text in (str(raised.value), repr(raised.value), raised.value.fix):
        assert "visitor-access" not in text
        assert "Sea-1234" not in text
