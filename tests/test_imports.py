"""Imports run downwards only: each room imports what stands below it, and only the pages know Streamlit."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Final

import pytest

from tests.conftest import ROOT

BASE: Final = frozenset({"text", "problems", "settings", "private_files"})

# Room -> the rooms that it may import, besides `BASE`. `services.base` is what a service promises (an album goes in, a
# link comes out): the share host keeps that promise as well as each service does. `facts.reader` reads one table.
MAY_IMPORT: Final[Mapping[str, frozenset[str]]] = {
    "text": frozenset(),
    "problems": frozenset(),
    "settings": frozenset(),
    "private_files": frozenset(),
    "terminal": frozenset(),
    "message": frozenset(),
    "photos": frozenset({"terminal"}),
    "facts.reader": frozenset(),
    "services.base": frozenset(),
    "links": frozenset({"photos", "services", "terminal"}),
    "facts": frozenset({"facts.reader", "services", "terminal"}),
    "guide": frozenset({"facts", "facts.reader"}),
    "albums": frozenset({"photos", "links", "services.base", "terminal"}),
    "services": frozenset({
        "services.base", "facts.reader", "links", "albums", "photos", "message", "terminal", "tunnels",
    }),
    "front": frozenset({"links"}),
    "picker": frozenset({"photos", "front"}),
    "recipients": frozenset({"albums", "photos", "services.base"}),
    "hosting": frozenset({"albums", "backups", "facts.reader", "links", "recipients", "terminal", "tunnels"}),
    "backups": frozenset({"albums", "terminal"}),
    "notifications": frozenset({"albums", "links"}),
    "tunnels": frozenset({"albums", "facts.reader", "links", "recipients", "terminal"}),
    "notebooks": frozenset({
        "albums", "facts", "facts.reader", "guide", "links", "message", "photos", "services", "services.base",
    }),
    "uploads": frozenset({
        "albums", "front", "links", "message", "photos", "picker", "recipients", "services",
        "services.base", "tunnels",
    }),
    "http_api": frozenset({"albums", "front", "links", "services.base", "uploads"}),
    "routes": frozenset({"albums", "front", "hosting", "http_api", "notifications", "picker", "recipients", "uploads"}),
    "ui": frozenset({
        "albums", "facts", "facts.reader", "front", "guide", "hosting", "links", "message", "notifications", "photos",
        "picker", "recipients", "services", "services.base", "tunnels", "uploads",
    }),
    "commands": frozenset({
        "albums", "backups", "facts", "hosting", "links", "photos", "services", "terminal", "tunnels",
    }),
    "__main__": frozenset({"commands", "terminal"}),
    "installed": frozenset({"__main__"}),
}  # fmt: skip

KNOWS_STREAMLIT: Final = ("lib.ui.", "lib.front.streamlit_files")  # the latter serves Streamlit's own files

Sources = Mapping[str, str]  # module -> its code


@pytest.fixture(scope="module")
def sources() -> Sources:
    found = {}
    for path in sorted((ROOT / "lib").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = path.read_text(encoding="utf-8")
    assert len(found) > 200
    return found


def test_each_room_imports_only_what_stands_below_it(sources: Sources) -> None:
    assert above(sources) == []


def test_only_the_pages_know_streamlit(sources: Sources) -> None:
    knowing = {name for name, code in sources.items() if any(one.split(".")[0] == "streamlit" for one in imports(code))}
    assert {name for name in knowing if not f"{name}.".startswith(KNOWS_STREAMLIT)} == set()


def test_no_module_needs_itself_to_start(sources: Sources) -> None:
    """Imports at the top of modules make no circle, so any module can be imported first."""
    needs = {}
    for name, code in sources.items():
        named = {one for one in imports(code, at_the_top=True) if one in sources}
        within = {one.rpartition(".")[0] for one in named}  # `from package import module` needs the module
        needs[name] = named - within - {name}
    assert len(list(TopologicalSorter(needs).static_order())) == len(sources)  # a circle raises CycleError


def test_no_service_imports_another(sources: Sources) -> None:
    folders = {path.parent.name for path in (ROOT / "lib" / "services").glob("*/service.toml")}
    for name, code in sources.items():
        own = service_of(name)
        others = {service_of(one) for one in imports(code)} & folders - {own}
        assert not (own in folders and others), f"{name} imports {others}"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("lib.photos.made_up", "from lib.albums import Share"),
        ("lib.links.made_up", "def late() -> None:\n    import lib.ui.state\n"),
        ("lib.facts.reader", "from lib.services.reader import reader"),
        ("lib.a_new_room.made_up", "import json"),
    ],
    ids=["a room above", "inside a function", "the reader of tables", "a room that nobody declared"],
)
def test_an_import_from_above_is_noticed(name: str, code: str) -> None:
    assert [one.split(":")[0] for one in above({name: code})] == [name]


def above(sources: Sources) -> list[str]:
    """Return what imports from above, and what stands in no room."""
    found = []
    for name, code in sources.items():
        if name == "lib":
            continue
        room = room_of(name)
        if room not in MAY_IMPORT:
            found.append(f"{name}: {room} is no room of MAY_IMPORT")
            continue
        rooms = {room_of(one) for one in imports(code) if one.startswith("lib.")}
        found += [f"{name}: imports from {one}" for one in sorted(rooms - MAY_IMPORT[room] - BASE - {room})]
    return found


def room_of(name: str) -> str:
    """Return the room of a module: the longest name of `MAY_IMPORT` that it begins with, else its folder."""
    inside = name.removeprefix("lib.")
    return max((one for one in MAY_IMPORT if f"{inside}.".startswith(f"{one}.")), key=len, default=inside.split(".")[0])


def service_of(name: str) -> str:
    """Return the folder below `lib/services` in which a module stands, or what stands there in its place."""
    return name.removeprefix("lib.services.").split(".")[0] if name.startswith("lib.services.") else ""


def imports(code: str, *, at_the_top: bool = False) -> Iterator[str]:
    """Yield the modules that a module imports: everywhere, or only those without which it does not start."""
    for node in _nodes(ast.parse(code), at_the_top=at_the_top):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)  # it may name a module of a package


def _nodes(tree: ast.AST, *, at_the_top: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if at_the_top and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue  # runs later
        if at_the_top and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue  # never runs
        yield node
        yield from _nodes(node, at_the_top=at_the_top)
