"""A Starlette program on loopback TLS, under the vendor's own names, with certificates that are really checked."""

from __future__ import annotations

import gc
import importlib.util
import socket
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import trustme
import uvicorn
from starlette.applications import Starlette

REDIRECTED = Path(__file__).with_name("redirected")


def redirector() -> ModuleType:
    """Return the redirection of this process, loaded once."""
    name = "passalong_test_redirect"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, REDIRECTED / "sitecustomize.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


class Swap:
    """An application in front of whichever fake is in use now."""

    app: Starlette

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@contextmanager
def serving(app: Any, names: Sequence[str], authority: trustme.CA, folder: Path) -> Iterator[int]:
    """Serve `app` over TLS as `names`; yield the port."""
    certificate = authority.issue_cert(*names)
    key = folder / f"{names[0]}.key.pem"
    chain = folder / f"{names[0]}.chain.pem"
    certificate.private_key_pem.write_to_path(key)
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(64)
    port = int(sock.getsockname()[1])
    config = uvicorn.Config(
        app, ssl_keyfile=str(key), ssl_certfile=str(chain), log_level="critical", lifespan="off", date_header=False,
        loop="asyncio",
        ws="none", timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.started
    try:
        yield port
    finally:
        server.should_exit = True
        with warnings.catch_warnings():  # keep-alive connections of clients that are gone
            warnings.simplefilter("ignore", ResourceWarning)
            thread.join(timeout=5)
            sock.close()
            del server, config
            gc.collect()
