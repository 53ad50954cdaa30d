"""Links at other providers, kept for My links: encrypted, so that the index alone opens none of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from lib.albums.index import Index
from lib.albums.keys import Keys, hashed, new_id
from lib.albums.owners import Owners
from lib.albums.problems import LinkGone
from lib.albums.tables import remembered
from lib.services.base import SharedLink, link_to_dict, read_link


@dataclass(frozen=True, slots=True)
class RememberedLink:
    """A link at another provider, kept for its owner (encrypted in the index)."""

    id: str
    link: SharedLink
    revoked_at: datetime | None


class Remembered:
    """Every call names the owner; another owner's link is simply not there."""

    def __init__(self, index: Index, keys: Keys, owners: Owners) -> None:
        self._index = index
        self._keys = keys
        self._owners = owners

    def add(self, owner: str, link: SharedLink) -> str:
        """Keep a link at another provider for My links, encrypted; the same link again is kept once."""
        person, same_as = self._owners.person(owner), hashed(f"{link.provider_id}\n{link.url}")
        box = self._keys.box(json.dumps(link_to_dict(link)))
        here = sa.and_(remembered.c.person == person, remembered.c.same_as == same_as)
        with self._index.write() as connection:
            connection.execute(
                self._index.insert_new(remembered).values(
                    id=new_id(), person=person, same_as=same_as, box=box, created_at=link.created_at.timestamp()
                )
            )
            connection.execute(sa.update(remembered).where(here).values(box=box))
            return str(connection.execute(sa.select(remembered.c.id).where(here)).scalar_one())

    def all(self, owner: str) -> list[RememberedLink]:
        """Return this visitor's links at other providers, newest first."""
        rows = self._index.rows(
            sa.select(remembered)
            .where(remembered.c.person == self._owners.person(owner))
            .order_by(remembered.c.created_at.desc(), remembered.c.id)
        )
        found = []
        for row in rows:
            text = self._keys.unbox(row.box)
            if text is not None:  # None: the host's secret key was changed
                found.append(
                    RememberedLink(
                        row.id,
                        read_link(json.loads(text)),
                        datetime.fromtimestamp(row.revoked_at, UTC) if row.revoked_at else None,
                    )
                )
        return found

    def mark_revoked(self, owner: str, remembered_id: str, at: datetime | None = None) -> None:
        """Note that a link at another provider was taken back there."""
        self._change(owner, remembered_id, (at or datetime.now(UTC)).timestamp())

    def forget(self, owner: str, remembered_id: str) -> None:
        """Stop listing a link at another provider. The link itself stays as it is."""
        self._change(owner, remembered_id, None)

    def _change(self, owner: str, remembered_id: str, revoked_at: float | None) -> None:
        here = sa.and_(remembered.c.id == remembered_id, remembered.c.person == self._owners.person(owner))
        change: Any = (
            sa.delete(remembered).where(here)
            if revoked_at is None
            else sa.update(remembered).where(here).values(revoked_at=revoked_at)
        )
        with self._index.write() as connection:
            if connection.execute(change).rowcount != 1:
                raise LinkGone
