"""The pages that a recipient meets, as HTML text. Everything a sender wrote is escaped; no page needs its script."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from lib.albums.answers import MAX_AMOUNT, MAX_ANSWER_WORDS, OwnAnswer
from lib.albums.link_rows import OpenLink, PhotoRow
from lib.albums.reports import REASONS, URGENT
from lib.albums.wishes import MAX_NAME
from lib.recipients.translations import Translation
from lib.services.base import LinkQuestion, Preview
from lib.settings import ROOT, below

VISIT_S: Final = 20 * 60  # one view: everything that one visit loads and reloads in this time
ZIP_LIMIT: Final = 4_000_000_000  # bytes; a larger zip needs a format that old phones cannot open
_STAGE: Final = ("close", "play", "pause", "save", "keep", "again")  # the texts that the script needs
_AT_ONCE: Final = 6  # photos that a phone shows first; the others load when they come near
_HERE: Final = Path(__file__).parent / "templates"

_environment: Final = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    auto_reload=False,
)  # fmt: skip
_environment.globals["below"] = below
_album: Final = _environment.get_template("album.html")
_large: Final = _environment.get_template("large.html")
_gate: Final = _environment.get_template("gate.html")
_note: Final = _environment.get_template("note.html")
_report: Final = _environment.get_template("report.html")

CSS: Final = (_HERE / "page.css").read_bytes()
CSS_GZIP: Final = gzip.compress(CSS, 9, mtime=0)
SHEET: Final = f"/s/_/page.{hashlib.sha256(CSS).hexdigest()[:12]}.css"
SCRIPT_CODE: Final = (Path(__file__).parent / "gallery" / "gallery.js").read_bytes()
SCRIPT_GZIP: Final = gzip.compress(SCRIPT_CODE, 9, mtime=0)
SCRIPT: Final = f"/s/_/gallery.{hashlib.sha256(SCRIPT_CODE).hexdigest()[:12]}.js"
ICON_PATH: Final = "/s/_/icon.svg"
ICON: Final = (ROOT / "lib" / "ui" / "assets" / "icon.svg").read_bytes()


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What the form with the sender's question needs. `key` is the signed secret that makes two sendings one answer."""

    question: LinkQuestion
    key: str
    before: OwnAnswer | None


def album_page(
    base: str, link: OpenLink, photos: Sequence[PhotoRow], texts: Translation, *, origin: str, own: bool,
    hint: str = "", ask: AnswerForm | None = None,
) -> str:  # fmt: skip
    """Return the share page: title, words, photos. `hint` says how to save inside a chat app's browser."""
    preview = link.shown_preview
    total, videos = len(photos), sum(photo.is_video for photo in photos)
    title = link.title or texts["untitled_video" if total == videos == 1 else "untitled"]
    contents = texts.contents(total, videos)
    facts = (contents, texts.size(link.size_bytes),
             texts.say("works_until", when=texts.until(link.expires_at, time())))  # fmt: skip
    zipped = link.allow_download and total > 1 and link.size_bytes < ZIP_LIMIT
    return _album.render(
        lang=texts.language, dir=texts.direction, w=texts.text, sheet=SHEET, script=SCRIPT, title=title,
        note=link.words, facts=" · ".join(facts), hint=hint if link.allow_download else "",
        stage=_STAGE, ask=ask, max_words=MAX_ANSWER_WORDS, max_name=MAX_NAME, answer=f"{base}/answer",
        save_one=_saved(base, photos[0]) if link.allow_download and total == 1 else None,
        grid=_grid(base, link, photos, texts, ask), total=total, pictures=total - videos, own=own,
        report=f"{base}/report",
        save_all=f"{base}/photos.zip" if zipped else None,
        save_all_label=texts.say("save_all", size=texts.size(link.size_bytes)),
        sees=texts["sender_sees_limited" if link.max_views is not None else "sender_sees"],
        og_title=title if preview is not Preview.NONE else texts["preview_title"],
        og_about=contents if preview is not Preview.NONE else texts["preview_about"],
        og_image=f"{origin}{base}/preview.jpg" if preview is not Preview.NONE else None,
    )  # fmt: skip


def _grid(
    base: str, link: OpenLink, photos: Sequence[PhotoRow], texts: Translation, ask: AnswerForm | None = None
) -> Markup:
    """Return the cards of all photos. Built by hand, once a photo, for speed: only numbers, our own path, our texts."""
    total = len(photos)
    alt = str(escape(texts["photo_alt"])).replace("{total}", str(total))
    opening = str(escape(texts["open_large"]))
    cards = []
    for p in photos:
        n = p.place
        below = f"{_item(p)}{_choice(p, texts, ask)}" if ask or p.label or p.price or p.caption else ""
        if p.is_video:
            cards.append(_video(base, p, total, texts, below, save=link.allow_download))
            continue
        source = f"{base}/p/{p.number}-small.jpg" if total > 1 else f"{base}/p/{p.number}.{p.ending}"
        lazy = ' loading="lazy"' if n > _AT_ONCE else ""
        number = f'<span class="no" aria-hidden="true">{n}</span>' if total > 1 else ""
        named = f" · {escape(p.label)}" if p.label else ""
        saved = f' data-save="{_saved(base, p)}"' if link.allow_download else ""
        cards.append(
            f'<li><a href="{base}/{p.number}#p{n}" aria-label="{opening.replace("{n}", str(n))}" data-n="{n}" '
            f'data-large="{base}/p/{p.number}.{p.ending}"{saved}>'
            f'<img src="{source}" alt="{alt.replace("{n}", str(n))}{named}" width="{p.width}" '
            f'height="{p.height}"{lazy} decoding="async">{number}</a>{below}</li>'
        )
    return Markup("\n".join(cards))  # noqa: S704 - see above; a test plants markup in everything a sender writes


def _item(p: PhotoRow) -> str:
    """Return the lines below a photo: its name, its price, and what its sender wrote about it."""
    if not (p.label or p.price or p.caption):
        return ""
    parts = (("b", p.label), ("span", p.price), ("p", p.caption))
    return (
        f'<div class="item">{"".join(f"<{tag} dir=auto>{escape(text)}</{tag}>" for tag, text in parts if text)}</div>'
    )


def _choice(p: PhotoRow, texts: Translation, ask: AnswerForm | None) -> str:
    """Return the heart, the choice or the number of one photo, with what this browser chose before."""
    if ask is None:
        return ""
    many = ask.before.chosen.get(p.number, 0) if ask.before else 0
    label = escape(texts.say(f"choose_{ask.question}", n=p.place))
    if ask.question is LinkQuestion.MANY:
        value = f' value="{many}"' if many else ""
        return (
            f'<input class="amount" type="number" name="p{p.number}" min="0" max="{MAX_AMOUNT}" inputmode="numeric" '
            f'placeholder="0" aria-label="{label}"{value}>'
        )
    kind = (
        f'checkbox" name="p{p.number}" value="1'
        if ask.question is LinkQuestion.LIKE
        else f'radio" name="one" value="{p.number}'
    )
    return f'<input class="pick" type="{kind}" aria-label="{label}"{" checked" if many else ""}>'


def _saved(base: str, photo: PhotoRow) -> str:
    return f"{base}/save/{photo.number}.{photo.ending}"


def _video(base: str, video: PhotoRow, total: int, texts: Translation, below: str, *, save: bool) -> str:
    """Return the card of a video: it plays where it stands, and loads nothing but its poster before."""
    n, place = video.number, video.place
    label, opening = escape(texts.say("video_alt", n=place, total=total)), escape(texts.say("open_video", n=place))
    kept_back = "" if save else ' controlslist="nodownload"'
    name = f"{n}.{video.ending}"
    saving = f' <a href="{base}/save/{name}" download>{escape(texts["save_video"])}</a>' if save else ""
    return (
        f'<li class="video"><video controls{kept_back} playsinline preload="none" poster="{base}/p/{n}-small.jpg" '
        f'src="{base}/p/{name}" width="{video.width}" height="{video.height}" aria-label="{label}"></video>'
        f'<a href="{base}/{n}#p{n}">{opening}</a>{saving}{below}</li>'
    )


def large_page(base: str, link: OpenLink, photos: Sequence[PhotoRow], asked: PhotoRow, texts: Translation) -> str:
    """Return the page of large photos, beginning at one of them. A swipe goes to the next without a page load."""
    total = len(photos)
    slides = [
        {
            "n": n, "alt": texts.say("video_alt" if one.is_video else "photo_alt", n=n, total=total),
            "item": Markup(_item(one)),  # noqa: S704 - escaped there
            "src": f"{base}/p/{one.number}.{one.ending}", "width": one.width, "height": one.height,
            "poster": f"{base}/p/{one.number}-small.jpg" if one.is_video else None,
            "save": _saved(base, one) if link.allow_download else None,
            "save_label": texts["save_video" if one.is_video else "save_one"],
        }
        for n, one in enumerate(photos, 1)
    ]  # fmt: skip
    return _large.render(
        lang=texts.language, dir=texts.direction, w=texts.text, sheet=SHEET, base=base, n=asked.place, total=total,
        title=slides[asked.place - 1]["alt"], slides=slides,
    )  # fmt: skip


def gate_page(
    base: str, link: OpenLink, texts: Translation, problem: str = "", hint: str = "", *, slot: str = ""
) -> str:
    """Return the neutral page before a protected or limited album: nothing of the album is on it.

    `hint` says what to know before a password is typed inside a chat app's browser; `slot` goes along with it.
    """
    left = link.max_views - link.views if link.max_views is not None else None
    button = texts["gate_open" if link.password_hash is not None else "gate_button"]
    if left is not None:
        button += f"\u00a0· {texts.count('gate_left', left)}"  # where it wraps, no line begins with the dot
    return _gate.render(
        lang=texts.language, dir=texts.direction, w=texts.text, sheet=SHEET, action=f"{base}/open", problem=problem,
        button=button, hint=hint if link.password_hash is not None else "",
        password=link.password_hash is not None, limited=left is not None, last=left == 1,
        slot=slot, about=texts.say("gate_about", minutes=VISIT_S // 60), report=f"{base}/report",
        sees=texts["sender_sees_limited" if left is not None else "sender_sees"],
    )  # fmt: skip


def note_page(texts: Translation, heading: str, *lines: str, back: str | None = None) -> str:
    """Return a page of a heading and a few lines."""
    return _note.render(
        lang=texts.language, dir=texts.direction, w=texts.text, sheet=SHEET, heading=heading, lines=lines, back=back
    )


def report_page(base: str, texts: Translation, photos: Sequence[PhotoRow] = ()) -> str:
    """Return the form with which photos are reported. It names those of `photos`: none before the gate is open."""
    return _report.render(
        lang=texts.language,
        dir=texts.direction,
        w=texts.text,
        sheet=SHEET,
        base=base,
        action=f"{base}/report",
        reasons=REASONS,
        urgent=[reason for reason in REASONS if reason in URGENT],
        photos=[
            (p.number, texts.say("photo_alt", n=p.place, total=len(photos)) + (f" · {p.label}" if p.label else ""))
            for p in photos
        ],
    )
