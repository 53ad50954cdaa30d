"""What attackers do, one coroutine for each kind; each says which answers are right."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from PIL import Image

from lib.albums import LinkInfo, Share
from lib.albums.problems import Problem
from lib.services.base import Album, AlbumPhoto, Preview, Wishes
from tests.soak.people import PASSWORD
from tests.soak.tally import Tally

OWNER: Final = "soak-owner-soak-owner-soak-owner"
LARGE: Final = (8192, 6167)  # pixels of a PNG that takes 200 MB to decode
BOMB: Final = (9000, 6600)  # 59 megapixels in a few hundred kilobytes
_REFUSED: Final = frozenset({400, 403, 404, 408, 409, 411, 413, 415, 422, 429, 507})
_ODD_PATHS: Final = (
    "/data/secret.key", "/.git/config", "/robots.txt", "/_stcore/metrics", "/s/" + "A" * 22, "/s/../../etc/passwd",
    "/s/%2e%2e/%2e%2e/x", "/send/nothing", "/wp-login.php", "/picker/0/none.js",
)  # fmt: skip
_ODD_RANGES: Final = ("bytes=0-", "bytes=-1", "bytes=99999999-", "bytes=5-2", "bytes=0-0,1-1,2-2", "lines=1-2")


@dataclass
class Target:
    """The app that is attacked, and what lies there."""

    url: str
    share: Share
    tally: Tally
    picture: bytes
    bomb: bytes = b""
    locked: LinkInfo | None = None
    large: LinkInfo | None = None
    many: LinkInfo | None = None
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def prepare(self, clean: bytes) -> None:
        """Make the links that are attacked."""
        with Image.open(io.BytesIO(clean)) as image:
            width, height = image.size
        photo = AlbumPhoto("a.jpg", "image/jpeg", width, height, len(clean), lambda: clean)
        large = _png(LARGE)
        drawn = AlbumPhoto("a.png", "image/png", *LARGE, len(large), lambda: large)
        take, create = self.share.intake.take, self.share.links.create
        album = take(OWNER, Album("soak locked", "Locked", "", [photo]))
        self.locked = create(OWNER, album, Wishes(password=PASSWORD))
        album = take(OWNER, Album("soak large", "Large", "", [drawn]))
        self.large = create(OWNER, album, Wishes(preview=Preview.COVER))
        self.many = create(OWNER, take(OWNER, Album("soak many", "Many", "", [photo] * 20)), Wishes())
        made = io.BytesIO()
        Image.effect_noise((90, 66), 60).resize(BOMB).convert("RGB").save(made, "JPEG", quality=20)
        self.bomb = made.getvalue()

    def address(self) -> str:
        """Return one of thousands of addresses."""
        number = next(self.numbers)
        return f"127.{9 + number // 60_000 % 100}.{number // 250 % 240}.{number % 250 + 1}"

    def session(self) -> aiohttp.ClientSession:
        """Return a browser at a fresh address."""
        connector = aiohttp.TCPConnector(local_addr=(self.address(), 0))
        return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=90))


def _png(size: tuple[int, int]) -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(made, "PNG", compress_level=1)
    return made.getvalue()


async def _ask(target: Target, what: str, right: frozenset[int], method: str, path: str, **more: Any) -> None:
    begun = time.monotonic()
    try:
        async with (
            target.session() as session,
            session.request(method, target.url + path, allow_redirects=False, **more) as answer,
        ):
            await answer.read()
        target.tally.expect(what, good=answer.status in right, seen=f"{path[:20]}: {answer.status}")
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError, OSError):
        pass  # the line was cut: an attacker may be left without an answer
    target.tally.took(what, time.monotonic() - begun)


async def guess(target: Target) -> None:
    """Try a password of a link."""
    assert target.locked
    await _ask(
        target, "attack: guess a link's password", frozenset({403, 429}), "POST", f"{target.locked.path}/open",
        data={"password": secrets.token_hex(4)}, cookies={"passalong_try": "1"},
    )  # fmt: skip


async def preview(target: Target) -> None:
    """Ask for the preview of a picture that takes much memory."""
    assert target.large
    await _ask(target, "attack: preview of a huge PNG", frozenset({200}), "GET", f"{target.large.path}/preview.jpg")


async def bomb(target: Target) -> None:
    """Send a picture with very many pixels, in the largest size."""
    owner = secrets.token_urlsafe(24)
    album = await asyncio.to_thread(target.share.albums.open, owner)
    path = f"/api/drafts/{target.share.tickets.write(owner, album)}/photos?max_side=8192"
    await _ask(target, "attack: picture of 59 megapixels", _REFUSED | {201}, "POST", path, data=target.bomb)
    with suppress(Problem):
        await asyncio.to_thread(target.share.albums.delete, owner, album)


async def look_for(target: Target) -> None:
    """Send a large picture and let the server look for faces, codes and texts in it, and edit it."""
    owner = secrets.token_urlsafe(24)
    album = await asyncio.to_thread(target.share.albums.open, owner)
    ticket = target.share.tickets.write(owner, album)
    await _ask(target, "attack: photo to be looked through", _REFUSED | {201}, "POST", f"/api/drafts/{ticket}/photos",
               data=target.picture)  # fmt: skip
    for photo in await asyncio.to_thread(target.share.photos.all, owner, album):
        path = f"/api/drafts/{ticket}/photos/{photo.id}"
        await _ask(target, "attack: looking through", _REFUSED | {200}, "POST", f"{path}/find")
        edit = json.dumps({"angle": random.uniform(-9, 9), "covers": [{"box": [0, 0, 0.5, 0.5]}]})
        await _ask(target, "attack: editing", _REFUSED | {200}, "POST", f"{path}/edit", data=edit)
    with suppress(Problem):
        await asyncio.to_thread(target.share.albums.delete, owner, album)


async def api(target: Target) -> None:
    """Ask the HTTP API with made-up tokens, with a body that must not be read."""
    token = {"Authorization": f"Bearer passalong_{secrets.token_urlsafe(32)}", "Content-Type": "image/jpeg"}
    await _ask(target, "attack: a made-up token", frozenset({401}), "POST", "/api/1/links", headers=token,
               data=target.picture)  # fmt: skip


async def host(target: Target) -> None:
    """Ask for what is the host's alone."""
    token = {"Authorization": f"Bearer {secrets.token_hex(16)}"}
    await _ask(target, "attack: the host's numbers", frozenset({404}), "GET", "/metrics", headers=token)


async def broken(target: Target) -> None:
    """Send what is no picture, or half of one."""
    owner = secrets.token_urlsafe(24)
    album = await asyncio.to_thread(target.share.albums.open, owner)
    path = f"/api/drafts/{target.share.tickets.write(owner, album)}/photos"
    data = target.picture[: random.randrange(20, len(target.picture) - 20)]
    await _ask(target, "attack: half a picture", _REFUSED | {201}, "POST", path, data=data)
    with suppress(Problem):
        await asyncio.to_thread(target.share.albums.delete, owner, album)


async def flood(target: Target) -> None:
    """Send far more than one file may have to the plain page."""

    async def zeros() -> Any:
        for _ in range(100):
            yield bytes(1_000_000)

    form = aiohttp.FormData()
    form.add_field("photos", zeros(), filename="a.jpg", content_type="image/jpeg")
    await _ask(target, "attack: 100 MB to /send", _REFUSED, "POST", "/send", data=form)


async def streamlit(target: Target) -> None:
    """Send to Streamlit's own address, from no page."""
    path = f"/_stcore/upload_file/{secrets.token_hex(8)}/{secrets.token_hex(8)}"
    form = aiohttp.FormData()
    form.add_field("file", bytes(4_000_000), filename="a.jpg")
    await _ask(target, "attack: Streamlit's upload", _REFUSED, "PUT", path, data=form)


async def odd(target: Target) -> None:
    """Ask for what is not there, in odd ways."""
    assert target.many
    await _ask(
        target, "attack: odd paths", frozenset({200, 303, 307, 308, 400, 403, 404}), "GET",
        random.choice(_ODD_PATHS),
    )  # fmt: skip
    await _ask(
        target, "attack: odd ranges", frozenset({200, 206, 304, 416}), "GET", f"{target.many.path}/p/1.jpg",
        headers={"range": random.choice(_ODD_RANGES)},
    )  # fmt: skip
    await _ask(target, "attack: strange name", frozenset({421}), "GET", "/", headers={"host": "evil.example"})


async def drip(target: Target) -> None:
    """Announce a large body and send it byte by byte, or not at all."""
    begun, parts = time.monotonic(), urlsplit(target.url)
    with suppress(OSError):
        _, writer = await asyncio.open_connection(parts.hostname, parts.port, local_addr=(target.address(), 0))
        head = "POST /send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 70000000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"  # noqa: E501
        writer.write(head.encode())
        for _ in range(random.choice((0, 5, 10))):
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(1)
        writer.close()
    target.tally.took("attack: body in drips", time.monotonic() - begun)


async def zip_after(target: Target) -> None:
    """Begin a zip, take the link back, and read on slowly: nothing more may come than what was on its way."""
    assert target.many
    what = "attack: zip under way while taken back"
    link = await asyncio.to_thread(target.share.links.create, OWNER, target.many.album_id, Wishes())
    begun, total, got = time.monotonic(), 1, 0
    try:
        async with target.session() as session, session.get(target.url + link.path + "/photos.zip") as answer:
            total = int(answer.headers.get("content-length", "1"))
            await answer.content.readany()
            await asyncio.to_thread(target.share.links.revoke, OWNER, link.id)
            got = sum([len(piece) async for piece in answer.content.iter_any()])
    except (aiohttp.ClientError, TimeoutError, OSError):
        got = min(got, total - 1)
    target.tally.expect(what, good=got < total, seen=f"{got} of {total}")
    target.tally.took(what, time.monotonic() - begun)


KINDS: Final[dict[str, Callable[[Target], Awaitable[None]]]] = {
    "guess": guess, "preview": preview, "bomb": bomb, "broken": broken, "flood": flood, "streamlit": streamlit,
    "odd": odd, "drip": drip, "zip": zip_after, "look": look_for, "api": api, "host": host,
}  # fmt: skip


async def again_and_again(kind: str, target: Target, pause_s: float = 0.0) -> None:
    """Attack until cancelled."""
    while True:
        await KINDS[kind](target)
        await asyncio.sleep(pause_s)
