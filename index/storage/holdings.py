"""Which passages each of Chroma's collections holds, noted in the catalogue's database.

A passage's id is made of all that its vector depends on: a passage that changes is another passage.
So two comparisons of ids tell what is to be done, whatever has happened to documents meanwhile. If
the catalogue has the passages a, b and c, and a collection holds b, c and d, then a is to be
embedded and d to be deleted.
"""

from collections.abc import Collection, Iterable
from enum import Enum

import sqlalchemy as sql

from index.documents import IndexedPassage
from index.storage import tables
from index.storage.catalogue import Catalogue
from index.storage.statements import for_each, passages_where

_PASSAGE = tables.passages.c.id


class CollectionKind(Enum):
    """Whose vectors a collection has, our own embedding's or a model's; its name begins with it."""

    LEXICAL = "clusterlotse"
    SEMANTIC = "clusterlotse-semantic"


class Holding:
    """What is noted of the collection `name`: the passages that it holds, and its state."""

    def __init__(self, catalogue: Catalogue, name: str) -> None:
        self.name = name
        self._catalogue = catalogue
        ours = sql.select(tables.held.c.id).where(tables.held.c.collection == name)
        self._ids = ours
        self._is_held = ours.where(tables.held.c.id == _PASSAGE).correlate(tables.passages).exists()

    def pending(self) -> list[IndexedPassage]:
        """The catalogue's passages that it lacks: they are to be embedded."""
        with self._catalogue.transaction(long=True) as connection:
            return passages_where(connection, ~self._is_held)

    def leaving(self) -> list[str]:
        """The ids that it holds of passages which the catalogue has no more: to be deleted."""
        stored = sql.select(_PASSAGE).where(tables.held.c.id == _PASSAGE)
        return self._read(self._ids.where(~stored.correlate(tables.held).exists()))

    def ids(self) -> set[str]:
        """The ids of all that it holds."""
        return set(self._read(self._ids))

    def passages(self, files: Collection[str] | None = None) -> set[str]:
        """The ids of the passages that it holds; with `files`, of these files alone."""
        within = sql.true() if files is None else self._catalogue.dialect.of_files(files)
        return set(self._read(sql.select(_PASSAGE).where(within, self._is_held)))

    def entered(self, ids: Iterable[str]) -> None:
        """Notes that these passages have been written to it."""
        values = [{"collection": self.name, "id": passage} for passage in ids]
        with self._catalogue.writing() as connection:
            if values:
                connection.execute(self._catalogue.dialect.insert_new(tables.held), values)

    def left(self, ids: Iterable[str]) -> None:
        """Notes that these passages have been deleted from it."""
        ours = tables.held.c.collection == self.name
        gone = sql.delete(tables.held).where(ours, tables.held.c.id == sql.bindparam("one"))
        with self._catalogue.writing() as connection:
            for_each(connection, gone, ids)

    def known(self) -> set[str]:
        """The ids of all passages of the catalogue, whether it holds them or not."""
        return self._catalogue.ids()

    def replace(self, ids: Collection[str]) -> None:
        """Notes that it holds exactly these, as reading all of it has shown."""
        surplus = self.ids().difference(ids)
        self.left(surplus)
        self.entered(ids)

    def is_whole(self) -> bool:
        """Whether it has once held every passage, and is what questions are answered from."""
        return self._fact(tables.collections.c.whole)

    def is_being_written(self) -> bool:
        """Whether a write was begun and not ended: then nobody knows what it holds."""
        return self._fact(tables.collections.c.writing)

    def writing(self, going_on: bool) -> None:
        """Notes that a write begins, or that it has ended well."""
        with self._catalogue.writing() as connection:
            self._state(connection, writing=going_on)

    def take_over(self) -> None:
        """Notes that it is whole, and forgets the other collections of its kind."""
        with self._catalogue.writing() as connection:
            self._state(connection, whole=True, writing=False)
            kind = sql.select(tables.collections.c.kind).filter_by(name=self.name)
            others = sql.delete(tables.collections).where(
                tables.collections.c.kind == kind.scalar_subquery(),
                tables.collections.c.name != self.name,
            )
            connection.execute(others)

    def _read(self, chosen: sql.Select[str]) -> list[str]:
        with self._catalogue.transaction(long=True) as connection:
            return list(connection.execute(chosen).scalars())

    def _fact(self, column: sql.Column[bool]) -> bool:
        chosen = sql.select(column).where(tables.collections.c.name == self.name)
        with self._catalogue.transaction() as connection:
            return bool(connection.execute(chosen).scalar())

    def _state(self, connection: sql.Connection, **facts: bool) -> None:
        ours = tables.collections.c.name == self.name
        connection.execute(sql.update(tables.collections).where(ours).values(facts))


def find(catalogue: Catalogue, kind: CollectionKind, embedding: str) -> list[Holding]:
    """The collections of a kind that an embedding made; a whole one before those only begun."""
    chosen = (
        sql.select(tables.collections.c.name)
        .filter_by(kind=kind.value, embedding=embedding)
        .order_by(tables.collections.c.whole.desc(), tables.collections.c.name)
    )
    with catalogue.transaction() as connection:
        names = connection.execute(chosen).scalars().all()
    return [Holding(catalogue, name) for name in names]


def current(catalogue: Catalogue, kind: CollectionKind, embedding: str) -> Holding | None:
    """The collection of a kind that questions are answered from; None while there is none."""
    chosen = sql.select(tables.collections.c.name).filter_by(
        kind=kind.value, embedding=embedding, whole=True
    )
    with catalogue.transaction() as connection:
        name = connection.execute(chosen.limit(1)).scalar()
    return Holding(catalogue, name) if name else None


def whole(catalogue: Catalogue) -> list[str]:
    """The names of the collections of all kinds that have once held every passage."""
    chosen = sql.select(tables.collections.c.name).where(tables.collections.c.whole)
    with catalogue.transaction() as connection:
        return list(connection.execute(chosen).scalars())


def add(catalogue: Catalogue, name: str, kind: CollectionKind, embedding: str) -> Holding:
    """A new collection, which holds nothing yet and is being written."""
    new = {"name": name, "kind": kind.value, "embedding": embedding}
    with catalogue.writing() as connection:
        connection.execute(sql.insert(tables.collections).values(new))
    return Holding(catalogue, name)
