"""What a person has unfolded stays unfolded when the page is drawn anew."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

UNFOLDING = {"expander", "popover"}
# They stand where nothing comes before them later, and say the same as long as they are there; of these there may be
# several on one page, so that a key would have to name each.
WITHOUT_KEY = {
    "lib/ui/check/cards.py": 2,
    "lib/ui/checklist/inspector.py": 1,
    "lib/ui/providers/setup.py": 1,
}


def unfolding(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in UNFOLDING:
            yield node


def test_everything_that_unfolds_has_a_key() -> None:
    """Streamlit folds up what has none as soon as its name changes, or as one more element comes to stand before it."""
    found: dict[str, int] = {}
    seen = 0
    for path in sorted([*(ROOT / "lib" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]):
        for call in unfolding(path):
            seen += 1
            if not any(word.arg == "key" for word in call.keywords):
                name = path.relative_to(ROOT).as_posix()
                found[name] = found.get(name, 0) + 1
    assert seen > len(WITHOUT_KEY)
    assert found == WITHOUT_KEY
