"""Names, prices and lines of photos: from a table that names files, on the page, and in the names of saved files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from lib.albums import LinkInfo, PhotoInfo, Share
from lib.albums.problems import SheetRefused, WishRefused
from lib.albums.sheet import MAX_BYTES, SheetItem, message_lines, read_sheet, sheet_csv
from lib.recipients.zipped import zip_length
from tests.albums.conftest import OWNER, Door, Maker
from tests.albums.test_attacks import MARKUP

MakeLink = Callable[..., LinkInfo]
CUP, BOWL = SheetItem("Cup", "12 €", "Blue"), SheetItem("Bowl", "20 €", "")


def photo(number: int, name: str, item: SheetItem | None = None) -> PhotoInfo:
    item = item or SheetItem()
    return PhotoInfo(
        f"id-{number}", number, name, item.label, item.price, item.caption, "image/jpeg", 1, 1, 1, 1, {}, (), 1.0
    )


PHOTOS = [photo(4, "IMG_1.JPG"), photo(2, "tasse blau.heic"), photo(3, "3.png")]


@pytest.mark.parametrize(
    "table",
    [
        b"file,name,price,line\r\nimg_1.jpg,Cup,12 \xe2\x82\xac,Blue\r\n3.png,Bowl,20 \xe2\x82\xac,\r\n",
        "\ufeffDatei;Name;Preis;Beschreibung\nIMG_1;Cup;12 €;Blue\n3;Bowl;20 €;\n".encode(),
        "Preis\tDatei\tText\tTitel\n12 €\tIMG_1.JPG\tBlue\tCup\n20 €\t3.png\t\tBowl\n".encode("utf-16"),
        "IMG_1.JPG,Cup,12 €,Blue\n3.png,Bowl,20 €\n\n".encode("cp1252"),
        '"file","name","price","line"\n"1","Cup","12 €","Blue"\n"3","Bowl","20 €",""\n'.encode(),
    ],
    ids=["comma", "german excel", "utf-16 tabs, another order", "no headings, cp1252", "places"],
)
def test_a_table_names_files_in_whatever_form_a_spreadsheet_writes_it(table: bytes) -> None:
    read = read_sheet(table, PHOTOS)
    assert read.items == {"id-4": CUP, "id-3": BOWL}
    assert read.unknown == ()


def test_files_that_are_not_there_are_named() -> None:
    read = read_sheet(b"file,name\nimg_1.jpg,Cup\nlost.jpg,Plate\n", PHOTOS)
    assert (dict(read.items), read.unknown) == ({"id-4": SheetItem("Cup")}, ("lost.jpg",))


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (b"", "empty"), (b"\n\n,,\n", "empty"), (b"file,name\nother.jpg,Cup\n", "No line"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no table"), (b"a," * (MAX_BYTES // 2 + 1), "limit"),
        (b'"' + b"x" * 200_000, "no table"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(table: bytes, why: str) -> None:
    with pytest.raises(SheetRefused, match=why):
        read_sheet(table, PHOTOS)


def test_the_table_that_is_given_comes_back_as_it_was_and_runs_nothing() -> None:
    given = [photo(1, "=cmd.jpg", SheetItem("=1+1", "-3", "@home")), photo(2, "b.jpg", CUP)]
    told = sheet_csv(given)
    assert "'=cmd.jpg,'=1+1,'-3,'@home" in told
    assert read_sheet(told.encode(), given).items == {"id-1": SheetItem("=1+1", "-3", "@home"), "id-2": CUP}


def test_the_message_has_a_line_for_each_photo_that_has_a_name_or_a_price() -> None:
    assert message_lines([photo(1, "a", CUP), photo(2, "b"), photo(3, "c", SheetItem("", "3 €"))]) == (
        "1. Cup · 12 €", "3. 3 €",
    )  # fmt: skip


async def test_names_and_prices_are_on_the_page_and_in_the_names_of_files(
    any_share: Maker, door_of: Callable[[Share], Door], make_link: MakeLink
) -> None:
    share = any_share()
    door, link = door_of(share), make_link(share)
    a, b, _ = (one.id for one in share.photos.all(OWNER, link.album_id))
    share.photos.describe(OWNER, link.album_id, {a: CUP, b: SheetItem("كوب أزرق / ../x", "٣", "")})
    visitor = door.visitor()
    page = (await visitor.get(link.path)).text
    assert "<b dir=auto>Cup</b><span dir=auto>12 €</span><p dir=auto>Blue</p>" in page
    assert 'alt="Photo 1 of 3 · Cup"' in page
    assert "كوب أزرق" in (await visitor.get(f"{link.path}/2")).text
    saved = await visitor.get(f"{link.path}/save/1.jpg")
    assert saved.headers["content-disposition"] == 'attachment; filename="photo-01-Cup.jpg"'
    arabic = (await visitor.get(f"{link.path}/save/2.jpg")).headers["content-disposition"]
    assert arabic.startswith('attachment; filename="photo-02')
    assert "filename*=UTF-8''photo-02-%D9%83" in arabic
    answer = await visitor.get(f"{link.path}/photos.zip")
    assert len(answer.content) == int(answer.headers["content-length"])
    assert len(answer.content) == zip_length(share.visits.photos_of(link.album_id))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["photo-01-Cup.jpg", "photo-02-كوب-أزرق-x.jpg", "photo-03.jpg"]


@pytest.mark.parametrize("text", MARKUP)
async def test_names_prices_and_lines_stay_text(share: Share, door: Door, make_link: MakeLink, text: str) -> None:
    link = make_link(share)
    first = share.photos.all(OWNER, link.album_id)[0].id
    share.photos.describe(OWNER, link.album_id, {first: SheetItem(text[:80], text[:40], text)})
    visitor = door.visitor()
    for path in (link.path, f"{link.path}/1"):
        page = (await visitor.get(path)).text
        assert "<script>" not in page
        assert "<img src=x" not in page
        assert "' onmouseover='x\"" not in page
    saved = (await visitor.get(f"{link.path}/save/1.jpg")).headers["content-disposition"]
    assert saved.count('"') == 2
    with zipfile.ZipFile(io.BytesIO((await visitor.get(f"{link.path}/photos.zip")).content)) as archive:
        assert not set("/\\<>\"':\u202e") & set(archive.namelist()[0])


def test_what_is_too_long_is_refused_and_nothing_is_kept(share: Share, make_link: MakeLink) -> None:
    link = make_link(share)
    a, b, _ = (one.id for one in share.photos.all(OWNER, link.album_id))
    with pytest.raises(WishRefused, match="80 characters"):
        share.photos.describe(OWNER, link.album_id, {a: CUP, b: SheetItem("x" * 81)})
    assert share.photos.all(OWNER, link.album_id)[0].label == ""
