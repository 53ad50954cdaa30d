"""Fonts with what is used of them: the icons that a page can show, and the letters that most pages need."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont

from lib.front.streamlit_files import icons_in
from lib.settings import ROOT

# Latin with its marks, and all signs. A browser loads the whole font as soon as it meets Greek, Cyrillic and others.
LATIN: Final = ((0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2DF), (0x2000, 0x27FF))

_OURS: Final = ("*.py", "*.toml", "*.csv", "*.js", "*.html", "*.css", "*.jinja")


def icons_of_the_app() -> frozenset[str]:
    """Return every icon that this project's own pages, words and tables name."""
    files = (path for folder in ("lib", "pages") for kind in _OURS for path in (ROOT / folder).rglob(kind))
    return icons_in(b"".join(path.read_bytes() for path in files))


def known_icons(font: TTFont) -> dict[str, str]:
    """Return name → glyph for every icon of an icon font: a name is a ligature of its letters."""
    letters: Mapping[str, str] = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    return {
        "".join(letters[glyph] for glyph in parts): icon
        for parts, icon in _ligatures(font)
        if all(glyph in letters for glyph in parts)
    }


def _ligatures(font: TTFont) -> Iterator[tuple[tuple[str, ...], str]]:
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, found in getattr(getattr(table, "ExtSubTable", table), "ligatures", {}).items():
                for each in found:
                    yield (first, *each.Component), each.LigGlyph


def with_icons(font: bytes, names: frozenset[str]) -> bytes:
    """Return an icon font (WOFF2) that knows these icons only. Unknown names are ignored."""
    known = known_icons(TTFont(io.BytesIO(font)))
    wanted = [name for name in sorted(names) if name in known]
    # Without the closure over ligatures: all names are made of the same few letters, and it would keep every icon.
    return _subset(font, {"layout_closure": False}, text="".join(wanted), glyphs=[known[name] for name in wanted])


def with_latin(font: bytes) -> bytes:
    """Return a text font (WOFF2) with the letters of `LATIN` only."""
    return _subset(font, {}, unicodes=[code for first, last in LATIN for code in range(first, last + 1)])


def ranges(font: bytes) -> tuple[str, str]:
    """Return which characters the cut font is for, and for which of the others the whole one has letters, as in CSS."""
    beyond = sorted(
        code for code in TTFont(io.BytesIO(font)).getBestCmap() if not any(low <= code <= high for low, high in LATIN)
    )
    runs: list[tuple[int, int]] = []
    for code in beyond:
        if runs and code == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    return _as_css(LATIN), _as_css(runs)


def _as_css(runs: Iterable[tuple[int, int]]) -> str:
    return ",".join(f"U+{low:X}-{high:X}" for low, high in runs)


def _subset(font: bytes, options: dict[str, Any], **wanted: Any) -> bytes:
    chosen = subset.Options(flavor="woff2", **options)
    loaded = subset.load_font(io.BytesIO(font), chosen)
    subsetter = subset.Subsetter(chosen)
    subsetter.populate(**wanted)
    subsetter.subset(loaded)
    out = io.BytesIO()
    subset.save_font(loaded, out, chosen)
    return out.getvalue()
