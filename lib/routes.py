"""Everything that this server answers beside the app itself."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any, Final

import uvicorn.config
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from lib import http_api
from lib.albums.host import Share, open_share
from lib.albums.owner_cookie import OwnerCookie
from lib.albums.security_log import Event
from lib.front import Front, language
from lib.front.below import Below
from lib.front.door import FrontDoor
from lib.front.guard import Guard
from lib.front.hosts import Hosts
from lib.hosting import metrics, seen
from lib.notifications import worker
from lib.notifications.telling import tell_what_is_due
from lib.picker import files as picker_files
from lib.problems import Problem
from lib.recipients.recipient import Recipient
from lib.settings import settings
from lib.uploads import api, manifest, page
from lib.uploads.door import Door

_log = logging.getLogger(__name__)

SWEEP_S: Final = 5.0  # a taken-back link's photos are deleted this soon after the time for undoing
SWITCH_S: Final = 0.0001  # a share page asks for its turn ten times, and a page that is drawn lets it wait this long
LIGHTEN_S: Final = 3.0  # how often it is asked whether photos wait for lighter copies
TELL_S: Final = 5.0  # how often it is asked whether a sender is to be told something
LIGHTEN_NICENESS: Final = 15  # whatever else wants the processor comes first
CONNECTIONS: Final = 65_536  # of files and connections together; systems often begin with 256 or 1,024
ORPHANS_S: Final = 86_400.0  # how often the whole store is looked through


class TrustedProxies(ProxyHeadersMiddleware):
    """Believes X-Forwarded-For of the host's own proxies, and of nobody else."""

    def __init__(self, app: Any, trusted_hosts: object = None) -> None:  # noqa: ARG002 - uvicorn's own choice
        super().__init__(app, list(settings().trusted_proxies))


# uvicorn believes whatever this computer says, and Streamlit settles that before it reads a line of ours. The app is
# wrapped later, after it was imported: here is the one place to say whom the host trusts. A test asks the running app.
uvicorn.config.ProxyHeadersMiddleware = TrustedProxies  # type: ignore[attr-defined]


def share() -> Share:
    """Return the share host of this process."""
    return open_share(settings())


recipient: Final = Recipient(share)


def _tell(event: Event, address: str, detail: str) -> None:
    """Tell the host what was refused."""
    share().security.tell(event, address, detail)


door: Final = Door(_tell)


def is_https(scope: Scope) -> bool:
    """Say whether the browser came over https, here or at a proxy that the host trusts."""
    return bool(scope.get("scheme") == "https")


def routes() -> list[BaseRoute]:
    """Return the routes of the two doors; share pages go before the app's own middleware, see `middleware`."""
    return [
        *api.routes(share, door),
        *page.routes(share, is_https, door),
        *language.routes(is_https),
        *manifest.routes(),
        *picker_files.routes(),
        *seen.routes(share),
        *metrics.routes(share),
        *http_api.routes(share, door),
        *worker.routes(),
    ]  # fmt: skip


def middleware() -> list[Middleware]:
    """Return what stands before every request: share pages, the owner cookie on the app's pages, the app's front."""
    front = Front(settings().cache_folder)
    front.prepare_beside()
    hosts = Hosts(settings().public_url, settings().allowed_hosts)
    return [
        Middleware(Below, path=settings().below),
        Middleware(Guard, hosts=hosts, front=front, routes=routes(), is_https=is_https),
        Middleware(OwnerCookie, recipient=recipient, is_https=is_https, cookies=lambda: share().cookies),
        Middleware(FrontDoor, front=front),
    ]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Open the share host at start, sweep while it runs, let counting finish at the end."""
    sys.setswitchinterval(SWITCH_S)
    os.umask(0o077)  # index, photos and what is kept are this account's alone, whatever the folder allows
    _allow_many_connections()
    try:
        opened = await asyncio.to_thread(share)
    except Problem as problem:  # a newer or damaged database, a store that does not answer
        _log.critical("Passalong cannot start. %s: %s %s", problem.title, problem, problem.fix)
        sys.tracebacklimit = 0  # the words above say it all, and nothing else runs any more
        raise SystemExit(1) from None
    if opened.admission.choice_missing:
        _log.warning(
            "This app has a public address, and anyone who finds it can create links. Choose with the setting "
            'who_may_create: "anyone", "password" or "signed_in".'
        )
    tasks = [asyncio.create_task(work(opened)) for work in (_sweep, _lighten, _tell_senders)]
    yield {}
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await recipient.finish()


def _allow_many_connections() -> None:
    """Let this process hold as many connections as the system allows it: some hundred silent ones keep nobody out."""
    with suppress(ImportError, OSError, ValueError):  # not on Windows
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = CONNECTIONS if most == resource.RLIM_INFINITY else min(most, CONNECTIONS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


async def _sweep(opened: Share) -> None:
    """Clean up for as long as the app runs; what fails once is tried again."""
    looked_at = -ORPHANS_S
    while True:
        orphans = monotonic() - looked_at >= ORPHANS_S
        try:
            await asyncio.to_thread(opened.clean_up.sweep, orphans=orphans)
            await asyncio.to_thread(opened.happened.keep)
            if not await asyncio.to_thread(opened.reserve.fill):
                opened.security.tell(Event.DISK_LOW)
            if orphans:
                looked_at = monotonic()
        except Problem as problem:
            _log.warning("Cleaning up has to wait: %s", type(problem).__name__)
        await asyncio.sleep(SWEEP_S)


async def _lighten(opened: Share) -> None:
    """Make lighter copies of photos that are out, for as long as the app runs: one at a time, behind all other work."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "lighten", initializer=api.step_back, initargs=(LIGHTEN_NICENESS,)) as worker:
        while True:
            try:
                busy = await loop.run_in_executor(worker, opened.lighter.step)
            except Problem as problem:
                _log.warning("Lighter copies have to wait: %s", type(problem).__name__)
                busy = False
            await asyncio.sleep(0.0 if busy else LIGHTEN_S)


async def _tell_senders(opened: Share) -> None:
    """Tell senders what happened to their links, for as long as the app runs."""
    while True:
        try:
            await tell_what_is_due(opened)
        except Problem as problem:
            _log.warning("Telling senders has to wait: %s", type(problem).__name__)
        await asyncio.sleep(TELL_S)
