"""One look with a real browser, for pages that are only a program.

Off by default: the host switches it on (`link_browser`) and needs Chromium and the library playwright. The browser has
a fresh profile, no way out but the guarding proxy, and ends after one page. It is used only where asking ended in
"could not tell", and never at services where opening a link costs its sender something.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from multidict import CIMultiDict

from lib.links.fetch import Fetched, Fetcher, Hop
from lib.links.proxy import GuardingProxy

WHOLE_S: Final = 30  # for start, page and picture together
_PAGE_S: Final = 15
_QUIET_S: Final = 6  # for a page to come to rest
_HTML_CHARS: Final = 1_000_000
_WIDTH, _HEIGHT = 390, 844  # CSS pixels of a common phone
_SIDE: Final = 200  # pixels of a picture that could be a photo, and half of that on the screen
_USER_AGENT: Final = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 "
    "Mobile Safari/537.36 (Passalong link doctor)"
)
_ONE_AT_A_TIME: Final = threading.BoundedSemaphore(1)  # a browser takes some 300 MB
_ARGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
    "--proxy-bypass-list=<-loopback>",  # loopback, too, is asked of the proxy, which refuses it
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # only the proxy looks names up
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
# Pictures that are large enough to be a photo and are really on the screen, as a stranger would see them.
_PICTURES: Final = """(side) => {
  const seen = [];
  for (const each of document.querySelectorAll("img, video, canvas, [style*='background-image']")) {
    const box = each.getBoundingClientRect();
    const width = each.naturalWidth || each.videoWidth || each.width || box.width;
    const height = each.naturalHeight || each.videoHeight || each.height || box.height;
    const drawn = each.tagName !== "IMG" || (each.complete && each.naturalWidth > 0);
    const style = getComputedStyle(each);
    const shown = style.visibility !== "hidden" && Number(style.opacity) > 0.1;
    if (drawn && shown && width >= side && height >= side && box.width >= side / 2 && box.height >= side / 2) {
      seen.push(each.currentSrc || each.src || style.backgroundImage || "");
    }
  }
  return seen.slice(0, 200);
}"""


@dataclass(frozen=True, slots=True)
class Look:
    """What a browser showed. `page` is the page as it stood in the end, in the form of an answer."""

    page: Fetched = field(repr=False)
    pictures: tuple[str, ...] = field(repr=False)  # addresses of what could be photos
    screenshot: bytes = field(repr=False)  # JPEG of what stood on the screen


def can_look() -> bool:
    """Whether this machine has what a look needs."""
    return importlib.util.find_spec("playwright") is not None and _chromium() is not None


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


async def look(url: str, fetcher: Fetcher, *, trust: str = "") -> Look | None:
    """Open a page in a browser of its own and say what it shows; None where that did not work out.

    `trust` is the fingerprint of a key that a test's own servers use; production never passes it.
    """
    if not await asyncio.to_thread(_ONE_AT_A_TIME.acquire, timeout=WHOLE_S):
        return None
    try:
        async with asyncio.timeout(WHOLE_S):
            return await _look(url, fetcher, trust)
    except TimeoutError:
        return None
    finally:
        _ONE_AT_A_TIME.release()


async def _look(url: str, fetcher: Fetcher, trust: str) -> Look | None:
    from playwright.async_api import Error

    try:
        async with GuardingProxy(fetcher) as proxy, _page(proxy, trust) as page:
            answer = await page.goto(url, wait_until="domcontentloaded", timeout=_PAGE_S * 1_000)
            with contextlib.suppress(Error):
                await page.wait_for_load_state("networkidle", timeout=_QUIET_S * 1_000)
            text = (await page.content())[:_HTML_CHARS]
            pictures = await page.evaluate(_PICTURES, _SIDE)
            screenshot = await page.screenshot(type="jpeg", quality=60, timeout=_QUIET_S * 1_000)
            status = answer.status if answer is not None else 0
            return Look(_as_answer(url, page.url, status, text), tuple(map(str, pictures)), screenshot)
    except Error:
        return None


def _as_answer(asked: str, final: str, status: int, text: str) -> Fetched:
    """Bring a drawn page into the form in which rules read answers."""
    places = [asked] if asked.partition("#")[0] == final.partition("#")[0] else [asked, final]
    hops = tuple(Hop(url, url.partition("//")[2].partition("/")[0].partition(":")[0], status) for url in places)
    headers: Mapping[str, str] = CIMultiDict({"Content-Type": "text/html"})
    body = text.encode("utf-8", "replace")
    return Fetched(status, final.partition("#")[0], headers, body, hops, truncated=False, elapsed_s=0.0)


@contextlib.asynccontextmanager
async def _page(proxy: GuardingProxy, trust: str) -> AsyncIterator[Any]:
    """Start a browser with a fresh profile behind the proxy and yield its one page."""
    from playwright.async_api import async_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    args = [*_ARGS, *([f"--ignore-certificate-errors-spki-list={trust}"] if trust else [])]
    async with async_playwright() as program:
        browser = await program.chromium.launch(
            executable_path=_chromium(),
            args=[*args, "--no-sandbox"] if root else args,
            chromium_sandbox=not root,  # Chromium's own sandbox does not start as root
            proxy={"server": proxy.address, "username": proxy.user, "password": proxy.password},
            timeout=_PAGE_S * 1_000,
        )
        try:
            version = browser.version.partition(".")[0]
            context = await browser.new_context(
                viewport={"width": _WIDTH, "height": _HEIGHT},
                locale="en-US",
                service_workers="block",
                accept_downloads=False,
                user_agent=_USER_AGENT.format(version=version),
            )
            page = await context.new_page()
            page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))
            context.on("page", lambda opened: asyncio.ensure_future(opened.close()))
            yield page
        finally:
            await browser.close()
