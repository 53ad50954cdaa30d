"""One way as a page of its own, to print or keep as a PDF: words, pictures, menus, dates and sources."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from lib.facts import TIKTOK, Device, Step, Task, menu_steps
from lib.guide import content
from lib.guide.content import Route, RouteStep
from lib.guide.schematic import draw
from lib.guide.template import filled
from lib.text import amounts
from lib.text.escapes import strong

_PARTS: Final = {
    Task.START: "Open it and sign in",
    Task.UPLOAD: "Get the photos in",
    Task.SHARE: "Make the link",
}


@dataclass(frozen=True, slots=True)
class _Menu:
    title: str
    steps: tuple[Step, ...]


def _menus(step: RouteStep, provider: str, device: Device) -> list[_Menu]:
    if not step.menu or not step.task:
        return []
    if step.menu == "TikTok":
        return [_Menu("In TikTok", menu_steps(TIKTOK, device, step.task))]
    tasks = [*_PARTS] if step.task is Task.SHARE else [step.task]
    found = [
        _Menu(f"{provider}: {_PARTS.get(task, 'Take it back')}", menu_steps(provider, device, task)) for task in tasks
    ]
    return [menu for menu in found if menu.steps]


def _drawing(step: Step) -> Markup:
    return Markup(draw(step))  # noqa: S704 - every word in a drawing is escaped


def _picture(name: str) -> Markup:
    return Markup((content.PICTURES / f"{name}.svg").read_text(encoding="utf-8"))  # noqa: S704 - a file of ours


_PAGE: Final = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
).from_string(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ route.title }} · Passalong</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;color:#1d2b2a;background:#fff;max-width:44rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.25rem;color:#0a6c5b;margin:1.8rem 0 .4rem;break-after:avoid}
h3{font-size:1rem;margin:1rem 0 .3rem;break-after:avoid}
.picture svg{width:100%;max-width:24rem;height:auto}
ol{list-style:none;padding:0;margin:0}li{display:flex;gap:1rem;align-items:center;padding:.4rem 0;break-inside:avoid}
li>span:first-child{flex:none;width:9rem}li svg{width:100%;height:auto}
small{color:#51605e}
@page{margin:16mm}@media print{body{margin:0;max-width:none;font-size:11pt}.screen{display:none}}
@media(max-width:30rem){li{flex-direction:column;align-items:flex-start}}
</style>
</head>
<body>
<main>
<h1>{{ route.title }}</h1>
<p>{{ summary }}</p>
<p><small>Last looked at: {{ looked_at }} · printed on {{ today }} · for {{ provider }} on {{ device }}</small></p>
<p class="screen">To keep it as a PDF, print this page and choose “Save as PDF”.</p>
{% for step, words, menus in steps %}
<h2>{{ loop.index }}. {{ step.title }}</h2>
<div class="picture">{{ picture(step.picture) }}</div>
<p>{{ words }}</p>
{% for menu in menus %}
<h3>{{ menu.title }}</h3>
<ol>
{% for line in menu.steps %}
<li><span>{{ drawing(line) }}</span><span>{{ line.number }}. {{ bold(line.text) }}<br>
<small>{{ line.confidence.text }} · {{ line.when }}</small></span></li>
{% endfor %}
</ol>
{% endfor %}
{% endfor %}
</main>
</body>
</html>
"""
)


@functools.lru_cache(maxsize=64)
def as_page(route: Route, provider: str, device: Device, today: dt.date) -> str:
    """Return the way as one HTML page made for printing; it loads nothing, and everything in it is escaped."""
    steps = [(step, strong(filled(step.text).replace("> ", "")), _menus(step, provider, device)) for step in route.step]
    return _PAGE.render(
        route=route, summary=filled(route.summary), provider=provider, device=device.label, steps=steps,
        today=amounts.day(today), looked_at=amounts.day(content.looked_at("step")), picture=_picture,
        drawing=_drawing, bold=strong,
    )  # fmt: skip
