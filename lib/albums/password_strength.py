"""How hard a password is to guess, told while it is typed. Nothing is looked up anywhere: the word lists are here."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from lib.albums.wishes import normalised_password

_READ: Final = 72  # characters: zxcvbn reads no more, and whatever is longer was decided long before
_FINE: Final = 2  # zxcvbn's scores go from 0 to 4; 2 is "somewhat guessable": over a million guesses
_HARD: Final = 4  # "very unguessable": over ten thousand million guesses


class Strength(StrEnum):
    """What guessing a password takes, where each wrong try makes the next one wait."""

    EASY = "easy"  # common passwords, names, dates, keyboard rows
    FINE = "fine"  # more tries than the waits of a link allow
    HARD = "hard"  # also where nothing slows guessing down


def strength(password: str) -> Strength:
    """Rate a password as it would be kept. An empty one is easy."""
    from zxcvbn import zxcvbn

    normalised = normalised_password(password)[:_READ]
    score = int(zxcvbn(normalised, max_length=_READ)["score"]) if normalised else 0
    return Strength.HARD if score >= _HARD else Strength.FINE if score >= _FINE else Strength.EASY
