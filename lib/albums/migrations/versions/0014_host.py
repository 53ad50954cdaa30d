"""For the person who runs the app: how often something happened on a day, and open reports found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "happened",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "event", name=op.f("pk_happened")),
    )
    op.create_index(op.f("ix_reports_closed_at_created_at"), "reports", ["closed_at", "created_at"])
