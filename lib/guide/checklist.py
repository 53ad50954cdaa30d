"""The privacy checklist: a score that explains itself, and the list to take away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import field as slot
from typing import Final

from jinja2 import Environment, StrictUndefined

from lib.facts import Device, Fact, fields, menu_steps, provider_facts
from lib.guide import content
from lib.guide.content import ChecklistItem, ReadOn
from lib.guide.template import filled
from lib.text import amounts
from lib.text.later import later, later_counted

PARTS: Final = {
    "before": later("Before you share"),
    "while": later("While you share"),
    "after": later("After you shared"),
}


@dataclass(frozen=True, slots=True)
class Score:
    """What is ticked, weighed. `text` says how the number came about and what would raise it most."""

    percent: int
    done: int
    items: int
    text: str


def is_done(item: ChecklistItem, ticked: Collection[str], evidence: Mapping[str, str]) -> bool:
    """Whether the person ticked it, or the app saw it."""
    return item.id in ticked or bool(item.evidence and evidence.get(item.evidence))


def score(ticked: Collection[str], evidence: Mapping[str, str]) -> Score:
    """Weigh what is done: an item counts once, twice or three times, as its weight says."""
    items = content.checklist()
    done = [item for item in items if is_done(item, ticked, evidence)]
    have, whole = sum(item.weight for item in done), sum(item.weight for item in items)
    open_ = sorted((item for item in items if item not in done), key=lambda item: -item.weight)
    counts = {"done": len(done), "have": have, "whole": whole}
    if open_:
        told = later_counted(
            "{done} of {n} is done, worth {have} of {whole} points (what protects most counts more); next, “{title}” "
            "would help most.",
            "{done} of {n} are done, worth {have} of {whole} points (what protects most counts more); next, “{title}” "
            "would help most.",
            len(items),
            **counts,
            title=later(open_[0].title),
        )
    else:
        told = later_counted(
            "{done} of {n} is done, worth {have} of {whole} points (what protects most counts more); nothing is left "
            "to do.",
            "{done} of {n} are done, worth {have} of {whole} points (what protects most counts more); nothing is left "
            "to do.",
            len(items),
            **counts,
        )
    return Score(round(100 * have / whole), len(done), len(items), told)


def how_at(item: ChecklistItem, provider: str, device: Device) -> list[str]:
    """Return how an item is done at one provider: what its facts say, then its menu words. Markdown, maybe empty."""
    lines: list[str] = []
    if item.how_field:
        one = provider_facts(provider).get(item.how_field)
        lines.append(_told(provider, item.how_field, one))
    if item.how_task:
        steps = menu_steps(provider, device, item.how_task)
        lines += [f"{step.number}. {step.text}" for step in steps]
        unsure = [str(step.number) for step in steps if not step.confirmed]
        if not steps:
            lines.append(f"We do not know the menu words of {provider} on this device.")
        elif unsure:
            lines.append(f"We found no source for step {' and '.join(unsure)}: look for something close to it.")
    return lines


def _told(provider: str, key: str, one: Fact | None) -> str:
    """Return what a fact says as a sentence; what nobody knows, and what has no source, says so in one of its own."""
    if one is None or not one.known:
        labels = {field.key: field.label for field in fields("storage")}
        return f"{provider}: we found nothing about this ({labels[key].lower()})."
    sure = "" if one.confirmed else " We found no source for this, so look for yourself."
    return f"{provider}, {one.field.label.lower()}: **{one.text}**. {one.note}".strip() + sure


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list to take away."""

    title: str
    done: bool
    why: str
    how: str
    there: tuple[str, ...]  # how it is done at the chosen provider, Markdown
    evidence: str
    read: tuple[ReadOn, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the visitor ticked, what the app saw, and where the photos are."""

    ticked: Collection[str] = ()
    evidence: Mapping[str, str] = slot(default_factory=dict)
    provider: str = "This server"
    device: Device = Device.IPHONE


def lines(chosen: Chosen) -> dict[str, list[Line]]:
    """Return the list by part, in its order."""
    parts: dict[str, list[Line]] = {title: [] for title in PARTS.values()}
    for item in content.checklist():
        seen = chosen.evidence.get(item.evidence or "", "")
        done = is_done(item, chosen.ticked, chosen.evidence)
        there = tuple(how_at(item, chosen.provider, chosen.device))
        parts[PARTS[item.when]].append(
            Line(item.title, done, filled(item.why), filled(item.how), there, seen, item.read)
        )
    return parts


def as_markdown(chosen: Chosen, today: dt.date) -> str:
    """Return the list as Markdown with its ticks."""
    told = score(chosen.ticked, chosen.evidence)
    out = ["# Privacy checklist", "", f"{amounts.day(today)} · {told.percent} %", "", told.text, ""]
    for title, part in lines(chosen).items():
        out += [f"## {title}", ""]
        for line in part:
            out.append(f"- [{'x' if line.done else ' '}] **{line.title}**. {line.why} {line.how}")
            out += [f"  - {there}" for there in line.there]
            out += [f"  - Read on: {one.by}, <{one.address}>" for one in line.read]
            if line.evidence:
                out.append(f"  - Seen by this app: {line.evidence}")
        out.append("")
    return "\n".join(out)


_PAGE: Final = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
).from_string(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Privacy checklist</title>
<style>
body{font:16px/1.45 system-ui,sans-serif;color:#1d2b2a;background:#fff;max-width:44rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.15rem;color:#0b7a66;margin:1.4rem 0 .4rem}
ul{list-style:none;padding:0;margin:0}li{display:flex;gap:.7rem;padding:.45rem 0;break-inside:avoid}
.box{flex:none;width:1.1rem;height:1.1rem;border:2px solid #0b7a66;border-radius:.25rem;margin-top:.15rem;
line-height:1rem;text-align:center;font-weight:700}
p{margin:0}.seen{color:#0b7a66}.there{padding-left:1rem}
@page{margin:16mm}@media print{body{margin:0;max-width:none;font-size:11pt}.screen{display:none}}
</style>
</head>
<body>
<main>
<h1>Privacy checklist</h1>
<p>{{ day }} · {{ told.percent }} %</p>
<p>{{ told.text }}</p>
<p class="screen">To keep it as a PDF, print this page and choose “Save as PDF”.</p>
{% for title, part in parts.items() %}
<h2>{{ title }}</h2>
<ul>
{% for line in part %}
<li><span class="box" role="img" aria-label="{{ 'done' if line.done else 'open' }}">{{ '✓' if line.done }}</span>
<div><p><strong>{{ line.title }}</strong></p><p>{{ line.why }} {{ line.how | replace('**', '') }}</p>
{% for there in line.there %}<p class="there">{{ there | replace('*', '') }}</p>{% endfor %}
{% for one in line.read %}<p class="there">Read on: <a href="{{ one.address }}">{{ one.by }}</a></p>{% endfor %}
{% if line.evidence %}<p class="seen">Seen by this app: {{ line.evidence }}</p>{% endif %}</div></li>
{% endfor %}
</ul>
{% endfor %}
</main>
</body>
</html>
"""
)


def as_page(chosen: Chosen, today: dt.date) -> str:
    """Return the list as one HTML page made for printing; everything in it is escaped."""
    told = score(chosen.ticked, chosen.evidence)
    return _PAGE.render(day=amounts.day(today), told=told, parts=lines(chosen))
