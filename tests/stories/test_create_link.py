"""The main job: photos in, link out, on a phone and on a desktop."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.conftest import RunningApp, free_port, running_app
from tests.pictures import OWNER, SERIAL, photo_with_secrets
from tests.stories.conftest import DESKTOP, PHONE, settled, take_option

REAL = (
    "phone/iphone-gps.heic",
    "phone/galaxy-s7-edge-gps.jpg",
    "phone/nokia-8.3-gps.jpg",
    "orientation/Landscape_6.jpg",
)


# What has the focus, also inside a component's own tree.
FOCUSED = """() => {
    let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    return one?.innerText || (one?.parentElement?.innerText ?? "");
}"""


# Until folded parts have opened: what moves under a tap takes none of it. What turns for ever is not waited for.
OPENED = """async () => {
    const moving = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(moving.map((one) => one.finished));
}"""


def made(*seeds: int) -> list[FilePayload]:
    return [
        FilePayload(name=f"IMG_{seed}.jpg", mimeType="image/jpeg", buffer=photo_with_secrets(seed)) for seed in seeds
    ]


def open_create(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/create")
    expect(page.get_by_role("heading", name="Send photos")).to_be_visible()
    expect(page.get_by_text("Choose photos")).to_be_visible()


def pick(page: Page, files: list[FilePayload] | list[Path], expected: int) -> None:
    settled(page)
    page.locator("input.pick").set_input_files(files)
    expect(page.get_by_text(re.compile(rf"{expected} photos? ready")).first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Create link")).to_be_enabled(timeout=60_000)


def options(page: Page) -> None:
    """Open the line of options, which says their sum."""
    page.get_by_text("Works for ").first.click()
    expect(page.get_by_role("textbox", name="Title")).to_be_visible()
    settled(page)
    page.evaluate(OPENED)


def create(page: Page) -> str:
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_role("heading", name="Your link is ready")).to_be_visible(timeout=60_000)
    expect(
        page.get_by_text(re.compile("Checked: (somebody else meets|somebody else can open it|it opens without)"))
    ).to_be_visible(timeout=60_000)
    expect(page.locator(".address")).to_contain_text("/s/")
    return page.locator(".address").inner_text().strip()


def exiftool_groups(folder: Path) -> set[str]:
    told = json.loads(
        subprocess.run(
            ["exiftool", "-json", "-G1", "-a", "-u", "-r", str(folder)], capture_output=True, check=True
        ).stdout
    )
    return {tag.partition(":")[0] for one in told for tag in one} - {"SourceFile"}


def test_pick_create_open_and_save_all_on_a_phone(
    app: RunningApp, phone: Page, new_context: Callable[..., BrowserContext], tmp_path: Path,
    look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None],
) -> None:  # fmt: skip
    open_create(phone, app)
    no_axe_violations(phone)
    pick(phone, made(1, 2, 3), 3)
    options(phone)
    phone.get_by_role("textbox", name="Title").fill("At the lake")
    phone.get_by_role("textbox", name="A few words").fill("For <b>you</b> & everybody")
    phone.keyboard.press("Tab")
    no_axe_violations(phone)
    look(phone, "create-picked-phone")
    link = create(phone)
    phone.get_by_text("Privacy receipt:").click()
    expect(phone.get_by_text("where it was taken: 3 of 3 photos")).to_be_visible()
    expect(phone.get_by_text("This link opens only on this computer")).to_be_visible()
    no_axe_violations(phone)
    look(phone, "create-done-phone")

    # The recipient: another phone, no script.
    recipient = new_context(viewport=PHONE, java_script_enabled=False, accept_downloads=True).new_page()
    answer = recipient.goto(link)
    assert answer
    assert answer.status == 200
    assert not recipient.context.cookies(), "an open link needs no cookie"
    expect(recipient.get_by_role("heading", name="At the lake")).to_be_visible()
    expect(recipient.get_by_text("For <b>you</b> & everybody")).to_be_visible()
    assert recipient.locator("script:not([src])").count() == 0
    recipient.get_by_role("link", name="Open photo 2 large").click()
    expect(recipient.get_by_alt_text("Photo 2 of 3")).to_be_visible()
    look(recipient, "share-large-phone")
    recipient.go_back()
    with recipient.expect_download() as download:
        recipient.get_by_role("link", name=re.compile("Save all")).click()
    saved = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert len(saved.namelist()) == 3
    saved.extractall(tmp_path)
    assert exiftool_groups(tmp_path) <= {"ExifTool", "System", "File", "JFIF", "Composite"}
    for path in tmp_path.rglob("*.jpg"):
        assert OWNER.encode() not in path.read_bytes()
        assert SERIAL.encode() not in path.read_bytes()
    assert "/s/" not in app.logged(), "links never reach the log"


def test_real_phone_photos_go_the_whole_way(
    app: RunningApp, desktop: Page, real_photo: Callable[[str], Path], tmp_path: Path, look: Callable[[Page, str], None]
) -> None:
    open_create(desktop, app)
    pick(desktop, [real_photo(name) for name in REAL], len(REAL))
    look(desktop, "create-picked-desktop")
    link = create(desktop)
    look(desktop, "create-done-desktop")
    for number in range(1, len(REAL) + 1):
        for path in (f"p/{number}.jpg", f"p/{number}-small.jpg"):
            answer = desktop.request.get(f"{link}/{path}")
            assert answer.status == 200
            (tmp_path / path.replace("/", "-")).write_bytes(answer.body())
    assert exiftool_groups(tmp_path) <= {"ExifTool", "System", "File", "JFIF", "Composite"}


def test_the_simple_picker_cleans_on_the_server_and_refuses_in_words(
    app: RunningApp, desktop: Page, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    open_create(desktop, app)
    pick(desktop, made(3), 1)
    options(desktop)
    desktop.get_by_text("Use the simple picker").click()
    settled(desktop)
    uploader = desktop.get_by_test_id("stFileUploader").locator("input[type=file]")
    uploader.set_input_files([
        *made(4),
        FilePayload(name="page.jpg", mimeType="image/jpeg", buffer=b"%PDF-1.7 nothing"),
        FilePayload(name='"><img src=x onerror=alert(1)>.jpg', mimeType="image/jpeg", buffer=photo_with_secrets(5)),
        FilePayload(name="empty.jpg", mimeType="image/jpeg", buffer=b""),
        FilePayload(name="cut.jpg", mimeType="image/jpeg", buffer=photo_with_secrets(6)[:3000]),
    ])  # fmt: skip
    expect(desktop.get_by_text("Ravenna").first).to_be_visible(timeout=60_000)
    expect(desktop.get_by_test_id("stAlert").filter(has_text="page.jpg")).to_be_visible()
    expect(desktop.get_by_test_id("stAlert").filter(has_text="empty.jpg")).to_be_visible()
    assert desktop.locator("img[src=x]").count() == 0
    desktop.get_by_text("What was hidden inside").first.click()
    expect(desktop.get_by_text(SERIAL).first).to_be_visible()
    no_axe_violations(desktop)
    look(desktop, "create-simple-desktop")
    assert create(desktop).startswith(app.url)


def test_a_page_stands_where_it_stood_after_every_kind_of_reload(
    tmp_path: Path, new_context: Callable[..., BrowserContext], look: Callable[[Page, str], None]
) -> None:
    """A reload, Back, a second tab, a tab that the phone threw away, a restart of the server."""
    context, port = new_context(viewport=PHONE), free_port()
    page = context.new_page()
    with running_app(tmp_path, port=port) as first:
        open_create(page, first)
        pick(page, made(50, 51), 2)
        options(page)
        page.get_by_role("textbox", name="Title").fill("Kept")
        page.get_by_role("textbox", name="Password").fill("three odd words")
        expect(page.get_by_text("with a password").first).to_be_visible()
        take_option(page, "Disappears after", "3 views")
        expect(page.get_by_text("with a password · 3 views")).to_be_visible()
        address = page.url
        assert "album=" in address
        for shown in reloaded(context, page, address, first):
            waits(shown)
        page = shown
        look(page, "create-after-reload-phone")
    with running_app(tmp_path, port=port) as second:
        page.goto(address)
        waits(page)
        other = context.new_page()
        other.goto(address)
        waits(other)
        link = create(page)
        other.get_by_role("button", name="Create link").click()  # this tab has not heard of it
        finished(other, link)
        other.close()
        for shown in reloaded(context, page, address, second):
            finished(shown, link)
        page = shown
    with running_app(tmp_path, port=port):
        page.goto(address)
        finished(page, link)


def reloaded(context: BrowserContext, page: Page, address: str, app: RunningApp) -> Iterator[Page]:
    """Load a page anew in each of the ways that a person does; yield the page that then shows it."""
    page.reload()
    yield page
    page.goto(f"{app.url}/links")
    expect(page.get_by_role("heading", name="My links").first).to_be_visible()
    settled(page)
    page.go_back()
    yield page
    second = context.new_page()
    second.goto(address)
    yield second
    second.close()
    page.close()  # as a phone throws a tab away: nothing of it is left but its address
    again = context.new_page()
    again.goto(address)
    yield again


def waits(page: Page) -> None:
    """See the photos that wait, and all that was chosen for them."""
    expect(page.get_by_text("2 photos ready").first).to_be_visible()
    expect(page.get_by_text("with a password · 3 views")).to_be_visible()
    options(page)
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Kept")
    expect(page.get_by_text("A password is set.")).to_be_visible()
    assert "three odd words" not in page.content()


def finished(page: Page, link: str) -> None:
    """See the finished link, its receipt and what a stranger met."""
    expect(page.locator(".address")).to_have_text(link)
    expect(page.get_by_text("Checked: somebody else meets the closed door")).to_be_visible()
    expect(page.get_by_text("Privacy receipt:").first).to_be_visible()


def test_an_album_is_nobody_elses_by_its_address(
    app: RunningApp, phone: Page, new_context: Callable[..., BrowserContext]
) -> None:
    open_create(phone, app)
    pick(phone, made(52), 1)
    stranger = new_context(viewport=PHONE).new_page()
    stranger.goto(phone.url)
    expect(stranger.get_by_text("Nothing waits under this address in this browser")).to_be_visible()
    expect(stranger.get_by_text("Choose photos")).to_be_visible()
    assert "IMG_52" not in stranger.content()


def test_a_draft_whose_hour_is_over_says_so_in_its_own_words(tmp_path: Path, phone: Page) -> None:
    with running_app(tmp_path, PASSALONG_DRAFT_LIFE_S="60") as short:
        open_create(phone, short)
        pick(phone, made(53), 1)
        there = phone.url
        with sqlite3.connect(short.data_dir / "passalong.db") as index:
            index.execute("UPDATE albums SET touched_at = touched_at - 3600")
        phone.goto(there)
        expect(phone.get_by_text("Your photos waited longer than 1 minute and were deleted.")).to_be_visible()
        expect(phone.get_by_text("Choose photos")).to_be_visible()
        assert "Too many photos" not in phone.content()


def test_the_finished_link_takes_the_focus_and_stands_at_the_top(app: RunningApp, phone: Page) -> None:
    open_create(phone, app)
    pick(phone, made(*range(54, 60)), 6)
    create(phone)
    settled(phone)
    heading = phone.get_by_role("heading", name="Your link is ready")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("button", name="Copy link")).to_be_in_viewport(ratio=1)
    for _ in range(3):
        phone.keyboard.press("Tab")
        if "Copy link" in phone.evaluate(FOCUSED):
            break
    else:
        raise AssertionError("Copy link is more than three stops away")


def test_two_people_at_once_never_see_each_others_photos(
    app: RunningApp, new_context: Callable[..., BrowserContext]
) -> None:
    ana, ben = (new_context(viewport=PHONE).new_page() for _ in range(2))
    open_create(ana, app)
    open_create(ben, app)
    pick(ana, [FilePayload(name="only-anas.jpg", mimeType="image/jpeg", buffer=photo_with_secrets(60))], 1)
    pick(ben, [FilePayload(name="only-bens.jpg", mimeType="image/jpeg", buffer=photo_with_secrets(61))], 1)
    create(ana)
    create(ben)
    for person, other in ((ana, "only-bens"), (ben, "only-anas")):
        person.goto(f"{app.url}/links")
        expect(person.get_by_text("1 link of this server can be opened now.")).to_be_visible()
        assert other not in person.content()


@pytest.mark.parametrize("door", ["create", "send"])
def test_the_whole_way_by_keyboard(app: RunningApp, new_context: Callable[..., BrowserContext], door: str) -> None:
    page = new_context(viewport=DESKTOP, permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"{app.url}/{door}")
    expect(page.locator("input.pick")).to_be_attached()
    settled(page)

    def walk(to: str, most: int) -> None:
        """Press Tab, and Enter on the way past the menu, until something has the focus."""
        for _ in range(most):
            page.keyboard.press("Tab")
            there = page.evaluate(FOCUSED)
            if to in there and len(there) < 60:  # and not the whole page around it
                return
            if "Skip to main content" in there:
                page.keyboard.press("Enter")
        raise AssertionError(f"{to!r} is more than {most} stops away")

    walk("Choose photos", 6)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(made(70))
    expect(page.get_by_text("1 photo ready").first).to_be_visible()
    expect(page.get_by_role("button", name="Create link")).to_be_enabled()
    settled(page)
    walk("Create link", 8)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Checked: it opens without an account. 1 photo")).to_be_visible()
    settled(page)
    expect(page.get_by_role("heading", name="Your link is ready")).to_be_focused()
    walk("Copy link", 3)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Copied").first).to_be_attached()
    assert "/s/" in page.evaluate("navigator.clipboard.readText()")


def test_the_message_speaks_the_recipients_language(app: RunningApp, desktop: Page) -> None:
    open_create(desktop, app)
    pick(desktop, made(80), 1)
    link = create(desktop)
    for language, text in {"Español": "Tengo 1 foto", "Deutsch": "Ich habe 1 Foto"}.items():
        take_option(desktop, "Language", language)
        message = desktop.get_by_test_id("stCode").filter(has_text=text)
        expect(message).to_contain_text(link.rpartition("/")[2])


def test_a_host_can_ask_for_a_password_before_anybody_creates(tmp_path: Path, desktop: Page) -> None:
    secrets = '[passalong]\nwho_may_create = "password"\naccess_password = "oak river"\n'
    with running_app(tmp_path, secrets=secrets) as private:
        desktop.goto(f"{private.url}/create")
        field = desktop.get_by_role("textbox", name="Access password")
        field.fill("wrong")
        field.press("Enter")
        expect(desktop.get_by_text("This needs the password of this app")).to_be_visible()
        assert desktop.locator("input.pick").count() == 0
        field.fill("oak river")
        field.press("Enter")
        expect(desktop.get_by_text("Choose photos")).to_be_visible()
        pick(desktop, made(90), 1)
        assert create(desktop).startswith(private.url)
