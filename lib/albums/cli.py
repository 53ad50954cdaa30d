"""`python -m lib reports` and `keys`: for the person who runs the app."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from lib.albums import host_key, open_share
from lib.albums.index import Index
from lib.albums.keys import KEY_FILE, open_keys
from lib.albums.photo_store import PhotoStore
from lib.settings import Settings, settings
from lib.terminal import Exit, err, out


def reports(*, close: str, take_back: str, as_json: bool) -> None:
    """List what recipients reported; close a report, or take the reported link back."""
    share = open_share(settings())
    if take_back:
        done = share.links.revoke_as_host(take_back)
        (err if as_json else out).print("Taken back." if done else "It was over already, or there is no such link.")
        if not done:
            raise typer.Exit(Exit.FAILED)
    if close:
        done = share.reports.close(close)
        (err if as_json else out).print("Closed." if done else "There is no such open report.")
        if not done:
            raise typer.Exit(Exit.FAILED)
    waiting = share.reports.all()
    if as_json:
        out.print_json(json.dumps([asdict(one) for one in waiting], default=str))
        return
    for one in waiting:
        state = "opens" if one.link_opens else "does not open any more"
        out.print(
            f"{one.id}  {one.created_at:%Y-%m-%d %H:%M} UTC  {one.reason}{' (FIRST)' if one.urgent else ''}  "
            f"link {one.link_id} {state}",
            markup=False,
        )
        out.print(f"    {one.title or 'no title'}: {one.words or 'no words'}", markup=False)
    out.print(f"{len(waiting)} open reports.")


def keys(*, adopt: bool, rotate: bool) -> None:
    """Say whether the secret key fits the database; go on with another one, or make a new one."""
    now = settings()
    if adopt:
        _adopt(now)
    elif rotate:
        if now.secret_key is not None:
            out.print(
                "The key is the setting secret_key. Set old_secret_key to what stands there, and secret_key to a new "
                "one, in every copy of the app; then start them again."
            )
            raise typer.Exit(Exit.FAILED)
        open_share(now).close()
        host_key.rotate(now)
        out.print("There is a new key. Links, lists and sign-ins go on; secret.old.key belongs to the copies you keep.")
        out.print("Start every copy of the app again. Delete secret.old.key when no link from before works any more.")
    open_share(now)
    out.print("The key fits the database.")


def _adopt(now: Settings) -> None:
    store = PhotoStore(now.store_url, now.photos_options)
    index = Index(now.index_url, store)
    file = now.data_dir / KEY_FILE
    if now.secret_key is None and file.exists() and not file.read_text(encoding="ascii", errors="replace").strip():
        file.unlink()  # it holds nothing
    host_key.adopt(index, open_keys(now))
    index.close()
    out.print("Goes on: links that were sent open until their end, with their passwords and limits.")
    out.print("Goes on: recovery codes bring the list of links to any browser.")
    out.print(
        "Ends: browsers are new visitors until they use a recovery code, people stay signed out of old visits, the "
        "addresses of links made before cannot be shown, and links at other services are no longer listed."
    )
