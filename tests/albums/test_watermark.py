"""A text across every photo, in every size that is served; what was there before is kept, and never served."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import httpx
import numpy as np
import pytest
from PIL import Image

from lib.albums import LinkInfo, Share
from lib.albums.photos import UNMARKED
from lib.albums.problems import WishRefused
from lib.photos import find_leftovers, prepare_photo
from lib.services.base import Preview
from tests.albums.conftest import OWNER, Door, Maker, Photos
from tests.albums.test_lighter import CHROME, lighten, stored, view

MakeLink = Callable[..., LinkInfo]


@pytest.fixture
def photos() -> Photos:
    return Photos(tuple(prepare_photo(view(n)).data for n in range(2)), [])


def differs(a: bytes, b: bytes) -> float:
    """Return the part of the picture in which two pictures differ clearly."""
    with Image.open(io.BytesIO(a)) as one, Image.open(io.BytesIO(b)) as two:
        size = (450, 300)
        left, right = (np.asarray(image.convert("L").resize(size), np.int16) for image in (one, two))
    return float((np.abs(left - right) > 12).mean())


async def served(door: Door, link: LinkInfo) -> dict[str, bytes]:
    """Return every form of every photo that any address sends."""
    visitor = door.visitor()
    found: dict[str, bytes] = {}
    for n in (1, 2):
        for path in (f"p/{n}.jpg", f"p/{n}-small.jpg", f"save/{n}.jpg"):
            for name, headers in (("jpeg", {}), ("avif", CHROME)):
                answer: httpx.Response = await visitor.get(f"{link.path}/{path}", headers=headers)
                assert answer.status_code == 200
                found[f"{path} {name}"] = answer.content
    packed = await visitor.get(f"{link.path}/photos.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.testzip() is None
        found |= {f"zip {n}": archive.read(name) for n, name in enumerate(archive.namelist(), 1)}
    return found


async def test_every_served_size_has_it_and_it_can_be_taken_away_again(
    any_share: Maker, door_of: Callable[[Share], Door], make_link: MakeLink
) -> None:
    share = any_share()
    door, link = door_of(share), make_link(share, preview=Preview.COVER)
    lighten(share)
    before = await served(door, link)
    card = (await door.visitor().get(f"{link.path}/preview.jpg")).content
    moved = share.photos.mark(OWNER, link.album_id, "© Ana · Probe")
    assert len(moved) == 2
    lighten(share)
    marked = await served(door, link)
    assert dict.fromkeys(before, True) == {name: differs(before[name], marked[name]) > 0.03 for name in before}
    assert differs(card, (await door.visitor().get(f"{link.path}/preview.jpg")).content) > 0.02
    assert all(find_leftovers(data) == () for name, data in marked.items() if "avif" not in name)
    assert share.totals.used() == stored(share)
    assert share.clean_up.sweep(orphans=True).mended == 0
    again = share.photos.mark(OWNER, link.album_id, "Other")
    assert set(again) == set(moved.values())
    other = await served(door, link)
    assert differs(marked["p/1.jpg jpeg"], other["p/1.jpg jpeg"]) > 0.01, "not over the first text"
    share.photos.mark(OWNER, link.album_id, "")
    plain = await served(door, link)
    assert plain["save/1.jpg jpeg"] == before["save/1.jpg jpeg"], "byte for byte"
    assert not [path for path, _ in share.store.list("albums") if path.endswith(UNMARKED)]
    assert share.totals.used() == stored(share)


async def test_a_photo_that_comes_later_gets_it_and_the_plain_one_has_no_address(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share)
    share.photos.mark(OWNER, link.album_id, "Sample")
    clean = prepare_photo(view(5))
    added = share.photos.add(OWNER, link.album_id, name="late.jpg", photo=clean)
    data = (await door.visitor().get(f"{link.path}/save/{added.number}.jpg")).content
    assert differs(data, clean.data) > 0.03
    for path in ("p/1.plain", "p/1.jpg.plain", "p/1-plain.jpg", f"p/{added.id}.plain", "save/1.plain"):
        assert (await door.visitor().get(f"{link.path}/{path}")).status_code == 404
    share.links.revoke_as_host(link.id)
    assert share.store.list("albums") == []
    assert share.totals.used() == 0


def test_a_photo_that_arrives_while_the_text_changes_has_the_new_one(
    share: Share, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link(share)
    put, turned = share.store.put, []

    def late(path: str, data: bytes) -> None:
        put(path, data)
        if not turned:
            turned.append(path)
            share.photos.mark(OWNER, link.album_id, "Sample")

    monkeypatch.setattr(share.store, "put", late)
    clean = prepare_photo(view(5))
    added = share.photos.add(OWNER, link.album_id, name="late.jpg", photo=clean)
    assert differs(share.photos.read(OWNER, link.album_id, added.id), clean.data) > 0.03
    assert len([path for path, _ in share.store.list("albums") if path.endswith(UNMARKED)]) == 3
    assert share.totals.used() == stored(share)


def test_a_text_that_is_too_long_is_refused_and_nothing_changes(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    before = share.photos.all(OWNER, link.album_id)
    with pytest.raises(WishRefused, match="60 characters"):
        share.photos.mark(OWNER, link.album_id, "x" * 61)
    assert share.photos.all(OWNER, link.album_id) == before


def test_letters_that_no_font_of_the_host_knows_are_refused(
    share: Share, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link(share)
    monkeypatch.setattr("lib.photos.watermark.can_be_drawn", lambda _: False)  # a host with few fonts
    with pytest.raises(WishRefused, match="no font for these letters"):
        share.photos.mark(OWNER, link.album_id, "Ana")
    assert share.albums.get(OWNER, link.album_id).watermark == ""
