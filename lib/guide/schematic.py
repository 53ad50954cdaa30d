"""A drawn screen for each step of a menu: the app, what to press in its own words, and where the finger goes.

Drawn from the rows of the menu words, so that a step and its picture can never say different things. No screenshot: a
screenshot is out of date with the next release, and belongs to somebody else.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from html import escape
from typing import Final

from lib.facts import Device, Step
from lib.guide.signs import HIGH, Sign, signs_of
from lib.guide.strokes import GREEN, GROUND, INK, PAPER, QUIET, SAND, WIDTH, finger, word

_ROW: Final = 34
_LETTERS: Final = 22  # that fit on a button at 13 px
_CHOOSING: Final = re.compile(r"\b(choose|select|add) ((the|your|several|some) )*(photos?|pictures?)\b", re.IGNORECASE)
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_EITHER: Final = re.compile(r"^[\s,]*or\s*$")  # between two buttons of which one is enough
_SWITCH: Final = re.compile(r"^\s+(on|off)\b")


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press, in the menu's own words. A switch says how it should stand afterwards."""

    text: str
    pressed: bool  # this is where the step ends; the others lead there
    switch: str = ""  # "on", "off", or no switch at all


@dataclass(frozen=True, slots=True)
class Screen:
    """What a drawing shows: the name at the top of the screen, and the buttons in the order of pressing."""

    name: str
    buttons: tuple[Button, ...]
    photos: bool  # photos with ticks: the step is about choosing them
    signs: tuple[Sign, ...]  # what it names without a word to press
    device: Device


def screen_of(step: Step) -> Screen:
    """Read a step as a screen. A path such as **Share > gear** is two buttons; of **A** or **B** both are the end."""
    found = list(_BOLD.finditer(step.text))
    buttons: list[Button] = []
    for at, one in enumerate(found):
        after = step.text[one.end() : found[at + 1].start() if at + 1 < len(found) else None]
        switch = _SWITCH.match(after)
        parts = [part.strip() for part in one[1].split(">") if part.strip()]
        ends = at == len(found) - 1 or bool(_EITHER.match(after) and len(parts) == 1)
        buttons += [Button(part, pressed=False) for part in parts[:-1]]
        buttons.append(Button(parts[-1], pressed=ends, switch=switch[1] if switch else ""))
    signs = signs_of(_BOLD.sub("", step.text), alone=not buttons)
    return Screen(step.provider, tuple(buttons), bool(_CHOOSING.search(step.text)), signs, step.device)


def alt_of(step: Step) -> str:
    """Say what the drawing shows, for who cannot see it."""
    shown = screen_of(step)
    where = f"A drawn screen of {shown.name}"
    pressed = ", ".join(f"{button.text} {button.switch}".strip() for button in shown.buttons)
    things = [*(sign.name for sign in shown.signs), *([pressed] if pressed else [])]
    things += ["photos to choose"] if shown.photos else []
    return f"{where} with {' and '.join(things)}" if things else where


def draw(step: Step) -> str:
    """Return the step as an SVG. Every word in it is escaped."""
    shown = screen_of(step)
    body: list[str] = []
    y = 66
    if shown.photos:
        body.append(_photos(y))
        y += 58
    for sign in shown.signs:
        body.append(sign.draw(y))
        y += HIGH + 8
    if not (shown.buttons or shown.photos or shown.signs):
        body += [_quiet(y), _quiet(y + _ROW, 120)]
        y += 2 * _ROW
    for number, button in enumerate(shown.buttons):
        drawn, y = _button(button, y)
        body.append(drawn)
        if number < len(shown.buttons) - 1 and not button.pressed:
            body.append(f'<path d="M160 {y - 4}v10m-5 -5l5 6 5-6" fill="none" stroke="{INK}" stroke-width="2"/>')
            y += 10
    if not step.confirmed:
        body.append(word("may look different", WIDTH / 2, y + 12, 11, INK, "middle"))
        y += 20
    height = y + 18
    frame = _window(shown, height) if shown.device is Device.WEB else _phone(shown, height)
    label = escape(alt_of(step), quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{2 * WIDTH}" '
        f'height="{2 * height}" role="img" aria-label="{label}" font-family="system-ui, sans-serif">'
        f'<rect width="{WIDTH}" height="{height}" rx="16" fill="{GROUND}"/>{frame}{"".join(body)}</svg>'
    )


def _phone(shown: Screen, height: int) -> str:
    return (
        f'<rect x="40" y="10" width="240" height="{height}" rx="20" fill="{INK}"/>'
        f'<rect x="46" y="16" width="228" height="{height}" rx="15" fill="{PAPER}"/>'
        f'<rect x="140" y="21" width="40" height="5" rx="2.5" fill="{SAND}"/>'
        + word(shown.name, WIDTH / 2, 48, 14, INK, "middle", bold=True)
        + f'<path d="M46 56h228" stroke="{SAND}" stroke-width="2"/>'
    )


def _window(shown: Screen, height: int) -> str:
    dots = "".join(f'<circle cx="{40 + 12 * n}" cy="28" r="4" fill="{PAPER}"/>' for n in range(3))
    return (
        f'<rect x="20" y="14" width="280" height="{height}" rx="10" fill="{INK}"/>'
        f'<rect x="24" y="40" width="272" height="{height}" fill="{PAPER}"/>{dots}'
        f'<rect x="84" y="20" width="200" height="16" rx="8" fill="{PAPER}"/>'
        + word(shown.name, 92, 32, 11, INK)
        + f'<path d="M24 56h272" stroke="{SAND}" stroke-width="2"/>'
    )


def _photos(y: int) -> str:
    tiles = []
    for number in range(4):
        x = 64 + 50 * number
        tiles.append(f'<rect x="{x}" y="{y}" width="44" height="44" rx="5" fill="{SAND}"/>')
        tiles.append(f'<path d="M{x + 4} {y + 38}l12-16 9 10 7-7 8 13z" fill="{PAPER}"/>')
        if number < 3:  # noqa: PLR2004 - three of four are taken
            tiles.append(f'<circle cx="{x + 35}" cy="{y + 9}" r="7" fill="{GREEN}"/>')
            tiles.append(f'<path d="M{x + 31} {y + 9}l3 3 5-6" fill="none" stroke="{PAPER}" stroke-width="2"/>')
    return "".join(tiles)


def _quiet(y: int, width: int = 160) -> str:
    return f'<rect x="64" y="{y + 6}" width="{width}" height="12" rx="6" fill="{SAND}"/>'


def _button(button: Button, y: int) -> tuple[str, int]:
    """Return a button and where the next thing may begin. The one to press has the finger on it."""
    lines = textwrap.wrap(button.text, _LETTERS) or [button.text]
    height = _ROW - 4 + 16 * (len(lines) - 1)
    fill, ink = (GREEN, PAPER) if button.pressed and not button.switch else (SAND, INK)
    drawn = f'<rect x="60" y="{y}" width="200" height="{height}" rx="15" fill="{fill}"/>'
    middle = WIDTH / 2 - (18 if button.switch else 0)
    for number, line in enumerate(lines):
        drawn += word(line, middle, y + 20 + 16 * number, 13, ink, "middle", bold=button.pressed)
    centre = y + height / 2
    if button.switch:
        on = button.switch == "on"
        drawn += f'<rect x="222" y="{centre - 8:g}" width="30" height="16" rx="8" fill="{GREEN if on else QUIET}"/>'
        drawn += f'<circle cx="{244 if on else 230}" cy="{centre:g}" r="6" fill="{PAPER}"/>'
    elif button.pressed:
        drawn += finger(262, y + height - 3)
    return drawn, y + height + 8
