"""Cards for notebooks: plain HTML with its own few styles, readable on light and dark paper."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape
from typing import Final

SIDE: Final = 180  # pixels of the longer side of a small picture
_SHOWN: Final = 40  # photos in one card; a longer list says how many more there are
_BOX: Final = (
    "display:inline-flex;vertical-align:top;gap:12px;align-items:flex-start;max-width:560px;margin:4px 8px 4px 0;"
    "padding:10px 12px;border:1px solid rgba(128,128,128,.4);border-radius:10px;font-family:system-ui,sans-serif;"
    "font-size:14px;line-height:1.4;text-align:left"
)
_COLOURS: Final = {"good": "#0b846d", "bad": "#c62828", "unsure": "#a86500"}


def card(
    title: str,
    lines: Iterable[str],
    *,
    picture: bytes | None = None,
    verdict: str = "",
    mood: str = "",
    link: str = "",
) -> str:
    """Return one card. All words are escaped; `mood` ("good", "bad", "unsure") colours the verdict."""
    image = ""
    if picture is not None:
        source = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
        image = f'<img alt="{escape(title)}" src="{source}" style="max-width:{SIDE}px;border-radius:6px;margin:0">'
    colour = f"color:{_COLOURS[mood]};" if mood in _COLOURS else ""
    told = f'<div style="{colour}font-weight:600">{escape(verdict)}</div>' if verdict else ""
    words = "".join(f"<div>{escape(line)}</div>" for line in lines)
    return (
        f'<div style="{_BOX}">{image}<div style="min-width:0;overflow-wrap:anywhere">'
        f"<div><b>{escape(title)}</b></div>{_link(link)}{told}{words}</div></div>"
    )


def _link(url: str) -> str:
    shown = escape(url)
    if not url.startswith(("https://", "http://")):  # anything else does not become a link
        return f"<div>{shown}</div>" if url else ""
    return f'<div><a href="{shown}" rel="noopener noreferrer">{shown}</a></div>'


def cards(each: Iterable[str], count: int, more: str = "") -> str:
    """Return several cards side by side, and how many are not drawn."""
    drawn = [one for _, one in zip(range(_SHOWN), each, strict=False)]
    left = count - len(drawn)
    rest = f"<div>… and {left} more. .to_frame() has all of them.</div>" if left > 0 else ""
    return f"<div>{''.join(drawn)}</div>{rest}{more}"
