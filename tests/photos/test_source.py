"""A photo may be given as a path, as bytes or as an open file; what cannot be read is told in words."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.photos import EmptyFile, PhotoProblem, TooLarge, UnreadableFile, prepare_photo, read_metadata
from tests.pictures import photo_with_secrets

REAL = ("phone/galaxy-s7-edge-gps.jpg", "phone/iphone-gps.heic", "formats/sampleWithExifData.png")
ENTRIES = {"prepare_photo": prepare_photo, "read_metadata": read_metadata}


def photo_at(folder: Path) -> Path:
    path = folder / "beach.jpg"
    path.write_bytes(photo_with_secrets(width=320, height=240))
    return path


def same_from_everywhere(path: Path) -> None:
    data = path.read_bytes()
    clean, told = prepare_photo(data, max_side=400), read_metadata(data)
    assert clean.report.findings
    with path.open("rb") as file, path.open("rb", buffering=0) as raw:
        for source in (path, str(path), bytearray(data), memoryview(data), io.BytesIO(data), file, raw):
            assert prepare_photo(source, max_side=400) == clean, type(source)
            assert read_metadata(source) == told, type(source)  # an open file is read from its beginning again
        assert not file.closed
    assert path.read_bytes() == data


def test_a_photo_is_the_same_from_a_path_bytes_or_an_open_file(tmp_path: Path) -> None:
    same_from_everywhere(photo_at(tmp_path))


@pytest.mark.parametrize("name", REAL)
def test_a_real_photo_is_the_same_from_a_path_bytes_or_an_open_file(
    name: str, real_photo: Callable[[str], Path]
) -> None:
    same_from_everywhere(real_photo(name))


def test_a_file_that_cannot_be_wound_back_is_read_on(tmp_path: Path) -> None:
    data = photo_at(tmp_path).read_bytes()
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as into:
        into.write(data)  # a small photo fits into the pipe
    with os.fdopen(reading, "rb") as pipe:
        assert prepare_photo(pipe) == prepare_photo(data)


def closed_file(folder: Path) -> object:
    with photo_at(folder).open("rb") as file:
        return file


def for_writing(folder: Path) -> object:
    return (folder / "new.jpg").open("wb")


def empty(folder: Path) -> object:
    (folder / "empty.jpg").touch()
    return folder / "empty.jpg"


def pipe(folder: Path) -> object:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda folder: folder / "nowhere.jpg", UnreadableFile, "nowhere.jpg cannot be read: No such file"),
        (lambda folder: str(folder / "nowhere.jpg"), UnreadableFile, "nowhere.jpg cannot be read: No such file"),
        (lambda folder: photo_at(folder) / "in-a-photo.jpg", UnreadableFile, "Not a directory"),
        (lambda folder: folder / ("x" * 300), UnreadableFile, "cannot be read: File name too long"),
        (lambda _: "beach\0.jpg", UnreadableFile, "null byte"),
        (lambda folder: folder, UnreadableFile, "is a folder"),
        (str, UnreadableFile, "is a folder"),
        (pipe, UnreadableFile, "is not a file"),
        (closed_file, UnreadableFile, "closed file"),
        (for_writing, UnreadableFile, "cannot be read"),
        (lambda folder: photo_at(folder).open(encoding="latin-1"), UnreadableFile, "open as text"),
        (lambda _: None, UnreadableFile, "this is None"),
        (lambda folder: [folder], UnreadableFile, "this is a list"),
        (lambda _: 7, UnreadableFile, "this is an int"),
        (empty, EmptyFile, "no content"),
        (lambda _: b"", EmptyFile, "no content"),
        (lambda _: io.BytesIO(), EmptyFile, "no content"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(
    entry: Callable[[object], object],
    make: Callable[[Path], object],
    kind: type[PhotoProblem],
    said: str,
    tmp_path: Path,
) -> None:
    source = make(tmp_path)
    with pytest.raises(kind) as found:
        entry(source)
    if isinstance(source, io.IOBase):
        source.close()
    assert said in str(found.value)
    assert found.value.title
    assert found.value.fix


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_of_a_file_over_the_limit_no_more_is_read_than_the_limit(entry: Callable[..., object], tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(1 << 36)  # 69 GB that take no room on the disk
    with pytest.raises(TooLarge, match="limit"):
        entry(huge, max_bytes=5_000_000)
    with huge.open("rb") as file:
        with pytest.raises(TooLarge, match="limit"):
            entry(file, max_bytes=5_000_000)
        assert file.tell() < 10_000_000
