"""Lets a program meet the fakes under the vendors' own names.

Python runs this file at start when its folder is on PYTHONPATH. Names of vendors resolve to an address of documentation
tables (not private, so the guarded fetcher takes it), and connections to that address go to a fake on 127.0.0.1. The
program, its SDKs and its guards stay as they are; certificates are made by trustme and checked as always.

PASSALONG_TEST_NAMES is JSON: {"api.dropboxapi.com": 40123, …}.
"""

from __future__ import annotations

import json
import os
import socket
from typing import Any

# Real addresses of the vendors, so that the address guard judges them as it would in earnest. Nothing goes there.
FIRST_ADDRESS = "162.125.1."
_real_getaddrinfo = socket.getaddrinfo
_real_connect = socket.socket.connect
_real_connect_ex = socket.socket.connect_ex
ports: dict[str, int] = {}
addresses: dict[str, str] = {}


def redirect(names: dict[str, int]) -> None:
    """Send connections for these host names to these ports of 127.0.0.1."""
    for name, port in names.items():
        address = f"{FIRST_ADDRESS}{port % 250 + 1}"
        while ports.get(address, port) != port:
            address = FIRST_ADDRESS + str(int(address.rpartition(".")[2]) % 250 + 1)
        addresses[name] = address
        ports[address] = port


def _getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name in addresses:
        return _real_getaddrinfo(addresses[name], port, *rest, **more)
    return _real_getaddrinfo(host, port, *rest, **more)


def _place(address: Any) -> Any:
    if not isinstance(address, tuple):
        return address
    host = addresses.get(address[0], address[0])  # httplib2 connects to the name
    return ("127.0.0.1", ports[host]) if host in ports else address


def _connect(self: socket.socket, address: Any) -> None:
    _real_connect(self, _place(address))


def _connect_ex(self: socket.socket, address: Any) -> int:
    return _real_connect_ex(self, _place(address))


socket.getaddrinfo = _getaddrinfo
socket.socket.connect = _connect  # type: ignore[method-assign]
socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]
redirect(json.loads(os.environ.get("PASSALONG_TEST_NAMES", "{}")))


def _redirect_uvloop() -> None:
    """Do the same for uvloop, which looks names up and connects by itself."""
    try:
        import uvloop
    except ImportError:
        return
    look_up, connect = uvloop.Loop.getaddrinfo, uvloop.Loop.sock_connect

    async def getaddrinfo(self: Any, host: Any, port: Any, **more: Any) -> Any:
        return await look_up(self, addresses.get(host, host), port, **more)

    async def sock_connect(self: Any, sock: Any, address: Any) -> None:
        await connect(self, sock, _place(address))

    uvloop.Loop.getaddrinfo = getaddrinfo
    uvloop.Loop.sock_connect = sock_connect


_redirect_uvloop()
