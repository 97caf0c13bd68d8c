"""The vectors of documents' units, kept in the catalogue's database as long as the documents are.

They are noted with the version of the document that they were made of: another content, or another
way of reading it, makes them worthless, and another name does not.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import sqlalchemy as sql
from numpy.typing import NDArray

from index.storage import tables
from index.storage.catalogue import Catalogue, unit_of

_VERSION = tables.documents.c.digest + " " + tables.documents.c.cut
_OURS = tables.unit_vectors.c

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Source:
    """A document's version, its title and the texts of its units, in order."""

    version: str
    title: str
    texts: tuple[str, ...]


class UnitVectors:
    """The units' vectors by one embedding, 16-bit floats, a row a unit."""

    def __init__(self, catalogue: Catalogue, embedding: str) -> None:
        self._catalogue = catalogue
        self._embedding = embedding
        made_of_it = sql.and_(
            _OURS.file == tables.documents.c.file,
            _OURS.embedding == embedding,
            _OURS.digest == _VERSION,
        )
        self._join = tables.documents.join(tables.unit_vectors, made_of_it)
        self._outer = tables.documents.outerjoin(tables.unit_vectors, made_of_it)

    def pending(self) -> list[str]:
        """The files whose vectors are missing, or of another version."""
        chosen = sql.select(tables.documents.c.file).select_from(self._outer)
        missing = chosen.where(_OURS.file.is_(None)).order_by(tables.documents.c.file)
        with self._catalogue.transaction(long=True) as connection:
            return list(connection.execute(missing).scalars())

    def waiting(self) -> int:
        """How many files that are."""
        chosen = sql.select(sql.func.count()).select_from(self._outer).where(_OURS.file.is_(None))
        with self._catalogue.transaction() as connection:
            return connection.execute(chosen).scalar_one()

    def source(self, file: str) -> Source | None:
        """What the vectors of a document are made of; None where it is gone."""
        columns = (tables.documents.c.title, tables.documents.c.text, tables.documents.c.units)
        chosen = sql.select(_VERSION.label("version"), *columns).filter_by(file=file)
        with self._catalogue.transaction() as connection:
            row = connection.execute(chosen).one_or_none()
        if row is None:
            return None
        units = [unit_of(*stored) for stored in row.units]
        texts = tuple(row.text[unit.start : unit.end] for unit in units)
        return Source(row.version, row.title, texts)

    def put(self, file: str, version: str, vectors: NDArray[np.float32]) -> None:
        """Stores the vectors of a document, unless it is gone or another by now."""
        key = {"file": file, "embedding": self._embedding}
        content = vectors.astype(np.float16).tobytes()
        is_there = sql.select(tables.documents.c.file).filter_by(file=file)
        is_there = is_there.where(_VERSION.in_([version]))
        with self._catalogue.writing() as connection:
            if connection.execute(is_there).first() is None:
                return
            connection.execute(sql.delete(tables.unit_vectors).filter_by(**key))
            connection.execute(
                sql.insert(tables.unit_vectors).values(**key, digest=version, vectors=content)
            )

    def version(self, file: str) -> str | None:
        """The version of a document, if its vectors are there."""
        chosen = sql.select(_OURS.digest).select_from(self._join)
        return self._one(chosen, file)

    def vectors(self, file: str, version: str, dimension: int) -> NDArray[np.float32] | None:
        """A row of `dimension` numbers for each unit of a version; None where they are missing."""
        chosen = sql.select(_OURS.vectors).select_from(self._join).where(_OURS.digest == version)
        content = self._one(chosen, file)
        if content is None:
            return None
        return np.frombuffer(content, np.float16).reshape(-1, dimension).astype(np.float32)

    def drop_others(self) -> None:
        """Forgets the vectors of other embeddings."""
        others = sql.delete(tables.unit_vectors).where(_OURS.embedding != self._embedding)
        with self._catalogue.writing() as connection:
            connection.execute(others)

    def _one(self, chosen: sql.Select[tuple[Value]], file: str) -> Value | None:
        with self._catalogue.transaction() as connection:
            result = connection.execute(chosen.where(tables.documents.c.file == file))
            value: Value | None = result.scalar_one_or_none()  # type: ignore[assignment]
        return value
