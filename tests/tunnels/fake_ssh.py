"""An SSH server on loopback, by asyncssh: plays localhost.run, or a plain sshd with `GatewayPorts yes`.

localhost.run: `ssh -R 80:localhost:8080 nokey@localhost.run` asks for ("localhost", 80), gets a name, and reads it on a
shell session (https://localhost.run/docs/). sshd: RFC 4254, 7.1, and sshd_config(5), GatewayPorts.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import asyncssh

NAME = "8beaa541ba3dc2.lhr.life"
WORDS = (
    "authenticated as anonymous user\n"
    "{name} tunneled with tls termination, https://{name}\n"
    "create an account and add your key for a longer lasting domain name. see https://localhost.run/docs/forever-free/\n"
)


@dataclass
class SshServer:
    """What tests set and see."""

    plays: str = "localhost.run"  # or "sshd"
    names: list[str] = field(default_factory=lambda: [NAME])  # one for each connection, the last again and again
    lets_in: bool = True
    opens_port: bool = True
    says: str = WORDS
    port: int = 0
    edge: int = 0  # the port at which visitors of the public address arrive
    met: int = 0  # connections so far
    users: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # fingerprints that clients showed
    asked: list[tuple[str, int]] = field(default_factory=list)
    open: list[asyncssh.SSHServerConnection] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None
    host_key: asyncssh.SSHKey = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))

    def drop(self) -> None:
        """Lose all connections, as a line that is cut."""
        assert self.loop
        self.loop.call_soon_threadsafe(lambda: [one.abort() for one in self.open])


class _Edge(asyncssh.SSHListener):
    """Where visitors arrive; each connection goes back to the client as (host, port) that it asked for."""

    def __init__(self, server: asyncio.Server) -> None:
        self._server = server

    def get_port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        self._server.close()

    async def wait_closed(self) -> None:
        await asyncio.sleep(0)


class _Server(asyncssh.SSHServer):
    def __init__(self, fake: SshServer) -> None:
        self._fake = fake
        self._connection: Any = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._fake.open.append(conn)

    def begin_auth(self, username: str) -> bool:
        self._fake.users.append(username)
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        del username
        self._fake.keys.append(key.get_fingerprint())
        return self._fake.lets_in

    def server_requested(self, listen_host: str, listen_port: int) -> Any:
        self._fake.asked.append((listen_host, listen_port))
        if not self._fake.opens_port:
            return False
        if self._fake.plays == "sshd":
            return True
        return self._listen(listen_host, listen_port)

    async def _listen(self, host: str, port: int) -> asyncssh.SSHListener:
        async def visitor(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await self._connection.open_connection(host, port, "203.0.113.9", 40_000, encoding=None)

            async def pump(source: Any, target: Any) -> None:
                with suppress(Exception):
                    while data := await source.read(65_536):
                        target.write(data)
                        await target.drain()
                with suppress(Exception):
                    target.close()

            await asyncio.gather(pump(reader, back), pump(there, writer))

        server = await asyncio.start_server(visitor, "127.0.0.1", 0)
        self._fake.edge = int(server.sockets[0].getsockname()[1])
        return _Edge(server)


@contextmanager
def ssh_server(fake: SshServer) -> Iterator[SshServer]:
    """Run it in a thread of its own."""
    ready = threading.Event()

    async def session(process: asyncssh.SSHServerProcess[str]) -> None:
        name = fake.names[min(fake.met, len(fake.names) - 1)]
        fake.met += 1
        process.stdout.write(fake.says.format(name=name))
        with suppress(asyncssh.Error):
            await process.stdin.read()

    async def main() -> None:
        fake.loop = asyncio.get_running_loop()
        server = await asyncssh.listen(
            "127.0.0.1", fake.port, server_factory=lambda: _Server(fake), server_host_keys=[fake.host_key],
            process_factory=session,
        )  # fmt: skip
        fake.port = server.get_port()
        ready.set()
        try:
            await asyncio.Event().wait()
        finally:
            for one in fake.open:
                one.abort()
            server.close()

    def run() -> None:
        with suppress(asyncio.CancelledError), asyncio.Runner() as runner:
            runner.run(main())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield fake
    finally:
        assert fake.loop
        for task in asyncio.all_tasks(fake.loop):
            fake.loop.call_soon_threadsafe(task.cancel)
        thread.join(10)
