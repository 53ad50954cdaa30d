"""Keeping the links of this computer reachable for a while: the door, the tunnel, its reconnects, and its end."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lib.albums import Share
from lib.links.fetch import Fetcher
from lib.recipients.pages import ICON, ICON_PATH
from lib.recipients.recipient import Recipient
from lib.settings import Settings
from lib.text.later import later
from lib.tunnels.description import Tunnel
from lib.tunnels.opened import OpenTunnel
from lib.tunnels.problems import AlreadyReachable, TunnelEnded, TunnelProblem
from lib.tunnels.share_only import ShareOnly, listening
from lib.tunnels.standing import HEARTBEAT_S, Phase, Seen, Standing, standing

_log = logging.getLogger(__name__)

HOUR_S: Final = 3_600
LIVES: Final = (HOUR_S, 24 * HOUR_S, None)  # seconds; None: until it is stopped
_WAITS_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # before each new try; the last one again and again
_LOOKS: Final = 8  # from outside, until the address is known to answer
_LOOK_S: Final = 2.5  # between two of them: a new name takes a moment to be known
_STOP_S: Final = 15.0


class Reachable:
    """One for each process. `start` and `stop` may be called from any thread; `standing` tells how it goes."""

    def __init__(self, settings: Settings, share: Callable[[], Share]) -> None:
        self._settings = settings
        self._share = share
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._now = Standing()

    def start(self, tunnel: Tunnel, life_s: int | None) -> None:
        """Begin; returns at once. Raises `AlreadyReachable` where this or another program does it already."""
        with self._lock:
            found = standing(self._settings.data_dir)
            if found.running and found.program != os.getpid():
                raise AlreadyReachable(later("Another program on this computer keeps them reachable."))
            if self._thread and self._thread.is_alive():
                return
            until = datetime.now(UTC) + timedelta(seconds=life_s) if life_s else None
            self._tell(Standing(Phase.STARTING, tunnel.id, until=until))
            self._thread = threading.Thread(
                target=self._run, args=(tunnel, life_s), name="passalong-tunnel", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """End it; returns when the tunnel is closed. Does nothing where this process keeps none."""
        with self._lock:
            thread, loop, task = self._thread, self._loop, self._task
        if thread is None or not thread.is_alive():
            return
        if loop is not None and task is not None:
            with suppress(RuntimeError):  # the loop has just ended by itself
                loop.call_soon_threadsafe(task.cancel)
        thread.join(_STOP_S)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is over."""
        if self._thread:
            self._thread.join(seconds)

    def _tell(self, now: Standing) -> None:
        self._now = now.write(self._settings.data_dir)

    def _run(self, tunnel: Tunnel, life_s: int | None) -> None:
        try:
            with asyncio.Runner() as runner:
                self._loop = runner.get_loop()
                runner.run(self._until_over(tunnel, life_s))
        except TunnelProblem as problem:
            self._over(Phase.FAILED, problem.parts())
        except Exception as error:  # noqa: BLE001 - whatever a library raises: a person waits for words
            _log.error("A tunnel ended by %s", type(error).__name__)
            unforeseen = TunnelEnded(later("{name} could not be used.", name=tunnel.label))
            self._over(Phase.FAILED, unforeseen.parts())
        else:
            self._over(Phase.OFF, {})

    def _over(self, phase: Phase, problem: dict[str, Any]) -> None:
        self._tell(replace(self._now, phase=phase, problem=problem, over_at=datetime.now(UTC), seen=Seen.NOT_YET))

    async def _until_over(self, tunnel: Tunnel, life_s: int | None) -> None:
        """Keep the tunnel until the time is up, `stop` is called, or it cannot be had. Raises `TunnelProblem`."""
        self._task = asyncio.current_task()
        recipient = Recipient(self._share)
        door = ShareOnly(recipient, tunnel.visitor)
        beats = asyncio.create_task(self._heartbeat())
        try:
            async with listening(door) as port, asyncio.timeout(life_s):
                await self._keep(tunnel, door, port)
        except TimeoutError:
            return  # the time is up
        except asyncio.CancelledError:
            return  # `stop`
        finally:
            beats.cancel()
            await recipient.finish()

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            self._tell(self._now)

    async def _keep(self, tunnel: Tunnel, door: ShareOnly, port: int) -> None:
        """Open it, and open it again when it is lost. Raises `TunnelProblem` where the first try fails."""
        tries, stood = 0, False
        while True:
            try:
                async with _open(tunnel, self._settings, port) as opened:
                    tries, stood = 0, True
                    await self._stand(opened, door)
            except TunnelProblem as problem:
                if problem.lasting or not stood:
                    raise
            door.serve_as("")
            self._tell(replace(self._now, phase=Phase.RECONNECTING, seen=Seen.NOT_YET))
            await asyncio.sleep(_WAITS_S[min(tries, len(_WAITS_S) - 1)])
            tries += 1

    async def _stand(self, opened: OpenTunnel, door: ShareOnly) -> None:
        """Answer under the public address, and look at it from outside, until it is lost."""
        door.serve_as(opened.address)
        known = self._now.address
        before = known if known not in {"", opened.address} else self._now.before
        here = replace(self._now, address=opened.address, fingerprint=opened.fingerprint, before=before)
        if self._now.phase is not Phase.STARTING:
            here = replace(here, phase=Phase.ON)
        self._tell(here)
        looking = asyncio.create_task(self._look(opened.address))
        try:
            await opened.ended()
        finally:
            looking.cancel()

    async def _look(self, address: str) -> None:
        """Look at the address from outside until it answers; then people can be told of it."""
        seen = Seen.CLOSED
        for _ in range(_LOOKS):
            seen = await seen_from_outside(address)
            if seen is not Seen.CLOSED:
                break
            await asyncio.sleep(_LOOK_S)
        self._tell(replace(self._now, phase=Phase.ON, seen=seen))


def _open(tunnel: Tunnel, settings: Settings, port: int) -> AbstractAsyncContextManager[OpenTunnel]:
    if tunnel.kind == "ssh":
        from lib.tunnels.ssh import open_ssh

        return open_ssh(tunnel, settings, port)
    from lib.tunnels.program import open_program

    return open_program(tunnel, settings, port)


async def seen_from_outside(address: str) -> Seen:
    """Ask the public address for a file of the share pages, as anybody's browser would."""
    async with Fetcher(frozenset({address})) as fetcher:
        answer = await fetcher.get(address + ICON_PATH)
    if answer.ok and answer.body == ICON:
        return Seen.OPEN
    return Seen.OTHER_PAGE if answer.ok else Seen.CLOSED


_kept: dict[str, Reachable] = {}
_keeping = threading.Lock()


def open_reachable(settings: Settings, share: Callable[[], Share]) -> Reachable:
    """Return what keeps the links of these settings reachable: one in a process."""
    with _keeping:
        name = str(settings.data_dir)
        if name not in _kept:
            _kept[name] = Reachable(settings, share)
        return _kept[name]
