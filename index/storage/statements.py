"""What several modules of this package ask of the tables: for them alone, as it speaks SQL."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sql

from index.documents import IndexedPassage, Metadata, Passage, Placed, PlaceInFile
from index.storage import tables

_OF_DOCUMENT = (
    tables.documents.c.title,
    tables.documents.c.date,
    tables.documents.c.language,
    tables.documents.c.url,
)


def passages_where(
    connection: sql.Connection, wanted: sql.ColumnElement[bool]
) -> list[IndexedPassage]:
    """The passages of which a condition on their table holds, by document and place."""
    chosen = (
        sql.select(tables.passages, *_OF_DOCUMENT)
        .join(tables.documents)
        .where(wanted)
        .order_by(tables.passages.c.file, tables.passages.c.start)
    )
    return [_indexed(row) for row in connection.execute(chosen)]


def for_each(connection: sql.Connection, statement: sql.Executable, ids: Iterable[str]) -> None:
    """Executes a statement with `one` set to each id: SQL takes only so many values at once."""
    if values := [{"one": identity} for identity in ids]:
        connection.execute(statement, values)


def places_as_stored(places: Iterable[Placed]) -> list[tuple[int, dict[str, Any]]]:
    """Places as a value of JSON."""
    return [(each.start, each.place.as_json()) for each in places]


def places_from(stored: Sequence[tuple[int, dict[str, Any]]]) -> tuple[Placed, ...]:
    """Places as they were stored."""
    return tuple(Placed(start, PlaceInFile(**place)) for start, place in stored)


def _indexed(row: sql.Row[Any]) -> IndexedPassage:
    passage = Passage(
        id=row.id,
        file=row.file,
        start=row.start,
        end=row.end,
        text=row.text,
        heading=row.heading,
        sentences=tuple((start, end) for start, end in row.sentences),
        places=places_from(row.places),
    )
    return IndexedPassage(passage, Metadata(row.file, row.title, row.date, row.language, row.url))
