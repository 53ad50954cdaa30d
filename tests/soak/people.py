"""What people do: send photos, open them, save them, take them back. Each answer is looked at."""

from __future__ import annotations

import asyncio
import io
import itertools
import secrets
import time
import zipfile
import zlib
from typing import Final

import aiohttp

from lib.albums import LinkInfo, Share
from lib.albums.tables import photos
from lib.services.base import Wishes
from tests.soak.tally import Tally

BROWSER: Final = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
PASSWORD: Final = "the blue door 27"
GOOD, SEEN, GONE = 200, 303, 404
_TRIES: Final = 40  # for an upload, while others fill the line: each waits as the app says


class Person:
    """One after the other: an album, its link, a friend who opens it, and taking it back."""

    def __init__(self, number: int, share: Share, url: str, tally: Tally, pictures: list[bytes]) -> None:
        self._share, self._url, self._tally, self._pictures = share, url, tally, pictures
        self._address = f"127.1.{number}.1"

    async def live(self) -> None:
        """Do it again and again until cancelled."""
        for number in itertools.count():
            connector = aiohttp.TCPConnector(local_addr=(self._address, 0))
            async with aiohttp.ClientSession(
                connector=connector, headers={"user-agent": BROWSER}, timeout=aiohttp.ClientTimeout(total=120),
                cookie_jar=aiohttp.CookieJar(unsafe=True),
            ) as session:  # fmt: skip
                try:
                    await self._round(session, number)
                except (aiohttp.ClientError, TimeoutError, OSError) as error:
                    self._tally.expect("round", good=False, seen=repr(error))

    async def _round(self, session: aiohttp.ClientSession, number: int) -> None:
        owner = secrets.token_urlsafe(24)
        album = await asyncio.to_thread(self._share.albums.open, owner)
        ticket = self._share.tickets.write(owner, album)
        for picture in (self._pictures[number % len(self._pictures)], self._pictures[(number + 1) % 3]):
            await self._upload(session, ticket, picture)
        protected = number % 3 == 1
        wishes = Wishes(password=PASSWORD) if protected else Wishes(max_views=2 if number % 3 == 2 else None)
        link = await asyncio.to_thread(self._share.links.create, owner, album, wishes)
        await self._look(session, link, inside=not protected and number % 3 != 2)
        await asyncio.to_thread(self._share.links.revoke, owner, link.id)
        for path in ("", "/p/1.jpg", "/photos.zip", "/preview.jpg"):
            status, _ = await self._get(session, "after taking back", link.path + path)
            self._tally.expect("after taking back", good=status == GONE, seen=f"{path}: {status}")

    async def _upload(self, session: aiohttp.ClientSession, ticket: str, picture: bytes) -> None:
        for _ in range(_TRIES):
            begun = time.monotonic()
            to = f"{self._url}/api/drafts/{ticket}/photos"
            async with session.post(to, data=picture, headers={"X-File-Name": "a.jpg"}) as answer:
                await answer.read()
            self._tally.took("upload of a photo", time.monotonic() - begun)
            if answer.status != 429:
                break
            await asyncio.sleep(1)
        self._tally.expect("upload of a photo", good=answer.status == 201, seen=answer.status)

    async def _look(self, session: aiohttp.ClientSession, link: LinkInfo, *, inside: bool) -> None:
        status, page = await self._get(session, "share page", link.path)
        self._tally.expect("share page", good=status == GOOD and (b"-small.jpg" in page) is inside, seen=status)
        if not inside:
            status, _ = await self._get(session, "photo before the gate", f"{link.path}/p/1.jpg")
            self._tally.expect("photo before the gate", good=status in {SEEN, GOOD, 403, GONE}, seen=status)
            begun = time.monotonic()
            form = {"password": PASSWORD} if link.has_password else {}
            async with session.post(f"{self._url}{link.path}/open", data=form, allow_redirects=False) as answer:
                await answer.read()
            self._tally.took("unlock", time.monotonic() - begun)
            self._tally.expect("unlock", good=answer.status == SEEN, seen=answer.status)
        rows = await asyncio.to_thread(
            self._share.index.rows, photos.select().where(photos.c.album_id == link.album_id).order_by("position")
        )
        for number, row in enumerate(rows, 1):
            status, data = await self._get(session, "photo", f"{link.path}/p/{number}.jpg")
            self._tally.expect("photo", good=status == GOOD and zlib.crc32(data) == row.crc32, seen=status)
            status, data = await self._get(session, "small photo", f"{link.path}/p/{number}-small.jpg")
            self._tally.expect("small photo", good=status == GOOD and zlib.crc32(data) == row.small_crc32, seen=status)
        status, data = await self._get(session, "zip", f"{link.path}/photos.zip")
        whole = status == GOOD and zipfile.ZipFile(io.BytesIO(data)).testzip() is None
        self._tally.expect("zip", good=whole, seen=status)

    async def _get(self, session: aiohttp.ClientSession, what: str, path: str) -> tuple[int, bytes]:
        begun = time.monotonic()
        async with session.get(self._url + path, allow_redirects=False) as answer:
            data = await answer.read()
        self._tally.took(what, time.monotonic() - begun)
        return answer.status, data


async def probe(url: str, path: str, tally: Tally, what: str) -> None:
    """Open a share page again and again, as somebody from another network does, until cancelled."""
    connector = aiohttp.TCPConnector(local_addr=("127.2.0.1", 0))
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60)) as session:
        while True:
            begun = time.monotonic()
            try:
                async with session.get(url + path, headers={"user-agent": BROWSER}) as answer:
                    await answer.read()
                tally.expect(what, good=answer.status == GOOD, seen=answer.status)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                tally.expect(what, good=False, seen=repr(error))
            tally.took(what, time.monotonic() - begun)
            await asyncio.sleep(0.05)
