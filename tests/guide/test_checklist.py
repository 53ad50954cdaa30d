"""The score explains itself, and the list can be taken along."""

import datetime as dt
from html.parser import HTMLParser

import pytest

from lib.facts import Device, provider_names
from lib.guide import content
from lib.guide.checklist import Chosen, as_markdown, as_page, how_at, is_done, lines, score
from lib.ui.checklist import device
from lib.ui.picker import clean_state

TODAY = dt.date(2026, 11, 21)
ALL = {item.id for item in content.checklist()}


def test_nothing_done_is_nothing_and_everything_done_is_everything() -> None:
    assert score(set(), {}).percent == 0
    full = score(ALL, {})
    assert (full.percent, full.done) == (100, full.items)
    assert "nothing is left to do" in full.text


def test_a_heavier_item_raises_the_score_more() -> None:
    assert score({"view-only"}, {}).percent > score({"arrived"}, {}).percent


def test_the_score_says_what_would_help_most() -> None:
    told = score(ALL - {"revoked", "arrived"}, {})
    assert "“Took the link back” would help most." in told.text
    assert told.text.count(". ") == 0  # one sentence
    assert f"{len(ALL) - 2} of {len(ALL)} are done" in told.text


def test_a_tick_that_nobody_knows_counts_nothing() -> None:
    assert score({"<b>", "no-such-item"}, {}) == score(set(), {})


def test_what_the_app_saw_ticks_itself() -> None:
    (item,) = (one for one in content.checklist() if one.id == "location-removed")
    assert not is_done(item, set(), {})
    assert is_done(item, set(), {"location_removed": "gone from 3 photos"})
    assert not is_done(item, set(), {"location_removed": ""})


def test_the_evidence_of_the_contract_belongs_to_an_item() -> None:
    known = {item.evidence for item in content.checklist()}
    assert known >= {"location_removed", "view_only_link", "expiry_set", "password_set", "revoked"}


@pytest.mark.parametrize("provider", provider_names())
def test_every_item_says_how_at_every_provider(provider: str) -> None:
    for item in content.checklist():
        told = how_at(item, provider, Device.IPHONE)
        assert bool(told) is bool(item.how_field or item.how_task)
    assert any("Viewer" in line for line in how_at_view_only("Google Drive"))


def how_at_view_only(provider: str) -> list[str]:
    (item,) = (one for one in content.checklist() if one.id == "view-only")
    return how_at(item, provider, Device.WEB)


def test_how_says_what_is_not_confirmed() -> None:
    told = " ".join(how_at_view_only("Nextcloud"))
    assert "We found no source for step" in told
    assert "not confirmed" not in told


def test_the_markdown_holds_every_item_and_its_tick() -> None:
    text = as_markdown(Chosen({"expiry"}, {"revoked": "Taken back at 14:02"}, "Google Drive", Device.WEB), TODAY)
    assert "- [x] **Set a last day**" in text
    assert "- [ ] **Asked whether it arrived**" in text
    assert "- [x] **Took the link back**" in text
    assert "Seen by this app: Taken back at 14:02" in text
    assert "2. Under **General access**, change **Restricted** to **Anyone with the link**." in text
    assert text.count("- [") == len(ALL)


def test_the_page_is_whole_and_escapes_what_people_named() -> None:
    page = as_page(Chosen({"expiry"}, {"location_removed": "<img src=x onerror=alert(1)>.jpg"}), TODAY)
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert page.count('aria-label="done"') == 2
    assert page.count('aria-label="open"') == len(ALL) - 2
    HTMLParser().feed(page)
    assert "**" not in page


def test_the_parts_come_in_their_order() -> None:
    assert list(lines(Chosen())) == ["Before you share", "While you share", "After you shared"]
    assert all(lines(Chosen()).values())


def picked(name: str, *removed: str, taken: bool = False) -> dict[str, object]:
    return {"id": "", "name": name, "width": 9, "height": 9, "size_bytes": 9, "original_size_bytes": 9,
            "removed": list(removed), "taken": taken}  # fmt: skip


@pytest.mark.parametrize(
    ("photos", "ticked", "words"),
    [
        ([], set(), ""),
        ([picked("beach.jpg", "position", "time")], {"photo_inspected"},
         "You looked inside beach.jpg on this device: 2 kinds of hidden data."),
        ([picked("a.jpg"), picked("b.jpg")], {"photo_inspected"},
         "You looked inside a.jpg and 1 more photo on this device: nothing hidden."),
        ([picked("a.jpg", "time", taken=True), picked("b.jpg")], {"photo_inspected", "location_removed"},
         "You took a clean copy along: a.jpg, cleaned on this device."),
    ],
)  # fmt: skip
def test_what_the_device_did_ticks_the_same_items_as_the_inspector(
    photos: list[dict[str, object]], ticked: set[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots: dict[str, dict[str, str]] = {"checklist.evidence": {}}
    monkeypatch.setattr(device.st, "session_state", slots)
    device.note_what_the_device_did(clean_state({"photos": photos}))
    assert set(slots["checklist.evidence"]) == ticked
    assert words in " ".join(slots["checklist.evidence"].values())
    done = [item.id for item in content.checklist() if is_done(item, (), slots["checklist.evidence"])]
    assert len(done) == len(ticked)
