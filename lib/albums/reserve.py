"""A few megabytes of the disk, kept so that taking back and cleaning up never fail for want of space."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

RESERVE_BYTES: Final = 8_000_000  # some hundred links taken back; then the clean-up has long made room
_SPARE: Final = 2  # times the reserve has to be free before it is filled again
_PIECE: Final = 1_000_000


class Reserve:
    """A file beside the index that holds free space until it is needed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "reserve"

    def fill(self) -> bool:
        """Take the space while the disk has plenty; say whether it is taken. Cheap where it already is."""
        try:
            if self._file.stat().st_size >= RESERVE_BYTES:
                return True
        except OSError:  # not there yet, or given up
            pass
        fresh = self._file.with_name(f".reserve.{secrets.token_hex(4)}")
        try:
            if shutil.disk_usage(self._file.parent).free < _SPARE * RESERVE_BYTES:
                return False
            with fresh.open("wb") as file:
                for _ in range(RESERVE_BYTES // _PIECE):
                    file.write(os.urandom(_PIECE))  # zeros would be no space at all on disks that compress
                os.fsync(file.fileno())
            fresh.replace(self._file)
        except OSError:
            with suppress(OSError):
                fresh.unlink()
            return False
        return True

    def give_up(self) -> bool:
        """Give the space back to the disk; False when it was given up before."""
        try:
            self._file.unlink()
        except OSError:
            return False
        return True
