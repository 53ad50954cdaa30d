"""Fills an index with as many links as one likes, without a byte of a photo: to see what grows with them."""

from __future__ import annotations

from time import time
from typing import Any, Final

import sqlalchemy as sa

from lib.albums import Share
from lib.albums.keys import hashed, new_id
from lib.albums.tables import albums, links, photos, totals
from lib.albums.totals import EVERYBODY

LINKS_OF_A_PERSON: Final = 10
PHOTOS_OF_AN_ALBUM: Final = 3
_AT_ONCE: Final = 5_000
_KEPT: Final = 3 * 250_000


def fill(share: Share, count: int) -> None:
    """Add links of other people, ten for each of them, on an album of three photos each."""
    for at in range(0, count, _AT_ONCE):
        made = [_link(share, number) for number in range(at, min(count, at + _AT_ONCE))]
        with share.index.write() as connection:
            connection.execute(sa.insert(albums), [album for album, _, _ in made])
            connection.execute(sa.insert(photos), [photo for _, some, _ in made for photo in some])
            connection.execute(sa.insert(links), [link for _, _, link in made])
    with share.index.write() as connection:
        people = [_person(number) for number in range(-(-count // LINKS_OF_A_PERSON))]
        connection.execute(sa.insert(totals), [{"person": one, "bytes": LINKS_OF_A_PERSON * _KEPT} for one in people])
        connection.execute(share.index.insert_new(totals).values(person=EVERYBODY, bytes=0))
        connection.execute(
            sa.update(totals).where(totals.c.person == EVERYBODY).values(bytes=totals.c.bytes + count * _KEPT)
        )
        connection.exec_driver_sql("ANALYZE")


def _person(number: int) -> str:
    return hashed(f"somebody {number}")


def _link(share: Share, number: int) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    album_id, link_id, now = new_id(), new_id(), time()
    person, made, ends = _person(number // LINKS_OF_A_PERSON), now - number, now + 86_400 + number
    album = {
        "id": album_id, "person": person, "key": album_id, "title": f"Album {number}", "words": "",
        "state": "ready", "created_at": made, "touched_at": made, "choices": {}, "due_at": ends, "changed_at": made,
        "photo_count": PHOTOS_OF_AN_ALBUM, "video_count": 0, "size_bytes": _KEPT, "kept_bytes": _KEPT,
    }  # fmt: skip
    held = [
        {
            "id": new_id(), "album_id": album_id, "number": n, "position": float(n), "name": f"{n}.jpg", "caption": "",
            "media_type": "image/jpeg", "width": 2048, "height": 1536, "size_bytes": 230_000, "small_bytes": 20_000,
            "crc32": n, "original_size_bytes": 3_000_000, "report": {"removed": ["position"]}, "notes": [],
            "added_at": made,
        }
        for n in range(1, PHOTOS_OF_AN_ALBUM + 1)
    ]  # fmt: skip
    link = {
        "id": link_id, "album_id": album_id, "key": "first", "person": person, "name": f"For number {number}",
        "token_hash": hashed(share.keys.token(link_id)), "created_at": made, "expires_at": ends,
        "allow_download": True, "preview": "none", "version": 1, "views": 0, "bot_previews": 0, "own_looks": 0,
        "wrong_passwords": 0,
    }  # fmt: skip
    return album, held, link
