"""Brings the tables that can't be made again to the form that this version wants, with alembic.

What is derived from the documents is not migrated: where `SCHEMA` is another, it is made anew.

To add a table: put it into `lasting` (a backup has it) or `together` (it hasn't) in `tables.py`,
and copy the newest file in `versions/` under the next number, with `revision` that number and
`down_revision` the one before. In its `upgrade`, write

    tables.my_table.create(op.get_bind(), checkfirst=True)

To add a column, which is nullable or has a `server_default`, since older rows lack it:

    op.add_column("feedback", tables.feedback.c.mine.copy(), if_not_exists=True)

Each step is written so that it may find its work done: the first migration makes all tables of the
two lists as they are now. `tests/test_migrations.py` holds that both ways lead to the same tables.
There are no downgrades: the way back is a backup that was made before.
"""

from functools import cache
from pathlib import Path

import sqlalchemy as sql
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from index.errors import StorageError
from index.storage import tables

_VERSION = "alembic_version"
STAYING = frozenset({*tables.lasting.tables, *tables.together.tables, _VERSION})
"""The tables that are migrated, by name."""


@cache
def newest() -> str:
    """The number of the last migration."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(connection: sql.Connection) -> str | None:
    """The number of the last migration that a database has seen; None for none."""
    if not sql.inspect(connection).has_table(_VERSION):
        return None
    number: str | None = connection.execute(
        sql.select(sql.column("version_num")).select_from(sql.table(_VERSION))
    ).scalar()
    return number


def upgrade(connection: sql.Connection) -> None:
    """Migrates a database within the connection's transaction.

    Raises StorageError where a newer version of the program has migrated it.
    """
    now = current(connection)
    if now == newest():
        return
    if now is not None and now not in known():
        raise StorageError(
            f"The catalogue was last used by a newer version of Clusterlotse (migration {now}).",
            "Install that version again, or restore the backup made before the upgrade.",
        )
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def known() -> frozenset[str]:
    """The numbers of all migrations."""
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
