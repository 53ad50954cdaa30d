"""The tables behind the comparison."""

import math

import pytest

from lib.facts import Device, Task, menu_steps, provider_fact, provider_names
from lib.facts.ease import taps
from lib.guide import compare, glance


def test_the_table_holds_at_least_fifteen_providers_and_every_column() -> None:
    frame = compare.table(provider_names(), [field.key for field in compare.columns()])
    assert len(frame) >= 15
    assert next(iter(frame.columns)) == compare.PROVIDER
    assert len(frame.columns) == len(compare.columns()) + 1
    assert set(compare.FIRST) <= {field.key for field in compare.columns()}


def test_what_is_not_confirmed_carries_a_mark_and_what_is_unknown_a_dash() -> None:
    assert compare.cell(provider_fact("pCloud", "free_storage")) == "10 GB ?"
    assert compare.cell(provider_fact("pCloud", "free_storage"), " (no source)") == "10 GB (no source)"
    assert compare.cell(provider_fact("Dropbox", "free_storage")) == "2 GB"
    assert compare.cell(None) == "–"


def test_numbers_sort_as_numbers_and_the_unknown_comes_last() -> None:
    up = compare.sorted_by(provider_names(), "free_storage")
    down = compare.sorted_by(provider_names(), "free_storage", descending=True)
    assert (up[0], down[0]) == ("This server", "TeraBox")
    unknown = {name for name in provider_names() if not provider_fact(name, "free_storage")}
    assert unknown >= {"Imgur", "Flickr", "Nextcloud", "Immich", "ImgBB", "Samsung Quick Share", "WeTransfer"}
    assert {*up[-len(unknown) :]} == {*down[-len(unknown) :]} == unknown
    assert sorted(up) == sorted(provider_names())


def test_choices_sort_in_their_declared_order_and_names_without_case() -> None:
    passwords = [provider_fact(name, "password") for name in compare.sorted_by(provider_names(), "password")]
    values = [one.value for one in passwords if one]
    assert values == sorted(values, key=["free", "paid", "no"].index)
    assert compare.sorted_by(["pCloud", "OneDrive", "Box"], compare.PROVIDER) == ["Box", "OneDrive", "pCloud"]


@pytest.mark.parametrize(
    ("needs", "space", "inside", "outside"),
    [
        (["e2ee"], 0, "MEGA", "Dropbox"),
        (["password", "expiry"], 0, "Ente Photos", "Google Drive"),
        ([], 20, "MEGA", "Google Photos"),
        ([], 1, "Dropbox", "Flickr"),
    ],
)
def test_a_filter_keeps_what_fits(needs: list[str], space: float, inside: str, outside: str) -> None:
    names = compare.matching(needs, space)
    assert inside in names
    assert outside not in names


def test_a_number_column_can_be_sorted_by_the_browser() -> None:
    series = compare.numbers(["Dropbox", "Imgur"], "free_storage")
    assert series[0] == 2
    assert math.isnan(series[1])
    assert compare.is_number("free_storage")
    assert not compare.is_number("traffic_cap")  # its unit differs from row to row
    assert not compare.is_number("password")


def test_side_by_side_shows_every_note() -> None:
    frame = compare.side_by_side(["Dropbox", "Box"], ["password", "traffic_cap"])
    assert list(frame.columns) == ["Dropbox", "Box"]
    assert "20 GB a day" in frame.loc["Traffic limit of a free account", "Dropbox"]
    assert "At least 8 characters" in frame.loc["Password on the link", "Box"]


def test_every_row_that_is_downloaded_has_its_source() -> None:
    frame = compare.with_sources(provider_names())
    assert (frame["source"] != "").all()
    assert (frame["as_of"] != "").all()
    assert set(frame["confidence"]) == {
        "official", "the service’s own page", "reported", "third-hand", "not confirmed",
    }  # fmt: skip


def test_the_charts_rest_on_the_same_facts() -> None:
    space = compare.photos_in_free_space(4)
    assert dict(zip(space["Provider"], space["Photos"], strict=True))["Dropbox"] == 500
    assert list(space["Photos"]) == sorted(space["Photos"], reverse=True)
    grid = compare.what_recipients_need()
    assert len(grid) == len(provider_names()) * len(compare.RECIPIENT)
    assert set(grid["Verdict"]) <= set(compare.VERDICTS)
    drive = grid[(grid["Provider"] == "Google Drive") & (grid["Question"] == "No setting")]
    assert list(drive["Verdict"]) == ["No"]


def test_three_services_stand_side_by_side_with_what_people_ask_first() -> None:
    assert glance.services() == ["Google Photos", "Dropbox", "iCloud Photos"]
    rows = glance.at_a_glance(5)
    assert list(rows) == ["Free space", "Ease of sharing", "Works on", "Privacy"]
    assert all(len(answers) == 3 and all(one.facts for one in answers) for answers in rows.values())
    assert [one.text for one in rows["Free space"]] == ["15 GB", "2 GB", "5 GB"]
    assert rows["Free space"][1].below == "400 photos of 5 MB"
    assert rows["Works on"][2].below == "no app on Android"
    assert "hidden unless you share it" in rows["Privacy"][0].text


def test_ease_of_sharing_is_counted_in_the_menu_words() -> None:
    for name in provider_names():
        one = provider_fact(name, "ease")
        assert one, name
        counted = [taps(steps) for device in Device if (steps := menu_steps(name, device, Task.SHARE))]
        assert one.number in counted, name
        assert str(one.number)[0] in one.note
    steps = [step for step in menu_steps("iCloud Shared Album", Device.IPHONE, Task.UPLOAD) if step.number == 1]
    assert steps[0].menu == ("Photos", "Collections > Shared Albums", "+")
    assert taps(steps) == 4, "a path counts each of its words"
    assert compare.sorted_by(["Google Drive", "Google Photos"], "ease") == ["Google Photos", "Google Drive"]


def test_the_grid_shows_only_the_providers_that_it_is_given() -> None:
    assert set(compare.what_recipients_need(["MEGA", "Box"])["Provider"]) == {"MEGA", "Box"}
