"""What arrives where a sender wants to hear of a link, and what happens where it does not."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from starlette.responses import Response

from lib.albums import notifications as notes
from lib.albums import tables as stored
from lib.albums.notifications import Carrier, News
from lib.links.budget import Budget, Rate, Rates
from lib.notifications import telling
from lib.notifications.message import message
from lib.notifications.places import PlaceRefused
from lib.notifications.telling import NotTold, add_device, tell_what_is_due, try_it
from lib.notifications.web_push import public_keys
from lib.text.catalogue import LANGUAGES, catalogue
from tests.notifications.conftest import ABOUT, OWNER, Sender
from tests.notifications.places import Places

SLACK, DISCORD = "/services/T0/B0/secret-part", "/api/webhooks/1234/secret-part"


@pytest.fixture(autouse=True)
def _a_budget_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "SHARED", Budget())


def now_due(sender: Sender) -> None:
    with sender.share.index.write() as connection:
        connection.execute(sa.update(stored.outbox).values(due_at=1.0))


async def test_a_device_reads_what_the_push_service_cannot(sender: Sender) -> None:
    link = sender.link()
    device = sender.subscribes(link)
    sender.is_opened(link)
    sender.is_answered(link)
    assert await tell_what_is_due(sender.share) == 2
    assert {one["tag"]: (one["title"], one["text"]) for one in device.got} == {
        "opened": ("By the sea", "Your link was opened for the first time."),
        "answered": ("By the sea", "Somebody answered your question."),
    }
    assert not any(b"By the sea" in sealed for sealed in device.sealed)
    assert {(one["ttl"], one["urgency"]) for one in device.headers} == {("86400", "normal")}
    assert await tell_what_is_due(sender.share) == 0


async def test_ntfy_gets_json_at_its_root(sender: Sender) -> None:
    link = sender.link()
    sender.asks(link, Carrier.NTFY, "/my-topic?auth=dGVzdA")
    sender.is_opened(link)
    assert await tell_what_is_due(sender.share) == 1
    assert sender.places.topics == {
        "my-topic": [{
            "topic": "my-topic", "title": "By the sea", "message": "Your link was opened for the first time.",
            "tags": ["eyes"], "click": "https://photos.example/links",
        }]
    }  # fmt: skip


@pytest.mark.parametrize("path", [SLACK, DISCORD])
async def test_a_webhook_gets_what_slack_and_discord_show(sender: Sender, path: str) -> None:
    link = sender.link(title="<!channel> & @everyone")
    sender.asks(link, Carrier.WEBHOOK, path)
    sender.is_answered(link)
    assert await tell_what_is_due(sender.share) == 1
    (told,) = sender.places.said
    assert (told["schema"], told["event"]) == ("passalong.notification.1", "answered")
    assert told["text"] == "&lt;!channel&gt; &amp; @everyone: Somebody answered your question."
    assert told["content"] == "<!channel> & @everyone: Somebody answered your question."
    assert told["allowed_mentions"] == {"parse": []}


async def test_nothing_says_who_or_which_photo_or_the_address_of_the_link(sender: Sender) -> None:
    link = sender.link()
    device = sender.subscribes(link)
    sender.asks(link, Carrier.NTFY, "/my-topic")
    sender.asks(link, Carrier.WEBHOOK, SLACK)
    sender.is_opened(link)
    sender.is_answered(link)
    assert await tell_what_is_due(sender.share) == 6
    told = json.dumps([device.got, sender.places.topics, sender.places.said, device.headers])
    token = link.path.removeprefix("/s/")
    for secret in (token, link.id, link.album_id, "Beatrix", "Cornelius", "My words", "1.jpg", OWNER):
        assert secret not in told
    assert not re.search(r"\bphoto \d|203\.0\.113", told)


async def test_what_is_told_is_in_the_language_of_its_sender(sender: Sender) -> None:
    link = sender.link(title="")
    sender.asks(link, Carrier.NTFY, "/auf-deutsch", language="de")
    sender.is_opened(link)
    await tell_what_is_due(sender.share)
    (told,) = sender.places.topics["auf-deutsch"]
    assert (told["title"], told["message"]) == ("Deine Fotos", "Dein Link wurde zum ersten Mal geöffnet.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_sentence_of_its_own_for_each_event(language: str) -> None:
    texts = {message(event, "", catalogue(language)).text for event in News}
    assert len(texts) == len(News)
    assert language == "en" or texts.isdisjoint(message(event, "", catalogue("en")).text for event in News)


async def test_a_place_that_fails_is_tried_again_later_and_the_others_are_told(sender: Sender) -> None:
    link = sender.link()
    sender.asks(link, Carrier.WEBHOOK, SLACK)
    sender.is_opened(link)
    for status, headers, least_s in ((500, {}, 60), (429, {"Retry-After": "7200"}, 7_200), (302, {"Location": "/"}, 0)):
        sender.places.answers.append(Response(status_code=status, headers=headers))
        before = datetime.now(UTC).timestamp()
        assert await tell_what_is_due(sender.share) == 0
        assert await tell_what_is_due(sender.share) == 0  # it waits
        (row,) = sender.share.index.rows(sa.select(stored.outbox))
        assert row.due_at >= before + least_s - 1
        now_due(sender)
    assert len(sender.places.asked) == 3  # no redirect was followed
    other = sender.link()
    sender.asks(other, Carrier.NTFY, "/works")
    sender.is_opened(other)
    assert await tell_what_is_due(sender.share) == 2
    assert len(sender.places.said) == len(sender.places.topics["works"]) == 1


async def test_what_cannot_even_be_written_keeps_nobody_else_waiting(
    sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    broken, link = sender.link(), sender.link()
    without_topic = {"to": f"{sender.places.origin}/very-secret-topic"}
    sender.share.notifications.add(OWNER, broken.id, Carrier.NTFY, [News.OPENED], without_topic, where="x")
    sender.asks(link, Carrier.NTFY, "/works")
    sender.is_opened(broken)
    sender.is_opened(link)
    assert await tell_what_is_due(sender.share) == 1
    assert "unforeseen KeyError" in caplog.text
    assert "very-secret-topic" not in caplog.text


async def test_a_slow_server_is_asked_for_all_at_once(sender: Sender) -> None:
    """One after the other, a sender with many slow places would keep everybody else's messages waiting."""
    for _ in range(4):
        link = sender.link()
        for n in range(5):
            sender.asks(link, Carrier.NTFY, f"/topic-{n}")
        sender.is_opened(link)
    sender.places.at_least = 20
    assert await tell_what_is_due(sender.share) == 20


async def test_a_server_that_is_not_there_is_tried_again(sender_with: Callable[..., Sender]) -> None:
    sender = sender_with(notify_origins=("http://127.0.0.1:9",))
    link = sender.link()
    telling.add_typed(sender.share, OWNER, link.id, News, Carrier.WEBHOOK, "http://127.0.0.1:9/hook", **ABOUT)
    sender.is_opened(link)
    assert await tell_what_is_due(sender.share) == 0
    (row,) = sender.share.index.rows(sa.select(stored.outbox))
    assert row.tries == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_unsubscribed_is_forgotten_at_once(sender: Sender, status: int) -> None:
    link = sender.link()
    sender.subscribes(link)
    sender.is_opened(link)
    sender.places.answers.append(Response(status_code=status))
    assert await tell_what_is_due(sender.share) == 0
    assert sender.share.notifications.of(OWNER, link.id) == []


async def test_a_webhook_that_is_not_found_is_believed_only_after_some_tries(sender: Sender) -> None:
    """A proxy before a server that is just starting says the same."""
    link = sender.link()
    sender.asks(link, Carrier.WEBHOOK, DISCORD)
    sender.is_opened(link)
    for left in (1, 1, 1, 0):
        sender.places.answers.append(Response(status_code=404))
        assert await tell_what_is_due(sender.share) == 0
        assert len(sender.share.notifications.of(OWNER, link.id)) == left
        now_due(sender)


async def test_taking_a_link_back_ends_its_messages(sender: Sender) -> None:
    link = sender.link()
    device = sender.subscribes(link)
    sender.is_opened(link)
    sender.share.links.revoke(OWNER, link.id)
    assert await tell_what_is_due(sender.share) == 0
    assert device.got == []
    assert list(sender.share.index.rows(sa.select(stored.notifications))) == []


async def test_after_a_change_of_the_key_every_place_is_still_told(sender_with: Callable[..., Sender]) -> None:
    first, second = "the first key of this host", "the second key of this host"
    sender = sender_with(secret_key=first)
    link = sender.link()
    before = sender.subscribes(link)
    sender.asks(link, Carrier.NTFY, "/my-topic")
    sender = sender_with(secret_key=second, old_secret_key=first)
    after = sender.subscribes(link)
    assert public_keys(sender.share.keys) == [after.server_key, before.server_key]
    sender.is_opened(link)
    assert await tell_what_is_due(sender.share) == 3
    assert len(before.got) == len(after.got) == len(sender.places.topics["my-topic"]) == 1
    sender = sender_with(secret_key=second)  # the old one is gone for good: what its browsers take, nobody can sign
    with sender.share.index.write() as connection:
        for row in connection.execute(sa.select(stored.notifications.c.id)).all():
            notes._put(connection, row.id, News.ENDING)  # noqa: SLF001 - as if it ended soon
    assert await tell_what_is_due(sender.share) == 2
    assert (len(before.got), len(after.got), len(sender.places.topics["my-topic"])) == (1, 2, 2)
    assert {one.where for one in sender.share.notifications.of(OWNER, link.id)} == {"127.0.0.1"}
    assert len(sender.share.notifications.of(OWNER, link.id)) == 2


async def test_a_try_arrives_at_once_and_says_so(sender: Sender) -> None:
    link = sender.link()
    device = sender.subscribes(link)
    (one,) = sender.share.notifications.of(OWNER, link.id)
    await try_it(sender.share, OWNER, link.id, one.id, visitor=OWNER)
    assert [told["tag"] for told in device.got] == ["test"]
    sender.places.answers.append(Response(status_code=503))
    with pytest.raises(NotTold, match="503"):
        await try_it(sender.share, OWNER, link.id, one.id, visitor=OWNER)
    del sender.places.devices[device.name]
    with pytest.raises(NotTold, match="no such place"):
        await try_it(sender.share, OWNER, link.id, one.id, visitor=OWNER)
    await try_it(sender.share, "somebody else", link.id, one.id, visitor=OWNER)  # nothing is there for them


async def test_nobody_makes_this_server_knock_without_end(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    # What inner origins get is free of the budget; so the guard is asked as for any address of the internet.
    monkeypatch.setattr(telling, "SHARED", Budget(Rates(visitor=Rate(2, 0.001), longest_wait_s=0.01)))
    link = sender.link()
    add = sender.share.notifications.add
    add(OWNER, link.id, Carrier.WEBHOOK, [News.OPENED], {"to": "https://hook.invalid/x"}, where="hook.invalid")
    (one,) = sender.share.notifications.of(OWNER, link.id)
    reasons = []
    for _ in range(3):
        with pytest.raises(NotTold) as caught:
            await try_it(sender.share, OWNER, link.id, one.id, visitor=OWNER)
        reasons.append(str(caught.value))
    assert reasons == ["No server answered there."] * 3


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("http://127.0.0.1:9/topic", "inside a network"),
        ("https://192.168.1.4/topic", "inside a network"),
        ("https://169.254.169.254/latest", "inside a network"),
        ("https://[::1]/topic", "inside a network"),
        ("https://printer.local/topic", "inside a network"),
        ("http://ntfy.sh/topic", "begin with https://"),
        ("ftp://ntfy.sh/topic", "no address on the web"),
        ("https://me:secret@ntfy.sh/topic", "no address on the web"),
        ("https://ntfy.sh:22/topic", "no address on the web"),
        ("", "no address on the web"),
        ("https://photos.example.org/s/topic", "of this app itself"),
        ("https://other.example.org/topic", "of this app itself"),
        ("https://tunnel.example.org/topic", "of this app itself"),
        ("https://ntfy.sh/", "name of letters and digits"),
        ("https://ntfy.sh/a/b", "name of letters and digits"),
        ("https://ntfy.sh/" + "a" * 65, "name of letters and digits"),
    ],
)
def test_an_address_that_no_message_may_go_to_is_refused(
    sender_with: Callable[..., Sender], typed: str, reason: str
) -> None:
    sender = sender_with(public_url="https://photos.example.org", allowed_hosts=("other.example.org",))
    link = sender.link()
    about = ABOUT | {"own_origins": frozenset({"https://tunnel.example.org"})}
    with pytest.raises(PlaceRefused, match=reason):
        telling.add_typed(sender.share, OWNER, link.id, News, Carrier.NTFY, typed, **about)
    assert sender.share.notifications.of(OWNER, link.id) == []


async def test_a_name_that_leads_inside_is_not_asked(sender: Sender) -> None:
    """The address is looked at again when the socket is made, however it was checked before."""
    link = sender.link()
    add = sender.share.notifications.add
    where = sender.places.origin.replace("http://127.0.0.1", "https://localhost.localdomain")
    add(OWNER, link.id, Carrier.WEBHOOK, [News.OPENED], {"to": f"{where}/services/x"}, where="x")
    sender.is_opened(link)
    assert await tell_what_is_due(sender.share) == 0
    assert sender.places.asked == []


@pytest.mark.parametrize(
    "told",
    ["", "[]", "null", "{}", '{"endpoint": "https://push.example/x"}', "[" * 100_000,
     '{"endpoint": "https://push.example/x", "keys": {"p256dh": "AAAA", "auth": "AAAA"}}',
     '{"endpoint": "https://push.example/x", "keys": "p256dh"}'],
)  # fmt: skip
def test_what_is_no_subscription_is_refused(sender: Sender, told: str) -> None:
    link = sender.link()
    with pytest.raises(PlaceRefused):
        add_device(sender.share, OWNER, link.id, News, told, **ABOUT)


async def test_addresses_are_never_logged_or_shown(sender: Sender, caplog: pytest.LogCaptureFixture) -> None:
    link = sender.link()
    with caplog.at_level(logging.DEBUG):
        device = sender.subscribes(link)
        sender.asks(link, Carrier.NTFY, "/very-secret-topic")
        sender.asks(link, Carrier.WEBHOOK, DISCORD)
        sender.places.answers.extend([Response(status_code=500), Response(status_code=410)])
        sender.is_opened(link)
        due = sender.share.notifications.take(1)
        await tell_what_is_due(sender.share)
    shown = caplog.text + repr(due) + repr(sender.share.notifications.of(OWNER, link.id))
    for secret in (device.name, "very-secret-topic", "secret-part"):
        assert secret not in shown


def test_the_places_refuse_what_their_vendors_refuse(places: Places) -> None:
    """The fakes can fail: what is not signed, or for another key, does not arrive."""
    import httpx

    device = places.device("another key")
    for headers in ({}, {"ttl": "1"}, {"ttl": "1", "content-encoding": "aes128gcm"}):
        assert httpx.post(device.endpoint, headers=headers).status_code in {400, 403}
    assert httpx.post(f"{places.origin}/", json={"topic": "a b"}).status_code == 400
    assert httpx.post(f"{places.origin}{SLACK}", json={"content": "x"}).status_code == 400
    assert httpx.post(f"{places.origin}{DISCORD}", json={"text": "x"}).status_code == 400
