"""Plays cloudflared, tailscale or ngrok: writes what they write, and stays until it is stopped.

cloudflared writes to stderr, with the address in a frame of lines (cloudflared 2022.12 to 2026); tailscale funnel
writes "Available on the internet:"; ngrok with --log=stdout writes logfmt lines with url=.
"""

from __future__ import annotations

import stat
import sys
from pathlib import Path

SAYS = {
    "cloudflared": """\
2026-11-25T20:10:04Z INF Thank you for trying Cloudflare Tunnel. See https://developers.cloudflare.com/ for more.
2026-11-25T20:10:04Z INF Requesting new quick Tunnel on trycloudflare.com...
2026-11-25T20:10:08Z INF +--------------------------------------------------------------------------------------+
2026-11-25T20:10:08Z INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):
2026-11-25T20:10:08Z INF |  https://oklahoma-solo-younger-truck.trycloudflare.com
2026-11-25T20:10:08Z INF +--------------------------------------------------------------------------------------+
""",
    "tailscale": """\
Available on the internet:

https://desk.tail1a2b3.ts.net/
|-- proxy http://127.0.0.1:8765

Press Ctrl+C to exit.
""",
    "ngrok": """\
t=2026-11-25T20:10:04+0000 lvl=info msg="starting web service" obj=web addr=127.0.0.1:4040
t=2026-11-25T20:10:05+0000 lvl=info msg="started tunnel" obj=tunnels name=cl addr=http://localhost:1 \
url=https://calm-otter.ngrok-free.app
""",
}


def put(folder: Path, name: str, says: str | None = None, *, ends: bool = False) -> Path:
    """Write a program of this name; it says how it was called into `<name>.called`."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(
        f"#!{sys.executable}\n"
        "import os, signal, sys\n"
        f"open({str(folder / name)!r} + '.called', 'w').write(\n"
        "    ' '.join(sys.argv[1:]) + ' ' + os.environ.get('NGROK_AUTHTOKEN', ''))\n"
        f"sys.stderr.write({SAYS[name] if says is None else says!r})\n"
        "sys.stderr.flush()\n" + ("" if ends else "signal.pause()\n"),
        encoding="utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
