"""The calls for scripts and notebooks: whatever photos are given as, whichever loop is running."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

import lib.uploads.api  # noqa: F401 - a room of the same name is loaded before the function is asked for
from lib import check, clean, inspect, send, storage
from lib.notebooks import AppNotStarted, CleanPhotos, InspectedPhotos, MyLink, sample_photos, start_app
from lib.notebooks.cards import card
from lib.photos import EmptyFile, NotAPicture, NoUsablePhoto, PhotoProblem, UnreadableFile
from lib.problems import Problem
from lib.settings import settings
from lib.text.spans import NotATime, span
from tests.conftest import ROOT, free_port, running_app
from tests.pictures import OWNER, photo_with_secrets


@pytest.fixture(scope="module")
def photo() -> bytes:
    return photo_with_secrets(width=400, height=300)


@pytest.fixture
def path(tmp_path: Path, photo: bytes) -> Path:
    made = tmp_path / "beach.jpg"
    made.write_bytes(photo)
    return made


@pytest.fixture
def own_data(tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Settings of this test's own; what others read before comes back afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PASSALONG_DATA_DIR", str(tmp_path / "data"))
        patch.setenv("PASSALONG_PUBLIC_URL", f"http://127.0.0.1:{free_port()}")
        patch.setenv("PASSALONG_WHO_MAY_CREATE", "anyone")
        settings.cache_clear()
        yield patch
    settings.cache_clear()


@pytest.mark.parametrize("as_given", [str, Path, Path.read_bytes, lambda path: io.BytesIO(path.read_bytes())])
def test_one_photo_gives_one_result_however_it_is_given(path: Path, as_given: Callable[[Path], object]) -> None:
    seen, ready = inspect(as_given(path)), clean(as_given(path))  # type: ignore[call-overload]
    assert OWNER in " ".join(seen.private)
    assert "Ravenna" in repr(seen)
    assert any(OWNER in one for one in ready.removed)
    assert inspect(ready.data).private == ()
    for shown in (seen, ready):
        assert "data:image/jpeg;base64," in shown._repr_html_()
        assert list(shown.to_frame()["verdict"]) == [shown.verdict]


def test_an_open_file_stays_open_and_its_name_is_kept(path: Path) -> None:
    with path.open("rb") as file:
        assert clean(file).name == "beach.jpg"  # type: ignore[union-attr]
        assert not file.closed


def test_a_folder_and_a_list_give_sequences_with_what_was_refused(tmp_path: Path, path: Path, photo: bytes) -> None:
    (tmp_path / "notes.txt").write_text("no photo")
    (tmp_path / "broken.jpg").write_bytes(photo[:500])
    seen = inspect(tmp_path)
    assert isinstance(seen, InspectedPhotos)
    assert [one.name for one in seen] == ["beach.jpg"]
    assert [one.name for one in seen.refused] == ["broken.jpg"]
    ready = clean([path, photo, io.BytesIO(b""), b"no picture", tmp_path / "missing.jpg"])
    assert isinstance(ready, CleanPhotos)
    assert [one.name for one in ready] == ["beach.jpg", "photo 2"]
    assert [type(one.problem) for one in ready.refused] == [EmptyFile, NotAPicture, UnreadableFile]
    assert len(ready[:1]) == 1
    assert "2 photos, 3 refused" in repr(ready)
    assert list(ready.to_frame().columns)[:2] == ["name", "format"]
    saved = ready.save(tmp_path / "clean")
    assert saved + ready[:1].save(tmp_path / "clean") == [  # type: ignore[attr-defined]
        tmp_path / "clean" / name for name in ("beach.jpg", "photo 2.jpg", "beach-2.jpg")
    ]
    assert path.read_bytes() == photo


@pytest.mark.parametrize(
    ("given", "kind"),
    [("missing.jpg", UnreadableFile), (b"", EmptyFile), (b"text", NotAPicture), ([], NoUsablePhoto),
     (5, UnreadableFile), (None, UnreadableFile), ([b"text", b""], NoUsablePhoto)],
)  # fmt: skip
def test_what_cannot_be_used_is_told_in_words(given: object, kind: type[PhotoProblem]) -> None:
    for call in (inspect, clean):
        with pytest.raises(kind) as told:
            call(given)  # type: ignore[call-overload]
        assert str(told.value).endswith(".")
        assert told.value.fix


def test_words_from_photos_never_become_html(tmp_path: Path, photo: bytes) -> None:
    strange = tmp_path / "<img src=x onerror=alert(1)>.jpg"
    strange.write_bytes(photo)
    for shown in (inspect(strange), clean([strange])):
        assert "<img src=x" not in shown._repr_html_()
    assert "href" not in card("A link", [], link="javascript:alert(1)")


def test_a_link_is_made_opened_checked_and_taken_back(own_data: pytest.MonkeyPatch, path: Path, tmp_path: Path) -> None:
    with running_app(tmp_path) as app:
        own_data.setenv("PASSALONG_PUBLIC_URL", app.url)
        settings.cache_clear()
        link = send([path, b"no photo"], title="By the sea", expires="7d", views=3)
        assert link.opens
        assert link.made.expires_at is not None
        assert timedelta(days=6) < link.made.expires_at - datetime.now(UTC) <= timedelta(days=7)
        assert [one.name for one in link.refused] == ["photo 2"]
        assert link.url not in repr(link)
        assert link.url in link._repr_html_()
        assert str(link) == link.url
        assert link.to_frame().loc[0, "photos"] == 1
        table = check([link, "no link"])
        assert list(table["opens"].fillna(value=False)) == [True, False]

        async def inside() -> MyLink:
            return send(clean(path), password="moss lantern gravel")

        locked = asyncio.run(inside())
        assert locked.view is not None
        assert locked.view.door
        assert locked.opens
        for one in (link, locked):
            proof = one.take_back()
            assert proof.proven
            assert "none shows anything" in one.verdict
            assert one.url not in one._repr_html_()
        assert bool(proof.to_frame().loc[0, "proven"])
        another = MyLink(link.url[:-3] + "abc", link.made)
        with pytest.raises(Problem):
            another.take_back()


def test_without_the_app_nothing_is_claimed(own_data: pytest.MonkeyPatch, path: Path) -> None:
    link = send(path)
    assert link.opens is False
    proof = link.take_back()
    assert not proof.proven
    assert "nothing is proven" in repr(proof)
    own_data.setenv("PASSALONG_PUBLIC_URL", "http://photos.invalid")
    settings.cache_clear()
    with pytest.raises(AppNotStarted, match="public address is not this computer") as told:
        start_app()
    assert "make run" in told.value.fix


@pytest.mark.usefixtures("own_data")
def test_a_wrong_time_makes_no_link(path: Path) -> None:
    with pytest.raises(NotATime, match="'soon' is not a time") as told:
        send(path, expires="soon")
    assert told.value.fix == "Write it as 12h, 7d, 2w, 3m or 1y."
    assert span("2w") == timedelta(days=14)


def test_storage_is_a_table_with_numbers_units_and_sources() -> None:
    table = storage()
    assert table.index.name == "provider"
    assert len(table) > 10
    assert isinstance(table["free_storage"].dtype, pd.Float64Dtype)
    assert table.attrs["units"]["free_storage"] == "GB"
    facts = storage("Dropbox", sources=True)
    assert set(facts["provider"]) == {"Dropbox"}
    assert facts["source"].astype(bool).any()
    with pytest.raises(Problem):
        storage("Nobody")


def test_a_link_is_judged_by_its_text_alone_where_nobody_is_to_be_asked() -> None:
    table = check("Look: https://www.dropbox.com/home/holiday and https://drive.google.com/file/d/x", ask=False)
    assert list(table["provider"]) == ["Dropbox", "Google Drive"]
    assert not table["checked_at"].any()


def test_the_drawn_photos_tell_what_a_phone_tells(tmp_path: Path) -> None:
    seen = inspect(sample_photos(tmp_path))
    assert all(one.report.latitude and one.report.device for one in seen)  # type: ignore[union-attr]


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    code = "import sys, lib; print([name for name in sys.modules if name.startswith(('lib.', 'PIL', 'pandas'))])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_installed_package_offers_the_same_calls(tmp_path: Path) -> None:
    (tmp_path / "passalong").mkdir()
    for name, at in (("lib", "lib"), ("lib/installed.py", "__init__.py")):
        (tmp_path / "passalong" / at).symlink_to(ROOT / name)
    code = "from passalong import inspect; print(inspect.__doc__)"
    env = os.environ | {"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("Say what photos tell")
