"""Events of agents."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table agent_event."""

    op.create_table(
        "agent_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_agent_event_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_event")),
    )
    with op.batch_alter_table("agent_event") as batch_op:
        batch_op.create_index(batch_op.f("ix_agent_event_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agent_event_at"), ["at"], unique=False)


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("agent_event")
