"""Streamlit's page, with what it lacks: a name and a description for each address, a first look, and our words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup

from lib.front.pages import PAGES, AppPage
from lib.front.streamlit_files import StreamlitFiles
from lib.settings import ROOT, below
from lib.text.catalogue import Catalogue, catalogue
from lib.text.later import later

_ASSETS: Final = Path(__file__).parent / "assets"
LOGO: Final = ROOT / "lib" / "ui" / "assets" / "logo.svg"
DRAWING: Final = _ASSETS / "way.svg"  # photo, link, opened
_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_ASSETS), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
)
# Each piece of Streamlit's page that is replaced or left out. Where one is not found, the rest still works.
_TITLE: Final = re.compile(r"<title>.*?</title>", re.DOTALL)
_ICON: Final = re.compile(r"<link rel=\"shortcut icon\"[^>]*>")
_AGENTS: Final = re.compile(r"<link rel=\"service-desc\"[^>]*>")
_COMMENT: Final = re.compile(r"<!--(?!\s*Copyright).*?-->", re.DOTALL)  # who wrote the page stays named
_FONT_AHEAD: Final = re.compile(r"<link\s+rel=\"preload\"[^>]*?as=\"font\"[^>]*>")
_STYLE: Final = re.compile(r"<link rel=\"stylesheet\"[^>]*href=\"\./(?P<name>static/css/index\.[^\"]+)\"[^>]*>")
_NO_SCRIPT: Final = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_INLINE: Final = re.compile(r"<script>(?P<text>.*?)</script>", re.DOTALL)
_LANG: Final = re.compile(r"<html lang=\"[^\"]*\"")
_ENGLISH: Final = catalogue("en")
# What Streamlit itself says in English only; `names.js` says it in the visitor's language. The last two have a gap.
_THEIRS: Final = (
    later("Skip to main content"), later("Navigate to home page"), later("App pages"), later("Copy to clipboard"),
    later("Close"), later("Dismiss"), later("Increment"), later("Decrement"), later("Choose an option"),
    later("Link to heading"), later("Upload"), later("file upload"), later("Fullscreen"), later("Notifications"),
    later("Help for {what}"), later("{n}MB per file"),
)  # fmt: skip
_ROOT: Final = '<div id="root"></div>'
_HEAD_END: Final = "</head>"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where our own files lie, relative to the page."""

    style: str  # holds Streamlit's own main style too, where `with_streamlit_style`
    script: str
    icon: str
    font: str  # the text font to load ahead; empty: Streamlit's own
    with_streamlit_style: bool


def main_style(page: str) -> str:
    """Return the name of the style that Streamlit's page asks for first; empty where there is none."""
    found = _STYLE.search(page)
    return found["name"] if found else ""


def inline_scripts(page: str) -> list[str]:
    """Return the scripts that stand in the page itself, for a Content-Security-Policy to name."""
    return [found["text"] for found in _INLINE.finditer(_COMMENT.sub("", page))]


def index_page(files: StreamlitFiles, page: AppPage, addresses: Addresses, say: Catalogue = _ENGLISH) -> str:
    """Return Streamlit's page with a page's name, description and first look, in one language.

    A page of Streamlit without a head or without the place that the app is drawn into is returned as it is.
    """
    text = files.page
    if _HEAD_END not in text or _ROOT not in text:
        return text
    text = _COMMENT.sub("", text)
    for piece in (_TITLE, _ICON, _AGENTS, *((_FONT_AHEAD,) if addresses.font else ())):
        text = piece.sub("", text, count=1)
    if addresses.with_streamlit_style:
        text = _STYLE.sub("", text, count=1)
    told = {
        "page": page,
        "addresses": addresses,
        "say": say,
        "english": say.language == "en",
        "theirs": {str(text): say(text) for text in _THEIRS},
        "drawing": _drawn(DRAWING),
        "logo": _drawn(LOGO),
    }
    head = _TEMPLATES.get_template("head.html.jinja").render(told)
    first = _TEMPLATES.get_template("first_look.html.jinja").render(
        told | {"drawing": _drawn(DRAWING), "logo": _drawn(LOGO)}
    )
    text = _LANG.sub(f'<html lang="{say.language}"', text, count=1)
    text = _NO_SCRIPT.sub("", text, count=1)
    # The style and the font go first: a browser asks for things in the order in which they stand here.
    text = text.replace('<meta charset="UTF-8" />', f'<meta charset="UTF-8" />\n{head}', 1)
    ahead = "".join(
        f'<link rel="modulepreload" crossorigin href="./{name}">\n' for name in files.scripts_of(page.parts)
    )
    first_parts = set(files.scripts_of(page.parts))
    later = " ".join(f"./{name}" for name in files.scripts_of(page.next_parts) if name not in first_parts)
    if later:
        ahead += f'<meta name="front-next" content="{later}">\n'
    text = text.replace(_HEAD_END, f"{ahead}{_HEAD_END}", 1)  # after everything that the app itself begins with
    text = text.replace(_ROOT, f"{first}\n{_ROOT}", 1)
    return re.sub(r"\n\s*\n+", "\n", text).lstrip()


def page_not_found(say: Catalogue = _ENGLISH) -> str:
    """Return the page for an address that this app does not have."""
    return _TEMPLATES.get_template("not_found.html.jinja").render(
        logo=_drawn(LOGO), pages=[page for page in PAGES if page.in_menu], say=say, below=below()
    )


def _drawn(path: Path) -> Markup:
    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704 - a drawing of our own
