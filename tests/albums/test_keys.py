"""The host's key: lost, empty, weak, another one, changed on purpose; and the cookie that it seals."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from typer.testing import CliRunner

from lib.__main__ import program
from lib.albums import LinkInfo, Share
from lib.albums.host import open_share
from lib.albums.keys import KEY_FILE, OLD_KEY_FILE
from lib.albums.owner_cookie import OWNER_COOKIE, SAFE_COOKIE, OwnerCookie
from lib.albums.owners import UNSEALED_S
from lib.albums.problems import KeyBroken, KeyForeign, KeyLost, KeyProblem
from lib.services.base import SharedLink
from lib.settings import SettingsProblem, read_settings
from lib.uploads import page
from tests.albums.conftest import OTHER, OWNER, Door

MakeLink = Callable[..., LinkInfo]
_again = itertools.count()


def opened_again(share: Share, **changes: Any) -> Share:
    """Open the same data as a fresh process would."""
    told = share.settings.model_dump(exclude_defaults=True) | changes
    return open_share(read_settings(**told, links_per_hour=500 + next(_again)))


@pytest.mark.parametrize("lost", ["gone", "empty", "cut", "another"])
def test_a_lost_key_is_refused_with_words_and_nothing_is_made_in_its_place(
    share: Share, make_link: MakeLink, lost: str
) -> None:
    make_link(share)
    file = share.settings.data_dir / KEY_FILE
    good = file.read_text()
    changed = {"empty": "", "cut": good[:20], "another": "ab" * 32}
    file.unlink() if lost == "gone" else file.write_text(changed[lost])
    wanted: dict[str, type[KeyProblem]] = {"gone": KeyLost, "another": KeyForeign}
    with pytest.raises(wanted.get(lost, KeyBroken)) as told:
        opened_again(share)
    assert "keys --adopt" in told.value.fix
    assert not file.exists() if lost == "gone" else file.read_text() == changed[lost]
    file.write_text(good)
    assert opened_again(share).links.all(OWNER)[0].path == share.links.all(OWNER)[0].path


@pytest.mark.parametrize("weak", ["a", "fifteen letters", "a" * 40, "abcabcabcabcabcabc"])
@pytest.mark.parametrize("name", ["secret_key", "old_secret_key"])
def test_a_weak_key_is_refused_at_start(name: str, weak: str) -> None:
    with pytest.raises(SettingsProblem, match=f"{name}: has to have 16 characters"):
        read_settings(**{name: weak})


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *what: str) -> str:
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(folder))
    monkeypatch.setattr("lib.albums.cli.settings", lambda: read_settings(links_per_hour=900 + next(_again)))
    ran = CliRunner().invoke(program("passalong"), ["keys", *what])
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.output


def test_adopting_says_what_ends_and_what_goes_on_and_it_is_so(
    share: Share, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, code = make_link(share), share.owners.recovery_code(OWNER)
    (share.settings.data_dir / KEY_FILE).write_text("")
    with pytest.raises(KeyBroken):
        run(share.settings.data_dir, monkeypatch)
    said = run(share.settings.data_dir, monkeypatch, "--adopt")
    assert "Goes on: links that were sent" in said
    assert "Ends: browsers" in said
    after = opened_again(share)
    assert after.visits.find(link.path.rpartition("/")[2]) is not None
    after.owners.recover(OTHER, code)
    (found,) = after.links.all(OTHER)
    assert found.path == "", "an address that is not known is not made up"
    assert after.links.addresses(OTHER, found.id) == []
    after.links.revoke(OTHER, found.id)
    assert after.visits.find(link.path.rpartition("/")[2]) is None


def test_after_a_rotation_everything_goes_on(
    share: Share, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, elsewhere = make_link(share), shared_link()
    account = share.owners.for_account("google|1234")
    make_link(share, owner=account)
    share.remembered.add(OWNER, elsewhere)
    cookie = f"{OWNER_COOKIE}={share.cookies.value(OWNER)}"
    ticket = share.tickets.write(OWNER, share.albums.open(OWNER))
    before = (share.settings.data_dir / KEY_FILE).read_text()
    said = run(share.settings.data_dir, monkeypatch, "--rotate")
    assert "new key" in said
    assert (
        (share.settings.data_dir / OLD_KEY_FILE).read_text()
        == before
        != (share.settings.data_dir / KEY_FILE).read_text()
    )
    after = opened_again(share)
    assert [one.path for one in after.links.all(OWNER)] == [link.path]
    assert [one.link.url for one in after.remembered.all(OWNER)] == [elsewhere.url]
    assert after.cookies.owner(cookie, https=False) == OWNER
    assert after.tickets.read(ticket)[0] == OWNER
    assert after.owners.for_account("google|1234") != account
    assert len(after.links.all(after.owners.for_account("google|1234"))) == 1
    fresh = make_link(after)
    (share.settings.data_dir / OLD_KEY_FILE).unlink()  # no link from before shall work any more
    last = opened_again(share)
    assert {one.path for one in last.links.all(OWNER)} == {fresh.path, ""}
    assert [one.link.url for one in last.remembered.all(OWNER)] == [elsewhere.url], "it was encrypted anew"


def test_the_key_of_the_settings_is_rotated_by_a_second_setting(local_share: Any, make_link: MakeLink) -> None:
    share = local_share(secret_key="the first key of this host")
    link = make_link(share)
    with pytest.raises(KeyForeign):
        opened_again(share, secret_key="the second key of this host")
    both = {"secret_key": "the second key of this host", "old_secret_key": "the first key of this host"}
    assert opened_again(share, **both).links.all(OWNER)[0].path == link.path
    with pytest.raises(KeyForeign):
        opened_again(share, secret_key="the first key of this host")


def shared_link() -> SharedLink:
    url = "https://www.dropbox.com/scl/fi/abc"
    return SharedLink("dropbox", url, {"file": "x"}, "Sea", 1, 1234, datetime.now(UTC), None, ())


# The cookie


@pytest.mark.parametrize("https", [True, False])
def test_only_a_value_that_this_server_sealed_is_somebody(share: Share, https: bool) -> None:  # noqa: FBT001 - a table
    name, other = (SAFE_COOKIE, OWNER_COOKIE) if https else (OWNER_COOKIE, SAFE_COOKIE)
    good, second = share.cookies.value(OWNER), share.cookies.value(OTHER)

    def owner(header: str) -> str:
        return share.cookies.owner(header, https=https)

    assert owner(f"a=b; {name}={good}; c=d") == OWNER
    for planted in ("A" * 24, OWNER, f"{OWNER}.", f"{OWNER}.{'A' * 22}", f"{OTHER}.{good.partition('.')[2]}", "", "x"):
        assert owner(f"{name}={planted}") == ""
        assert owner(f"{name}={planted}; {name}={good}") == OWNER, "the first one is not believed more"
        assert owner(f"{name}={good}; {name}={planted}") == OWNER, "nor the last"
    assert owner(f"{name}={good}; {name}={second}") == "", "of two that are somebody, nobody knows which"
    assert owner(f"{name}={good}; {name}={good}") == OWNER
    assert owner(f"{other}={good}") == "", "with https only the name that nobody else can set"


def test_a_cookie_from_before_there_were_seals_is_believed_for_a_while_where_it_owns_something(
    share: Share, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_link(share)
    header = f"{OWNER_COOKIE}={OWNER}"
    assert share.cookies.owner(header, https=True) == "", "it has nothing here from before"
    import lib.albums.owners as room

    since = room.time()
    monkeypatch.setattr(room, "noted_at", lambda _index: since)
    assert share.cookies.owner(header, https=True) == OWNER
    assert not share.cookies.is_current(header, https=True)
    assert share.cookies.owner(f"{OWNER_COOKIE}={'A' * 24}", https=True) == "", "a planted one"
    monkeypatch.setattr(room, "time", lambda: since + UNSEALED_S + 1)
    assert share.cookies.owner(header, https=True) == ""


async def test_a_cookie_without_a_seal_never_holds_up_everybody_else(
    share: Share, door: Door, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody can send one with each request: whether it is believed is asked in a thread, not on the event loop."""
    link, asked_in = make_link(share), list[int]()

    def known_before(_owner: str) -> bool:
        asked_in.append(threading.get_ident())
        return False

    monkeypatch.setattr(share.cookies, "_known_before", known_before)
    planted = {"cookie": f"{OWNER_COOKIE}={'A' * 24}"}
    assert (await door.visitor().get(link.path, headers=planted)).status_code == 200
    assert "A" * 24 not in await given(share, "http", **planted)
    form = Starlette(routes=page.routes(lambda: share, lambda scope: scope["scheme"] == "https"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(form), base_url="http://app.example") as browser:
        assert (await browser.get("/send", headers=planted)).status_code == 200
    assert len(asked_in) == 3
    assert threading.get_ident() not in asked_in


async def given(share: Share, scheme: str, **headers: str) -> str:
    """Return the line that sets the cookie, or an empty text."""

    async def page(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b""})

    made = OwnerCookie(page, page, lambda scope: scope["scheme"] == "https", lambda: share.cookies)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=f"{scheme}://app.example") as browser:
        return (await browser.get("/", headers=headers)).headers.get("set-cookie", "")


async def test_a_browser_gets_a_sealed_secret_and_on_https_one_that_no_neighbour_can_plant(share: Share) -> None:
    line = await given(share, "https")
    assert line.startswith(f"{SAFE_COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} < {part.strip() for part in line.split(";")}
    assert "Domain" not in line
    pair = line.partition(";")[0]
    assert share.cookies.owner(pair, https=True)
    assert await given(share, "https", cookie=pair) == ""
    plain = await given(share, "http", cookie=pair)
    assert plain.startswith(f"{OWNER_COOKIE}=")
    assert "Secure" not in plain
    planted = await given(share, "https", cookie=f"{OWNER_COOKIE}={'A' * 24}")
    assert planted.startswith(f"{SAFE_COOKIE}=")
    assert "A" * 24 not in planted
