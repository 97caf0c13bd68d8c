"""The catalogue's tables. The full text, which SQLAlchemy has no word for, is SQLite's FTS5."""

import sqlalchemy as sql

SCHEMA = "8"
"""Written into the catalogue; one with another is made anew from the documents."""

metadata = sql.MetaData()
facts = sql.Table(
    "facts",
    metadata,
    sql.Column("name", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
documents = sql.Table(
    "documents",
    metadata,
    sql.Column("file", sql.String, primary_key=True),
    sql.Column("size", sql.Integer, nullable=False),
    sql.Column("modified", sql.Integer, nullable=False),
    sql.Column("digest", sql.String, nullable=False),
    sql.Column("cut", sql.String, nullable=False),
    sql.Column("mark", sql.String, nullable=False),
    sql.Column("origin", sql.String, nullable=False, unique=True),
    sql.Column("text", sql.Text, nullable=False),
    sql.Column("title", sql.String, nullable=False),
    sql.Column("date", sql.Date),
    sql.Column("language", sql.String, nullable=False),
    sql.Column("url", sql.String),
    sql.Column("abbreviations", sql.JSON, nullable=False),
    sql.Column("blocks", sql.JSON, nullable=False),
    sql.Column("units", sql.JSON, nullable=False),
    sql.Column("places", sql.JSON, nullable=False),
)
unit_vectors = sql.Table(  # of a document's units, in their order, by an embedding
    "unit_vectors",
    metadata,
    sql.Column(
        "file",
        sql.ForeignKey("documents.file", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    ),
    sql.Column("embedding", sql.String, primary_key=True),
    sql.Column("digest", sql.String, nullable=False),  # of the document when they were made
    sql.Column("vectors", sql.LargeBinary, nullable=False),  # 16-bit floats, a row a unit
)
passages = sql.Table(
    "passages",
    metadata,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("id", sql.String, nullable=False, unique=True),
    sql.Column(
        "file", sql.ForeignKey("documents.file", onupdate="CASCADE"), nullable=False, index=True
    ),
    sql.Column("start", sql.Integer, nullable=False),
    sql.Column("end", sql.Integer, nullable=False),
    sql.Column("text", sql.Text, nullable=False),
    sql.Column("heading", sql.String, nullable=False),
    sql.Column("sentences", sql.JSON, nullable=False),
    sql.Column("places", sql.JSON, nullable=False),
)
collections = sql.Table(  # of Chroma's, those that are ours; `embedding` tells what made it
    "collections",
    metadata,
    sql.Column("name", sql.String, primary_key=True),
    sql.Column("kind", sql.String, nullable=False),
    sql.Column("embedding", sql.String, nullable=False),
    sql.Column("whole", sql.Boolean, nullable=False, default=False),
    sql.Column("writing", sql.Boolean, nullable=False, default=True),
)
held = sql.Table(  # ids that a collection holds, of passages that may be gone by now
    "held",
    metadata,
    sql.Column(
        "collection", sql.ForeignKey("collections.name", ondelete="CASCADE"), primary_key=True
    ),
    sql.Column("id", sql.String, primary_key=True),
    sqlite_with_rowid=False,
)
told = sql.Table(  # what the register has from each document: `digest` tells from which version
    "told",
    metadata,
    sql.Column("file", sql.String, primary_key=True),
    sql.Column("digest", sql.String, nullable=False),
    sql.Column("names", sql.JSON, nullable=False),
    sql.Column("signature", sql.String, nullable=False, default=""),
    sql.Column("rows", sql.JSON),
)
refused = sql.Table(  # files that could not be read as documents, as they were then
    "refused",
    metadata,
    sql.Column("file", sql.String, primary_key=True),
    sql.Column("size", sql.Integer, nullable=False),
    sql.Column("modified", sql.Integer, nullable=False),
    sql.Column("digest", sql.String, nullable=False),
    sql.Column("cut", sql.String, nullable=False),
    sql.Column("mark", sql.String, nullable=False),
    sql.Column("is_format", sql.Boolean, nullable=False),
    sql.Column("problem", sql.String, nullable=False),
    sql.Column("remedy", sql.String, nullable=False),
)
COSTLY = ("collections", "held")
"""What is noted of vectors, which it may cost money to make again: it stays while it has the form
that it has here.
"""
FULL_TEXT = "CREATE VIRTUAL TABLE IF NOT EXISTS full_text USING fts5(stems, tokenize='unicode61')"

lasting = sql.MetaData()
"""The tables that can't be made again from the documents: they stay whatever SCHEMA says.

Another version of the program finds them as this one has left them. A column that one adds is
nullable or has a default, and is added to the table where that lacks it: the table itself tells.
"""
feedback = sql.Table(
    "feedback",
    lasting,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("day", sql.Date, nullable=False),
    sql.Column("question", sql.Text, nullable=False),
    sql.Column("language", sql.String, nullable=False),
    sql.Column("answerable", sql.Boolean, nullable=False),
    sql.Column("mode", sql.String, nullable=False),
    sql.Column("files", sql.JSON, nullable=False),
    sql.Column("helpful", sql.Boolean),
    sql.Column("comment", sql.Text, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice: its reader may yet rate it
)
decisions = (
    sql.Table(  # what editors of the register have decided; `undone` is when they took it back
        "decisions",
        lasting,
        sql.Column("number", sql.Integer, primary_key=True),
        sql.Column("made", sql.String, nullable=False),
        sql.Column("by", sql.String, nullable=False),
        sql.Column("undone", sql.String),
        sql.Column("decision", sql.JSON, nullable=False),
        sqlite_autoincrement=True,  # a number is never given twice: exports and logs name it
    )
)
