"""A small internet on this machine that plays every provider in every state.

One listener speaks HTTPS with a certificate of a throw-away authority for all real host names, another plain HTTP. A
resolver leads the names there. The guard of the fetcher stays on: only the one address of this small internet is
permitted, every other address of this machine stays forbidden, as in production.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

from lib.links.fetch import Fetcher, Limits
from lib.links.known import providers

ADDRESS = "127.0.0.77"
_PIECE = 65_536
HOSTS = {
    "drive.google.com", "docs.google.com", "accounts.google.com", "consent.google.com", "www.google.com",
    "drive.usercontent.google.com", "lh3.googleusercontent.com", "www.googleapis.com", "photos.app.goo.gl", "goo.gl",
    "photos.google.com", "www.dropbox.com", "uc1.dl.dropboxusercontent.com", "uc1.previews.dropboxusercontent.com",
    "api.dropboxapi.com", "ckdatabasews.icloud.com", "*.icloud.com", "www.icloud.com", "1drv.ms", "onedrive.live.com",
    "login.live.com", "api-badgerp.svc.ms", "my.microsoftpersonalcontent.com", "*.sharepoint.com",
    "login.microsoftonline.com", "*.files.1drv.com", "app.box.com", "account.box.com", "*.box.com", "*.app.box.com",
    "g.api.mega.co.nz", "api.pcloud.com", "eapi.pcloud.com", "drive.proton.me", "imgur.com", "i.imgur.com",
    "www.flickr.com", "flic.kr", "identity.flickr.com", "live.staticflickr.com", "www.amazon.com", "www.amazon.de",
    "api.ente.io", "cloud-api.yandex.net", "yadi.sk", "disk.yandex.ru", "disk.yandex.com", "disk.yandex.kz", "db.tt",
    "we.tl", "gofile.me", "wetransfer.com", "vt.tiktok.com", "vm.tiktok.com", "www.tiktok.com", "photos.example.org",
    "t.co", "bit.ly", "tinyurl.com", "share.google", "apps.apple.com", "login.yahoo.com", "auth.example.org",
    "ibb.co", "i.ibb.co", "imgbb.com", "postimg.cc", "i.postimg.cc", "postimages.org", "lightroom.adobe.com",
    "adobe.ly",
    "*.smugmug.com", "*.pixieset.com", "www.jottacloud.com", "jottacloud.com", "api.jottacloud.com",
    "www.mediafire.com",
    "app.mediafire.com", "gofile.io", "www.swisstransfer.com", "*.sync.com", "my.hidrive.com", "cloud.mail.ru",
    "www.terabox.com", "1024terabox.com", "www.facebook.com", "fb.me", "www.instagram.com", "*.snapchat.com", "t.me",
    "web.telegram.org", "discord.com", "discord.gg", "cdn.discordapp.com", "quickshare.samsungcloud.com",
    "linksharing.samsungcloud.com", "*.wetransfer.com",
    "team.cloudflareaccess.com", "contoso.okta.com", "play.google.com", "cdn.example.org", "x.app.link",
    "*.files.example.org",
    "cloud.example.org", "example.org", "rebind.example.org", "redirects.example.org",
    # A service that is added is met here without being named.
    *(
        host for each in providers() for shape in each.shapes for one in shape.examples
        if (host := urlsplit(one).hostname)
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """What the small internet answers. `play` writes the rest by hand, for answers that misbehave."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    play: Callable[[asyncio.StreamWriter], object] | None = None


def page(text: str | bytes, status: int = 200, **headers: str) -> Reply:
    body = text.encode() if isinstance(text, str) else text
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, body, {"Content-Type": "text/html; charset=utf-8"} | named)


def answer(document: object, status: int = 200, **headers: str) -> Reply:
    return page(json.dumps(document), status, Content_Type="application/json", **headers)


def redirect(url: str, status: int = 302) -> Reply:
    return Reply(status, b"", {"Location": url})


@dataclass
class SmallInternet:
    """Who answers what. `routes` are tried in order: a pattern of "host/path?query", and a reply or what makes it."""

    ca: trustme.CA
    certificate: bytes = b""
    tls_port: int = 0
    plain_port: int = 0
    routes: list[tuple[str, Reply | Callable[[dict[str, str]], Reply]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    elsewhere: dict[str, list[list[str]]] = field(default_factory=dict)  # host -> answers to one look-up after another

    def play(self, *routes: tuple[str, Reply | Callable[[dict[str, str]], Reply]]) -> None:
        self.routes, self.asked, self.requests = list(routes), [], []

    def reply(self, request: dict[str, str]) -> Reply:
        where = request["host"] + request["target"]
        self.asked.append(where)
        self.requests.append(request)
        for pattern, reply in self.routes:
            if re.search(pattern, where):
                return reply(request) if callable(reply) else reply
        return page("<html><title>Not here</title></html>", 404)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ", 2)
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            request = headers | {"method": method, "target": target, "body": body.decode("utf-8", "replace")}
            request["host"] = headers["host"].partition(":")[0]
            reply = self.reply(request)
            if reply.play is not None:
                done = reply.play(writer)
                if asyncio.iscoroutine(done):
                    await done
            else:
                lines = [f"HTTP/1.1 {reply.status} Played", f"Content-Length: {len(reply.body)}", "Connection: close"]
                lines += [f"{name}: {value}" for name, value in reply.headers.items()]
                writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
                for start in range(0, len(reply.body), _PIECE):  # no more in memory than whoever asked will take
                    writer.write(reply.body[start : start + _PIECE])
                    await writer.drain()
            await writer.drain()
        with suppress(Exception, asyncio.CancelledError):
            writer.close()
            await writer.wait_closed()

    def fetcher(self, allow_origins: frozenset[str] = frozenset(), limits: Limits | None = None) -> Fetcher:
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.ca.configure_trust(trusted)
        return Fetcher(
            allow_origins,
            limits=limits or Limits(per_host_rate=1_000),
            resolver=_Resolver(self),
            ssl_context=trusted,
            also_permit=frozenset({ADDRESS}),
        )


class _Resolver(AbstractResolver):
    """Leads every host of the small internet to its listeners; no other name exists."""

    def __init__(self, internet: SmallInternet) -> None:
        self._internet = internet

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - aiohttp's signature
    ) -> list[ResolveResult]:
        internet = self._internet
        mapped = {443: internet.tls_port, 80: internet.plain_port, 8080: internet.plain_port}.get(port, port)
        addresses = [ADDRESS]
        if host in internet.elsewhere:
            told = internet.elsewhere[host]
            addresses = told.pop(0) if len(told) > 1 else told[0]
        elif not any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in HOSTS):
            raise OSError(None, "no such name")
        return [
            ResolveResult(hostname=host, host=address, port=mapped, family=socket.AF_INET, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to close."""


@asynccontextmanager
async def small_internet() -> AsyncIterator[SmallInternet]:
    ca = trustme.CA()
    internet = SmallInternet(ca)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued = ca.issue_cert(*HOSTS)
    issued.configure_cert(context)
    internet.certificate = issued.cert_chain_pems[0].bytes()
    tls = await asyncio.start_server(internet.serve, ADDRESS, 0, ssl=context)
    plain = await asyncio.start_server(internet.serve, ADDRESS, 0)
    internet.tls_port = tls.sockets[0].getsockname()[1]
    internet.plain_port = plain.sockets[0].getsockname()[1]
    try:
        yield internet
    finally:
        tls.close()
        plain.close()
