"""A tunnel that a program on this computer makes: it is started, read until it names the address, and stopped."""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from lib.settings import Settings
from lib.text.later import later
from lib.tunnels.description import Tunnel
from lib.tunnels.opened import ADDRESS_S, OpenTunnel
from lib.tunnels.problems import NoAddress, ProgramMissing, TunnelEnded, TunnelRefused

_STOP_S: Final = 5.0
_LINE_BYTES: Final = 65_536


@asynccontextmanager
async def open_program(tunnel: Tunnel, settings: Settings, port: int) -> AsyncIterator[OpenTunnel]:
    """Open a tunnel to a port of this computer. Raises `TunnelProblem`."""
    program = shutil.which(tunnel.program)
    if program is None:
        raise ProgramMissing(later("The program {program} is not on this computer.", program=tunnel.program))
    empty = settings.data_dir / "tunnel_settings.yml"
    empty.parent.mkdir(parents=True, exist_ok=True)
    empty.touch()
    words = [word.format(port=port, empty=empty) for word in tunnel.arguments]
    environment = dict(os.environ)
    if tunnel.token_variable and (token := getattr(settings, tunnel.settings[0])):
        environment[tunnel.token_variable] = token.get_secret_value()
    try:
        process = await asyncio.create_subprocess_exec(
            program, *words, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=STDOUT, env=environment,
            limit=_LINE_BYTES,
        )  # fmt: skip
    except OSError:
        raise ProgramMissing(later("The program {program} cannot be started.", program=tunnel.program)) from None
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    reader = asyncio.create_task(_listen(process, tunnel, found))
    try:
        either: set[asyncio.Future[Any]] = {found, reader}
        await asyncio.wait(either, timeout=ADDRESS_S, return_when=asyncio.FIRST_COMPLETED)
        if not found.done():
            raise (
                TunnelEnded(later("{program} stopped by itself.", program=tunnel.label))
                if reader.done()
                else NoAddress(later("{program} named no address.", program=tunnel.label))
            )

        async def ended() -> None:
            await asyncio.wait({reader})

        yield OpenTunnel(found.result(), ended)
    finally:
        await _stop(process)
        reader.cancel()
        if found.done():
            found.exception()  # looked at, so that nothing is logged


async def _listen(process: Process, tunnel: Tunnel, found: asyncio.Future[str]) -> None:
    """Read to the end, so that the program never waits for a reader."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    while True:
        try:
            raw = await process.stdout.readline()
        except ValueError:  # a line that is longer than any address
            continue
        if not raw:
            return
        if found.done():
            continue
        line = raw.decode("utf-8", "replace")
        if address := tunnel.address_in(line):
            found.set_result(address)
        elif failure := tunnel.failure_in(line):
            found.set_exception(TunnelRefused(failure.happened, fix=failure.fix))


async def _stop(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_S)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
