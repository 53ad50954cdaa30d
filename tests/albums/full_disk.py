"""Plays what happens on a disk that is really full: started on a small one of its own, prints what it saw."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import httpx

from lib.albums import Share, open_share
from lib.albums.problems import ShareProblem
from lib.photos import prepare_photo
from lib.recipients.recipient import Recipient
from lib.services.base import Wishes
from lib.settings import read_settings
from tests.albums.conftest import OWNER, picture

PHOTOS = 4


def made(share: Share, *, links: int = 1) -> list[str]:
    """Make an album of some photos and its links; return their ids."""
    album = share.albums.open(OWNER)
    for number in range(PHOTOS):
        share.photos.add(OWNER, album, name="a.jpg", photo=prepare_photo(picture(number, (900, 600))))
    first = share.links.make(OWNER, album)
    more = [share.links.create(OWNER, album, Wishes()) for _ in range(links - 1)]
    return [first.id, *(link.id for link in more)]


def told(*words: object) -> None:
    """Say what was seen, one line for each step."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def fill(disk: Path) -> None:
    """Take every byte that is left, as a log file or a stranger would."""
    handle = os.open(disk / "somebody-else", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    piece = 1_000_000
    while piece:
        try:
            os.write(handle, b"x" * piece)
        except OSError:
            piece //= 2
    os.close(handle)


async def statuses(share: Share, paths: list[str]) -> list[int]:
    """Ask for addresses as a stranger."""
    recipient = Recipient(lambda: share)
    transport = httpx.ASGITransport(recipient)
    async with httpx.AsyncClient(transport=transport, base_url="http://share.example") as visitor:
        answers = [(await visitor.get(path)).status_code for path in paths]
    await recipient.finish()
    return answers


def main(disk: Path, what: str) -> None:
    """Make links, fill the disk, and do what must work all the same."""
    settings = read_settings(data_dir=disk / "data", undo_grace_s=0 if what == "expiry" else 10)
    share = open_share(settings)
    ids = made(share, links=2 if what == "two links" else 1)
    info = share.links.get(OWNER, ids[0])
    paths = [info.path, f"{info.path}/p/1.jpg", f"{info.path}/photos.zip"]
    other = open_share(read_settings(data_dir=disk / "data", undo_grace_s=11))  # as another process sees it
    told("before", *asyncio.run(statuses(share, paths)))
    if what in {"reserve", "expiry"}:
        assert share.reserve.fill()
    fill(disk)
    try:
        share.albums.open(OWNER)
    except ShareProblem as problem:
        told("disk", type(problem).__name__)
    if what == "expiry":
        time_flies(share)
    else:
        told("taken back", share.links.revoke(OWNER, ids[0]).state)
    told("after", *asyncio.run(statuses(share, paths)), *asyncio.run(statuses(other, paths[:1])))
    if what == "two links":
        second = share.links.get(OWNER, ids[1]).path
        told("second", *asyncio.run(statuses(other, [second, f"{second}/p/1.jpg"])))
    if what == "two links":  # nothing of ours is over, so only the other program can make room
        (disk / "somebody-else").unlink()
    share.clean_up.sweep()
    share.clean_up.sweep()
    after = share.links.get(OWNER, ids[0])
    told(
        "swept",
        after.state,
        "undoable" if after.undo_until else "for good",
        len(share.store.list("albums")),
        len(share.store.list("closed")),
    )


def time_flies(share: Share) -> None:
    """Let everything end, with the clock that the app looks at."""
    import lib.albums.clean_up
    import lib.albums.link_rows
    import lib.albums.links
    import lib.albums.visits

    later = share.links.all(OWNER)[0].expires_at.timestamp() + 1
    for room in (lib.albums.clean_up, lib.albums.links, lib.albums.visits):
        room.time = lambda: later  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
