"""The guide in a browser: decide, follow, search, and come back to it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import tests.conftest
from tests.conftest import ROOT, RunningApp, running_app
from tests.stories.conftest import settled

Look = Callable[[Page, str], None]
Check = Callable[[Page], None]


def answer(page: Page, question: str, option: str) -> None:
    page.get_by_role("radiogroup", name=re.compile(question)).get_by_text(option, exact=True).click()


def test_a_person_decides_sends_the_answers_on_and_the_other_sees_the_same(
    app: RunningApp, phone: Page, desktop: Page, look: Look
) -> None:
    phone.goto(app.url)
    answer(phone, "Who are the photos for", "Someone I already chat with")
    answer(phone, "How many photos", "Up to 9")
    answer(phone, "Do you need the originals", "No, they just have to be seen")
    expect(phone.get_by_text("Attach them. A message carries")).to_have_count(0)  # must not happen: too early
    answer(phone, "What are you using", "iPhone")
    expect(phone.get_by_text("A message carries up to 9 photos or videos, and you two already chat")).to_be_visible()
    expect(phone).to_have_url(re.compile(r"who=chat&count=few&keep=no&device=iphone"))
    look(phone, "guide-decided-phone")

    desktop.goto(phone.url)
    expect(desktop.get_by_text("A message carries up to 9 photos or videos, and you two already chat")).to_be_visible()
    answer(desktop, "Is one of you under 18", "Yes, under 16")
    expect(desktop.get_by_text("Ask a parent to send them").first).to_be_visible()
    look(desktop, "guide-decided-desktop")


def test_a_beginner_follows_the_words_by_touch_and_the_ticks_stay(app: RunningApp, phone: Page, look: Look) -> None:
    phone.goto(f"{app.url}/?route=link&device=iphone&provider=google_photos")
    article = phone.locator(".st-key-guide-article")
    expect(article.get_by_role("heading", name="2. Get the photos in and make the link")).to_be_attached()
    # The way from the phone to the link, each step in the words of its menu and with a drawn screen of it.
    for text in (
        "search for “Google Photos”",
        "sign in to your Google account",
        "then Turn on backup",
        "Tap Create link",
    ):
        expect(article.get_by_text(text).first).to_be_attached()
    expect(article.get_by_role("img", name="A drawn screen of Google Photos with Create link")).to_be_attached()
    expect(article.get_by_text("photos.google.com")).to_have_count(0)  # must not happen: words of another device
    expect(article.get_by_text("Last looked at:")).to_be_visible()
    expect(article.get_by_role("link", name="My links")).to_have_count(0)  # that page knows nothing of another provider
    look(phone, "guide-article-phone")

    steps = phone.locator(".st-key-guide-steps")
    steps.get_by_role("link", name="Check it as a stranger").tap()
    expect(article.get_by_role("heading", name="3. Check it as a stranger")).to_be_in_viewport()
    expect(steps).to_be_in_viewport()  # the list stays in reach
    article.get_by_text("Done: Check it as a stranger").tap()
    expect(phone.get_by_text("1 of 6 steps done")).to_be_attached()
    article.get_by_role("link", name="Check a link").tap()
    expect(phone.get_by_role("heading", level=1, name="Check a link")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_text("1 of 6 steps done")).to_be_attached()
    phone.reload()
    expect(phone.get_by_text("1 of 6 steps done")).to_be_attached()


def test_a_beginner_chooses_by_keyboard_and_the_whole_way_follows(app: RunningApp, desktop: Page) -> None:
    desktop.goto(f"{app.url}/?route=link&provider=dropbox")
    article = desktop.locator(".st-key-guide-article")
    expect(
        article.get_by_role("img", name=re.compile("A drawn screen of Dropbox with .*Upload photos"))
    ).to_be_attached()
    radio = article.get_by_role("radiogroup", name="Device").get_by_role("radio", name="iPhone")
    radio.focus()
    desktop.keyboard.press("ArrowLeft")
    expect(article.get_by_role("img", name=re.compile("A drawn screen of Dropbox with Upload, Open"))).to_be_attached()
    expect(desktop).to_have_url(re.compile("device=web"))


def test_an_article_can_be_printed(app: RunningApp, desktop: Page, tmp_path: Path, look: Look) -> None:
    desktop.goto(f"{app.url}/?route=link&device=android&provider=dropbox")
    with desktop.expect_download() as saved:
        desktop.get_by_role("button", name="Print, or save as PDF").click()
    saved.value.save_as(tmp_path / "way.html")
    desktop.goto((tmp_path / "way.html").as_uri())
    expect(desktop.get_by_role("heading", level=1, name="Send a link")).to_be_visible()
    expect(desktop.get_by_role("img", name="A drawn screen of Dropbox with +, Upload photos")).to_be_visible()
    assert desktop.pdf().startswith(b"%PDF")
    look(desktop, "guide-printed")


def test_who_is_threatened_is_told_to_stop_and_who_helps(app: RunningApp, phone: Page, look: Look) -> None:
    phone.goto(app.url)
    phone.get_by_text("Somebody threatens or blackmails me", exact=True).tap()
    stop = phone.get_by_test_id("stAlertContentError")
    expect(stop.get_by_text("Do not pay, and do not send anything more")).to_be_visible()
    expect(phone.get_by_role("link", name="Take It Down")).to_be_visible()
    # must not happen: a way to send something is put beside it
    expect(phone.get_by_role("radiogroup", name=re.compile("Who are the photos for"))).to_have_count(0)
    expect(phone).to_have_url(re.compile("concern=threats"))
    look(phone, "guide-stop-phone")
    country = phone.get_by_role("combobox", name=re.compile("Where do you live"))
    country.click()
    country.fill("France")
    country.press("Enter")
    expect(phone.get_by_role("link", name="3018")).to_be_visible()


def test_a_person_searches_and_gets_a_link_to_the_answer(app: RunningApp, desktop: Page, look: Look) -> None:
    desktop.goto(app.url)
    box = desktop.get_by_label("Search the guide")
    box.fill("unsend")
    box.press("Enter")
    desktop.get_by_test_id("stPageLink-NavLink").filter(has_text="Can I take it back?").click()
    expect(desktop.get_by_role("heading", name=re.compile(r"Can I take it back\?"))).to_be_visible()
    expect(desktop).to_have_url(re.compile(r"[?&]q=take-it-back"))
    shown = desktop.locator(".st-key-guide-answer")
    expect(shown.get_by_text("We found no sure way to unsend a photo")).to_be_visible()
    shown.get_by_role("button", name="Where this comes from").click()
    expect(desktop.get_by_text("A voice message can be deleted within")).to_be_visible()
    look(desktop, "guide-answer-desktop")


@pytest.mark.parametrize("typed", ["<b onclick=alert(qq)>qq</b>", "<script>alert(qq)</script>"])
def test_html_in_the_search_box_and_the_address_is_only_text(app: RunningApp, desktop: Page, typed: str) -> None:
    ran: list[str] = []
    desktop.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    desktop.goto(f"{app.url}/?q={typed}&provider={typed}")
    expect(desktop.get_by_text("that your link names is not here")).to_be_visible()
    box = desktop.get_by_label("Search the guide")
    box.fill(typed)
    box.press("Enter")
    expect(box).to_have_value(typed)
    settled(desktop)
    assert ran == []  # must not happen: what was typed runs
    expect(desktop.locator("img[src=x]")).to_have_count(0)


WAYS = ["attach", "link", "post", "video"]


@pytest.mark.parametrize(
    ("way", "width"),
    [
        *((way, 360) for way in WAYS), ("link", 1280),
        *(pytest.param(way, 1280, marks=pytest.mark.thorough) for way in WAYS if way != "link"),
    ],
)  # fmt: skip
def test_each_way_fits_the_screen_and_axe_finds_nothing(
    app: RunningApp, new_context: Callable[..., object], fits: Look, width: int, way: str
) -> None:
    # As high as the page, so that axe sees all of it.
    page: Page = new_context(viewport={"width": width, "height": 9000}).new_page()  # type: ignore[attr-defined]
    page.goto(f"{app.url}/?route={way}&device=iphone&provider={'dropbox' if width == 360 else 'google_photos'}")
    expect(page.get_by_text("Passalong is independent")).to_be_visible()
    expect(page.locator(".st-key-guide-article")).to_be_visible()
    fits(page, f"guide-{way}")


@pytest.mark.parametrize("name", ["q=make-a-link", "concern=intimate"])
def test_an_answer_and_a_stop_fit_the_screen_and_axe_finds_nothing(
    app: RunningApp, new_context: Callable[..., object], fits: Look, name: str
) -> None:
    page: Page = new_context(viewport={"width": 360, "height": 4000}).new_page()  # type: ignore[attr-defined]
    page.goto(f"{app.url}/?{name}")
    expect(page.get_by_text("Passalong is independent")).to_be_attached()
    fits(page, f"guide-{name[-6:]}")


def test_the_decision_can_be_made_with_the_keyboard_alone(app: RunningApp, desktop: Page) -> None:
    desktop.goto(app.url)
    first = desktop.get_by_role("radio", name="Someone I already chat with")
    expect(first).to_be_attached()
    first.focus()
    desktop.keyboard.press("Space")
    expect(desktop.get_by_role("radiogroup", name=re.compile("How many photos"))).to_be_visible()


def test_a_broken_table_is_named_on_its_page_and_the_rest_works(
    tmp_path: Path, desktop: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    for name in ("lib", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", "secrets.toml"))
    shutil.copy(ROOT / "streamlit_app.py", project)
    table = project / "lib" / "facts" / "tables" / "passalong.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("link_days,30,", "link_days,thirty,"))
    monkeypatch.setattr(tests.conftest, "ROOT", project)
    with running_app(tmp_path) as broken:
        desktop.goto(broken.url)
        expect(desktop.get_by_text(re.compile(r"passalong\.csv, row \d+: link_days: value"))).to_be_visible()
        expect(desktop.get_by_text("The other pages go on working.")).to_be_visible()
        desktop.goto(f"{broken.url}/check")
        expect(desktop.get_by_role("heading", level=1, name="Check a link")).to_be_visible()
        expect(desktop.get_by_text("passalong.csv")).to_have_count(0)
