from __future__ import annotations

import pytest

from lib.text.escapes import csv_cell, markdown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a title", "a title"),
        ("[tap](https://x.example)", r"\[tap\]\(https\://x\.example\)"),
        ("**loud** `code` $x$ :red[b]", r"\*\*loud\*\* \`code\` \$x\$ \:red\[b\]"),
        ("two\n# lines", r"two \# lines"),
    ],
)
def test_markdown_shows_a_text_as_it_is(text: str, shown: str) -> None:
    assert markdown(text) == shown


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_is_never_run_as_a_formula(start: str) -> None:
    assert csv_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", ["Ana", "https://x.example/", 5, "", "a=b"])
def test_an_ordinary_cell_stays_as_it_is(value: object) -> None:
    assert csv_cell(value) == str(value)
