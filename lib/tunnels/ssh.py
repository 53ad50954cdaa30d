"""A tunnel through an SSH server: a public service, or a server of one's own. No program is needed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncssh

from lib.private_files import write_private
from lib.settings import Settings
from lib.text.later import later
from lib.tunnels.description import Tunnel
from lib.tunnels.opened import ADDRESS_S, CONNECT_S, OpenTunnel
from lib.tunnels.problems import (
    HostKeyChanged,
    NameTaken,
    NoAddress,
    NoNetwork,
    NotASetting,
    TunnelEnded,
    TunnelProblem,
    TunnelRefused,
)

_ALIVE_S: Final = 15  # how often the other side is asked whether it is still there
_ALIVE_MISSED: Final = 3
_SERVER: Final = re.compile(r"(?P<user>[^@\s:]+)@(?P<host>\[[0-9A-Fa-f:]+\]|[^@\s:\[\]]+)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class _Way:
    """Where to go and how to log in."""

    host: str
    port: int
    user: str
    listen_host: str
    listen_port: int
    address: str  # where it is known before; else the server says it
    own: bool

    @property
    def named(self) -> str:
        """The host as a file of known hosts writes it."""
        return self.host if self.port == asyncssh.DEFAULT_PORT else f"[{self.host}]:{self.port}"


def _way(tunnel: Tunnel, settings: Settings) -> _Way:
    if tunnel.host:  # OpenSSH asks for "localhost" where no address is typed, and the services expect that
        return _Way(tunnel.host, tunnel.port, tunnel.user, "localhost", tunnel.listen_port, "", own=False)
    found = _SERVER.fullmatch(settings.tunnel_ssh or "")
    if not found:
        raise NotASetting("tunnel_ssh has to be name@server or name@server:port.")
    host = found["host"].strip("[]")
    address = settings.tunnel_url or f"http://{found['host']}:{settings.tunnel_port}"
    return _Way(host, int(found["port"] or 22), found["user"], "", settings.tunnel_port, address, own=True)


class _KnownHosts:
    """The keys of servers: pinned in the table, known to the person's own SSH, or kept at the first meeting."""

    def __init__(self, way: _Way, tunnel: Tunnel, folder: Path) -> None:
        self._way = way
        self._file = folder / "tunnel_hosts"
        lines = [f"{way.named} {tunnel.host_key}"] if tunnel.host_key else _lines(self._file)
        if way.own:
            lines += _lines(Path.home() / ".ssh" / "known_hosts")
        self.hosts = asyncssh.import_known_hosts("\n".join(lines))
        port = way.port if way.port != asyncssh.DEFAULT_PORT else None
        self._met = bool(self.hosts.match(way.host, "", port)[0])

    def meet(self, key: asyncssh.SSHKey) -> bool:
        """Take the key of a server that was never met, and keep it; refuse another key of one that was."""
        if self._met:
            return False
        words = b" ".join(key.export_public_key("openssh").split()[:2]).decode()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{self._way.named} {words}\n")
        return True


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


class _Client(asyncssh.SSHClient):
    """Shows the server's key to those who know, and answers the empty questions of services without accounts."""

    def __init__(self, known: _KnownHosts) -> None:
        self._known = known
        self.lost = asyncio.Event()

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Take or refuse a key that is not in the list."""
        del host, addr, port
        return self._known.meet(key)

    def kbdint_auth_requested(self) -> str:
        """Say that questions may come."""
        return ""

    def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: Sequence[tuple[str, bool]]
    ) -> list[str]:
        """Answer with nothing: who asks for a password is refused so."""
        del name, instructions, lang
        return ["" for _ in prompts]

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        del exc
        self.lost.set()


@asynccontextmanager
async def open_ssh(tunnel: Tunnel, settings: Settings, port: int) -> AsyncIterator[OpenTunnel]:
    """Open a tunnel to a port of this computer. Raises `TunnelProblem`."""
    way = _way(tunnel, settings)
    known = _KnownHosts(way, tunnel, settings.data_dir)
    connection, client = await _connect(way, known, settings)
    try:
        try:
            await connection.forward_remote_port(way.listen_host, way.listen_port, "127.0.0.1", port)
        except asyncssh.ChannelListenError:
            raise NameTaken(_taken(way)) from None
        except (asyncssh.Error, OSError):
            raise TunnelEnded(later("{host} ended the connection at once.", host=way.host)) from None
        address = way.address or await _said(connection, client, tunnel, way)
        key = connection.get_server_host_key()
        yield OpenTunnel(address, client.lost.wait, key.get_fingerprint() if key else "")  # type: ignore[arg-type]
    finally:
        connection.abort()
        with suppress(Exception):  # whatever it was, it is over
            await asyncio.wait_for(connection.wait_closed(), 2)


def _taken(way: _Way) -> str:
    if way.own:
        return later("{host} does not open its port {port}: it is taken, or not allowed.", host=way.host,
                     port=way.listen_port)  # fmt: skip
    return later("{host} has no address free for this computer now.", host=way.host)


async def _connect(way: _Way, known: _KnownHosts, settings: Settings) -> tuple[asyncssh.SSHClientConnection, _Client]:
    client = _Client(known)
    login: dict[str, Any] = {"client_keys": [_own_key(settings.data_dir)], "agent_path": None, "config": None}
    if way.own:
        login = {"client_keys": [str(settings.tunnel_key)], "agent_path": None} if settings.tunnel_key else {}
    try:
        async with asyncio.timeout(CONNECT_S * 2):
            connection, _ = await asyncssh.create_connection(
                lambda: client, way.host, way.port, username=way.user, known_hosts=known.hosts,
                keepalive_interval=_ALIVE_S, keepalive_count_max=_ALIVE_MISSED, connect_timeout=CONNECT_S, **login,
            )  # fmt: skip
    except asyncssh.HostKeyNotVerifiable:
        raise HostKeyChanged(later("{host} answers with another key than before.", host=way.host)) from None
    except asyncssh.PermissionDenied:
        raise TunnelRefused(later("{host} did not let this computer in.", host=way.host)) from None
    except asyncssh.Error:
        raise TunnelRefused(later("{host} ended the connection at once.", host=way.host)) from None
    except ConnectionRefusedError:
        raise TunnelRefused(later("{host} takes no connections now.", host=way.host)) from None
    except TimeoutError:
        raise NoNetwork(later("{host} did not answer in time.", host=way.host)) from None
    except OSError as problem:
        if isinstance(problem, FileNotFoundError):
            raise NotASetting("The file in tunnel_key is not there.") from None
        raise NoNetwork(later("{host} was not found, or this computer is not online.", host=way.host)) from None
    except (asyncssh.KeyImportError, ValueError):
        raise NotASetting("The file in tunnel_key holds no private key that can be read.") from None
    return connection, client


def _own_key(folder: Path) -> asyncssh.SSHKey:
    """Return a key that is used for tunnels alone, made once: no service learns the person's own."""
    file = folder / "tunnel_key"
    try:
        return asyncssh.read_private_key(file)
    except (OSError, asyncssh.KeyImportError):
        key = asyncssh.generate_private_key("ssh-ed25519")
        folder.mkdir(parents=True, exist_ok=True)
        write_private(file, key.export_private_key())
        return key


async def _said(connection: asyncssh.SSHClientConnection, client: _Client, tunnel: Tunnel, way: _Way) -> str:
    """Listen to what the server says until it names the address; go on listening, so that it is never held up."""
    try:
        session: asyncssh.SSHClientProcess[str] = await connection.create_process(errors="replace")
    except (asyncssh.Error, OSError):
        raise TunnelEnded(later("{host} ended the connection at once.", host=way.host)) from None
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    readers = [asyncio.create_task(_listen(one, tunnel, found)) for one in (session.stdout, session.stderr)]
    ended = asyncio.create_task(client.lost.wait())
    either: set[asyncio.Future[Any]] = {found, ended}
    done, _ = await asyncio.wait(either, timeout=ADDRESS_S, return_when=asyncio.FIRST_COMPLETED)
    if found in done:
        ended.cancel()
        connection.create_task(_all(readers))
        return found.result()
    for reader in (*readers, ended):
        reader.cancel()
    raise _no_address(way, over=ended in done)


async def _all(readers: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*readers, return_exceptions=True)


def _no_address(way: _Way, *, over: bool) -> TunnelProblem:
    if over:
        return TunnelEnded(later("{host} ended the connection at once.", host=way.host))
    return NoAddress(later("{host} took the connection, but named no address.", host=way.host))


async def _listen(stream: asyncssh.SSHReader[str], tunnel: Tunnel, found: asyncio.Future[str]) -> None:
    with suppress(asyncssh.Error, OSError):
        while line := await stream.readline():
            address = tunnel.address_in(line)
            if address and not found.done():
                found.set_result(address)
