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


def looked_through(folder: Path) -> tuple[list[Path], dict[Path, str]]:
    """Return the photos of a folder by name, and what else it holds, each with the reason in words.

    Folders in it are not entered.
    """
    photos, others = [], {}
    for path in sorted(folder.iterdir()):
        if why := _no_photo(path):
            others[path] = why
        else:
            photos.append(path)
    return photos, others


def free_path(folder: Path, stem: str, ending: str) -> Path:
    """Return a path that no file has yet, so that no file is ever overwritten."""
    target = folder / f"{stem}{ending}"
    number = 2
    while target.exists():
        target = folder / f"{stem}-{number}{ending}"
        number += 1
    return target


def _no_photo(path: Path) -> str:
    """Why this is no photo; empty when it is one, whatever its name."""
    if path.is_dir():
        return "a folder in this folder; name it to take its photos."
    if not path.is_file():
        return "not a file."
    if path.suffix.lower() in _ENDINGS:
        return ""
    try:
        with path.open("rb") as file:
            format_of(file.read(_HEAD))
    except PhotoProblem as problem:
        return str(problem)
    except OSError as error:
        return f"it cannot be read ({error.strerror})."
    return ""
