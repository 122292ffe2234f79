"""Alembic's entry: runs migrations on the connection that `data.database.migrate` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema="dashboard_migrations",
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
