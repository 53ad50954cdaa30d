"""How photos come in beside the app: the picker's routes and the plain upload page.

`from lib import send` means the function for scripts, `lib.notebooks.send`. Where this room was loaded before, Python
finds the room under that name; it answers to a call just the same.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    def __call__(self, *args: Any, **options: Any) -> Any:
        from lib.notebooks import send

        return send(*args, **options)


sys.modules[__name__].__class__ = _Room
