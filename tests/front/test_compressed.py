"""Which encoding a browser gets, and that it can be read back."""

import gzip
from pathlib import Path

import brotli
import pytest

from lib.front.compressed import Compressed, wanted_encoding, worth_it
from lib.front.kept import Kept

TEXT = b"the same words again and again, " * 400


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("BR", "br"),
        ("br;q=0, gzip;q=0.2", "gzip"),
        ("br;q=0.0, gzip;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity", None),
        ("br;q=nonsense, gzip", "gzip"),
        ("", None),
        (";;,,=", None),
    ],
)
def test_the_best_encoding_that_the_browser_takes(accepted: str, wanted: str | None) -> None:
    assert wanted_encoding(accepted) == wanted


def test_what_is_pressed_reads_back_and_the_smallest_is_kept(tmp_path: Path) -> None:
    pressed = Compressed(Kept(tmp_path))
    assert brotli.decompress(pressed.press_whole(TEXT, "br")) == TEXT
    assert gzip.decompress(pressed.press_whole(TEXT, "gzip")) == TEXT
    assert {path.suffix for path in tmp_path.iterdir()} == {".br", ".gzip"}
    # Another start finds it: nothing is pressed twice.
    kept = next(path for path in tmp_path.iterdir() if path.suffix == ".br")
    kept.write_bytes(brotli.compress(b"from the folder"))
    assert brotli.decompress(Compressed(Kept(tmp_path)).press(TEXT, "br")) == b"from the folder"


def test_the_first_visitor_does_not_wait_for_the_smallest(tmp_path: Path) -> None:
    first = Compressed(Kept(tmp_path)).press(TEXT, "gzip")
    assert gzip.decompress(first) == TEXT


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_keeping(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    taken = tmp_path / "a-file"
    taken.write_text("in the way", encoding="utf-8")
    kept = Kept(taken / "cache")
    assert kept.make("one.br", lambda: b"made") == b"made"
    assert kept.make("one.br", lambda: b"made again") == b"made"
    assert "cannot be kept" in caplog.text


@pytest.mark.parametrize(
    ("name", "size", "worth"),
    [("a.js", 10_000, True), ("a.js", 100, False), ("a.woff2", 99_999, False), ("a.css", 600, True)],
)
def test_only_text_of_some_length_is_pressed(name: str, size: int, *, worth: bool) -> None:
    assert worth_it(name, size) is worth
