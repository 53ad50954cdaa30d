"""The checklist in a browser: tick, export, and look into a photo."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from lib.photos import find_leftovers, read_metadata
from tests.conftest import RunningApp
from tests.stories.conftest import settled

Look = Callable[[Page, str], None]
Check = Callable[[Page], None]


def telling_photo() -> bytes:
    """Make a photo with a position in Paris, a camera, an owner, and HTML where a name should be."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Acme", "Snap 3"
    exif[0x013B] = "<img src=x onerror=alert(1)> **Kim**"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (48.0, 51.0, 30.0), "E", (2.0, 17.0, 40.0)
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#cfe6df").save(out, "JPEG", exif=exif)
    return out.getvalue()


def tick(page: Page, label: str) -> None:
    page.get_by_text(label, exact=True).click()
    expect(page.get_by_role("checkbox", name=label)).to_be_checked()


def drop(page: Page, name: str, data: bytes) -> None:
    settled(page)  # a file that comes while the page is still drawn lands nowhere
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": data}
    )


def test_a_person_ticks_the_list_and_takes_it_along(app: RunningApp, phone: Page, look: Look, tmp_path: Path) -> None:
    phone.goto(f"{app.url}/checklist")
    expect(phone.get_by_text("0 of 25 done")).to_be_visible()
    tick(phone, "Looked at the background")
    tick(phone, "The link lets people view, not edit")
    expect(phone.get_by_text("2 of 25 done")).to_be_visible()
    look(phone, "checklist-phone")

    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Markdown").click()
    saved.value.save_as(tmp_path / "list.md")
    text = (tmp_path / "list.md").read_text(encoding="utf-8")
    assert "- [x] **Looked at the background**" in text
    assert "- [ ] **Set a last day**" in text

    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Page to print or save as PDF").click()
    saved.value.save_as(tmp_path / "list.html")
    phone.goto((tmp_path / "list.html").as_uri())
    expect(phone.get_by_role("heading", level=1, name="Privacy checklist")).to_be_visible()
    expect(phone.get_by_role("img", name="done")).to_have_count(2)
    assert phone.pdf().startswith(b"%PDF")
    look(phone, "checklist-printed")


def test_ticks_stay_over_pages_and_a_reload_but_not_for_a_stranger(app: RunningApp, desktop: Page, phone: Page) -> None:
    desktop.goto(f"{app.url}/checklist")
    tick(desktop, "Asked the people in the photos")
    desktop.get_by_role("link", name="Home").first.click()
    expect(desktop.get_by_role("heading", level=1, name="Send photos by a link")).to_be_visible()
    desktop.get_by_role("link", name="Privacy checklist").first.click()
    expect(desktop.get_by_text("1 of 25 done")).to_be_visible()
    desktop.reload()
    expect(desktop.get_by_text("1 of 25 done")).to_be_visible()
    phone.goto(f"{app.url}/checklist")
    expect(phone.get_by_text("0 of 25 done")).to_be_visible()  # must not happen: ticks of somebody else


def test_how_it_is_done_follows_the_provider(app: RunningApp, desktop: Page) -> None:
    desktop.goto(f"{app.url}/checklist")
    desktop.get_by_role("combobox", name=re.compile("Where your photos are")).click()
    desktop.get_by_role("option", name="OneDrive", exact=True).click()
    expect(desktop.get_by_text("Anyone, or Anyone with the link, with Can view").first).to_be_visible()


def test_a_photo_is_looked_into_and_cleaned_on_the_device(app: RunningApp, phone: Page, tmp_path: Path) -> None:
    phone.add_init_script("delete Navigator.prototype.canShare; delete Navigator.prototype.share;")
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.method))
    phone.goto(f"{app.url}/checklist")
    (tmp_path / "beach.jpg").write_bytes(telling_photo())
    phone.locator("input.pick").set_input_files(tmp_path / "beach.jpg")
    phone.locator("li.card").get_by_role("button").tap()
    sheet = phone.get_by_role("dialog", name="beach.jpg")
    expect(sheet.locator(".found")).to_contain_text("Location removed")
    expect(phone.get_by_text("1 of 25 done")).to_be_attached()  # what was looked into ticks its item
    with phone.expect_download() as saved:
        sheet.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("2 of 25 done")).to_be_attached()
    expect(phone.get_by_text("You took a clean copy along: beach.jpg, cleaned on this device.")).to_be_attached()
    saved.value.save_as(tmp_path / "clean.jpg")
    clean = (tmp_path / "clean.jpg").read_bytes()
    assert read_metadata(clean).private == ()
    assert find_leftovers(clean) == ()
    assert set(sent) <= {"GET", "HEAD"}  # must not happen: the photo leaves the device


def test_a_person_looks_into_a_photo_and_takes_the_clean_copy(
    app: RunningApp, desktop: Page, look: Look, tmp_path: Path
) -> None:
    desktop.goto(f"{app.url}/checklist")
    drop(desktop, "beach.jpg", telling_photo())
    expect(desktop.get_by_text(re.compile("Paris")).first).to_be_visible()
    expect(desktop.get_by_text(re.compile("Acme")).first).to_be_visible()
    expect(desktop.get_by_text("<img src=x onerror=alert(1)> **Kim**").first).to_be_visible()
    expect(desktop.locator("img[src=x]")).to_have_count(0)  # must not happen: words from a photo become a page
    expect(desktop.get_by_text("1 of 25 done")).to_be_visible()
    look(desktop, "checklist-inspector-desktop")
    with desktop.expect_download() as saved:
        desktop.get_by_role("button", name="Download the clean copy").click()
    saved.value.save_as(tmp_path / "clean.jpg")
    clean = (tmp_path / "clean.jpg").read_bytes()
    assert saved.value.suggested_filename == "beach-clean.jpg"
    assert read_metadata(clean).private == ()
    assert find_leftovers(clean) == ()
    expect(desktop.get_by_text("You took a clean copy of beach.jpg", exact=False)).to_be_visible()
    expect(desktop.get_by_text("2 of 25 done")).to_be_visible()


def test_a_hidden_preview_is_shown_as_a_picture(
    app: RunningApp, desktop: Page, real_photo: Callable[[str], Path], look: Look
) -> None:
    desktop.goto(f"{app.url}/checklist")
    drop(desktop, "phone.jpg", real_photo("phone/nexus-4.jpg").read_bytes())
    expect(desktop.get_by_text("Hidden inside: a smaller picture.")).to_be_visible()
    look(desktop, "checklist-preview-desktop")


@pytest.mark.parametrize(
    ("data", "text"), [(b"this is no photo", "photo"), (b"", "empty")], ids=["no photo", "an empty file"]
)
def test_what_is_no_photo_is_refused_with_words(app: RunningApp, desktop: Page, data: bytes, text: str) -> None:
    desktop.goto(f"{app.url}/checklist")
    drop(desktop, "notes.jpg", data)
    expect(desktop.get_by_role("alert").filter(has_text=re.compile(text, re.IGNORECASE))).to_be_visible()
    expect(desktop.get_by_role("button", name="Download the clean copy")).to_have_count(0)


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.thorough)])
def test_the_checklist_fits_the_screen_and_axe_finds_nothing(
    app: RunningApp, new_context: Callable[..., object], fits: Look, width: int
) -> None:
    page: Page = new_context(viewport={"width": width, "height": 3600}).new_page()  # type: ignore[attr-defined]
    page.goto(f"{app.url}/checklist")
    tick(page, "Looked at the background")
    expect(page.get_by_text("1 of 25 done")).to_be_visible()
    drop(page, "beach.jpg", telling_photo())
    expect(page.get_by_role("button", name="Download the clean copy")).to_be_visible()
    fits(page, "checklist")
