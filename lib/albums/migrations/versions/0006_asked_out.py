"""Who is in a photo says in which one, and the sender reads it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("reports", sa.Column("photo", sa.Integer()))
    op.add_column("reports", sa.Column("answered_at", sa.Double()))
