"""Results as tables: a list of links read from a file, and what was found written to one."""

from __future__ import annotations

import csv
import io
import json
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
    text = data.decode(encoding_of(data), "replace")
    return cells_of(text, dialect_of(text))


def encoding_of(data: bytes) -> str:
    """Name the encoding of a text by its first bytes."""
    return "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"


def dialect_of(text: str) -> type[csv.Dialect] | None:
    """Guess how a table separates its cells, from how it begins; None where the text is no table."""
    try:
        return csv.Sniffer().sniff(text[:4_000], ",;\t")
    except csv.Error:
        return None


def cells_of(text: str, dialect: type[csv.Dialect] | None) -> str:
    """Return the cells of a table, each on a line of its own; a text that is no table as it is."""
    if dialect is None:
        return text
    try:
        return "\n".join(cell for row in csv.reader(io.StringIO(text), dialect) for cell in row)
    except csv.Error:
        return text


_FOR_SCREENS: Final = frozenset({"icon", "colour", "screenshot"})


def to_json(checked: Mapping[str, Any]) -> str:
    """Write one result, as `Checked.to_dict` gives it, as one line of JSON: all that a program needs, no decoration."""
    shown = {name: value for name, value in checked.items() if name not in _FOR_SCREENS}
    photo = shown.pop("photo") or {}
    shown["photo"] = {name: value for name, value in photo.items() if name != "preview"} or None
    shown["looked_inside"] = bool(photo.get("looked_inside"))
    return json.dumps(shown, ensure_ascii=False)


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
