"""What the ids inside a link look like, so that a cut or damaged one is noticed without asking anybody.

Every provider's ids have a length and an alphabet, and most hide a structure: a base64 text of a fixed number of bytes
has unused bits at its end, a key decodes to a fixed size. A rule is data (`providers/*.toml`); the checks that data
can name stand here. Nothing here guesses or repairs a character: an id is a secret.
"""

from __future__ import annotations

import base64
import binascii
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE64URL: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"

ALPHABETS: Final[Mapping[str, str]] = {
    "digits": string.digits,
    "hex": string.hexdigits,
    "lower": string.ascii_lowercase + string.digits,
    "upper": string.ascii_uppercase + string.digits,
    "base62": string.ascii_letters + string.digits,
    "base58": BASE58,
    "base64": string.ascii_letters + string.digits + "+/=",
    "base64url": _BASE64URL,
    "onedrive": _BASE64URL + "!",
}
_OUTSIDE: Final = {name: re.compile(f"[^{re.escape(letters)}]") for name, letters in ALPHABETS.items()}
_MIXED_CASE: Final = frozenset({"base62", "base58", "base64", "base64url", "onedrive"})

# An id of so many letters and digits without one capital is no accident of chance: (38/64)**14 is below 1 in 1,000.
_SURELY_LOWERED: Final = 14
_MAYBE_LOWERED: Final = 6


def _tail(value: str) -> bool:
    """Whether the unused low bits at the end of a base64 text are zero, as every encoder leaves them."""
    spare = len(value) * 6 % 8
    return _BASE64URL.find(value[-1]) & ((1 << spare) - 1) == 0


def _after_first(value: str) -> bool:
    """The tail check, where a version letter stands before the base64 text."""
    return _tail(value[1:])


def _last_22(value: str) -> bool:
    """Whether the last 22 characters are the base64 text of 16 bytes."""
    return _tail(value[-22:])


def _base58_96_bits(value: str) -> bool:
    """Whether a base58 text, least digit first, is a number of 97 bits with the highest one set."""
    number: int = sum(BASE58.find(letter) * 58**place for place, letter in enumerate(value))
    return 2**96 <= number < 2**97


def _base58_32_bytes(value: str) -> bool:
    """Whether a base58 text stands for 32 bytes."""
    number = 0
    for letter in value:
        number = number * 58 + BASE58.find(letter)
    return (number.bit_length() + 7) // 8 + (len(value) - len(value.lstrip("1"))) == 32  # noqa: PLR2004 - the name


def _holds_30_letters(value: str) -> bool:
    """Whether a base64 text decodes to exactly 30 letters of the base64url alphabet."""
    try:
        inner = base64.b64decode(value, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return len(inner) == 30 and not _OUTSIDE["base64url"].search(inner)  # noqa: PLR2004 - the name


def _uuid_4(value: str) -> bool:
    """Whether the first 22 base64 characters are a random UUID (version 4)."""
    try:
        return base64.urlsafe_b64decode(value[:22] + "==")[6] >> 4 == 4  # noqa: PLR2004 - the version
    except (binascii.Error, IndexError):
        return False


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "tail": _tail,
    "tail_after_first": _after_first,
    "tail_of_last_22": _last_22,
    "base58_96_bits": _base58_96_bits,
    "base58_32_bytes": _base58_32_bytes,
    "holds_30_letters": _holds_30_letters,
    "uuid_4": _uuid_4,
}


@dataclass(frozen=True, slots=True)
class IdRule:
    """What one kind of id looks like. `exact` is False where the lengths are only the usual ones."""

    name: str
    lengths: tuple[int, ...]
    alphabet: str
    exact: bool = True
    rare: tuple[int, ...] = ()  # lengths that are possible, but more often a cut
    starts: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IdFault:
    """What is wrong with an id. `sure` is False for a mere sign of damage."""

    code: str  # "TRUNCATED", "CHAR_DAMAGED", "CASE_LOST"
    words: str
    sure: bool


def find_fault(rule: IdRule, value: str, what: str) -> IdFault | None:
    """Say what is wrong with an id, or None. `what` names it: "the id", "the key"."""
    low, high = min(rule.lengths), max(rule.lengths)
    several = " or " if len(rule.lengths) == 2 else " to "  # noqa: PLR2004 - two lengths or a range
    wanted = f"{low}" if low == high else f"{low}{several}{high}"
    if not value:
        return IdFault("TRUNCATED", f"The link ends before {what}, which should have {wanted} characters.", sure=True)
    if fault := _find_stranger(rule, value, what):
        return fault
    if len(value) < low:
        return IdFault("TRUNCATED", f"{_first_up(what)} has {len(value)} of {wanted} characters.", sure=rule.exact)
    if len(value) > high or len(value) not in rule.lengths:
        return IdFault(
            "CHAR_DAMAGED", f"{_first_up(what)} has {len(value)} characters and should have {wanted}.", sure=rule.exact
        )
    if len(value) in rule.rare:
        return IdFault("TRUNCATED", f"{_first_up(what)} has {len(value)} characters; most have {high}.", sure=False)
    return _find_damage(rule, value, what)


def _find_stranger(rule: IdRule, value: str, what: str) -> IdFault | None:
    if rule.alphabet == "upper" and value != value.upper():
        return IdFault("CASE_LOST", f"The capital letters of {what} have become small ones.", sure=True)
    if outside := _OUTSIDE[rule.alphabet].search(value):
        return IdFault("CHAR_DAMAGED", f"Character {outside.start() + 1} of {what} cannot stand there.", sure=True)
    return None


def _find_damage(rule: IdRule, value: str, what: str) -> IdFault | None:
    letters = sum(letter.isalpha() for letter in value)
    if rule.alphabet in _MIXED_CASE and letters and value == value.lower() and len(value) >= _MAYBE_LOWERED:
        return IdFault(
            "CASE_LOST", f"{_first_up(what)} has no capital letter left.", sure=len(value) >= _SURELY_LOWERED
        )
    if rule.starts and not value.startswith(rule.starts):
        return IdFault("CHAR_DAMAGED", f"{_first_up(what)} does not begin as it should.", sure=False)
    if not all(CHECKS[check](value) for check in rule.checks):
        return IdFault("CHAR_DAMAGED", f"One character of {what} looks wrong.", sure=False)
    return None


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
