"""`python -m lib clean`: photos in, clean photos out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from lib.photos import PhotoProblem, PreparedPhoto, prepare_photos
from lib.problems import Problem
from lib.settings import settings
from lib.terminal import Exit, err, out, progress, say

_ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".gif", ".bmp", ".tif", ".tiff"}


def clean(
    photos: Annotated[list[Path], typer.Argument(exists=True, metavar="IN…", help="Photos, or folders of photos.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The folder for the clean photos.")],
    max_side: Annotated[int, typer.Option(min=16, max=20_000, help="The longest side, in pixels.")] = 2048,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found, for scripts.")] = False,  # noqa: FBT002
) -> None:
    """Write clean copies: upright, sized, nothing private inside. Originals are never touched.

    Exit code 0: all are clean; 1: none; 3: some were refused.
    """
    paths = files(photos)
    if output.exists() and not output.is_dir():
        msg = f"{output} is a file; name a folder."
        raise typer.BadParameter(msg)
    output.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []
    refused = 0
    for path, result in prepare(paths, max_side):
        if isinstance(result, Problem):
            refused += 1
            say(result.title, f"{path.name}: {result}", result.fix)
            rows.append({"photo": str(path), "problem": str(result)})
            continue
        target = _free(output, path.stem, ".png" if result.format == "PNG" else ".jpg")
        target.write_bytes(result.data)
        rows.append({"photo": str(path), "clean": str(target), "report": result.report.to_dict()})
        if not as_json:
            out.print(f"{path} → {target}", markup=False)
            private = any(finding.private for finding in result.report.findings)
            out.print(f"  {result.report.verdict}{' Removed.' if private else ''}", style="dim", markup=False)
    if as_json:
        out.print_json(json.dumps(rows))
    if refused:
        err.print(f"{refused} of {len(paths)} photos were refused.")
        raise typer.Exit(Exit.FAILED if refused == len(paths) else Exit.PARTLY)


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
            found += sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() in _ENDINGS)
        else:
            found.append(path)
    if not found:
        msg = "There is no photo in there."
        raise typer.BadParameter(msg)
    return found


def _free(folder: Path, stem: str, ending: str) -> Path:
    """Return a path that no file has yet, so that nothing is ever written over."""
    target = folder / f"{stem}{ending}"
    number = 2
    while target.exists():
        target = folder / f"{stem}-{number}{ending}"
        number += 1
    return target
