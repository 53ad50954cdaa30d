"""The release check that counts alarms on good links."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.links.known import providers
from tests.links.alarms import main

GOOD = Path(__file__).with_name("good_links.tsv")


def test_no_good_link_is_called_closed_before_it_was_opened(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(GOOD)]) == 0, capsys.readouterr().out


def test_no_example_of_the_rule_files_is_an_alarm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = [
        url
        for each in providers()
        for shape in each.shapes
        if shape.role in {"share", "direct"} and not shape.verdict
        for url in shape.examples
        if url.startswith("http")
    ]
    file = tmp_path / "links.txt"
    file.write_text("# all of them\n" + "\n".join(shared), encoding="utf-8")
    assert main([str(file)]) == 0, capsys.readouterr().out


def test_an_alarm_is_counted_and_shown_without_the_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "links.csv"
    file.write_text(
        "name,link\nann,https://mega.nz/folder/6oxUyaIJ\nbob,https://photos.example.org/1\n", encoding="utf-8"
    )
    assert main([str(file)]) == 1
    said = capsys.readouterr().out
    assert "line 2: mega.nz would be called KEY_MISSING" in said
    assert "1 of 2 good links" in said
    assert "6oxUyaIJ" not in said
    assert main([str(file), "--at-most", "50"]) == 0
    file.write_text("", encoding="utf-8")
    assert main([str(file)]) == 2
