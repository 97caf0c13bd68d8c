"""Whose turn something is, among processes that share a PostgreSQL database.

A lease is taken for some seconds, by the database's clock, and taken again before they are over.
Whoever dies without a word has lost it then. Whoever was only frozen may wake up later and go on
writing: hence `Lease.fence`, which no writing passes that is no longer its process's.
"""

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql

from index.errors import StorageError
from index.storage import tables
from index.storage.database import Database

SECONDS = 8.0
"""How long a lease holds; with the time until another one asks for it, less than 15."""

NOW = sql.cast(sql.func.extract("epoch", sql.func.clock_timestamp()), sql.Double)
"""The database's time, in seconds."""

_COLUMNS = tables.leases.c


class Lease:
    """The lease `name`, for the process that calls itself `holder`."""

    def __init__(self, database: Database, name: str, holder: str) -> None:
        self._database = database
        self._name = name
        self._holder = holder

    def take(self) -> bool:
        """Takes it, or takes it again; False where another process has it.

        Raises StorageError where the database does not answer.
        """
        values = {"name": self._name, "holder": self._holder, "until": NOW + SECONDS}
        taken = (
            postgresql.insert(tables.leases)
            .values(values)
            .on_conflict_do_update(
                index_elements=[_COLUMNS.name],
                set_={"holder": self._holder, "until": NOW + SECONDS},
                where=sql.or_(_COLUMNS.holder == self._holder, _COLUMNS.until < NOW),
            )
            .returning(_COLUMNS.holder)
        )
        with self._database.transaction() as connection:
            return connection.execute(taken).first() is not None

    def give_up(self) -> None:
        """Lets another process take it at once."""
        ours = sql.delete(tables.leases).where(
            _COLUMNS.name == self._name, _COLUMNS.holder == self._holder
        )
        with self._database.transaction() as connection:
            connection.execute(ours)

    def holder(self) -> str | None:
        """Who has it; None where nobody has."""
        chosen = sql.select(_COLUMNS.holder).where(
            _COLUMNS.name == self._name, _COLUMNS.until >= NOW
        )
        with self._database.transaction() as connection:
            return connection.execute(chosen).scalar()

    def fence(self, connection: sql.Connection) -> None:
        """Raises StorageError where another process has it by now; none can until the commit."""
        chosen = sql.select(_COLUMNS.holder).where(_COLUMNS.name == self._name)
        holder = connection.execute(chosen.with_for_update(read=True)).scalar()
        if holder != self._holder:
            raise StorageError(
                "Another process keeps the index in step by now.", "Nothing is to be done."
            )
