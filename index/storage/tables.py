"""The catalogue's tables: derived ones, lasting ones, and those of processes that work together.

The full text, which SQLAlchemy has no word for, is made by each database's `Dialect`.
"""

from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql


class Words(sql.types.TypeDecorator[str]):
    """Text in the order of its code points, as SQLite has it, whatever a server's language is.

    PostgreSQL takes no zero, which a reader may send in a question.
    """

    impl = sql.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sql.Dialect) -> sql.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TEXT(collation="C"))
        return dialect.type_descriptor(sql.Text())

    def process_bind_param(self, value: str | None, dialect: sql.Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        return value.replace("\0", "\ufffd")


Number = sql.BigInteger().with_variant(sql.Integer, "sqlite")
"""A whole number of 64 bits; SQLite counts rows by itself where it is called INTEGER."""

SCHEMA = "9"
"""Written into the catalogue; one with another is made anew from the documents."""

metadata = sql.MetaData()
facts = sql.Table(
    "facts",
    metadata,
    sql.Column("name", Words, primary_key=True),
    sql.Column("value", Words, nullable=False),
)
documents = sql.Table(
    "documents",
    metadata,
    sql.Column("file", Words, primary_key=True),
    sql.Column("size", Number, nullable=False),
    sql.Column("modified", Number, nullable=False),
    sql.Column("digest", Words, nullable=False),
    sql.Column("cut", Words, nullable=False),
    sql.Column("mark", Words, nullable=False),
    sql.Column("origin", Words, nullable=False, unique=True),
    sql.Column("text", Words, nullable=False),
    sql.Column("title", Words, nullable=False),
    sql.Column("date", sql.Date),
    sql.Column("language", Words, nullable=False),
    sql.Column("url", Words),
    sql.Column("abbreviations", sql.JSON, nullable=False),
    sql.Column("blocks", sql.JSON, nullable=False),
    sql.Column("units", sql.JSON, nullable=False),
    sql.Column("places", sql.JSON, nullable=False),
    sql.Column("replaces", Words),
)
unit_vectors = sql.Table(  # of a document's units, in their order, by an embedding
    "unit_vectors",
    metadata,
    sql.Column(
        "file",
        sql.ForeignKey("documents.file", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    ),
    sql.Column("embedding", Words, primary_key=True),
    sql.Column("digest", Words, nullable=False),  # of the document when they were made
    sql.Column("vectors", sql.LargeBinary, nullable=False),  # 16-bit floats, a row a unit
)
passages = sql.Table(
    "passages",
    metadata,
    sql.Column("number", Number, primary_key=True),
    sql.Column("id", Words, nullable=False, unique=True),
    sql.Column(
        "file", sql.ForeignKey("documents.file", onupdate="CASCADE"), nullable=False, index=True
    ),
    sql.Column("start", Number, nullable=False),
    sql.Column("end", Number, nullable=False),
    sql.Column("text", Words, nullable=False),
    sql.Column("heading", Words, nullable=False),
    sql.Column("sentences", sql.JSON, nullable=False),
    sql.Column("places", sql.JSON, nullable=False),
)
collections = sql.Table(  # of Chroma's, those that are ours; `embedding` tells what made it
    "collections",
    metadata,
    sql.Column("name", Words, primary_key=True),
    sql.Column("kind", Words, nullable=False),
    sql.Column("embedding", Words, nullable=False),
    sql.Column("whole", sql.Boolean, nullable=False, default=False),
    sql.Column("writing", sql.Boolean, nullable=False, default=True),
)
held = sql.Table(  # ids that a collection holds, of passages that may be gone by now
    "held",
    metadata,
    sql.Column(
        "collection", sql.ForeignKey("collections.name", ondelete="CASCADE"), primary_key=True
    ),
    sql.Column("id", Words, primary_key=True),
    sqlite_with_rowid=False,
)
told = sql.Table(  # what the register has from each document: `digest` tells from which version
    "told",
    metadata,
    sql.Column("file", Words, primary_key=True),
    sql.Column("digest", Words, nullable=False),
    sql.Column("names", sql.JSON, nullable=False),
    sql.Column("signature", Words, nullable=False, default=""),
    sql.Column("rows", sql.JSON),
)
refused = sql.Table(  # files that could not be read as documents, as they were then
    "refused",
    metadata,
    sql.Column("file", Words, primary_key=True),
    sql.Column("size", Number, nullable=False),
    sql.Column("modified", Number, nullable=False),
    sql.Column("digest", Words, nullable=False),
    sql.Column("cut", Words, nullable=False),
    sql.Column("mark", Words, nullable=False),
    sql.Column("is_format", sql.Boolean, nullable=False),
    sql.Column("problem", Words, nullable=False),
    sql.Column("remedy", Words, nullable=False),
)
COSTLY = ("collections", "held")
"""What is noted of vectors, which it may cost money to make again: it stays while it has the form
that it has here.
"""

lasting = sql.MetaData()
"""The tables that can't be made again from the documents: they stay whatever SCHEMA says.

What is in this list is made by the first migration, is brought along by later ones, and is what a
backup has. How another one is added stands in `migrations/__init__.py`.
"""
feedback = sql.Table(
    "feedback",
    lasting,
    sql.Column("number", Number, primary_key=True),
    sql.Column("day", sql.Date, nullable=False),
    sql.Column("question", Words, nullable=False),
    sql.Column("language", Words, nullable=False),
    sql.Column("answerable", sql.Boolean, nullable=False),
    sql.Column("mode", Words, nullable=False),
    sql.Column("files", sql.JSON, nullable=False),
    sql.Column("helpful", sql.Boolean),
    sql.Column("comment", Words, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice: its reader may yet rate it
)
decisions = sql.Table(  # of editors of the register; `undone` is when one was taken back
    "decisions",
    lasting,
    sql.Column("number", Number, primary_key=True),
    sql.Column("made", Words, nullable=False),
    sql.Column("by", Words, nullable=False),
    sql.Column("undone", Words),
    sql.Column("decision", sql.JSON, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice: exports and logs name it
)
keys = sql.Table(  # with which programs ask
    "keys",
    lasting,
    sql.Column("name", Words, primary_key=True),
    sql.Column("digest", Words, nullable=False, unique=True),
    sql.Column("patterns", sql.JSON, nullable=False),
    sql.Column("created", sql.Date, nullable=False),
)


together = sql.MetaData()
"""What processes that answer from one database tell each other; no backup has it.

Migrations make these tables as well as the lasting ones.
"""
leases = sql.Table(  # whose turn something is, by the clock of the database, in seconds
    "leases",
    together,
    sql.Column("name", Words, primary_key=True),
    sql.Column("holder", Words, nullable=False),
    sql.Column("until", sql.Double, nullable=False),
)
conversations = sql.Table(  # of readers, by their tokens; `used` is the time of the last use
    "conversations",
    together,
    sql.Column("token", Words, primary_key=True),
    sql.Column("used", sql.Double, nullable=False, index=True),
    sql.Column("content", Words, nullable=False),
)
asked = sql.Table(  # when a client has asked, as long as that counts
    "asked",
    together,
    sql.Column("number", Number, primary_key=True),
    sql.Column("client", Words, nullable=False, index=True),
    sql.Column("time", sql.Double, nullable=False, index=True),
)
