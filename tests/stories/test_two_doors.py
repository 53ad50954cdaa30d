"""What goes wrong, at both doors: the app and the plain page say the same, and keep what was done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.conftest import RunningApp, free_port, running_app
from tests.stories.conftest import PHONE, settled
from tests.ui.made_photos import write

Contexts = Callable[..., BrowserContext]
DOORS = ("create", "send")
LIMITS = {"PASSALONG_MAX_PHOTOS": "3", "PASSALONG_MAX_PHOTO_BYTES": "400000"}
AWAY = "This server cannot be reached right now. What you did stays on this page"


@pytest.fixture(scope="module")
def small_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """An app that takes three photos of 400 kB."""
    with running_app(tmp_path_factory.mktemp("small"), **LIMITS) as running:
        yield running


def choose(page: Page, files: list[Path]) -> None:
    page.locator("input.pick").set_input_files(files)


def ready(page: Page, count: int) -> None:
    expect(page.locator(".total-words")).to_contain_text(f"{count} photo{'s' * (count > 1)} ready")
    expect(create(page)).to_be_enabled()


def create(page: Page) -> Locator:
    return page.get_by_role("button", name="Create link")


def made(page: Page) -> str:
    """Wait for the finished link, and return it."""
    expect(page.get_by_role("heading", name="Your link is ready")).to_be_visible()
    field = page.locator("input#link")
    return (field.input_value() if field.count() else page.locator(".address").inner_text()).strip()


def set_title(page: Page, title: str) -> None:
    page.get_by_text("Works for ").first.click()
    field = page.get_by_role("textbox", name="Title")
    field.fill(title)
    field.press("Tab")


def test_five_taps_and_no_scroll_from_the_first_page_to_the_copied_link(
    app: RunningApp, new_context: Contexts, tmp_path: Path
) -> None:
    page = new_context(viewport=PHONE, has_touch=True, is_mobile=True, permissions=["clipboard-write"]).new_page()
    taps = 0

    def tap(what: Locator) -> None:
        nonlocal taps
        expect(what).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == 0
        what.tap()
        taps += 1

    page.goto(app.url)
    expect(page.locator("#front-first")).to_have_count(0)
    tap(page.locator("[data-testid=stMain]").get_by_role("link", name="Send photos", exact=True))
    with page.expect_file_chooser() as chooser:
        tap(page.locator("input.pick"))
    chooser.value.set_files(write(tmp_path, 3))
    taps += 1  # the phone's own "Done"
    ready(page, 3)
    tap(create(page))
    made(page)
    tap(page.get_by_role("button", name="Copy link"))
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert taps == 5


def test_what_cannot_be_taken_is_told_in_the_same_words(
    small_app: RunningApp, new_context: Contexts, tmp_path: Path
) -> None:
    (tmp_path / "note.jpg").write_text("hello")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "huge.tif").write_bytes(b"II*\0" + bytes(500_000))
    photos = write(tmp_path, 4)
    bad = [tmp_path / name for name in ("note.jpg", "empty.png", "huge.tif")]
    told: dict[str, list[str]] = {}
    for door in DOORS:
        page = new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
        page.goto(f"{small_app.url}/{door}")
        choose(page, [*bad[:2], photos[0]])
        ready(page, 1)
        choose(page, bad[2:])
        expect(page.locator(".problem")).to_have_count(3)
        choose(page, photos[1:])
        expect(page.locator(".notice")).to_contain_text("photo 4.jpg")
        ready(page, 3)
        told[door] = sorted([*page.locator(".problem").all_inner_texts(), *page.locator(".notice").all_inner_texts()])
        create(page).click()
        made(page)
    assert told["create"] == told["send"]
    assert "note.jpg is not a photo." in " ".join(told["send"])


@pytest.mark.parametrize("door", DOORS)
def test_offline_in_the_middle(app: RunningApp, new_context: Contexts, tmp_path: Path, door: str) -> None:
    page = new_context(viewport=PHONE).new_page()
    page.goto(f"{app.url}/{door}")
    photos = write(tmp_path, 3)
    choose(page, photos[:1])
    ready(page, 1)
    page.context.set_offline(True)
    choose(page, photos[1:])
    expect(page.locator(".total-words")).to_contain_text("You are offline")
    page.context.set_offline(False)
    ready(page, 3)
    create(page).click()
    made(page)


@pytest.mark.parametrize("door", DOORS)
def test_the_server_is_started_anew_in_the_middle(new_context: Contexts, tmp_path: Path, door: str) -> None:
    page = new_context(viewport=PHONE).new_page()
    port = free_port()
    with running_app(tmp_path, port=port) as first:
        page.goto(f"{first.url}/{door}")
        choose(page, write(tmp_path, 2))
        ready(page, 2)
        set_title(page, "Kept over a restart")
        if door == "create":
            expect(page).to_have_url(re.compile("album="))
    if door == "send":
        create(page).click()  # pressed while nobody is there
    expect(page.get_by_text(AWAY)).to_be_visible()
    expect(page.get_by_text(re.compile("streamlit", re.IGNORECASE))).to_have_count(0)
    expect(page.locator("li.card")).to_have_count(2)
    with running_app(tmp_path, port=port):
        if door == "create":
            expect(page.get_by_text(AWAY)).to_be_hidden()
            ready(page, 2)
            settled(page)
            create(page).click()
        link = made(page)
        friend = new_context(viewport=PHONE).new_page()
        friend.goto(link)
        expect(friend.get_by_role("heading", name="Kept over a restart")).to_be_visible()


def test_no_link_is_made_before_the_server_knows_the_order(
    app: RunningApp, new_context: Contexts, tmp_path: Path
) -> None:
    page = new_context(viewport=PHONE).new_page()
    page.add_init_script(
        """window.pressable = [];
        const fetched = window.fetch;
        window.fetch = (where, request) => {
          if (request?.method === "PUT") window.pressable.push(!document.querySelector("button[name=do]").disabled);
          return fetched(where, request);
        };"""
    )
    page.goto(f"{app.url}/send")
    choose(page, write(tmp_path, 3))
    ready(page, 3)
    assert page.evaluate("pressable") == [False]


@pytest.mark.parametrize("door", DOORS)
def test_two_tabs_back_and_reload_stand_at_the_same_album(
    app: RunningApp, new_context: Contexts, tmp_path: Path, door: str
) -> None:
    context = new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{app.url}/{door}")
    choose(page, write(tmp_path, 2))
    ready(page, 2)
    page.reload()
    ready(page, 2)
    other = context.new_page()
    other.goto(f"{app.url}/{door}")
    ready(other, 2)
    create(page).click()
    link = made(page)
    create(other).click()  # the other tab has not heard of it
    assert made(other) == link  # must not happen: a second link
    page.reload()
    assert made(page) == link
    page.go_back()
    expect(page.get_by_role("heading").first).to_be_visible()
    page.go_forward()
    assert made(page) == link


@pytest.mark.parametrize(("door", "script"), [("create", True), ("send", True), ("send", False)])
def test_a_browser_that_refuses_cookies_gets_its_link_all_the_same(
    app: RunningApp, with_preferences: Contexts, new_context: Contexts, tmp_path: Path, door: str, *, script: bool
) -> None:
    refuses = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    context = with_preferences(refuses, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{app.url}/{door}")
    if script:
        choose(page, write(tmp_path, 2))
        ready(page, 2)
    else:
        page.get_by_label("Choose photos").set_input_files(write(tmp_path, 2))
    create(page).click()
    link = made(page)
    assert context.cookies() == []
    expect(page.get_by_text("This browser keeps no cookie of this page: copy the link now.")).to_be_visible()
    page.get_by_text("QR code", exact=True).click()
    picture = page.get_by_alt_text("QR code of your link")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    friend = new_context(viewport=PHONE).new_page()
    friend.goto(link)
    expect(friend.get_by_role("img")).to_have_count(2)


def test_text_that_is_twice_as_large_fits_and_leaves_every_way_open(
    app: RunningApp, with_preferences: Contexts, tmp_path: Path
) -> None:
    page = with_preferences({"webkit": {"webprefs": {"default_font_size": 32}}}, locale="de-DE").new_page()

    def fits() -> None:
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        for box in page.locator("html, [data-testid=stMain]").all():
            assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0, page.url

    page.goto(app.url)
    expect(page.locator("#front-first")).to_have_count(0)
    expect(page.get_by_role("button", name="Menü")).to_be_in_viewport(ratio=1)
    fits()
    for door in DOORS:
        page.goto(f"{app.url}/{door}")
        choose(page, write(tmp_path, 1))
        button = page.get_by_role("button", name="Link erstellen")
        expect(button).to_be_enabled()
        settled(page)
        page.locator("summary").first.click()
        fits()
        button.click()
        expect(page.get_by_role("heading", name="Dein Link ist fertig")).to_be_visible()
        settled(page)
        fits()


@pytest.mark.parametrize("breaks", ["never comes", "breaks when a photo is chosen"])
def test_where_the_script_breaks_the_plain_form_goes_to_the_end(
    app: RunningApp, new_context: Contexts, tmp_path: Path, breaks: str
) -> None:
    page = new_context(viewport=PHONE).new_page()
    photos = write(tmp_path, 1)
    if breaks == "never comes":
        page.route("**/picker/**", lambda route: route.abort())
        page.goto(f"{app.url}/send")
    else:
        page.add_init_script("Crypto.prototype.getRandomValues = () => { throw new Error('an old browser'); };")
        page.goto(f"{app.url}/send")
        choose(page, photos)
    field = page.locator("#photos")
    expect(field).to_be_visible()
    field.set_input_files(photos)
    create(page).click()
    made(page)


def test_what_was_chosen_before_the_script_came_is_kept(app: RunningApp, new_context: Contexts, tmp_path: Path) -> None:
    page = new_context(viewport=PHONE).new_page()
    held: list[Route] = []
    chosen = False

    def hold(route: Route) -> None:
        if chosen:
            route.continue_()
        else:
            held.append(route)

    page.route("**/picker/**", hold)
    page.goto(f"{app.url}/send", wait_until="commit")
    page.locator("#photos").set_input_files(write(tmp_path, 2))
    chosen = True
    for route in held:
        route.continue_()
    ready(page, 2)
    create(page).click()
    made(page)
