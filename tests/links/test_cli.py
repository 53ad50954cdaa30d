"""`python -m lib check`: what it prints, and its three exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from internet import page

from lib.links import check, offline, run
from lib.links.cli import ALL_OPEN, COULD_NOT_TELL, SOME_CLOSED, USAGE, check_them, compare_them
from lib.links.recognise import recognise, recognise_all
from lib.links.report import COLUMNS, text_of_file, to_csv
from lib.links.run import run_checks

OPEN, CLOSED, UNTOLD = (f"https://photos.example.org/{word}" for word in ("open", "closed", "untold"))


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small internet that lives as long as each check."""
    import contextlib

    from internet import small_internet
    from states import picture

    @contextlib.asynccontextmanager
    async def fetcher(own_origins: frozenset[str]):  # noqa: ANN202
        async with small_internet() as internet:
            internet.play(
                (r"/open", page(picture(), Content_Type="image/jpeg")),
                (r"/closed", page("", 410)),
                (r".", page("<html>?")),
            )
            async with internet.fetcher(own_origins) as real:
                yield real

    monkeypatch.setattr(run, "open_fetcher", fetcher)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("links", "code"),
    [
        ([OPEN], ALL_OPEN),
        ([OPEN, CLOSED], SOME_CLOSED),
        ([OPEN, UNTOLD], COULD_NOT_TELL),
        ([CLOSED, UNTOLD], SOME_CLOSED),
        (["no link here"], SOME_CLOSED),
        ([], USAGE),
    ],
)
def test_exit_codes(links: list[str], code: int) -> None:
    assert check_them(links, None, as_json=False, ask=True) == code


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        (f"{OPEN},OPEN_PHOTO\n# mine\n\n{CLOSED},gone\n", ALL_OPEN, "2 of 2 as they must be; 0 changed."),
        (
            f"{OPEN},OPEN_PHOTO\n{CLOSED},OPEN_ALBUM\n",
            SOME_CLOSED,
            "must be OPEN_ALBUM; look at lib/links/other",
        ),
        (f"{UNTOLD},OPEN_PHOTO\n", SOME_CLOSED, "UNRECOGNISED_PAGE"),  # a page that we do not know any more
        ("https://nowhere.example.com/x,OPEN_PHOTO\n", COULD_NOT_TELL, "Nothing could be compared"),
    ],
)
def test_links_of_known_verdict_show_whether_the_rules_still_hold(
    lines: str, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(lines, encoding="utf-8")
    assert compare_them(file) == code
    out = capsys.readouterr().out
    assert said in out
    assert "photos.example.org" not in out  # a link is a secret


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("", "no link"),
        (OPEN, "Row 1 has 1 cells"),
        (f"{OPEN},WONDERFUL", "WONDERFUL is no verdict"),
        (f"{OPEN},GONE\nhello,GONE", "Row 2 does not begin with a web link"),
    ],
)
def test_a_list_of_known_links_is_refused_with_the_row_and_the_reason(lines: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(lines, encoding="utf-8")
    with pytest.raises(typer.BadParameter, match=reason):
        compare_them(file)


def test_offline_asks_nobody_and_calls_a_good_look_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_them([OPEN], None, as_json=False, ask=False) == ALL_OPEN
    assert check_them(["https://drive.google.com/drive/my-drive"], None, as_json=False, ask=False) == SOME_CLOSED
    assert "ACCOUNT_BOUND" in capsys.readouterr().out


@pytest.mark.usefixtures("served")
def test_json_is_one_object_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "links.csv"
    file.write_text(f"name,link\nann,{OPEN}\nbob,{CLOSED}\n", encoding="utf-8")
    check_them([], file, as_json=True, ask=True)
    results = {each["url"]: each for each in map(json.loads, capsys.readouterr().out.splitlines())}
    assert results[OPEN]["opens"] is True
    assert results[CLOSED]["verdict"] == "GONE"
    assert results[CLOSED]["steps"]["web"]
    first = results[OPEN]
    assert isinstance(first["schema"], int)
    assert first["final_url"] == OPEN
    assert [hop["status"] for hop in first["hops"]] == [200]
    assert first["looked_inside"] is True
    assert not {"icon", "colour", "screenshot"} & first.keys()
    assert "preview" not in first["photo"]


@pytest.mark.parametrize("cells", ["{}", "ann,{}", '"ann, b";"{}"'])
def test_a_file_of_any_length_is_read_to_its_end(
    cells: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "links.csv"
    file.write_text("\n".join(cells.format(f"{OPEN}/{n}") for n in range(1_500)) + f"\n{CLOSED[:-1]}\n", "utf-8")
    assert check_them([], file, as_json=True, ask=False) == ALL_OPEN
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1_501
    assert "1,501 links: 1,501 good" in told.err
    file.write_text(file.read_text("utf-8") + "https://drive.google.com/drive/my-drive\n", "utf-8")
    assert check_them([], file, as_json=True, ask=False) == SOME_CLOSED


def test_the_first_results_come_while_the_rest_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that has not ended yet: what has come through it is checked."""
    import os
    import sys
    from types import SimpleNamespace

    from lib.links import cli

    reading, writing = os.pipe()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=os.fdopen(reading, "rb")))
    shown: list[str] = []

    def show(_: object, checked: check.Checked, **__: object) -> None:
        shown.append(checked.link.url)
        if len(shown) == 1:
            os.write(writing, f"{OPEN}/last\n".encode())
            os.close(writing)

    monkeypatch.setattr(cli, "_show", show)
    os.write(writing, "".join(f"{OPEN}/{n}\n" for n in range(200)).encode())
    assert check_them([], Path("-"), as_json=True, ask=False) == ALL_OPEN
    sys.stdin.buffer.close()
    assert len(shown) == 201


def test_a_file_that_is_not_there_is_a_fault_of_use(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from lib.__main__ import app

    told = CliRunner().invoke(app, ["check", "-f", str(tmp_path / "nowhere.txt")])
    assert told.exit_code == USAGE
    assert CliRunner().invoke(app, ["check", "--nonsense"]).exit_code == USAGE


@pytest.mark.usefixtures("served")
def test_results_come_in_a_thread_and_stop_when_closed() -> None:
    links = list(recognise_all("\n".join(f"https://photos.example.org/open{n}" for n in range(40))))
    checking = run_checks(links)
    next(checking)
    checking.close()


def test_a_fault_of_ours_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: frozenset[str]) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(run, "open_fetcher", broken)
    with pytest.raises(RuntimeError, match="on purpose"):
        list(run_checks([recognise(OPEN)]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_list_is_read_in_any_encoding(encoding: str) -> None:
    data = f'Name;Link\nJürgen;{OPEN}\n"A, B";{CLOSED}\n'.encode(encoding)
    assert [each.url for each in recognise_all(text_of_file(data))] == [OPEN, CLOSED]


def test_a_file_of_anything_is_read_without_a_fault() -> None:
    for data in (b"", b"\x00" * 10_000, bytes(range(256)) * 50, b'"' * 1_000, b"\xff\xfe\x00"):
        list(recognise_all(text_of_file(data)))


def test_the_table_has_every_column_and_runs_no_formula() -> None:
    results = [offline(recognise(text)).to_dict() for text in (OPEN, "=cmd()", "https://drive.google.com/drive/home")]
    rows = list(csv.reader(io.StringIO(to_csv(results))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 4
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_the_slow_connection_is_the_one_of_the_table() -> None:
    assert check.seconds_on_slow_phone(1_000_000) == pytest.approx(5.2, abs=0.1)
    assert check.limits()["slow_4g"]["source"]
