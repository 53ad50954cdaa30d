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

Look = Callable[[Page, str], None]
Check = Callable[[Page], None]


def answer(page: Page, question: str, option: str) -> None:
    page.get_by_role("radiogroup", name=re.compile(question)).get_by_text(option, exact=True).click()


def follow_to(page: Page, step: str) -> None:
    page.get_by_role("button", name="Done, next step").click()
    expect(page.get_by_role("heading", name=re.compile(step))).to_be_visible()


def test_a_person_decides_sends_the_answers_on_and_the_other_sees_the_same(
    app: RunningApp, phone: Page, desktop: Page, look: Look
) -> None:
    phone.goto(app.url)
    answer(phone, "Who are the photos for", "Someone I already chat with")
    answer(phone, "How many photos", "Up to 9")
    answer(phone, "Do they have to stay originals", "No, they just have to be seen")
    expect(phone.get_by_text("Attach them. A message carries")).to_have_count(0)  # must not happen: too early
    answer(phone, "What are you holding", "iPhone")
    expect(phone.get_by_text("A message carries up to 9 photos or videos, and you two already chat")).to_be_visible()
    expect(phone).to_have_url(re.compile(r"who=chat&count=few&keep=no&device=iphone"))
    look(phone, "guide-decided-phone")

    desktop.goto(phone.url)
    expect(desktop.get_by_text("A message carries up to 9 photos or videos, and you two already chat")).to_be_visible()
    answer(desktop, "Is one of you under 18", "Yes, under 16")
    expect(desktop.get_by_text("Ask a parent to send them")).to_be_visible()
    look(desktop, "guide-decided-desktop")


def test_a_person_follows_the_link_way_on_iphone_words_and_the_ticks_stay(
    app: RunningApp, phone: Page, look: Look
) -> None:
    phone.goto(f"{app.url}/?route=link&device=iphone&provider=google_drive")
    expect(phone.get_by_role("img", name=re.compile("Large photos go through a frame"))).to_be_visible()
    follow_to(phone, "Step 2 of 6")
    step = phone.locator(".st-key-guide-step")
    expect(step.get_by_text("then Manage access.")).to_be_visible()
    expect(step.get_by_text("Right-click the file")).to_have_count(0)  # must not happen: words of another device
    expect(
        step.get_by_text(re.compile("official · page without a date, read on 21 November 2026")).first
    ).to_be_visible()
    look(phone, "guide-step-phone")
    follow_to(phone, "Step 3 of 6")
    expect(phone.get_by_text("2 of 6 steps done")).to_be_visible()

    phone.get_by_role("link", name="Check a link").last.click()
    expect(phone.get_by_role("heading", level=1, name="Check a link")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_text("2 of 6 steps done")).to_be_visible()
    expect(phone.get_by_role("heading", name=re.compile("Step 3 of 6"))).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("2 of 6 steps done")).to_be_visible()


def test_a_person_searches_and_gets_a_link_to_the_answer(app: RunningApp, desktop: Page, look: Look) -> None:
    desktop.goto(app.url)
    box = desktop.get_by_label("Search the guide")
    box.fill("unsend")
    box.press("Enter")
    desktop.get_by_role("link", name="Can I take it back?").click()
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
    expect(desktop.get_by_text("names an answer that is not here")).to_be_visible()
    box = desktop.get_by_label("Search the guide")
    box.fill(typed)
    box.press("Enter")
    expect(desktop.get_by_text("Nothing found.")).to_be_visible()
    assert ran == []  # must not happen: what was typed runs
    expect(desktop.locator("img[src=x]")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_guide_fits_the_screen_and_axe_finds_nothing(
    app: RunningApp, new_context: Callable[..., object], fits: Look, width: int
) -> None:
    # As high as the page, so that axe sees all of it.
    page: Page = new_context(viewport={"width": width, "height": 4000}).new_page()  # type: ignore[attr-defined]
    page.goto(f"{app.url}/?who=chat&count=few&keep=no&device=iphone&q=make-a-link&route=link")
    expect(page.get_by_text("independent of TikTok")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Large photos"))).to_be_visible()
    fits(page, "guide")


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
