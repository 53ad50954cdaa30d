"""Results as tables: a list of links read from a file, and what was found written to one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from lib.text.escapes import csv_cell

COLUMNS: Final = (
    "link",
    "provider",
    "verdict",
    "opens",
    "sure",
    "in words",
    "who can mend it",
    "what to do",
    "checked at",
)
MAX_FILE_BYTES: Final = 5_000_000


def text_of_file(data: bytes) -> str:
    """Return the text of an uploaded list, whatever its encoding; quoted cells of a CSV stand on lines of their own."""
    data = data[:MAX_FILE_BYTES]
    text = (
        data.decode("utf-16", "replace")
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        else data.decode("utf-8-sig", "replace")
    )
    try:
        cells = [
            cell for row in csv.reader(io.StringIO(text), csv.Sniffer().sniff(text[:4_000], ",;\t")) for cell in row
        ]
    except csv.Error:
        return text
    return "\n".join(cells)


def to_csv(results: Iterable[Mapping[str, Any]]) -> str:
    """Write results, as `Checked.to_dict` gives them, as CSV. Cells that a spreadsheet would run as formulas do not."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for each in results:
        opens = {True: "yes", False: "no", None: "could not tell"}[each["opens"]]
        row = (
            each["url"] or each["written"], each["label"], each["verdict"], opens, each["confidence"], each["line"],
            each["who"], " ".join(each["steps"]["web"]), each["checked_at"],
        )  # fmt: skip
        writer.writerow([csv_cell(cell) for cell in row])
    return out.getvalue()
