"""The same from the command line: the address for pipes, words for people, and an end with Ctrl+C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from lib.tunnels import Phase, standing
from tests.conftest import ROOT, free_port
from tests.tunnels.conftest import make_home
from tests.tunnels.fake_ssh import SshServer, ssh_server


def test_share_out_prints_the_address_and_ends_with_a_key(tmp_path: Path) -> None:
    home, port = make_home(tmp_path), free_port()
    public = f"http://127.0.0.1:{port}"
    with ssh_server(SshServer(plays="sshd")) as fake:
        key = tmp_path / "key"
        key.write_bytes(fake.host_key.export_private_key())
        environment = os.environ | {
            "PASSALONG_DATA_DIR": str(home.settings.data_dir), "PASSALONG_TUNNEL_SSH": f"me@127.0.0.1:{fake.port}",
            "PASSALONG_TUNNEL_PORT": str(port), "PASSALONG_TUNNEL_URL": public, "PASSALONG_TUNNEL_KEY": str(key),
            "HOME": str(tmp_path), "NO_COLOR": "1", "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        command = [sys.executable, "-m", "lib", "share-out", "--for", "1h"]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running:
            assert running.stdout
            assert running.stderr
            assert running.stdout.readline().strip() == public
            assert httpx.get(public + home.path).status_code == 200
            assert standing(home.settings.data_dir).link_address == public  # the app and `links` say so too
            running.send_signal(signal.SIGINT)
            assert running.wait(30) == 0
            assert "Links open only on this computer again." in running.stderr.read()
    assert standing(home.settings.data_dir).phase is Phase.OFF


def test_a_way_that_is_not_there_is_told(tmp_path: Path) -> None:
    environment = os.environ | {"PASSALONG_DATA_DIR": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-m", "lib", "share-out", "--through", "own_server"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "own_server is not set up on this computer." in done.stderr
