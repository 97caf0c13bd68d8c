"""All tables that are migrated; where an earlier version has made one, it stays as it is."""

from alembic import op

from index.storage import tables

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Makes those that are missing."""
    for listed in (tables.lasting, tables.together):
        listed.create_all(op.get_bind(), checkfirst=True)
