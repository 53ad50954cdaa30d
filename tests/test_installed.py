"""The package that `pip install .` makes: one folder with the app inside, and the command `passalong`."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port, wait_for


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Lay the folder out as the wheel does, and return where it stands."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    package = tmp_path / "site" / wheel["wheel"]["sources"][""]
    for name in wheel["wheel"]["include"]:
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).symlink_to(ROOT / name)
    for source, name in wheel["wheel"]["force-include"].items():
        (package / name).symlink_to(ROOT / source)
    return package.parent


def passalong(installed: Path, home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command from a folder that has nothing to do with it, as a person without any setting."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PASSALONG", "STREAMLIT"))}
    env |= {"PYTHONPATH": str(installed), "HOME": str(home), "XDG_CONFIG_HOME": str(home), "NO_COLOR": "1"}
    home.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", "import sys, passalong; sys.argv[0] = 'passalong'; passalong.main()", *arguments],
        cwd=home, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def test_the_command_has_its_own_name_and_completes_in_the_shell(installed: Path, tmp_path: Path) -> None:
    told, _ = passalong(installed, tmp_path / "home", "--help").communicate(timeout=60)
    assert "Usage: passalong" in told
    assert "--install-completion" in told
    assert "run" in told


def test_the_app_starts_from_anywhere_and_keeps_its_data_in_the_persons_own_folder(
    installed: Path, tmp_path: Path
) -> None:
    port, home = free_port(), tmp_path / "home"
    process = passalong(installed, home, "run", f"--port={port}", "--address=127.0.0.1", "--no-browser")
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        wait_for(f"http://127.0.0.1:{port}/send", process)
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert (home / "passalong" / "data" / "passalong.db").is_file()
