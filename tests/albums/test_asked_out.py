"""Who is in a photo is heard by its sender too, who takes that one photo out."""

from __future__ import annotations

from collections.abc import Callable

from lib.albums import LinkInfo, Share
from tests.albums.conftest import OTHER, OWNER, Door, Maker

MakeLink = Callable[..., LinkInfo]


async def test_the_sender_hears_who_is_in_which_photo_and_takes_it_out(
    any_share: Maker, door_of: Callable[[Share], Door], make_link: MakeLink
) -> None:
    share = any_share()
    door, link = door_of(share), make_link(share)
    visitor = door.visitor()
    page = (await visitor.get(f"{link.path}/report")).text
    assert page.count("<option") == 4
    sent = await visitor.post(f"{link.path}/report", data={"reason": "me", "photo": "2", "words": "<b>Left</b>"})
    assert sent.status_code == 200
    (asked,) = share.reports.asked_out(OWNER)
    second = share.photos.all(OWNER, link.album_id)[1]
    assert (asked.photo_id, asked.words, asked.link_id) == (second.id, "<b>Left</b>", link.id)
    assert share.reports.asked_out(OTHER) == []
    share.reports.answer(OTHER, asked.id)
    assert len(share.reports.asked_out(OWNER)) == 1, "nobody else answers it"
    share.photos.remove(OWNER, link.album_id, second.id)
    assert share.reports.asked_out(OWNER) == [], "a photo that is out is an answer"
    share.photos.restore(OWNER, link.album_id, second.id)
    share.reports.answer(OWNER, asked.id)
    assert share.reports.asked_out(OWNER) == []
    assert len(share.reports.all()) == 1, "the host's list stays as it is"


async def test_other_reasons_stay_with_the_host_and_a_link_that_is_over_asks_nothing(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link, other = make_link(share), make_link(share)
    await door.visitor("192.0.2.1").post(f"{link.path}/report", data={"reason": "spam", "photo": "1"})
    await door.visitor("192.0.2.2").post(f"{other.path}/report", data={"reason": "me", "photo": ""})
    (asked,) = share.reports.asked_out(OWNER)
    assert (asked.link_id, asked.photo_id) == (other.id, None)
    share.links.revoke(OWNER, other.id)
    assert share.reports.asked_out(OWNER) == []


async def test_the_form_before_the_gate_names_no_photo_and_takes_none(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share, password="abcd")
    visitor = door.visitor()
    assert "<option" not in (await visitor.get(f"{link.path}/report")).text
    await visitor.post(f"{link.path}/report", data={"reason": "me", "photo": "2"})
    (asked,) = share.reports.asked_out(OWNER)
    assert asked.photo_id is None


async def test_a_number_that_is_no_photo_is_left_out(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    for number, photo in enumerate(("99", "-1", "x", "1 OR 1=1")):
        await door.visitor(f"192.0.2.{number}").post(f"{link.path}/report", data={"reason": "me", "photo": photo})
    assert [asked.photo_id for asked in share.reports.asked_out(OWNER)] == [None] * 4
