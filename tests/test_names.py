"""One word for one idea: no two classes of the program have one name."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

import lib
from lib.ui.state import SLOTS
from tests.conftest import ROOT


def test_no_two_classes_have_one_name() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "lib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(str(path.relative_to(ROOT)))
    assert len(found) > 300
    assert {name: where for name, where in found.items() if len(where) > 1} == {}


def test_no_room_has_the_name_of_a_public_function() -> None:
    """`from lib import send` would give the room instead, once anything had loaded it."""
    assert lib.__all__
    rooms = {path.name.removesuffix(".py") for path in (ROOT / "lib").iterdir()}
    assert not rooms & set(lib.__all__)


def test_every_uploader_of_a_page_is_known_to_the_front_door() -> None:
    """One that is drawn past `lib/ui/uploads.py` is shown and refuses every file."""
    drawn = [
        str(path.relative_to(ROOT))
        for folder in ("lib", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if re.search(r"\bst\.(file_uploader|camera_input)\(", path.read_text(encoding="utf-8"))
    ]
    assert drawn == ["lib/ui/uploads.py"]


def test_every_slot_that_a_page_asks_for_is_declared() -> None:
    """A name that nobody fills ends the page with an error, and only once that button is pressed."""
    pages = [path for folder in ("lib", "pages") for path in sorted((ROOT / folder).rglob("*.py"))]
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in pages}
    everything = "\n".join(texts.values())
    widgets = re.findall(r'\bkey="([a-z_.]+)"', everything)
    written = re.findall(r'(?:setdefault\(|session_state\[)"([a-z_.]+)"(?:, |\] = )', everything)
    asked = {
        (where, name) for where, text in texts.items() for name in re.findall(r'session_state\["([a-z_.]+)"\]', text)
    }
    assert len(asked) > 100
    assert not {one for one in asked if one[1] not in {*SLOTS, *widgets, *written}}
