"""How finely models measure, and contradictions of a device."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables landing and conflict."""

    op.create_table(
        "landing",
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("maker", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("percent", sa.Float(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_landing_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "maker", "model", "type", "percent", name=op.f("pk_landing")),
    )
    op.create_table(
        "conflict",
        sa.Column("device_id", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_conflict_device_id")),
        sa.PrimaryKeyConstraint("device_id", "about", name=op.f("pk_conflict")),
    )


def downgrade() -> None:
    """Takes them away."""
    op.drop_table("conflict")
    op.drop_table("landing")
