"""What a real browser showed, where asking ended in "could not tell": the verdict that follows from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lib.links.browser import Look, Next, can_look, look
from lib.links.check import Checked, Evidence, check_link, other_service
from lib.links.evidence import Answer
from lib.links.fetch import GONE, Fetcher
from lib.links.known import provider
from lib.links.walls import MetWall, met, not_a_photo, wall_of
from lib.settings import settings

_UNSEEN: Final = frozenset({"UNRECOGNISED_PAGE", "CHECKER_BLOCKED"})
# Walls of pages that were not drawn yet, and those that a page with photos on it may name in passing.
_SHOWS_NOTHING: Final = frozenset({"script", "empty"})
_BESIDE_PHOTOS: Final = frozenset({"cookies", "app", "preview", "scanner"})
# What may be over after some seconds.
_PASSES: Final = frozenset({"script", "empty", "preview", "bot", "scanner"})
# What asking saw of the picture itself: a browser would draw half of a damaged one, too.
_OF_PICTURES: Final = frozenset({"broken", "other_picture"})
_FINE: Final = 400  # an HTTP status from here on is a fault


async def second_look(checked: Checked, fetcher: Fetcher, own_origins: frozenset[str], *, trust: str = "") -> Checked:
    """Look with a browser where that may show more and the host allows it; else return what is known.

    `trust` is for a test's own servers.
    """
    if not (settings().link_browser or trust) or not worth_a_look(checked) or not can_look():
        return checked
    seen = await look(checked.place.url, fetcher, _next, trust=trust)
    return checked if seen is None else await _judged(checked, seen, fetcher, own_origins)


def worth_a_look(checked: Checked) -> bool:
    """Whether a real browser may see more: a page answered, and opening it once more costs its sender nothing."""
    link = checked.place
    if checked.code not in _UNSEEN or not checked.hops or not link.provider:
        return False
    if checked.wall is not None and checked.wall.id in _OF_PICTURES:
        return False
    service = provider(link.provider)
    return not service.kept_here and any(service.probes[name].in_app for name in link.probes)


async def _judged(checked: Checked, seen: Look, fetcher: Fetcher, own_origins: frozenset[str]) -> Checked:
    link, answer = checked.place, Answer(seen.page)
    opened = Evidence("A real browser opened the page as a stranger.", "structure", answer.host, answer.status)
    judged = replace(checked, evidence=(*checked.evidence, opened), screenshot=seen.screenshot, final_url=seen.page.url)
    nearer = other_service(seen.page.url, provider(link.provider), own_origins) if answer.moved else None
    if nearer is not None and nearer.may_ask:
        again = await check_link(nearer, fetcher, own_origins=own_origins, look_inside=False, in_app=False)
        led = Evidence(f"There it leads to a link of {nearer.label}.", "redirect", nearer.host)
        evidence = (*judged.evidence, led, *again.evidence)
        return replace(again, link=checked.link, led_to=nearer, evidence=evidence, screenshot=seen.screenshot)
    if seen.pressed:
        answered = Evidence("A question about cookies came first, and was answered.", "structure", answer.host)
        judged = replace(judged, evidence=(*judged.evidence, answered))
    photos = _photos(seen)
    wall = _wall(answer, photos)
    if not photos and wall is None and answer.status < _FINE and (_lost(seen) or _known_lost(checked)):
        wall = met("pictures_gone", "structure")
    if wall is not None:
        said = Evidence(wall.wall.seen, wall.basis, answer.host, answer.status)
        evidence = (*judged.evidence, said)
        return replace(judged, code=wall.wall.code, confidence="likely", wall=wall.wall, evidence=evidence)
    if not photos or answer.status >= _FINE:
        return judged
    many = len(photos) > 1
    shown = Evidence(
        f"It showed {len(photos)} pictures of the size of photos."
        if many
        else "It showed a picture of the size of a photo.",
        "structure",
        answer.host,
    )
    code = "OPEN_AFTER_CLICK" if seen.pressed else "OPEN_ALBUM" if many else "OPEN_PHOTO"
    return replace(judged, code=code, confidence="likely", wall=None, evidence=(*judged.evidence, shown))


def _next(seen: Look) -> Next:
    """Say whether there is something to see, or what to do about what is in the way."""
    if _photos(seen):
        return Next.DONE
    found = wall_of(Answer(seen.page))
    if found is None:
        return Next.DONE
    return Next.PRESS if found.wall.id == "cookies" else Next.WAIT if found.wall.id in _PASSES else Next.DONE


def _photos(seen: Look) -> list[str]:
    return [address for address in seen.pictures if not not_a_photo(address)]


def _lost(seen: Look) -> bool:
    """Whether a picture that could be the photo is not there."""
    return any(not not_a_photo(address) for address in seen.gone)


def _known_lost(checked: Checked) -> bool:
    """Whether asking was told that the picture which the page names is not there."""
    missing = checked.wall is not None and checked.wall.id == "pictures_missing"
    return missing and checked.evidence[-1].status in GONE


def _wall(answer: Answer, photos: list[str]) -> MetWall | None:
    found = wall_of(answer)
    if found is None or found.wall.id in _SHOWS_NOTHING or (photos and found.wall.id in _BESIDE_PHOTOS):
        return None
    return found
