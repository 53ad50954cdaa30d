"""Caddy as Debian has it, with the files of deploy/ unchanged: its own authority signs the certificate."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port


@dataclass(frozen=True)
class Caddy:
    url: str
    plain_url: str
    root: Path  # the certificate of its authority
    log: Path

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.root)


def program() -> str:
    found = shutil.which("caddy") or shutil.which("caddy", path=str(ROOT / ".venv" / "bin"))
    if found is None:
        pytest.skip("Caddy is not packaged for this machine")
    return found


@contextmanager
def caddy(folder: Path, config: Path, app: str, *, https: int = 0, **environment: str) -> Iterator[Caddy]:
    """Start Caddy with a Caddyfile, in a folder of its own, before the app at `app` (host:port)."""
    ports = https or free_port(), free_port()
    log = folder / "caddy.log"
    site = f"https://localhost:{ports[0]}"
    env = os.environ | {
        "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
        "PASSALONG_CADDY_ADMIN": "off", "PASSALONG_HTTPS_PORT": str(ports[0]), "PASSALONG_HTTP_PORT": str(ports[1]),
        "PASSALONG_SITE": site, "PASSALONG_APP": app, **environment,
    }  # fmt: skip
    root = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    words = [program(), "run", "--adapter", "caddyfile", "--config", str(config)]
    with log.open("wb") as out:
        process = subprocess.Popen(words, env=env, stdout=out, stderr=subprocess.STDOUT)
        try:
            made = Caddy(site, f"http://localhost:{ports[1]}", root, log)
            _wait(made, process)
            yield made
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(made: Caddy, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(made.url, timeout=10, context=made.trust).close()
        except urllib.error.HTTPError:  # it answers, and nobody is behind it yet
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"Caddy did not start:\n{made.log.read_text(errors='replace')[-3000:]}")
