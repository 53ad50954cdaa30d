"""The files of deploy/: settings that exist, containers without rights, one way in. Nothing is built here."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from lib.settings import Settings
from tests.conftest import ROOT, free_port, run_command

DEPLOY = ROOT / "deploy"
EXAMPLE = (DEPLOY / "passalong.env.example").read_text(encoding="utf-8")
COMPOSE = ("compose.yaml", "compose.small.yaml")
NOT_OURS = {"PASSALONG_SITE"}  # Caddy's


def compose(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    return found


def named_in_example() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE))


def test_every_setting_of_the_example_exists_and_has_a_line_that_explains_it() -> None:
    known = {f"PASSALONG_{name.upper()}" for name in Settings.model_fields} | NOT_OURS
    assert {name for name in named_in_example() if name.startswith("PASSALONG_")} - known == set()
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[A-Z][A-Z_]+=", line):
            before = [one for one in lines[max(0, number - 2) : number] if one.startswith("# ")]
            assert before, line


@pytest.mark.parametrize("name", COMPOSE)
def test_whatever_compose_asks_for_is_in_the_example(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) - named_in_example() == set()


@pytest.mark.parametrize("name", COMPOSE)
def test_no_container_has_rights_that_it_does_not_need(name: str) -> None:
    services = compose(name)["services"]
    for service, said in services.items():
        assert said["read_only"] is True, service
        assert said["cap_drop"] == ["ALL"], service
        assert said["security_opt"] == ["no-new-privileges:true"], service
        assert said["mem_limit"], service
        assert said["pids_limit"], service
        assert "privileged" not in said
        assert not said["image"].endswith(":latest"), service
    assert [service for service, said in services.items() if "ports" in said] == ["caddy"]
    assert "cap_add" not in services["app"]


@pytest.mark.parametrize("name", COMPOSE)
def test_the_app_believes_caddy_alone(name: str) -> None:
    said = compose(name)
    caddy = said["services"]["caddy"]["networks"]["front"]["ipv4_address"]
    assert said["services"]["app"]["environment"]["PASSALONG_TRUSTED_PROXIES"] == f'["{caddy}"]'
    given = said["networks"]["front"]["ipam"]["config"][0]["ip_range"]
    assert not given.startswith(caddy)  # no other container gets that number


def test_database_and_store_are_reached_by_the_app_alone() -> None:
    said = compose("compose.yaml")
    assert said["networks"]["back"]["internal"] is True
    assert said["services"]["database"]["networks"] == said["services"]["store"]["networks"] == ["back"]
    assert "back" not in said["services"]["caddy"]["networks"]


def test_the_settings_of_compose_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COMPOSE:
        for key, text in compose(name)["services"]["app"]["environment"].items():
            monkeypatch.setenv(key, re.sub(r"\$\{[^}]*\}", "0123456789abcdef" * 2, text))
        read = Settings(data_dir=Path("/data"))
        assert read.trusted_proxies == ("172.30.91.2",)


def test_the_image_takes_what_the_app_needs_and_nothing_else() -> None:
    """Each COPY names what the list of the context lets in."""
    context = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [line[1:] for line in context if line.startswith("!")]
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert all((ROOT / one).exists() for one in (*copied, *let_in))
    for one in copied:
        assert any(one == let or let.startswith(f"{one}/") for let in let_in), one
    last = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    assert "build-essential" not in last
    assert "USER 1000:1000" in last
    assert "HEALTHCHECK" in last


def test_the_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("this machine has no systemd")
    unit = tmp_path / "passalong.service"
    text = (DEPLOY / "passalong.service").read_text(encoding="utf-8")
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    told = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False, timeout=60)
    assert [line for line in told.stderr.splitlines() if unit.name in line] == []


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a copy of the repository's place that has no settings of its own."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / "check.sh", tmp_path / "deploy")
    (tmp_path / "lib").symlink_to(ROOT / "lib")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def check(machine: Path, settings: str | None) -> subprocess.CompletedProcess[str]:
    """Run what `make host` runs, with these settings."""
    file = machine / "settings.env"
    if settings is not None:
        file.write_text(settings, encoding="utf-8")
    return subprocess.run(
        ["sh", machine / "deploy" / "check.sh", file], env=os.environ | {"NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_make_host_says_what_to_mend(machine: Path) -> None:
    absent = check(machine, None)
    assert absent.returncode == 3
    assert "copy deploy/passalong.env.example" in absent.stderr
    data = f"PASSALONG_DATA_DIR={machine / 'data'}\nPASSALONG_TRUSTED_PROXIES='[\"127.0.0.1\"]'\n"
    half = check(machine, f"{data}PASSALONG_PUBLIC_URL=https://127.0.0.1:{free_port()}\n")
    assert half.returncode == 1
    assert "The app is on a public address, and nobody chose." not in half.stdout  # this computer is none
    assert "The app does not answer at public_url." in half.stdout
    wrong = check(machine, f"{data}PASSALONG_PUBLIC_URL=photos.example.org\n")
    assert wrong.returncode == 1
    assert "public_url: has to be an address such as" in wrong.stdout + wrong.stderr
    slip = check(machine, f"{data}PASSALONG_PUBLIK_URL=https://photos.example.org\n")
    assert slip.returncode == 1
    assert "PASSALONG_PUBLIK_URL is no setting. Was PASSALONG_PUBLIC_URL meant?" in slip.stdout


def test_a_port_that_another_program_has_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        port = str(other.getsockname()[1])
        told = run_command("run", "--port", port, "--no-browser", data_dir=tmp_path, PASSALONG_NEARBY_NAME="off")
    assert told.returncode == 1
    assert f"Port {port} is not available" in told.stdout + told.stderr
    assert "Traceback" not in told.stderr
