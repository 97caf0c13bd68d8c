"""What the register has from each document, as JSON: names at first, then rows."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sql

from index.storage import tables
from index.storage.catalogue import Catalogue, count_change
from index.storage.statements import for_each

_LEXICON = "lexicon"
_WHOLE = "register"


class Told:
    """The register's part of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def digests(self) -> dict[str, str]:
        """Every document's file with the digest of the version that its names are from."""
        return self._pairs(tables.told.c.digest)

    def signatures(self) -> dict[str, str]:
        """Every document's file with the signature that its rows were made under, "" for none."""
        return self._pairs(tables.told.c.signature)

    def names(self) -> dict[str, Any]:
        """Every document's names, by its file."""
        return self._pairs(tables.told.c.names)

    def rows(self) -> dict[str, Any]:
        """Every document's rows, by its file; those that have none yet left out."""
        return {file: rows for file, rows in self._pairs(tables.told.c.rows).items() if rows}

    def put_names(self, file: str, digest: str, names: Any) -> None:
        """Stores a document's names in place of those of its old version, whose rows are gone."""
        values = {"digest": digest, "names": names, "signature": "", "rows": None}
        with self._catalogue.writing() as connection:
            connection.execute(sql.delete(tables.told).filter_by(file=file))
            connection.execute(sql.insert(tables.told).values(file=file, **values))
            count_change(connection)

    def put_rows(self, file: str, signature: str, rows: Any) -> None:
        """Stores a document's rows."""
        with self._catalogue.writing() as connection:
            connection.execute(
                sql.update(tables.told).filter_by(file=file).values(signature=signature, rows=rows)
            )
            count_change(connection)

    def forget(self, files: Collection[str]) -> None:
        """Takes out documents that are gone."""
        if files:
            ours = tables.told.c.file == sql.bindparam("one")
            with self._catalogue.writing() as connection:
                for_each(connection, sql.delete(tables.told).where(ours), files)
                count_change(connection)

    def lexicon(self) -> str | None:
        """The organisations by all of their names, as they were stored."""
        return self._catalogue.fact(_LEXICON)

    def put_lexicon(self, lexicon: str) -> None:
        """Stores the organisations by all of their names."""
        self._catalogue.state(**{_LEXICON: lexicon})

    def is_whole(self, version: str) -> bool:
        """Whether everything was told in this version, and no document has changed since."""
        return self._catalogue.fact(_WHOLE) == self._state(version)

    def note_whole(self, version: str) -> None:
        """Notes that everything has been told of the documents as they are."""
        self._catalogue.state(**{_WHOLE: self._state(version)})

    def _state(self, version: str) -> str:
        return f"{version} {self._catalogue.revision()}"

    def _pairs(self, column: sql.Column[Any]) -> dict[str, Any]:
        with self._catalogue.transaction(long=True) as connection:
            rows = connection.execute(sql.select(tables.told.c.file, column))
            return {row[0]: row[1] for row in rows}
