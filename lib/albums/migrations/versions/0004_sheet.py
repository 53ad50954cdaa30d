"""The product sheet: a name and a price for each photo."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("album_photos", sa.Column("label", sa.Text(), nullable=False, server_default=""))
    op.add_column("album_photos", sa.Column("price", sa.Text(), nullable=False, server_default=""))
