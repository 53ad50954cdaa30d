"""The gate of a protected or limited link: what stands before it, what opens it, and who is inside."""

from __future__ import annotations

import asyncio
from time import time
from typing import Final

from lib.albums.guesses import CALM_FAILURES, FORGET_S, Misses, WaitingLine, network
from lib.albums.host import Share
from lib.albums.keys import hashed
from lib.albums.passwords import password_fits
from lib.albums.problems import LinkGone
from lib.albums.security_log import Event
from lib.recipients import pages
from lib.recipients.background import BackgroundCounts
from lib.recipients.bots import is_bot
from lib.recipients.in_app import in_app_browser
from lib.recipients.pages import VISIT_S
from lib.recipients.request import ALWAYS, NO_STORE, Headers, LinkVisit

OWN_CHECK: Final = "Passalong"  # this app's own look as a stranger is neither a person nor a chat app
SLOT_S: Final = 3_600.0  # a page that stayed open longer waits with all others
_NETWORK_CHARS: Final = 16
VISIT_COOKIE: Final = "passalong_visit"
TRY_COOKIE: Final = "passalong_try"  # proves, before a view is spent, that the browser keeps cookies


class LinkGate:
    """Lets people in. Only `unlock`, the answer to a POST, ever spends a view."""

    def __init__(self, counts: BackgroundCounts) -> None:
        self._counts = counts
        self._misses = Misses()
        self._line = WaitingLine()

    async def inside(self, visit: LinkVisit) -> tuple[bool, bool]:
        """Say whether this is the owner's own look, and whether the photos may be shown."""
        share, link = visit.share, visit.link
        owner = await share.cookies.owner_now(visit.request.header(b"cookie"), https=visit.request.secure)
        if owner and link.person in await visit.read(share.owners.looks_as, owner):
            return True, True
        if not link.gated:
            return False, True
        seen = share.keys.read("visit", visit.request.cookie(VISIT_COOKIE), VISIT_S)
        return False, seen == [link.id, link.version]

    async def page(self, visit: LinkVisit, status: int = 200, problem: str = "", *more: tuple[bytes, bytes]) -> None:
        """Show the neutral page: one button or one field, and nothing of what is behind it."""
        self.count_bot(visit)
        probe = visit.cookie(TRY_COOKIE, "1", VISIT_S)
        app = in_app_browser(visit.request.header(b"user-agent"))
        hint = app.password_hint(visit.request.texts) if app else ""
        slot = _slot(visit) if visit.link.password_hash is not None else ""
        html = pages.gate_page(visit.base, visit.link, visit.request.texts, problem, hint, slot=slot)
        await visit.request.page(status, html, NO_STORE, probe, *more)

    async def unlock(self, visit: LinkVisit) -> None:  # noqa: PLR0911 - one way out for each thing that can be wrong
        """Take the human gesture: the only place where a view is spent."""
        request, share, link, texts = visit.request, visit.share, visit.link, visit.request.texts
        own, inside = await self.inside(visit)
        home: Headers = [*ALWAYS, NO_STORE, (b"location", visit.base.encode())]
        if not request.from_our_page(visit.hosts):
            await self.page(visit, 403)
            return
        if own or inside or not link.gated:
            await request.answer(303, home)
            return
        if link.used_up:
            await request.gone()
            return
        form = await request.form()
        if form is None:
            await self.page(visit, 400)
            return
        if link.password_hash is not None and not await self._password_fits(visit, form):
            return
        if not request.cookie(TRY_COOKIE):
            await request.page(200, pages.note_page(texts, texts["gate_title"], texts["cookies"]), NO_STORE)
            return
        if not await asyncio.to_thread(share.visits.spend, link):
            await request.gone()
            return
        seen = share.keys.sign("visit", [link.id, link.version])
        await request.answer(303, [*home, visit.cookie(VISIT_COOKIE, seen, VISIT_S)])

    async def _password_fits(self, visit: LinkVisit, form: dict[str, str]) -> bool:
        """Compare, wait and count; when it does not fit, the answer is already sent."""
        link, texts, address = visit.link, visit.request.texts, visit.request.address
        wait_s = self._misses.wait_s(link.id, address)
        if wait_s > 0:
            seconds = int(wait_s) + 1
            await self.page(visit, 429, texts.count("wait", seconds), (b"retry-after", str(seconds).encode()))
            return False
        fresh_since = _shown_at(visit, form.get("slot", "")) if self._misses.is_fresh(link.id, address) else None
        before = self._misses.count(link.id, address)
        undo = self._misses.missed(link.id, address)  # counted before it is compared: parallel tries gain nothing
        under_attack = link.wrong_passwords >= CALM_FAILURES and (link.wrong_at or 0) > time() - FORGET_S
        turn = self._line.turn(link.id, fresh_since=fresh_since, misses=before, under_attack=under_attack)
        fits = None
        async with turn as came:
            if came:
                fits = await asyncio.to_thread(password_fits, link.password_hash or "", form.get("password", ""))
        if fits is None:
            undo()  # nothing was compared: no miss
            await self.page(visit, 429, texts["busy"], (b"retry-after", b"5"))
        elif fits:
            self._misses.forget(link.id, address)
            return True
        else:
            visit.share.security.tell(Event.UNDER_ATTACK if under_attack else Event.LINK_GUESSED, address, "link")
            await asyncio.to_thread(visit.share.visits.count_wrong_password, link.id)
            await self.page(visit, 403, texts["wrong_password"])
        return False

    def count_bot(self, visit: LinkVisit) -> None:
        """Count a chat app's machine that draws a preview."""
        agent = visit.request.header(b"user-agent")
        if visit.request.method == "GET" and is_bot(agent) and OWN_CHECK not in agent:
            self._counts.count(visit.share.visits.count_bot, visit.link.id)


def _slot(visit: LinkVisit) -> str:
    """Return what shows that this network was given the page, and when: under attack it goes before all others."""
    where = hashed(network(visit.request.address))[:_NETWORK_CHARS]
    return visit.share.keys.sign("slot", [visit.link.id, where, int(time() * 1_000)])


def _shown_at(visit: LinkVisit, slot: str) -> float | None:
    """Return when the page was given to this network (seconds since 1970); None where it was not."""
    where = hashed(network(visit.request.address))[:_NETWORK_CHARS]
    match visit.share.keys.read("slot", slot, SLOT_S):
        case [visit.link.id, found, int() as at] if found == where:
            return at / 1_000
    return None


def unlocked_cookie(share: Share, owner: str, link_id: str) -> str:
    """Return the cookie of somebody who is inside a link now, for its owner's proof that taking back ends that too.

    Raises `LinkGone`.
    """
    link = share.visits.find(share.links.get(owner, link_id).path.rpartition("/")[2])
    if link is None:
        raise LinkGone
    return f"{VISIT_COOKIE}={share.keys.sign('visit', [link.id, link.version])}"
