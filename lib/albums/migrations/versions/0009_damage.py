"""Checksums of a photo's smaller forms, and whether what is stored of it was found damaged."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring the tables forward."""
    for name in ("small_crc32", "avif_crc32", "small_avif_crc32"):
        op.add_column("album_photos", sa.Column(name, sa.BigInteger()))
    op.add_column("album_photos", sa.Column("damaged_at", sa.Double()))
