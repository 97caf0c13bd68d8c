"""SQLite, in a file of the data folder: one process writes, several may read."""

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import sqlite

from index.storage import tables

_PATIENCE = 10.0  # seconds that a write waits for another process or thread to end its own
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")
_FULL_TEXT = "CREATE VIRTUAL TABLE IF NOT EXISTS full_text USING fts5(stems, tokenize='unicode61')"
_SEARCH = sql.text(
    "SELECT passages.id FROM full_text JOIN passages ON passages.number = full_text.rowid "
    "WHERE full_text MATCH :query "
    "AND (:files IS NULL OR passages.file IN (SELECT value FROM json_each(:files))) "
    "ORDER BY full_text.rank LIMIT :limit"
)
_STEMLESS = sql.text(
    "SELECT (SELECT count(*) FROM passages WHERE number NOT IN (SELECT rowid FROM full_text)) + "
    "(SELECT count(*) FROM full_text WHERE rowid NOT IN (SELECT number FROM passages))"
)
_DROP_STEMS = sql.text(
    "DELETE FROM full_text WHERE rowid = (SELECT number FROM passages WHERE id = :one)"
)


class Sqlite:
    """The file `path`; connections have `pragmas` besides those that all have."""

    is_shared = False
    remedy = (
        "See that the disk has room and the folder can be written; a damaged catalogue can be "
        "deleted with its folder and is built again from the documents, all but the feedback in it."
    )

    def __init__(self, path: Path, pragmas: Sequence[str] = ()) -> None:
        self._path = path
        self._pragmas = (*_PRAGMAS, *pragmas)

    def __str__(self) -> str:
        return str(self._path)

    def engine(self) -> sql.Engine:
        return sql.create_engine(f"sqlite:///{self._path}", connect_args={"timeout": _PATIENCE})

    def connected(self, connection: Any) -> None:
        for pragma in self._pragmas:
            connection.execute(f"PRAGMA {pragma}")

    def snapshot(self, connection: sql.Connection) -> None:
        connection.exec_driver_sql("BEGIN")  # which its driver else leaves to the first writing

    def take_time(self, connection: sql.Connection) -> None:
        """It bounds no reading."""

    def enter_alone(self, connection: sql.Connection) -> None:
        """The data folder has an owner."""

    def create_full_text(self, connection: sql.Connection) -> None:
        connection.exec_driver_sql(_FULL_TEXT)

    def drop_full_text(self, connection: sql.Connection) -> None:
        connection.exec_driver_sql("DROP TABLE IF EXISTS full_text")

    def enter_stems(self, connection: sql.Connection, number: int, stems: str) -> None:
        entered = sql.text("INSERT INTO full_text (rowid, stems) VALUES (:number, :stems)")
        connection.execute(entered, {"number": number, "stems": stems})

    def drop_stems(self, connection: sql.Connection, ids: Sequence[str]) -> None:
        if ids:
            connection.execute(_DROP_STEMS, [{"one": passage} for passage in ids])

    def stemless(self, connection: sql.Connection) -> int:
        return int(connection.execute(_STEMLESS).scalar_one())

    def search(
        self,
        connection: sql.Connection,
        stems: Sequence[str],
        limit: int,
        files: Collection[str] | None,
    ) -> list[str]:
        query = " OR ".join(f'"{stem}"' for stem in stems)
        values = {"query": query, "limit": limit, "files": _listed(files)}
        return list(connection.execute(_SEARCH, values).scalars())

    def of_files(self, files: Collection[str]) -> sql.ColumnElement[bool]:
        names = sql.func.json_each(_listed(files)).table_valued("value")
        return tables.passages.c.file.in_(sql.select(names.c.value))

    def insert_new(self, table: sql.Table) -> sql.Insert:
        return sqlite.insert(table).on_conflict_do_nothing()

    def go_on_counting(self, connection: sql.Connection, table: sql.Table) -> None:
        """It never gives a number twice by itself, where a table is made so."""

    def problems(self, connection: sql.Connection) -> Iterable[str]:
        told = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars()
        return [line for line in told if line != "ok"]

    def scrub(self, engine: sql.Engine, table: sql.Table) -> None:  # noqa: ARG002
        """With `secure_delete`; what is left stands in the log of writings."""
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _listed(files: Collection[str] | None) -> str | None:
    """Names as one value, since SQLite takes only so many."""
    return None if files is None else json.dumps(list(files))
