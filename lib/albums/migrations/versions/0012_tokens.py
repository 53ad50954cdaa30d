"""Tokens for scripts and Shortcuts: keys of an owner, with a name, scopes and an end."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Bring the tables forward."""
    for column in (
        sa.Column("name", sa.Text()),
        sa.Column("scopes", sa.Text()),
        sa.Column("ends_at", sa.Double()),
        sa.Column("last_used_at", sa.Double()),
        sa.Column("made_by", sa.String(length=64)),
        sa.Column("admitted", sa.String(length=32)),
    ):
        op.add_column("owner_keys", column)
