"""Check a link, in a real browser: a good, a private and a cut one, a symptom, and a list of fifty.

The app is the real one; behind its link doctor stands the small internet of tests/links, guard on.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.stories.conftest import settled

ROOT = Path(__file__).resolve().parent.parent.parent
OPEN = "https://drive.google.com/file/d/1NE7a7J9fkyIEypXT-aKtpRCy3Uqx3MVQ/view?usp=sharing"
PRIVATE = "https://drive.google.com/file/d/1Priv7J9fkyIEypXT-aKtpRCy3Uqx3MVQ/view?usp=sharing"
CUT = OPEN[:50]


@pytest.fixture(scope="module")
def doctor(tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]) -> Iterator[str]:
    """The app with a small internet behind its link doctor; yields its address and proves that no link was logged."""
    folder, port = tmp_path_factory.mktemp("doctor"), free_port()
    env = os.environ | {"PASSALONG_DATA_DIR": str(folder / "data"), "PASSALONG_SECRETS_FILE": os.devnull}
    log = folder / "app.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "tests/links/app_with_fakes.py", "--server.headless", "true",
             "--server.address", "127.0.0.1", "--server.port", str(port)],
            cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)
    assert "1NE7a7J9" not in log.read_text(errors="replace")


@pytest.fixture(scope="module")
def free_port() -> Callable[[], int]:
    import socket

    def find() -> int:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            return int(sock.getsockname()[1])

    return find


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the app did not start")


def begin(page: Page, doctor: str) -> None:
    page.goto(f"{doctor}/check")
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_visible()


def paste(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Link or message")
    box.fill(text)
    box.press("Control+Enter")


def check(page: Page) -> None:
    page.get_by_role("button", name="Check", exact=True).click()


def verdict(page: Page, text: str) -> Locator:
    return page.get_by_test_id("stAlert").filter(has_text=text).first


def test_a_good_link_inside_a_message_is_open_and_shown_repaired(
    phone: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(phone, doctor)
    paste(phone, f"Look at this! ({OPEN}).")
    expect(phone.get_by_text("We removed what was stuck to the link.")).to_be_visible()
    check(phone)
    expect(verdict(phone, "Open. Anyone with the link sees the photo.")).to_be_visible()
    expect(phone.get_by_text("What they get to see, made small by this app")).to_be_visible()
    expect(phone.get_by_text("seconds on slow 4G")).to_be_visible()
    expect(phone.get_by_text("Private data is still inside this photo.")).to_be_visible()
    no_axe_violations(phone)
    look(phone, "check-open-phone")
    assert "drive.google" not in phone.url  # a link is a secret and never stands in an address


def test_a_picture_that_downloads_is_not_called_simply_open(
    desktop: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(desktop, doctor)
    paste(desktop, "https://photos.example.org/kept/beach.jpg")
    check(desktop)
    expect(verdict(desktop, "Open, but it downloads instead of showing.")).to_be_visible()
    expect(desktop.get_by_text("often block that")).to_be_visible()
    expect(desktop.get_by_text("Anyone with the link sees the photo")).to_have_count(0)
    no_axe_violations(desktop)
    look(desktop, "check-download-desktop")


def test_a_private_link_says_what_they_see_and_how_to_mend_it(
    desktop: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(desktop, doctor)
    paste(desktop, PRIVATE)
    check(desktop)
    expect(verdict(desktop, "Closed. It asks people to sign in.")).to_be_visible()
    expect(desktop.get_by_text("You can mend this.")).to_be_visible()
    expect(desktop.get_by_text("In the Drive app, tap the three dots")).to_be_visible()
    desktop.get_by_role("radiogroup").get_by_text("Web", exact=True).click()
    expect(desktop.get_by_text("Right-click the photo or folder")).to_be_visible()
    desktop.get_by_text("As TikTok's browser sees it").click()
    expect(desktop.get_by_text("Inside TikTok's browser nobody is signed in")).to_be_visible()
    desktop.get_by_text("What was seen").click()
    expect(desktop.get_by_text("Google sent a stranger to its sign-in page")).to_be_visible()
    no_axe_violations(desktop)
    look(desktop, "check-private-desktop")


SHORT = "https://bit.ly/3abcDEF"
MEGA = "https://mega.nz/file/dc8mCC7C"
FILTER = "https://eur01.safelinks.protection.outlook.com/?url={}&data=05%7C02&reserved=0"


def test_a_short_link_gets_the_name_and_the_verdict_of_where_it_leads(
    phone: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(phone, doctor)
    paste(phone, f"Our photos: {SHORT}")
    check(phone)
    expect(verdict(phone, "Open. Anyone with the link sees the photo.")).to_be_visible()
    expect(phone.get_by_text("Google Drive").first).to_be_visible()
    expect(phone.get_by_text("It leads to drive.google.com")).to_be_visible()
    no_axe_violations(phone)
    look(phone, "check-short-phone")


def test_a_key_that_a_mail_filter_lost_is_not_blamed_on_the_sender(
    phone: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(phone, doctor)
    paste(phone, FILTER.format(quote(MEGA, safe="")))
    expect(verdict(phone, "A mail filter broke this link: its key is gone.")).to_be_visible()
    expect(phone.get_by_text("Send the link by chat")).to_be_visible()
    expect(phone.get_by_text("Outlook's Safe Links rewrote this link").first).to_be_visible()
    expect(phone.get_by_text("send this one")).to_have_count(0)  # what is broken is not worth sending
    no_axe_violations(phone)
    look(phone, "check-filter-phone")


def test_a_key_that_a_mail_filter_only_rewrote_is_whole_again(phone: Page, doctor: str) -> None:
    begin(phone, doctor)
    whole = f"{MEGA}#8qkdalh6m-DBOM1gFeD5tgAj8SJMG0eqgW30gka3UK4"
    paste(phone, FILTER.format(quote(whole.replace("#", "%23"), safe="")))
    expect(phone.get_by_text("We removed what was stuck to the link.")).to_be_visible()
    expect(phone.get_by_text(whole).first).to_be_visible()
    expect(phone.get_by_text("It was inside Outlook's Safe Links")).to_be_visible()
    expect(phone.get_by_text("Send it by chat")).to_be_visible()


def test_a_link_that_closes_inside_an_app_says_what_to_tell_them(
    desktop: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(desktop, doctor)
    paste(desktop, "https://photos.example.org/in-app/1.jpg")
    check(desktop)
    expect(verdict(desktop, "Open. Anyone with the link sees the photo.")).to_be_visible()
    expect(desktop.get_by_text("Different:").first).to_be_visible()
    expect(desktop.get_by_text("open it in Safari or Chrome")).to_be_visible()
    no_axe_violations(desktop)
    look(desktop, "check-in-app-desktop")


def test_a_link_that_looks_cut_is_a_hint_with_odds_and_is_opened_all_the_same(phone: Page, doctor: str) -> None:
    begin(phone, doctor)
    paste(phone, CUT)
    expect(verdict(phone, "Something about the link looks odd.")).to_be_visible()
    expect(phone.get_by_text("The code in it has 18 characters. All 30 real links of this kind")).to_be_visible()
    check(phone)
    expect(verdict(phone, "This link is cut off.")).to_be_visible()
    expect(phone.get_by_text("This is likely, not certain.").first).to_be_visible()
    expect(phone.get_by_text("Do not retype it")).to_be_visible()


def links_to_tap(page: Page) -> list[str]:
    """Return the links on the page, without those that choose its language."""
    main = page.get_by_test_id("stMain")
    every = main.get_by_role("link").all_inner_texts()
    languages = main.get_by_role("navigation", name="Language").get_by_role("link").all_inner_texts()
    assert len(languages) > 5
    return [text for text in every if text not in languages]


def test_a_cut_that_the_text_cannot_show_is_named_first_when_nothing_is_found(
    phone: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(phone, doctor)
    paste(phone, "https://www.flickr.com/photos/ann/5023484445")
    expect(verdict(phone, "Not opened yet. The link itself looks right.")).to_be_visible()
    check(phone)
    expect(verdict(phone, "Not found.")).to_be_visible()
    causes = phone.get_by_test_id("stMarkdownContainer").get_by_role("listitem").all_inner_texts()
    assert causes[0] == "The link may be cut off, or a letter may be wrong."
    assert any("removed" in each for each in causes[1:])
    assert links_to_tap(phone) == []  # nothing here may be tapped by mistake
    expect(phone.get_by_text("Compare the end of this link with the original")).to_be_visible()
    no_axe_violations(phone)
    look(phone, "check-not-found-phone")


def test_a_title_cannot_put_a_link_onto_the_page(phone: Page, doctor: str) -> None:
    begin(phone, doctor)
    paste(phone, "https://www.flickr.com/photos/ann/50234844455/")
    check(phone)
    expect(verdict(phone, "Open. Anyone with the link sees the photo.")).to_be_visible()
    expect(phone.get_by_text("“Beach")).to_be_visible()
    assert links_to_tap(phone) == []


def test_capitals_that_may_be_lost_are_a_hint_and_no_verdict(phone: Page, doctor: str) -> None:
    begin(phone, doctor)
    paste(phone, "https://flic.kr/p/nkokxq")
    expect(verdict(phone, "Something about the link looks odd.")).to_be_visible()
    expect(phone.get_by_text("Perhaps its capitals became small ones.")).to_be_visible()
    check(phone)
    expect(verdict(phone, "Not found.")).to_be_visible()
    causes = phone.get_by_test_id("stMarkdownContainer").get_by_role("listitem")
    assert "Capital letters" in causes.first.inner_text()


def test_some_of_many_links_can_be_left_out(
    desktop: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    links = [f"https://photos.example.org/{kind}/{n}" for kind in ("open", "gone") for n in range(3)]
    begin(desktop, doctor)
    paste(desktop, "Here they are: " + " and ".join(links))
    expect(desktop.get_by_role("heading", name="6 links found")).to_be_visible()
    desktop.get_by_text("Leave some of them out").click()
    box = desktop.get_by_role("combobox", name="Links not to open")
    for left_out in (1, 2):
        settled(desktop)  # a list closes where the page is drawn anew
        box.click()
        box.press_sequentially(f"gone/{left_out}")
        option = desktop.get_by_role("option", name=f"photos.example.org/gone/{left_out}")
        expect(option).to_be_visible()
        expect(desktop.get_by_role("option")).to_have_count(1)  # the list has been narrowed down to it
        box.press("Enter")
        box.press("Tab")
        expect(desktop.get_by_role("heading", name=f"6 links found, {left_out} left out")).to_be_visible()
    no_axe_violations(desktop)
    look(desktop, "check-left-out-desktop")
    check(desktop)
    verdicts = desktop.get_by_test_id("stAlert")
    expect(verdicts.filter(has_text="Open. Anyone with the link sees the photo.")).to_have_count(3)
    expect(verdicts.filter(has_text="Gone.")).to_have_count(1)


def test_more_text_than_is_read_is_said_and_stays_quick(desktop: Page, doctor: str) -> None:
    begin(desktop, doctor)
    box = desktop.get_by_role("textbox", name="Link or message")
    box.fill(OPEN + " and " + "more words " * 100_000)
    box.press("Control+Enter")
    expect(desktop.get_by_text("Only its first 1,000,000 characters were read.")).to_be_visible()
    expect(desktop.get_by_role("heading", name="1 link found")).to_be_visible()
    assert len(box.input_value()) == 1_000_000


def see(page: Page, text: str) -> None:
    settled(page)  # the answer to what was tapped before would take these words away again
    box = page.get_by_role("textbox", name="What do they see?")
    box.fill(text)
    box.press("Enter")


def test_misspelt_words_lead_to_causes_and_back_to_the_check(
    phone: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(phone, doctor)
    see(phone, "it says she needs acess, permision denied")
    expect(phone.get_by_text("1. The link is restricted to people you named.")).to_be_visible()
    expect(phone.get_by_text("paste the link at the top and press Check")).to_be_visible()
    no_axe_violations(phone)
    look(phone, "check-symptom-phone")


def test_a_symptom_can_be_picked_and_said_in_another_language(phone: Page, doctor: str) -> None:
    begin(phone, doctor)
    phone.get_by_test_id("stButtonGroup").get_by_text("Page not found").click()
    expect(phone.get_by_text("1. The link was cut or a letter was changed.")).to_be_visible()
    see(phone, "Die Oma soll sich anmelden")
    expect(phone.get_by_text("1. The link is not open to everyone.")).to_be_visible()
    see(phone, "zzz qqq")
    expect(phone.get_by_text("We do not know these words.")).to_be_visible()


def test_a_warning_is_never_called_normal(
    phone: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(phone, doctor)
    see(phone, "WhatsApp shows: suspicious link")
    expect(phone.get_by_text("They do not go on.")).to_be_visible()
    assert "normal" not in phone.get_by_test_id("stMain").inner_text().lower()
    no_axe_violations(phone)
    look(phone, "check-warning-phone")


def test_the_symptom_ends_in_the_live_check_which_says_which_cause_it_is(
    desktop: Page, doctor: str, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    begin(desktop, doctor)
    paste(desktop, PRIVATE)
    expect(verdict(desktop, "Not opened yet. The link itself looks right.")).to_be_visible()
    see(desktop, "blank page")
    expect(desktop.get_by_text("This is what the check of your link shows")).to_have_count(0)
    desktop.get_by_role("button", name="Check the link to know which one").click()
    expect(verdict(desktop, "Closed. It asks people to sign in.")).to_be_visible()
    expect(desktop.get_by_text("This is what the check of your link shows")).to_have_count(1)
    expect(desktop.get_by_text("1. The link is restricted to people you named.")).to_be_visible()
    no_axe_violations(desktop)
    look(desktop, "check-symptom-found-desktop")


def test_fifty_links_are_checked_counted_filtered_and_taken_away(
    desktop: Page,
    doctor: str,
    tmp_path: Path,
    look: Callable[[Page, str], None],
    no_axe_violations: Callable[[Page], None],
) -> None:
    links = [f"https://photos.example.org/open/{n}" for n in range(30)]
    links += [f"https://photos.example.org/gone/{n}" for n in range(15)]
    links += [f"https://photos.google.com/photo/{n}" for n in range(5)]
    file = tmp_path / "fifty.csv"
    file.write_text("name,link\n" + "\n".join(f"friend {n},{link}" for n, link in enumerate(links)), encoding="utf-8")
    begin(desktop, doctor)
    desktop.get_by_text("Many links? Use a file").click()
    settled(desktop)
    desktop.locator("input[type=file]").set_input_files(file)
    expect(desktop.get_by_text("50 links")).to_be_visible()
    check(desktop)
    expect(desktop.get_by_text("30 open")).to_be_visible()
    expect(desktop.get_by_text("20 to mend")).to_be_visible()
    desktop.get_by_role("radiogroup").get_by_text("To mend", exact=True).click()
    expect(desktop.get_by_text("Page 1 of 2")).to_be_visible()
    desktop.get_by_role("button", name="Next").click()
    expect(desktop.get_by_text("Page 2 of 2")).to_be_visible()
    no_axe_violations(desktop)
    look(desktop, "check-fifty-desktop")
    with desktop.expect_download() as waiting:
        desktop.get_by_role("button", name="Download 50 results as CSV").click()
    saved = tmp_path / "saved.csv"
    waiting.value.save_as(saved)
    rows = list(csv.DictReader(saved.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 50
    assert [row["opens"] for row in rows].count("yes") == 30


def test_stopping_keeps_what_is_there(desktop: Page, doctor: str) -> None:
    begin(desktop, doctor)
    paste(desktop, "\n".join(f"https://photos.example.org/slow/{n}" for n in range(60)))
    expect(desktop.get_by_text("60 links")).to_be_visible()
    check(desktop)
    expect(desktop.get_by_text("of 60 done")).to_be_visible()
    desktop.get_by_role("button", name="Stop").click()
    expect(desktop.get_by_role("button", name="Go on")).to_be_visible()
    desktop.get_by_role("button", name="Go on").click()
    expect(desktop.get_by_text("60 to mend")).to_be_visible(timeout=40_000)


def test_nothing_pasted_is_said_kindly(phone: Page, doctor: str) -> None:
    begin(phone, doctor)
    check(phone)
    expect(phone.get_by_text("There is nothing to check yet")).to_be_visible()
    paste(phone, "see you at the beach")
    expect(verdict(phone, "There is no web link here.")).to_be_visible()
    expect(phone.get_by_role("heading", name="No link found")).to_be_visible()


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.thorough)])
def test_it_fits_every_screen_in_light_and_dark(
    new_context: Callable[..., BrowserContext], doctor: str, width: int, fits: Callable[[Page, str], None]
) -> None:  # fmt: skip
    page = new_context(viewport={"width": width, "height": 3600}).new_page()
    begin(page, doctor)
    see(page, "blank page in Instagram")
    paste(page, f"({OPEN}) {CUT} {FILTER.format(quote(MEGA, safe=''))}")
    check(page)
    expect(verdict(page, "Open. Anyone with the link sees the photo.")).to_be_visible()
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_enabled()
    fits(page, "check")
