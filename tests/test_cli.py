from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import segno
from PIL import Image

from lib.__main__ import app
from tests.conftest import ROOT, RunningApp, free_port, run_command
from tests.pictures import OWNER, SERIAL, photo_with_secrets


def run(*arguments: str, data_dir: Path, public_url: str | None = None) -> subprocess.CompletedProcess[str]:
    more = {"PASSALONG_PUBLIC_URL": public_url} if public_url else {}
    return run_command(*arguments, data_dir=data_dir, **more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in (1, 2):
        (photos / f"beach-{number}.jpg").write_bytes(photo_with_secrets(number))
    return photos


def test_clean_writes_clean_copies_and_leaves_the_originals_alone(folder: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = run("clean", str(folder), "-o", str(tmp_path / "out"), data_dir=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert "Ravenna" in done.stdout
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    written = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in written] == ["beach-1.jpg", "beach-2.jpg"]
    for path in written:
        tags = json.loads(
            subprocess.run(["exiftool", "-json", "-G1", str(path)], capture_output=True, check=True).stdout
        )
        groups = {tag.partition(":")[0] for tag in tags[0]} - {"SourceFile"}
        assert groups <= {"ExifTool", "System", "File", "JFIF", "Composite"}
        assert OWNER.encode() not in path.read_bytes()
        assert SERIAL.encode() not in path.read_bytes()


def test_clean_covers_and_crops_what_it_is_told_to(folder: Path, tmp_path: Path) -> None:
    cover = ("--cover", "100,100,300,200", "--cover", "500,400,50,50", "--crop", "50,60,700,500")
    done = run("clean", str(folder), "-o", str(tmp_path / "out"), *cover, data_dir=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    for path in sorted((tmp_path / "out").iterdir()):
        with Image.open(path) as picture:
            assert picture.size == (700, 500)
            dark = picture.convert("L").crop((66, 56, 334, 224))  # within the first cover, less a block of the JPEG
            assert dark.getextrema()[1] < 30
    for words in (("--cover", "1,2,3"), ("--crop", "5000,0,10,10"), ("--cover", "0,0,0,0")):
        done = run("clean", str(folder), "-o", str(tmp_path / "no"), *words, data_dir=tmp_path / "data")
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert not list((tmp_path / "no").glob("*"))


def test_what_may_be_worth_covering_is_listed(tmp_path: Path) -> None:
    segno.make("https://example.org/a-ticket", micro=False).save(str(tmp_path / "ticket.png"), scale=6, border=8)
    done = run("clean", str(tmp_path / "ticket.png"), "--find", data_dir=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    (photo,) = told["photos"]
    if "code" in told["looked_for"]:
        (found,) = photo["found"]
        x, y, width, height = found["box"]
        assert found["kind"] == "code"
        assert 30 < x < 60
        assert width > 100
        assert y > 0
        assert height > 100
    done = run("clean", str(tmp_path / "ticket.png"), data_dir=tmp_path / "data")
    assert done.returncode != 0
    assert "-o OUT" in done.stderr


def test_clean_never_writes_over_a_file(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("clean", str(folder / "beach-1.jpg"), "-o", str(out), data_dir=tmp_path / "data")
    first = (out / "beach-1.jpg").read_bytes()
    run("clean", str(folder / "beach-1.jpg"), "-o", str(out), data_dir=tmp_path / "data")
    assert (out / "beach-1.jpg").read_bytes() == first
    assert (out / "beach-1-2.jpg").is_file()


def test_clean_tells_what_it_refused_and_says_so_in_its_exit_code(folder: Path, tmp_path: Path) -> None:
    (folder / "page.jpg").write_bytes(b"%PDF-1.7 not a picture")
    partly = run("clean", str(folder), "-o", str(tmp_path / "out"), data_dir=tmp_path / "data")
    assert partly.returncode == 3
    assert "1 of 3 photos were refused" in partly.stderr
    nothing = run("clean", str(folder / "page.jpg"), "-o", str(tmp_path / "out2"), data_dir=tmp_path / "data")
    assert nothing.returncode == 1
    assert "Traceback" not in nothing.stderr
    assert run("clean", str(tmp_path / "nowhere"), "-o", "x", data_dir=tmp_path / "data").returncode == 2


def test_with_the_app_off_taking_back_says_that_nothing_could_be_looked_at(tmp_path: Path, folder: Path) -> None:
    off = {"data_dir": tmp_path / "data", "public_url": f"http://127.0.0.1:{free_port()}"}
    told = json.loads(run("send", str(folder), "--json", **off).stdout)
    revoked = run("revoke", told["link"], **off)
    assert revoked.returncode == 2
    assert "Taken back at" in revoked.stdout
    assert "do not open any more" not in revoked.stdout
    assert "Nothing could be looked at" in revoked.stderr


def test_send_prints_a_link_that_opens_and_revoke_closes_every_address(app: RunningApp, folder: Path) -> None:
    sent = run(
        "send",
        str(folder),
        "--title",
        "At the sea",
        "--expires",
        "7d",
        "--json",
        data_dir=app.data_dir,
        public_url=app.url,
    )
    assert sent.returncode == 0, sent.stderr
    told = json.loads(sent.stdout)
    assert told["opens_for_strangers"] is True
    assert told["photos"] == 2
    page = urllib.request.urlopen(told["link"]).read().decode()
    assert "At the sea" in page

    listed = json.loads(run("links", "--json", data_dir=app.data_dir, public_url=app.url).stdout)
    assert told["link"] in [row["link"] for row in listed]

    revoked = run("revoke", told["link"], data_dir=app.data_dir, public_url=app.url)
    assert revoked.returncode == 0, revoked.stderr + revoked.stdout
    assert "14 of 14 addresses do not open any more" in revoked.stdout
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(told["link"])


def test_send_says_when_the_link_cannot_be_opened_from_here(folder: Path, tmp_path: Path) -> None:
    sent = run("send", str(folder / "beach-1.jpg"), data_dir=tmp_path / "data", public_url="http://127.0.0.1:9")
    assert sent.returncode == 4
    assert sent.stdout.startswith("http://127.0.0.1:9/s/")
    assert "Start the app" in sent.stderr


@pytest.mark.parametrize(
    "text", ["7", *(pytest.param(text, marks=pytest.mark.thorough) for text in ("0d", "-1d", "soon", "1e3d", "nan"))]
)
def test_a_time_that_is_none_is_refused(text: str, folder: Path, tmp_path: Path) -> None:
    sent = run("send", str(folder / "beach-1.jpg"), f"--expires={text}", data_dir=tmp_path / "data")
    assert sent.returncode == 2
    assert "is not a time" in sent.stderr


def test_status_counts_what_is_there(tmp_path: Path) -> None:
    done = run("status", data_dir=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert "links that work" in done.stdout


def test_taking_back_somebody_elses_link_is_refused_in_words(tmp_path: Path) -> None:
    done = run("revoke", "http://127.0.0.1:9/s/AAAAAAAAAAAAAAAAAAAAAA", data_dir=tmp_path / "data")
    assert done.returncode == 1
    assert "no such link" in done.stderr


def test_clean_names_every_file_of_a_folder_that_it_leaves_out(folder: Path, tmp_path: Path) -> None:
    (folder / "notes.txt").write_text("buy milk", encoding="utf-8")
    (folder / "video.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(100))
    (folder / "inner").mkdir()
    (folder / "photo-without-ending").write_bytes(photo_with_secrets(7))
    (folder / "broken.dng").write_bytes(b"II*\x00 nothing")
    done = run("clean", str(folder), "-o", str(tmp_path / "out"), data_dir=tmp_path / "data")
    assert done.returncode == 3, done.stderr
    told = done.stdout + done.stderr
    for name in (
        "notes.txt: The content of this file is not a picture",
        "video.mp4: This is a video",
        "inner: a folder",
    ):
        assert name in told, told
    assert "broken.dng" in told
    assert (tmp_path / "out" / "photo-without-ending.jpg").is_file()
    rows = json.loads(run("clean", str(folder), "-o", str(tmp_path / "b"), "--json", data_dir=tmp_path / "data").stdout)
    assert {Path(row["photo"]).name for row in rows} == {path.name for path in folder.iterdir()}


COMMANDS = [
    command.name or command.callback.__name__.replace("_", "-")  # as typer names them
    for command in app.registered_commands
    if command.callback
]
HEAVY = {
    "PIL", "aiohttp", "altair", "av", "numpy", "pandas", "pydantic_settings", "requests",
    "sqlalchemy", "starlette", "streamlit", "uvloop",
}  # fmt: skip
LIGHT_ROOMS = {
    "lib", "lib.__main__", "lib.commands", "lib.problems", "lib.terminal",
    "lib.text", "lib.text.amounts", "lib.text.later",
}  # fmt: skip


@pytest.mark.parametrize("text", [["--help"], ["clean"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_words_about_a_command_load_no_room_and_nothing_heavy(text: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "lib", *text],
        cwd=ROOT, env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == (0 if "--help" in text else 2)
    assert "Usage: python -m lib" in done.stdout + done.stderr
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "typer" in loaded
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert {name for name in loaded if name.partition(".")[0] == "lib"} <= LIGHT_ROOMS


def test_what_must_not_be_loaded_is_installed_under_these_names() -> None:
    assert len(COMMANDS) >= 9
    assert [name for name in sorted(HEAVY) if importlib.util.find_spec(name) is None] == []


@pytest.mark.parametrize("text", ["status", "reports", "facts --older-than 1d", "facts --watch", "links"])
def test_a_list_is_there_for_scripts_too(tmp_path: Path, text: str) -> None:
    told = run(*text.split(), "--json", data_dir=tmp_path / "data")
    assert told.returncode == 0, told.stderr
    assert isinstance(json.loads(told.stdout), dict if text in {"status", "facts --watch"} else list)
