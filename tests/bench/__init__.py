"""Speed, size and memory against named rivals, measured on this machine in one run.

`python -m tests.bench` runs every module of this package, `python -m tests.bench photos` one of them. A module has a
`main()` that returns tables; they are printed as Markdown, ready for the README.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Table:
    """One table of figures: a title, column names, rows, and what to know about them."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = field(default=())

    def markdown(self) -> str:
        """The table as Markdown."""
        lines = [f"### {self.title}", "", _row(self.columns), _row(["---"] * len(self.columns))]
        lines += [_row(row) for row in self.rows]
        return "\n".join([*lines, "", *self.notes, ""])


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
