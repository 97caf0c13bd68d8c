"""The full text, made again from the passages."""

import sqlalchemy as sql

from index.storage import tables
from index.storage.dialect import Dialect
from index.text.features import stems


def rebuild(connection: sql.Connection, dialect: Dialect) -> None:
    """Enters the stems of all passages anew."""
    dialect.drop_full_text(connection)
    dialect.create_full_text(connection)
    chosen = sql.select(
        tables.passages.c.number, tables.passages.c.text, tables.documents.c.language
    ).join(tables.documents)
    for number, text, language in connection.execute(chosen).all():
        dialect.enter_stems(connection, number, stems(text, language))
