"""Two processes, one database, many visitors at once: a limit is never exceeded and never missed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from lib.albums import LinkInfo
from tests.albums.conftest import OWNER, Maker
from tests.conftest import ROOT

WORKERS = ROOT / "tests" / "albums"


def race(settings: dict[str, Any], path: str, visitors: int, worker: str = "race_worker.py") -> Counter[int]:
    """Let two processes work on a link at once; return how often each status came."""
    started = [
        subprocess.Popen([sys.executable, WORKERS / worker], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         text=True,
                         env={"PYTHONPATH": str(ROOT), "PASSALONG_SECRETS_FILE": "/dev/null", "PATH": "/usr/bin"})
        for _ in range(2)
    ]  # fmt: skip
    told = {"settings": settings, "path": path, "visitors": visitors // 2}
    found: Counter[int] = Counter()
    try:
        for number, process in enumerate(started):
            assert process.stdin
            process.stdin.write(json.dumps(told | {"first": number}) + "\n")
            process.stdin.flush()
        for process in started:
            assert process.stdout
            assert process.stdout.readline().strip() == "ready"
        for process in started:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in started:
            out, _ = process.communicate(timeout=60)
            found.update(json.loads(out))
    finally:
        for process in started:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
    return found


@pytest.mark.parametrize(("limit", "visitors"), [pytest.param(1, 50, marks=pytest.mark.thorough), (7, 50)])
def test_fifty_visitors_from_two_processes_spend_exactly_the_limit(
    both_stores: Maker, make_link: Callable[..., LinkInfo], limit: int, visitors: int
) -> None:
    share = both_stores()
    link = make_link(share, max_views=limit)
    settings = share.settings
    told = {
        "data_dir": str(settings.data_dir),
        "database_url": settings.database_url,
        "photos_url": settings.photos_url,
        "photos_options": settings.photos_options,
    }
    assert race(told, link.path, visitors) == {303: limit, 404: visitors - limit}
    assert share.links.get(OWNER, link.id).views == limit


def test_two_processes_that_start_at_once_agree_on_tables_and_secret(tmp_path: Any) -> None:
    start = (
        "import sys; from pathlib import Path\n"
        "from lib.settings import read_settings; from lib.albums import open_share\n"
        "share = open_share(read_settings(data_dir=Path(sys.argv[1]))); share.clean_up.sweep()\n"
        "print(share.keys.token('x'))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", start, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    tokens = {process.communicate(timeout=60)[0] for process in started}
    assert all(process.returncode == 0 for process in started)
    assert len(tokens) == 1
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
