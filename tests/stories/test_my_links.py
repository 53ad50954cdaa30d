"""The life of a link on both sides: counted, limited, changed, taken back with proof."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import RunningApp
from tests.stories.conftest import PHONE, settled, take_option
from tests.stories.test_create_link import create, made, open_create, options, pick

Strangers = Callable[..., BrowserContext]


def stranger(new_context: Strangers) -> Page:
    """Somebody with another phone and no script."""
    return new_context(viewport=PHONE, java_script_enabled=False).new_page()


def open_links(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/links")
    expect(page.get_by_role("heading", name="My links")).to_be_visible()
    page.get_by_role("button", name="Look and change").first.click()
    expect(page.get_by_text("Opened by people")).to_be_visible()


def test_an_open_link_is_counted_taken_back_and_proven_gone(
    app: RunningApp, phone: Page, new_context: Strangers, look: Callable[[Page, str], None],
    no_axe_violations: Callable[[Page], None],
) -> None:  # fmt: skip
    open_create(phone, app)
    pick(phone, made(101, 102), 2)
    link = create(phone)
    friend = stranger(new_context)
    friend.goto(link)
    expect(friend.get_by_alt_text("Photo 1 of 2")).to_be_visible()

    open_links(phone, app)
    expect(phone.get_by_test_id("stMetric").filter(has_text="Opened by people")).to_contain_text("1")
    expect(phone.get_by_test_id("stMetric").filter(has_text="Chat previews")).to_contain_text("0")
    no_axe_violations(phone)
    look(phone, "links-open-phone")
    phone.get_by_role("button", name="Take back now").click()
    expect(phone.get_by_text(re.compile(r"Gone at .* 14 of 14 addresses"))).to_be_visible()
    no_axe_violations(phone)
    look(phone, "links-gone-phone")

    for path in ("", "/1", "/p/1.jpg", "/p/1-small.jpg", "/photos.zip", "/preview.jpg"):
        answer = friend.goto(link + path)
        assert answer
        assert answer.status == 404, path
    expect(friend.get_by_text("There is nothing here")).to_be_visible()


def test_taking_back_can_be_undone_for_a_moment(app: RunningApp, desktop: Page, new_context: Strangers) -> None:
    open_create(desktop, app)
    pick(desktop, made(103), 1)
    link = create(desktop)
    open_links(desktop, app)
    desktop.get_by_role("button", name="Take back now").click()
    expect(desktop.get_by_text(re.compile(r"^\d+ seconds? left$"))).to_be_visible()
    undo = desktop.get_by_role("button", name="Undo")
    undo.click()
    expect(undo).to_have_count(0)
    settled(desktop)
    expect(desktop.get_by_role("button", name="Take back now")).to_be_visible()
    answer = stranger(new_context).goto(link)
    assert answer
    assert answer.status == 200


def test_after_the_counted_seconds_nothing_offers_to_undo(
    app: RunningApp, phone: Page, new_context: Strangers, look: Callable[[Page, str], None]
) -> None:
    open_create(phone, app)
    pick(phone, made(107), 1)
    link = create(phone)
    open_links(phone, app)
    button = phone.get_by_role("button", name="Take back now")
    red, green, _ = (int(part) for part in re.findall(r"\d+", button.get_by_text("Take back").evaluate(COLOUR))[:3])
    assert red > 2 * green  # must not happen: what closes a link looks like a success
    button.click()
    undo = phone.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    expect(phone.get_by_text(re.compile(r"^\d+ seconds? left$"))).to_be_visible()
    expect(phone.get_by_text(re.compile(r"Gone at .* addresses"))).to_be_visible()
    look(phone, "links-undo-phone")
    expect(undo).to_have_count(0)
    expect(phone.get_by_text(re.compile("seconds? left"))).to_have_count(0)
    expect(phone.get_by_text(re.compile(r"Gone at .* addresses"))).to_be_visible()
    answer = stranger(new_context).goto(link)
    assert answer
    assert answer.status == 404


COLOUR = "one => getComputedStyle(one).color"


def test_a_link_with_password_and_one_view_opens_once_without_script(
    app: RunningApp, desktop: Page, new_context: Strangers, look: Callable[[Page, str], None],
    no_axe_violations: Callable[[Page], None],
) -> None:  # fmt: skip
    open_create(desktop, app)
    pick(desktop, made(104, 105), 2)
    options(desktop)
    desktop.get_by_role("textbox", name="Title").fill("Secret picnic")
    desktop.get_by_role("textbox", name="Password").fill("moss lantern gravel")
    desktop.get_by_role("textbox", name="Password").press("Enter")
    expect(desktop.get_by_text("Hard to guess.")).to_be_visible()
    take_option(desktop, "Disappears after", "1 view")
    desktop.get_by_role("button", name="Create link").click()
    expect(desktop.get_by_text("Checked: somebody else meets the closed door")).to_be_visible(timeout=60_000)
    desktop.get_by_text("Copy the password for another channel").click()
    expect(desktop.get_by_test_id("stCode").filter(has_text="moss lantern gravel")).to_be_visible()
    no_axe_violations(desktop)
    look(desktop, "create-protected-desktop")
    link = desktop.locator(".address").inner_text().strip()

    friend = stranger(new_context)
    friend.goto(link)
    assert "Secret picnic" not in friend.content()
    look(friend, "share-door-phone")
    friend.get_by_label("Password").fill("wrong guess")
    friend.get_by_role("button").first.click()
    expect(friend.get_by_text("This password is not right")).to_be_visible()
    assert "wrong guess" not in urlsplit(friend.url).query
    friend.wait_for_timeout(2_000)  # a wrong password waits
    friend.get_by_label("Password").fill("moss lantern gravel")
    friend.get_by_role("button").first.click()
    expect(friend.get_by_role("heading", name="Secret picnic")).to_be_visible()
    expect(friend.get_by_alt_text("Photo 2 of 2")).to_be_visible()
    friend.reload()
    expect(friend.get_by_alt_text("Photo 2 of 2")).to_be_visible()

    second = stranger(new_context)
    answer = second.goto(link)
    assert answer
    assert answer.status == 404
    open_links(desktop, app)
    expect(desktop.get_by_text("All views used")).to_be_visible()
    expect(desktop.get_by_test_id("stMetric").filter(has_text="Opened by people")).to_contain_text("1 of 1")


def test_one_link_for_each_person_and_one_taken_back_alone(
    app: RunningApp, desktop: Page, new_context: Strangers
) -> None:
    open_create(desktop, app)
    pick(desktop, made(106), 1)
    create(desktop)
    open_links(desktop, app)
    desktop.get_by_text("One link for each person", exact=True).click()
    desktop.get_by_role("textbox", name="Names, one a line").fill("Ana\nBen")
    desktop.get_by_role("button", name="Make these links").click()
    expect(desktop.get_by_text("2 links made")).to_be_visible()
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name="Download the table").click()
    rows = download.value.path().read_text().splitlines()
    assert rows[0] == "name,link,until"
    anas, bens = (row.split(",")[1] for row in rows[1:])
    desktop.get_by_role("button", name="Close").click()
    # Newest first: Ben's row, Ana's row, the first link.
    expect(desktop.get_by_role("button", name="Look and change")).to_have_count(3)
    settled(desktop)
    desktop.get_by_role("button", name="Look and change").nth(1).click()
    expect(desktop.get_by_text("Opened by people")).to_be_visible()
    desktop.get_by_role("button", name="Take back now").click()
    expect(desktop.get_by_text("Gone at")).to_be_visible()
    answers = {name: stranger(new_context).goto(url) for name, url in {"Ana": anas, "Ben": bens}.items()}
    assert {name: answer.status for name, answer in answers.items() if answer} == {"Ana": 404, "Ben": 200}


def test_a_recovery_code_brings_the_list_to_another_device(
    app: RunningApp, desktop: Page, new_context: Strangers
) -> None:
    open_create(desktop, app)
    pick(desktop, made(107), 1)
    create(desktop)
    desktop.goto(f"{app.url}/links")
    desktop.get_by_text("Your links on another device").click()
    desktop.get_by_role("button", name="Make a recovery code").click()
    code = desktop.get_by_test_id("stCode").last.locator("code").inner_text()
    other = new_context(viewport=PHONE).new_page()
    other.goto(f"{app.url}/links")
    expect(other.get_by_text("No links yet")).to_be_visible()
    other.get_by_text("Your links on another device").click()
    other.get_by_role("textbox", name="I have a recovery code").fill(code)
    other.get_by_role("button", name="Bring my links here").click()
    expect(other.get_by_text("1 link came here")).to_be_visible()
