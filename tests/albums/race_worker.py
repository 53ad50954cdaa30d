"""One of two processes that open a limited link at the same time. Prints how many got in."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import httpx

from lib.albums.host import open_share
from lib.recipients.gate import TRY_COOKIE
from lib.recipients.recipient import Recipient
from lib.settings import read_settings


async def main() -> None:
    told = json.loads(sys.stdin.readline())
    settings = told["settings"] | {"data_dir": Path(told["settings"]["data_dir"])}
    share = open_share(read_settings(**settings))
    app = Recipient(lambda: share)

    async def one(number: int) -> int:
        transport = httpx.ASGITransport(app, client=(f"198.51.100.{number}", 1))
        cookies = {TRY_COOKIE: "1"}
        async with httpx.AsyncClient(transport=transport, base_url="http://x", timeout=60, cookies=cookies) as visitor:
            return (await visitor.post(f"{told['path']}/open")).status_code

    print("ready", flush=True)  # noqa: T201 - how processes talk
    sys.stdin.readline()
    answers = await asyncio.gather(*(one(n) for n in range(told["visitors"])))
    print(json.dumps(answers), flush=True)  # noqa: T201 - how processes talk


asyncio.run(main())
