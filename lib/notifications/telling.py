"""Sends what is due: a few at a time, through the guarded fetcher, and notes how it went."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from lib.albums.host import Share
from lib.albums.notifications import Carrier, Delivery, News
from lib.links.budget import SHARED
from lib.links.fetch import Fetched, Fetcher, Limits
from lib.notifications import ntfy, web_push, webhook
from lib.notifications.message import Notice, message, trial
from lib.notifications.places import PlaceRefused, Post, checked
from lib.problems import Problem
from lib.settings import Settings
from lib.text.catalogue import catalogue
from lib.text.later import later

_log = logging.getLogger("passalong")

USER_AGENT: Final = "Passalong (tells a sender about a link of their own)"
_ANSWER_BYTES: Final = 4_096  # nobody reads it
_ANSWER_S: Final = 10.0  # a place that takes longer holds up nobody else for more than that
_TOGETHER: Final = 20  # messages at a time, also where one server gets all of them
_BELIEVED_TRIES: Final = 3  # a proxy before a server that starts says 404 as well
OpenFetcher = Callable[[Settings], Fetcher]


class NotTold(Problem):
    """A try did not arrive."""

    title = later("The message did not arrive")
    fix = later("Look whether the address is right and the place still there, then try again.")


class Arrival(StrEnum):
    """How it went."""

    TOLD = "told"
    LATER = "later"
    GONE = "gone"  # the place does not exist any more


@dataclass(frozen=True, slots=True)
class Reply:
    """What the place answered."""

    outcome: Arrival
    status: int = 0  # 0: nothing answered
    wait_s: float = 0  # as long as it asks to be left alone


def open_fetcher(settings: Settings) -> Fetcher:
    """Return the fetcher that messages go through."""
    limits = Limits(per_host=_TOGETHER, burst=_TOGETHER)
    return Fetcher(frozenset(settings.notify_origins), limits=limits, user_agent=USER_AGENT)


async def tell_what_is_due(share: Share, fetcher_of: OpenFetcher = open_fetcher) -> int:
    """Tell what is due now; return how much was told."""
    await asyncio.to_thread(share.notifications.plan)
    due = await asyncio.to_thread(share.notifications.take, _TOGETHER)
    if not due:
        return 0
    async with fetcher_of(share.settings) as fetcher:
        fetcher.draw_on(SHARED)
        ended = await asyncio.gather(*(_deliver(share, fetcher, one) for one in due), return_exceptions=True)
    for one in ended:
        if isinstance(one, Exception):  # it is tried again in two minutes; the others were told
            _log.error("unforeseen %s while a sender was told something", type(one).__name__)
    return sum(one is True for one in ended)


async def _deliver(share: Share, fetcher: Fetcher, delivery: Delivery) -> bool:
    say = catalogue(delivery.details.get("language", "en"))
    told = message(delivery.event, delivery.title, say)
    answer = await _send(share, fetcher, delivery.way, delivery.details, told, delivery.tries)
    notes = share.notifications
    if answer.outcome is Arrival.TOLD:
        await asyncio.to_thread(notes.told, delivery)
    elif answer.outcome is Arrival.GONE:
        await asyncio.to_thread(notes.place_is_gone, delivery)
    else:
        await asyncio.to_thread(notes.not_told, delivery, answer.wait_s)
    return answer.outcome is Arrival.TOLD


async def try_it(
    share: Share, owner: str, link_id: str, notification_id: str, *, visitor: str,
    fetcher_of: OpenFetcher = open_fetcher,
) -> None:  # fmt: skip
    """Send a message to one of an owner's places now. Raises `NotTold`; where it is stopped already, nothing happens.

    On account of the `visitor`, so that nobody makes this server knock at a door without end.
    """
    found = share.notifications.details(owner, link_id, notification_id)
    if found is None:
        return
    way, details = found
    told = trial(share.links.get(owner, link_id).title, catalogue(details.get("language", "en")))
    async with fetcher_of(share.settings) as fetcher:
        fetcher.draw_on(SHARED, visitor)
        answer = await _send(share, fetcher, way, details, told, _BELIEVED_TRIES)
    if answer.outcome is Arrival.GONE:
        raise NotTold(
            later("There is no such place any more."), fix=later("End it here, and add the place anew.")
        )  # fmt: skip
    if answer.outcome is Arrival.LATER:
        raise NotTold(
            later("The server there answered with status {status}.", status=answer.status)
            if answer.status
            else later("No server answered there.")
        )


async def _send(
    share: Share, fetcher: Fetcher, way: Carrier, details: Mapping[str, str], told: Notice, tries: int
) -> Reply:  # fmt: skip
    request = _request(share, way, details, told)
    if request is None:
        return Reply(Arrival.GONE)
    found = await fetcher.get(
        request.url, method="POST", headers=request.headers, body=request.body, follow=False, max_bytes=_ANSWER_BYTES,
        total_s=_ANSWER_S,
    )  # fmt: skip
    return Reply(_outcome(found, way, tries), found.status, _wait_s(found))


def _request(share: Share, way: Carrier, details: Mapping[str, str], told: Notice) -> Post | None:
    """Return the request; None where what was kept of the place cannot be read any more."""
    if "to" not in details:
        return None
    if way is Carrier.PUSH:
        return web_push.post(details, told, share.keys)
    return ntfy.post(details, told) if way is Carrier.NTFY else webhook.post(details, told)


def _outcome(found: Fetched, way: Carrier, tries: int) -> Arrival:
    if found.ok:
        return Arrival.TOLD
    missing = found.status == HTTPStatus.NOT_FOUND and (way is Carrier.PUSH or tries >= _BELIEVED_TRIES)
    return Arrival.GONE if missing or found.status == HTTPStatus.GONE else Arrival.LATER


def _wait_s(found: Fetched) -> float:
    """Return how long a busy server wants to be left alone, in seconds. A date in its place is passed over."""
    asked = found.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else 0.0


def add_typed(
    share: Share, owner: str, link_id: str, events: Iterable[News], way: Carrier, typed: str, *,
    own_origins: Iterable[str], language: str, home: str,
) -> None:  # fmt: skip
    """Tell an address that somebody typed from now on: an ntfy topic, or a webhook.

    `home` is where the sender's links are listed, for a tap on the message. Raises `PlaceRefused` and what
    `Notifications.add` raises.
    """
    address = checked(typed, share.settings, own_origins)
    kept = ntfy.details(address) if way is Carrier.NTFY else webhook.details(address)
    share.notifications.add(owner, link_id, way, events, kept | _about(language, home), where=address.host)


def add_device(
    share: Share, owner: str, link_id: str, events: Iterable[News], subscription: str, *,
    own_origins: Iterable[str], language: str, home: str,
) -> None:  # fmt: skip
    """Tell a browser from now on, by what it says of its subscription. Raises as `add_typed`."""
    told = web_push.read(subscription)
    address = checked(told["endpoint"], share.settings, own_origins)
    kept = web_push.details(address, told, share.keys)
    share.notifications.add(owner, link_id, Carrier.PUSH, events, kept | _about(language, home), where=address.host)


def _about(language: str, home: str) -> dict[str, str]:
    return {"language": language} | ({"home": home} if home.startswith("https://") else {})


__all__ = ["NotTold", "PlaceRefused", "add_device", "add_typed", "tell_what_is_due", "try_it"]
