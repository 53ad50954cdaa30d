"""An album that is out stays right: changed while people look, over when it should be, and whole after any crash."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from time import time
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from lib.albums import AlbumState, LinkState, Share
from lib.albums.problems import AlbumGone, LastPhoto, PhotoGone, StillPrivate, WishRefused
from lib.albums.sheet import SheetItem
from lib.albums.tables import albums, links, photos
from lib.photos import prepare_photo
from tests.albums.conftest import OTHER, OWNER, Door, Maker, picture
from tests.albums.test_album import add, beside, drafted

DoorOf = Callable[[Share], Door]


async def test_photos_are_added_swapped_moved_and_taken_out_while_people_look(
    any_share: Maker, door_of: DoorOf
) -> None:
    share = any_share(undo_grace_s=60)
    door = door_of(share)
    album = drafted(share, 3, title="Sea")
    link = share.links.make(OWNER, album)
    first, second, third = share.photos.all(OWNER, album)
    guest = door.visitor()
    tags = {n: (await guest.get(f"{link.path}/p/{n}.jpg")).headers["etag"] for n in (1, 2, 3)}

    share.photos.remove(OWNER, album, second.id)
    proof = share.photos.addresses(OWNER, album, second.id)
    assert len(proof) == 4
    tries: tuple[dict[str, str], ...] = ({}, {"if-none-match": tags[2]}, {"range": "bytes=0-9"})
    for path in proof:
        for headers in tries:
            assert (await guest.get(path, headers=headers)).status_code == 404, path
    page = (await guest.get(link.path)).text
    assert page.count("-small.jpg") == 2
    assert "Photo 2 of 2" in page
    assert (await guest.get(f"{link.path}/p/3.jpg")).status_code == 200, "its neighbours keep their addresses"
    assert (await guest.get(f"{link.path}/photos.zip")).content.count(b"photo-0") == 4

    swapped = add(share, album, 7, instead_of=third.id)
    assert [photo.id for photo in share.photos.all(OWNER, album)] == [first.id, swapped.id]
    assert swapped.number == 4
    assert (await guest.get(f"{link.path}/p/3.jpg")).status_code == 404
    assert (await guest.get(f"{link.path}/p/4.jpg")).content == share.photos.read(OWNER, album, swapped.id)
    added = add(share, album, 8)
    share.photos.reorder(OWNER, album, [added.id, swapped.id, first.id])
    share.albums.choose(OWNER, album, title="Lake", words="New ones!")
    page = (await guest.get(link.path)).text
    places = [page.index(f"/p/{n}-small.jpg") for n in (5, 4, 1)]
    assert places == sorted(places)
    assert "Lake" in page
    assert "New ones!" in page
    assert (share.links.get(OWNER, link.id).photo_count, share.links.get(OWNER, link.id).title) == (3, "Lake")

    share.photos.restore(OWNER, album, second.id)
    assert (await guest.get(f"{link.path}/p/2.jpg")).headers["etag"] == tags[2], "undone in time"
    for photo in share.photos.all(OWNER, album)[1:]:
        share.photos.remove(OWNER, album, photo.id)
    with pytest.raises(LastPhoto):
        share.photos.remove(OWNER, album, added.id)
    with pytest.raises(WishRefused, match="out already"):
        share.albums.choose(OWNER, album, title="x", max_views=3)
    assert share.albums.get(OWNER, album).title == "Lake"


def test_what_was_taken_out_is_deleted_when_it_can_no_longer_be_undone(any_share: Maker) -> None:
    share = any_share(undo_grace_s=0)
    album = drafted(share, 2)
    first, second = share.photos.all(OWNER, album)
    share.photos.remove(OWNER, album, second.id)
    add(share, album, 5)
    share.links.make(OWNER, album)
    share.clean_up.sweep()
    assert len(share.store.list("albums")) == 4, "what was taken out of the draft is not kept with the link"
    share.photos.remove(OWNER, album, first.id)
    with pytest.raises(PhotoGone):
        share.photos.restore(OWNER, album, first.id)
    assert share.clean_up.sweep().photos == 1
    stored = share.store.list("albums")
    assert len(stored) == 2
    assert share.totals.used() == sum(len(share.store.get(path)) for path, _ in stored)
    assert not share.clean_up.sweep(orphans=True)


def test_nobody_else_changes_an_album_that_is_out(share: Share) -> None:
    album = drafted(share, 2)
    share.links.make(OWNER, album)
    photo = share.photos.all(OWNER, album)[0].id
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: share.photos.remove(OTHER, album, photo),
        lambda: share.photos.reorder(OTHER, album, [photo]),
        lambda: share.photos.describe(OTHER, album, {photo: SheetItem("mine")}),
        lambda: share.photos.addresses(OTHER, album, photo),
        lambda: share.photos.add(OTHER, album, name="x", photo=prepare_photo(picture())),
        lambda: share.albums.choose(OTHER, album, title="mine"),
        lambda: share.tickets.write(OTHER, album),
    )
    for attempt in attempts:
        with pytest.raises(AlbumGone):
            attempt()
    share.albums.delete(OTHER, album)
    share.albums.delete(OWNER, album)
    assert len(share.photos.all(OWNER, album)) == 2, "what is out is taken back, not deleted"


def test_a_photo_in_which_the_second_parser_finds_something_is_not_kept(share: Share) -> None:
    album = share.albums.open(OWNER)
    photo = prepare_photo(picture(1, (120, 90)))
    with pytest.raises(StillPrivate, match="second reader"):
        share.photos.add(OWNER, album, name="a.jpg", photo=replace(photo, data=photo.data + b"secret"))
    assert share.photos.all(OWNER, album) == []
    assert share.store.list("albums") == []


async def test_a_sliding_end_moves_with_each_visit_and_never_behind_its_latest(share: Share, door: Door) -> None:
    album = drafted(share, 1, life_s=5 * 86_400, idle_s=2 * 86_400, max_views=9)
    link = share.links.make(OWNER, album)
    with share.index.write() as connection:
        connection.execute(sa.update(links).values(expires_at=time() + 60))
    await door.visitor().open(link)
    moved = share.links.get(OWNER, link.id)
    assert abs(moved.expires_at.timestamp() - time() - 2 * 86_400) < 60
    with share.index.write() as connection:
        connection.execute(sa.update(links).values(ends_by=time() + 3_600))
    await door.visitor().open(link)
    assert abs(share.links.get(OWNER, link.id).expires_at.timestamp() - time() - 3_600) < 60
    fixed = share.links.change(OWNER, link.id, idle_s=None)
    assert fixed.idle_s is None
    assert fixed.ends_by is None
    with pytest.raises(WishRefused):
        share.links.change(OWNER, link.id, idle_s=10)
    slides = share.links.change(OWNER, link.id, idle_s=86_400)
    assert slides.ends_by == fixed.expires_at


def test_a_sweep_that_comes_early_lets_a_link_live_and_one_that_is_due_ends_it(any_share: Maker) -> None:
    share = any_share(undo_grace_s=0)
    album = drafted(share, 1, life_s=3_600)
    link = share.links.make(OWNER, album)
    share.clean_up.sweep()
    (due,) = share.index.rows(sa.select(albums.c.due_at))
    assert abs(due.due_at - link.expires_at.timestamp()) < 1
    with share.index.write() as connection:
        connection.execute(sa.update(albums).values(due_at=time() - 1))
    assert share.clean_up.sweep().albums == 0
    assert share.links.get(OWNER, link.id).state is LinkState.LIVE
    assert share.links.revoke(OWNER, link.id).state is LinkState.TAKEN_BACK
    assert share.store.list("albums") == [], "without time for undoing, at once"


# Totals


def test_totals_are_exact_under_many_hands_and_mended_where_they_are_not(any_share: Maker) -> None:
    share = any_share()
    album = share.albums.open(OWNER)
    photo = prepare_photo(picture(1, (120, 90)))

    def one(number: int) -> None:
        kept = share.photos.add(OWNER, album, name=f"{number}", photo=photo).id
        if number % 2:
            share.photos.remove(OWNER, album, kept)
            share.photos.discard(OWNER, album, kept)

    hands = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    kept = sum(len(share.store.get(path)) for path, _ in share.store.list("albums"))
    person = share.owners.person(OWNER)
    assert share.totals.used(person) == share.totals.used() == kept > 0
    assert len(share.photos.all(OWNER, album)) == 4

    with share.index.write() as connection:
        connection.exec_driver_sql("UPDATE totals SET bytes = bytes + 12345")
        connection.exec_driver_sql("UPDATE albums SET kept_bytes = kept_bytes - 7")
    assert share.clean_up.sweep(orphans=True).mended == 2
    assert share.totals.used(person) == share.totals.used() == kept
    assert share.clean_up.sweep(orphans=True).mended == 0


def test_a_recovery_code_brings_drafts_and_totals_along(any_share: Maker) -> None:
    share = any_share()
    here, there = drafted(share, 2), share.albums.open(OTHER)
    share.photos.add(OTHER, there, name="x", photo=prepare_photo(picture(9, (120, 90))))
    ticket = share.tickets.write(OTHER, there)
    share.owners.recover(OTHER, share.owners.recovery_code(OWNER))
    assert len(share.albums.get(OTHER, here).photos) == 2
    owner, album = share.tickets.read(ticket)
    share.photos.add(owner, album, name="y", photo=prepare_photo(picture(8, (120, 90))))
    assert len(share.albums.get(OWNER, there).photos) == 2
    kept = sum(len(share.store.get(path)) for path, _ in share.store.list("albums"))
    assert share.totals.used(share.owners.person(OTHER)) == share.totals.used() == kept
    assert share.links.make(OTHER, there).photo_count == 2
    assert share.clean_up.sweep(orphans=True).mended == 0


# Kill -9


KILLED = """
import io, json, os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from lib.albums.host import open_share
from lib.albums.photo_store import PhotoStore
from lib.settings import read_settings

told = json.loads(sys.stdin.readline())
share = open_share(read_settings(**told["settings"] | {"data_dir": Path(told["settings"]["data_dir"])}))
owner, album, steps = told["owner"], told["album"], [0]

def step(*_args):
    steps[0] += 1
    if steps[0] == told["at"]:
        os.kill(os.getpid(), signal.SIGKILL)

photos = [photo.id for photo in share.photos.all(owner, album)]
for event in ("before_cursor_execute", "commit"):
    sa.event.listen(share.index._engine, event, step)
for name in ("put", "delete"):
    def noted(self, *args, real=getattr(PhotoStore, name)):
        step()
        done = real(self, *args)
        step()
        return done
    setattr(PhotoStore, name, noted)
if told["what"] == "add":
    from PIL import Image
    from lib.photos import prepare_photo
    made = io.BytesIO()
    Image.effect_noise((120, 90), 80).convert("RGB").save(made, "JPEG")
    share.photos.add(owner, album, name="new", photo=prepare_photo(made.getvalue()), instead_of=photos[0])
elif told["what"] == "make":
    share.links.make(owner, album)
elif told["what"] == "remove":
    share.photos.remove(owner, album, photos[1])
    share.photos.discard(owner, album, photos[1])
elif told["what"] == "reorder":
    share.photos.reorder(owner, album, photos[::-1])
elif told["what"] == "mark":
    share.photos.mark(owner, album, "Sample")
elif told["what"] == "replace":
    from lib.photos import prepare_photo
    data = share.photos.read(owner, album, photos[0])
    share.photos.replace(owner, album, photos[0], photo=prepare_photo(data), covered={"face": 1})
elif told["what"] == "revoke":
    share.links.revoke_all(owner)
    share.clean_up.sweep()
"""


def killed(share: Share, album: str, what: str, at: int) -> bool:
    """Do something in another process that is killed at one of its steps; False: it had fewer steps."""
    process = beside(share, KILLED, owner=OWNER, album=album, what=what, at=at)
    out, _ = process.communicate(timeout=120)
    assert process.returncode in {0, -signal.SIGKILL}, out
    return process.returncode != 0


@pytest.mark.parametrize(
    "what",
    [
        "add",
        "revoke",
        *(pytest.param(what, marks=pytest.mark.thorough) for what in ("make", "mark", "remove", "reorder", "replace")),
    ],
)
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["some", "every"])
async def test_a_kill_at_any_step_leaves_nothing_half_visible_and_loses_nothing(
    local_share: Maker,
    door_of: DoorOf,
    what: str,
    every: bool,  # noqa: FBT001 - a row of the table
) -> None:
    share = local_share(undo_grace_s=0, max_photos=200)
    door = door_of(share)
    album = drafted(share, 3)
    link = share.links.make(OWNER, album) if what != "make" else None
    at, kills, over = 1, 0, False
    while not over and killed(share, album, what, at):
        kills += 1
        at += 1 if every else 1 + at // 2  # the first steps, then some of those that follow
        if link is None:
            made = share.links.all(OWNER)
            over = share.albums.get(OWNER, album).state is AlbumState.READY
            assert over == bool(made)
            assert len(share.photos.all(OWNER, album)) == 3
            continue
        await whole(door.visitor(), share, link.path, album)
        marked = {bool(row.plain_bytes) for row in share.index.rows(sa.select(photos.c.plain_bytes))}
        assert len(marked) == 1, "a text across some of the photos"
        over = (
            share.links.get(OWNER, link.id).state is LinkState.TAKEN_BACK
            or share.photos.all(OWNER, album)[2:] == []
            or True in marked
            or any("covered" in photo.report for photo in share.photos.all(OWNER, album))
        )
    assert kills > 2
    share.clean_up.sweep(orphans=True)
    if what == "revoke":
        assert share.store.list("albums") == []
    else:
        assert len(share.photos.all(OWNER, album)) == (2 if what == "remove" else 3)
    assert share.clean_up.sweep(orphans=True).mended == 0


async def whole(visitor: httpx.AsyncClient, share: Share, path: str, album: str) -> None:
    """Look at everything that a link shows now: it is all there, or the link is gone."""
    page = await visitor.get(path)
    if page.status_code == 404:
        return
    shown = share.visits.photos_of(album)
    assert page.text.count("-small.jpg") == len(shown)
    for row in shown:
        for kind in (f"p/{row.number}.jpg", f"p/{row.number}-small.jpg"):
            assert (await visitor.get(f"{path}/{kind}")).status_code == 200, kind
    found = share.links.of_path(OWNER, path)
    assert (found.photo_count, found.size_bytes) == (len(shown), sum(row.size_bytes for row in shown))


async def test_somebody_on_the_page_of_a_photo_that_was_taken_out_is_led_back(share: Share, door: Door) -> None:
    album = drafted(share, 2, title="Sea")
    link = share.links.make(OWNER, album)
    guest = door.visitor()
    assert (await guest.get(f"{link.path}/2")).status_code == 200
    share.photos.remove(OWNER, album, share.photos.all(OWNER, album)[1].id)
    page = await guest.get(f"{link.path}/2")
    assert page.status_code == 404
    assert f'href="{link.path}"' in page.text
    assert "taken back" not in page.text, "the link itself works"
    assert f"{link.path}/p/2" not in page.text
