"""The host's page: somebody reports an intimate picture, and whoever runs the server takes it off with one press."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib.albums import Share
from lib.albums.host import open_share
from lib.hosting.duties import urgent_within
from lib.photos import prepare_photo
from lib.services.base import Album, AlbumPhoto
from lib.settings import read_settings
from tests.conftest import RunningApp, running_app
from tests.pictures import photo_with_secrets
from tests.stories.conftest import DESKTOP, PHONE, settled

OWNER = "owner-secret-of-the-host-story"
PASSWORD = "a horse, a battery and a staple"
HOURS = int(urgent_within().total_seconds() // 3_600)

Contexts = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    with running_app(tmp_path_factory.mktemp("host"), PASSALONG_HOST_PASSWORD=PASSWORD) as app:
        yield app


@pytest.fixture(scope="module")
def share(hosted: RunningApp) -> Iterator[Share]:
    opened = open_share(read_settings(data_dir=hosted.data_dir))
    yield opened
    opened.close()


def link(share: Share, key: str) -> str:
    photos = [
        AlbumPhoto(f"{n}.jpg", "image/jpeg", 1200, 900, len(data), lambda data=data: data)  # type: ignore[misc]
        for n in (1, 2)
        for data in [prepare_photo(photo_with_secrets(n)).data]
    ]
    album = share.intake.take(OWNER, Album(key, "Summer *party*", "", photos))
    return share.links.make(OWNER, album).path


def report(page: Page, url: str, reason: str, words: str, photo: str = "") -> None:
    page.goto(url)
    page.get_by_role("link", name="Report these photos").click()
    page.get_by_label(reason).check()
    if photo:
        page.get_by_label("Which photo?").select_option(photo)
    page.get_by_label("Anything to add?").fill(words)
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def come_in(page: Page, url: str) -> None:
    page.goto(f"{url}/host")
    page.get_by_label("Password of the host").fill(PASSWORD)
    page.get_by_label("Password of the host").press("Enter")
    expect(page.get_by_role("heading", name="Reports")).to_be_visible()


def test_a_reported_picture_is_taken_off_with_one_press_and_the_proof(
    hosted: RunningApp, new_context: Contexts, share: Share, fits: Callable[[Page, str], None]
) -> None:
    spam, intimate = link(share, "spam"), link(share, "intimate")
    stranger = new_context(viewport=PHONE, java_script_enabled=False).new_page()
    report(stranger, hosted.url + spam, "Spam or fraud", "Buy this!")
    report(stranger, hosted.url + intimate, "This is an intimate picture of me", "That is *me*.\nPlease.", "2")

    page = new_context(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2).new_page()
    page.goto(f"{hosted.url}/host")
    expect(page.get_by_role("heading", level=1, name="For the host")).to_be_visible()
    settled(page)
    expect(page.get_by_text("reported")).to_have_count(0)
    fits(page, "host-door")
    page.get_by_label("Password of the host").fill("a horse")
    page.get_by_label("Password of the host").press("Enter")
    expect(page.get_by_text("This is not the password of the host.")).to_be_visible()
    come_in(page, hosted.url)

    cards = page.get_by_test_id("stVerticalBlock").filter(has=page.get_by_role("button", name="Done: put it away"))
    card = cards.filter(has_text="This is an intimate picture of me").last
    expect(card).to_contain_text(f"Urgent: {HOURS} hours left")
    expect(card).to_contain_text("Photo 2 · Summer *party*")
    expect(card).to_contain_text("That is *me*.")
    above, below = (page.get_by_text(one).bounding_box() for one in ("That is *me*.", "Buy this!"))
    assert above
    assert below
    assert above["y"] < below["y"]
    expect(page.get_by_role("img", name="Reported photo")).to_have_count(0)  # never without a press
    card.get_by_role("button", name="Look at what was reported").click()
    expect(page.get_by_role("img", name="Reported photo 1")).to_be_visible()
    expect(page.get_by_role("img", name="Reported photo")).to_have_count(1)
    page.get_by_text("What the law asks").click()
    expect(page.get_by_text("TAKE IT DOWN Act")).to_be_visible()
    fits(page, "host")

    card.get_by_role("button", name="Take the link back").click()
    expect(card).to_contain_text("addresses.")
    expect(card).to_contain_text("Gone at ")
    assert httpx.get(hosted.url + intimate).status_code == 404
    assert httpx.get(hosted.url + spam).status_code == 200
    fits(page, "host-gone")
    card.get_by_role("button", name="Done: put it away").click()
    expect(page.get_by_text("That is *me*.")).to_have_count(0)
    settled(page)
    expect(page.get_by_text("Buy this!")).to_be_visible()

    page.set_viewport_size(DESKTOP)
    fits(page, "host")
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_label("Password of the host")).to_be_visible()
    expect(page.get_by_text("Buy this!")).to_have_count(0)
    assert PASSWORD not in hosted.logged()


def test_the_host_takes_a_link_back_by_the_keyboard(hosted: RunningApp, new_context: Contexts, share: Share) -> None:
    path = link(share, "keys")
    share.reports.add(share.links.of_path(OWNER, path).id, "child", "By keyboard")
    page = new_context(viewport=DESKTOP).new_page()
    come_in(page, hosted.url)
    settled(page)
    page.get_by_role("button", name="Take the link back").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Gone at ").first).to_be_visible()
    assert httpx.get(hosted.url + path).status_code == 404


def test_without_a_password_only_the_computer_itself_shows_it(app: RunningApp, desktop: Page) -> None:
    desktop.goto(f"{app.url}/host")
    expect(desktop.get_by_role("heading", name="How this server is doing")).to_be_visible()
    expect(desktop.get_by_role("button", name="Leave")).to_have_count(0)
