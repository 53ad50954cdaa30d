"""A row that cannot be trusted is refused with file, row and reason."""

import datetime as dt
from pathlib import Path

import pytest

from lib.facts.reader import Device, FactProblem, Task, read_facts, read_fields, read_steps

TODAY = dt.date(2026, 11, 21)
FIELDS = """
[storage.free_storage]
label = "Free space"
kind = "number"
unit = "GB"
[storage.password]
label = "Password"
kind = "choice"
choices = { free = "yes, free", no = "no" }
[storage.e2ee]
label = "Encrypted"
kind = "yes_no"
[storage.since]
label = "Since"
kind = "date"
[storage.words]
label = "Words"
kind = "text"
"""
HEAD = "field,value,unit,note,source,source_date,as_of,confidence"
GOOD = "free_storage,10,GB,,https://box.example/help,undated,2026-11-21,H"


def read(folder: Path, *rows: str, head: str = HEAD) -> list[object]:
    (folder / "fields.toml").write_text(FIELDS, encoding="utf-8")
    (folder / "storage.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    fields = read_fields(folder / "fields.toml")
    return list(read_facts(folder / "storage.csv", "Box", "storage", fields, TODAY))


def test_a_good_row_is_read_with_its_unit_source_and_date(tmp_path: Path) -> None:
    (one,) = read(tmp_path, GOOD)
    assert (one.with_unit, one.when, one.row) == (  # type: ignore[attr-defined]
        "10 GB",
        "page without a date, read on 21 November 2026",
        2,
    )


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("colour,10,GB,,https://b.example/h,undated,2026-11-21,H", "field is not in fields.toml"),
        ("free_storage,ten,GB,,https://b.example/h,undated,2026-11-21,H", "has to be a number, not 'ten'"),
        ("free_storage,10,MB,,https://b.example/h,undated,2026-11-21,H", "unit has to be 'GB', not 'MB'"),
        ("free_storage,,GB,,https://b.example/h,undated,2026-11-21,H", "value is missing"),
        ("password,maybe,,,https://b.example/h,undated,2026-11-21,H", "one of free, no, not 'maybe'"),
        ("e2ee,sure,,,https://b.example/h,undated,2026-11-21,H", "yes or no, not 'sure'"),
        ("since,August,,,https://b.example/h,undated,2026-11-21,H", "a date such as 2025-08-29"),
        ("words,hello,,,,undated,2026-11-21,H", "source is missing"),
        ("words,hello,,,my cousin,undated,2026-11-21,H", "source has to be an address"),
        ("words,hello,,,javascript:alert(1),undated,2026-11-21,H", "source has to be an address"),
        ("words,hello,,,none found,,2026-11-21,H", "confidence H needs a source"),
        ("words,hello,,,https://b.example/h,,2026-11-21,H", "source_date is missing"),
        ("words,hello,,,https://b.example/h,undated,2026-11-22,H", "as_of 2026-11-22 is in the future"),
        ("words,hello,,,https://b.example/h,undated,,H", "as_of cannot be ''"),
        ("words,hello,,,https://b.example/h,undated,yesterday,H", "as_of cannot be 'yesterday'"),
        ("words,hello,,,https://b.example/h,undated,2026-11-21,X", "confidence cannot be 'X'"),
        (",hello,,,https://b.example/h,undated,2026-11-21,H", "field is missing"),
        ("words,hello,,,https://b.example/h,undated,2026-11-21", "confidence is missing"),
        ("words,hello,,,https://b.example/h,undated,2026-11-21,H,more", "more cells than columns"),
        (GOOD, "free_storage: is already in row 2"),
    ],
)
def test_a_bad_row_is_refused_with_file_row_and_reason(tmp_path: Path, bad: str, reason: str) -> None:
    with pytest.raises(FactProblem) as refused:
        read(tmp_path, GOOD, bad)
    assert "/storage.csv, row 3: " in str(refused.value)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("source", "page", "claimed", "earned", "standing", "when"),
    [
        ("box.example/help", "2026-05-15", "H", "H", "official", "page of 15 May 2026, read on 21 November 2026"),
        ("box.example/help", "2026-05", "H", "H", "official", "page of May 2026, read on 21 November 2026"),
        ("box.example/help", "about 2021", "H", "M", "the service’s own page", "page of about 2021, read"),
        ("box.example/help", "undated", "H", "M", "the service’s own page", "page without a date, read"),
        ("box.example/help", "undated", "L", "L", "third-hand", "page without a date, read"),
        ("news.example/a", "2026", "H", "M", "reported", "page of 2026, read"),
        ("news.example/a", "undated", "M", "L", "third-hand", "page without a date"),
        ("box.example.evil.example/a", "2026", "H", "M", "reported", "page of 2026"),
        ("code.example/box-makers/app", "undated", "M", "M", "the service’s own page", "page without a date"),
        ("code.example/box-makers-not/app", "undated", "M", "L", "third-hand", "page without a date"),
        ("pypi.org/project/box/", "2026-10-15", "H", "L", "third-hand", "page of 15 October 2026"),
        ("box.example/help", "undated", "K", "K", "not confirmed", "page without a date"),
    ],
)
def test_a_source_is_believed_as_far_as_it_bears(
    tmp_path: Path, source: str, page: str, claimed: str, earned: str, standing: str, when: str
) -> None:
    (tmp_path / "fields.toml").write_text(FIELDS, encoding="utf-8")
    row = f"words,hello,,,https://{source},{page},2026-11-21,{claimed}"
    (tmp_path / "facts.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    own = ("box.example", "code.example/box-makers")
    (one,) = read_facts(tmp_path / "facts.csv", "Box", "storage", read_fields(tmp_path / "fields.toml"), TODAY, own)
    assert (one.confidence, one.standing) == (earned, standing)
    assert one.when.startswith(when)
    assert one.sure is (earned in "HM")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("last spring", "a day, a month or a year"),
        ("2026-13", "month must be in 1..12"),
        ("2026-12-01", "behind as_of"),
    ],
)
def test_a_date_that_a_page_cannot_have_is_refused(tmp_path: Path, page: str, reason: str) -> None:
    with pytest.raises(FactProblem, match=reason):
        read(tmp_path, GOOD.replace("undated", page))


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactProblem, match="row 2: colour is not a known column"):
        read(tmp_path, GOOD + ",red", head=HEAD + ",colour")


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("[storage.free]\nlabel = ", "it cannot be read"),
        ('[storage.free]\nlabel = "Free"\nkind = "colour"', r"\[storage.free\] kind cannot be 'colour'"),
        ('[storage.free]\nkind = "text"', r"\[storage.free\] label is missing"),
        ('[storage.free]\nlabel = "Free"\nkind = "choice"', "lists its choices"),
        ('[storage.free]\nlabel = "Free"\nkind = "text"\ncolour = "red"', "colour is not a known column"),
    ],
)
def test_a_bad_field_is_refused(tmp_path: Path, toml: str, reason: str) -> None:
    (tmp_path / "fields.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(FactProblem, match=reason):
        read_fields(tmp_path / "fields.toml")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b'provider,field\n"never closed'], ids=["not text", "broken quoting"]
)
def test_a_file_that_is_no_table_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "fields.toml").write_text(FIELDS, encoding="utf-8")
    (tmp_path / "storage.csv").write_bytes(content)
    with pytest.raises(FactProblem, match=r"storage\.csv"):
        read_facts(tmp_path / "storage.csv", "Box", "storage", read_fields(tmp_path / "fields.toml"), TODAY)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FactProblem, match=r"fields\.toml: it cannot be read"):
        read_fields(tmp_path / "fields.toml")


STEPS = "device,task,step,text,source,source_date,as_of,confidence"
FIRST = "web,share,1,Click **Share**.,https://b.example/h,undated,2026-11-21,H"


def steps(folder: Path, *rows: str) -> list[object]:
    (folder / "menu_words.csv").write_text("\n".join([STEPS, *rows]) + "\n", encoding="utf-8")
    return list(read_steps(folder / "menu_words.csv", "Box", TODAY))


def test_menu_words_are_read_in_their_order(tmp_path: Path) -> None:
    (one,) = steps(tmp_path, FIRST)
    assert (one.device, one.task, one.menu) == (Device.WEB, Task.SHARE, ("Share",))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (FIRST, "step 1 is there twice"),
        (FIRST.replace(",1,", ",3,"), "step 3 comes where step 2 should be"),
        (FIRST.replace("web", "fridge"), "device cannot be 'fridge'"),
        (FIRST.replace("share", "sell"), "task cannot be 'sell'"),
        (FIRST.replace("Click **Share**.", ""), "text is missing"),
        (FIRST.replace("2026-11-21", "2027-01-01").replace(",1,", ",2,"), "in the future"),
    ],
)
def test_bad_menu_words_are_refused_with_file_row_and_reason(tmp_path: Path, bad: str, reason: str) -> None:
    with pytest.raises(FactProblem) as refused:
        steps(tmp_path, FIRST, bad)
    assert "/menu_words.csv, row 3: " in str(refused.value)
    assert reason in str(refused.value)
