"""What the ids inside a link look like, so that a cut or damaged one is noticed without asking anybody.

Every provider's ids have a length and an alphabet, and most hide a structure: a base64 text of a fixed number of bytes
has unused bits at its end, a key decodes to a fixed size. A rule is data (`links.toml`); the checks that data
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
    "uuid": string.hexdigits + "-",
    "lower": string.ascii_lowercase + string.digits,
    "upper": string.ascii_uppercase + string.digits,
    "base62": string.ascii_letters + string.digits,
    "base58": BASE58,
    "base64": string.ascii_letters + string.digits + "+/=",
    "base64url": _BASE64URL,
    "base64any": _BASE64URL + "+/=",
    "base64url!": _BASE64URL + "!",
}
_OUTSIDE: Final = {name: re.compile(f"[^{re.escape(letters)}]") for name, letters in ALPHABETS.items()}
# How often a letter of an alphabet is a small one. Only alphabets that tell capital and small letters apart stand here.
_SMALL_SHARE: Final[Mapping[str, float]] = {
    name: sum(letter.islower() for letter in letters) / sum(letter.isalpha() for letter in letters)
    for name, letters in ALPHABETS.items()
    if name in {"base62", "base58", "base64", "base64url", "base64any", "base64url!"}
}

# The capitals of an id are called lost when chance alone would leave so few ids without one: our own choice.
PERHAPS_LOWERED: Final = 1 / 20


def chance_without_capital(alphabet: str, value: str) -> float:
    """Return how likely a random id of this alphabet has no capital: the share of small letters ** its letters.

    1.0 where the alphabet does not tell capital and small letters apart: then nothing can be lost.
    """
    return float(_SMALL_SHARE.get(alphabet, 1.0) ** sum(letter.isalpha() for letter in value))


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


_INSIDE_REDEEM: Final = re.compile(
    r"https://1drv\.ms/[a-z]/(?:c/[0-9a-f]{16}/[\w-]{46,47}|s![\w-]{28,32})(?:\?|$)", re.IGNORECASE
)


def _holds_1drv_link(value: str) -> bool:
    """Whether a packed OneDrive link is whole. What is packed but is no such link is left alone."""
    start = "https://1drv.ms/"
    try:
        inner = base64.urlsafe_b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return len(value) % 4 != 1  # one letter too few for any number of bytes
    return bool(_INSIDE_REDEEM.match(inner)) if inner.startswith(start) else not start.startswith(inner)


def _drive_id(value: str) -> bool:
    """Whether an id that may be of any of Drive's kinds has the length of its beginning: 0B… is 28 letters long."""
    return (len(value) == 28) == value.startswith("0B")  # noqa: PLR2004 - see lengths in Drive's own table


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "tail": _tail,
    "tail_after_first": _after_first,
    "tail_of_last_22": _last_22,
    "base58_96_bits": _base58_96_bits,
    "base58_32_bytes": _base58_32_bytes,
    "holds_30_letters": _holds_30_letters,
    "uuid_4": _uuid_4,
    "drive_id": _drive_id,
    "holds_1drv_link": _holds_1drv_link,
}
_CUT_WHEN_IT_FAILS: Final = frozenset({"holds_1drv_link"})


@dataclass(frozen=True, slots=True)
class IdRule:
    """What one kind of id looks like. `exact` is False where the lengths are only the usual ones."""

    name: str
    lengths: tuple[int, ...]  # empty: any
    alphabet: str
    exact: bool = True
    starts: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    what: str = "the code in it"  # for a person
    seen: int = 0  # real public links of this kind that were looked at: the odds of what is said about them


@dataclass(frozen=True, slots=True)
class IdFault:
    """What looks wrong with an id. `sure` only where there is none: a service may change its ids any day."""

    code: str  # "TRUNCATED", "CHAR_DAMAGED", "CASE_LOST"
    text: str
    sure: bool = False


def find_fault(rule: IdRule, value: str, what: str = "") -> IdFault | None:
    """Say what looks wrong with an id, or None. `what` names it if the rule's own name does not fit: "the key"."""
    what = what or rule.what
    if not value:
        return IdFault("TRUNCATED", f"The link ends before {what}.", sure=True)
    return _find_stranger(rule, value, what) or _find_cut(rule, value, what) or _find_damage(rule, value, what)


def _odds(rule: IdRule, wanted: str) -> str:
    """Say how many links the expectation rests on."""
    known = f"All {rule.seen} real links of this kind that we know" if rule.seen and rule.exact else "Most"
    return f"{known} have {wanted}"


def _find_stranger(rule: IdRule, value: str, what: str) -> IdFault | None:
    if rule.alphabet == "upper" and value != value.upper():
        return IdFault("CASE_LOST", f"The capital letters of {what} have become small ones.")
    if outside := _OUTSIDE[rule.alphabet].search(value):
        return IdFault("CHAR_DAMAGED", f"Character {outside.start() + 1} of {what} does not seem to belong there.")
    return None


def _find_cut(rule: IdRule, value: str, what: str) -> IdFault | None:
    if not rule.lengths:
        return None
    low, high = min(rule.lengths), max(rule.lengths)
    several = " or " if len(rule.lengths) == 2 else " to "  # noqa: PLR2004 - two lengths or a range
    wanted = f"{low}" if low == high else f"{low}{several}{high}"
    letters = f"{len(value)} character" + "s" * (len(value) != 1)
    if len(value) < low:
        text = f"{_first_up(what)} has {letters}. {_odds(rule, wanted)}: perhaps its end is missing."
        return IdFault("TRUNCATED", text)
    if len(value) not in rule.lengths:
        text = f"{_first_up(what)} has {letters}. {_odds(rule, wanted)}: perhaps something is wrong in it."
        return IdFault("CHAR_DAMAGED", text)
    return None


def _find_damage(rule: IdRule, value: str, what: str) -> IdFault | None:
    if fault := _find_lost_capitals(rule, value, what):
        return fault
    if rule.starts and not value.startswith(rule.starts):
        return IdFault("CHAR_DAMAGED", f"{_first_up(what)} does not begin as most do.")
    failed = next((check for check in rule.checks if not CHECKS[check](value)), "")
    if failed in _CUT_WHEN_IT_FAILS:
        return IdFault("TRUNCATED", f"Another link is packed into {what}, and its end is missing.")
    if not failed:
        return None
    known = f" The {rule.seen} real ones that we know all follow a rule that it breaks." if rule.seen else ""
    return IdFault("CHAR_DAMAGED", f"One character of {what} looks wrong.{known}")


def _find_lost_capitals(rule: IdRule, value: str, what: str) -> IdFault | None:
    chance = chance_without_capital(rule.alphabet, value)
    if value != value.lower() or chance > PERHAPS_LOWERED:
        return None
    text = f"{_first_up(what)} has no capital letter. By chance, only one of {_rounded(1 / chance):,} links is so."
    return IdFault("CASE_LOST", f"{text} Perhaps its capitals became small ones.")


def _rounded(odds: float) -> int:
    """Return odds as people say them: exact when small, else two figures and zeros."""
    return round(odds) if odds < 1_000 else int(float(f"{odds:.1e}"))  # noqa: PLR2004 - what still reads at a glance


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
