"""Tunnels as data; their clients against servers and programs on loopback; what each failure says."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from lib.settings import read_settings
from lib.tunnels import Phase, Reachable, Standing, Tunnel, all_tunnels, reachable, standing, tunnel
from lib.tunnels.standing import Seen
from tests.conftest import free_port
from tests.tunnels import fake_program
from tests.tunnels.conftest import Home
from tests.tunnels.fake_ssh import NAME, SshServer, ssh_server


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Waits are short, and nobody's own keys are used."""
    monkeypatch.setattr(reachable, "_WAITS_S", (0.05,))
    monkeypatch.setattr(reachable, "_LOOKS", 0)  # names of tests are asked of nobody
    monkeypatch.setenv("HOME", str(tmp_path / "person"))


def at(fake: SshServer, name: str = "localhost_run") -> Tunnel:
    return tunnel(name).model_copy(update={"host": "127.0.0.1", "port": fake.port, "host_key": ""})


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def on(home: Home) -> Standing:
    until(lambda: standing(home.settings.data_dir).phase not in {Phase.OFF, Phase.STARTING}, "it never stood")
    return standing(home.settings.data_dir)


def test_a_tunnel_that_shows_a_page_of_its_own_is_offered_last() -> None:
    shown = [one.shows_page_before for one in all_tunnels()]
    assert shown == sorted(shown)
    assert {one.kind for one in all_tunnels()} == {"ssh", "program"}
    assert {one.id for one in all_tunnels() if one.shows_page_before} == {"pinggy", "serveo", "ngrok"}


@pytest.mark.parametrize(
    ("name", "line", "address"),
    [
        ("localhost_run", f"{NAME} tunneled with tls termination, https://{NAME}", f"https://{NAME}"),
        ("localhost_run", "see https://localhost.run/docs/forever-free/ for more", ""),
        ("pinggy", "https://rnabc-1-2-3-4.a.free.pinggy.link", "https://rnabc-1-2-3-4.a.free.pinggy.link"),
        ("pinggy", "https://abc-1-2.run.pinggy-free.link", "https://abc-1-2.run.pinggy-free.link"),
        ("pinggy", "Upgrade to Pinggy Pro: https://dashboard.pinggy.io", ""),
        ("serveo", "Forwarding HTTP traffic from https://a1-2.serveousercontent.com", "https://a1-2.serveousercontent.com"),
        ("cloudflared", "ERR https://api.trycloudflare.com/tunnel: 429 Too Many Requests", ""),
        ("tailscale", "https://desk.tail1a2b3.ts.net/", "https://desk.tail1a2b3.ts.net"),
        ("ngrok", "lvl=info addr=http://localhost:80 url=https://a-b.ngrok-free.dev", "https://a-b.ngrok-free.dev"),
    ],
)  # fmt: skip
def test_the_address_is_found_in_what_they_say(name: str, line: str, address: str) -> None:
    assert tunnel(name).address_in(line) == address


def test_what_is_not_there_is_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    bare = read_settings(data_dir=tmp_path)
    assert [one.id for one in all_tunnels() if one.can_start(bare)] == ["localhost_run", "pinggy", "serveo"]
    fake_program.put(tmp_path / "bin", "cloudflared")
    fake_program.put(tmp_path / "bin", "ngrok")
    full = read_settings(data_dir=tmp_path, tunnel_ssh="me@server.example.org", ngrok_token="t")
    assert [one.id for one in all_tunnels() if one.can_start(full)] == [
        "own_server", "cloudflared", "localhost_run", "pinggy", "serveo", "ngrok",
    ]  # fmt: skip


def test_localhost_run_serves_the_share_page_and_nothing_else(new_home: Callable[..., Home]) -> None:
    home = new_home()
    keeper = Reachable(home.settings, lambda: home.share)
    with ssh_server(SshServer()) as fake:
        keeper.start(at(fake), 3_600)
        now = on(home)
        assert (now.phase, now.address) == (Phase.ON, f"https://{NAME}")
        assert now.fingerprint == fake.host_key.get_fingerprint()
        assert now.until is not None
        assert timedelta(minutes=59) < now.until - datetime.now(UTC) <= timedelta(hours=1)
        assert fake.users == ["nokey"]
        assert fake.asked == [("localhost", 80)]
        with httpx.Client(base_url=f"http://127.0.0.1:{fake.edge}", headers={"host": NAME}) as visitor:
            assert "By the sea" in visitor.get(home.path).text
            assert visitor.get("/").status_code == 404
            assert visitor.get("/_stcore/health").status_code == 404
        keeper.stop()
        over = standing(home.settings.data_dir)
        assert (over.phase, over.link_address, over.address) == (Phase.OFF, "", f"https://{NAME}")
        assert over.over_at is not None


def test_a_line_that_is_cut_comes_back_and_another_address_is_told(new_home: Callable[..., Home]) -> None:
    home = new_home()
    keeper = Reachable(home.settings, lambda: home.share)
    with ssh_server(SshServer(names=["one.lhr.life", "two.lhr.life"])) as fake:
        keeper.start(at(fake), None)
        assert on(home).address == "https://one.lhr.life"
        fake.drop()
        until(lambda: standing(home.settings.data_dir).address == "https://two.lhr.life", "no second address")
        until(lambda: standing(home.settings.data_dir).phase is Phase.ON, "never on again")
        assert standing(home.settings.data_dir).before == "https://one.lhr.life"
        with httpx.Client(base_url=f"http://127.0.0.1:{fake.edge}") as visitor:
            assert visitor.get(home.path, headers={"host": "two.lhr.life"}).status_code == 200
            assert visitor.get(home.path, headers={"host": "one.lhr.life"}).status_code == 421
        keeper.stop()


def test_a_server_of_ones_own_is_met_once_and_known_from_then_on(
    new_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachable, "_LOOKS", 1)
    port = free_port()
    with ssh_server(SshServer(plays="sshd")) as fake:
        home = new_home(tunnel_ssh=f"me@127.0.0.1:{fake.port}", tunnel_port=port, tunnel_url=f"http://127.0.0.1:{port}")
        fake.lets_in = False
        keeper = Reachable(home.settings, lambda: home.share)
        own = tunnel("own_server")
        keeper.start(own, None)
        refused = on(home)
        assert refused.phase is Phase.FAILED
        assert refused.problem["happened"] == "127.0.0.1 did not let this computer in."
        keeper.wait(20)
        fake.lets_in = True
        keyed = home.settings.model_copy(update={"tunnel_key": home.settings.data_dir / "key"})
        home.settings.data_dir.joinpath("key").write_bytes(fake.host_key.export_private_key())
        keeper = Reachable(keyed, lambda: home.share)
        keeper.start(own, None)
        until(lambda: standing(home.settings.data_dir).seen is Seen.OPEN, "not seen from outside")
        assert httpx.get(f"http://127.0.0.1:{port}{home.path}").status_code == 200
        assert fake.asked == [("", port)]
        keeper.stop()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}{home.path}")
        address = fake.port
    with ssh_server(SshServer(plays="sshd", port=address)) as other:  # another key under the same name
        keeper = Reachable(keyed, lambda: home.share)
        keeper.start(own, None)
        changed = on(home)
        assert changed.phase is Phase.FAILED
        assert changed.problem["happened"] == "127.0.0.1 answers with another key than before."
        assert other.asked == []


def test_each_failure_of_a_server_has_words(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.tunnels.ssh.ADDRESS_S", 0.3)
    with (
        ssh_server(SshServer(lets_in=False)) as closed,
        ssh_server(SshServer(opens_port=False)) as taken,
        ssh_server(SshServer(says="Welcome\n")) as silent,
    ):
        nobody = SshServer(port=free_port())
        rows = [
            (at(closed), "127.0.0.1 did not let this computer in."),
            (at(taken), "127.0.0.1 has no address free for this computer now."),
            (at(silent), "127.0.0.1 took the connection, but named no address."),
            (at(nobody), "127.0.0.1 takes no connections now."),
            (at(nobody).model_copy(update={"host": "no-such-name.invalid"}),
             "no-such-name.invalid was not found, or this computer is not online."),
        ]  # fmt: skip
        wrong = {}
        for row, words in rows:
            keeper = Reachable(home.settings, lambda: home.share)
            keeper.start(row, None)
            keeper.wait(40)
            now = standing(home.settings.data_dir)
            if (now.phase, now.problem.get("happened")) != (Phase.FAILED, words) or not now.problem["fix"]:
                wrong[words] = now
        assert wrong == {}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.parametrize(
    ("name", "address", "called"),
    [
        ("cloudflared", "https://oklahoma-solo-younger-truck.trycloudflare.com", "--url http://127.0.0.1:"),
        ("tailscale", "https://desk.tail1a2b3.ts.net", "funnel "),
        ("ngrok", "https://calm-otter.ngrok-free.app", "--log-format=logfmt token"),
    ],
)
def test_a_program_is_started_read_and_stopped(
    home: Home, programs: Path, name: str, address: str, called: str
) -> None:
    fake_program.put(programs, name)
    settings = home.settings.model_copy(update={"ngrok_token": read_settings(ngrok_token="token").ngrok_token})
    keeper = Reachable(settings, lambda: home.share)
    keeper.start(tunnel(name), None)
    assert on(home).address == address
    assert called in (programs / f"{name}.called").read_text(encoding="utf-8")
    keeper.stop()
    assert standing(settings.data_dir).phase is Phase.OFF


def test_each_failure_of_a_program_has_words(home: Home, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.tunnels.program.ADDRESS_S", 1.5)
    rows = [
        ("tailscale", "Funnel is not enabled on your tailnet.\n", False, "Tailscale does not allow Funnel"),
        ("cloudflared", "ERR Error unmarshaling: 429 Too Many Requests\n", True, "Cloudflare made too many tunnels"),
        ("ngrok", "ERROR: authentication failed ERR_NGROK_4018\n", True, "ngrok did not take the token."),
        ("cloudflared", "something nobody foresaw\n", True, "Cloudflare quick tunnel stopped by itself."),
        ("cloudflared", "INF still busy\n", False, "Cloudflare quick tunnel named no address."),
        ("cloudflared", None, False, "The program cloudflared is not on this computer."),
    ]
    wrong = {}
    for name, says, ends, words in rows:
        (programs / name).unlink(missing_ok=True)
        if says is not None:
            fake_program.put(programs, name, says, ends=ends)
        keeper = Reachable(home.settings, lambda: home.share)
        keeper.start(tunnel(name), None)
        keeper.wait(30)
        now = standing(home.settings.data_dir)
        if now.phase is not Phase.FAILED or not str(now.problem.get("happened", "")).startswith(words):
            wrong[words] = now
    assert wrong == {}


def test_it_ends_when_its_time_is_up(home: Home, programs: Path) -> None:
    fake_program.put(programs, "cloudflared")
    keeper = Reachable(home.settings, lambda: home.share)
    keeper.start(tunnel("cloudflared"), 2)
    assert on(home).phase is Phase.ON
    keeper.wait(20)
    assert standing(home.settings.data_dir).phase is Phase.OFF


def test_a_program_that_was_killed_is_not_believed_for_ever(tmp_path: Path) -> None:
    Standing(Phase.ON, "localhost_run", "https://a.lhr.life").write(tmp_path)
    assert standing(tmp_path).link_address == "https://a.lhr.life"
    file = tmp_path / "reachable.json"
    text = file.read_text(encoding="utf-8")
    written = standing(tmp_path).written
    file.write_text(text.replace(str(written), str(written - 60)), encoding="utf-8")
    assert standing(tmp_path).link_address == ""
    file.write_text(text[:40], encoding="utf-8")
    assert standing(tmp_path) == Standing()


def test_a_disk_that_takes_nothing_does_not_end_a_tunnel(tmp_path: Path) -> None:
    Standing(Phase.ON, "localhost_run", "https://a.lhr.life").write(tmp_path)
    there = standing(tmp_path)
    (tmp_path / f".reachable.json.{os.getpid()}").mkdir()  # nothing can be written there
    assert Standing(Phase.RECONNECTING, "localhost_run").write(tmp_path).phase is Phase.RECONNECTING
    assert standing(tmp_path) == there


def test_settings_that_cannot_work_are_told(tmp_path: Path, home: Home) -> None:
    wrong = read_settings(data_dir=tmp_path, tunnel_ssh="me@a:x:b")
    keeper = Reachable(wrong, lambda: home.share)
    keeper.start(tunnel("own_server"), None)
    keeper.wait(20)
    assert "tunnel_ssh has to be" in standing(tmp_path).problem["happened"]
    for key, words in ((b"no key at all", "no private key that can be read"), (None, "is not there")):
        file = tmp_path / "key"
        file.unlink(missing_ok=True)
        if key is not None:
            file.write_bytes(key)
        with ssh_server(SshServer(plays="sshd")) as fake:
            given = read_settings(data_dir=tmp_path, tunnel_ssh=f"me@127.0.0.1:{fake.port}", tunnel_key=file)
            keeper = Reachable(given, lambda: home.share)
            keeper.start(tunnel("own_server"), None)
            keeper.wait(20)
        told = standing(tmp_path).problem
        assert words in told["happened"]
        assert "secrets.toml" in told["fix"]
