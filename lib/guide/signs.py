"""What a step names without a word to press: three dots, a share icon, an address, a form to sign in, a wait."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lib.guide.strokes import GREEN, INK, PAPER, QUIET, SAND, finger, word

HIGH: Final = 34  # units that every sign takes
_ADDRESS: Final = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|app|nz|me|io|ch|co)(?:/[\w/]+)?")
_LONGEST: Final = 30  # letters of an address that fit at 12 px
_DOTS: Final = re.compile(r"\bthree dots\b", re.IGNORECASE)
_SHARE: Final = re.compile(r"\bshare icon\b", re.IGNORECASE)
_SIGN_IN: Final = re.compile(r"\bsign in to\b", re.IGNORECASE)
_WAIT: Final = re.compile(r"^wait\b", re.IGNORECASE)
_COPY: Final = re.compile(r"\bcopy (the|it|them)\b", re.IGNORECASE)
_SEND: Final = re.compile(r"^send\b|,? and send\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sign:
    """Something on the screen that has no word: what it is called, and how it is drawn at a height."""

    name: str
    draw: Callable[[int], str]


def signs_of(text: str, *, alone: bool) -> tuple[Sign, ...]:
    """Read a step without its bold words. Beside buttons (not `alone`) only what comes before them counts."""
    found: list[Sign] = []
    address = _ADDRESS.search(text)
    if alone and address:
        shown = address[0]
        found.append(Sign(f"the address {shown}", lambda y: _field(shown[:_LONGEST], y)))
    if _DOTS.search(text):
        found.append(Sign("three dots beside a name", lambda y: _dots(y, pressed=alone)))
    if _SHARE.search(text):
        found.append(Sign("a share icon", _share))
    if alone and _SIGN_IN.search(text):
        found.append(Sign("a form to sign in", _form))
    if alone and _WAIT.search(text):
        found.append(Sign("a bar that fills", _bar))
    if alone and _COPY.search(text):
        found.append(Sign("a link to copy", _copy))
    if alone and not found and _SEND.search(text):
        found.append(Sign("a send button", _send))
    return tuple(found)


def _quiet(x: int, y: int, width: int) -> str:
    return f'<rect x="{x}" y="{y + 9}" width="{width}" height="12" rx="6" fill="{SAND}"/>'


def _field(text: str, y: int) -> str:
    box = f'<rect x="60" y="{y}" width="200" height="28" rx="14" fill="{PAPER}" stroke="{QUIET}" stroke-width="2"/>'
    return box + word(text, 160, y + 18, 12, INK, "middle")


def _dots(y: int, *, pressed: bool) -> str:
    row = "".join(f'<circle cx="{238 + 8 * n}" cy="{y + 15}" r="2.6" fill="{INK}"/>' for n in range(3))
    return _quiet(64, y, 130) + row + (finger(246, y + 30) if pressed else "")


def _share(y: int) -> str:
    box = f'<path d="M152 {y + 12}h-6v16h28v-16h-6" fill="none" stroke="{INK}" stroke-width="2.4"/>'
    arrow = f'<path d="M160 {y + 21}v-18m-6 6l6-6 6 6" fill="none" stroke="{INK}" stroke-width="2.4"/>'
    return box + arrow + finger(184, y + 26)


def _form(y: int) -> str:
    line = f'<rect x="60" y="{{}}" width="200" height="13" rx="4" fill="{PAPER}" stroke="{QUIET}" stroke-width="2"/>'
    return line.format(y) + line.format(y + 18)


def _bar(y: int) -> str:
    return _quiet(60, y, 200) + f'<rect x="60" y="{y + 9}" width="140" height="12" rx="6" fill="{GREEN}"/>'


def _copy(y: int) -> str:
    sheet = f'<rect x="{{}}" y="{{}}" width="13" height="16" rx="2" fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'
    return _quiet(64, y, 150) + sheet.format(230, y + 3) + sheet.format(235, y + 8) + finger(258, y + 26)


def _send(y: int) -> str:
    plane = f'<path d="M236 {y + 4}l24 11-24 11 4-11z" fill="{GREEN}"/>'
    return _quiet(64, y, 150) + plane + finger(264, y + 28)
