"""The main job: photos in, link out, on a phone and on a desktop."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.conftest import RunningApp, running_app
from tests.pictures import OWNER, SERIAL, photo_with_secrets
from tests.stories.conftest import PHONE, settled

REAL = (
    "phone/iphone-gps.heic",
    "phone/galaxy-s7-edge-gps.jpg",
    "phone/nokia-8.3-gps.jpg",
    "orientation/Landscape_6.jpg",
)


def made(*seeds: int) -> list[FilePayload]:
    return [
        FilePayload(name=f"IMG_{seed}.jpg", mimeType="image/jpeg", buffer=photo_with_secrets(seed)) for seed in seeds
    ]


def open_create(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/create")
    expect(page.get_by_role("heading", name="Create a link")).to_be_visible()
    expect(page.get_by_text("Choose photos")).to_be_visible()


def pick(page: Page, files: list[FilePayload] | list[Path], expected: int) -> None:
    page.locator("input.pick").set_input_files(files)
    expect(page.get_by_text(re.compile(rf"^shield {expected} photos?,|{expected} photos?, .* →"))).to_be_visible(
        timeout=60_000
    )


def create(page: Page) -> str:
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_text("Your link is ready")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("A stranger can open it")).to_be_visible(timeout=60_000)
    link = page.get_by_test_id("stCode").first.locator("code")
    expect(link).to_have_text(re.compile(r"^\s*http\S+\s*$"))  # the page may still be drawing
    return link.inner_text().strip()


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
    expect(phone.get_by_text("Location removed from 3")).to_be_visible()
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
    desktop.get_by_text("Use the simple picker").click()
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


def test_stopping_in_the_middle_keeps_what_is_done_and_makes_one_album(app: RunningApp, desktop: Page) -> None:
    open_create(desktop, app)
    pick(desktop, made(*range(10, 40)), 30)
    # A click in the very moment in which the button appears.
    desktop.evaluate(
        """() => {
            const watch = new MutationObserver(() => {
                const stop = [...document.querySelectorAll('button')].find((b) => b.innerText.includes('Cancel'));
                if (stop) { watch.disconnect(); stop.click(); }
            });
            watch.observe(document.body, { childList: true, subtree: true });
        }"""
    )
    desktop.get_by_role("button", name="Create link").click()
    expect(desktop.get_by_text("Stopped. What is done is kept")).to_be_visible()
    desktop.get_by_role("button", name="Go on").click()
    expect(desktop.get_by_text("A stranger can open it: 30 photos")).to_be_visible(timeout=60_000)
    desktop.goto(f"{app.url}/links")
    expect(desktop.get_by_text("1 link of this server can be opened now.")).to_be_visible()


def test_a_reload_keeps_the_photos(app: RunningApp, phone: Page) -> None:
    open_create(phone, app)
    pick(phone, made(50, 51), 2)
    phone.reload()
    expect(phone.get_by_text("IMG_50.jpg")).to_be_visible()
    expect(phone.get_by_text("IMG_51.jpg")).to_be_visible()


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


def test_the_whole_way_by_keyboard(app: RunningApp, desktop: Page) -> None:
    open_create(desktop, app)
    pick(desktop, made(70), 1)
    expect(desktop.get_by_role("button", name="Create link")).to_be_enabled()
    settled(desktop)
    title = desktop.get_by_role("textbox", name="Title")
    title.focus()
    desktop.keyboard.type("Typed")
    for _ in range(20):
        desktop.keyboard.press("Tab")
        if desktop.evaluate("document.activeElement.innerText").strip().endswith("Create link"):
            break
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_text("A stranger can open it: 1 photo")).to_be_visible(timeout=60_000)


def test_the_message_speaks_the_recipients_language(app: RunningApp, desktop: Page) -> None:
    open_create(desktop, app)
    pick(desktop, made(80), 1)
    link = create(desktop)
    for language, words in {"Español": "Tengo 1 foto", "Deutsch": "Ich habe 1 Foto"}.items():
        settled(desktop)
        desktop.get_by_role("combobox", name="Language").click()
        desktop.get_by_role("option", name=language).click()
        message = desktop.get_by_test_id("stCode").filter(has_text=words)
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
