"""host-check on set-ups that are broken in one thing each, and on one that is right."""

from __future__ import annotations

import datetime as dt
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from lib.albums import Share, host
from lib.albums.host import open_share
from lib.backups import back_up
from lib.backups.vault import Vault
from lib.hosting import seen
from lib.hosting.inside import look_inside
from lib.hosting.lines import HostLine, Stands
from lib.hosting.outside import look_outside
from lib.recipients.recipient import Recipient
from lib.settings import SettingsProblem, read_settings
from tests.conftest import run_command


@contextmanager
def serving(
    share: Share, sock: socket.socket, *, believes: str = "", websocket: bool = True, **tls: Any
) -> Iterator[None]:
    """Serve the parts of the app that host-check asks, with or without something that spoils them on the way."""

    async def stream(ws: WebSocket) -> None:
        await ws.accept(subprotocol="streamlit")
        await ws.close()

    inner = Starlette(
        routes=[
            *seen.routes(lambda: share),
            *([WebSocketRoute("/_stcore/stream", stream)] if websocket else []),
            Mount("/", Recipient(lambda: share)),
        ]
    )
    app: Any = ProxyHeadersMiddleware(inner, believes) if believes else inner
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, proxy_headers=False, lifespan="off", **tls))
    sock.listen(64)  # who comes before the server is up waits
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    yield
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def sock() -> Iterator[socket.socket]:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        yield made


def hosted(tmp_path: Path, sock: socket.socket, scheme: str = "http", **more: Any) -> Share:
    public = f"{scheme}://localhost:{sock.getsockname()[1]}"
    settings: dict[str, Any] = {"public_url": public, "who_may_create": "signed_in", "host_bytes": 1_000_000}
    return open_share(read_settings(data_dir=tmp_path / "data", **(settings | more)))


async def outside(share: Share) -> dict[str, HostLine]:
    """Return the lines by what they are about; what is to mend ends in "!"."""
    return {
        line.about + ("!" if line.stands is Stands.MEND else ""): line async for line in look_outside(share)
    }  # fmt: skip


def test_a_host_without_an_address_is_told_both_ways_out(tmp_path: Path) -> None:
    done = run_command("host-check", data_dir=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "mend address: public_url is not set" in done.stdout
    assert "share-out" in done.stdout
    assert "ok   database: SQLite answers." in done.stdout
    done = run_command("host-check", "--json", data_dir=tmp_path)
    assert {"about", "stands", "found", "mend"} == json.loads(done.stdout)[0].keys()


def certified(folder: Path) -> dict[str, str]:
    """Put a certificate for localhost and its authority into a folder; return the server's options."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    issued = authority.issue_cert("localhost")
    issued.private_key_pem.write_to_path(folder / "key")
    issued.cert_chain_pems[0].write_to_path(folder / "cert")
    return {"ssl_keyfile": str(folder / "key"), "ssl_certfile": str(folder / "cert")}


async def test_a_host_that_is_right_has_nothing_to_mend(
    tmp_path: Path, sock: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    share = hosted(tmp_path, sock, "https")
    with serving(share, sock, **tls):
        found = await outside(share)
    # It stands on this computer: that its name means something only here is the one thing to mend.
    assert {about for about in found if about.endswith("!")} == {"address!"}
    assert "only inside this network" in found["address!"].found
    assert found["certificate"].found.startswith("Trusted")
    assert {"address", "proxy", "WebSocket"} <= found.keys()
    assert found["from elsewhere"].stands is Stands.UNKNOWN


async def test_a_certificate_that_nobody_knows_is_told(tmp_path: Path, sock: socket.socket) -> None:
    share = hosted(tmp_path, sock, "https")
    with serving(share, sock, **certified(tmp_path)):
        found = await outside(share)
    assert "does not answer" in found["address!"].found
    assert "certificate" in found["address!"].found


async def test_an_app_that_believes_visitors_and_has_no_websocket(tmp_path: Path, sock: socket.socket) -> None:
    share = hosted(tmp_path, sock)
    with serving(share, sock, believes="*", websocket=False):
        found = await outside(share)
    assert "not encrypted" in found["https!"].found
    assert found["https!"].mend == "Put a proxy with https before the app, such as Caddy."
    assert "X-Forwarded-For" in found["proxy!"].found
    assert found["proxy!"].mend.startswith("Let the proxy write the header anew")
    assert "stay empty" in found["WebSocket!"].found
    assert found["WebSocket!"].mend.startswith("Let the proxy pass on Upgrade and Connection")


async def test_another_program_or_another_key_at_the_address(tmp_path: Path, sock: socket.socket) -> None:
    share = hosted(tmp_path / "mine", sock)
    stranger = hosted(tmp_path / "other", sock)
    assert "does not answer" in (await outside(share))["address!"].found  # nobody there yet
    with serving(stranger, sock):
        told = (await outside(share))["same host!"]
    assert "this host's key" in told.found
    assert "start the app anew" in told.mend


def test_what_the_app_sees_is_told_to_nobody_else(tmp_path: Path, sock: socket.socket) -> None:
    share = hosted(tmp_path, sock)
    with serving(share, sock):
        headers: list[dict[str, str]] = [{}, {seen.HEADER: "x"}, {seen.HEADER: share.keys.sign("visit", ["seen"])}]
        for header in headers:
            assert httpx.get(f"{share.settings.public_url}{seen.PATH}", headers=header).status_code == 404


def test_what_lies_inside_is_looked_at(tmp_path: Path, sock: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "_opened", {})
    public = "https://photos.example.org"
    careless = hosted(tmp_path, sock, public_url=public, who_may_create=None, host_bytes=10**18)
    (tmp_path / "data" / "secret.key").chmod(0o644)
    told = {line.about: line for line in look_inside(careless)}
    wrong = {about for about, line in told.items() if line.stands is Stands.MEND}
    assert wrong == {"who may create", "secret key", "room", "backup"}
    assert all(told[about].mend for about in wrong)
    assert told["who may create"].found == "The app is on a public address, and nobody chose."
    assert told["secret key"].found == "secret.key can be read by other people of this computer."
    assert "more are allowed, and the disk has" in told["room"].found
    assert told["room"].mend.startswith("Set host_bytes to ")
    assert told["backup"].found == "There was none yet."
    careful = hosted(tmp_path, sock, public_url=public)
    (tmp_path / "data" / "secret.key").chmod(0o600)
    back_up(careful, Vault(str(tmp_path / "backup"), {}, None))
    assert {line.about for line in look_inside(careful) if line.stands is Stands.MEND} == set()
    note = tmp_path / "data" / "last_backup.json"
    old = json.loads(note.read_text(encoding="utf-8"))
    old["at"] = (dt.datetime.now(dt.UTC) - dt.timedelta(days=9)).isoformat()
    note.write_text(json.dumps(old), encoding="utf-8")
    told = {line.about: line for line in look_inside(careful)}
    assert told["backup"].found == "The last one is 9 days old."


def test_a_service_for_the_outside_look_names_the_address() -> None:
    with pytest.raises(SettingsProblem, match="outside_look"):
        read_settings(outside_look="https://uptime.example.org/")
