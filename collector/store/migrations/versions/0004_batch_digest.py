"""What a batch held is part of its key: a number alone may come again with other readings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = ["agent_id", "spool", "seq"]


def upgrade() -> None:
    """Adds the digest; what was received before has an empty one."""
    digest = sa.Column("digest", sa.String(length=64), nullable=False, server_default="")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.add_column(digest)
        batch_op.drop_constraint("pk_batch", type_="primary")
        batch_op.create_primary_key("pk_batch", [*KEY, "digest"])
    with op.batch_alter_table("rejected_reading", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=False, server_default=""))
    for table in ("batch", "rejected_reading"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("digest", existing_type=sa.String(length=64), server_default=None)


def downgrade() -> None:
    """Takes it away, and the batches whose number came twice."""
    op.execute("DELETE FROM batch WHERE digest <> '' AND EXISTS (SELECT 1 FROM batch AS other"
               " WHERE other.agent_id = batch.agent_id AND other.spool = batch.spool"
               " AND other.seq = batch.seq AND other.digest < batch.digest)")  # fmt: skip
    with op.batch_alter_table("rejected_reading", schema=None) as batch_op:
        batch_op.drop_column("digest")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_constraint("pk_batch", type_="primary")
        batch_op.create_primary_key("pk_batch", KEY)
        batch_op.drop_column("digest")
