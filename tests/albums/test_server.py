"""The share host in the real app, as `make run` starts it: log, cookies, addresses, clean-up, who is believed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from lib.albums import Share
from lib.albums.host import open_share
from lib.services.base import Wishes
from lib.settings import read_settings
from tests.albums.conftest import BROWSER, OWNER, Photos
from tests.conftest import RunningApp, running_app


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    with running_app(tmp_path_factory.mktemp("served"), PASSALONG_UNDO_GRACE_S="1") as app:
        yield app


@pytest.fixture
def beside(served: RunningApp) -> Iterator[Share]:
    """The same store, from another process: this one."""
    share = open_share(read_settings(data_dir=served.data_dir, undo_grace_s=1))
    yield share
    share.close()


@contextmanager
def asking(app: RunningApp, **headers: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, headers={"user-agent": BROWSER} | headers, timeout=30) as client:
        yield client


def link_on(share: Share, photos: Photos, key: str, **wishes: Any) -> tuple[str, str]:
    info = share.links.create(OWNER, share.intake.take(OWNER, photos.album(key, "Secret title")), Wishes(**wishes))
    return info.path, info.id


def test_the_app_gives_each_browser_a_secret_of_its_own_and_share_pages_none(
    served: RunningApp, beside: Share, photos: Photos
) -> None:
    secrets = set()
    for path in ("/", "/create", "/links"):
        with asking(served) as client:
            answer = client.get(path)
            cookie = answer.headers["set-cookie"]
            assert cookie.startswith("passalong_owner=")
            for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"):
                assert part in cookie
            assert "private" in answer.headers["cache-control"]
            secrets.add(client.cookies["passalong_owner"])
            assert "set-cookie" not in client.get(path).headers, "kept for good"
            again = client.get(
                path, headers={"cookie": "", "if-none-match": answer.headers["etag"], "accept": "text/html"}
            )
            assert "passalong_owner=" in again.headers["set-cookie"], "a cached page without its cookie gets one"
    assert len(secrets) == 3
    path, _ = link_on(beside, photos, "cookie")
    with asking(served) as client:
        for quiet in (
            path,
            f"{path}/p/1.jpg",
            f"{path}/photos.zip",
            "/s/" + "A" * 22,
            "/api/drafts/x",
            "/_stcore/health",
        ):
            assert "passalong_owner" not in str(client.get(quiet).headers)


def test_no_token_ticket_or_password_ever_reaches_the_log(served: RunningApp, beside: Share, photos: Photos) -> None:
    path, _ = link_on(beside, photos, "log", password="Hunter2-Hunter2")
    ticket = beside.tickets.write(OWNER, beside.albums.open(OWNER))
    with asking(served) as client:
        for what in ("", "/1", "/p/1.jpg", "/nonsense", "/open"):
            client.get(path + what)
        client.post(f"{path}/open", data={"password": "Hunter2-wrong"})
        client.post(f"{path}/open", data={"password": "Hunter2-Hunter2"})
        assert client.get(path).text.count("Secret title")
        client.get(f"/api/drafts/{ticket}")
        client.post(f"/api/drafts/{ticket}/photos", content=b"no picture")
        owner = client.get("/").cookies.get("passalong_owner", "none was given")
    logged = served.logged()
    for secret in (path.removeprefix("/s/"), ticket, "Hunter2", owner, OWNER):
        assert secret not in logged


def test_a_forged_forwarded_for_gains_nothing(served: RunningApp, beside: Share, photos: Photos) -> None:
    path, _ = link_on(beside, photos, "forged", password="abcd")
    with asking(served) as client:
        client.get(path)
        statuses = [
            client.post(
                f"{path}/open", data={"password": "guess"},
                headers=dict.fromkeys(("x-forwarded-for", "x-real-ip"), f"198.51.100.{n}"),
            ).status_code
            for n in range(9)
        ]  # fmt: skip
        https = client.get(path, headers={"x-forwarded-proto": "https"})
    assert 429 in statuses, "this computer is no proxy unless the host says so"
    assert "Secure" not in https.headers["set-cookie"]


def test_a_proxy_that_the_host_trusts_is_believed(tmp_path: Path, photos: Photos) -> None:
    with running_app(
        tmp_path, PASSALONG_TRUSTED_PROXIES='["127.0.0.1"]', PASSALONG_PUBLIC_URL="https://photos.example.org"
    ) as app:
        share = open_share(read_settings(data_dir=app.data_dir))
        path, _ = link_on(share, photos, "proxy", password="abcd")
        with asking(app) as client:
            statuses = [
                client.post(
                    f"{path}/open", data={"password": "guess"}, headers={"x-forwarded-for": f"6.6.6.6, 198.51.100.{n}"}
                ).status_code
                for n in range(5)
            ]
            last = client.post(
                f"{path}/open", data={"password": "guess"}, headers={"x-forwarded-for": "9.9.9.9, 198.51.100.1"}
            )
            https = client.get(path, headers={"x-forwarded-proto": "https"})
        share.close()
        assert set(statuses) == {403}
        assert last.status_code == 403
        assert "Secure" in https.headers["set-cookie"]
        assert "anyone who finds it can create links" in app.logged(), "a public host is told to choose"


def test_the_running_app_deletes_what_was_taken_back(served: RunningApp, beside: Share, photos: Photos) -> None:
    path, link_id = link_on(beside, photos, "sweep")
    with asking(served) as client:
        assert client.get(path).status_code == 200
        beside.links.revoke(OWNER, link_id)
        assert client.get(path).status_code == 404
    album = beside.links.get(OWNER, link_id).album_id
    deadline = time.monotonic() + 20
    while beside.store.list(f"albums/{album}") and time.monotonic() < deadline:
        time.sleep(0.3)
    assert beside.store.list(f"albums/{album}") == []


def test_two_copies_of_the_app_serve_the_same_links(postgres: Any, s3: Any, tmp_path: Path, photos: Photos) -> None:
    import json

    database, store = postgres(), s3()
    told = {
        "PASSALONG_DATABASE_URL": database,
        "PASSALONG_PHOTOS_URL": store["photos_url"],
        "PASSALONG_PHOTOS_OPTIONS": json.dumps(store["photos_options"]),
        "PASSALONG_SECRET_KEY": "the same for both",
    }
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with running_app(tmp_path / "one", **told) as one, running_app(tmp_path / "two", **told) as two:
        share = open_share(
            read_settings(data_dir=tmp_path, database_url=database, secret_key="the same for both", **store)
        )
        path, link_id = link_on(share, photos, "copies", max_views=1)
        with asking(one) as first:
            assert "1 view left" in first.get(path).text
            first.post(f"{path}/open")
            with asking(two) as second:
                second.cookies = first.cookies
                assert "Secret title" in second.get(path).text, "one copy unlocked, the other shows"
                assert second.get(f"{path}/p/2.jpg").content == photos.data[1]
        with asking(two) as stranger:
            assert stranger.get(path).status_code == 404
        assert share.links.get(OWNER, link_id).views == 1
        share.close()


def test_index_and_photos_are_this_account_s_alone_whatever_the_folder_allows(tmp_path: Path, photos: Photos) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    with running_app(tmp_path) as app, asking(app) as client:
        ticket_of = open_share(read_settings(data_dir=app.data_dir))
        album = ticket_of.albums.open(OWNER)
        to = f"/api/drafts/{ticket_of.tickets.write(OWNER, album)}/photos"
        assert client.post(to, content=photos.data[0]).status_code == 201
        kept = [path for path in (app.data_dir / "photos").rglob("*") if path.is_file()]
        kept += [app.data_dir / name for name in ("passalong.db", "passalong.db-wal", "secret.key")]
        ticket_of.close()
        assert len(kept) >= 5
        assert {path.name for path in kept if path.stat().st_mode & 0o077} == set()
