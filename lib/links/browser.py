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
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from multidict import CIMultiDict

from lib.links.fetch import GONE, Fetched, Fetcher, Hop
from lib.links.proxy import GuardingProxy
from lib.links.walls import accepting

WHOLE_S: Final = 40  # for start, page and picture together
_PAGE_S: Final = 15
_QUIET_S: Final = 6  # for a page to come to rest
_PATIENCE_S: Final = 6  # and then for it to show something
_PAUSE_MS: Final = 400  # between two looks at it
_FRAMES: Final = 6  # of a page, the page itself included
_MANY: Final = 50
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
# Pictures that are large enough to be a photo and are really on the screen, as a stranger would see them; also inside
# shadow roots, and as backgrounds. Returns addresses, and the HTML of what is inside shadow roots.
_SHOWN: Final = """(side) => {
  const pictures = [], hidden = [];
  let looked = 0;
  const walk = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (++looked > 6000 || pictures.length >= 200) return;
      if (each.shadowRoot) { hidden.push(each.shadowRoot.innerHTML); walk(each.shadowRoot); }
      const box = each.getBoundingClientRect();
      if (box.width < side / 2 || box.height < side / 2) continue;
      const style = getComputedStyle(each);
      if (style.visibility === "hidden" || Number(style.opacity) <= 0.1) continue;
      const drawn = each instanceof HTMLImageElement
        ? each.complete && each.naturalWidth >= side && each.naturalHeight >= side
        : each instanceof HTMLVideoElement ? each.videoWidth >= side
        : each instanceof HTMLCanvasElement ? each.width >= side && each.height >= side : false;
      const behind = /url\\(["']?((?:https?|blob):[^"')]+)/.exec(style.backgroundImage);
      if (drawn) pictures.push(each.currentSrc || each.src || each.tagName);
      else if (behind && each !== document.body && box.width <= innerWidth) pictures.push(behind[1]);
    }
  };
  walk(document);
  return {pictures, hidden: hidden.join("\\n").slice(0, 300000)};
}"""
# Presses the button that says one of these words, in small letters. Returns whether there was one.
_PRESS: Final = """(words) => {
  const find = (root) => {
    const buttons = "button, a, [role=button], input[type=submit], input[type=button]";
    for (const each of root.querySelectorAll(buttons)) {
      const said = (each.innerText || each.value || "").toLowerCase().replace(/\\s+/g, " ").trim();
      const fits = said && said.length < 60 && words.some((word) => said.includes(word));
      if (fits && each.getBoundingClientRect().width) return each;
    }
    for (const each of root.querySelectorAll("*")) {
      const inside = each.shadowRoot && find(each.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  const button = find(document);
  if (button) button.click();
  return Boolean(button);
}"""


@dataclass(frozen=True, slots=True)
class Look:
    """What a browser showed. `page` is the page as it stood in the end, in the form of an answer."""

    page: Fetched = field(repr=False)
    pictures: tuple[str, ...] = field(repr=False)  # addresses of what could be photos
    gone: tuple[str, ...] = field(default=(), repr=False)  # pictures that the page asked for and that are not there
    pressed: bool = False  # a question about cookies was answered, as people do
    screenshot: bytes = field(default=b"", repr=False)  # JPEG of what stood on the screen


def can_look() -> bool:
    """Whether this machine has what a look needs."""
    return importlib.util.find_spec("playwright") is not None and _chromium() is not None


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Next(StrEnum):
    """What a look goes on with."""

    DONE = "done"
    WAIT = "wait"  # there is nothing to see yet
    PRESS = "press"  # a question about cookies is in the way


Judge = Callable[[Look], Next]


async def look(url: str, fetcher: Fetcher, judge: Judge, *, trust: str = "") -> Look | None:
    """Open a page in a browser of its own and say what it shows; None where that did not work out.

    `judge` is asked again and again what to do about what is shown; `trust` is the fingerprint of a key that a test's
    own servers use; production never passes it.
    """
    if not await asyncio.to_thread(_ONE_AT_A_TIME.acquire, timeout=WHOLE_S):
        return None
    try:
        async with asyncio.timeout(WHOLE_S):
            return await _look(url, fetcher, judge, trust)
    except TimeoutError:
        return None
    finally:
        _ONE_AT_A_TIME.release()


async def _look(url: str, fetcher: Fetcher, judge: Judge, trust: str) -> Look | None:
    from playwright.async_api import Error

    gone: list[str] = []
    places = [(url, 0)]

    def answered(response: Any) -> None:
        if response.request.is_navigation_request() and response.frame.parent_frame is None:
            places.append((response.url, response.status))
        if response.status in GONE and response.request.resource_type == "image" and len(gone) < _MANY:
            gone.append(response.url)

    try:
        async with GuardingProxy(fetcher) as proxy, _page(proxy, trust) as page:
            page.on("response", answered)
            await page.goto(url, wait_until="domcontentloaded", timeout=_PAGE_S * 1_000)
            with contextlib.suppress(Error):
                await page.wait_for_load_state("networkidle", timeout=_QUIET_S * 1_000)
            seen = await _until(page, judge, lambda: _seen(page, url, places[-1], gone))
            screenshot = await page.screenshot(type="jpeg", quality=60, timeout=_QUIET_S * 1_000)
            return replace(seen, screenshot=screenshot)
    except Error:
        return None


async def _until(page: Any, judge: Judge, see: Callable[[], Awaitable[Look]]) -> Look:
    """Look until there is something to see, and answer one question about cookies."""
    clock = asyncio.get_running_loop().time
    ends, pressed = clock() + _PATIENCE_S, False
    while True:
        seen = replace(await see(), pressed=pressed)
        step = judge(seen)
        if step is Next.PRESS and not pressed:
            pressed = await page.evaluate(_PRESS, list(accepting()))
            if not pressed:
                return seen
            ends = clock() + _PATIENCE_S
        elif step is Next.DONE or clock() > ends:
            return seen
        await page.wait_for_timeout(_PAUSE_MS)


async def _seen(page: Any, url: str, last: tuple[str, int], gone: Sequence[str]) -> Look:
    """Read what a page and the large frames on it show now.

    `last` is the address that answered last, and how: for an empty answer the browser shows a page of its own.
    """
    from playwright.async_api import Error

    text, pictures = "", list[str]()
    for frame in page.frames[:_FRAMES]:
        with contextlib.suppress(Error):
            if frame is not page.main_frame and not await _is_large(frame):
                continue
            text += await frame.content()
            shown = await frame.evaluate(_SHOWN, _SIDE)
            text += shown["hidden"]
            pictures += map(str, shown["pictures"])
    came, status = last
    own_page = page.url.startswith("chrome-error:")
    answer = _as_answer(url, came if own_page else page.url, status, "" if own_page else text[:_HTML_CHARS])
    return Look(answer, tuple(dict.fromkeys(pictures)), tuple(gone))


async def _is_large(frame: Any) -> bool:
    box = await (await frame.frame_element()).bounding_box()
    return bool(box and box["width"] >= _SIDE and box["height"] >= _SIDE)


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
