"""One place counts the bytes of a request's body, for forms, the picker and the upload page alike."""

from __future__ import annotations

import pytest
from starlette.types import Message

from lib.recipients.body_limit import limited


class TooLargeError(Exception):
    """More than allowed."""


@pytest.mark.parametrize(
    ("announced", "pieces", "read"),
    [
        ("", [10], 1),
        ("10", [4, 6], 2),
        ("\u00b3", [10], 1),  # a digit, but no number
        ("\u0661\u0660\u0660", [10], 1),  # digits of another script are no announcement
        ("-11", [10], 1),
    ],
)
async def test_a_body_within_the_limit_is_read_whole(announced: str, pieces: list[int], read: int) -> None:
    assert await _read(announced, pieces) == read


@pytest.mark.parametrize(
    ("announced", "pieces", "read"),
    [
        ("11", [10], 0),
        ("9" * 5000, [10], 0),
        ("", [11], 1),
        ("3", [4, 4, 4], 3),  # what was announced is not believed
    ],
)
async def test_what_is_too_large_ends_as_early_as_it_can(announced: str, pieces: list[int], read: int) -> None:
    taken: list[int] = []
    with pytest.raises(TooLargeError):
        await _read(announced, pieces, taken)
    assert len(taken) == read


async def _read(announced: str, pieces: list[int], taken: list[int] | None = None) -> int:
    taken = [] if taken is None else taken
    waiting = list(pieces)

    async def receive() -> Message:
        taken.append(waiting.pop(0))
        return {"type": "http.request", "body": b"x" * taken[-1], "more_body": bool(waiting)}

    receiving = limited(receive, announced, 10, TooLargeError)
    while (await receiving())["more_body"]:
        pass
    return len(taken)
