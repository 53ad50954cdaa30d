"""The requests that the README shows for curl, ShareX and an iPhone Shortcut, sent as they stand there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import httpx
import pytest

from lib.albums import Share
from lib.albums.tokens import Scope
from tests.conftest import ROOT, RunningApp
from tests.http_api.conftest import OWNER
from tests.pictures import photo_with_secrets

README = (ROOT / "README.md").read_text(encoding="utf-8").partition("## From other programs")[2].partition("\n## ")[0]
THERE = "https://photos.example.org"


@pytest.fixture
def token(share: Share) -> str:
    return share.tokens.make(OWNER, name="README", scopes=tuple(Scope))


def curled(line: str, folder: Path, app: RunningApp, **values: str) -> httpx.Response:
    """Send what a line of curl says: -H, -F, -X and -d, as curl's manual has them."""
    for name, value in values.items():
        line = line.replace(f"${name}", value)
    words = iter(shlex.split(line)[1:])
    headers: dict[str, str] = {}
    fields: dict[str, str] = {}
    files: list[tuple[str, tuple[str, bytes, str]]] = []
    method, url, content = "", "", b""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word == "-F":
            name, _, value = next(words).partition("=")
            if value.startswith("@"):
                files.append((name, (value[1:], (folder / value[1:]).read_bytes(), "image/jpeg")))
            else:
                fields[name] = value
        elif word == "-X":
            method = next(words)
        elif word == "-d":
            content = next(words).encode()
        else:
            url = word.replace(THERE, app.url)
    if files:
        return httpx.post(url, headers=headers, data=fields, files=files, timeout=60)
    return httpx.request(method or "GET", url, headers=headers, content=content or None, timeout=60)


def test_the_lines_of_curl(app: RunningApp, token: str, tmp_path: Path) -> None:
    for n, name in enumerate(("lake.jpg", "boat.jpg")):
        (tmp_path / name).write_bytes(photo_with_secrets(n))
    make, find, change, back = re.findall(r"^curl .*$", README, re.MULTILINE)
    made = curled(make, tmp_path, app, TOKEN=token).json()
    assert (made["title"], made["photos"], made["stranger"]["opens"]) == ("At the lake", 2, True)
    assert httpx.get(made["url"]).status_code == 200
    assert made["id"] in [one["id"] for one in curled(find, tmp_path, app, TOKEN=token).json()["links"]]
    assert curled(change, tmp_path, app, TOKEN=token, ID=made["id"]).json()["max_views"] == 3
    taken = curled(back, tmp_path, app, TOKEN=token, ID=made["id"]).json()
    assert taken["proof"]["proven"]
    assert httpx.get(made["url"]).status_code == 404


def test_the_file_for_sharex(app: RunningApp, token: str) -> None:
    told = json.loads(README.partition("```json")[2].partition("```")[0])
    assert (told["RequestMethod"], told["Body"]) == ("POST", "MultipartFormData")
    answer = httpx.post(
        told["RequestURL"].replace(THERE, app.url), data=told["Arguments"], timeout=60,
        headers={name: value.replace("passalong_…", token) for name, value in told["Headers"].items()},
        files={told["FileFormName"]: ("Screenshot.png", photo_with_secrets(3), "image/png")},
    )  # fmt: skip
    assert httpx.get(answer.json()[told["URL"].removeprefix("{json:").removesuffix("}")]).status_code == 200
    refused = httpx.post(told["RequestURL"].replace(THERE, app.url), headers={"Authorization": "Bearer x"})
    assert refused.json()[told["ErrorMessage"].removeprefix("{json:").removesuffix("}")]


def test_the_steps_of_the_shortcut(app: RunningApp, token: str) -> None:
    steps = re.sub(r"\s+", " ", README.partition("An iPhone Shortcut")[2])
    address = re.search(r"Get Contents of\* `([^`]+)`", steps)
    assert address
    form = re.search(r"with `(\w+)` \(a file: \*\*Repeat Item\*\*\), `(\w+)` \(text: \*\*Formatted Date\*\*\)", steps)
    end = re.search(r"`(\w+)` \(text: `(\w+)`\)\.", steps)
    assert form
    assert end
    results = []
    for n in range(3):
        fields = {form[2]: "2026-11-27T08:15:00+01:00", end[1]: end[2]}
        photo = {form[1]: (f"IMG_{n}.HEIC", photo_with_secrets(n), "image/heic")}
        where = address[1].replace(THERE, app.url)
        results.append(
            httpx.post(where, data=fields, files=photo, headers={"Authorization": f"Bearer {token}"}, timeout=60).json()
        )
    assert "Get Dictionary Value* `url` of the last" in steps
    assert len({one["url"] for one in results}) == 1
    assert results[-1]["photos"] == 3
    assert httpx.get(results[-1]["url"]).status_code == 200
