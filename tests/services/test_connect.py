"""Connecting the host's own account, against the token servers of the fakes."""

from __future__ import annotations

import json
import tomllib
import urllib.parse
from pathlib import Path

import pytest

from lib.services.connect import connect
from lib.services.problems import NotSetUp, PermissionMissing, SignInNeeded
from lib.settings import read_settings
from tests.services.benches import DropboxBench

KEY = read_settings(dropbox_app_key="the-key")


@pytest.mark.usefixtures("dropbox")
def test_dropbox_prints_lines_that_open_the_account() -> None:
    said: list[str] = []
    answers = iter(["a-code"])
    lines = connect("dropbox", KEY, ask=lambda _: next(answers), say=said.append)
    page = next(one for one in said if "https://" in one)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(page[page.index("https://") :].split()[0]).query)
    assert query["token_access_type"] == ["offline"]
    assert query["code_challenge_method"] == ["S256"]
    assert set(query["scope"][0].split()) == {
        "files.content.write", "sharing.write", "sharing.read", "account_info.read",
    }  # fmt: skip
    kept = tomllib.loads(lines)
    assert kept == {"dropbox_app_key": "the-key", "dropbox_refresh_token": "host-refresh"}


@pytest.mark.usefixtures("dropbox")
def test_wrong_code_says_so() -> None:
    with pytest.raises(SignInNeeded, match="did not take the code"):
        connect("dropbox", KEY, ask=lambda _: "wrong", say=lambda _: None)


def test_permission_that_the_app_lacks_is_named(dropbox: DropboxBench) -> None:
    dropbox.fake.scopes -= {"sharing.read"}
    with pytest.raises(PermissionMissing, match=r"sharing\.read") as raised:
        connect("dropbox", KEY, ask=lambda _: "a-code", say=lambda _: None)
    assert "Submit" in raised.value.fix


def test_google_needs_the_client_s_file(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"web": 1}))
    for path in (wrong, tmp_path / "missing.json"):
        with pytest.raises(NotSetUp) as raised:
            connect("google", read_settings(), client_file=path, say=lambda _: None)
        assert "Download JSON" in raised.value.fix


def test_others_cannot_be_connected() -> None:
    with pytest.raises(NotSetUp):
        connect("icloud", read_settings())
