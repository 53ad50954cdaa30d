"""Lighter copies of photos: how many bytes they have, and which albums still wait for them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the tables forward. What is out already gets its copies too."""
    op.add_column("album_photos", sa.Column("avif_bytes", sa.BigInteger()))
    op.add_column(
        "album_photos", sa.Column("small_avif_bytes", sa.BigInteger(), nullable=False, server_default="0")
    )  # fmt: skip
    op.add_column("albums", sa.Column("lighten_at", sa.Double()))
    op.create_index(op.f("ix_albums_lighten_at"), "albums", ["lighten_at"])
    op.execute("UPDATE albums SET lighten_at = 0 WHERE state = 'ready'")
