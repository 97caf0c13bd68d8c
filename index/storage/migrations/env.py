"""What alembic runs: the migrations, within the connection that the caller has."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
