"""From which network an album and its links were made, as a keyed hash: shares of a host are counted by it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Bring the tables forward."""
    for table in ("albums", "links"):
        op.add_column(table, sa.Column("network", sa.String(length=32)))
    op.create_index(op.f("ix_links_network_created_at"), "links", ["network", "created_at"])
