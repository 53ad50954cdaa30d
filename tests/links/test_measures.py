"""The figures that the link doctor is held to, on cases that nobody tuned it for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.links.measures import main


def test_every_figure_keeps_its_bar(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([])
    said = capsys.readouterr().out
    print(said)  # noqa: T201 - the figures are what this test is for; see them with pytest -s
    assert code == 0, said


def test_a_wrong_table_breaks_the_bar_and_prints_no_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    links = tmp_path / "links.tsv"
    links.write_text(
        "case\tinput\tgot\tright\n"
        "shape\thttps://mega.nz/folder/6oxUyaIJ\tmega|folder|KEY_MISSING|\tmega good\n"
        'message:one\thttps://example.org/Secret1\t\t["https://example.org/Other"]\n',
        encoding="utf-8",
    )
    assert main(["--links", str(links)]) == 1
    said = capsys.readouterr().out
    assert "MISSED" in said
    assert "message:one" in said
    assert "6oxUyaIJ" not in said
    assert "Secret1" not in said
