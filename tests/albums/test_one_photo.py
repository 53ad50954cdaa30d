"""What one photo costs on its way to a recipient: real calls are counted where they leave this program's own rooms."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import obstore
import pytest
from starlette.applications import Starlette

import lib.photos
from lib.albums import Share
from lib.albums.problems import PhotoGone
from lib.photos import prepare_photo
from lib.uploads import api
from tests.albums.conftest import OWNER, Door, Maker, picture
from tests.conftest import ROOT
from tests.photos.test_glow import ultra_hdr
from tests.pictures import photo_with_secrets

DoorOf = Callable[[Share], Door]
STORE_CALLS = ("put", "get", "get_async", "copy", "copy_async", "rename", "rename_async")
FLOW = "### One photo, function by function"  # the heading in CONTRIBUTING.md


def counted(monkeypatch: pytest.MonkeyPatch, counts: Counter[str], room: Any, name: str) -> None:
    """Count calls of a function by every name under which a module holds it; each call goes on to the real one."""
    real = getattr(room, name)

    def counting(*args: Any, **options: Any) -> Any:
        counts[name] += 1
        return real(*args, **options)

    for module in [one for key, one in sys.modules.items() if key.split(".")[0] in {"lib", "obstore"}]:
        for held, value in list(vars(module).items()):
            if value is real:
                monkeypatch.setattr(module, held, counting)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return what was called since, by the name of the function."""
    found: Counter[str] = Counter()
    for name in STORE_CALLS:
        counted(monkeypatch, found, obstore, name)
    for name in ("small_photo", "find_leftovers"):
        counted(monkeypatch, found, lib.photos, name)
    return found


def picker(share: Share) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Starlette(routes=api.routes(lambda: share)))
    headers = {"sec-fetch-site": "same-origin"}
    return httpx.AsyncClient(transport=transport, base_url="http://app.example", headers=headers)


async def sent(share: Share, data: bytes, **headers: str) -> str:
    """Send one photo as the picker does, and return its album's id."""
    album = share.albums.open(OWNER)
    async with picker(share) as page:
        answer = await page.post(
            f"/api/drafts/{share.tickets.write(OWNER, album)}/photos", content=data,
            headers={"x-file-name": "a.jpg"} | {name.replace("_", "-"): value for name, value in headers.items()},
        )  # fmt: skip
    assert answer.status_code == 201, answer.text
    return album


def from_a_camera() -> bytes:
    return photo_with_secrets()


def from_the_picker() -> bytes:
    return prepare_photo(picture(1, (400, 300))).data


SOURCES = {"a camera's photo": from_a_camera, "cleaned on the phone": from_the_picker, "an HDR photo": ultra_hdr}


@pytest.mark.parametrize("source", SOURCES)
async def test_a_photo_is_written_twice_and_looked_through_once_and_its_link_costs_none_of_it(
    any_share: Maker, door_of: DoorOf, counts: Counter[str], source: str
) -> None:
    share, data = any_share(), SOURCES[source]()
    counts.clear()
    album = await sent(share, data)
    assert counts == {"put": 2, "small_photo": 1, "find_leftovers": 1}
    before = share.store.list("albums")
    kept = share.totals.used()
    counts.clear()
    link = share.links.make(OWNER, album)
    assert not counts, "making a link writes, copies, reads and looks through nothing"
    assert share.store.list("albums") == before
    assert share.totals.used() == kept == sum(len(share.store.get(path)) for path, _ in before)
    counts.clear()
    visitor = door_of(share).visitor()
    assert (await visitor.get(link.path)).status_code == 200
    assert not counts, "the page itself needs no byte of a photo"
    assert (await visitor.get(f"{link.path}/p/1.jpg")).status_code == 200
    assert counts == {"get_async": 1}


async def test_an_upload_that_was_repeated_leaves_one_photo(any_share: Maker, counts: Counter[str]) -> None:
    share, data = any_share(), from_the_picker()
    album = share.albums.open(OWNER)
    base = f"/api/drafts/{share.tickets.write(OWNER, album)}/photos"
    async with picker(share) as page:
        answers = [await page.post(base, content=data, headers={"x-upload-key": "one-key-12"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert len(share.store.list("albums")) == 2
    counts.clear()
    assert share.links.make(OWNER, album).photo_count == 1
    assert not counts


def flow() -> list[str]:
    """Return the functions that CONTRIBUTING.md names, in its order."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split(FLOW, 1)[1].split("\n#", 1)[0]
    return [
        cell.strip().strip("`") for line in text.splitlines() if line.startswith("| `") for cell in [line.split("|")[1]]
    ]


@contextmanager
def noted_calls() -> Iterator[list[str]]:
    """Note each call of a function of this program, in every thread that begins meanwhile."""
    calls: list[str] = []

    def note(frame: FrameType, event: str, _arg: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith("lib."):
            calls.append(f"{Path(*module.split('.')[1:]).as_posix()}: {frame.f_code.co_name}")

    before = sys.getprofile(), threading.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before[0])
        threading.setprofile(before[1])


async def test_the_flow_of_one_photo_is_as_it_is_written_down(share: Share, door: Door) -> None:
    named = flow()
    assert 15 < len(named) < 28, "about half of the 45 that there were"
    with noted_calls() as calls:
        album = await sent(share, from_a_camera())
        link = share.links.make(OWNER, album)
        assert (await door.visitor().get(f"{link.path}/p/1.jpg")).status_code == 200
    calls_left = iter(calls)
    assert [name for name in named if name not in calls_left] == []


# Bad input while an album grows


async def test_a_quota_that_is_reached_in_the_middle_of_an_album_costs_none_of_its_photos(local_share: Maker) -> None:
    photo = prepare_photo(picture(3, (900, 600)))
    share = local_share(visitor_bytes=int(2.7 * len(photo.data)))  # room for two, and their pictures for the grid
    album = share.albums.open(OWNER)
    base = f"/api/drafts/{share.tickets.write(OWNER, album)}/photos"
    async with picker(share) as page:
        answers = [await page.post(base, content=photo.data, headers={"x-file-name": f"{n}.jpg"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 413, 413]
    assert set(answers[2].json()["problem"]) == {"title", "happened", "fix"}
    assert [one.name for one in share.photos.all(OWNER, album)] == ["0.jpg", "1.jpg"]
    stored = share.store.list("albums")
    assert len(stored) == 4, "what was refused left no byte"
    assert share.links.make(OWNER, album).photo_count == 2, "and the link is not refused"
    assert share.totals.used() == sum(len(share.store.get(path)) for path, _ in stored)


def test_tabs_that_change_one_album_together_lose_nothing(any_share: Maker) -> None:
    share = any_share(max_photos=30)
    album = share.albums.open(OWNER)
    photo = prepare_photo(picture(1, (120, 90)))
    ids = [share.photos.add(OWNER, album, name=str(n), photo=photo).id for n in range(4)]
    share.links.make(OWNER, album)
    start = threading.Barrier(4)
    swapped: list[str | None] = []

    def order() -> None:
        for turn in (ids[::-1], ids, ids[2:] + ids[:2]):
            share.photos.reorder(OWNER, album, turn)

    def out_and_in() -> None:
        share.photos.remove(OWNER, album, ids[0])
        share.photos.add(OWNER, album, name="new", photo=photo)
        share.photos.restore(OWNER, album, ids[0])

    def swap() -> None:
        try:
            swapped.append(share.photos.add(OWNER, album, name="swap", photo=photo, instead_of=ids[3]).id)
        except PhotoGone:
            swapped.append(None)

    def tab(change: Callable[[], None]) -> None:
        start.wait()
        change()

    tabs = [threading.Thread(target=tab, args=(change,)) for change in (order, out_and_in, swap, swap)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert sorted(one is None for one in swapped) == [False, True], "the second swap of one photo is told that it went"
    shown = share.photos.all(OWNER, album)
    assert {one.id for one in shown} >= {*ids[:3], *(one for one in swapped if one)}
    assert len(shown) == share.links.all(OWNER)[0].photo_count == 5
    assert len({one.number for one in shown}) == 5
    stored = sum(len(share.store.get(path)) for path, _ in share.store.list("albums"))
    assert share.totals.used() == share.totals.used(share.owners.person(OWNER)) == stored
    assert share.clean_up.sweep(orphans=True).mended == 0
