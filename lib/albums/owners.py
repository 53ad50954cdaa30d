"""Who owns albums and links: a person behind one or more secrets, never a name or an address.

A visitor's secret is the cookie that the server set. The index keeps only its hash. A recovery code or an account
joins the secrets of several devices into one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from lib.albums.host_key import noted_at
from lib.albums.index import Index
from lib.albums.keys import Keys, hashed, new_code, new_id, normalised_code
from lib.albums.problems import CodeRefused, LinkGone, TokenEnded
from lib.albums.tables import albums, links, owner_keys, remembered
from lib.albums.totals import Totals

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_CODE_LETTERS: Final = 20
UNSEALED_S: Final = 90 * 86_400
TOKEN_PREFIX: Final = "passalong_"  # noqa: S105 - begins every token: programs that look for secrets know it


_NO_BROWSER: Final = "~"  # begins the name of a person who is not the hash of any browser's secret


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser, or an account, that owns the same links. `id` is a hash and opens nothing."""

    id: str
    since: float | None  # when it came with a recovery code, in seconds since 1970; None: it was the first one
    here: bool  # it is the one that asks


class Owners:
    """From owner secrets to persons."""

    def __init__(self, index: Index, keys: Keys, totals: Totals) -> None:
        self._index = index
        self._keys = keys
        self._totals = totals

    def person(self, owner: str) -> str:
        """Return the person behind an owner secret. Somebody new needs no row: the hash is the person."""
        if not owner:
            raise LinkGone
        own = hashed(owner)
        found = self._index.value(_PERSON, {"key_hash": own, "kinds": ["cookie", "token"]})
        if found is None and owner.startswith(TOKEN_PREFIX):  # ended meanwhile: never a person of its own
            raise TokenEnded
        return str(found) if found is not None else own

    def looks_as(self, cookie: str) -> tuple[str, ...]:
        """Return every person whose links this cookie looks at as an owner: its own, and its account's."""
        own = hashed(cookie)
        found = self._index.rows(_PERSON, {"key_hash": own, "kinds": ["cookie", "look"]})
        return (own, *(row.person for row in found))

    def recovery_code(self, owner: str, *, keep_others: bool = False) -> str:
        """Return a new code that takes this visitor's links to another device; an older code stops working.

        It works until the next one is made, so that it still helps when this device is lost. Browsers that came with
        an older code are signed out and tokens end, unless `keep_others`: whoever makes a new one may have lost the
        old one.
        """
        person = self.person(owner)
        code = new_code()
        with self._index.write() as connection:
            ended = ["code"] if keep_others else ["code", "cookie", "token"]
            connection.execute(
                sa.delete(owner_keys).where(
                    owner_keys.c.person == person, owner_keys.c.kind.in_(ended),
                    owner_keys.c.key_hash != hashed(owner),
                )
            )  # fmt: skip
            _put(connection, hashed(normalised_code(code)), person, "code")
        return code

    def recover(self, owner: str, code: str) -> int:
        """Join this device to the person of the code, with all its own links; return how many links are there now."""
        normalised = normalised_code(code)
        found = self._index.value(_PERSON, {"key_hash": hashed(normalised), "kinds": ["code"]})
        if len(normalised) != _CODE_LETTERS or found is None:
            raise CodeRefused
        person, before = str(found), self.person(owner)
        with self._index.write() as connection:
            self._move(connection, before, person)
            _put(connection, hashed(owner), person, "cookie")
            count = sa.select(sa.func.count()).where(links.c.person == person)
            return int(connection.execute(count).scalar_one())

    def browsers(self, owner: str) -> list[Browser]:
        """Return every browser that owns these links, the first one first."""
        person, own = self.person(owner), hashed(owner)
        came = sa.select(owner_keys.c.key_hash, owner_keys.c.created_at).where(
            owner_keys.c.person == person, owner_keys.c.kind == "cookie"
        )
        first = [] if person.startswith(_NO_BROWSER) else [Browser(person, None, here=own == person)]
        rows = self._index.rows(came.order_by(owner_keys.c.created_at))
        return first + [Browser(row.key_hash, row.created_at, here=own == row.key_hash) for row in rows]

    def sign_out(self, owner: str, browser_id: str | None = None) -> None:
        """Sign one other browser out, or all others. The recovery code ends with it: they may know it.

        Tokens that were made there end too; with all others, every token.
        """
        person, own = self.person(owner), hashed(owner)
        if browser_id == own:
            return
        here = sa.and_(owner_keys.c.person == person, owner_keys.c.key_hash != own)
        which = sa.true() if browser_id is None else sa.or_(
            owner_keys.c.key_hash == browser_id, owner_keys.c.kind == "code", owner_keys.c.made_by == browser_id
        )  # fmt: skip
        with self._index.write() as connection:
            connection.execute(sa.delete(owner_keys).where(here, which))
            if person != own and browser_id in {None, person}:  # the first one needs no row: the person gets a new name
                self._move(connection, person, _NO_BROWSER + new_id())

    def for_account(self, subject: str) -> str:
        """Return the owner secret of a signed-in person: `subject` names issuer and account, as in `"google|1234"`."""
        owner = self._keys.account_owner(subject)
        for keys in self._keys.older:  # the host's key was changed: move what the account had to its new secret
            before = self.person(keys.account_owner(subject))
            if before != self.person(owner):
                with self._index.write() as connection:
                    self._move(connection, before, self.person(owner))
        return owner

    def was_here_before_seals(self, owner: str) -> bool:
        """Say whether an owner of before cookies were sealed has something here: their cookie is still believed.

        For `UNSEALED_S` after the upgrade only: a cookie without a seal may be somebody else's trick.
        """
        since = noted_at(self._index)
        if time() > since + UNSEALED_S:
            return False
        person = self.person(owner)
        kept = (sa.select(t.c.person).where(t.c.person == person, t.c.created_at < since) for t in (albums, remembered))
        return person != hashed(owner) or any(self._index.value(one.limit(1)) is not None for one in kept)

    def claim(self, owner: str, account_owner: str) -> None:
        """Give everything that this browser made to the signed-in account.

        After signing out the browser no longer lists them; its looks still count as the owner's own.
        """
        before, account = self.person(owner), self.person(account_owner)
        if before == account:
            return
        with self._index.write() as connection:
            self._move(connection, before, account)
            _put(connection, hashed(owner), account, "look", only_new=True)

    def _move(self, connection: Connection, before: str, after: str) -> None:
        if before == after:
            return
        for table in (links, owner_keys):
            connection.execute(sa.update(table).where(table.c.person == before).values(person=after))
        # These are unique for each person: of what both have, the first one's row stays.
        for table, column in ((albums, "key"), (remembered, "same_as")):
            both = sa.select(table.c[column]).where(table.c.person == after)
            here = table.c.person == before
            connection.execute(sa.update(table).where(here, table.c[column].not_in(both)).values(person=after))
        renamed = albums.c.key + ":" + albums.c.id
        connection.execute(sa.update(albums).where(albums.c.person == before).values(person=after, key=renamed))
        connection.execute(sa.delete(remembered).where(remembered.c.person == before))
        self._totals.move(connection, before, after)


_PERSON: Final = sa.select(owner_keys.c.person).where(
    owner_keys.c.key_hash == sa.bindparam("key_hash"), owner_keys.c.kind.in_(sa.bindparam("kinds", expanding=True))
)


def _put(connection: Connection, key_hash: str, person: str, kind: str, *, only_new: bool = False) -> None:
    here = owner_keys.c.key_hash == key_hash
    if only_new and connection.execute(sa.select(owner_keys.c.person).where(here)).first():
        return
    connection.execute(sa.delete(owner_keys).where(here))
    connection.execute(sa.insert(owner_keys).values(key_hash=key_hash, person=person, kind=kind, created_at=time()))
