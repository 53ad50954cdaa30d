"""How many bytes a request's body may have: the one place that counts them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import Message

_DIGITS: Final = 18  # of a Content-Length that is still a number worth reading


def limited(
    receive: Callable[[], Awaitable[Message]], content_length: str, max_bytes: int, too_large: Callable[[], Exception]
) -> Callable[[], Awaitable[Message]]:
    """Return the body as a stream that raises what `too_large` returns as soon as it has more than `max_bytes`.

    A Content-Length that says so ends it before a byte is read.
    """
    digits = content_length if content_length.isascii() and content_length.isdigit() else "0"
    announced_too_large = len(digits) > _DIGITS or int(digits) > max_bytes
    got = 0

    async def receiving() -> Message:
        nonlocal got
        if announced_too_large:
            raise too_large()
        message = await receive()
        got += len(message.get("body", b""))
        if got > max_bytes:
            raise too_large()
        return message

    return receiving
