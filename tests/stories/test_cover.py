"""Nothing private in the picture itself: covered on the phone, before anything leaves it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import segno
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Locator, Page, expect

from lib.photos import find
from lib.photos.cover import COLOUR
from tests.conftest import RunningApp
from tests.photos.making import photo
from tests.stories.conftest import PHONE, settled

WIDTH, HEIGHT = 1200, 900
LOUD = (255, 0, 200)
INSET = 16  # pixels: the blocks of a JPEG that an edge crosses
NOISE = 8


@pytest.fixture
def chosen(tmp_path: Path) -> Path:
    """A photo with a loud square at the left: what nobody should see."""
    image = photo(WIDTH, HEIGHT).convert("L").convert("RGB")  # grey: only the square is loud
    ImageDraw.Draw(image).rectangle((200, 300, 399, 499), fill=LOUD)
    path = tmp_path / "house.jpg"
    image.save(path, "JPEG", quality=92)
    return path


@pytest.fixture
def ticket(tmp_path: Path) -> Path:
    """A photo with a QR code in it."""
    image, code = photo(WIDTH, HEIGHT).convert("RGB"), io.BytesIO()
    segno.make("https://example.org/ticket/4711", micro=False).save(code, "png", scale=8, border=4)
    image.paste(Image.open(code).convert("RGB"), (600, 400))
    path = tmp_path / "ticket.png"
    image.save(path)
    return path


def loud(data: bytes) -> int:
    """How many pixels still show it."""
    shown = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    return int((np.abs(shown - LOUD).max(axis=2) < 70).sum())


def jpegs(blob: bytes) -> list[bytes]:
    """Every JPEG that begins somewhere in these bytes."""
    return [blob[found.start() :] for found in re.finditer(rb"\xff\xd8\xff", blob)]


def open_editor(page: Page, name: str) -> Locator:
    page.locator("li.card").filter(has_text=name).get_by_role("button").click()
    page.get_by_role("dialog", name=name).get_by_role("button", name="Cover and crop").click()
    editor = page.get_by_role("dialog", name="Cover and crop")
    expect(editor.get_by_role("button", name="Done")).to_be_enabled(timeout=60_000)
    expect(editor.locator("button.crop")).to_be_attached()
    return editor


def drawn(page: Page, editor: Locator, box: tuple[float, float, float, float]) -> None:
    """Draw a box with one finger; its numbers are parts of the photo."""
    frame = editor.locator("button.crop").evaluate(
        "one => { const { a, d, e, f } = new DOMMatrix(one.style.transform);"
        " const stage = one.closest('.stage').getBoundingClientRect();"
        " return [stage.left + e, stage.top + f, parseFloat(one.style.width) * a, parseFloat(one.style.height) * d]; }"
    )
    left, top = frame[0] + box[0] * frame[2], frame[1] + box[1] * frame[3]
    right, bottom = left + box[2] * frame[2], top + box[3] * frame[3]
    line = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", (left, top))
    for part in range(1, 6):
        touch("touchMove", (left + (right - left) * part / 5, top + (bottom - top) * part / 5))
    touch("touchEnd")
    expect(editor.get_by_role("button", name="Delete this cover")).to_be_enabled()  # it is a cover now


def test_a_covered_photo_leaves_the_phone_without_what_was_covered(
    phone: Page,
    picker_app: RunningApp,
    chosen: Path,
    no_axe_violations: Callable[[Page], None],
    look: Callable[[Page, str], None],
) -> None:
    door = picker_app.data_dir.parent / "door.bin"
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(picker_app.url)
    phone.get_by_label("Upload only after I covered things").check()
    door.unlink(missing_ok=True)
    phone.locator("input.pick").set_input_files(chosen)
    expect(phone.get_by_text("Nothing is uploaded yet")).to_be_visible(timeout=60_000)
    assert not [url for url in asked if "editor" in url or "edit_canvas" in url]  # nothing before it is opened
    editor = open_editor(phone, "house.jpg")
    assert [url for url in asked if "editor.js" in url]
    drawn(phone, editor, (0.15, 0.3, 0.2, 0.28))
    expect(editor.locator(".part")).to_have_count(1)
    no_axe_violations(phone)
    look(phone, "cover")
    editor.get_by_role("button", name="Box").click()  # nothing is chosen any more
    expect(editor.get_by_role("button", name="Delete this cover")).to_be_disabled()
    drawn(phone, editor, (0.6, 0.6, 0.3, 0.3))
    expect(editor.locator(".part")).to_have_count(2)
    editor.get_by_role("button", name="Undo").click()
    expect(editor.locator(".part")).to_have_count(1)
    editor.get_by_role("button", name="Redo").click()
    expect(editor.locator(".part")).to_have_count(2)
    editor.get_by_role("button", name="Undo").click()
    editor.get_by_role("button", name="Crop", exact=True).click()
    editor.get_by_role("button", name="1:1").click()
    expect(editor.locator("button.crop")).to_have_attribute("aria-label", "Crop: keeps 900 × 900 pixels")
    no_axe_violations(phone)
    look(phone, "crop")
    editor.get_by_role("button", name="Done").tap()
    sheet = phone.get_by_role("dialog", name="house.jpg")
    expect(sheet.get_by_text("1 part covered.")).to_be_visible(timeout=60_000)
    assert not jpegs(door.read_bytes() if door.exists() else b"")
    sheet.get_by_role("button", name="Close").tap()
    phone.get_by_role("button", name="Upload 1 photo").tap()
    expect(phone.get_by_text("In the draft: house.jpg", exact=True)).to_be_visible(timeout=60_000)
    sent = jpegs(door.read_bytes())
    assert sent
    assert not sum(loud(data) for data in sent)
    with Image.open(io.BytesIO(sent[0])) as picture:
        assert picture.size == (900, 900)
        shown = np.asarray(picture.convert("RGB")).astype(int)
    # The cover was drawn from 0.15 to 0.35 of the width; 150 pixels were cut away at the left.
    inside = shown[300 + INSET : 499 - INSET, 50 + INSET : 249 - INSET]
    assert np.abs(inside - COLOUR).max() <= NOISE
    kept = [path.read_bytes() for path in (picker_app.data_dir / "photos").rglob("*") if path.is_file()]
    assert sent[0] in kept or any(data in sent[0] for data in kept)
    assert not sum(loud(data) for data in kept if data[:3] == b"\xff\xd8\xff")


def test_by_keyboard_alone_a_photo_of_the_draft_is_covered_and_replaced(
    desktop: Page, picker_app: RunningApp, chosen: Path
) -> None:
    desktop.goto(picker_app.url)
    desktop.locator("input.pick").set_input_files(chosen)
    expect(desktop.get_by_text("In the draft: house.jpg", exact=True)).to_be_visible(timeout=60_000)
    first = {path for path in (picker_app.data_dir / "photos").rglob("*") if path.is_file()}
    assert any(loud(path.read_bytes()) for path in first)
    desktop.reload()  # the page has no file of it any more: only the server has the photo
    tile = desktop.locator("li.card").filter(has_text="house.jpg").get_by_role("button")
    expect(tile.locator("img")).to_be_visible(timeout=60_000)
    tile.focus()
    desktop.keyboard.press("Enter")
    desktop.get_by_role("dialog", name="house.jpg").get_by_role("button", name="Cover and crop").focus()
    desktop.keyboard.press("Enter")
    editor = desktop.get_by_role("dialog", name="Cover and crop")
    expect(editor.get_by_text("This photo is on our server already.")).to_be_visible(timeout=60_000)
    editor.get_by_role("button", name="Add a cover").focus()
    desktop.keyboard.press("Enter")
    part = editor.get_by_role("button", name=re.compile("^Cover 1:"))
    expect(part).to_be_focused()
    for _ in range(60):
        desktop.keyboard.press("ArrowLeft")
    for _ in range(70):
        desktop.keyboard.press("Shift+ArrowRight")
    expect(part).to_have_attribute("aria-label", re.compile("^Cover 1: 0 % from the left"))
    desktop.keyboard.press("Control+z")
    expect(editor.get_by_role("button", name="Redo")).to_be_enabled()
    editor.get_by_role("button", name="Done").focus()
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_text("1 part covered.")).to_be_visible(timeout=60_000)
    after = {path for path in (picker_app.data_dir / "photos").rglob("*") if path.is_file()}
    pictures = [path.read_bytes() for path in after - first]
    assert pictures
    assert not sum(loud(data) for data in pictures)
    gone = {path for path in first if path not in after}
    assert any(not path.exists() for path in gone)


@pytest.mark.skipif("code" not in find.kinds(), reason="no reader of codes is installed here")
def test_a_code_is_proposed_covered_and_gone_for_the_stranger_and_the_checklist_knows(
    app: RunningApp,
    phone: Page,
    new_context: Callable[..., BrowserContext],
    ticket: Path,
    no_axe_violations: Callable[[Page], None],
    fits: Callable[[Page, str], None],
) -> None:
    assert [one.kind for one in find.look(ticket.read_bytes())].count("code") == 1
    phone.goto(f"{app.url}/create")
    settled(phone)
    phone.locator("input.pick").set_input_files(ticket)
    expect(phone.get_by_role("button", name="Create link")).to_be_enabled()
    editor = open_editor(phone, "ticket.png")
    editor.get_by_role("button", name="Look for faces, codes, plates and text").click()
    expect(editor.get_by_text("Tap it to cover it.")).to_be_visible()
    no_axe_violations(phone)
    editor.get_by_role("button", name="Cover the code").click()
    expect(editor.locator(".part")).to_have_count(1)
    drawn(phone, editor, (0.05, 0.05, 0.3, 0.1))
    expect(editor.locator(".part")).to_have_count(2)
    editor.get_by_role("button", name="Done").click()  # so soon after a stroke, a second touch is none to Chromium
    sheet = phone.get_by_role("dialog", name="ticket.png")
    expect(sheet.get_by_text("2 parts covered.")).to_be_visible()
    sheet.get_by_role("button", name="Close").tap()
    create = phone.get_by_role("button", name="Create link")
    expect(create).to_be_enabled()
    create.tap()
    expect(phone.get_by_role("heading", name="Your link is ready")).to_be_visible()
    fits(phone, "covered-result")
    stranger = new_context(viewport=PHONE, java_script_enabled=False).new_page()
    stranger.goto(phone.locator(".address").inner_text().strip())
    served = [one.get_attribute("src") or "" for one in stranger.locator("main img").all()]
    assert served
    for path in (*served, *(one.replace("-small", "") for one in served)):
        data = stranger.request.get(f"{app.url}{path}").body()
        assert not [one for one in find.look(data) if one.kind == "code"]

    phone.get_by_role("button", name="Menu", exact=True).tap()
    phone.get_by_test_id("stSidebar").get_by_role("link", name="Privacy checklist").tap()
    phone.get_by_role("button", name="Close menu", exact=True).tap()  # by itself, only where the browser says "Mobile"
    expect(phone.get_by_role("heading", level=1, name="Privacy checklist")).to_be_visible()
    for point in ("Looked at the background", "Left out what shows a child’s day", "No document, ticket, code or key"):
        expect(phone.get_by_role("checkbox", name=point)).to_be_checked()
    expect(phone.get_by_role("checkbox", name="Covered faces that need not be in it")).not_to_be_checked()
    expect(phone.get_by_text("other parts were covered in the photos of your last link").first).to_be_visible()
    no_axe_violations(phone)
    phone.get_by_role("link", name="Cover and crop in your photos").first.tap()
    expect(phone).to_have_url(re.compile(r"/create\b"))
