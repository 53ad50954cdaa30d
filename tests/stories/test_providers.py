"""Dropbox and the guided ways in a real browser: sign in, upload, asked and granted, a stranger's look, and back.

The sign-in is a real OpenID Connect server on loopback; Dropbox is the fake of tests/services, which the app meets
under Dropbox's own names, with certificates that are checked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import certifi
import pytest
import trustme
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.conftest import RunningApp, free_port, running_app, wait_for
from tests.pictures import photo_with_secrets
from tests.services import fake_drive, fake_dropbox, loopback
from tests.stories.conftest import settled
from tests.stories.test_create_link import options

BIND = "127.0.0.1"


@dataclass
class World:
    """The app, the sign-in server, and what is in the accounts."""

    app: RunningApp
    dropbox: fake_dropbox.FakeDropbox
    drive: fake_drive.FakeDrive
    swaps: dict[str, loopback.Swap]


@pytest.fixture(scope="module")
def sign_in_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An OpenID Connect server, a program of its own."""
    port = free_port()
    log = tmp_path_factory.mktemp("sign-in") / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--host", BIND, "--port", str(port)],
            stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            url = f"http://{BIND}:{port}"
            wait_for(f"{url}/.well-known/openid-configuration", process, log)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=10)


@pytest.fixture(scope="module")
def world(sign_in_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("providers")
    authority = trustme.CA()
    bundle = folder / "ca.pem"
    bundle.write_bytes(Path(certifi.where()).read_bytes() + authority.cert_pem.bytes())
    dropbox, drive = fake_dropbox.FakeDropbox(), fake_drive.FakeDrive()
    swaps = {"dropbox": loopback.Swap(), "drive": loopback.Swap()}
    swaps["dropbox"].app, swaps["drive"].app = dropbox.app(), drive.app()
    with ExitStack() as stack:
        names: dict[str, int] = {}
        for key, hosts in (("dropbox", fake_dropbox.NAMES), ("drive", fake_drive.NAMES)):
            port = stack.enter_context(loopback.serving(swaps[key], hosts, authority, folder))
            names |= dict.fromkeys(hosts, port)
        running = stack.enter_context(
            running_app(
                folder,
                secrets(sign_in_server),
                PYTHONPATH=str(loopback.REDIRECTED),
                PASSALONG_TEST_NAMES=json.dumps(names),
                REQUESTS_CA_BUNDLE=str(bundle),
                HTTPLIB2_CA_CERTS=str(bundle),
                SSL_CERT_FILE=str(bundle),
                AUTHLIB_INSECURE_TRANSPORT="1",
            )
        )
        yield World(running, dropbox, drive, swaps)
    assert not dropbox.violations
    assert not drive.violations


def secrets(issuer: str) -> str:
    def table(name: str, scope: str) -> str:
        return (
            f'[auth.{name}]\nclient_id = "passalong"\nclient_secret = "made-up"\n'
            f'server_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
            f'client_kwargs = {{ scope = "{scope}", code_challenge_method = "S256" }}\n'
        )

    return (
        f'[auth]\nredirect_uri = "http://{BIND}:{{port}}/oauth2callback"\n'
        'cookie_secret = "a made-up secret of more than 32 characters"\nexpose_tokens = ["access"]\n'
        + table("dropbox", "openid email")
        + table("google", "openid email")
    )


def pick(page: Page, world: World, *seeds: int) -> None:
    page.goto(f"{world.app.url}/create")
    expect(page.get_by_text("Choose photos")).to_be_visible()
    page.locator("input.pick").set_input_files(
        [FilePayload(name=f"IMG_{seed}.jpg", mimeType="image/jpeg", buffer=photo_with_secrets(seed)) for seed in seeds]
    )
    expect(page.get_by_role("button", name="Create link")).to_be_enabled(timeout=60_000)
    options(page)


def choose(page: Page, place: str) -> None:
    settled(page)
    radio = page.get_by_role("radio", name=place)
    label = page.locator("label").filter(has=radio)
    open_place(page)
    label.evaluate("one => one.scrollIntoView({ block: 'center' })")  # out from under the bar with the button
    label.click()
    expect(radio).to_be_checked()


def open_place(page: Page) -> None:
    """Open the options, and in them the place where the photos go."""
    settled(page)
    if not page.get_by_role("textbox", name="Title").is_visible():
        page.locator("summary").first.click()  # the line of options: what it says depends on the place
        expect(page.get_by_role("textbox", name="Title")).to_be_visible()
    first = page.locator("label").filter(has=page.get_by_role("radio", name="This server"))
    if not first.is_visible():
        settled(page)  # opening the options draws the page anew, and what was opened meanwhile would close
        page.get_by_text("Where the photos go").first.click()
        expect(first).to_be_visible()


def sign_in(page: Page, who: str, back: str = "Send photos") -> None:
    page.get_by_role("button", name="Sign in with").click()
    page.wait_for_url("**/oauth2/authorize**")
    page.locator("input[name=sub]").fill(who)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", name=back, exact=True)).to_be_visible()
    settled(page)
    if back == "Send photos":
        open_place(page)


def test_dropbox_from_sign_in_to_proof(
    world: World, phone: Page, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    world.dropbox.plan, world.dropbox.allows_link_settings = "basic", False
    before, links = set(world.dropbox.files), len(world.dropbox.links)  # what a first try left there
    pick(phone, world, 1, 2)
    phone.get_by_role("textbox", name="Title").fill("At the lake")
    choose(phone, "Dropbox")
    expect(phone.get_by_role("button", name="Sign in with Dropbox")).to_be_visible()
    no_axe_violations(phone)
    look(phone, "providers-1-choose-dropbox")
    sign_in(phone, "ana@example.org")
    expect(phone.get_by_text("Signed in with Dropbox as")).to_be_visible()
    expect(phone.get_by_role("textbox", name="Title")).to_have_value("At the lake")
    look(phone, "providers-2-signed-in")
    phone.get_by_role("textbox", name="Password").fill("Sea-1234")
    phone.keyboard.press("Enter")
    phone.get_by_role("button", name="Create link").click()
    expect(phone.get_by_role("heading", name="Your link is ready")).to_be_visible(timeout=60_000)
    expect(phone.get_by_text("You asked: a password.")).to_be_visible()
    expect(phone.get_by_text("Dropbox Basic has none").first).to_be_visible()
    expect(phone.get_by_text("Anyone with the link sees the album")).to_be_visible()
    no_axe_violations(phone)
    phone.get_by_text("Anyone with the link sees the album").scroll_into_view_if_needed()
    look(phone, "providers-3-stranger")
    phone.get_by_text("Dropbox Basic has none").first.scroll_into_view_if_needed()
    look(phone, "providers-4-asked-granted")
    assert all(one.password is None for one in world.dropbox.links[links:])
    assert sorted(one.rpartition("/")[2] for one in set(world.dropbox.files) - before) == [
        "01 IMG_1.jpg",
        "02 IMG_2.jpg",
    ]
    assert all(b"GPS" not in content for content in world.dropbox.files.values())
    phone.get_by_role("link", name="See, change or take back your links").click()
    expect(phone.get_by_role("heading", name="My links")).to_be_visible()
    phone.get_by_role("button", name="Look and change").first.click()
    phone.get_by_role("button", name="Take back at Dropbox").click()
    expect(phone.get_by_text("It cannot be undone from here.")).to_be_visible()
    phone.get_by_role("button", name="Yes, take it back").click()
    expect(phone.get_by_text("Opened as a stranger at")).to_be_visible(timeout=60_000)
    expect(phone.get_by_text("still in your Dropbox")).to_be_visible()
    no_axe_violations(phone)
    phone.get_by_text("Opened as a stranger at").scroll_into_view_if_needed()
    look(phone, "providers-5-taken-back")
    assert all(one.revoked for one in world.dropbox.links[links:])


def test_sign_in_that_ended_in_the_middle_loses_nothing(
    world: World, desktop: Page, look: Callable[[Page, str], None]
) -> None:
    before = len(world.drive.content)
    pick(desktop, world, 3)
    choose(desktop, "Google Drive")
    sign_in(desktop, "ben@example.org")
    desktop.get_by_role("textbox", name="Title").fill("Hills")
    desktop.keyboard.press("Tab")
    world.drive.expired = True
    desktop.get_by_role("button", name="Create link").click()
    expect(desktop.get_by_text("Sign in again")).to_be_visible(timeout=60_000)
    expect(desktop.get_by_text("Your photos are still here").first).to_be_visible()
    look(desktop, "providers-sign-in-again")
    world.drive.expired = False
    sign_in(desktop, "ben@example.org")
    open_place(desktop)
    expect(desktop.get_by_role("textbox", name="Title")).to_have_value("Hills")
    desktop.get_by_role("button", name="Create link").click()
    expect(desktop.get_by_role("heading", name="Your link is ready")).to_be_visible(timeout=60_000)
    expect(desktop.get_by_text("All that you asked for holds")).to_be_visible()
    assert len(world.drive.content) == before + 1, "one album, whatever was pressed"
    look(desktop, "providers-drive-done")


def test_a_stopped_upload_can_be_removed_again(
    world: World, phone: Page, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    before = set(world.drive.items)
    pick(phone, world, 7, 8)
    choose(phone, "Google Drive")
    sign_in(phone, "eva@example.org")
    world.drive.trouble.append(fake_drive.Trouble("upload", fake_drive.rate_limited(50), skip=1))
    phone.get_by_role("button", name="Create link").click()
    expect(phone.get_by_text("asks us to wait")).to_be_visible(timeout=60_000)
    phone.get_by_role("button", name="Cancel").click()
    expect(phone.get_by_text("Stopped.")).to_be_visible()
    expect(phone.get_by_role("button", name="Go on")).to_be_enabled()
    assert set(world.drive.items) > before, "half an album is there"

    world.drive.trouble.append(fake_drive.Trouble("drive.files.delete", fake_drive.rate_limited(3600)))
    remove = phone.get_by_role("button", name="Remove what was uploaded")
    no_axe_violations(phone)
    remove.scroll_into_view_if_needed()
    look(phone, "providers-stopped")
    remove.click()
    expect(phone.get_by_text("few minutes")).to_be_visible()
    expect(phone.get_by_text("Removed: nothing of this album is in Google Drive")).to_have_count(0)
    remove.click()
    expect(phone.get_by_text("Removed: nothing of this album is in Google Drive any more.")).to_be_visible()
    expect(remove).to_have_count(0)
    expect(phone.locator(".card")).to_have_count(2)
    no_axe_violations(phone)
    look(phone, "providers-removed")
    assert set(world.drive.items) == before

    phone.get_by_role("button", name="Create link").click()
    expect(phone.get_by_role("heading", name="Your link is ready")).to_be_visible(timeout=60_000)
    expect(phone.get_by_text("Removed: nothing")).to_have_count(0)


def test_signed_in_people_find_their_links_on_every_device(
    world: World, desktop: Page, new_context: Callable[..., BrowserContext]
) -> None:
    somebody = f"{uuid4()}@example.org"  # whose only link this is, also at a second try
    pick(desktop, world, 7)
    desktop.get_by_role("button", name="Create link").click()
    expect(desktop.get_by_role("heading", name="Your link is ready")).to_be_visible(timeout=60_000)
    other = new_context().new_page()
    for page in (desktop, other):  # the link was made before anybody signed in
        pick(page, world, 9)
        choose(page, "Dropbox")
        sign_in(page, somebody)
        page.goto(f"{world.app.url}/links")
        expect(page.get_by_text("1 link of this server can be opened now.")).to_be_visible()


def test_signing_out_forgets_the_account(world: World, desktop: Page) -> None:
    pick(desktop, world, 4)
    choose(desktop, "Dropbox")
    sign_in(desktop, "cleo@example.org")
    desktop.get_by_role("button", name="Sign out").click()
    desktop.wait_for_url("**/oauth2/end_session**")
    pick(desktop, world, 4)
    choose(desktop, "Dropbox")
    expect(desktop.get_by_role("button", name="Sign in with Dropbox")).to_be_visible()
    expect(desktop.get_by_text("Signed in with Dropbox as")).to_have_count(0)


def test_icloud_by_hand_on_a_phone(
    world: World, phone: Page, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    pick(phone, world, 5, 6)
    choose(phone, "Another service, by hand")
    settled(phone)
    service = phone.get_by_role("combobox", name="Which service")
    service.scroll_into_view_if_needed()
    phone.wait_for_timeout(500)  # a menu closes again while the page still moves
    service.click()
    phone.get_by_role("option", name="iCloud Photos").click()
    choose(phone, "iPhone")
    expect(phone.get_by_text("Copy iCloud Link").first).to_be_visible()
    with phone.expect_download() as caught:
        phone.get_by_role("button", name="Save 01 IMG_5.jpg").click()
    assert b"GPS" not in Path(caught.value.path()).read_bytes()
    no_axe_violations(phone)
    phone.get_by_text("Step 1: Save").scroll_into_view_if_needed()
    look(phone, "providers-icloud-1")
    phone.get_by_text("Step 3: Make the link").scroll_into_view_if_needed()
    look(phone, "providers-icloud-2")
    phone.get_by_role("textbox", name="Link", exact=True).fill("https://www.icloud.com/photos/#own-library")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Use this link anyway")).to_be_visible()
    phone.get_by_role("button", name="Use this link anyway").scroll_into_view_if_needed()
    look(phone, "providers-icloud-verdict")


def test_without_set_up_the_host_is_told_each_click_and_the_rest_works(
    app: RunningApp, phone: Page, look: Callable[[Page, str], None], no_axe_violations: Callable[[Page], None]
) -> None:
    phone.goto(f"{app.url}/create")
    one = FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=photo_with_secrets(1))
    phone.locator("input.pick").set_input_files([one])
    expect(phone.get_by_role("button", name="Create link")).to_be_enabled(timeout=60_000)
    choose(phone, "Google Drive")
    expect(phone.get_by_text("Google Drive is not set up here.")).to_be_visible()
    phone.get_by_text("For the person who runs this app").click()
    expect(phone.get_by_text("Publish app")).to_be_visible()
    no_axe_violations(phone)
    look(phone, "providers-host-setup")
    choose(phone, "This server")
    expect(phone.get_by_text("is not set up here")).to_have_count(0)


def test_a_closed_link_of_one_s_own_is_mended_in_one_press(
    world: World, desktop: Page, look: Callable[[Page, str], None]
) -> None:
    world.dropbox.files["/Apps/harbour.jpg"] = photo_with_secrets(9)
    closed = world.dropbox.add_link("/Apps/harbour.jpg", audience="no_one")
    desktop.goto(f"{world.app.url}/check")
    desktop.get_by_role("textbox", name="Link or message").fill(closed.url)
    desktop.get_by_role("button", name="Check", exact=True).click()
    expect(desktop.get_by_text("Is it yours?")).to_be_visible(timeout=60_000)
    sign_in(desktop, "dora@example.org", back="Check a link")
    desktop.get_by_role("button", name="Check", exact=True).click()
    desktop.get_by_role("button", name="Mend: open it for anyone").click()
    expect(desktop.get_by_text("Anyone with this link can open it now")).to_be_visible(timeout=60_000)
    look(desktop, "providers-mended")
    assert closed.audience == "public"
