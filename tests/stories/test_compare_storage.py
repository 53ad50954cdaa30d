"""Comparing storage in a browser: a recommendation and why, a table or cards, and where a cell comes from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lib.facts import provider_names
from lib.guide.compare import matching
from tests.conftest import RunningApp

Look = Callable[[Page, str], None]
Check = Callable[[Page], None]


def tick(page: Page, label: str) -> None:
    page.get_by_text(label, exact=True).click()
    expect(page.get_by_role("checkbox", name=label)).to_be_checked()


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(label))
    box.click()
    box.press_sequentially(option)
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def test_a_person_says_what_matters_and_sees_why(app: RunningApp, phone: Page, look: Look) -> None:
    phone.goto(f"{app.url}/compare")
    tick(phone, "End-to-end encryption")
    tick(phone, "A password on the link")
    expect(phone.get_by_role("heading", name="1. Proton Drive")).to_be_visible()
    expect(phone.get_by_text("End-to-end encrypted: the provider cannot see your photos.").first).to_be_visible()
    expect(phone.get_by_role("heading", name="1. This server")).to_have_count(0)  # must not happen
    phone.get_by_role("button", name="Where this comes from").first.click()
    link = phone.get_by_test_id("stPopoverBody").get_by_role("link", name="source").first
    expect(link).to_have_attribute("href", re.compile("^https://(proton.me|github.com/ProtonMail)/"))
    look(phone, "compare-why-phone")


def test_three_services_come_first_and_a_phone_shows_them_whole(app: RunningApp, phone: Page, look: Look) -> None:
    phone.goto(f"{app.url}/compare")
    table = phone.get_by_role("table").first
    expect(table.get_by_role("columnheader")).to_have_text(["Google Photos", "Dropbox", "iCloud Photos"])
    for question in ("Free space", "Ease of sharing", "Works on", "Privacy"):
        expect(table.get_by_role("rowheader", name=question)).to_be_visible()
    expect(table.get_by_text("3,750 photos of 4 MB")).to_be_visible()
    box = table.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360, "no scrolling to the side"
    assert box["y"] + box["height"] < 1300, "two screens at most"
    headings = phone.get_by_role("heading", level=2)
    expect(headings).to_have_text(
        ["At a glance", "What matters to you", "In colours", "Free space in your photos", "All providers",
         "Side by side"]
    )  # fmt: skip
    phone.get_by_role("button", name="Where these facts come from").click()
    expect(phone.get_by_test_id("stPopoverBody").get_by_text("Google says “up to 15 GB”")).to_be_visible()
    phone.keyboard.press("Escape")
    look(phone, "compare-glance-phone")


def test_a_tapped_colour_says_where_it_comes_from(app: RunningApp, desktop: Page, look: Look) -> None:
    desktop.goto(f"{app.url}/compare")
    grid = desktop.locator('[data-testid="stVegaLiteChart"][aria-label^="A grid of what"]')
    grid.scroll_into_view_if_needed()
    drawing = grid.locator("svg.marks, canvas").first
    expect(drawing).to_be_visible()
    box = drawing.bounding_box()
    assert box
    drawing.click(position={"x": box["width"] * 0.35, "y": box["height"] * 0.5})
    told = re.compile(r"^[A-Z].+: (Recipient needs an account|What a fresh link allows):")
    expect(desktop.get_by_text(told).first).to_be_visible()
    look(desktop, "compare-colours-desktop")


def test_a_phone_gets_cards_and_a_computer_the_table(app: RunningApp, phone: Page, desktop: Page, look: Look) -> None:
    phone.goto(f"{app.url}/compare")
    expect(phone.get_by_role("heading", name="Google Photos", exact=True)).to_be_visible()
    expect(phone.get_by_test_id("stDataFrame")).to_have_count(0)
    phone.get_by_role("button", name=re.compile("Show more")).click()
    expect(phone.get_by_role("heading", name="pCloud", exact=True)).to_be_visible()
    look(phone, "compare-cards-phone")

    desktop.goto(f"{app.url}/compare")
    expect(desktop.get_by_test_id("stDataFrame")).to_be_visible()
    desktop.get_by_role("radiogroup", name="Show as").get_by_text(re.compile("Cards")).click()
    expect(desktop.get_by_role("heading", name="Google Photos", exact=True)).to_be_visible()


def test_a_tapped_cell_says_where_it_comes_from(app: RunningApp, desktop: Page) -> None:
    desktop.goto(f"{app.url}/compare")
    grid = desktop.get_by_test_id("stDataFrame")
    expect(grid).to_be_visible()
    expect(desktop.get_by_text("Google Photos: Free space: 15 GB")).to_be_visible()
    drawings = desktop.get_by_test_id("stVegaLiteChart").locator("svg.marks, canvas")
    expect(drawings).to_have_count(2)  # they stand above the table and push it down
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box
    desktop.mouse.click(box["x"] + 180, box["y"] + 35 * 2 + 17)  # second row, second column: Dropbox, free space
    expect(desktop.get_by_text("Dropbox: Free space: 2 GB")).to_be_visible()
    expect(
        desktop.get_by_text(re.compile(r"the service’s own page · page without a date, read on .* 20\d\d")).first
    ).to_be_visible()


def test_a_filter_side_by_side_and_the_download(app: RunningApp, desktop: Page, look: Look, tmp_path: Path) -> None:
    desktop.goto(f"{app.url}/compare")
    desktop.get_by_text("Filter, sort and choose columns").click()
    choose(desktop, "Show only providers where", "End-to-end encryption")
    expect(desktop.get_by_text(f"{len(matching(['e2ee']))} of {len(provider_names())} providers")).to_be_visible()

    choose(desktop, "Choose two or three", "Box")
    choose(desktop, "Choose two or three", "MEGA")
    expect(desktop.get_by_role("region", name="Side by side").get_by_text("At least 8 characters")).to_be_visible()
    look(desktop, "compare-side-by-side-desktop")

    with desktop.expect_download() as saved:
        desktop.get_by_role("button", name="All facts with sources as CSV").click()
    path = tmp_path / "facts.csv"
    saved.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    private = {row["provider"] for row in rows}
    assert private == set(matching(["e2ee"]))
    assert {"MEGA", "Proton Drive", "Ente Photos", "Sync.com"} <= private
    assert all(row["source"] and row["as_of"] for row in rows)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_comparison_fits_the_screen_and_axe_finds_nothing(
    app: RunningApp, new_context: Callable[..., object], fits: Look, width: int
) -> None:
    page: Page = new_context(viewport={"width": width, "height": 5000}).new_page()  # type: ignore[attr-defined]
    page.goto(f"{app.url}/compare")
    expect(page.get_by_label(re.compile("A grid of what recipients need")).first).to_be_visible()
    tick(page, "The recipient has no account")
    expect(page.get_by_text(re.compile("What is met counts two points"))).to_be_visible()
    for box in page.get_by_text("The same as a table").all():
        box.click()
    expect(page.get_by_role("region", name="Free space in your photos")).to_contain_text("MEGA")
    choose(page, "Choose two or three", "Box")
    choose(page, "Choose two or three", "MEGA")
    expect(page.get_by_role("region", name="Side by side")).to_be_visible()
    fits(page, "compare")
