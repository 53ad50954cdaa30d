"""From a laptop to the other person's phone: a tunnel, opened and stopped with one press."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import free_port, running_app
from tests.stories.conftest import PHONE, settled
from tests.stories.test_create_link import create, made, open_create, pick
from tests.tunnels.fake_ssh import SshServer, ssh_server


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_links_of_this_computer_are_made_reachable_and_stopped(
    phone: Page, new_context: Callable[..., BrowserContext], tmp_path: Path, fits: Callable[[Page, str], None]
) -> None:
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    with ssh_server(SshServer(plays="sshd")) as fake:
        key = tmp_path / "key"
        key.write_bytes(fake.host_key.export_private_key())
        secrets = (
            f'[passalong]\ntunnel_ssh = "me@127.0.0.1:{fake.port}"\ntunnel_port = {port}\ntunnel_url = "{public}"\n'
            f'tunnel_key = "{key}"\n'
        )
        with running_app(tmp_path, secrets, HOME=str(tmp_path)) as app:
            open_create(phone, app)
            pick(phone, made(301, 302, 303), 3)
            local = create(phone)
            assert local.startswith(app.url)
            expect(phone.get_by_text("This link opens only on this computer.")).to_be_visible()
            fits(phone, "reachable-offer")

            fake.lets_in = False  # a server that does not know this computer
            phone.get_by_role("button", name="Make my links reachable").click()
            expect(phone.get_by_text("127.0.0.1 did not let this computer in.")).to_be_visible()
            assert status(f"{public}/s/_/icon.svg") == 0
            fake.lets_in = True
            phone.get_by_role("button", name="Make my links reachable").click()
            expect(phone.get_by_text("Your links open from anywhere,")).to_be_visible()
            expect(phone.locator(".address")).to_contain_text(public)
            expect(phone.get_by_text("This link opens only on this computer.")).to_have_count(0)
            expect(phone.get_by_text("Checked: somebody else can open it.")).to_be_visible()
            fits(phone, "reachable-on")
            link = phone.locator(".address").inner_text().strip()

            friend = new_context(viewport=PHONE, java_script_enabled=False).new_page()
            friend.goto(link)
            expect(friend.get_by_alt_text("Photo 3 of 3")).to_be_visible()
            for inner in ("/", "/create", "/send", "/_stcore/health", "/_stcore/stream"):
                assert status(public + inner) == 404, inner  # must not happen: the app itself from outside

            phone.goto(f"{app.url}/links")
            expect(phone.get_by_text("Your links open from anywhere,")).to_be_visible()
            phone.get_by_role("button", name="Stop: links open only here again").click()
            expect(phone.get_by_text("Now they open only here.")).to_be_visible()
            settled(phone)
            fits(phone, "reachable-over")
            assert status(link) == 0
            assert status(local) == 200  # it still opens here
            assert link.rpartition("/")[2] not in app.logged()


def test_who_sits_at_another_computer_is_not_asked(
    phone: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host with a public address has no need of it, and a visitor no right to it."""
    monkeypatch.setenv("PASSALONG_WHO_MAY_CREATE", "anyone")
    with running_app(tmp_path, '[passalong]\npublic_url = "http://localhost"\n') as app:
        open_create(phone, app)
        pick(phone, made(304), 1)
        phone.get_by_text("Works for ").first.click()
        expect(phone.get_by_role("textbox", name="Title")).to_be_visible()
        settled(phone)
        expect(phone.get_by_text("Make my links reachable")).to_have_count(0)
