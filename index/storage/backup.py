"""A backup in one file, made while the program serves, and put back into a database of any kind.

It is a zip archive: `backup.json` says what it is, and each table is a file with a row a line, as
JSON. What is in it by default is what can't be made again from the documents. What is noted of
Chroma's collections never is: it speaks of vectors that are not in the backup.
"""

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sql

from index.errors import StorageError
from index.storage import full_text, migrations, tables
from index.storage.catalogue import Catalogue, count_change

_HEAD = "backup.json"
_FORMAT = 1
_AT_ONCE = 500  # rows
_OWN = frozenset({"identity", "revision"})  # facts that belong to a database, not to its content
_REMEDY = "Name a file that `backup` of this program has written."


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup has: how many rows of which table; `whole` is one with all that is derived."""

    whole: bool
    migration: str
    schema: str
    rows: dict[str, int]


def save(catalogue: Catalogue, file: Path, whole: bool = False) -> Backup:
    """Writes a backup of one moment; with `whole`, the documents and what was made of them too.

    The file takes its name when it is complete. Raises StorageError where it can't be written.
    """
    unfinished = file.with_name(f"{file.name}.part")
    counts: dict[str, int] = {}
    try:
        unfinished.touch(0o600)  # it has what readers said, and the digests of keys
        with (
            zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive,
            catalogue.snapshot() as connection,
        ):
            for table in _tables(whole):
                with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as lines:
                    counts[table.name] = _write(connection, table, lines)
            backup = Backup(whole, migrations.newest(), tables.SCHEMA, counts)
            head = {"format": _FORMAT, "whole": whole, "migration": backup.migration}
            head |= {"schema": backup.schema, "rows": counts}
            archive.writestr(_HEAD, json.dumps(head))
        unfinished.replace(file)
    except OSError as error:
        raise StorageError(
            f"The backup {file} can't be written: {error.strerror}.",
            "Choose a folder that can be written and has room.",
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return backup


def inspect(file: Path) -> Backup:
    """What a backup has. Raises StorageError where the file is none, or is damaged."""
    with _archive(file) as archive:
        return _head(file, archive)


def restore(catalogue: Catalogue, file: Path) -> Backup:
    """Puts what a backup has in place of what the database has, as a whole or not at all.

    Raises StorageError where the file is none, is damaged, or is of a newer version. One that is
    whole needs that nobody else keeps the index in step meanwhile.
    """
    with _archive(file) as archive:
        backup = _head(file, archive)
        if backup.migration not in migrations.known():
            raise StorageError(
                f"{file} is of a newer version of Clusterlotse (migration {backup.migration}).",
                "Install that version, or a newer one.",
            )
        if backup.whole and backup.schema != tables.SCHEMA:
            raise StorageError(
                f"{file} has documents in the form of another version (schema {backup.schema}).",
                "Restore it with that version, or a backup made without --all.",
            )
        with catalogue.transaction(long=True) as connection:
            _put_back(catalogue, connection, archive, backup)
    return backup


def _put_back(
    catalogue: Catalogue, connection: sql.Connection, archive: zipfile.ZipFile, backup: Backup
) -> None:
    listed = [table for table in _tables(backup.whole) if table.name in backup.rows]
    if backup.whole:
        catalogue.dialect.drop_full_text(connection)
    for table in reversed(listed):
        kept = table.c.name.in_(_OWN) if table is tables.facts else sql.false()
        connection.execute(sql.delete(table).where(~kept))
    for table in listed:
        for rows in _batches(_rows(table, archive)):
            connection.execute(sql.insert(table), rows)
        catalogue.dialect.go_on_counting(connection, table)
    if backup.whole:
        full_text.rebuild(connection, catalogue.dialect)
        count_change(connection)


def _tables(whole: bool) -> list[sql.Table]:
    derived = [table for table in tables.metadata.sorted_tables if table.name not in tables.COSTLY]
    return [*tables.lasting.sorted_tables, *(derived if whole else ())]


def _write(connection: sql.Connection, table: sql.Table, lines: IO[bytes]) -> int:
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(
        sql.select(table).order_by(*table.primary_key)
    )
    count = 0
    for row in rows:
        if table is tables.facts and row.name in _OWN:
            continue
        values = {name: _as_json(value) for name, value in row._mapping.items()}
        lines.write(json.dumps(values, ensure_ascii=True).encode("ascii") + b"\n")
        count += 1
    return count


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


def _rows(table: sql.Table, archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    """A table's rows, less columns that this version has no more."""
    columns = {column.name: column for column in table.columns}
    with archive.open(f"{table.name}.jsonl") as lines:
        for line in io.TextIOWrapper(lines, "utf-8"):
            values = json.loads(line)
            yield {
                name: _from_json(columns[name], value)
                for name, value in values.items()
                if name in columns
            }


def _from_json(column: sql.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, sql.DateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, sql.Date):
        return date.fromisoformat(value)
    if isinstance(column.type, sql.LargeBinary):
        return base64.b64decode(value)
    return value


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _archive(file: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(file)
        damaged = archive.testzip()
    except (OSError, zipfile.BadZipFile, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is damaged"
        raise StorageError(f"The backup {file} can't be read: {reason}.", _REMEDY) from error
    if damaged:
        raise StorageError(f"The backup {file} is damaged in {damaged}.", _REMEDY)
    return archive


def _head(file: Path, archive: zipfile.ZipFile) -> Backup:
    try:
        head = json.loads(archive.read(_HEAD))
        if head["format"] != _FORMAT or not {f"{name}.jsonl" for name in head["rows"]} <= {
            *archive.namelist()
        }:
            raise ValueError
        return Backup(head["whole"], head["migration"], head["schema"], dict(head["rows"]))
    except (KeyError, ValueError, TypeError) as error:
        raise StorageError(f"{file} is no backup of this program.", _REMEDY) from error
