"""One of two processes in which people answer at the same time. Prints what each was answered."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path

import httpx

from lib.albums.host import open_share
from lib.recipients.recipient import Recipient
from lib.settings import read_settings


async def main() -> None:
    told = json.loads(sys.stdin.readline())
    settings = told["settings"] | {"data_dir": Path(told["settings"]["data_dir"])}
    share = open_share(read_settings(**settings))
    app = Recipient(lambda: share)

    async def one(number: int) -> list[int]:
        """Answer, then send the very same form again, as an impatient thumb does, both at once."""
        transport = httpx.ASGITransport(app, client=(f"198.51.{told['first']}.{number}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x", timeout=60) as visitor:
            page = (await visitor.get(told["path"])).text
            found = re.search(r'name="key" value="([^"]+)"', page)
            assert found
            form = {"key": found[1], "p1": "1", "name": f"person {told['first']} {number}"}
            sent = [visitor.post(f"{told['path']}/answer", data=form) for _ in range(2)]
            return [answer.status_code for answer in await asyncio.gather(*sent)]

    print("ready", flush=True)  # noqa: T201 - how processes talk
    sys.stdin.readline()
    answers = await asyncio.gather(*(one(n) for n in range(told["visitors"])))
    print(json.dumps([status for both in answers for status in both]), flush=True)  # noqa: T201 - how processes talk


asyncio.run(main())
