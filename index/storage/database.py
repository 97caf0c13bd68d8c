"""The database of the catalogue, in transactions, with errors that say what to do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from index.errors import StorageError
from index.storage.dialect import Dialect, Place
from index.storage.postgres import Postgres
from index.storage.sqlite import Sqlite

Fence = Callable[[sql.Connection], None]
"""Called at the end of a writing; raises StorageError where it is no longer this process's."""


def place_of(address: str) -> sql.URL:
    """The place of a database server, as SQLAlchemy writes it. Raises ValueError for no address."""
    try:
        return sql.make_url(address)
    except sql.exc.ArgumentError as error:  # whose words have the password
        raise ValueError("it is no address of a database") from error


class Database:
    """The database at `place`; several threads and processes may read while one writes.

    With SQLite, every connection is made with `pragmas` besides those that all have. Raises
    StorageError where the database is damaged, can't be written, or does not answer in time.
    """

    def __init__(self, place: Place, *pragmas: str) -> None:
        self.dialect: Dialect = (
            Sqlite(place, pragmas) if isinstance(place, Path) else Postgres(place)
        )
        self.fence: Fence | None = None
        self._engine = self.dialect.engine()
        sql.event.listen(self._engine, "connect", self._prepare)

    def _prepare(self, connection: Any, _record: object) -> None:
        self.dialect.connected(connection)

    def close(self) -> None:
        """Gives the database free."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self, *, long: bool = False) -> Iterator[sql.Connection]:
        """A connection; what is done by it is done as a whole or not at all.

        One that is `long` reads or writes more than a question waits for.
        """
        with self._explained(), self._engine.begin() as connection:
            if long:
                self.dialect.take_time(connection)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """The same for what only one process of several may do: see `fence`."""
        with self.transaction(long=True) as connection:
            yield connection
            if self.fence:
                self.fence(connection)

    @contextmanager
    def snapshot(self) -> Iterator[sql.Connection]:
        """A connection that reads the state of one moment, whatever is written meanwhile."""
        with self._explained(), self._engine.connect() as connection, connection.begin():
            self.dialect.snapshot(connection)
            yield connection

    def prepare(self, work: Callable[[sql.Connection], None]) -> None:
        """Sees to the tables, alone; where that fails, the database is given free."""
        try:
            with self.transaction(long=True) as connection:
                self.dialect.enter_alone(connection)
                work(connection)
        except StorageError:
            self.close()
            raise

    def scrub(self, table: sql.Table) -> None:
        """Has what was deleted from a table overwritten."""
        with self._explained():
            self.dialect.scrub(self._engine, table)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, PoolTimeoutError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else None
            told = " ".join(str(cause or "all connections are in use").split())
            raise StorageError(
                f"The catalogue {self.dialect} can't be used: {told}.", self.dialect.remedy
            ) from error
