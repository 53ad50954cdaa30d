"""Lighter copies for browsers that take AVIF: made after the link, kept, counted, gone with the photo, and clean."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageFilter

from lib.albums import LinkInfo, Share
from lib.albums.photos import FORMS, UNMARKED
from lib.photos import PreparedPhoto, prepare_photo, read_metadata
from tests.albums.conftest import OWNER, Door, Maker, Photos
from tests.conftest import ROOT

MakeLink = Callable[..., LinkInfo]
DoorOf = Callable[[Share], Door]
NOT_MARKED = [form for form in FORMS if form != UNMARKED]
CHROME = {"accept": "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"}
SAFARI = {"accept": "image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"}
TELEGRAM = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36 Telegram-Android/12.1"


def view(number: int) -> bytes:
    """Make a picture with the soft shapes of a photo; noise alone would be smaller in no form."""
    image = Image.linear_gradient("L").resize((900, 600)).convert("RGB")
    image.paste((40 + number * 30, 120, 90), (100, 300, 800, 560))
    grain = Image.effect_noise((900, 600), 40).filter(ImageFilter.GaussianBlur(1.5)).convert("RGB")
    made = io.BytesIO()
    Image.blend(image, grain, 0.3).save(made, "JPEG", quality=90)
    return made.getvalue()


@pytest.fixture
def photos() -> Photos:
    return Photos(tuple(prepare_photo(view(n)).data for n in range(3)), [])


def lighten(share: Share) -> int:
    steps = 0
    while share.lighter.step():
        steps += 1
        assert steps < 50
    return steps


def stored(share: Share) -> int:
    return sum(len(share.store.get(path)) for path, _ in share.store.list("albums"))


async def test_a_browser_that_takes_avif_gets_it_and_every_other_the_jpeg(
    any_share: Maker, door_of: DoorOf, make_link: MakeLink
) -> None:
    share = any_share()
    door, link = door_of(share), make_link(share)
    visitor = door.visitor()
    for path in ("p/1.jpg", "p/1-small.jpg"):
        early = await visitor.get(f"{link.path}/{path}", headers=CHROME)
        assert early.headers["content-type"] == "image/jpeg", "nobody waits for it"
    assert lighten(share) == 4, "three photos, and one look that finds no more"
    assert not share.lighter.step()
    for path in ("p/1.jpg", "p/1-small.jpg", "p/3.jpg"):
        new = await visitor.get(f"{link.path}/{path}", headers=CHROME)
        old = await visitor.get(f"{link.path}/{path}", headers=SAFARI)
        assert (new.headers["content-type"], old.headers["content-type"]) == ("image/avif", "image/jpeg")
        assert new.headers["vary"] == old.headers["vary"] == "Accept, User-Agent"
        assert new.headers["etag"] != old.headers["etag"]
        assert new.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert new.headers["content-disposition"].endswith('.avif"')
        assert len(new.content) == int(new.headers["content-length"]) < len(old.content)
        with Image.open(io.BytesIO(new.content)) as light, Image.open(io.BytesIO(old.content)) as plain:
            light.load()
            assert (light.format, light.size) == ("AVIF", plain.size)
    saved = await visitor.get(f"{link.path}/save/1.jpg", headers=CHROME)
    assert saved.headers["content-type"] == "image/jpeg"
    everything = await visitor.get(f"{link.path}/p/1.jpg")
    assert everything.headers["content-type"] == "image/jpeg", "*/* says nothing about AVIF"
    held = await door.visitor(user_agent=TELEGRAM).get(f"{link.path}/p/1.jpg", headers=CHROME)
    assert held.headers["content-type"] == "image/jpeg", "what is pressed and held there is saved"


async def test_tags_and_parts_of_both_forms_are_right(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    visitor = door.visitor()
    path = f"{link.path}/p/2.jpg"
    before: httpx.Response = await visitor.get(path, headers=CHROME)
    lighten(share)
    again = await visitor.get(path, headers=CHROME | {"if-none-match": before.headers["etag"]})
    assert (again.status_code, again.headers["etag"]) == (304, before.headers["etag"]), "what is there stays good"
    light = await visitor.get(path, headers=CHROME)
    assert (await visitor.get(path, headers=CHROME | {"if-none-match": light.headers["etag"]})).status_code == 304
    other = await visitor.get(path, headers=SAFARI | {"if-none-match": light.headers["etag"]})
    assert other.status_code == 200, "a browser without AVIF never keeps it"
    part = await visitor.get(
        path, headers=CHROME | {"range": "bytes=10-29", "if-range": light.headers["etag"]}
    )  # fmt: skip
    assert (part.status_code, part.content) == (206, light.content[10:30])
    assert part.headers["content-range"] == f"bytes 10-29/{len(light.content)}"
    whole = await visitor.get(path, headers=CHROME | {"range": "bytes=10-29", "if-range": before.headers["etag"]})
    assert (whole.status_code, whole.content) == (200, light.content), "no part of one form for the other"
    head = await visitor.head(path, headers=CHROME)
    assert int(head.headers["content-length"]) == len(light.content)


async def test_a_copy_that_comes_in_the_middle_of_a_visit_is_no_second_view(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share)
    visitor = door.visitor()
    loads = CHROME | {"sec-fetch-dest": "image", "sec-fetch-site": "same-origin"}
    first = await visitor.get(f"{link.path}/p/1-small.jpg", headers=loads)
    lighten(share)
    again = await visitor.get(
        f"{link.path}/p/1-small.jpg", headers=loads | {"if-none-match": first.headers["etag"]}
    )  # fmt: skip
    await door.settled()
    assert (first.status_code, again.status_code) == (200, 304)
    assert share.links.get(OWNER, link.id).views == 1


def test_copies_are_counted_and_go_with_their_photo(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share(undo_grace_s=0)
    link = make_link(share)
    lighten(share)
    assert len(share.store.list("albums")) == 3 * len(NOT_MARKED)
    assert share.totals.used() == share.totals.used(share.owners.person(OWNER)) == stored(share)
    assert share.clean_up.sweep(orphans=True).mended == 0, "the totals were right"
    assert len(share.store.list("albums")) == 3 * len(NOT_MARKED), "and copies belong to their photo"
    first = share.photos.all(OWNER, link.album_id)[0]
    share.photos.remove(OWNER, link.album_id, first.id)
    share.photos.discard(OWNER, link.album_id, first.id)
    assert len(share.store.list("albums")) == 2 * len(NOT_MARKED)
    assert share.totals.used() == stored(share)
    share.photos.add(OWNER, link.album_id, name="new.jpg", photo=prepare_photo(view(7)))
    assert lighten(share) == 2, "a photo that comes later gets its copies too"
    share.links.revoke(OWNER, link.id)
    assert share.store.list("albums") == []
    assert share.totals.used() == 0
    assert not share.lighter.step()


def test_drafts_get_no_copies_and_a_photo_taken_out_meanwhile_leaves_none(
    share: Share, photos: Photos, make_link: MakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    share.intake.take(OWNER, photos.album("draft"))
    assert not share.lighter.step()
    link = make_link(share)
    first = share.photos.all(OWNER, link.album_id)[0]
    put = share.store.put

    def late(path: str, data: bytes) -> None:
        put(path, data)
        if path.endswith(".small.avif") and first.id in path:
            share.photos.remove(OWNER, link.album_id, first.id)
            share.photos.discard(OWNER, link.album_id, first.id)

    monkeypatch.setattr(share.store, "put", late)
    lighten(share)
    assert not [path for path, _ in share.store.list("albums") if first.id in path]
    assert share.totals.used() == stored(share)


def test_where_there_is_no_room_the_jpeg_stays(local_share: Maker, make_link: MakeLink) -> None:
    share = local_share()
    make_link(share)
    share.totals.settings = share.settings.model_copy(update={"visitor_bytes": share.totals.used() + 1})
    lighten(share)
    assert share.totals.used() == stored(share)
    assert len(share.store.list("albums")) == 3 * 2


def test_a_copy_holds_nothing_but_the_picture(share: Share, make_link: MakeLink, tmp_path: Path) -> None:
    make_link(share)
    lighten(share)
    copies = [path for path, _ in share.store.list("albums") if path.endswith(".avif")]
    assert len(copies) == 6
    (folder := tmp_path / "copies").mkdir()
    for number, path in enumerate(copies):
        data = share.store.get(path)
        assert not [finding for finding in read_metadata(data).findings if finding.private]
        (folder / f"{number}.avif").write_bytes(data)
    told = json.loads(subprocess.check_output(["exiftool", "-j", "-G", "-r", folder]))
    assert len(told) == 6
    for found in told:
        groups = {name.partition(":")[0] for name in found} - {"SourceFile"}
        assert groups <= {"ExifTool", "File", "QuickTime", "Composite", "Meta"}, found
        assert not [name for name in found if "Date" in name and not name.startswith("File:")], found


def drawing() -> PreparedPhoto:
    """A picture of a few flat colours, which stays a PNG."""
    made = io.BytesIO()
    image = Image.new("RGB", (600, 400), "white")
    image.paste("navy", (40, 40, 300, 90))
    image.save(made, "PNG")
    drawn = prepare_photo(made.getvalue())
    assert drawn.format == "PNG"
    return drawn


def test_a_photo_that_glows_and_a_drawing_stay_as_they_are(share: Share) -> None:
    from lib.photos.lighter import lighter_photo

    glowing = prepare_photo((ROOT.parent / "shared" / "photos" / "formats" / "gain-map.jpg").read_bytes())
    assert any("brightness" in str(note) for note in glowing.notes)
    assert lighter_photo(glowing.data, len(glowing.data)) is None
    album = share.albums.open(OWNER)
    share.photos.add(OWNER, album, name="a.png", photo=drawing())
    share.links.make(OWNER, album)
    lighten(share)
    assert [path for path, _ in share.store.list("albums") if path.endswith(".avif") and "small" not in path] == []
