"""What recipients answer to a sender's question, without an account: kept for the sender, and gone with the link.

An answer belongs to one browser on one link, by a secret that only this browser's cookie holds: sent again it is
changed, never doubled. Nothing about who answered is kept but what they write themselves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from time import time
from typing import Any, Final

import sqlalchemy as sa

from lib.albums.albums import Albums
from lib.albums.index import Index
from lib.albums.keys import hashed, new_id
from lib.albums.link_rows import OpenLink
from lib.albums.notifications import News, notify
from lib.albums.owners import Owners
from lib.albums.problems import LinkGone
from lib.albums.tables import albums, answers, links, photos
from lib.albums.wishes import MAX_NAME, clean_text
from lib.services.base import LinkQuestion

MAX_ANSWER_WORDS: Final = 1_000  # characters
MAX_AMOUNT: Final = 999  # of one photo
MAX_ANSWERS: Final = 500  # of one link: many more than people who are sent one


class Fate(Enum):
    """What became of an answer that was sent."""

    KEPT = "kept"
    TAKEN_BACK = "taken back"  # it was there, and is empty now
    EMPTY = "empty"  # there is nothing to keep
    FULL = "full"  # the link has as many as it takes
    GONE = "gone"  # the link ended, or asks something else now


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What somebody answered before, for the form in which they change it."""

    chosen: Mapping[int, int]  # number of a photo -> how many
    name: str
    words: str
    changed_at: float  # seconds since 1970


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer, for the link's owner."""

    id: str
    link_id: str
    link_name: str  # the sender's own name for the link
    question: LinkQuestion
    chosen: Mapping[int, int]  # number of a photo that is shown -> how many, in the order of the album
    name: str  # as they wrote it; often empty
    words: str
    changed_at: datetime

    @property
    def who(self) -> str:
        """Who answered, as far as anybody knows: their own name, else the link's; may be empty."""
        return self.name or self.link_name


class Answers:
    """Recipients come with their link, senders with their secret: another owner's answers are simply not there."""

    def __init__(self, index: Index, owners: Owners, owners_albums: Albums) -> None:
        self._index = index
        self._owners = owners
        self._albums = owners_albums
        self._own = index.quick(
            sa.select(answers.c.chosen, answers.c.name, answers.c.words, answers.c.changed_at).where(
                answers.c.link_id == sa.bindparam("link"), answers.c.key_hash == sa.bindparam("key")
            )
        )

    def own(self, link_id: str, secret: str) -> OwnAnswer | None:
        """Return what the browser with this secret answered on a link."""
        rows = self._own({"link": link_id, "key": hashed(secret)})
        return OwnAnswer(_numbers(rows[0][0]), *rows[0][1:]) if rows else None

    def put(self, link: OpenLink, secret: str, chosen: Mapping[int, int], *, name: str = "", words: str = "") -> Fate:
        """Keep an answer, or change the one of this browser; an empty one takes it back.

        One transaction decides, however many answer at once. What is too long is cut, what is no photo is left out.
        """
        kept = {
            "question": link.question, "name": _cut(name, MAX_NAME), "words": _cut(words, MAX_ANSWER_WORDS, lines=True),
            "changed_at": (now := time()),
        }  # fmt: skip
        same = sa.and_(answers.c.link_id == link.id, answers.c.key_hash == hashed(secret))
        open_now = sa.and_(
            links.c.id == link.id, links.c.version == link.version, links.c.question == link.question,
            links.c.revoked_at.is_(None), links.c.expires_at > now,
        )  # fmt: skip
        with self._index.write() as connection:
            held = connection.execute(sa.select(links.c.expires_at).where(open_now).with_for_update()).scalar()
            if held is None or link.question == LinkQuestion.NONE:
                return Fate.GONE
            shown = sa.select(photos.c.number).where(photos.c.album_id == link.album_id, photos.c.removed_at.is_(None))
            there = set(connection.execute(shown).scalars())
            kept["chosen"] = {str(n): min(many, MAX_AMOUNT) for n, many in chosen.items() if n in there and many > 0}
            if not (kept["chosen"] or kept["words"]):
                taken = connection.execute(sa.delete(answers).where(same)).rowcount
                return Fate.TAKEN_BACK if taken else Fate.EMPTY
            if connection.execute(sa.update(answers).where(same).values(**kept)).rowcount:
                return Fate.KEPT
            count = sa.select(sa.func.count()).where(answers.c.link_id == link.id)
            if connection.execute(count).scalar_one() >= MAX_ANSWERS:
                return Fate.FULL
            fresh = {"id": new_id(), "link_id": link.id, "key_hash": hashed(secret), "created_at": now}
            connection.execute(sa.insert(answers).values(**fresh, **kept))
            notify(connection, link.id, News.ANSWERED)
            # The sweep comes by when this link ends, also where another one keeps the album going.
            connection.execute(
                sa.update(albums).where(albums.c.id == link.album_id, albums.c.due_at > held).values(due_at=held)
            )
        return Fate.KEPT

    def all(self, owner: str, album_id: str) -> list[GivenAnswer]:
        """Return the answers on all living links of an album, newest first. Photos no longer shown are left out."""
        shown = {photo.number for photo in self._albums.get(owner, album_id).photos}
        statement = (
            sa.select(answers, links.c.name.label("link_name"))
            .join(links, links.c.id == answers.c.link_id)
            .where(
                links.c.album_id == album_id, links.c.person == self._owners.person(owner),
                links.c.revoked_at.is_(None), links.c.expires_at > time(),
            )
            .order_by(answers.c.changed_at.desc(), answers.c.id)
        )  # fmt: skip
        return [_answer(row, shown) for row in self._index.rows(statement)]

    def look(self, owner: str, link_id: str) -> datetime:
        """Note that the sender looks at a link's answers now; return when they did so before. Raises `LinkGone`."""
        mine = sa.and_(links.c.id == link_id, links.c.person == self._owners.person(owner))
        with self._index.write() as connection:
            before = connection.execute(sa.select(links.c.answers_seen_at).where(mine).with_for_update()).scalar()
            if before is None:
                raise LinkGone
            connection.execute(sa.update(links).where(mine).values(answers_seen_at=time()))
        return datetime.fromtimestamp(before, UTC)


def totals(found: Sequence[GivenAnswer]) -> Counter[int]:
    """Return how often each photo was chosen, or how many of it are wanted, over all answers: number -> how many."""
    total: Counter[int] = Counter()
    for answer in found:
        total.update(answer.chosen)
    return total


def _answer(row: sa.Row[Any], shown: set[int]) -> GivenAnswer:
    chosen = {number: many for number, many in _numbers(row.chosen).items() if number in shown}
    return GivenAnswer(
        row.id, row.link_id, row.link_name, LinkQuestion(row.question), chosen, row.name, row.words,
        datetime.fromtimestamp(row.changed_at, UTC),
    )  # fmt: skip


def _numbers(chosen: Any) -> dict[int, int]:
    kept = json.loads(chosen) if isinstance(chosen, str) else chosen  # SQLite's driver gives the text
    return {int(number): int(many) for number, many in sorted(kept.items(), key=lambda item: int(item[0]))}


def _cut(text: str, limit: int, *, lines: bool = False) -> str:
    return clean_text(text[:limit], limit, "The answer", lines=lines)
