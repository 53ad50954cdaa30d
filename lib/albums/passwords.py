"""Passwords of links: argon2id. Guessing is held back by `lib.albums.guesses`."""

from __future__ import annotations

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lib.albums.wishes import MAX_PASSWORD, normalised_password

# argon2id with 46 MB and one pass: the first of OWASP's equal choices, the one that suits small servers.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)


def password_hash(password: str) -> str:
    """Return the argon2id hash of a checked password. Takes some 50 ms: never on the event loop."""
    return _HASHER.hash(password)


def password_fits(hashed: str, typed: str) -> bool:
    """Say whether a typed password is the hashed one. Takes some 50 ms: never on the event loop."""
    if len(typed) > 4 * MAX_PASSWORD:
        return False
    try:
        return _HASHER.verify(hashed, normalised_password(typed))
    except (VerificationError, InvalidHashError):
        return False
