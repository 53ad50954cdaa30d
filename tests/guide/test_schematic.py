"""A drawn screen says what its step says, and the way from the phone to the link is whole."""

import datetime as dt
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from lib.facts import Device, Step, Task, all_steps, menu_steps, provider_names
from lib.guide import content
from lib.guide.printed import as_page
from lib.guide.schematic import alt_of, draw, screen_of

TODAY = dt.date(2026, 11, 25)
# The services that people use most: on each device that has them, the way has to be whole.
SERVICES = ("Google Photos", "Dropbox", "Google Drive", "OneDrive", "This server")
APPLE = [("iCloud Photos", Device.IPHONE), ("iCloud Photos", Device.WEB), ("iCloud Shared Album", Device.IPHONE)]
WHOLE = [*((name, device) for name in SERVICES for device in Device), *APPLE]
# Nothing is put in before: what is attached in a chat goes there as it is sent.
CHATS = ("WhatsApp", "Telegram")
# No way there from every device: then each part that is there says where it goes instead.
NINE = (*SERVICES, "iCloud Photos", "iCloud Shared Album", *CHATS)


@pytest.mark.parametrize(("provider", "device"), WHOLE, ids=str)
@pytest.mark.parametrize("task", [Task.START, Task.UPLOAD, Task.SHARE, Task.REVOKE])
def test_the_way_from_the_phone_to_the_link_and_back_is_whole(provider: str, device: Device, task: Task) -> None:
    assert menu_steps(provider, device, task)


@pytest.mark.parametrize("provider", NINE)
@pytest.mark.parametrize("device", Device)
def test_a_beginner_is_left_without_words_at_none_of_the_nine(provider: str, device: Device) -> None:
    for task in (Task.START, Task.SHARE, Task.REVOKE):
        assert menu_steps(provider, device, task), task


def test_who_has_no_app_is_told_what_to_use_instead() -> None:
    told = " ".join(step.text for step in menu_steps("iCloud Photos", Device.ANDROID, Task.START))
    assert "no Android app" in told
    assert "Google Photos, Dropbox or this app" in told


@pytest.mark.parametrize("step", all_steps(), ids=lambda s: f"{s.provider}-{s.device}-{s.task}-{s.number}")
def test_every_step_is_drawn_with_the_words_to_press(step: Step) -> None:
    drawing = ET.fromstring(draw(step))  # noqa: S314 - our own drawing
    text = " ".join(one.text or "" for one in drawing.iter("{http://www.w3.org/2000/svg}text"))
    for button in screen_of(step).buttons:
        assert button.text in re.sub(r"\s+", " ", text)
    assert step.provider in text
    assert ("may look different" in text) is not step.confirmed
    assert drawing.get("aria-label") == alt_of(step)
    width, height = (float(part) for part in (drawing.get("viewBox") or "").split()[2:])
    for box in drawing.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(box.get("x") or 0) <= width
        assert float(box.get("y") or 0) <= height


def some_step(text: str) -> Step:
    (first, *_) = menu_steps("Dropbox", Device.WEB, Task.SHARE)
    return Step(
        "Dropbox", Device.WEB, Task.SHARE, 1, text, first.source, first.source_date, first.as_of, first.confidence,
        first.file, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "buttons"),
    [
        ("Tap **Share > gear**, then **Copy link**.", [("Share", False), ("gear", False), ("Copy link", True)]),
        ("Tap **Sign up** or **Log in**.", [("Sign up", True), ("Log in", True)]),
        ("Switch **Collaborate** off.", [("Collaborate", True)]),
        ("Wait a moment.", []),
    ],
)
def test_the_words_of_a_step_become_buttons(text: str, buttons: list[tuple[str, bool]]) -> None:
    assert [(one.text, one.pressed) for one in screen_of(some_step(text)).buttons] == buttons


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Tap the three dots beside the file.", ["three dots beside a name"]),
        ("Tap the three dots beside it, then **Share**.", ["three dots beside a name"]),
        ("Go to drive.google.com and sign in to your Google account.",
         ["the address drive.google.com", "a form to sign in"]),
        ("Tap the share icon and copy the link.", ["a share icon", "a link to copy"]),
        ("Wait on Wi-Fi until they are there.", ["a bar that fills"]),
        ("Agree to the reminder, if it comes, and send.", ["a send button"]),
        ("Click **Copy link**, then **Done**.", []),
        ("Leave it as it is.", []),
    ],
)  # fmt: skip
def test_what_has_no_word_to_press_is_drawn_as_a_sign(text: str, signs: list[str]) -> None:
    step = some_step(text)
    assert [one.name for one in screen_of(step).signs] == signs
    assert all(name in alt_of(step) for name in signs)
    ET.fromstring(draw(step))  # noqa: S314 - our own drawing


def test_a_switch_is_drawn_as_it_should_stand_afterwards() -> None:
    assert screen_of(some_step("Turn **Backup** on.")).buttons[0].switch == "on"
    assert screen_of(some_step("Switch **Backup** off.")).buttons[0].switch == "off"


def test_words_that_are_code_stay_words() -> None:
    drawing = draw(some_step("Tap **<script>alert(1)</script> & go**."))
    assert "<script>" not in drawing
    ET.fromstring(drawing)  # noqa: S314 - our own drawing


@pytest.mark.parametrize("route", content.routes(), ids=lambda route: route.id)
@pytest.mark.parametrize("device", Device)
def test_a_way_can_be_printed_whole(route: content.Route, device: Device) -> None:
    for provider in ("Google Photos", "Dropbox"):
        page = as_page(route, provider, device, TODAY)
        HTMLParser().feed(page)
        assert page.count("<h2>") == len(route.step)
        assert page.count("<svg") >= len(route.step)
        assert "Last looked at" in page
        assert "**" not in page
        assert not re.search(r"(src|href)=.http", page)  # must not happen: a printed page loads something


def test_every_provider_says_what_to_press_somewhere() -> None:
    for name in provider_names():
        assert any(menu_steps(name, device, Task.SHARE) for device in Device), name
