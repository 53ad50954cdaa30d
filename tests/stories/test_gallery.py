"""The recipient's gallery with its script: swipe, keys, zoom, one history entry, saving; and without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib.albums import LinkInfo, Share
from lib.albums.host import open_share
from lib.services.base import Album, AlbumPhoto, Wishes
from lib.settings import read_settings
from tests.conftest import RunningApp
from tests.stories.conftest import until
from tests.stories.test_share_page import DESKTOP, PHONE, SIZES, landscape, quiet

OWNER = "owner-secret-of-the-gallery-story"
NewContext = Callable[..., BrowserContext]
PHOTO_3 = "Photo 3 of 7"

# A phone's share sheet: takes files right after a tap only, and writes down what it got.
SHARE_SHEET = """
  window.shared = [];
  navigator.canShare = ({files}) => files.length <= limit && files.every((file) => file.type.startsWith("image/"));
  navigator.share = async ({files}) => {
    if (!navigator.userActivation.isActive) throw new DOMException("no tap", "NotAllowedError");
    window.shared.push(files.map((file) => [file.name, file.type, file.size]));
  };
"""


@pytest.fixture(scope="module")
def share(app: RunningApp) -> Iterator[Share]:
    opened = open_share(read_settings(data_dir=app.data_dir))
    yield opened
    opened.close()


def kept(share: Share, sizes: tuple[tuple[int, int], ...]) -> str:
    photos = [
        AlbumPhoto(f"{n}.jpg", "image/jpeg", size[0], size[1], len(data), lambda data=data: data)  # type: ignore[misc]
        for n, size in enumerate(sizes)
        for data in [landscape(n, size)]
    ]
    return share.intake.take(OWNER, Album(f"gallery-{len(sizes)}", "A week by the sea", "", photos))


@pytest.fixture(scope="module")
def album(share: Share) -> str:
    return kept(share, SIZES)


@pytest.fixture
def make_link(share: Share, album: str) -> Callable[..., LinkInfo]:
    return lambda **wishes: share.links.create(OWNER, album, Wishes(**wishes))


def opened(page: Page, app: RunningApp, link: LinkInfo, number: int = 3) -> None:
    page.goto(app.url + link.path)
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name=f"Open photo {number} large").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def shown(page: Page, name: str) -> None:
    """Wait until this photo stands in the middle of the stage, and is loaded."""
    picture = page.get_by_role("dialog").get_by_role("img", name=name)
    expect(picture).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_role("status")).to_have_text(name)
    until(
        page, "name => [...document.querySelectorAll('dialog img')].some(i => i.alt === name && i.naturalWidth)", name
    )


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.thorough), "dark"])
def test_keys_turn_the_photos_and_one_step_back_leads_to_the_page(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo], look: Callable[[Page, str], None],
    no_axe_violations: Callable[[Page], None], scheme: str,
) -> None:  # fmt: skip
    page = new_context(**DESKTOP, color_scheme=scheme).new_page()
    complaints = quiet(page)
    opened(page, app, make_link())
    before = page.evaluate("history.length")
    shown(page, PHOTO_3)
    look(page, f"gallery-1280-{scheme}")
    no_axe_violations(page)
    page.keyboard.press("ArrowRight")
    shown(page, "Photo 4 of 7")
    page.keyboard.press("End")
    shown(page, "Photo 7 of 7")
    page.keyboard.press("ArrowRight")
    shown(page, "Photo 7 of 7")
    page.keyboard.press("Home")
    shown(page, "Photo 1 of 7")
    page.get_by_role("button", name="Next").click()
    shown(page, "Photo 2 of 7")
    assert page.evaluate("history.length") == before, "looking on fills no history"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Open photo 2 large")).to_be_focused()
    page.get_by_role("link", name="Open photo 5 large").press("Enter")
    shown(page, "Photo 5 of 7")
    page.go_back()
    expect(page.get_by_role("heading", name="A week by the sea")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert complaints == []


def test_on_a_phone_a_swipe_turns_and_a_double_tap_zooms(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo], look: Callable[[Page, str], None]
) -> None:
    page = new_context(**PHONE).new_page()
    opened(page, app, make_link())
    shown(page, PHOTO_3)
    look(page, "gallery-360")
    touch = page.context.new_cdp_session(page)
    touch.send("Input.synthesizeScrollGesture", {"x": 300, "y": 400, "xDistance": -240, "yDistance": 0, "speed": 1200})
    shown(page, "Photo 4 of 7")
    picture = page.get_by_role("dialog").get_by_role("img", name="Photo 4 of 7")
    narrow = picture.bounding_box()
    for _ in range(2):
        page.touchscreen.tap(180, 370)
    until(page, "document.querySelector('.zoomed') !== null")
    wide = picture.bounding_box()
    assert narrow
    assert wide
    assert wide["width"] > 2 * narrow["width"]
    for _ in range(2):
        page.touchscreen.tap(180, 370)
    expect(page.locator(".zoomed")).to_have_count(0)
    touch.send("Input.synthesizePinchGesture", {"x": 180, "y": 370, "scaleFactor": 2})
    expect(page.locator(".zoomed")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_slideshow_goes_on_by_itself_and_stands_still_when_touched(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo]
) -> None:
    page = new_context(**DESKTOP, reduced_motion="reduce").new_page()
    page.clock.install()
    opened(page, app, make_link(), number=6)
    shown(page, "Photo 6 of 7")
    page.get_by_role("button", name="Start slideshow").click()
    page.clock.run_for(4_100)
    shown(page, "Photo 7 of 7")
    page.clock.run_for(4_100)
    shown(page, "Photo 1 of 7")
    page.get_by_role("button", name="Stop slideshow").click()
    page.clock.run_for(20_000)
    shown(page, "Photo 1 of 7")


@pytest.mark.parametrize(("limit", "calls"), [(100, [7]), (1, [1] * 7)])
def test_a_phone_saves_all_to_its_photos(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo], limit: int, calls: list[int]
) -> None:
    """All at once where the device takes them so; one by one where not."""
    context = new_context(**PHONE)
    context.add_init_script(f"const limit = {limit};" + SHARE_SHEET)
    page = context.new_page()
    page.goto(app.url + make_link().path)
    button = page.get_by_role("button", name="Save all to Photos")
    button.click()
    until(page, "n => window.shared.length === n", len(calls))
    got = page.evaluate("window.shared")
    assert [len(files) for files in got] == calls
    files = [file for call in got for file in call]
    assert [name for name, _, _ in files] == [f"{n}.jpg" for n in range(1, 8)]
    assert all(kind == "image/jpeg" and size > 1_000 for _, kind, size in files)
    expect(button).to_have_text("Save all to Photos")


def test_one_photo_is_saved_from_the_stage_and_a_computer_gets_the_file(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo]
) -> None:
    context = new_context(**PHONE)
    context.add_init_script("const limit = 9;" + SHARE_SHEET)
    page = context.new_page()
    opened(page, app, make_link(), number=2)
    page.get_by_role("dialog").get_by_role("link", name="Save to Photos").click()
    until(page, "window.shared.length === 1")
    assert page.evaluate("window.shared[0][0][0]") == "2.jpg"
    desktop = new_context(**DESKTOP, accept_downloads=True).new_page()
    opened(desktop, app, make_link(), number=2)
    with desktop.expect_download() as saved:
        desktop.get_by_role("dialog").get_by_role("link", name="Save").click()
    assert saved.value.suggested_filename == "photo-02.jpg"
    expect(desktop.get_by_role("button", name="Save all to Photos")).to_be_hidden()


def test_without_downloads_the_stage_has_nothing_to_save(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo]
) -> None:
    page = new_context(**DESKTOP).new_page()
    opened(page, app, make_link(allow_download=False))
    shown(page, PHOTO_3)
    expect(page.get_by_role("dialog").get_by_role("link", name="Save")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False])
def test_one_photo_fills_the_phone_and_has_its_save_button(
    app: RunningApp,
    new_context: NewContext,
    share: Share,
    look: Callable[[Page, str], None],
    script: bool,  # noqa: FBT001
) -> None:
    link = share.links.create(OWNER, kept(share, SIZES[:1]), Wishes())
    page = new_context(**PHONE, java_script_enabled=script, accept_downloads=True).new_page()
    page.goto(app.url + link.path)
    picture = page.get_by_role("img", name="Photo 1 of 1")
    box = picture.bounding_box()
    assert box
    assert box["width"] >= 350
    look(page, f"gallery-one-360-{'script' if script else 'plain'}")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save this photo").click()
    assert saved.value.suggested_filename == "photo-01.jpg"


def test_without_script_a_swipe_turns_the_large_photos_and_back_is_one_step(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo], look: Callable[[Page, str], None]
) -> None:
    page = new_context(**PHONE, java_script_enabled=False).new_page()
    page.goto(app.url + make_link().path)
    page.get_by_role("link", name="Open photo 3 large").click()
    expect(page.get_by_role("img", name=PHOTO_3)).to_be_in_viewport(ratio=0.9)
    look(page, "gallery-plain-360")
    touch = page.context.new_cdp_session(page)
    touch.send("Input.synthesizeScrollGesture", {"x": 300, "y": 300, "xDistance": -240, "yDistance": 0, "speed": 1200})
    expect(page.get_by_role("img", name="Photo 4 of 7")).to_be_in_viewport(ratio=0.9)
    page.go_back()
    expect(page.get_by_role("heading", name="A week by the sea")).to_be_visible()


def test_a_page_of_one_photo_that_was_sent_before_begins_at_that_photo(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo]
) -> None:
    page = new_context(**PHONE, java_script_enabled=False).new_page()
    page.goto(f"{app.url}{make_link().path}/5")
    expect(page.get_by_role("img", name="Photo 5 of 7")).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("locale", ["de-DE", "ar-EG"])
def test_the_page_and_its_stage_are_laid_out_right_in_german_and_arabic(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo], look: Callable[[Page, str], None],
    no_axe_violations: Callable[[Page], None], locale: str, script: bool,  # noqa: FBT001
) -> None:  # fmt: skip
    page = new_context(**PHONE, locale=locale, java_script_enabled=script).new_page()
    page.goto(app.url + make_link().path)
    arabic = locale.startswith("ar")
    assert page.locator("html").get_attribute("dir") == ("rtl" if arabic else "ltr")
    look(page, f"share-{locale}-{'script' if script else 'plain'}")
    photo = page.get_by_role("listitem").nth(2).get_by_role("link")
    photo.click()
    if not script:
        expect(page.locator("#p3 img")).to_be_in_viewport(ratio=0.9)
        look(page, f"share-large-{locale}")
        return
    no_axe_violations(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("ArrowLeft" if arabic else "ArrowRight")
    shown(page, "الصورة 4 من 7" if arabic else "Foto 4 von 7")
