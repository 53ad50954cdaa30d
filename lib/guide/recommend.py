"""What matters to a sender, held against the facts: a ranking that gives its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from lib.facts import Fact, provider_facts, provider_names
from lib.guide import content
from lib.guide.content import Need

MEGABYTES_PER_GIGABYTE: Final = 1_000
APPLE: Final = frozenset({"iOS", "iPadOS", "macOS"})


class Met(IntEnum):
    """How well a need is met, in points."""

    NO = 0
    PARTLY = 1  # with a condition, or by a fact that is third-hand or not confirmed
    YES = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """One need at one provider, with the fact that decides it (None: nothing is known)."""

    need: str
    met: Met
    text: str
    fact: Fact | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A provider with its points and every reason for and against it."""

    provider: str
    points: int
    most: int
    reasons: tuple[Reason, ...]
    warning: Fact | None = None  # what surprises people there: it keeps the provider from full points

    @property
    def for_(self) -> tuple[Reason, ...]:
        """What speaks for it."""
        return tuple(reason for reason in self.reasons if reason.met is not Met.NO)

    @property
    def against(self) -> tuple[Reason, ...]:
        """What speaks against it."""
        return tuple(reason for reason in self.reasons if reason.met is Met.NO)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the sender ticked. `photos` and `megabytes` count together; 0 means that space does not matter."""

    needs: tuple[str, ...] = ()
    photos: int = 0
    megabytes: float = 0.0
    devices: str = ""  # "apple", "mixed", or "" where it does not matter

    @property
    def empty(self) -> bool:
        """Whether nothing was asked for."""
        return not self.needs and not (self.photos and self.megabytes) and not self.devices


def _with_confidence(met: Met, text: str, one: Fact) -> tuple[Met, str]:
    """A yes that no source, or only a third-hand one, stands behind is half a yes; and every such fact says so."""
    if one.sure:
        return met, text
    return min(met, Met.PARTLY), f"{text} {one.confidence.text.capitalize()}."


def _judge(need: Need, known: Mapping[str, Fact]) -> Reason:
    one = known.get(need.field)
    if one is None or not one.known:
        return Reason(need.id, Met.NO, f"{need.label}: not known.", None)
    if one.value in need.good:
        met, text = Met.YES, need.for_
        spoiler = known.get(need.spoiled_by or "")
        if spoiler and spoiler.value == "yes":
            met, text = Met.PARTLY, need.spoiled_text
    elif one.value in need.partly:
        how = known.get("words_that_work")
        text = need.partly_text.replace("{value}", one.text)
        met, text = Met.PARTLY, text.replace("{words_that_work}", how.text if how else "see its menu")
    else:
        met, text = Met.NO, need.against
    return Reason(need.id, *_with_confidence(met, text, one), one)


def photos_that_fit(known: Mapping[str, Fact], megabytes: float) -> float | None:
    """How many photos of that size the free space holds; None where it is not known or not limited by size."""
    counted = known.get("free_photos")
    if counted and counted.number is not None:
        return counted.number
    space = known.get("free_storage")
    if space is None or space.number is None or megabytes <= 0:
        return None
    return space.number * MEGABYTES_PER_GIGABYTE // megabytes


def _judge_space(wanted: Wanted, known: Mapping[str, Fact]) -> Reason:
    one = known.get("free_photos") or known.get("free_storage")
    fit = photos_that_fit(known, wanted.megabytes)
    if one is None or fit is None:
        return Reason("space", Met.NO, "We do not know how much fits for free.", None)
    size = f"{wanted.megabytes:g} MB"
    if fit >= wanted.photos:
        met, text = Met.YES, f"Free space for {fit:,.0f} photos of {size}; you need {wanted.photos:,}."
    else:
        met, text = Met.NO, f"Free space for {fit:,.0f} photos of {size} only; you need {wanted.photos:,}."
    return Reason("space", *_with_confidence(met, text, one), one)


def _judge_devices(wanted: Wanted, known: Mapping[str, Fact]) -> Reason:
    one = known.get("platforms")
    if one is None or not one.known:
        return Reason("devices", Met.NO, "We do not know where it works.", None)
    here = frozenset(one.items)
    if wanted.devices == "apple":
        fits, text = bool(here & APPLE), "Works on Apple devices." if here & APPLE else "Not made for Apple devices."
    else:
        fits = "Android" in here and bool(here & APPLE)
        text = "Works on iPhone and on Android." if fits else "Not for iPhone and Android alike."
    return Reason("devices", *_with_confidence(Met.YES if fits else Met.NO, text, one), one)


def met(provider: str, need: str) -> Met:
    """Say how well a provider meets one need. Raises `KeyError` for a need that is not in needs.toml."""
    return _judge({one.id: one for one in content.needs()}[need], provider_facts(provider)).met


def is_advised_against(provider: str) -> bool:
    """Whether we would not put a photo of ours there."""
    one = provider_facts(provider).get("avoid")
    return one is not None and one.value == "yes"


def recommend(wanted: Wanted) -> list[Recommendation]:
    """Rank every provider, best first. Two points for a need that is met, one for a need met with a condition.

    A provider with a warning never gets every point, one that we advise against none at all. Where points are equal,
    the one without a warning comes first, then fewer reasons against, then the order of the table.
    """
    ticked = [need for need in content.needs() if need.id in wanted.needs]
    ranking: list[Recommendation] = []
    for provider in provider_names():
        known = provider_facts(provider)
        reasons = [_judge(need, known) for need in ticked]
        if wanted.photos and wanted.megabytes:
            reasons.append(_judge_space(wanted, known))
        if wanted.devices:
            reasons.append(_judge_devices(wanted, known))
        most, warning = Met.YES * len(reasons), known.get("warning")
        points = min(sum(reason.met for reason in reasons), most - 1 if warning else most)
        if is_advised_against(provider):
            points = 0
        ranking.append(Recommendation(provider, max(points, 0), most, tuple(reasons), warning))
    return sorted(ranking, key=lambda one: (-one.points, one.warning is not None, len(one.against)))
