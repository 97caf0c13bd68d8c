"""What a database is asked in words of its own; all else is said in SQLAlchemy's."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sql

Place = Path | sql.URL
"""Where a database is: SQLite's file, or the address of a PostgreSQL server."""


class Dialect(Protocol):
    """One kind of database, at one place."""

    is_shared: bool
    """Whether processes on several machines may use it at once."""

    remedy: str
    """What to do where it can't be used."""

    def __str__(self) -> str:
        """The place, as messages name it: without a password."""

    def engine(self) -> sql.Engine:
        """What makes connections."""

    def snapshot(self, connection: sql.Connection) -> None:
        """Makes all that a connection reads from now on be of one moment."""

    def take_time(self, connection: sql.Connection) -> None:
        """Lets this transaction take longer than a question may wait."""

    def enter_alone(self, connection: sql.Connection) -> None:
        """Waits until no other process sees to the tables, and keeps others from it."""

    def create_full_text(self, connection: sql.Connection) -> None:
        """Makes what passages are searched in by their stems."""

    def drop_full_text(self, connection: sql.Connection) -> None:
        """Takes it away."""

    def enter_stems(self, connection: sql.Connection, number: int, stems: str) -> None:
        """Enters a passage's stems under its number."""

    def drop_stems(self, connection: sql.Connection, ids: Sequence[str]) -> None:
        """Takes out passages by their ids, before they leave their own table."""

    def stemless(self, connection: sql.Connection) -> int:
        """How many passages have no stems, or stems no passage."""

    def search(
        self,
        connection: sql.Connection,
        stems: Sequence[str],
        limit: int,
        files: Collection[str] | None,
    ) -> list[str]:
        """Ids of the passages with the most of the stems, best first, by BM25."""

    def of_files(self, files: Collection[str]) -> sql.ColumnElement[bool]:
        """The condition that a passage is of one of these files."""

    def insert_new(self, table: sql.Table) -> sql.Insert:
        """An insertion that leaves rows alone which are there already."""

    def go_on_counting(self, connection: sql.Connection, table: sql.Table) -> None:
        """Makes the next number given by a table be one that none of its rows has."""

    def problems(self, connection: sql.Connection) -> Iterable[str]:
        """What the database finds wrong with its own files."""

    def scrub(self, engine: sql.Engine, table: sql.Table) -> None:
        """Has what was deleted from a table overwritten, or left to be."""

    def connected(self, connection: Any) -> None:
        """Prepares a connection that was just made."""
