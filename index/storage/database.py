"""The SQLite database in the data folder, in transactions, with errors that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sql
from sqlalchemy.exc import DatabaseError

from index.errors import StorageError

_PATIENCE = 10.0  # seconds that a write waits for another process or thread to end its own
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")


class Database:
    """The SQLite file `path`; several threads and processes may read while one writes.

    Every connection is made with `pragmas` besides those that all have. Raises StorageError where
    the file is damaged or can't be written.
    """

    def __init__(self, path: Path, *pragmas: str) -> None:
        self._path = path
        self._pragmas = (*_PRAGMAS, *pragmas)
        self._engine = sql.create_engine(f"sqlite:///{path}", connect_args={"timeout": _PATIENCE})
        sql.event.listen(self._engine, "connect", self._prepare)

    def _prepare(self, connection: Any, _record: object) -> None:
        for pragma in self._pragmas:
            connection.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        """Gives the database's file free."""
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
    def transaction(self) -> Iterator[sql.Connection]:
        """A connection; what is done by it is done as a whole or not at all."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            raise StorageError(
                f"The catalogue {self._path} can't be used: {error.orig}.",
                "See that the disk has room and the folder can be written; a damaged catalogue "
                "can be deleted with its folder and is built again from the documents, all but "
                "the feedback in it.",
            ) from error
