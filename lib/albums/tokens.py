"""Tokens for scripts and Shortcuts: an owner's own keys, each for a part of what its owner may do.

A token is shown once and kept as its hash, in the same table as the secrets of browsers: what signs all others out, or
replaces the recovery code, ends tokens as well. It is no cookie, and no page takes it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from time import time
from typing import Any, Final

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.keys import Keys, hashed
from lib.albums.owners import TOKEN_PREFIX, Owners
from lib.albums.problems import TooFast, WishRefused
from lib.albums.tables import owner_keys
from lib.albums.wishes import clean_text
from lib.settings import Settings
from lib.text.later import later

MAX_NAME: Final = 60  # characters
MAX_TOKENS: Final = 20  # of one person
NOTED_EACH_S: Final = 3_600  # its last use is kept to the hour: one write an hour, and no diary
_CHARS: Final = 128  # a longer one is not even hashed
_KIND: Final = "token"
_SIGNED_IN: Final = "signed_in"


class Scope(StrEnum):
    """What a token is for."""

    CREATE = "create"  # make links
    READ = "read"  # list links, and look at one
    CHANGE = "change"  # title, words, limits, photos in and out
    TAKE_BACK = "take_back"  # and the proof of it


@dataclass(frozen=True, slots=True)
class Token:
    """One token as its owner sees it. `id` is its hash and opens nothing. Times are aware, UTC."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    ends_at: datetime | None  # None: it works until it is ended
    last_used_at: datetime | None  # rounded down to the hour
    admitted: str = field(default="", repr=False)  # what it has shown of the host's rule for creating links

    @property
    def has_ended(self) -> bool:
        """Its time is over."""
        return self.ends_at is not None and self.ends_at <= datetime.now(UTC)


class Tokens:
    """Tokens of all owners."""

    def __init__(self, index: Index, keys: Keys, owners: Owners, settings: Settings) -> None:
        self._index = index
        self._keys = keys
        self._owners = owners
        self._settings = settings

    def make(
        self, owner: str, *, name: str, scopes: Iterable[Scope], life_s: float | None = None, browser: str = "",
        signed_in: bool = False,
    ) -> str:  # fmt: skip
        """Return a new token, which is never shown again. The host's rule for creating links was asked before.

        It ends with `browser`, the secret of the one in which it is made, when that is signed out. Raises
        `WishRefused`, and `TooFast` where its owner has enough of them.
        """
        name = clean_text(name, MAX_NAME, later("The name"))
        chosen = sorted(set(map(Scope, scopes)))
        if not name:
            raise WishRefused(later("A token needs a name."), fix=later("Write what it is for."))
        if not chosen:
            raise WishRefused(later("This token may do nothing."), fix=later("Choose what it may do."))
        if len(self.all(owner)) >= MAX_TOKENS:
            raise TooFast(
                later("You have {n} tokens; that is the limit.", n=MAX_TOKENS), fix=later("End one of them first.")
            )
        now, token = time(), TOKEN_PREFIX + secrets.token_urlsafe(32)
        with self._index.write() as connection:
            connection.execute(
                sa.insert(owner_keys).values(
                    key_hash=hashed(token), person=self._owners.person(owner), kind=_KIND, created_at=now, name=name,
                    scopes=" ".join(chosen), ends_at=None if life_s is None else now + life_s,
                    made_by=hashed(browser or owner), admitted=_SIGNED_IN if signed_in else self._password_mark(),
                )
            )  # fmt: skip
        return token

    def all(self, owner: str) -> list[Token]:
        """Return an owner's tokens, newest first; one whose time is over stays listed until it is taken away."""
        mine = sa.and_(owner_keys.c.person == self._owners.person(owner), owner_keys.c.kind == _KIND)
        rows = self._index.rows(sa.select(owner_keys).where(mine).order_by(owner_keys.c.created_at.desc()))
        return [_token(row) for row in rows]

    def find(self, token: str) -> Token | None:
        """Return what a token is, or None where it is unknown or its time is over. Cheap: one small read."""
        if not token.startswith(TOKEN_PREFIX) or len(token) > _CHARS:
            return None
        here = sa.and_(owner_keys.c.key_hash == hashed(token), owner_keys.c.kind == _KIND)
        row = self._index.row(sa.select(owner_keys).where(here))
        if row is None or (found := _token(row)).has_ended:
            return None
        return found

    def used(self, token: Token) -> None:
        """Note that it was used: the hour, nothing else."""
        hour = time() // NOTED_EACH_S * NOTED_EACH_S
        if token.last_used_at is not None and token.last_used_at.timestamp() >= hour:
            return
        with self._index.write() as connection:
            connection.execute(
                sa.update(owner_keys).where(owner_keys.c.key_hash == token.id, owner_keys.c.kind == _KIND)
                .values(last_used_at=hour)
            )  # fmt: skip

    def end(self, owner: str, token_id: str) -> None:
        """End a token, at once and for good. One that is gone is no error."""
        here = sa.and_(
            owner_keys.c.person == self._owners.person(owner), owner_keys.c.key_hash == token_id,
            owner_keys.c.kind == _KIND,
        )  # fmt: skip
        with self._index.write() as connection:
            connection.execute(sa.delete(owner_keys).where(here))

    def may_create(self, token: Token) -> dict[str, Any]:
        """Return what `Admission.check` asks for, as far as this token has shown it: a sign-in, or the password of now.

        The password is the host's own. Whoever made the token knew it; when the host changes it, the token shows none.
        """
        wanted = self._settings.access_password
        knew = wanted is not None and token.admitted == self._password_mark()
        return {
            "signed_in": token.admitted == _SIGNED_IN,
            "password": wanted.get_secret_value() if wanted is not None and knew else None,
        }

    def _password_mark(self) -> str:
        """Return what stands for the host's access password of now; empty where it asks for none."""
        wanted = self._settings.access_password
        if self._settings.who_may_create != "password" or wanted is None:
            return ""
        return self._keys.hash_of("access", wanted.get_secret_value())[:32]


def _token(row: sa.Row[Any]) -> Token:
    return Token(
        id=row.key_hash, name=row.name or "", scopes=frozenset(map(Scope, (row.scopes or "").split())),
        created_at=datetime.fromtimestamp(row.created_at, UTC), ends_at=_when(row.ends_at),
        last_used_at=_when(row.last_used_at), admitted=row.admitted or "",
    )  # fmt: skip


def _when(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
