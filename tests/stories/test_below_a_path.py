"""The app below a path of somebody's home server, through Caddy, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import ROOT, free_port, running_app
from tests.deploy.caddy import caddy
from tests.stories.conftest import PHONE
from tests.stories.test_create_link import create, made, pick


def test_a_link_is_made_below_a_path_by_both_doors_and_opens(
    new_context: Callable[..., BrowserContext], tmp_path: Path, look: Callable[[Page, str], None]
) -> None:
    port, https = free_port(), free_port()
    public = f"https://localhost:{https}/photos"
    secrets = f'[passalong]\npublic_url = "{public}"\ntrusted_proxies = ["127.0.0.1"]\nwho_may_create = "anyone"\n'
    with (
        caddy(tmp_path, ROOT / "deploy" / "Caddyfile.path", f"127.0.0.1:{port}", https=https) as proxy,
        running_app(tmp_path, secrets, port=port, SSL_CERT_FILE=str(proxy.root)),
    ):
        page = new_context(viewport=PHONE, ignore_https_errors=True).new_page()
        page.goto(f"{public}/links")
        expect(page.get_by_role("heading", name="My links")).to_be_visible()
        page.goto(f"{public}/create")
        expect(page.get_by_text("Choose photos")).to_be_visible()
        pick(page, made(501, 502), 2)
        link = create(page)
        assert link.startswith(f"{public}/s/")
        expect(page.get_by_text("Checked: somebody else can open it.")).to_be_visible()
        look(page, "below-a-path")

        friend = new_context(viewport=PHONE, java_script_enabled=False, ignore_https_errors=True).new_page()
        friend.goto(link)
        expect(friend.get_by_alt_text("Photo 2 of 2")).to_be_visible()

        page.goto(f"{public}/send")  # the plain door: its script cleans and sends on the device
        page.locator("input.pick").set_input_files(made(503))
        expect(page.get_by_text(re.compile("1 photo ready")).first).to_be_visible()
        page.get_by_role("button", name="Create link").click()
        expect(page).to_have_url(re.compile(rf"^{re.escape(public)}/send/"))
        assert page.locator("#link").input_value().startswith(f"{public}/s/")
        page.get_by_text("QR code").first.click()
        expect(page.locator("img.qr")).to_be_visible()

        page.goto(f"{public}/links")  # both are there: the cookie holds below the path
        expect(page.get_by_text("2 links of this server can be opened now.")).to_be_visible()
        assert page.context.cookies(f"https://localhost:{https}/else") == []
