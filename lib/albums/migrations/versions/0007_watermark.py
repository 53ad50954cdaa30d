"""A text across every photo of an album, and how many bytes the photos take without it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("albums", sa.Column("watermark", sa.Text(), nullable=False, server_default=""))
    op.add_column("album_photos", sa.Column("plain_bytes", sa.BigInteger(), nullable=False, server_default="0"))
