"""A draft is an album that nobody has been given yet: drafts and albums become one set of tables.

Photos that waited in drafts come along: their bytes move from `drafts/…` to `albums/…` in the store. A move that was
interrupted goes on at the next start, because the tables change in one transaction, after the last move.
"""

import zlib
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from lib.albums.problems import PhotoGone

revision = "0002"
down_revision = "0001"

_DRAFT_S = 3_600  # the sweep looks at a draft then for the first time; the setting decides


def upgrade() -> None:
    """Bring the tables forward."""
    _widen_albums()
    _widen_links()
    _make_photos()
    op.create_table(
        "totals",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_totals")),
    )
    _carry_photos()
    _carry_drafts()
    op.execute("""
        UPDATE albums SET
          photo_count = (SELECT count(*) FROM album_photos p WHERE p.album_id = albums.id AND p.removed_at IS NULL),
          video_count = (SELECT count(*) FROM album_photos p WHERE p.album_id = albums.id AND p.removed_at IS NULL
                         AND p.media_type = 'video/mp4'),
          size_bytes = (SELECT coalesce(sum(p.size_bytes), 0) FROM album_photos p
                        WHERE p.album_id = albums.id AND p.removed_at IS NULL),
          kept_bytes = CASE WHEN emptied_at IS NOT NULL THEN 0 ELSE
                       (SELECT coalesce(sum(p.size_bytes + p.small_bytes), 0) FROM album_photos p
                        WHERE p.album_id = albums.id) END
    """)
    op.execute("INSERT INTO totals (person, bytes) SELECT person, sum(kept_bytes) FROM albums GROUP BY person")
    op.execute("INSERT INTO totals (person, bytes) SELECT '', coalesce(sum(kept_bytes), 0) FROM albums")
    op.drop_table("photos")
    op.drop_table("draft_photos")
    op.drop_table("drafts")


def _widen_albums() -> None:
    for column in (
        sa.Column("choices", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("password_hash", sa.Text()),
        sa.Column("result", sa.Text()),
        sa.Column("due_at", sa.Double(), nullable=False, server_default="0"),
        sa.Column("over_at", sa.Double()),
        sa.Column("emptied_at", sa.Double()),
        sa.Column("changed_at", sa.Double(), nullable=False, server_default="0"),
        sa.Column("photo_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("video_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("kept_bytes", sa.BigInteger(), nullable=False, server_default="0"),
    ):
        op.add_column("albums", column)
    # What nobody finished goes, its bytes too: due at once. What works is looked at again at its next end.
    op.execute("UPDATE albums SET over_at = touched_at, emptied_at = touched_at WHERE state = 'dropped'")
    op.execute("UPDATE albums SET state = 'over', over_at = coalesce(over_at, touched_at) WHERE state <> 'ready'")
    op.execute("UPDATE albums SET changed_at = touched_at")
    op.drop_index(op.f("ix_albums_state"), table_name="albums")
    op.create_index(op.f("ix_albums_due_at"), "albums", ["due_at"])
    op.create_index(op.f("ix_albums_person_state_touched_at"), "albums", ["person", "state", "touched_at"])


def _widen_links() -> None:
    op.add_column("links", sa.Column("idle_s", sa.Double()))
    op.add_column("links", sa.Column("ends_by", sa.Double()))
    op.drop_index(op.f("ix_links_person"), table_name="links")
    op.create_index(op.f("ix_links_person_created_at"), "links", ["person", "created_at"])


def _make_photos() -> None:
    op.create_table(
        "album_photos",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("album_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Double(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("small_bytes", sa.BigInteger(), nullable=False),
        sa.Column("crc32", sa.BigInteger(), nullable=False),
        sa.Column("original_size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("upload_key", sa.String(length=64), nullable=True),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.Column("removed_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["album_id"], ["albums.id"], name=op.f("fk_album_photos_album_id_albums")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_album_photos")),
        sa.UniqueConstraint("album_id", "number", name=op.f("uq_album_photos_album_id_number")),
    )


def _carry_photos() -> None:
    op.execute("""
        INSERT INTO album_photos (id, album_id, number, position, name, caption, media_type, width, height, size_bytes,
            small_bytes, crc32, original_size_bytes, report, notes, added_at)
        SELECT p.id, p.album_id, p.position, p.position, '', '', p.media_type, p.width, p.height, p.size_bytes,
            p.small_bytes, p.crc32, p.size_bytes, '{}', '[]', a.created_at
        FROM photos p JOIN albums a ON a.id = p.album_id
    """)


def _carry_drafts() -> None:
    connection = op.get_bind()
    store = context.config.attributes.get("store")
    drafts, waiting = _table("drafts", "id person touched_at"), _table("draft_photos", _NAMES, report=1, notes=1)
    albums, photos = _table("albums", "id person key title words state created_at touched_at due_at"), _kept()
    for draft in connection.execute(sa.select(drafts)).all():
        connection.execute(
            sa.insert(albums).values(
                id=draft.id, person=draft.person, key=draft.id, title="", words="", state="draft",
                created_at=draft.touched_at, touched_at=draft.touched_at, due_at=draft.touched_at + _DRAFT_S,
            )
        )  # fmt: skip
        here = sa.select(waiting).where(waiting.c.draft_id == draft.id).order_by(waiting.c.position)
        number = 0
        for photo in connection.execute(here).mappings().all():
            moved = _moved(store, draft.id, photo["id"])
            if moved is None:  # the bytes are not there: neither is the photo
                continue
            number += 1
            values = {name: value for name, value in photo.items() if name != "draft_id"}
            values |= {"album_id": draft.id, "number": number, "caption": "", "added_at": draft.touched_at}
            connection.execute(sa.insert(photos).values(**values, small_bytes=moved[0], crc32=moved[1]))


def _moved(store: Any, draft_id: str, photo_id: str) -> tuple[int, int] | None:
    """Move the bytes of one photo of a draft; return the size of its small picture and the CRC-32 of the photo."""
    if store is None:
        return None
    try:
        sizes = [
            store.move(f"drafts/{draft_id}/{photo_id}{ending}", f"albums/{draft_id}/{photo_id}{ending}")
            for ending in ("", ".small")
        ]
    except PhotoGone:
        return None
    return len(sizes[1]), zlib.crc32(sizes[0])


_NAMES = (
    "id draft_id position name media_type width height size_bytes original_size_bytes report notes upload_key "
    "removed_at"
)


def _table(name: str, columns: str, **json: int) -> sa.TableClause:
    return sa.table(name, *(sa.column(one, sa.JSON()) if one in json else sa.column(one) for one in columns.split()))


def _kept() -> sa.TableClause:
    names = _NAMES.replace("draft_id", "album_id") + " number caption small_bytes crc32 added_at"
    return _table("album_photos", names, report=1, notes=1)
