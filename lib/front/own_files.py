"""The files that this front adds: the style with fonts that were cut, the script, the icon; each with a hashed name."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTLibError

from lib.front.fonts import LATIN, icons_of_the_app, ranges, with_icons, with_latin
from lib.front.index_page import DRAWING, LOGO, Addresses, main_style
from lib.front.kept import Kept, fingerprint
from lib.front.streamlit_files import StreamlitFiles
from lib.front.style import Font, with_fonts

_log = logging.getLogger("passalong")
_HERE: Final = Path(__file__).parent / "assets"
_SCRIPTS: Final = ("direct.js", "first_look.js", "next.js", "send.js", "away.js", "names.js", "lists.js")
ICON: Final = LOGO.with_name("icon.svg")
_ICON_FONT: Final = "MaterialSymbols-Rounded"
_TEXT_FONT: Final = "SourceSansVF-Upright"


@functools.cache
def address_of(picture: Path) -> str:
    """Return where one of the pictures of this front is served: a path below this server, without a slash."""
    return _address(picture.stem, picture.suffix, picture.read_bytes())


@functools.cache
def still_drawing() -> str:
    """Return where the drawing of the first page is served as it ends: it moves once, while the page opens."""
    return _address("still", ".svg", _still())


class OwnFiles(Mapping[str, bytes]):
    """Address below this server, such as `front/style.….css` → content. Made once, at the first look."""

    def __init__(self, files: StreamlitFiles, kept: Kept) -> None:
        self._files = files
        self._kept = kept

    def __getitem__(self, address: str) -> bytes:
        return self._made[0][address]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made[0])

    def __len__(self) -> int:
        return len(self._made[0])

    @property
    def addresses(self) -> Addresses:
        """Where the page finds them."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[dict[str, bytes], Addresses]:
        made: dict[str, bytes] = {}

        def add(name: str, suffix: str, content: bytes) -> str:
            address = _address(name, suffix, content)
            made[address] = content
            return address

        icons = self._files.icons() | icons_of_the_app()
        signs = self._cut(_ICON_FONT, " ".join(sorted(icons)), lambda font: with_icons(font, icons))
        letters = self._cut(_TEXT_FONT, str(LATIN), with_latin)
        sign_font = add(_ICON_FONT, ".woff2", signs) if signs else ""
        letter_font = add(_TEXT_FONT, ".woff2", letters) if letters else ""
        ours = (_HERE / "front.css").read_text(encoding="utf-8")
        theirs = main_style(self._files.page)
        known = theirs in self._files.names
        if known:
            held, rest = ranges(self._files.read(self._files.font(_TEXT_FONT))) if letters else ("", "")
            style = with_fonts(
                self._files.read(theirs).decode(),
                icons=Font(_file(self._files.font(_ICON_FONT)), _file(sign_font)),
                letters=Font(_file(self._files.font(_TEXT_FONT)), _file(letter_font), held, rest),
            )
            ours = f"{style}\n{ours}"
        add("still", ".svg", _still())
        add(LOGO.stem, LOGO.suffix, LOGO.read_bytes())
        scripts = [(_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS]
        return made, Addresses(
            style=add("style", ".css", ours.encode()),
            script=add("script", ".js", "".join(f"{{\n{text}}}\n" for text in scripts).encode()),
            icon=add(ICON.stem, ICON.suffix, ICON.read_bytes()),
            font=letter_font if known else "",
            with_streamlit_style=known,
        )

    def _cut(self, family: str, asked: str, cut: Callable[[bytes], bytes]) -> bytes:
        """Return a font reduced to the glyphs in use; empty where it is missing or cannot be reduced."""
        name = self._files.font(family)
        if not name:
            return b""
        whole = self._files.read(name)
        try:
            return self._kept.make(f"{fingerprint(whole, asked.encode())}.woff2", lambda: cut(whole))
        except (TTLibError, KeyError, ValueError, AttributeError) as error:
            _log.warning("A font of Streamlit is served whole: it could not be cut (%s).", type(error).__name__)
            return b""


def _address(name: str, suffix: str, content: bytes) -> str:
    return f"front/{name}.{fingerprint(content)[:12]}{suffix}"


def _still() -> bytes:
    return DRAWING.read_bytes().replace(b'class="way"', b'class="way still"', 1)


def _file(address: str) -> str:
    return address.rpartition("/")[2]
