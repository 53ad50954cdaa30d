"""The comparison at a glance: three well-known services, four questions, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lib.facts import Fact, provider_called, provider_facts
from lib.guide.compare import UNKNOWN, cell
from lib.guide.recommend import photos_that_fit

SERVICES: Final = ("google_photos", "dropbox", "icloud_photos")


@dataclass(frozen=True, slots=True)
class GlanceCell:
    """One cell: what is read first, what stands below it, and the facts behind both."""

    text: str
    below: str
    facts: tuple[Fact, ...]


def services() -> list[str]:
    """Return the names of the three, as far as their files can be read."""
    return [name for name in map(provider_called, SERVICES) if name]


def _space(name: str, megabytes: float) -> GlanceCell:
    known = provider_facts(name)
    one, fit = known.get("free_storage"), photos_that_fit(known, megabytes)
    below = f"{fit:,.0f} photos of {megabytes:g} MB" if fit is not None else ""
    return GlanceCell(cell(one), below, (one,) if one else ())


def _ease(name: str) -> GlanceCell:
    known = provider_facts(name)
    taps, default = known.get("ease"), known.get("default_permission")
    ready = default is not None and default.value in {"view", "public"}
    below = "the link opens as it is" if ready else "then change one setting"
    return GlanceCell(cell(taps), below if default else "", tuple(one for one in (taps, default) if one))


def _platforms(name: str) -> GlanceCell:
    one = provider_facts(name).get("platforms")
    android = one is not None and "Android" in one.items
    return GlanceCell(cell(one), "" if one is None or android else "no app on Android", (one,) if one else ())


def _privacy(name: str) -> GlanceCell:
    known = provider_facts(name)
    place, closed = known.get("location"), known.get("e2ee")
    below = ""
    if closed and closed.known:
        below = "the provider cannot see them" if closed.value == "yes" else "the provider could see them"
    text = f"Location: {cell(place)}" if place and place.known else UNKNOWN
    return GlanceCell(text, below, tuple(one for one in (place, closed) if one))


def at_a_glance(megabytes: float) -> dict[str, list[GlanceCell]]:
    """Return question -> one answer for each of `services()`. A photo of the visitor has `megabytes`."""
    names = services()
    return {
        "Free space": [_space(name, megabytes) for name in names],
        "Ease of sharing": [_ease(name) for name in names],
        "Works on": [_platforms(name) for name in names],
        "Privacy": [_privacy(name) for name in names],
    }
