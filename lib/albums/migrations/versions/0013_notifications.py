"""What senders want to hear of their links, and what waits to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "notifications",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("link_id", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("same_as", sa.String(length=64), nullable=False),
        sa.Column("box", sa.Text(), nullable=False),
        sa.Column("events", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("ending_told_at", sa.Double()),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name=op.f("fk_notifications_link_id_links")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("link_id", "same_as", name=op.f("uq_notifications_link_id_same_as")),
    )
    op.create_index(op.f("ix_notifications_same_as"), "notifications", ["same_as"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("notification_id", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notifications.id"], name=op.f("fk_outbox_notification_id_notifications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("notification_id", "event", name=op.f("uq_outbox_notification_id_event")),
    )
    op.create_index(op.f("ix_outbox_due_at"), "outbox", ["due_at"])
