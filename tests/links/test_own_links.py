"""Links of this app itself, made and taken back by its own command line, opened at the running app."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from lib.links import Checked, Fetcher, check_link

ROOT = Path(__file__).resolve().parent.parent.parent


def lib(app: object, *text: str) -> str:
    env = os.environ | {
        "PASSALONG_DATA_DIR": str(app.data_dir), "PASSALONG_PUBLIC_URL": app.url, "HOME": str(app.data_dir),
        "PASSALONG_SECRETS_FILE": os.devnull,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "lib", *text], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def checked(app: object, url: str) -> Checked:
    own = frozenset({app.url})
    async with Fetcher(own) as fetcher:
        return await check_link(url, fetcher, own_origins=own)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "beach.jpg"
    Image.new("RGB", (320, 200), (20, 120, 200)).save(path)
    return path


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), "OPEN_PHOTO"),
        (("--password", "a long password 1"), "NEEDS_PASSWORD"),
        (("--views", "2"), "OPEN_AFTER_CLICK"),
    ],
)
async def test_a_link_of_this_app_is_told_apart_by_what_protects_it(
    app: object, photo: Path, more: tuple[str, ...], code: str
) -> None:
    url = json.loads(lib(app, "send", str(photo), "--json", *more))["link"]
    result = await checked(app, url)
    assert (result.link.provider, result.code) == ("this_server", code)
    assert result.photo is None  # its first photo would count as a view


async def test_a_link_that_was_taken_back_or_never_was_is_gone(app: object, photo: Path) -> None:
    url = json.loads(lib(app, "send", str(photo), "--json"))["link"]
    lib(app, "revoke", url)
    assert (await checked(app, url)).code == "GONE"
    never = url[:-4] + ("AAAA" if not url.endswith("AAAA") else "BBBB")
    assert (await checked(app, never)).code == "GONE"
    assert (await checked(app, url[:-5])).code == "TRUNCATED"
    assert (await checked(app, f"{app.url}/create")).code == "ACCOUNT_BOUND"
