"""How it stands with reaching this computer: one small file in the data folder, for every program on this computer."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

from lib.private_files import write_private
from lib.settings import Settings
from lib.text.later import from_plain, to_plain

HEARTBEAT_S: Final = 3.0
_STALE_S: Final = 20.0  # a program that wrote nothing for this long has ended without saying so


class Phase(StrEnum):
    """What is going on."""

    OFF = "off"
    STARTING = "starting"
    ON = "on"
    RECONNECTING = "reconnecting"
    FAILED = "failed"


class Seen(StrEnum):
    """What a look from outside met at the public address."""

    NOT_YET = "not_yet"
    OPEN = "open"
    OTHER_PAGE = "other_page"  # somebody else's page stands before ours
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands. Times are aware, UTC; `until` is None where it goes on until it is stopped."""

    phase: Phase = Phase.OFF
    tunnel: str = ""
    address: str = ""  # the public one; when it is over, the last one
    until: datetime | None = None
    over_at: datetime | None = None
    seen: Seen = Seen.NOT_YET
    fingerprint: str = ""
    before: str = ""  # the address until the last reconnect, where that gave another one
    problem: dict[str, Any] = field(default_factory=dict)  # title, happened, fix
    program: int = 0  # the process that does it
    written: float = 0.0

    @property
    def running(self) -> bool:
        """Whether a program keeps links reachable, or is about to."""
        return self.phase in {Phase.STARTING, Phase.ON, Phase.RECONNECTING}

    @property
    def link_address(self) -> str:
        """What stands before `/s/…` in links now; empty where nobody outside could open one."""
        return self.address if self.phase in {Phase.ON, Phase.RECONNECTING} else ""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return the state of the tunnel, whichever program runs it."""
        try:
            raw = json.loads(_file(folder).read_text(encoding="utf-8"))
            found = cls(
                phase=Phase(raw["phase"]), tunnel=str(raw["tunnel"]), address=str(raw["address"]),
                until=_time(raw["until"]), over_at=_time(raw["over_at"]), seen=Seen(raw["seen"]),
                fingerprint=str(raw["fingerprint"]), before=str(raw["before"]),
                problem={str(name): from_plain(text) for name, text in raw["problem"].items()},
                program=int(raw["program"]), written=float(raw["written"]),
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()  # never, or a file of another version
        if found.running and datetime.now(UTC).timestamp() - found.written > _STALE_S:
            over = datetime.fromtimestamp(found.written, UTC)
            return replace(found, phase=Phase.OFF, over_at=over)
        return found

    def write(self, folder: Path) -> Self:
        """Keep it, stamped with the time and this process."""
        stamped = replace(self, program=os.getpid(), written=datetime.now(UTC).timestamp())
        raw = asdict(stamped) | {
            "until": self.until.isoformat() if self.until else None,
            "over_at": self.over_at.isoformat() if self.over_at else None,
            "problem": {name: to_plain(text) for name, text in self.problem.items()},
        }
        with suppress(OSError):  # a full disk: the tunnel itself goes on
            folder.mkdir(parents=True, exist_ok=True)
            write_private(_file(folder), json.dumps(raw).encode())
        return stamped


def standing(folder: Path) -> Standing:
    """Return whether and how the computer with this data folder can be reached."""
    return Standing.read(folder)


def public_base(settings: Settings) -> str:
    """Return what stands before `/s/…` in links for people elsewhere; empty where links open only near this computer.

    It is the host's own address, else the one of the tunnel that stands now.
    """
    return settings.public_url or standing(settings.data_dir).link_address


def _file(folder: Path) -> Path:
    return folder / "reachable.json"


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
