"""Alembic's way in. The connection is given by collector.store.migrations; nothing is read from files."""

from alembic import context

from collector.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
