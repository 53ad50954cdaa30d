"""A sender hears of a link: on this device, by ntfy, by a webhook. The push service is a real one on loopback."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib.albums import Share
from lib.albums.host import open_share
from lib.albums.owner_cookie import OWNER_COOKIE
from lib.notifications.web_push import public_keys
from lib.photos import prepare_photo
from lib.services.base import Album, AlbumPhoto, LinkQuestion, Wishes
from lib.settings import read_settings
from tests.conftest import RunningApp, running_app
from tests.notifications.places import Places, serving
from tests.pictures import photo_with_secrets
from tests.stories.conftest import PHONE, settled

# What only the vendor of a browser has: its connection to its own push service. The rest of the browser is real.
SUBSCRIBE = """(subscription) => {
  const key = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  let found = null;
  PushManager.prototype.getSubscription = async () => found;
  PushManager.prototype.subscribe = async (options) => {
    const asked = btoa(String.fromCharCode(...options.applicationServerKey)).replaceAll("+", "-").replaceAll("/", "_");
    if (!options.userVisibleOnly || asked.replace(/=+$/, "") !== subscription.key) throw new Error("another key");
    return (found = { options: { applicationServerKey: key(subscription.key).buffer }, toJSON: () => subscription });
  };
}"""


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def telling_app(places: Places, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app of a host who lets messages go to this computer."""
    origins = json.dumps([places.origin])
    with running_app(tmp_path_factory.mktemp("telling"), PASSALONG_NOTIFY_ORIGINS=origins) as running:
        yield running


def share_of(app: RunningApp) -> Share:
    return open_share(read_settings(data_dir=app.data_dir))


def sender_with_link(app: RunningApp, context: BrowserContext) -> str:
    """Make a link of a fresh sender, whose browser this is; return its path."""
    share, owner = share_of(app), f"owner-{uuid.uuid4()}"
    photo = prepare_photo(photo_with_secrets(1)).data
    album = Album(uuid.uuid4().hex, "By the sea", "", [AlbumPhoto("1.jpg", "image/jpeg", 9, 9, 9, lambda: photo)])
    wishes = Wishes(name="For Beatrix", question=LinkQuestion.LIKE)
    path = share.links.create(owner, share.intake.take(owner, album), wishes).path
    context.add_cookies([{"name": OWNER_COOKIE, "value": share.cookies.value(owner), "url": app.url}])
    return path


def open_part(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/links")
    page.get_by_role("button", name="Look and change").click()
    page.get_by_text("Tell me", exact=True).click()
    expect(page.get_by_label("When somebody answers")).to_be_visible()


def test_this_device_is_told_when_a_stranger_opens_the_link(
    telling_app: RunningApp, places: Places, windowed: Any, new_context: Callable[..., BrowserContext],
    fits: Callable[[Page, str], None],
) -> None:  # fmt: skip
    context = windowed.new_context(viewport=PHONE, locale="en-GB")
    try:
        path = sender_with_link(telling_app, context)
        context.grant_permissions(["notifications"], origin=telling_app.url)
        device = places.device(public_keys(share_of(telling_app).keys)[0])
        page = context.new_page()
        page.add_init_script(f"({SUBSCRIBE})({device.subscription})")
        open_part(page, telling_app)
        page.get_by_role("button", name="Tell me on this device").click()
        expect(page.get_by_role("button", name="Try it")).to_be_visible()
        fits(page, "tell-me")
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_text("The server there took the message.")).to_be_visible()
        assert [told["tag"] for told in device.got] == ["test"]

        stranger = new_context(viewport=PHONE, java_script_enabled=False).new_page()
        stranger.goto(telling_app.url + path)
        expect(stranger.get_by_alt_text("Photo 1 of 1")).to_be_visible()
        told = wait_for(page, lambda: device.got[1:])[0]
        assert told == {"title": "By the sea", "text": "Your link was opened for the first time.", "tag": "opened"}
        shown(context, page, telling_app, told)

        page.get_by_role("button", name="End", exact=True).click()
        expect(page.get_by_role("button", name="Try it")).to_have_count(0)
    finally:
        context.close()


def shown(context: BrowserContext, page: Page, app: RunningApp, told: dict[str, str]) -> None:
    """Hand a message to the browser as its push service does, and look at what it shows."""
    ids: list[str] = []
    session = context.new_cdp_session(page)
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: ids.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    wait_for(page, lambda: ids)
    message = {"origin": app.url, "registrationId": ids[0], "data": json.dumps(told)}
    session.send("ServiceWorker.deliverPushMessage", message)
    ask = """async () => {
      const all = await navigator.serviceWorker.getRegistrations();
      const found = await Promise.all(all.map((one) => one.getNotifications()));
      return found.flat().map((one) => [one.title, one.body]);
    }"""
    assert wait_for(page, lambda: page.evaluate(ask)) == [[told["title"], told["text"]]]
    scopes = page.evaluate(
        "async () => (await navigator.serviceWorker.getRegistrations()).map((one) => new URL(one.scope).pathname)"
    )
    assert scopes == ["/notifications/"]  # must not happen: the worker has a say in a page of the app


def wait_for(page: Page, found: Callable[[], list[Any]]) -> list[Any]:
    """Wait until there is something; the page's own messages come in meanwhile."""
    for _ in range(600):
        if got := found():
            return got
        page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    pytest.fail("it never came")


def test_an_address_is_added_tried_and_refused_in_words(
    telling_app: RunningApp, places: Places, new_context: Callable[..., BrowserContext],
    no_axe_violations: Callable[..., None],
) -> None:  # fmt: skip
    context = new_context(viewport=PHONE)
    sender_with_link(telling_app, context)
    page = context.new_page()
    open_part(page, telling_app)
    topic = f"topic-{uuid.uuid4().hex}"
    box, add = page.get_by_role("textbox", name="Its address"), page.get_by_role("button", name="Add this address")
    box.fill("https://192.168.1.4/topic")
    add.click()
    expect(page.get_by_text("It leads to an address inside a network")).to_be_visible()
    no_axe_violations(page)
    settled(page)
    box.fill(f"{places.origin}/{topic}")
    add.click()
    expect(page.get_by_role("button", name="Try it")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("The server there took the message.")).to_be_visible()
    assert [told["title"] for told in places.topics[topic]] == ["By the sea"]
    assert topic not in telling_app.logged()
