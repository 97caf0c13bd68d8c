"""The text of record: documents, their passages and a full-text index, in SQL transactions.

What Chroma holds is derived from here and can be built again from here at any time.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from itertools import chain, count
from typing import Any

import sqlalchemy as sql

from index.documents import Block, BlockKind, Document, IndexedPassage, Passage, Unit, UnitKind
from index.facts.abbreviations import abbreviations
from index.storage import tables
from index.storage.database import Database
from index.storage.dialect import Place
from index.storage.migrations import STAYING, upgrade
from index.storage.statements import (
    for_each,
    passages_where,
    places_as_stored,
    places_from,
)
from index.text.words import composed

_AT_ONCE = 10_000  # values in one statement; SQLite takes 32,766


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells whether a file has changed: size in bytes, time in ns, digest of its content.

    `cut` says how its passages were cut: where that is done in another way by now, it is read anew.
    `mark` is what the file system notes of each writing and no program can set back.
    """

    size: int
    modified: int
    digest: str
    cut: str = ""
    mark: str = ""


class Catalogue(Database):
    """The database at `place`; several threads may read while one writes.

    Raises StorageError where it is damaged, can't be written, or does not answer.
    """

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.prepare(self._create)
        self.prepare(upgrade)

    def _create(self, connection: sql.Connection) -> None:
        kept: dict[str, str] = {}
        if sql.inspect(connection).has_table("facts"):
            stated = {row.name: row.value for row in connection.execute(sql.select(tables.facts))}
            if stated.get("schema") == tables.SCHEMA:
                return
            kept = {name: stated[name] for name in stated.keys() & {"identity", "revision"}}
            self.dialect.drop_full_text(connection)
            stays = {*STAYING, *_still_fitting(connection)}
            old = sql.MetaData()
            old.reflect(connection, only=lambda name, _: name not in stays)
            old.drop_all(connection)
        tables.metadata.create_all(connection)
        self.dialect.create_full_text(connection)
        _state(connection, {**kept, "schema": tables.SCHEMA})

    # Facts

    def fact(self, name: str) -> str | None:
        """Something the index knows of itself, such as the embedding that made it."""
        with self.transaction() as connection:
            return connection.execute(
                sql.select(tables.facts.c.value).filter_by(name=name)
            ).scalar()

    def state(self, **facts: str) -> None:
        """Writes facts down, in one transaction."""
        with self.writing() as connection:
            _state(connection, facts)

    def revision(self) -> int:
        """A number that grows with every change of a document."""
        return int(self.fact("revision") or 0)

    # Documents

    def files(self) -> dict[str, FileState]:
        """Every document's file, as it was when it was read."""
        columns = (
            tables.documents.c.file,
            tables.documents.c.size,
            tables.documents.c.modified,
            tables.documents.c.digest,
            tables.documents.c.cut,
            tables.documents.c.mark,
        )
        with self.transaction(long=True) as connection:
            rows = connection.execute(sql.select(*columns))
            return {file: FileState(*state) for file, *state in rows}

    def size(self) -> int:
        """How many documents there are."""
        chosen = sql.select(sql.func.count()).select_from(tables.documents)
        with self.transaction() as connection:
            return connection.execute(chosen).scalar_one()

    def documents(self) -> list[Document]:
        """All documents, by their file's name."""
        with self.transaction(long=True) as connection:
            rows = connection.execute(
                sql.select(tables.documents).order_by(tables.documents.c.file)
            )
            return [_document(row) for row in rows]

    def document(self, file: str) -> Document | None:
        """The document of a file, or None; a name is the same however its umlauts are composed."""
        with self.transaction() as connection:
            by_name = sql.select(tables.documents)
            row = connection.execute(by_name.filter_by(file=file)).one_or_none()
            if row is None and (name := _same_name(connection, file)):
                row = connection.execute(by_name.filter_by(file=name)).one_or_none()
            return _document(row) if row else None

    def units(self, file: str) -> tuple[Unit, ...]:
        """What can be quoted of a document, in order."""
        chosen = sql.select(tables.documents.c.units).filter_by(file=file)
        with self.transaction() as connection:
            rows = connection.execute(chosen).scalar() or ()
        return tuple(unit_of(*row) for row in rows)

    def dates(self) -> dict[str, date | None]:
        """Every document's date, by its file."""
        columns = (tables.documents.c.file, tables.documents.c.date)
        with self.transaction(long=True) as connection:
            return {row.file: row.date for row in connection.execute(sql.select(*columns))}

    def written_in(self, language: str) -> frozenset[str]:
        """The files of the documents in a language."""
        chosen = sql.select(tables.documents.c.file).filter_by(language=language)
        with self.transaction() as connection:
            return frozenset(connection.execute(chosen).scalars())

    def languages(self, files: Collection[str] | None = None) -> list[str]:
        """The documents' languages, the most frequent first; with `files` those of these alone."""
        counted = Counter(self._column("language", files))
        return sorted(counted, key=lambda language: (-counted[language], language))

    def abbreviations(self, files: Collection[str] | None = None) -> set[tuple[str, str]]:
        """(short form, long form) pairs that the documents, or these files, introduce."""
        pairs = chain.from_iterable(self._column("abbreviations", files))
        return {(short, long) for short, long in pairs}

    def _column(self, name: str, files: Collection[str] | None) -> list[Any]:
        """What the documents, or those of these files, have in a column."""
        chosen = sql.select(tables.documents.c.file, tables.documents.c[name])
        with self.transaction() as connection:
            rows = connection.execute(chosen).all()
        return [value for file, value in rows if files is None or file in files]

    def origin(self, file: str) -> str:
        """What the ids of a document's passages are made of, which stays when it is renamed.

        It is the file's first name, unless another document that has left the name has it still.
        """
        origins = sql.select(tables.documents.c.origin)
        names = chain([file], (f"{file}\n{number}" for number in count(2)))
        with self.transaction() as connection:
            stored = connection.execute(origins.filter_by(file=file)).scalar()
            free = (
                name
                for name in names
                if connection.execute(origins.filter_by(origin=name)).first() is None
            )
            return stored or next(free)

    def put(
        self,
        document: Document,
        state: FileState,
        passages: Mapping[Passage, str],
        origin: str | None = None,
        units: Sequence[Unit] = (),
    ) -> None:
        """Stores a document in place of its old version; `passages` maps each to its stems.

        A passage that the old version had too has the same id, and so stays wherever else it is
        held. `origin` is what ids are made of, the file's name where none is given. `units` are
        what answers are chosen among.
        """
        with self.writing() as connection:
            self._take_out(connection, document.file)
            values = _document_values(document, state, units)
            values["origin"] = origin or document.file
            replaced = connection.execute(
                sql.update(tables.documents).filter_by(file=document.file).values(values)
            )
            if not replaced.rowcount:
                connection.execute(sql.insert(tables.documents).values(values))
            for passage, stems in passages.items():
                number = _put_in(connection, passage)
                self.dialect.enter_stems(connection, number, stems)
            count_change(connection)

    def touch(self, file: str, state: FileState) -> None:
        """The file was written again with the same content."""
        with self.writing() as connection:
            connection.execute(
                sql.update(tables.documents)
                .filter_by(file=file)
                .values(size=state.size, modified=state.modified, mark=state.mark)
            )

    def distrust(self, file: str) -> None:
        """Has a file read anew by the next sync, whether it has changed or not."""
        with self.writing() as connection:
            unread = {"size": -1, "digest": ""}
            connection.execute(sql.update(tables.documents).filter_by(file=file).values(unread))

    def rename(self, old: str, new: str) -> None:
        """The document of a file has another name now; its passages are the same ones."""
        with self.writing() as connection:
            connection.execute(sql.update(tables.documents).filter_by(file=old).values(file=new))
            _rename_in_feedback(connection, old, new)
            count_change(connection)

    def remove(self, file: str) -> None:
        """Takes a document out, with its passages."""
        with self.writing() as connection:
            self._take_out(connection, file)
            connection.execute(sql.delete(tables.documents).filter_by(file=file))
            count_change(connection)

    def _take_out(self, connection: sql.Connection, file: str) -> None:
        """Takes out the passages of a file."""
        ids = sorted(set(_ids_of(connection, file)))
        self.dialect.drop_stems(connection, ids)
        gone = sql.delete(tables.passages).where(tables.passages.c.id == sql.bindparam("one"))
        for_each(connection, gone, ids)

    # Passages

    def count(self) -> int:
        """How many passages there are."""
        with self.transaction(long=True) as connection:
            return connection.execute(
                sql.select(sql.func.count()).select_from(tables.passages)
            ).scalar_one()

    def passages(self, ids: Iterable[str]) -> list[IndexedPassage]:
        """The passages of these ids, in order of document and place within each _AT_ONCE ids."""
        wanted = list(ids)
        parts = (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))
        with self.transaction() as connection:
            return [
                passage
                for part in parts
                for passage in passages_where(connection, tables.passages.c.id.in_(part))
            ]

    def passages_of(self, file: str) -> list[IndexedPassage]:
        """A file's passages, in order."""
        with self.transaction() as connection:
            return passages_where(connection, tables.passages.c.file == file)

    def ids(self) -> set[str]:
        """Ids of all passages."""
        with self.transaction(long=True) as connection:
            return set(connection.execute(sql.select(tables.passages.c.id)).scalars())

    def search(
        self, stems: Sequence[str], limit: int, files: Collection[str] | None = None
    ) -> list[str]:
        """Ids of the passages with the most of these stems, best first, by BM25.

        With `files` they are those of these files alone.
        """
        if not stems:
            return []
        with self.transaction() as connection:
            return self.dialect.search(connection, stems, limit, files)


def _state(connection: sql.Connection, facts: Mapping[str, str]) -> None:
    connection.execute(sql.delete(tables.facts).where(tables.facts.c.name.in_(facts)))
    connection.execute(
        sql.insert(tables.facts), [{"name": name, "value": value} for name, value in facts.items()]
    )


def _same_name(connection: sql.Connection, file: str) -> str | None:
    """A document's file whose name is this one, with its letters composed in another way."""
    if file.isascii():
        return None
    wanted = composed(file)
    names = connection.execute(sql.select(tables.documents.c.file)).scalars()
    return next((name for name in names if composed(name) == wanted), None)


def _still_fitting(connection: sql.Connection) -> Iterable[str]:
    """The costly tables, if all of them have the columns that they have here."""
    inspector = sql.inspect(connection)
    for name in tables.COSTLY:
        wanted = set(tables.metadata.tables[name].columns.keys())
        if (
            not inspector.has_table(name)
            or {c["name"] for c in inspector.get_columns(name)} != wanted
        ):
            return ()
    return tables.COSTLY


def _rename_in_feedback(connection: sql.Connection, old: str, new: str) -> None:
    if not sql.inspect(connection).has_table(tables.feedback.name):
        return
    columns = tables.feedback.c
    for number, files in connection.execute(sql.select(columns.number, columns.files)).all():
        if old in files:
            renamed = [new if file == old else file for file in files]
            this = sql.update(tables.feedback).where(columns.number == number)
            connection.execute(this.values(files=renamed))


def count_change(connection: sql.Connection) -> None:
    """The next revision begins."""
    before = connection.execute(
        sql.select(tables.facts.c.value).filter_by(name="revision")
    ).scalar()
    _state(connection, {"revision": str(int(before or 0) + 1)})


def _ids_of(connection: sql.Connection, file: str) -> Iterable[str]:
    return connection.execute(sql.select(tables.passages.c.id).filter_by(file=file)).scalars()


def _put_in(connection: sql.Connection, passage: Passage) -> int:
    """Stores a passage, and returns its number."""
    number: int = connection.execute(
        sql.insert(tables.passages)
        .values(
            id=passage.id,
            file=passage.file,
            start=passage.start,
            end=passage.end,
            text=passage.text,
            heading=passage.heading,
            sentences=passage.sentences,
            places=places_as_stored(passage.places),
        )
        .returning(tables.passages.c.number)
    ).scalar_one()
    return number


def _document_values(document: Document, state: FileState, units: Sequence[Unit]) -> dict[str, Any]:
    return {
        "file": document.file,
        "size": state.size,
        "modified": state.modified,
        "digest": state.digest,
        "cut": state.cut,
        "mark": state.mark,
        "text": document.text,
        "title": document.title,
        "date": document.date,
        "language": document.language,
        "url": document.url,
        "abbreviations": sorted(abbreviations(document.text)),
        "blocks": [(block.kind.value, block.start, block.end) for block in document.blocks],
        "units": [astuple(unit) for unit in units],
        "places": places_as_stored(document.places),
        "replaces": document.replaces,
    }


def unit_of(
    start: int, end: int, kind: str, paragraph: int, heading: tuple[int, int] | None
) -> Unit:
    """A unit as it is stored."""
    above = (heading[0], heading[1]) if heading else None
    return Unit(start, end, UnitKind(kind), paragraph, above)


def _document(row: sql.Row[Any]) -> Document:
    blocks = tuple(Block(BlockKind(kind), start, end) for kind, start, end in row.blocks)
    known = (row.file, row.text, row.title, row.date, row.language, row.url)
    return Document(*known, blocks, places_from(row.places), row.replaces)
