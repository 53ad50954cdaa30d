"""`python -m lib clean`: photos in, clean photos out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from lib.photos import PhotoProblem, PreparedPhoto, prepare_photos
from lib.photos.metadata.report import MetadataReport
from lib.photos.sniff import format_of
from lib.problems import Problem
from lib.settings import settings
from lib.terminal import Exit, err, out, progress, say

# Endings of photos, raw ones too: these are tried, and refused with words. Other files of a folder are looked into.
_ENDINGS = {
    ".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".hif", ".avif", ".gif", ".bmp", ".tif", ".tiff", ".jxl",
    ".jp2", ".dng", ".nef", ".nrw", ".arw", ".cr2", ".cr3", ".raf", ".orf", ".rw2", ".pef", ".srw",
}  # fmt: skip
_HEAD = 65_536  # bytes: enough to tell what a file is


def clean(photos: Sequence[Path], output: Path, *, max_side: int, as_json: bool) -> None:
    """Write clean copies. Raises `typer.Exit` when photos were refused, `typer.BadParameter` when there are none."""
    paths = files(photos)
    if output.exists() and not output.is_dir():
        msg = f"{output} is a file; name a folder."
        raise typer.BadParameter(msg)
    output.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = [{"photo": str(path), "left_out": why} for path, why in left_out(photos)]
    refused = 0
    for path, result in prepare(paths, max_side):
        if isinstance(result, Problem):
            refused += 1
            say(result.title, f"{path.name}: {result}", result.fix)
            rows.append({"photo": str(path), "problem": str(result)})
            continue
        target = _free(output, path.stem, ".png" if result.format == "PNG" else ".jpg")
        target.write_bytes(result.data)
        rows.append({"photo": str(path), "clean": str(target), "report": _report(result.report)})
        if not as_json:
            out.print(f"{path} → {target}", markup=False)
            private = any(finding.private for finding in result.report.findings)
            out.print(f"  {result.report.verdict}{' Removed.' if private else ''}", style="dim", markup=False)
    if as_json:
        out.print_json(json.dumps(rows))
    if refused:
        err.print(f"{refused} of {len(paths)} photos were refused.")
        raise typer.Exit(Exit.FAILED if refused == len(paths) else Exit.PARTLY)


def _report(report: MetadataReport) -> dict[str, Any]:
    return report.to_dict() | {"verdict": str(report.verdict)}


def prepare(paths: Sequence[Path], max_side: int) -> Iterator[tuple[Path, PreparedPhoto | PhotoProblem]]:
    """Prepare photos from files under a progress bar, in their order."""
    limits = settings()
    items = ((path.name, path.read_bytes()) for path in paths)
    waiting: dict[int, PreparedPhoto | PhotoProblem] = {}
    following = 0
    with progress("Cleaning", len(paths)) as bar:
        for index, result in prepare_photos(
            items, max_side=max_side, max_bytes=limits.max_photo_bytes, max_pixels=limits.max_photo_pixels,
            workers=limits.workers,
        ):  # fmt: skip
            waiting[index] = result
            bar.advance(bar.task_ids[0])
            while following in waiting:
                yield paths[following], waiting.pop(following)
                following += 1


def files(photos: Sequence[Path]) -> list[Path]:
    """Return the photos named, and those in the folders named, in their order. Raises `typer.BadParameter` for none."""
    found: list[Path] = []
    for path in photos:
        if path.is_dir():
            left_out = _left_out(path)
            found += [p for p in sorted(path.iterdir()) if p not in left_out]
            for other, why in left_out.items():
                err.print(f"Left out: {other}: {why}", markup=False)
        else:
            found.append(path)
    if not found:
        msg = "There is no photo in there."
        raise typer.BadParameter(msg)
    return found


def left_out(photos: Sequence[Path]) -> list[tuple[Path, str]]:
    """What the folders named hold besides photos, each with the reason."""
    return [item for path in photos if path.is_dir() for item in _left_out(path).items()]


def _left_out(folder: Path) -> dict[Path, str]:
    found = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            found[path] = "a folder in this folder; name it to take its photos."
        elif not path.is_file():
            found[path] = "not a file."
        elif path.suffix.lower() not in _ENDINGS and (why := _no_photo(path)):
            found[path] = why
    return found


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


def _free(folder: Path, stem: str, ending: str) -> Path:
    """Return a path that no file has yet, so that nothing is ever written over."""
    target = folder / f"{stem}{ending}"
    number = 2
    while target.exists():
        target = folder / f"{stem}-{number}{ending}"
        number += 1
    return target
