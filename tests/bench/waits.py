"""The small steps that a person waits for: reading a link, drawing a page, naming a place, opening the index."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from lib.albums.index import Index
from lib.links import recognise, recognise_all
from lib.links.known import providers
from lib.photos.towns import nearest_town
from lib.ui.state import SLOTS
from tests.bench import Table
from tests.conftest import ROOT

ROUNDS = 7
PAGES = ("guide.py", "compare_storage.py", "privacy_checklist.py", "check_link.py")


def main() -> list[Table]:
    """Measure each step several times and return the median."""
    links = [url for each in providers() for shape in each.shapes for url in shape.examples]
    lines = "\n".join(f"https://example.org/photos/{number}" for number in range(100_000))
    rows = [
        ("a link read (every example of every rule)", _ms(lambda: [recognise(url) for url in links]) / len(links), 1),
        ("a text of 100,000 links read as far as a batch goes", _ms(lambda: list(recognise_all(lines))), 2_000),
        ("10 MB of text without a link", _ms(lambda: recognise("www." * 2_500_000)), 2_000),
        ("the town nearest to a position", _ms(lambda: nearest_town(38.7, -9.1)), 5),
        ("the index opened again", _index_ms(), 200),
        *(
            (f"{name.removesuffix('.py').replace('_', ' ')} drawn, without the browser", _page_ms(name), 1_000)
            for name in PAGES
        ),
    ]
    return [
        Table(
            "What people wait for",
            ("what", "ms, median", "aim", "aim ÷ measured"),
            [(what, f"{ms:.3g}", aim, f"**{aim / ms:,.0f} ×**") for what, ms, aim in rows],
            [f"{ROUNDS} rounds each, after one that reads the tables. {len(links)} links."],
        )
    ]


def _ms(step: Callable[[], object]) -> float:
    step()
    return statistics.median(_once(step) for _ in range(ROUNDS))


def _once(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return (time.perf_counter() - started) * 1_000


def _index_ms() -> float:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'index.db'}"
        return _ms(lambda: Index(url).close())


def _page_ms(name: str) -> float:
    def draw() -> None:
        test = AppTest.from_file(str(ROOT / "pages" / name), default_timeout=60)
        for key, value in SLOTS.items():
            test.session_state[key] = value.copy() if isinstance(value, dict | list) else value
        assert test.run().title, f"{name} drew nothing"

    return _ms(draw)
