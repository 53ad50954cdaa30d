"""`python -m lib send`, `links`, `revoke`: the whole chain from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from lib.links.stranger import open_as_stranger_now
from lib.message import contents
from lib.photos import PreparedPhoto
from lib.photos.cli import files, prepare
from lib.problems import Problem
from lib.services import own
from lib.services.base import AlbumPhoto, Progress, SharedLink, Wishes
from lib.services.connect import connect as walk_through
from lib.services.registry import all_descriptions, description
from lib.settings import settings
from lib.terminal import Exit, err, life, out, progress, say


def send(  # noqa: PLR0913 - one option for each wish
    photos: Sequence[Path],
    *,
    title: str,
    words: str,
    expires: str,
    password: str,
    views: int,
    name: str,
    to: str,
    max_side: int,
    download: bool,
    as_json: bool,
) -> None:
    """Clean photos, upload them, print a link that was opened as a stranger. Raises `typer.Exit` unless all is well."""
    to = to or all_descriptions()[0].id
    ends = datetime.now(UTC) + life(expires) if expires else None
    if password == "-":  # noqa: S105 - a dash, so that the password stays out of the shell's history
        password = typer.prompt("Password", hide_input=True)
    paths = files(photos)
    clean: list[tuple[Path, PreparedPhoto]] = []
    refused = 0
    for path, result in prepare(paths, max_side):
        if isinstance(result, Problem):
            refused += 1
            say(result.title, f"{path.name}: {result}", result.fix)
        else:
            clean.append((path, result))
    if not clean:
        raise typer.Exit(Exit.FAILED)
    album = [own.as_album_photo(path.name, one) for path, one in clean]
    wishes = Wishes(
        expires_at=ends, password=password or None, max_views=views or None, allow_download=download, name=name
    )
    try:
        link = _upload(to, title, words, album, wishes)
    except Problem as problem:
        say(problem.title, str(problem), problem.fix)
        raise typer.Exit(Exit.FAILED) from problem
    here = description(to).kept_here
    view = open_as_stranger_now(link.url, expected=len(clean), own_origins=own.origins()) if here else None
    _print_link(link, as_json=as_json, opens=view.opens and view.clean if view else None, refused=refused)
    if view and not view.opens:
        say(
            "Not open yet",
            view.failure or "A stranger could not open it.",
            "Start the app with `make run`, then check.",
        )
        raise typer.Exit(Exit.NOT_OPEN)
    if refused:
        raise typer.Exit(Exit.PARTLY)


def _upload(to: str, title: str, words: str, photos: list[AlbumPhoto], wishes: Wishes) -> SharedLink:
    with progress("Uploading", len(photos)) as bar:

        def show(now: Progress) -> None:
            bar.update(bar.task_ids[0], completed=now.photos_done)

        return own.upload(to, title, words, photos, wishes, show)


def _print_link(link: SharedLink, *, as_json: bool, opens: bool | None, refused: int) -> None:
    if not as_json:
        out.print(link.url, markup=False)
        for outcome in link.outcomes:
            if not outcome.kept:
                err.print(f"You asked: {outcome.asked}. {outcome.granted} {outcome.advice}", markup=False)
        return
    out.print_json(
        json.dumps({
            "link": link.url,
            "provider": link.provider_id,
            "photos": link.photo_count,
            "videos": link.video_count,
            "refused": refused,
            "bytes": link.size_bytes,
            "expires_at": link.expires_at.isoformat() if link.expires_at else None,
            "opens_for_strangers": opens,
            "asked_and_granted": [
                {"topic": one.topic, "asked": one.asked, "granted": one.granted, "kept": one.kept}
                for one in link.outcomes
            ],
        })
    )  # fmt: skip


def links(*, as_json: bool) -> None:
    """List the links made from this command line, with their counts."""
    here = own.base()
    rows: list[dict[str, Any]] = [
        {
            "link": here + one.path, "title": one.name or one.title, "state": one.state.value,
            "photos": one.photo_count, "videos": one.video_count, "views": one.views,
            "until": one.expires_at.isoformat(), "provider": all_descriptions()[0].id,
        }
        for one in own.share().links.all(own.owner())
    ] + [
        {
            "link": kept.link.url, "title": kept.link.title, "state": "taken_back" if kept.revoked_at else "live",
            "photos": kept.link.photo_count, "videos": kept.link.video_count, "views": None,
            "until": kept.link.expires_at.isoformat() if kept.link.expires_at else None,
            "provider": kept.link.provider_id,
        }
        for kept in own.share().remembered.all(own.owner())
    ]  # fmt: skip
    if as_json:
        out.print_json(json.dumps(rows))
        return
    if not rows:
        out.print("No links yet.")
    for row in rows:
        seen = "" if row["views"] is None else f", opened {row['views']} times"
        holds = contents(row["photos"], row["videos"])
        out.print(str(row["link"]), markup=False)
        out.print(f"  {row['title'] or 'no title'} · {row['state']} · {holds}{seen}", markup=False)


def revoke(link: str, *, as_json: bool) -> None:
    """Take a link back and open its addresses. Raises `typer.Exit` unless every one of them is proven to be gone."""
    try:
        done, found = own.take_back(link)
    except Problem as problem:
        say(problem.title, str(problem), problem.fix)
        raise typer.Exit(Exit.FAILED) from problem
    if as_json:
        told = {"taken_back_at": done.isoformat(), **asdict(found), "proven": found.proven}
        out.print_json(json.dumps(told))
        if not found.proven:
            raise typer.Exit(Exit.UNPROVEN if found.unanswered else Exit.FAILED)
        return
    if found.unanswered:
        out.print(f"Taken back at {done:%H:%M:%S} UTC.")
        say(
            "Nothing could be looked at" if found.unanswered == found.total else "Not everything could be looked at",
            f"{found.unanswered} of {found.total} addresses gave no answer.",
            "Start the app with `make run`, or check the connection; then run this again for the proof.",
        )
        raise typer.Exit(Exit.UNPROVEN)
    out.print(f"Taken back at {done:%H:%M:%S} UTC: {found.gone} of {found.total} addresses do not open any more.")
    if not found.proven:
        raise typer.Exit(Exit.FAILED)


def connect(which: str, client_file: Path | None) -> None:
    """Connect one's own account at a service."""
    try:
        walk_through(which, settings(), client_file=client_file, say=lambda text: out.print(text, markup=False))
    except Problem as problem:
        say(problem.title, str(problem), problem.fix)
        raise typer.Exit(Exit.FAILED) from problem
