"""Links for several people, as a table."""

from __future__ import annotations

import csv
import io

from lib.ui.links.change import _table


def test_a_name_that_a_spreadsheet_would_run_is_only_shown() -> None:
    names = ["Ana", '=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\tx"]
    rows = list(
        csv.DictReader(io.StringIO(_table([{"name": one, "link": "https://x", "until": "…"} for one in names])))
    )
    assert rows[0]["name"] == "Ana"
    assert [row["name"] for row in rows[1:]] == [f"'{one}" for one in names[1:]]
