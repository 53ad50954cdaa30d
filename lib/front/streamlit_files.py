"""The files that Streamlit's own page is made of, as they lie in the installed package."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final

import streamlit

_IMPORT: Final = re.compile(r"""(?:from|import)["']\./([^"']+\.js)["']""")  # not import(…): that one comes later
_ICON_NAME: Final = re.compile(rb":material/([a-z0-9_]+)")


class StreamlitFiles:
    """What is installed. Reads names once; nothing outside of the folder can be named."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(streamlit.__file__).parent / "static"

    @cached_property
    def page(self) -> str:
        """The text of the one page that Streamlit serves; empty where there is none."""
        path = self.folder / "index.html"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    @cached_property
    def names(self) -> frozenset[str]:
        """Every hashed file, as its address says it: `static/js/index.….js`."""
        below = (self.folder / "static").rglob("*")
        return frozenset(path.relative_to(self.folder).as_posix() for path in below if path.is_file())

    def read(self, name: str) -> bytes:
        """Return the bytes of a file of `names`."""
        return (self.folder / name).read_bytes()

    def font(self, family: str) -> str:
        """Return the file of a font family, such as "MaterialSymbols-Rounded"; empty where it is missing."""
        found = (name for name in sorted(self.names) if name.startswith(f"static/media/{family}."))
        return next(found, "")

    def scripts_of(self, parts: Iterable[str]) -> tuple[str, ...]:
        """Return the scripts of some widgets (`TextInput`, `Radio`) and all that they import, without the page's own.

        A widget that this Streamlit does not have is ignored.
        """
        found: dict[str, None] = {}
        waiting = [name for part in parts for name in sorted(self.names) if name.startswith(f"static/js/{part}.")]
        while waiting:
            name = waiting.pop(0)
            if name in found or name not in self.names or f"./{name}" in self.page:
                continue
            found[name] = None
            waiting += [f"static/js/{one}" for one in _IMPORT.findall(self.read(name).decode("utf-8", "replace"))]
        return tuple(found)

    def icons(self) -> frozenset[str]:
        """Return the icons that Streamlit's own widgets name."""
        scripts = (name for name in self.names if name.endswith(".js"))
        return icons_in(b"".join(self.read(name) for name in scripts))


def icons_in(text: bytes) -> frozenset[str]:
    """Return the names of all icons in a text, each with its prefix."""
    return frozenset(found.decode() for found in _ICON_NAME.findall(text))


def media_type(name: str) -> str:
    """Return what a file of Streamlit is, for the header Content-Type."""
    return {".js": "text/javascript", ".woff2": "font/woff2"}.get(Path(name).suffix) or (
        mimetypes.guess_type(name)[0] or "application/octet-stream"
    )
