"""The tables as shipped, and how they are asked."""

import csv
import datetime as dt
import re
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from lib import commands, facts
from lib.facts import Device, FactProblem, Task, cli, store
from lib.facts.watch import watched
from lib.problems import named

ROOT = Path(__file__).resolve().parents[2]


def test_every_shipped_fact_has_a_source_and_a_date_or_is_not_confirmed() -> None:
    for one in facts.all_facts():
        assert one.as_of <= dt.datetime.now(dt.UTC).date()
        assert one.confirmed is False or one.source.startswith(("https://", "http://", "project:")), one


def test_official_is_only_a_dated_page_of_the_service_itself_and_no_row_claims_more_than_it_earns() -> None:
    rows = [*facts.all_facts(), *facts.all_steps()]
    official = [one for one in rows if one.standing == "official" and not one.source.startswith("project:")]
    assert official
    assert all(one.own_page and one.source_date[:1].isdigit() for one in official)
    for path in sorted((ROOT / "lib" / "services").glob("*/*.csv")):
        if path.name not in {"facts.csv", "menus.csv"}:
            continue
        with path.open(encoding="utf-8", newline="") as file:
            written = [line["confidence"] for line in csv.DictReader(file)]
        read = [one.confidence.value for one in rows if one.file == named(path)]
        assert sorted(written) == sorted(read), path


def test_a_reader_can_open_every_source_and_find_the_claim_there() -> None:
    """Pages of program packages show no claim to somebody who opens them."""
    hidden = re.compile(r"//(www\.)?(pypi\.org|docs\.rs|crates\.io|npmjs\.com)/")
    assert [one.source for one in (*facts.all_facts(), *facts.all_steps()) if hidden.search(one.source)] == []


def test_every_source_inside_the_project_is_a_file_of_the_project() -> None:
    paths = {one.source.removeprefix("project:") for one in facts.all_facts() if one.source.startswith("project:")}
    assert paths
    assert [path for path in paths if path != "README.md" and not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    "name",
    ["Google Photos", "Google Drive", "Dropbox", "iCloud Photos", "iCloud Drive", "OneDrive", "Box", "MEGA", "pCloud",
     "Proton Drive", "Amazon Photos", "Imgur", "Flickr", "Ente Photos", "This server"],
)  # fmt: skip
def test_every_provider_of_the_comparison_has_what_a_sender_asks_first(name: str) -> None:
    known = facts.provider_facts(name)
    for field in ("recipient_account", "default_permission", "words_that_work", "take_back", "e2ee", "app_uploads"):
        assert known[field].known, f"{name}: {field}"
    assert any(facts.menu_steps(name, device, Task.SHARE) for device in Device), name
    assert any(facts.menu_steps(name, device, Task.REVOKE) for device in Device), name


def test_a_provider_that_keeps_a_link_alive_for_some_days_says_how_many() -> None:
    assert [n for n in facts.provider_names() if "expiry_days" in facts.provider_facts(n)] == [
        "iCloud Photos",
        "This server",
    ]


def test_unknown_names_are_refused_and_unknown_cells_are_none() -> None:
    with pytest.raises(FactProblem, match="nobody"):
        facts.provider_facts("nobody")
    with pytest.raises(FactProblem, match=r"tiktok\.colour"):
        facts.fact("tiktok.colour")
    assert facts.provider_fact("OneDrive", "block_download") is None
    assert facts.menu_steps("Flickr", "android") == ()


def test_the_limits_of_this_app_are_those_that_it_ships_with() -> None:
    from lib.settings import Settings

    shipped = {name: field.default for name, field in Settings.model_fields.items()}
    number = {key: facts.fact(f"passalong.{key}").number for key in ("link_days", "photos_per_album", "photo_size")}
    assert number == {
        "link_days": shipped["default_link_days"],
        "photos_per_album": shipped["max_photos"],
        "photo_size": shipped["max_photo_bytes"] / 1e6,
    }
    assert facts.fact("passalong.draft_hours").number == shipped["draft_life_s"] / 3600
    assert facts.fact("passalong.undo_seconds").number == shipped["undo_grace_s"]
    assert facts.fact("this_server.free_storage").number == shipped["visitor_bytes"] / 1e9
    assert facts.fact("this_server.expiry_days").number == shipped["default_link_days"]
    assert facts.fact("this_server.largest_photo").number == shipped["max_photo_bytes"] / 1e6


def test_older_than_goes_by_the_date_of_the_page_and_lists_the_oldest_first() -> None:
    rows = facts.older_than(180, dt.date(2026, 11, 21))
    assert rows
    assert [row.said_on for row in rows] == sorted(row.said_on for row in rows)
    assert rows[-1].said_on < dt.date(2026, 5, 25)
    assert all(row.as_of >= row.said_on for row in rows), "a page cannot be read before it was written"
    assert facts.older_than(40_000, dt.date(2026, 11, 21)) == []


def test_a_broken_table_is_named_and_works_again_once_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(store.TABLES, tmp_path / "tables")
    broken = tmp_path / "tables" / "passalong.csv"
    good = broken.read_text(encoding="utf-8")
    broken.write_text(good.replace("link_days,30", "link_days,thirty"), encoding="utf-8")
    monkeypatch.setattr(store, "TABLES", tmp_path / "tables")
    (problem,) = facts.table_problems()
    assert (problem.file, problem.row) == ("tables/passalong.csv", 2)
    assert "'thirty'" in str(problem)
    broken.write_text(good, encoding="utf-8")
    assert facts.table_problems() == []


def command() -> typer.Typer:
    program = typer.Typer()
    program.command()(commands.facts)
    return program


def test_the_command_lists_what_should_be_looked_at_again() -> None:
    told = CliRunner().invoke(command(), ["--older-than", "180d"], env={"COLUMNS": "400"})
    assert told.exit_code == 0
    assert "2018-11-04" in told.output
    assert "2026-11-21" in told.output
    assert "iCloud Photos" in told.output
    assert f"{len(facts.older_than(180))} of the facts" in told.output


@pytest.mark.parametrize(
    ("text", "days"), [("180d", 180), ("26w", 182), ("6m", 180), ("1y", 365), (" 30 ", 30), ("0d", 0)]
)
def test_a_time_is_read_as_days(text: str, days: int) -> None:
    assert cli.days_of(text) == days


@pytest.mark.parametrize("text", ["", "soon", "-3d", "1.5y", "180 days"])
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="180d"):
        cli.days_of(text)


def test_the_command_names_the_broken_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(store.TABLES, tmp_path / "tables")
    (tmp_path / "tables" / "passalong.csv").write_text("field\nlink_days\n", encoding="utf-8")
    monkeypatch.setattr(store, "TABLES", tmp_path / "tables")
    told = CliRunner().invoke(command(), [])
    assert told.exit_code == 1
    assert "passalong.csv, row 2" in told.output


def test_the_command_says_what_to_look_at_after_which_release() -> None:
    groups = watched()
    assert list(groups) == ["iOS", "Android", "TikTok", "Google"]
    assert all(groups.values())
    assert {one.provider for one in groups["TikTok"]} == {"TikTok"}
    assert any(
        one.provider == "Dropbox" and one.device == "iphone" for one in groups["iOS"] if isinstance(one, facts.Step)
    )
    told = CliRunner().invoke(command(), ["--watch"], env={"COLUMNS": "400"})
    assert told.exit_code == 0
    for release, rows in groups.items():
        assert f"After a release of {release}: {len(rows)} to look at" in told.output
