"""A folder with photos in it: which of its files are tried, and why the others are not."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lib.photos.problems import PhotoProblem
from lib.photos.sniff import format_of

# Endings of photos, raw ones too: these are tried, and refused with words. Other files of a folder are looked into.
_ENDINGS: Final = frozenset({
    ".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".hif", ".avif", ".gif", ".bmp", ".tif", ".tiff", ".jxl",
    ".jp2", ".dng", ".nef", ".nrw", ".arw", ".cr2", ".cr3", ".raf", ".orf", ".rw2", ".pef", ".srw",
})  # fmt: skip
_HEAD: Final = 65_536  # bytes: enough to tell what a file is


def photos_in(folder: Path) -> list[Path]:
    """Return the photos of a folder by name; folders in it are not entered."""
    others = others_in(folder)
    return [path for path in sorted(folder.iterdir()) if path not in others]


def others_in(folder: Path) -> dict[Path, str]:
    """What a folder holds besides photos, each with the reason in words."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            found[path] = "a folder in this folder; name it to take its photos."
        elif not path.is_file():
            found[path] = "not a file."
        elif path.suffix.lower() not in _ENDINGS and (why := _no_photo(path)):
            found[path] = why
    return found


def free_path(folder: Path, stem: str, ending: str) -> Path:
    """Return a path that no file has yet, so that nothing is ever written over."""
    target = folder / f"{stem}{ending}"
    number = 2
    while target.exists():
        target = folder / f"{stem}-{number}{ending}"
        number += 1
    return target


def _no_photo(path: Path) -> str:
    """Why a file is no photo; empty when it is one, whatever its name."""
    try:
        with path.open("rb") as file:
            format_of(file.read(_HEAD))
    except PhotoProblem as problem:
        return str(problem)
    except OSError as error:
        return f"it cannot be read ({error.strerror})."
    return ""
