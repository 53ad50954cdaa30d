"""`python -m lib clean`: photos in, clean photos out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from lib.photos import Edit, EditRefused, PhotoProblem, PreparedPhoto, prepare_photo, prepare_photos
from lib.photos.cover import of_words
from lib.photos.find import kinds, look
from lib.photos.folder import free_path, looked_through
from lib.photos.metadata.report import MetadataReport
from lib.problems import Problem
from lib.settings import settings
from lib.terminal import Exit, err, out, progress, say


def clean(
    photos: Sequence[Path],
    output: Path,
    *,
    max_side: int,
    as_json: bool,
    covers: Sequence[str] = (),
    crop: str | None = None,
) -> None:
    """Write clean copies. Raises `typer.Exit` when photos were refused, `typer.BadParameter` when there are none.

    `covers` and `crop` are each `"x,y,w,h"`, as `lib.photos.cover.of_words` reads them.
    """
    try:
        edit = of_words(covers, crop) if covers or crop else None
    except EditRefused as problem:
        raise typer.BadParameter(f"{problem} {problem.fix}") from None
    paths = files(photos)
    if output.exists() and not output.is_dir():
        msg = f"{output} is a file; name a folder."
        raise typer.BadParameter(msg)
    output.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = [{"photo": str(path), "left_out": why} for path, why in left_out(photos)]
    refused = 0
    for path, result in prepare(paths, max_side, edit):
        if isinstance(result, Problem):
            refused += 1
            say(result.title, f"{path.name}: {result}", result.fix)
            rows.append({"photo": str(path), "problem": str(result)})
            continue
        target = free_path(output, path.stem, ".png" if result.format == "PNG" else ".jpg")
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


def find(photos: Sequence[Path]) -> None:
    """Print as JSON what may be worth covering in photos: kind, and x, y, width and height in pixels.

    Pixels are those of the upright original, as `--cover` takes them. Raises `typer.Exit` when photos were refused.
    """
    paths, rows, refused = files(photos), [], 0
    limits = settings()
    for path in paths:
        row: dict[str, Any] = {"photo": str(path)}
        try:
            clean = prepare_photo(path, max_side=limits.max_photo_pixels, max_bytes=limits.max_photo_bytes)
            size = clean.report.width, clean.report.height
            row["found"] = [
                {"kind": one.kind, "box": [round(part * size[at % 2]) for at, part in enumerate(one.box)]}
                for one in look(clean.data)
            ]
        except PhotoProblem as problem:
            refused += 1
            row["problem"] = str(problem)
        rows.append(row)
    out.print_json(json.dumps({"looked_for": sorted(kinds()), "photos": rows}))
    if refused:
        raise typer.Exit(Exit.FAILED if refused == len(paths) else Exit.PARTLY)


def _report(report: MetadataReport) -> dict[str, Any]:
    return report.to_dict() | {"verdict": str(report.verdict)}


def prepare(
    paths: Sequence[Path], max_side: int, edit: Edit | None = None
) -> Iterator[tuple[Path, PreparedPhoto | PhotoProblem]]:
    """Prepare photos from files under a progress bar, in their order."""
    limits = settings()
    items = ((path.name, path.read_bytes()) for path in paths)
    waiting: dict[int, PreparedPhoto | PhotoProblem] = {}
    following = 0
    with progress("Cleaning", len(paths)) as bar:
        for index, result in prepare_photos(
            items, max_side=max_side, max_bytes=limits.max_photo_bytes, max_pixels=limits.max_photo_pixels,
            workers=limits.workers, edit=edit,
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
            inside, others = looked_through(path)
            found += inside
            for other, why in others.items():
                err.print(f"Left out: {other}: {why}", markup=False)
        else:
            found.append(path)
    if not found:
        msg = "There is no photo in there."
        raise typer.BadParameter(msg)
    return found


def left_out(photos: Sequence[Path]) -> list[tuple[Path, str]]:
    """What the folders named hold besides photos, each with the reason."""
    return [item for path in photos if path.is_dir() for item in looked_through(path)[1].items()]
