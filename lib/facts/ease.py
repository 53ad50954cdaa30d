"""Ease of sharing, counted: how many taps the way through a service's menus takes until there is a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from lib.facts.reader import Confidence, Device, Fact, Field, Step, Task

FIELD: Final = "ease"
_PHONES: Final = (Device.IPHONE, Device.ANDROID)
_SOURCE: Final = "project:lib/facts/ease.py"


def taps(steps: Iterable[Step]) -> int:
    """Count them: one for every word of a menu (two in "Settings > Sharing"), and one for a step that names none."""
    return sum(max(1, sum(len(text.split(">")) for text in step.menu)) for step in steps)


def ease(provider: str, field: Field, menus: Mapping[tuple[Device, Task], tuple[Step, ...]]) -> Fact | None:
    """Return the taps of the shortest way on a phone, or on a computer where no phone's is known; None without a way.

    It is as sure as the least sure of the steps that it counts, and as old as the oldest.
    """
    ways = {device: menus[device, Task.SHARE] for device in Device if menus.get((device, Task.SHARE))}
    if not ways:
        return None
    where = min((one for one in ways if one in _PHONES), key=lambda one: taps(ways[one]), default=Device.WEB)
    counted = ways[where]
    order = list(Confidence)
    note = ", ".join(f"{device.label} {taps(steps)}" for device, steps in ways.items())
    oldest = min(step.as_of for step in counted)
    return Fact(
        provider, field, str(taps(counted)), field.unit,
        f"Counted in the menu words of the guide, from the photo to the copied link: {note}.",
        _SOURCE, oldest.isoformat(), oldest, max((step.confidence for step in counted), key=order.index),
        _SOURCE, 0, all(step.own_page for step in counted),
    )  # fmt: skip
