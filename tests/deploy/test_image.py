"""What the Dockerfile does, done here: its commands, its files, its environment, as an account without rights.

Containers cannot be built everywhere. Each instruction is read from the Dockerfile and carried out below a folder of
this test: what `docker build` would do, less Debian's packages, on this machine's own Python.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, free_port, wait_for
from tests.deploy.test_caddy import made_link

NOBODY = 65534
_INSTRUCTION = re.compile(r"^(FROM|RUN|COPY|ENV|WORKDIR|USER|HEALTHCHECK|CMD) (.*)$")


@dataclass
class Stage:
    steps: list[tuple[str, str]] = field(default_factory=list)

    def last(self, kind: str) -> str:
        return next(text for name, text in reversed(self.steps) if name == kind)


def stages() -> list[Stage]:
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ").splitlines()
    found: list[Stage] = []
    for line in lines:
        if not (told := _INSTRUCTION.match(line.strip())):
            continue
        if told[1] == "FROM":
            found.append(Stage())
        else:
            found[-1].steps.append((told[1], told[2].strip()))
    return found


def context(folder: Path) -> None:
    """Lay out what `docker build` would see: tracked files, by the rules of Dockerfile.dockerignore."""
    rules = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").split("\n")
    let_in = [rule[1:] for rule in rules if rule.startswith("!")]
    left_out = [rule.removeprefix("**/") for rule in rules if rule.startswith("**/")]
    for path in ROOT.rglob("*"):
        name = path.relative_to(ROOT).as_posix()
        if not any(name == one or name.startswith(f"{one}/") for one in let_in) or path.is_dir():
            continue
        if any(fnmatch(part, rule) for rule in left_out for part in name.split("/")):
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / name)


def environment(stage: Stage, image: Path) -> dict[str, str]:
    told = dict(
        pair.split("=", 1) for name, text in stage.steps if name == "ENV" for pair in shlex.split(text)
    )  # fmt: skip
    own = os.environ["PATH"]
    return {
        name: text.replace("/opt/passalong", f"{image}/opt/passalong").replace("$PATH", own)
        for name, text in told.items()
    }


def python() -> str:
    """Return a Python that an account without rights may run as well: Debian's own, where root has one at home."""
    debian = Path("/usr/bin/python3")
    return str(debian) if os.getuid() == 0 and debian.exists() else sys.executable


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that every account may look into; pytest's own is root's alone."""
    with tempfile.TemporaryDirectory(prefix="passalong-image-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def build(stage: Stage, there: Path, image: Path) -> Path:
    """Carry out the first stage below `image`; return its /opt/passalong."""
    (image / "build").mkdir(parents=True)
    for kind, text in stage.steps:
        if kind == "COPY":
            source, target = text.split()
            to = image / target.lstrip("/") if target.startswith("/") else image / "build" / target
            if (there / source).is_dir():
                shutil.copytree(there / source, to)
                continue
            to = to / Path(source).name if target.endswith("/") else to
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(there / source, to)
        elif kind == "RUN" and "apt-get" not in text:
            command = text.replace("/opt/passalong", f"{image}/opt/passalong")
            command = command.replace("python -m venv", f"{python()} -m venv")
            made = subprocess.run(
                ["sh", "-ec", command], cwd=image / "build", capture_output=True, text=True, check=False, timeout=1_500
            )
            assert made.returncode == 0, made.stderr[-3000:]
    return image / "opt" / "passalong"


@pytest.mark.thorough
def test_the_image_is_made_and_serves_links_with_nothing_to_write_but_its_data(open_folder: Path) -> None:
    first, last = stages()
    context(open_folder / "context")
    opt = build(first, open_folder / "context", open_folder / "image")
    assert not list(opt.glob("venv/lib/python3*/site-packages/pip"))
    assert not list(opt.rglob("*.test.js"))
    assert not list(opt.rglob("secrets.toml"))
    size = sum(path.lstat().st_size for path in opt.rglob("*")) / 1_000_000
    sys.stderr.write(f"\nthe image's own part: {size:.0f} MB\n")

    data, tmp, port = open_folder / "data", open_folder / "tmp", free_port()
    account = NOBODY if os.getuid() == 0 else os.getuid()
    rights = {"user": account, "group": account} if os.getuid() == 0 else {}
    for folder in (data, tmp):
        folder.mkdir(mode=0o700)
        os.chown(folder, account, -1)
    subprocess.run(["chmod", "-R", "a-w", opt], check=True)  # the account is not even its owner, where root runs this
    env = environment(last, open_folder / "image") | {
        "PASSALONG_DATA_DIR": str(data), "HOME": str(tmp), "TMPDIR": str(tmp), "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "PASSALONG_WHO_MAY_CREATE": "anyone",
    }  # fmt: skip
    before = set(opt.rglob("*"))
    start, look = json.loads(last.last("CMD")), json.loads(last.last("HEALTHCHECK").partition("CMD ")[2])
    start[0], look[0] = (shutil.which(words[0], path=env["PATH"]) for words in (start, look))
    with (open_folder / "log").open("wb") as log:
        app = subprocess.Popen(start, cwd=opt / "app", env=env, stdout=log, stderr=log, **rights)
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", app, open_folder / "log")
            assert subprocess.run(look, env=env, check=False, timeout=60, **rights).returncode == 0
            idle = memory(app.pid)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as visitor:
                assert visitor.get("/create").status_code == 200
                assert visitor.get(made_link(visitor)).status_code == 200
            sys.stderr.write(f"memory idle: {idle} MB; after a link: {memory(app.pid)} MB\n")
        finally:
            app.terminate()
            app.wait(timeout=30)
    told = (open_folder / "log").read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in told
    assert "ermission" not in told
    assert set(opt.rglob("*")) == before


def memory(process: int) -> int:
    """Return what a process holds in memory, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) // 1024
