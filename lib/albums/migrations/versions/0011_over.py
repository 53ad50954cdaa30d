"""A link whose end was noticed stays over, whatever the clock says later."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("links", sa.Column("over_at", sa.Double()))
    op.create_index(op.f("ix_links_over_at_expires_at"), "links", ["over_at", "expires_at"])
