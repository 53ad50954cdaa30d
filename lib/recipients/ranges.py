"""Parts of a file, as browsers ask for them: players jump, and a download that broke goes on."""

from __future__ import annotations

import re
from typing import Final

_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def asked_part(header: str, size: int) -> tuple[int, int] | None:
    """Return first byte and the one behind the last that a Range header asks for; None when it asks for all.

    Where the first is not below the second, the file has no such part (416). Several parts at once are not sent: then
    all is.
    """
    asked = _RANGE.fullmatch(header.strip())
    if asked is None or not (asked[1] or asked[2]):
        return None
    if not asked[1]:  # the last so many bytes
        return max(0, size - int(asked[2])), size
    return int(asked[1]), min(size, int(asked[2]) + 1) if asked[2] else size
