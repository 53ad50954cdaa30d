"""The recipient's side in a real browser, with JavaScript off: open, look, save, unlock, report."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import BrowserContext, Page, expect

from lib.albums import LinkInfo, LinkState, Share
from lib.albums.host import open_share
from lib.photos import prepare_photo
from lib.services.base import Album, AlbumPhoto, Wishes
from lib.settings import read_settings
from tests.conftest import RunningApp

OWNER = "owner-secret-of-the-share-story"
SIZES = ((1600, 1067), (1067, 1600), (1600, 900), (1200, 1200), (1600, 1067), (1400, 1050), (1600, 1067))
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}

NewContext = Callable[..., BrowserContext]


def landscape(number: int, size: tuple[int, int]) -> bytes:
    """Paint an evening by the sea: something to look at that is nobody's photo."""
    width, height = size
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    for y in range(height):
        t = y / height
        draw.line(
            (0, y, width, y), (int(250 - 120 * t - number * 9), int(190 - 70 * t + number * 6), int(120 + 90 * t))
        )
    draw.ellipse((width * 0.3, height * 0.25, width * 0.3 + 180, height * 0.25 + 180), (255, 232, 180))
    draw.rectangle((0, height * 0.6, width, height), (20 + number * 8, 90 + number * 5, 120))
    draw.polygon([(0, height), (width * 0.4, height * 0.5), (width * 0.8, height)], (50, 70 + number * 9, 66))
    made = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(2)).save(made, "JPEG", quality=88)
    return prepare_photo(made.getvalue()).data


@pytest.fixture(scope="module")
def share(app: RunningApp) -> Iterator[Share]:
    opened = open_share(read_settings(data_dir=app.data_dir))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def album(share: Share) -> str:
    photos = [
        AlbumPhoto(f"{n}.jpg", "image/jpeg", size[0], size[1], len(data), lambda data=data: data)  # type: ignore[misc]
        for n, size in enumerate(SIZES)
        for data in [landscape(n, size)]
    ]
    text = "Seven from our week at the coast. The last one is for grandma!\nLove, Ana"
    return share.intake.take(OWNER, Album("story", "A week by the sea", text, photos))


@pytest.fixture
def make_link(share: Share, album: str) -> Callable[..., LinkInfo]:
    return lambda **wishes: share.links.create(OWNER, album, Wishes(**wishes))


def quiet(page: Page) -> list[str]:
    """Collect what the browser complains about: a policy that is broken, a file that is missing.

    A photo that was still on its way when the story went on to another page is none of that.
    """
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on(
        "requestfailed", lambda request: said.append(request.url) if request.failure != "net::ERR_ABORTED" else None
    )
    return said


@pytest.mark.parametrize(
    ("scheme", "size"),
    [
        ("light", "phone"), ("dark", "desktop"), pytest.param("dark", "phone", marks=pytest.mark.thorough),
        pytest.param("light", "desktop", marks=pytest.mark.thorough),
    ],
)  # fmt: skip
def test_photos_are_there_at_once_without_script(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo], look: Callable[[Page, str], None],
    size: str, scheme: str,
) -> None:  # fmt: skip
    link = make_link()
    screen = PHONE if size == "phone" else DESKTOP
    page = new_context(**screen, color_scheme=scheme, java_script_enabled=False).new_page()
    complaints = quiet(page)
    page.goto(app.url + link.path)
    expect(page.get_by_role("heading", name="A week by the sea")).to_be_visible()
    expect(page.get_by_role("img")).to_have_count(7)
    last = page.get_by_role("img", name="Photo 7 of 7")
    last.scroll_into_view_if_needed()
    expect(last).to_be_visible()
    page.wait_for_load_state("networkidle")
    look(page, f"share-{size}-{scheme}")
    page.get_by_role("link", name="Open photo 2 large").click()
    expect(page.get_by_role("img", name="Photo 2 of 7")).to_be_visible()
    page.wait_for_load_state("networkidle")
    look(page, f"share-large-{size}-{scheme}")
    assert page.context.cookies() == []
    assert complaints == []


def test_the_page_is_walked_by_keyboard_and_nothing_is_wider_than_the_phone(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo]
) -> None:
    page = new_context(**PHONE, java_script_enabled=False).new_page()
    page.goto(app.url + make_link().path)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the photos")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Open photo 1 large")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#p1").get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="Photo 2 of 7")).to_be_in_viewport(ratio=0.9)
    album = page.url.rpartition("/")[0]
    for where in (f"{album}/2", album, f"{album}/report"):
        page.goto(where)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_axe_finds_nothing_on_any_page_of_a_recipient(
    app: RunningApp,
    new_context: NewContext,
    make_link: Callable[..., LinkInfo],
    no_axe_violations: Callable[[Page], None],
) -> None:
    open_link, locked = make_link(), make_link(password="correct horse", max_views=2)
    for scheme in ("light", "dark"):
        # axe is a script that the page's policy would keep out.
        page = new_context(**PHONE, color_scheme=scheme, bypass_csp=True).new_page()
        for path in (
            open_link.path, f"{open_link.path}/1", f"{open_link.path}/report", locked.path, "/s/" + "A" * 22,
        ):  # fmt: skip
            page.goto(app.url + path)
            no_axe_violations(page)


def test_all_photos_are_saved_at_once_under_clean_names(
    app: RunningApp, new_context: NewContext, make_link: Callable[..., LinkInfo]
) -> None:
    page = new_context(**PHONE, java_script_enabled=False, accept_downloads=True).new_page()
    page.goto(app.url + make_link().path)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save all").click()
    assert waiting.value.suggested_filename == "photos.zip"
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 7
    page.get_by_role("link", name="Open photo 3 large").click()
    with page.expect_download() as one:
        page.locator("#p3").get_by_role("link", name="Save this photo").click()
    assert one.value.suggested_filename == "photo-03.jpg"


def test_the_life_of_a_protected_limited_link(
    app: RunningApp, new_context: NewContext, share: Share, make_link: Callable[..., LinkInfo],
    look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    link = make_link(password="correct horse", max_views=1, expires_at=datetime.now(UTC) + timedelta(hours=5))
    page = new_context(**PHONE, java_script_enabled=False).new_page()
    complaints = quiet(page)
    page.goto(app.url + link.path)
    expect(page.get_by_role("button", name="Open the photos · 1 view left")).to_be_visible()
    assert "sea" not in page.content()
    look(page, "share-gate-phone")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    look(page, "share-gate-wrong-phone")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", name="A week by the sea")).to_be_visible()
    expect(page.get_by_text("UTC")).to_be_visible()
    page.reload()
    expect(page.get_by_role("img")).to_have_count(7)
    assert share.links.get(OWNER, link.id).state is LinkState.USED_UP

    stranger = new_context(**PHONE, color_scheme="dark").new_page()
    stranger.goto(app.url + link.path)
    expect(stranger.get_by_role("heading", name="There is nothing here")).to_be_visible()
    look(stranger, "share-gone-phone-dark")

    share.links.revoke(OWNER, link.id)
    page.reload()
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert [text for text in complaints if "404" not in text and "403" not in text] == []


def test_a_view_of_an_open_link_is_counted_once_for_a_browser(
    app: RunningApp, new_context: NewContext, share: Share, make_link: Callable[..., LinkInfo]
) -> None:
    link = make_link()
    page = new_context(**PHONE).new_page()
    for _ in range(3):
        page.goto(app.url + link.path, wait_until="networkidle")
    other = new_context(**DESKTOP).new_page()
    other.goto(app.url + link.path, wait_until="networkidle")
    page.wait_for_timeout(500)
    assert share.links.get(OWNER, link.id).views == 2


def test_somebody_in_a_photo_asks_for_its_removal(
    app: RunningApp, new_context: NewContext, share: Share, make_link: Callable[..., LinkInfo],
    look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    link = make_link()
    page = new_context(**PHONE, java_script_enabled=False, color_scheme="dark").new_page()
    page.goto(app.url + link.path)
    page.get_by_role("link", name="Report these photos").click()
    look(page, "share-report-phone-dark")
    page.get_by_label("I am in a photo").check()
    page.get_by_label("Anything to add?").fill("Third from the left.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert [report.words for report in share.reports.all() if report.link_id == link.id] == ["Third from the left."]


def test_the_recipient_reads_their_own_language(
    app: RunningApp, browser: object, make_link: Callable[..., LinkInfo], look: Callable[[Page, str], None]
) -> None:
    context = browser.new_context(**PHONE, locale="de-DE", java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(app.url + make_link(max_views=3).path)
    expect(page.get_by_role("button", name="Fotos ansehen · noch 3 Mal")).to_be_visible()
    look(page, "share-gate-german-phone")
    context.close()
