"""Passalong: photos in, a link out that opens, holds nothing private, and can be taken back.

For scripts and notebooks: `from lib import check, clean, inspect, send, storage` (see `lib.notebooks`). They are loaded
when they are first asked for, so that nothing else waits for them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.notebooks import check, clean, inspect, send, storage

__all__ = ["check", "clean", "inspect", "send", "storage"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(importlib.import_module("lib.notebooks"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
