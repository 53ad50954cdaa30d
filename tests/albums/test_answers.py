"""Recipients answer without account and script: kept once, changed, taken back, read by the sender alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import time
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from lib.albums import LinkInfo, Share
from lib.albums.answers import MAX_ANSWER_WORDS, MAX_ANSWERS, totals
from lib.albums.problems import LinkGone
from lib.albums.tables import albums, answers, links
from lib.recipients.answering import ANSWER_COOKIE, OF_NETWORK
from lib.recipients.translations import LANGUAGES
from lib.services.base import LinkQuestion, Wishes
from tests.albums.conftest import OTHER, OWNER, Door, Maker, Photos, Visitor
from tests.albums.test_race import race

MakeLink = Callable[..., LinkInfo]
DoorOf = Callable[[Share], Door]


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found, "the page asks nothing"
    return found[1]


async def answer(
    visitor: Visitor, link: LinkInfo, headers: dict[str, str] | None = None, **form: str
) -> httpx.Response:
    """Do what a person does: look at the page, fill in its form and send it."""
    page = (await visitor.get(link.path)).text
    return await visitor.post(f"{link.path}/answer", data={"key": key_of(page)} | form, headers=headers)


def kept(share: Share) -> list[Any]:
    return list(share.index.rows(sa.select(answers)))


@pytest.mark.parametrize("question", [LinkQuestion.LIKE, LinkQuestion.ONE, LinkQuestion.MANY])
async def test_an_answer_arrives_and_the_sender_reads_it(
    any_share: Maker, door_of: DoorOf, make_link: MakeLink, question: LinkQuestion
) -> None:
    share = any_share()
    door, link = door_of(share), make_link(share, name="For Ana", question=question)
    form = (
        {"one": "2"}
        if question is LinkQuestion.ONE
        else {"p1": "", "p2": "1" if question is LinkQuestion.LIKE else "4"}
    )
    visitor = door.visitor()
    sent = await answer(visitor, link, **form, words="The dog!\nYes", name="Ana")
    assert sent.status_code == 200
    assert "Your answer has arrived" in sent.text
    assert "Chosen: 2" in sent.text
    (found,) = share.answers.all(OWNER, link.album_id)
    assert (found.who, found.words, found.question) == ("Ana", "The dog!\nYes", question)
    assert dict(found.chosen) == {2: 4 if question is LinkQuestion.MANY else 1}
    info = share.links.get(OWNER, link.id)
    assert (info.question, info.answers, info.new_answers) == (question, 1, 1)
    share.answers.look(OWNER, link.id)
    assert share.links.get(OWNER, link.id).new_answers == 0


async def test_an_answer_is_changed_and_taken_back_by_the_cookie_that_it_set(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share, question=LinkQuestion.LIKE)
    visitor = door.visitor()
    assert "set-cookie" not in (await visitor.get(link.path)).headers, "looking sets no cookie"
    sent = await answer(visitor, link, p1="1", p3="1", words="first")
    cookie = sent.headers["set-cookie"]
    assert f"Path={link.path};" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = (await visitor.get(link.path)).text
    assert "Your answer has arrived" in page
    assert [bool(mark) for mark in re.findall(r'class="pick"[^>]*?( checked)?>', page)] == [True, False, True]
    assert ">first</textarea>" in page
    await answer(visitor, link, p2="1", words="second")
    (found,) = share.answers.all(OWNER, link.album_id)
    assert (dict(found.chosen), found.words) == ({2: 1}, "second")
    gone = await answer(visitor, link, p2="1", words="second", do="remove")
    assert "taken back" in gone.text
    assert kept(share) == []
    assert ANSWER_COOKIE not in visitor.cookies


async def test_the_same_form_sent_twice_is_one_answer_also_without_cookies(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share, question=LinkQuestion.LIKE)
    key = key_of((await door.visitor().get(link.path)).text)
    for _ in range(3):
        assert (await door.visitor().post(f"{link.path}/answer", data={"key": key, "p1": "1"})).status_code == 200
    assert len(kept(share)) == 1


@pytest.mark.parametrize("people", [50])
def test_fifty_answers_from_two_processes_are_neither_lost_nor_doubled(
    any_share: Maker, make_link: MakeLink, people: int
) -> None:
    share = any_share()
    link = make_link(share, question=LinkQuestion.LIKE)
    told = {
        "data_dir": str(share.settings.data_dir), "database_url": share.settings.database_url,
        "photos_url": share.settings.photos_url, "photos_options": share.settings.photos_options,
    }  # fmt: skip
    assert race(told, link.path, people, worker="answer_worker.py") == {200: 2 * people}
    found = share.answers.all(OWNER, link.album_id)
    assert sorted(one.name for one in found) == sorted(
        f"person {process} {n}" for process in (0, 1) for n in range(people // 2)
    )
    assert totals(found) == {1: people}


async def test_answers_go_when_the_link_goes_and_another_link_keeps_its_own(
    any_share: Maker, door_of: DoorOf, make_link: MakeLink
) -> None:
    share = any_share(undo_grace_s=60)
    door, link = door_of(share), make_link(share, name="Ana", question=LinkQuestion.LIKE)
    other = share.links.create(OWNER, link.album_id, Wishes(name="Ben", question=LinkQuestion.LIKE))
    late = share.links.create(OWNER, link.album_id, Wishes(name="Cleo", question=LinkQuestion.LIKE))
    for one in (link, other, late):
        await answer(door.visitor(), one, p1="1")
    share.links.revoke(OWNER, link.id)
    assert [one.link_name for one in share.answers.all(OWNER, link.album_id)] == ["Cleo", "Ben"]
    assert share.links.get(OWNER, link.id).answers == 0
    share.clean_up.sweep()
    assert len(kept(share)) == 3, "taking back can still be undone"
    share.links.undo(OWNER, link.id)
    assert len(share.answers.all(OWNER, link.album_id)) == 3
    share.links.revoke(OWNER, link.id)
    with share.index.write() as connection:
        now = time()
        connection.execute(links.update().where(links.c.id == link.id).values(revoked_at=now - 61))
        connection.execute(links.update().where(links.c.id == late.id).values(expires_at=now - 1))
        connection.execute(albums.update().values(due_at=now - 1))
    share.clean_up.sweep()
    assert [row.link_id for row in kept(share)] == [other.id]
    share.links.revoke_as_host(other.id)
    assert kept(share) == []


async def test_the_sweep_comes_by_when_an_answered_link_ends(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    share.clean_up.sweep()
    short = share.links.create(
        OWNER, link.album_id, Wishes(question=LinkQuestion.LIKE, expires_at=link.expires_at.replace(microsecond=0))
    )
    await answer(door.visitor(), short, p1="1")
    due = share.index.value(sa.text("SELECT due_at FROM albums"))
    assert due <= share.links.get(OWNER, short.id).expires_at.timestamp()


async def test_nobody_else_reads_answers(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share, question=LinkQuestion.LIKE)
    await answer(door.visitor(), link, p1="1", words="between us", name="Ana")
    stranger = door.visitor()
    for what in ("", "/answer", "/1", "/report", "/photos.zip"):
        answered = await stranger.get(link.path + what)
        assert b"between us" not in answered.content
    with pytest.raises(LinkGone):
        share.answers.look(OTHER, link.id)
    from lib.albums.problems import DraftGone

    with pytest.raises(DraftGone):
        share.answers.all(OTHER, link.album_id)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_other_sites_and_other_origins_cannot_answer(
    share: Share, door: Door, make_link: MakeLink, site: str
) -> None:
    link = make_link(share, question=LinkQuestion.LIKE)
    assert (await answer(door.visitor(), link, {"sec-fetch-site": site}, p1="1")).status_code == 403
    for origin in ("https://evil.example", "http://share.example.evil.example", "http://evil.share.example"):
        assert (await answer(door.visitor(), link, {"origin": origin}, p1="1")).status_code == 403
    assert kept(share) == []
    for headers in ({"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": "http://share.example"}, {}):
        assert (await answer(door.visitor(), link, headers, p1="1")).status_code == 200


async def test_a_forged_or_foreign_key_is_refused(share: Share, door: Door, make_link: MakeLink) -> None:
    link, other = make_link(share, question=LinkQuestion.LIKE), make_link(share, question=LinkQuestion.LIKE)
    foreign = key_of((await door.visitor().get(other.path)).text)
    for key in ("", "x", foreign, foreign[:-2], share.keys.sign("visit", [link.id, "A" * 22]), "💥" * 50):
        sent = await door.visitor().post(f"{link.path}/answer", data={"key": key, "p1": "1"})
        assert sent.status_code == 400
    assert kept(share) == []


async def test_protected_and_limited_links_take_answers_only_from_inside(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share, password="abcd", max_views=1, question=LinkQuestion.LIKE)
    key = share.keys.sign("answer", [link.id, "A" * 22])
    outside = await door.visitor().post(f"{link.path}/answer", data={"key": key, "p1": "1"})
    assert outside.status_code == 403
    assert "photo" not in outside.text.partition("<main")[2].partition("</main")[0].replace("photos", "")
    visitor = door.visitor()
    page = (await visitor.open(link, password="abcd")).text
    used = await door.visitor().post(f"{link.path}/answer", data={"key": key, "p1": "1"})
    assert used.status_code == 404, "and a link whose views are used answers as if it were gone"
    assert kept(share) == []
    assert (await visitor.post(f"{link.path}/answer", data={"key": key_of(page), "p1": "1"})).status_code == 200
    assert len(kept(share)) == 1


async def test_a_link_without_a_question_takes_no_answer(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    page = (await door.visitor().get(link.path)).text
    assert "<form" not in page
    key = share.keys.sign("answer", [link.id, "A" * 22])
    sent = await door.visitor().post(f"{link.path}/answer", data={"key": key, "p1": "1"})
    assert (sent.status_code, kept(share)) == (404, [])


async def test_what_makes_no_sense_is_left_out_and_what_is_too_long_is_cut(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share, question=LinkQuestion.MANY)
    form = {"p1": "99999999", "p2": "-3", "p3": "1e9", "p9": "4", "px": "1", "p": "2", "one": "nan"}
    sent = await answer(door.visitor(), link, **form, words="w" * 2_000 + "\x00", name="\u202en" * 90)
    assert sent.status_code == 200
    (found,) = share.answers.all(OWNER, link.album_id)
    assert dict(found.chosen) == {1: 999}
    assert len(found.words) == MAX_ANSWER_WORDS
    assert found.name == "n" * 40
    empty = await answer(door.visitor(), link, p1="0", p2="x", name="Ben")
    assert empty.status_code == 400
    assert "Nothing was sent" in empty.text


MARKUP = '"><script>alert(1)</script>&lt;{{ 7 * 7 }}</textarea><img src=x onerror=alert(1)>'


async def test_what_recipients_write_stays_text(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share, question=LinkQuestion.LIKE)
    visitor = door.visitor()
    sent = await answer(visitor, link, p1="1", words=MARKUP, name=MARKUP[:80])
    page = (await visitor.get(link.path)).text
    for text in (sent.text, page):
        assert "<img src=x" not in text
        assert "<script>" not in text
        assert "&lt;{{ 7" not in text.replace("&amp;lt;{{ 7", ""), "neither read nor filled in"
    assert MARKUP in {one.words for one in share.answers.all(OWNER, link.album_id)}


async def test_flooding_is_slowed_per_network_and_per_link(
    share: Share, door: Door, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link(share, question=LinkQuestion.LIKE)
    key = key_of((await door.visitor().get(link.path)).text)
    told = [
        (await door.visitor(f"2001:db8::{n:x}").post(f"{link.path}/answer", data={"key": key, "p1": "1"})).status_code
        for n in range(OF_NETWORK + 2)
    ]
    assert told == [200] * OF_NETWORK + [429] * 2, "an IPv6 network is one"
    assert (await answer(door.visitor("192.0.2.1"), link, p1="1")).status_code == 200
    monkeypatch.setattr(door.recipient._answering._of_link, "_an_hour", 1)  # noqa: SLF001 - what is configured
    late = await answer(door.visitor("192.0.2.2"), link, p1="1")
    assert (late.status_code, late.headers["retry-after"]) == (429, "600")


async def test_a_link_keeps_so_many_answers_and_no_more(share: Share, make_link: MakeLink) -> None:
    from lib.albums.answers import Fate

    link = make_link(share, question=LinkQuestion.LIKE)
    found = share.visits.find(link.path[3:])
    assert found
    told = [share.answers.put(found, f"secret {n}", {1: 1}) for n in range(MAX_ANSWERS + 1)]
    assert told == [Fate.KEPT] * MAX_ANSWERS + [Fate.FULL]
    assert share.answers.put(found, "secret 1", {2: 1}) is Fate.KEPT, "what is there can still be changed"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_language_asks_and_thanks(share: Share, door: Door, photos: Photos, language: str) -> None:
    made = share.intake.take(OWNER, photos.album(language))
    for question in (LinkQuestion.LIKE, LinkQuestion.ONE, LinkQuestion.MANY):
        link = share.links.create(OWNER, made, Wishes(question=question))
        visitor = door.visitor(accept_language=language)
        page = (await visitor.get(link.path)).text
        assert page.count('class="amount"' if question is LinkQuestion.MANY else 'class="pick"') == 3
        sent = await answer(visitor, link, **({"one": "2"} if question is LinkQuestion.ONE else {"p2": "1"}))
        assert sent.status_code == 200
        assert "{" not in page.partition("<main")[2] + sent.text


async def test_thirty_photos_with_hearts_stay_below_ten_kilobytes(share: Share, door: Door, photos: Photos) -> None:
    import gzip

    from lib.recipients.pages import CSS_GZIP, ICON

    many = Photos(photos.data * 10, [])
    made = share.intake.take(OWNER, many.album(words="w" * 1000))
    link = share.links.create(OWNER, made, Wishes(question=LinkQuestion.MANY))
    async with door.visitor(accept_encoding="gzip") as visitor:
        page = await visitor.get(link.path)
    assert int(page.headers["content-length"]) + len(CSS_GZIP) + len(gzip.compress(ICON)) < 10_000
