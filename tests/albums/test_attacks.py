"""The attacks that peers did not withstand, one by one.

The numbers are those of a study of fourteen programs that share photos or files; each names what went wrong there.
`ATTACKS` says which test covers each, here or in another room, and a test proves that every one of them is there.
"""

from __future__ import annotations

import ast
import asyncio
import io
import itertools
import json
import re
import shutil
import statistics
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lib.albums import LinkInfo, LinkState, Share, expiry_after
from lib.albums.guesses import CALM_FAILURES, OTHER_PACE_S, Misses, WaitingLine, network, one_address
from lib.albums.photos import clean_name
from lib.albums.problems import LinkEnded, LinkGone, WishRefused
from lib.albums.tables import links
from lib.photos import find_leftovers, prepare_photo
from lib.recipients.gate import VISIT_COOKIE
from lib.recipients.pages import SCRIPT
from lib.services.base import Preview, Wishes
from tests.albums.conftest import OTHER, OWNER, Door, Maker, Photos, Visitor, link_maker, picture
from tests.conftest import ROOT

MakeLink = Callable[..., LinkInfo]
DoorOf = Callable[[Share], Door]

RECIPIENT, SHARE = "tests/albums/test_recipient.py", "tests/albums/test_share.py"
ANSWERS = "tests/albums/test_answers.py"
TELLING = "tests/notifications/test_telling.py"

# number -> (what, file, test). A file that is missing or a test that was renamed fails the last test of this file.
ATTACKS: dict[int, tuple[str, str, str]] = {
    1: ("lost update on a view limit", "tests/albums/test_race.py",
        "test_fifty_visitors_from_two_processes_spend_exactly_the_limit"),
    2: ("counted after, not before", "", "test_02_a_view_is_spent_before_the_first_byte_even_if_the_download_is_cut"),
    3: ("files counted, not visits", "", "test_03_one_view_loads_every_photo_and_every_range"),
    4: ("the cookie outlives the limit", "", "test_04_a_visit_ends_after_twenty_minutes_and_a_used_up_link_stays_shut"),
    5: ("preview machines spend views", "", "test_05_only_a_gesture_spends_a_view"),
    6: ("a GET changes state", "", "test_06_no_get_or_head_changes_anything_but_counts_of_looks"),
    7: ("zero means for ever", "", "test_07_expiry_and_limits_that_make_no_sense_are_refused"),
    8: ("revoked, but not gone", "", "test_08_taking_back_ends_every_address_at_once"),
    9: ("side doors around the gate", "", "test_09_no_side_door_around_the_gate"),
    10: ("one password opens two links", "", "test_10_unlocking_one_link_unlocks_no_other_with_the_same_password"),
    11: ("password in address, log or answer", "", "test_11_a_password_is_never_in_an_address_or_an_answer"),
    12: ("weak storage, guessable cookie", "", "test_12_passwords_are_hashed_and_cookies_cannot_be_made"),
    13: ("brute force, and lock-out", "", "test_13_guessing_from_many_addresses_is_slowed_and_locks_nobody_out"),
    14: ("forged X-Forwarded-For", "tests/albums/test_server.py", "test_a_forged_forwarded_for_gains_nothing"),
    15: ("enumeration", "",
         "test_15_unknown_expired_used_up_and_taken_back_are_answered_alike_in_the_same_time"),
    16: ("others' things by id", SHARE, "test_nobody_else_sees_or_changes_a_link"),
    17: ("a way around who may create", SHARE, "test_the_host_chooses_who_may_create"),
    18: ("a key that widens itself", "", "test_18_a_ticket_opens_its_draft_and_nothing_else"),
    19: ("script in SVG or HTML", "", "test_19_only_raster_photos_are_served_and_never_as_anything_else"),
    20: ("file names", "", "test_20_hostile_file_names_are_shown_harmless"),
    21: ("markup in title and preview", "", "test_21_titles_and_words_stay_text"),
    22: ("path traversal", "", "test_22_paths_lead_nowhere_else"),
    23: ("names and dates in zips", "", "test_23_names_in_a_zip_are_ours"),
    24: ("server-side requests", "tests/links/test_guard.py", ""),
    25: ("image decoders", "tests/photos/test_bad_input.py", ""),
    26: ("metadata survives", "", "test_26_no_canary_comes_out_of_any_address"),
    27: ("orientation and colour", "tests/photos/test_prepare.py", ""),
    28: ("forms as denial of service", "", "test_28_forms_that_are_too_large_too_slow_or_none_are_refused"),
    29: ("framing, referrer, caches", RECIPIENT,
         "test_the_page_has_a_policy_that_allows_our_one_script_and_no_frame_or_stranger"),
    30: ("honest words, glued links", RECIPIENT, "test_text_that_a_chat_glued_to_the_link_does_no_harm"),
    31: ("provider tokens", "tests/services/test_contract.py", ""),
    32: ("abuse", RECIPIENT, "test_a_report_reaches_the_host_and_says_thank_you"),
    33: ("answers lost or doubled", ANSWERS,
         "test_fifty_answers_from_two_processes_are_neither_lost_nor_doubled"),
    34: ("answers sent by another site or origin", ANSWERS,
         "test_other_sites_and_other_origins_cannot_answer"),
    35: ("somebody else's answer changed", ANSWERS, "test_a_forged_or_foreign_key_is_refused"),
    36: ("answers around the gate", ANSWERS,
         "test_protected_and_limited_links_take_answers_only_from_inside"),
    37: ("markup in answers", ANSWERS, "test_what_recipients_write_stays_text"),
    38: ("answers outlive the link, or are read by others", ANSWERS,
         "test_answers_go_when_the_link_goes_and_another_link_keeps_its_own"),
    39: ("a flood of answers", ANSWERS, "test_flooding_is_slowed_per_network_and_per_link"),
    40: ("formulas in the table of answers", "tests/ui/test_answers.py",
         "test_a_name_or_words_that_are_a_formula_are_never_run"),
    41: ("markup in names and prices of photos", "tests/albums/test_sheet.py",
         "test_names_prices_and_lines_stay_text"),
    42: ("lighter copies outlive their photo", "tests/albums/test_lighter.py",
         "test_copies_are_counted_and_go_with_their_photo"),
    43: ("metadata in lighter copies", "tests/albums/test_lighter.py",
         "test_a_copy_holds_nothing_but_the_picture"),
    44: ("a report that tells what is behind the gate", "tests/albums/test_asked_out.py",
         "test_the_form_before_the_gate_names_no_photo_and_takes_none"),
    45: ("bytes before it is asked who sends them", "tests/albums/test_send.py",
         "test_a_wrong_password_ends_the_upload_before_its_photos_are_read"),
    46: ("memory filled through Streamlit's own upload address", "tests/ui/test_uploads.py",
         "test_a_page_without_an_uploader_takes_nothing_and_not_a_byte_is_read"),
    47: ("a full disk, so that nothing can be taken back", "tests/albums/test_full_disk.py",
         "test_where_the_index_cannot_be_written_at_all_the_photos_go_first_and_every_process_knows"),
    48: ("a transfer that goes on after taking back", "tests/albums/test_under_way.py",
         "test_a_zip_that_had_begun_brings_no_further_piece"),
    49: ("guessing the host's access password", "tests/albums/test_guesses.py",
         "test_a_thousand_guesses_from_one_address_are_three"),
    50: ("guessing so that the right person waits", "tests/albums/test_guesses.py",
         "test_two_hundred_addresses_guess_slowly_and_the_right_person_gets_in_at_once"),
    51: ("a planted owner cookie", "tests/albums/test_keys.py",
         "test_only_a_value_that_this_server_sealed_is_somebody"),
    52: ("a key that is lost, empty, weak or another one's", "tests/albums/test_keys.py",
         "test_a_lost_key_is_refused_with_words_and_nothing_is_made_in_its_place"),
    53: ("an old recovery code that keeps its browsers", "tests/albums/test_share.py",
         "test_a_new_code_ends_the_browsers_that_came_with_the_old_one"),
    54: ("many previews of one huge picture", "tests/albums/test_damage.py",
         "test_twenty_chats_that_ask_at_once_get_one_card"),
    55: ("other bytes in the store than were written", "tests/albums/test_damage.py",
         "test_a_damaged_photo_is_not_sent_and_its_sender_hears_of_it"),
    56: ("a store that hangs, cuts, changes or refuses", "tests/albums/test_damage.py",
         "test_a_store_that_fails_is_asked_twice_and_then_there_are_words"),
    57: ("fresh cookies that fill the host", "tests/albums/test_shares.py",
         "test_forty_fresh_cookies_get_what_their_network_may_have_and_others_go_on"),
    58: ("a clock set wrongly", "tests/albums/test_clock.py", "test_forty_days_ahead_for_a_while_deletes_nothing"),
    59: ("a clock set back", "tests/albums/test_clock.py", "test_a_clock_that_goes_back_opens_no_link_again"),
    60: ("another name for this server (DNS rebinding)", "tests/front/test_guard.py",
         "test_a_strange_name_gets_no_page_and_words_for_the_host"),
    61: ("secrets in the lines about attacks", "tests/albums/test_security_log.py",
         "test_guessing_reports_and_damage_are_heard_of"),
    62: ("a message to an address inside the network", TELLING,
         "test_an_address_that_no_message_may_go_to_is_refused"),
    63: ("a name that leads inside only when it is asked", TELLING, "test_a_name_that_leads_inside_is_not_asked"),
    64: ("a message that says who, or which photo", TELLING,
         "test_nothing_says_who_or_which_photo_or_the_address_of_the_link"),
    65: ("addresses of messages in a log", TELLING, "test_addresses_are_never_logged_or_shown"),
    66: ("messages that outlive their link", TELLING, "test_taking_a_link_back_ends_its_messages"),
    67: ("another owner's messages", "tests/albums/test_notifications.py",
         "test_nobody_else_sees_adds_or_stops_anything"),
    68: ("a made-up subscription", TELLING, "test_what_is_no_subscription_is_refused"),
    69: ("a service worker with a say in the app's pages", "tests/notifications/test_worker.py",
         "test_the_worker_stands_alone_below_its_own_path"),
    70: ("a token that does more than it was made for", "tests/http_api/test_links.py",
         "test_a_token_does_what_it_was_made_for_and_nothing_else"),
    71: ("another owner's links by the API", "tests/http_api/test_links.py",
         "test_another_owners_link_is_not_there"),
    72: ("the host's page without its password", "tests/ui/test_host.py",
         "test_without_the_password_there_is_nothing_and_after_wrong_ones_a_wait"),
    73: ("the host's numbers without the token", "tests/hosting/test_numbers.py", ""),
    74: ("photos that nobody reported, for the host", "tests/ui/test_host.py",
         "test_only_what_was_reported_is_ever_looked_at"),
}  # fmt: skip

FILES = (
    "p/1.jpg", "p/1-small.jpg", "p/3.jpg", "save/1.jpg", "p/4.mp4", "p/4-small.jpg", "save/4.mp4", "photos.zip",
    "preview.jpg",
)  # fmt: skip
WHAT = ("", "1", "4", *FILES, "report", "open", "answer")
SECRETS = ("Secret title", "Secret words", "p/1", "photo-0", "og:image", "<video", "video-0", "mp4")


@pytest.fixture
def photos(clean_photos: tuple[bytes, ...], clean_video: bytes) -> Photos:
    """Three photos and a video: whatever is attacked, the video's addresses are among it."""
    return Photos((*clean_photos, clean_video), [])


@pytest.fixture
def make_plain(clean_photos: tuple[bytes, ...]) -> MakeLink:
    """Make links to one photo, where what is in the album does not matter."""
    return link_maker(Photos(clean_photos[:1], []))


def age(share: Share, link: LinkInfo, **values: Any) -> None:
    with share.index.write() as connection:
        connection.execute(links.update().where(links.c.id == link.id).values(**values))


async def opened(door: Door, link: LinkInfo, password: str = "") -> Visitor:
    visitor = door.visitor()
    answer = await visitor.open(link, password=password)
    assert "Secret title" in answer.text
    return visitor


def secret_link(make_link: MakeLink, share: Share, **wishes: Any) -> LinkInfo:
    return make_link(share, title="Secret title", words="Secret words", preview=Preview.COVER, **wishes)


async def test_02_a_view_is_spent_before_the_first_byte_even_if_the_download_is_cut(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = secret_link(make_link, share, max_views=1)
    visitor = await opened(door, link)
    assert share.links.get(OWNER, link.id).views == 1
    async with visitor.stream("GET", f"{link.path}/photos.zip") as answer:
        async for _ in answer.aiter_raw(100):
            break
    assert (await door.visitor().get(link.path)).status_code == 404


async def test_03_one_view_loads_every_photo_and_every_range(share: Share, door: Door, make_link: MakeLink) -> None:
    link = secret_link(make_link, share, max_views=2)
    visitor = await opened(door, link)
    for path in ("p/1.jpg", "p/2.jpg", "p/3.jpg", "p/1-small.jpg", "photos.zip", "save/2.jpg", "p/4.mp4", "save/4.mp4"):
        for headers in ({}, {"range": "bytes=0-10"}, {"range": "bytes=11-"}):
            assert (await visitor.get(f"{link.path}/{path}", headers=headers)).status_code in {200, 206}
    assert share.links.get(OWNER, link.id).views == 1


async def test_04_a_visit_ends_after_twenty_minutes_and_a_used_up_link_stays_shut(
    share: Share, door: Door, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = secret_link(make_link, share, max_views=1)
    visitor = await opened(door, link)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 19 * 60)
    assert (await visitor.get(f"{link.path}/p/1.jpg")).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + 20 * 60 + 2)
    for what in WHAT:
        assert (await visitor.get(f"{link.path}/{what}")).status_code == 404


AGENTS = (
    "WhatsApp/2.23", "facebookexternalhit/1.1", "TelegramBot", "Discordbot/2.0", "Slackbot-LinkExpanding 1.0",
    "Twitterbot/1.0", "LinkedInBot/1.0", "TikTokSpider", "Googlebot/2.1", "SkypeUriPreview", "curl/8.9", "",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
)  # fmt: skip


async def test_05_only_a_gesture_spends_a_view(share: Share, door: Door, make_link: MakeLink) -> None:
    link = secret_link(make_link, share, max_views=1)
    for agent in AGENTS:
        visitor = door.visitor(user_agent=agent, sec_purpose="prefetch", sec_fetch_dest="image")
        for what in WHAT:
            for method in ("GET", "HEAD"):
                await visitor.request(method, f"{link.path}/{what}")
    await door.settled()
    assert share.links.get(OWNER, link.id).views == 0
    await opened(door, link)


async def test_06_no_get_or_head_changes_anything_but_counts_of_looks(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = secret_link(make_link, share, max_views=3, password="abcd")
    before = share.links.get(OWNER, link.id)
    visitor = door.visitor()
    for what in (*WHAT, "revoke", "delete", "open?password=abcd", "report?reason=me", "views", "count"):
        await visitor.get(f"{link.path}/{what}")
        await visitor.head(f"{link.path}/{what}")
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert (await visitor.request(method, link.path)).status_code == 405
    await door.settled()
    assert share.links.get(OWNER, link.id) == before
    assert share.reports.all() == []


NOW = datetime.now(UTC)
NO_EXPIRY = (
    datetime.fromtimestamp(0, UTC), NOW, NOW - timedelta(days=1), NOW + timedelta(days=400),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    NOW.replace(tzinfo=None) + timedelta(days=3), 0, -1, float("nan"), 1e309, "", "never", True,
)  # fmt: skip


@pytest.mark.parametrize("wish", NO_EXPIRY, ids=range(len(NO_EXPIRY)))
def test_07_expiry_and_limits_that_make_no_sense_are_refused(share: Share, make_plain: MakeLink, wish: Any) -> None:
    with pytest.raises(WishRefused):
        make_plain(share, expires_at=wish)
    link = make_plain(share)
    with pytest.raises(WishRefused):
        share.links.change(OWNER, link.id, expires_at=wish)
    assert share.links.get(OWNER, link.id).expires_at == link.expires_at


@pytest.mark.parametrize("wish", [0, -1, 1.5, float("nan"), float("inf"), "3", True, 10**9])
def test_07_a_view_limit_that_makes_no_sense_is_refused(share: Share, make_plain: MakeLink, wish: Any) -> None:
    with pytest.raises(WishRefused):
        make_plain(share, max_views=wish)
    link = make_plain(share, max_views=3)
    with pytest.raises(WishRefused):
        share.links.change(OWNER, link.id, max_views=wish)
    assert share.links.get(OWNER, link.id).max_views == 3


@pytest.mark.parametrize("amount", [0, -1, 1, float("nan"), float("inf"), 1e309, 86_400 * 366, True, "7d", None])
def test_07_a_life_in_seconds_that_makes_no_sense_is_refused(share: Share, amount: Any) -> None:
    with pytest.raises(WishRefused):
        expiry_after(amount, share.settings)


@pytest.mark.parametrize("password", ["", "   ", "abc", "x" * 201, 1234, "\u200b\u200b"])
def test_07_a_password_that_is_none_is_refused(share: Share, make_plain: MakeLink, password: Any) -> None:
    with pytest.raises(WishRefused):
        make_plain(share, password=password)


async def test_08_taking_back_ends_every_address_at_once(
    any_share: Maker, door_of: DoorOf, make_link: MakeLink
) -> None:
    share = any_share(undo_grace_s=60)
    door = door_of(share)
    link, other = secret_link(make_link, share), secret_link(make_link, share, max_views=5)
    paths = {found.id: share.links.addresses(OWNER, found.id) for found in (link, other)}
    stranger, guest = door.visitor(), await opened(door, other)
    tags = {path: (await stranger.get(path)).headers.get("etag", "") for path in paths[link.id]}
    assert any(tags.values())
    share.links.revoke_all(OWNER)
    for path in paths[link.id]:
        for headers in ({}, {"if-none-match": tags[path] or "*"}, {"range": "bytes=0-5"}):
            answer = await stranger.get(path, headers=headers)
            assert (answer.status_code, answer.headers["cache-control"]) == (404, "private, no-store"), path
    for path in paths[other.id]:
        assert (await guest.get(path)).status_code == 404, "an unlock cookie ends too"
    share.links.undo(OWNER, other.id)
    assert "Secret" not in (await guest.get(other.path)).text, "and stays ended after undoing"
    share.links.revoke_as_host(link.id)
    share.links.revoke_as_host(other.id)
    assert share.store.list("albums") == []


@pytest.mark.parametrize(
    "state",
    ["no cookie", "wrong password", "cookie of another link", "expired", "taken back", "used up", "changed password"],
)
async def test_09_no_side_door_around_the_gate(  # noqa: C901 - one state after the other
    share: Share, door: Door, make_link: MakeLink, state: str
) -> None:
    link = secret_link(make_link, share, password="abcd", max_views=1)
    visitor = door.visitor()
    await visitor.get(link.path)
    gone = state in {"expired", "taken back", "used up"}
    if state == "wrong password":
        await visitor.post(f"{link.path}/open", data={"password": "efgh"})
    elif state == "cookie of another link":
        twin = secret_link(make_link, share, password="abcd")
        await visitor.open(twin, password="abcd")
        visitor.cookies.set(VISIT_COOKIE, visitor.cookies[VISIT_COOKIE], path=link.path)
    elif state in {"expired", "taken back", "changed password"}:
        visitor = await opened(door, link, "abcd")
    elif state == "used up":
        await opened(door, link, "abcd")
    if state == "expired":
        age(share, link, expires_at=time.time() - 1)
    elif state == "taken back":
        share.links.revoke(OWNER, link.id)
    elif state == "changed password":
        share.links.change(OWNER, link.id, password="other one", max_views=9)
    for method, what in itertools.product(("GET", "HEAD", "POST"), WHAT):
        if method == "POST" and what == "report" and not gone:
            continue  # whoever sees the neutral page may report it
        answer = await visitor.request(method, f"{link.path}/{what}")
        assert answer.headers["content-type"].startswith("text/html"), (what, answer.status_code)
        assert "etag" not in answer.headers
        assert not any(secret in answer.text for secret in SECRETS), what
        if gone or what in FILES:
            assert answer.status_code == 404, what


async def test_10_unlocking_one_link_unlocks_no_other_with_the_same_password(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    first, second = (secret_link(make_link, share, password="abcd") for _ in range(2))
    same_album = share.links.create(OWNER, first.album_id, Wishes(password="abcd"))
    visitor = await opened(door, first, "abcd")
    cookie = visitor.cookies[VISIT_COOKIE]
    for link in (second, same_album):
        for path in (link.path, f"{link.path}/p/1.jpg"):
            answer = await visitor.get(path, headers={"cookie": f"{VISIT_COOKIE}={cookie}"})
            assert "Secret" not in answer.text
            assert answer.headers["content-type"].startswith("text/html")


async def test_11_a_password_is_never_in_an_address_or_an_answer(
    share: Share, door: Door, make_link: MakeLink, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    link = secret_link(make_link, share, password="Hunter2-Hunter2")
    visitor = door.visitor()
    answers = [
        await visitor.get(f"{link.path}?password=Hunter2-Hunter2"),
        await visitor.post(f"{link.path}/open?password=Hunter2-Hunter2", data={"password": "Hunter2-wrong"}),
        await visitor.post(f"{link.path}/open", data={"password": "Hunter2-Hunter2"}),
        await visitor.get(link.path),
    ]
    assert "Secret title" not in answers[0].text
    assert answers[1].status_code == 403
    assert "Secret title" in answers[3].text
    for answer in answers:
        assert "Hunter2" not in answer.text + str(answer.headers)
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("lib."))
    assert "Hunter2" not in ours
    assert link.path not in ours
    assert "Hunter2" not in repr(share.links.all(OWNER)) + repr(Wishes(password="Hunter2"))


async def test_12_passwords_are_hashed_and_cookies_cannot_be_made(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = secret_link(make_link, share, password="abcd")
    twin = secret_link(make_link, share, password="abcd")
    hashes = [share.visits.find(found.path[3:]).password_hash for found in (link, twin)]  # type: ignore[union-attr]
    assert all(found.startswith("$argon2id$") for found in hashes)
    assert hashes[0] != hashes[1]
    visitor = await opened(door, link, "abcd")
    good = visitor.cookies[VISIT_COOKIE]
    forged = [good[:-1], good[:-2] + ("AA" if good[-2:] != "AA" else "BB"), good.replace(".", ""), "", "null", "1",
              share.keys.sign("ticket", [link.id, 1]), "x" * 7000, good + "\x00"]  # fmt: skip
    for cookie in forged:
        answer = await door.visitor().get(link.path, headers={"cookie": f"{VISIT_COOKIE}={cookie}"})
        assert "Secret" not in answer.text
    changed = share.links.change(OWNER, link.id, password="abcd")
    assert "Secret" not in (await visitor.get(changed.path)).text, "a new password, even the same one, ends visits"


async def test_13_guessing_from_many_addresses_is_slowed_and_locks_nobody_out(
    share: Share, door: Door, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = secret_link(make_link, share, password="abcd")
    for n in range(CALM_FAILURES):
        async with door.visitor(f"198.51.{n}.9") as visitor:
            assert (await visitor.post(f"{link.path}/open", data={"password": "guess"})).status_code == 403

    compared: list[str] = []
    begun = asyncio.Event()

    def compare(_hashed: str, typed: str) -> bool:
        compared.append(typed)
        begun.set()
        return typed == "abcd"

    monkeypatch.setattr("lib.recipients.gate.password_fits", compare)

    async def guess_on(worker: int) -> None:
        """Guess from one address after the other, of 200, until it is called off."""
        for n in itertools.count(worker):
            async with door.visitor(f"127.9.{n % 200}.{worker}") as guesser:
                await guesser.post(f"{link.path}/open", data={"password": f"guess {n}"})

    started = time.monotonic()
    guessing = [asyncio.create_task(guess_on(worker)) for worker in range(24)]
    await asyncio.wait_for(begun.wait(), 60)
    behind = []
    for n in range(20):
        async with door.visitor(f"203.0.{n}.7") as person:
            slot = re.search('name="slot" value="([^"]+)"', (await person.get(link.path)).text)
            assert slot is not None
            before = len(compared)
            form = {"password": "abcd", "slot": slot[1]}
            answer = await person.post(f"{link.path}/open", data=form)
            assert answer.status_code == 303, "the right password gets in at the first try"
            behind.append(compared.index("abcd", before) - before)
    taken = time.monotonic() - started
    for task in guessing:
        task.cancel()
    await asyncio.gather(*guessing, return_exceptions=True)
    assert max(behind) <= 2, "nobody waits behind those who guess, but for who is being looked at"
    assert len(compared) - 20 <= 2 + taken / OTHER_PACE_S, "and guessing goes slowly, however many addresses do it"


async def test_13_a_try_that_was_not_looked_at_is_no_miss(
    share: Share, door: Door, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = secret_link(make_link, share, password="abcd")
    monkeypatch.setattr("lib.albums.guesses.LINE", 0)
    visitor = door.visitor("203.0.113.9")
    for _ in range(5):
        busy = await visitor.post(f"{link.path}/open", data={"password": "abcd"})
        assert busy.status_code == 429
        assert busy.headers["retry-after"] == "5"
    monkeypatch.undo()
    await visitor.get(link.path)
    assert (await visitor.post(f"{link.path}/open", data={"password": "abcd"})).status_code == 303


async def test_13_a_page_that_was_given_to_another_network_or_link_does_not_go_before_others(
    share: Share, door: Door, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, other = (secret_link(make_link, share, password="abcd") for _ in range(2))
    seen: list[float | None] = []
    turn = WaitingLine.turn

    def looking(line: WaitingLine, door: str, **who: Any) -> Any:
        seen.append(who["fresh_since"])
        return turn(line, door, **who)

    monkeypatch.setattr(WaitingLine, "turn", looking)
    async with door.visitor("203.0.113.9") as one, door.visitor("198.51.100.4") as two:
        slot = re.search('name="slot" value="([^"]+)"', (await one.get(link.path)).text)
        assert slot is not None
        form = {"password": "guess", "slot": slot[1]}
        await two.post(f"{link.path}/open", data=form)
        await one.post(f"{other.path}/open", data=form)
        await one.post(f"{link.path}/open", data=form)
        await one.post(f"{link.path}/open", data=form)
    assert [since is None for since in seen] == [True, True, False, True], "once, for who was given it"


async def test_13_each_wrong_password_of_an_address_waits_longer(share: Share, door: Door, make_link: MakeLink) -> None:
    link, other = (secret_link(make_link, share, password="abcd") for _ in range(2))
    visitor = door.visitor("203.0.113.9")
    answers = [await visitor.post(f"{link.path}/open", data={"password": "guess"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429]
    assert int(answers[3].headers["retry-after"]) >= 1
    assert "Please wait" in answers[3].text
    right = await visitor.post(f"{link.path}/open", data={"password": "abcd"})
    assert right.status_code == 429, "even the right one waits, else waiting tells nothing"
    await opened(door, link, "abcd")  # another address is not held up
    assert "Secret title" in (await visitor.open(other, password="abcd")).text, "nor is another link"


def test_13_the_wait_doubles_up_to_a_minute_and_an_ipv6_network_is_one_address() -> None:
    now = 1000.0
    guard = Misses(lambda: now)
    waits = []
    for n in range(12):
        guard.missed("link", f"2001:db8::{n:x}")
        waits.append(guard.wait_s("link", "2001:db8::ffff"))
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert guard.wait_s("link", "2001:db8:0:1::1") == 0
    now += 3601
    guard.missed("link", "2001:db8::1")
    assert guard.wait_s("link", "2001:db8::1") == 0, "forgotten after a quiet hour"
    assert one_address("::ffff:192.0.2.1") == one_address("192.0.2.1")
    assert network("192.0.2.1") == network("192.0.2.254") != network("192.0.3.1")
    assert "2001" not in repr(guard)


async def test_15_unknown_expired_used_up_and_taken_back_are_answered_alike_in_the_same_time(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    expired, used, taken = (secret_link(make_link, share, password="abcd", max_views=1) for _ in range(3))
    await opened(door, used, "abcd")
    age(share, expired, expires_at=time.time() - 1)
    share.links.revoke(OWNER, taken.id)
    paths = {"unknown": "/s/" + "A" * 22, "expired": expired.path, "used up": used.path, "taken back": taken.path}
    visitor = door.visitor()
    for what in WHAT:
        for method, form in (("GET", None), ("POST", {"password": "abcd"})):
            answers = [await visitor.request(method, f"{path}/{what}", data=form) for path in paths.values()]
            seen = {(a.status_code, a.content, str(sorted(a.headers.items()))) for a in answers}
            assert len(seen) == 1, (what, method)
            assert answers[0].status_code == 404
    times: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(150):
        for name, path in paths.items():
            started = time.process_time()
            await visitor.get(path)
            times[name].append(time.process_time() - started)
    middles = [statistics.median(found) for found in times.values()]
    assert max(middles) < min(middles) * 1.25 + 0.0002, middles


def test_15_tokens_are_long_and_never_alike(share: Share, make_link: MakeLink) -> None:
    album = make_link(share).album_id
    paths = {share.links.create(OWNER, album, Wishes()).path for _ in range(20)}
    assert len(paths) == 20
    assert all(re.fullmatch(r"/s/[A-Za-z0-9_-]{22}", path) for path in paths), "132 bits"


def test_18_a_ticket_opens_its_draft_and_nothing_else(share: Share) -> None:
    from lib.albums.problems import DraftGone, TicketRefused

    draft = share.albums.open(OWNER)
    ticket = share.tickets.write(OWNER, draft)
    assert share.tickets.read(ticket) == (OWNER, draft)
    assert OWNER not in ticket
    with pytest.raises(DraftGone):
        share.tickets.write(OTHER, draft)
    for forged in ("", "x", ticket[:-1], ticket + "x", share.keys.sign("visit", [draft, share.keys.box(OWNER)]), "💥",
                   share.keys.sign("ticket", [draft, OWNER]), "a" * 9000):  # fmt: skip
        with pytest.raises(TicketRefused):
            share.tickets.read(forged)


async def test_19_only_raster_photos_are_served_and_never_as_anything_else(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share)
    visitor = door.visitor(accept="text/html,image/svg+xml")
    for n in (1, 2, 3):
        for path in (f"p/{n}.jpg", f"p/{n}-small.jpg", f"save/{n}.jpg"):
            answer = await visitor.get(f"{link.path}/{path}")
            assert answer.headers["content-type"] == "image/jpeg"
            assert "sandbox" in answer.headers["content-security-policy"]
            assert answer.content.startswith(b"\xff\xd8\xff")
    for ending in ("svg", "html", "png", "jpg.html", "jpeg"):
        assert (await visitor.get(f"{link.path}/p/1.{ending}")).status_code == 404


HOSTILE = (
    '"><img src=x onerror=alert(1)>.jpg', "a\r\nSet-Cookie: x=1.jpg", "..\\..\\windows\\x.jpg", "../../etc/passwd",
    "C:\\con.jpg", "\\\\server\\share\\x.jpg", "x" * 300 + ".jpeg", "gpj.\u202exe.jpg", "\x00.jpg", "",
    "👨‍👩‍👧 naïve.jpg", "/", "\ud800.jpg",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_20_hostile_file_names_are_shown_harmless(share: Share, name: str) -> None:
    plain = clean_name(name)
    assert 0 < len(plain) <= 120
    assert not set(plain) & set("/\\\r\n\x00\u202e")
    draft = share.albums.open(OWNER)
    kept = share.photos.add(OWNER, draft, name=name, photo=prepare_photo(picture()))
    assert share.photos.all(OWNER, draft)[0].name == kept.name == plain


MARKUP = (
    "</title><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "0;url=https://evil.example",
    '"><meta http-equiv="refresh" content="0;url=//evil.example">', "{{ 7 * 7 }}{% raw %}", "' onmouseover='x",
    "&lt;b&gt;",
    "<!--", "javascript:alert(1)", "\u202eevil",
)  # fmt: skip


@pytest.mark.parametrize("text", MARKUP)
async def test_21_titles_and_words_stay_text(share: Share, door: Door, make_plain: MakeLink, text: str) -> None:
    from html.parser import HTMLParser

    link = make_plain(share, title=text, words=text, preview=Preview.COVER)
    page = (await door.visitor(host='evil.example"><b>').get(link.path)).text
    tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            assert tag != "script" or attrs == [("src", SCRIPT), ("type", "module")]
            assert not any(name.startswith("on") or name == "http-equiv" for name, _ in attrs)

    Reader().feed(page)
    assert tags.count("img") == 1
    assert tags.count("title") == 1
    assert tags.count("script") == 1, "the gallery's own, by its address"
    assert "49" not in page.partition("<h1")[2].partition("</h1>")[0]
    plain = share.links.get(OWNER, link.id).title
    assert "\u202e" not in plain
    escaped = (
        plain.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&#34;")
        .replace("'", "&#39;")
    )
    assert f'<h1 dir="auto">{escaped}</h1>' in page


TRAVERSALS = (
    "../", "..\\", "%2e%2e/", "%2e%2e%5c", "..%2f..%2f", "....//", "C:\\", "\\\\server\\x", "%00", "p//1.jpg",
    "p/1.jpg/..", "p/01.jpg", "p/-1.jpg", "p/0.jpg", "p/1e1.jpg", "p/999.jpg", "p/1.JPG", "p/\u0661.jpg", "~root",
    ".git/config",
)  # fmt: skip


async def test_22_paths_lead_nowhere_else(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    (share.settings.data_dir / "photos" / "outside.jpg").write_bytes(b"SECRET")
    visitor = door.visitor()
    tried = [
        (f"{link.path}/{bad}", f"/s/{bad}", f"/s/{bad}secret.key", f"/s/_/{bad}", f"{link.path}/p/{bad}outside.jpg")
        for bad in TRAVERSALS
    ]
    for path in (path for paths in tried for path in paths):
        answer = await visitor.get(path)
        assert answer.status_code in {200, 404}, path
        assert answer.headers["content-type"].startswith("text/html"), path
        assert b"SECRET" not in answer.content
    outside = share.settings.data_dir / "secret.key"
    for stored in ("../secret.key", "albums/../../secret.key", "/etc/passwd"):
        with pytest.raises(Exception) as told:  # noqa: PT011 - any refusal will do, bytes would not
            share.store.get(stored)
        assert outside.read_text() not in str(told.value)


async def test_23_names_in_a_zip_are_ours(share: Share, door: Door, clean_photos: tuple[bytes, ...]) -> None:
    album = Photos(clean_photos * 4, []).album(title="../../evil", words="")
    hostile = [replace(photo, name="../../evil.sh") for photo in album.photos]
    link = share.links.create(OWNER, share.intake.take(OWNER, type(album)("k", album.title, "", hostile)), Wishes())
    answer = await door.visitor().get(f"{link.path}/photos.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="photos.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
    assert len(set(names)) == 12
    assert all(re.fullmatch(r"photo-\d\d\.jpg", name) for name in names)


async def test_26_no_canary_comes_out_of_any_address(share: Share, door: Door) -> None:
    canary = "CANARY-7f3a"
    image = Image.effect_noise((800, 600), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = exif[0x0131] = exif[0x013B] = exif[0x9286] = canary
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    made = io.BytesIO()
    image.save(made, "JPEG", exif=exif, comment=canary.encode(), xmp=f"<x:xmpmeta>{canary}</x:xmpmeta>".encode())
    original = made.getvalue() + canary.encode()
    assert original.count(canary.encode()) >= 5
    draft = share.albums.open(OWNER)
    share.photos.add(OWNER, draft, name=f"{canary}.jpg", photo=prepare_photo(original))
    (waiting,) = share.photos.all(OWNER, draft)
    data = share.photos.read(OWNER, draft, waiting.id)
    link = share.links.create(
        OWNER, share.intake.take(OWNER, Photos((data,), []).album()), Wishes(preview=Preview.COVER)
    )
    visitor = door.visitor()
    served = 0
    for path in share.links.addresses(OWNER, link.id):
        answer = await visitor.get(path)
        assert canary.encode() not in answer.content + str(answer.headers).encode(), path
        if answer.headers.get("content-type", "").startswith("image/"):
            served += 1
            assert find_leftovers(answer.content) == ()
    assert served == 4, "photo, grid size, saved photo and preview"


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is missing: ./tests/tools.sh installs it")
async def test_26_exiftool_finds_nothing_private_in_anything_served(
    share: Share, door: Door, make_link: MakeLink, tmp_path: Path
) -> None:
    link = make_link(share, preview=Preview.BLURRED)
    visitor = door.visitor()
    for n, path in enumerate(("p/1.jpg", "p/1-small.jpg", "save/2.jpg", "preview.jpg")):
        (tmp_path / f"{n}.jpg").write_bytes((await visitor.get(f"{link.path}/{path}")).content)
    (tmp_path / "photos.zip").write_bytes((await visitor.get(f"{link.path}/photos.zip")).content)
    with zipfile.ZipFile(tmp_path / "photos.zip") as archive:
        archive.extractall(tmp_path / "zip")
    command = ["exiftool", "-json", "-G", "-r", "-ext", "jpg", "-ext", "zip", str(tmp_path)]
    ran = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told = json.loads((await ran.communicate())[0])
    assert len(told) == 4 + 1 + 3
    for found in told:
        groups = {name.partition(":")[0] for name in found} - {"SourceFile"}
        assert groups <= {"ExifTool", "File", "JFIF", "Composite", "ZIP"}, found
        assert "GPS" not in str(found)
        assert found.get("ZIP:ZipModifyDate", "1980:01:01 00:00:00") == "1980:01:01 00:00:00"


async def test_28_forms_that_are_too_large_too_slow_or_none_are_refused(
    share: Share, door: Door, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = secret_link(make_link, share, password="abcd")
    visitor = door.visitor()
    await visitor.get(link.path)
    monkeypatch.setattr("lib.recipients.request.FORM_S", 0.2)

    async def slow() -> Any:
        yield b"password=ab"
        await asyncio.sleep(30)
        yield b"cd"

    form = "application/x-www-form-urlencoded"
    for content, kind in (
        (b"password=" + b"a" * 20_000, form), (b"&".join(b"a=1" for _ in range(5_000)), form), (b"\xff\xfe=%ff", form),
        (b'{"password": "abcd"}', "application/json"), (b"--x\r\n", "multipart/form-data; boundary=x"), (slow(), form),
    ):  # fmt: skip
        answer = await visitor.post(f"{link.path}/open", content=content, headers={"content-type": kind})
        assert answer.status_code == 400
        assert "Secret" not in answer.text
    assert share.links.get(OWNER, link.id).views == 0


async def test_a_page_of_another_site_can_not_press_the_button(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share, max_views=1)
    visitor = door.visitor()
    await visitor.get(link.path)
    answer = await visitor.post(f"{link.path}/open", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    await visitor.post(f"{link.path}/report", data={"reason": "me"}, headers={"sec-fetch-site": "cross-site"})
    assert share.reports.all() == []
    assert share.links.get(OWNER, link.id).views == 0


def test_what_is_over_is_never_brought_back_by_changing_it(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    share.links.revoke(OWNER, link.id)
    for change in ({"expires_at": NOW + timedelta(days=3)}, {"max_views": None}, {"password": None}, {"title": "x"}):
        with pytest.raises(LinkEnded):
            share.links.change(OWNER, link.id, **change)  # type: ignore[arg-type]
    assert share.links.get(OWNER, link.id).state is LinkState.TAKEN_BACK
    with pytest.raises(LinkGone):
        share.links.get(OWNER, link.id + "' OR 1=1 --")


@pytest.mark.parametrize("number", ATTACKS)
def test_every_attack_names_a_test_that_is_there(number: int) -> None:
    _what, file, test = ATTACKS[number]
    path = ROOT / file if file else ROOT / "tests" / "albums" / "test_attacks.py"
    names = {
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert any(name.startswith("test_") for name in names)
    assert not test or test in names


def test_every_requirement_in_the_security_notes_names_tests_that_are_there() -> None:
    told = re.findall(r"`(tests/[\w/.]+)::(\w+)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert len(told) > 30
    missing = [f"{file}::{test}" for file, test in told if f"def {test}(" not in (ROOT / file).read_text("utf-8")]
    assert not missing, missing
