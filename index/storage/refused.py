"""Files that could not be read as documents, and why: they are tried again once they change."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sql

from index.errors import DocumentError, FormatError
from index.storage import tables
from index.storage.catalogue import Catalogue, FileState
from index.storage.statements import for_each


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file as it was when it could not be read, and what was told of it."""

    state: FileState
    error: DocumentError


class Refused:
    """The catalogue's part on files that are no documents."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def all(self) -> dict[str, Refusal]:
        """Every such file with its refusal."""
        with self._catalogue.transaction() as connection:
            return {row.file: _refusal(row) for row in connection.execute(_EVERYTHING)}

    def count(self) -> int:
        """How many files can't be read; those of other formats than documents' left out."""
        failed = sql.select(sql.func.count()).select_from(tables.refused).filter_by(is_format=False)
        with self._catalogue.transaction() as connection:
            return connection.execute(failed).scalar_one()

    def put(self, file: str, refusal: Refusal) -> None:
        """Notes that a file could not be read, in place of what was noted of it."""
        state, error = refusal.state, refusal.error
        values = {
            "size": state.size,
            "modified": state.modified,
            "digest": state.digest,
            "cut": state.cut,
            "mark": state.mark,
            "is_format": isinstance(error, FormatError),
            "problem": error.problem,
            "remedy": error.remedy,
        }
        with self._catalogue.writing() as connection:
            connection.execute(sql.delete(tables.refused).filter_by(file=file))
            connection.execute(sql.insert(tables.refused).values(file=file, **values))

    def forget(self, files: Collection[str]) -> None:
        """Takes out files that are gone, or that could be read."""
        if files:
            ours = tables.refused.c.file == sql.bindparam("one")
            with self._catalogue.writing() as connection:
                for_each(connection, sql.delete(tables.refused).where(ours), files)


_EVERYTHING = sql.select(tables.refused)


def _refusal(row: sql.Row[tuple[object, ...]]) -> Refusal:
    state = FileState(row.size, row.modified, row.digest, row.cut, row.mark)
    kind = FormatError if row.is_format else DocumentError
    return Refusal(state, kind(row.problem, row.remedy))
