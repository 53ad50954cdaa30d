"""Taking back, ending and cleaning up on a disk on which not one byte is free: a small real one, filled to the brim."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lib.settings import ROOT

DISK = "mount -t tmpfs -o size=24m none"  # in a name space of its own: nobody else sees it


def own_disks() -> bool:
    """Say whether this system lets an account mount a disk in a name space of its own."""
    program = shutil.which("unshare")
    return (
        program is not None
        and subprocess.run([program, "-rm", "true"], check=False, capture_output=True).returncode == 0
    )


pytestmark = pytest.mark.skipif(not own_disks(), reason="this system lets nobody mount a disk of their own")


def played(tmp_path: Path, what: str) -> list[str]:
    """Run `full_disk.py` on a disk of 24 MB and return what it saw."""
    script = f'{DISK} "$0" && exec "$1" -m tests.albums.full_disk "$0" "{what}"'
    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, str(tmp_path), sys.executable], cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=120, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_with_its_reserve_the_app_takes_back_on_a_full_disk(tmp_path: Path) -> None:
    assert played(tmp_path, "reserve") == [
        "before 200 200 200", "disk DiskFull", "taken back taken_back", "after 404 404 404 404",
        "swept taken_back undoable 8 0",
    ]  # fmt: skip


def test_where_the_index_cannot_be_written_at_all_the_photos_go_first_and_every_process_knows(tmp_path: Path) -> None:
    assert played(tmp_path, "no reserve") == [
        "before 200 200 200", "disk DiskFull", "taken back taken_back", "after 404 404 404 404",
        "swept taken_back for good 0 0",
    ]  # fmt: skip


def test_photos_that_another_link_needs_stay_and_that_link_goes_on(tmp_path: Path) -> None:
    assert played(tmp_path, "two links") == [
        "before 200 200 200", "disk DiskFull", "taken back taken_back", "after 404 404 404 404",
        "second 200 200", "swept taken_back for good 8 0",
    ]  # fmt: skip


def test_when_everything_is_full_and_over_the_app_mends_itself(tmp_path: Path) -> None:
    assert played(tmp_path, "expiry") == [
        "before 200 200 200", "disk DiskFull", "after 404 404 404 404", "swept expired for good 0 0",
    ]  # fmt: skip
