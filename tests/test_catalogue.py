"""The catalogue gives back what was put in, whole, also while it is written to."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from index.documents import Document, IndexedPassage, Passage
from index.errors import StorageError
from index.storage import holdings, tables
from index.storage.catalogue import Catalogue, FileState
from index.storage.dialect import Place
from index.storage.holdings import CollectionKind
from index.storage.statements import passages_where
from index.text.features import stem, stems
from index.text.passages import passages

STATE = FileState(120, 1_700_000_000_000_000_000, "a1")
FIRST = "Der Verbund Seeklang misst Schwingungen am Bodensee."
SECOND = "Die Beiträge der Mitglieder sind im Januar fällig."
THIRD = "Das Labor in Jena prüft Sensoren für Kliniken."


def document(*sentences: str, file: str = "see.txt", language: str = "de") -> Document:
    """A document of which each sentence is a passage."""
    text = "\n\nZwischentitel\n\n".join(sentences)
    return Document(file, text, "Am See", date(2024, 5, 3), language, "https://example.org/see")


def put(catalogue: Catalogue, put_in: Document, state: FileState = STATE) -> list[Passage]:
    cut = passages(put_in, 320)
    catalogue.put(put_in, state, {p: stems(p.text, put_in.language) for p in cut})
    return cut


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


@pytest.fixture
def catalogue(place: Place) -> Iterator[Catalogue]:
    with Catalogue(place) as opened:
        yield opened


def _entries_of(catalogue: Catalogue, file: str) -> list[IndexedPassage]:
    with catalogue.transaction() as connection:
        return passages_where(connection, tables.passages.c.file == file)


def test_a_document_comes_back_as_it_was_put_in(place: Place) -> None:
    with Catalogue(place) as catalogue:
        put_in = document(FIRST, SECOND)
        stored = put(catalogue, put_in)
    with Catalogue(place) as reopened:
        assert reopened.document("see.txt") == put_in
        assert reopened.documents() == [put_in]
        assert reopened.files() == {"see.txt": STATE}
        entries = _entries_of(reopened, "see.txt")
        assert [entry.passage for entry in entries] == stored
        assert {entry.document.title for entry in entries} == {"Am See"}
        assert {entry.document.date for entry in entries} == {date(2024, 5, 3)}
        assert {entry.document.url for entry in entries} == {"https://example.org/see"}
        assert reopened.count() == len(stored) == 2


def test_a_document_need_not_have_a_date_or_an_address(catalogue: Catalogue) -> None:
    bare = Document("a.txt", FIRST, "A", None, "de", None)
    put(catalogue, bare)
    assert catalogue.document("a.txt") == bare


def test_what_is_not_there_is_none(catalogue: Catalogue) -> None:
    assert catalogue.document("see.txt") is None
    assert _entries_of(catalogue, "see.txt") == []
    assert catalogue.passages(["unknown"]) == []
    assert catalogue.documents() == []
    assert catalogue.count() == 0


def test_entries_come_in_the_order_of_the_text(catalogue: Catalogue) -> None:
    put(catalogue, document(THIRD, file="b.txt"))
    put(catalogue, document(FIRST, SECOND, THIRD, file="a.txt"))
    entries = catalogue.passages(sorted(catalogue.ids(), reverse=True))
    assert [entry.passage.text for entry in entries] == [FIRST, SECOND, THIRD, THIRD]
    assert catalogue.passages(catalogue.ids()) == entries


def test_an_entry_knows_the_headings_above_it(catalogue: Catalogue) -> None:
    put(catalogue, document(FIRST, SECOND))
    contexts = [entry.context for entry in catalogue.passages(catalogue.ids())]
    assert contexts == ["Am See", "Am See · Zwischentitel"]


def test_putting_a_document_again_replaces_it(catalogue: Catalogue) -> None:
    put(catalogue, document(FIRST, SECOND))
    changed = document(FIRST, THIRD)
    put(catalogue, changed, FileState(121, 5, "b2"))
    assert catalogue.documents() == [changed]
    assert catalogue.files() == {"see.txt": FileState(121, 5, "b2")}
    assert [entry.passage.text for entry in catalogue.passages(catalogue.ids())] == [FIRST, THIRD]


def test_a_removed_document_leaves_nothing(catalogue: Catalogue) -> None:
    put(catalogue, document(FIRST, SECOND))
    put(catalogue, document(THIRD, file="jena.txt"))
    catalogue.remove("see.txt")
    catalogue.remove("never there.txt")
    assert [document.file for document in catalogue.documents()] == ["jena.txt"]
    assert [entry.passage.text for entry in catalogue.passages(catalogue.ids())] == [THIRD]
    assert catalogue.search([stem("Verbund", "de")], 10) == []


def test_a_touched_file_keeps_its_text(catalogue: Catalogue) -> None:
    put(catalogue, document(FIRST))
    catalogue.touch("see.txt", FileState(120, 99, "a1"))
    assert catalogue.files() == {"see.txt": FileState(120, 99, "a1")}
    assert catalogue.ids() == {passage.id for passage in passages(document(FIRST), 320)}


def test_a_passage_that_is_cut_into_other_sentences_has_those_of_now(catalogue: Catalogue) -> None:
    (passage,) = put(catalogue, document(f"{FIRST} {SECOND}"))
    other = replace(passage, sentences=((passage.start, passage.end),))
    catalogue.put(document(f"{FIRST} {SECOND}"), STATE, {other: "verbund"})
    (kept,) = _entries_of(catalogue, "see.txt")
    assert kept.passage == other
    assert catalogue.search(["verbund"], 10) == [passage.id]


def test_the_passage_with_the_most_of_the_stems_is_found_first(catalogue: Catalogue) -> None:
    put(catalogue, document(FIRST, SECOND, THIRD))
    wanted = [stem(word, "de") for word in ("Sensoren", "Klinik", "Mitglied", "Labore")]
    best = catalogue.passages(catalogue.search(wanted, 10)[:1])
    assert [entry.passage.text for entry in best] == [THIRD]
    assert len(catalogue.search(wanted, 10)) == 2
    assert len(catalogue.search(wanted, 1)) == 1
    assert catalogue.search([], 10) == []
    assert catalogue.search(["xqzrv"], 10) == []


@pytest.mark.parametrize("stem", ["", "and", "NEAR", "a_b", "o'n", "stem*", "text:"])
def test_no_stem_is_taken_for_a_command_of_the_search(catalogue: Catalogue, stem: str) -> None:
    put(catalogue, document(FIRST))
    assert catalogue.search([stem], 10) == []


def test_a_question_of_thousands_of_stems_is_searched(catalogue: Catalogue) -> None:
    (passage,) = put(catalogue, document(FIRST))
    stems = [f"wort{number}" for number in range(3000)]
    assert catalogue.search([*stems, stem("Verbund", "de")], 10) == [passage.id]


def test_passages_of_some_files_are_found_alone(catalogue: Catalogue) -> None:
    for number in range(20):
        put(catalogue, document(FIRST, file=f"oft/{number}.txt"))
    (seldom,) = put(catalogue, document(f"{SECOND} {THIRD} Der Verbund lud ein.", file="ä'\".txt"))
    wanted = [stem("Verbund", "de")]
    assert catalogue.search(wanted, 1) != [seldom.id]
    assert catalogue.search(wanted, 1, {seldom.file}) == [seldom.id]
    assert catalogue.search(wanted, 50, {seldom.file, "oft/1.txt", "never there.txt"}) == [
        *(entry.passage.id for entry in _entries_of(catalogue, "oft/1.txt")),
        seldom.id,
    ]
    assert catalogue.search(wanted, 50, ()) == []


def test_more_files_than_sql_takes_values_can_be_chosen(catalogue: Catalogue) -> None:
    (passage,) = put(catalogue, document(FIRST))
    many = [*(f"{number}.txt" for number in range(300_000)), passage.file]
    assert catalogue.search([stem("Verbund", "de")], 10, many) == [passage.id]


def test_dates_come_by_file(catalogue: Catalogue) -> None:
    put(catalogue, document(FIRST))
    put(catalogue, Document("a.txt", SECOND, "A", None, "de", None))
    assert catalogue.dates() == {"a.txt": None, "see.txt": date(2024, 5, 3)}


def test_languages_come_with_the_most_frequent_first(catalogue: Catalogue) -> None:
    for file, language in (("a", "fr"), ("b", "de"), ("c", "de"), ("d", "en")):
        put(catalogue, document(FIRST, file=file, language=language))
    assert catalogue.languages() == ["de", "en", "fr"]


def test_facts_are_kept_and_replaced(path: Path) -> None:
    with Catalogue(path) as catalogue:
        assert catalogue.fact("embedding") is None
        catalogue.state(embedding="one", collection="a")
        catalogue.state(embedding="two")
    with Catalogue(path) as reopened:
        assert (reopened.fact("embedding"), reopened.fact("collection")) == ("two", "a")


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.write_bytes(b"no database at all " * 500)
    with pytest.raises(StorageError, match=r"catalogue\.sqlite"):
        Catalogue(path)


def test_a_database_that_was_damaged_is_named(path: Path) -> None:
    with Catalogue(path) as catalogue:
        put(catalogue, document(*(f"Satz {n} steht hier für sich allein." for n in range(300))))
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StorageError, match=r"catalogue\.sqlite"), Catalogue(path) as damaged:
        damaged.passages(damaged.ids())


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="missing"):
        Catalogue(tmp_path / "missing" / "catalogue.sqlite")


def _has_table(path: Path, name: str) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return bool(
            connection.execute("SELECT * FROM sqlite_master WHERE name = ?", [name]).fetchall()
        )


def test_another_schema_is_built_anew(path: Path) -> None:
    with Catalogue(path) as catalogue:
        put(catalogue, document(FIRST))
        holdings.add(catalogue, "old", CollectionKind.LEXICAL, "test")
        catalogue.state(collection="old", identity="whose collections")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE facts SET value = 'of long ago' WHERE name = 'schema'")
    connection.execute("ALTER TABLE passages RENAME COLUMN text TO words")
    connection.execute("CREATE TABLE of_long_ago (file REFERENCES documents (file))")
    connection.commit()
    connection.close()
    with Catalogue(path) as rebuilt:
        assert rebuilt.documents() == []
        (kept,) = holdings.find(rebuilt, CollectionKind.LEXICAL, "test")
        assert kept.name == "old", "what it may cost money to make again is not forgotten"
        assert not _has_table(path, "of_long_ago")
        assert rebuilt.fact("collection") is None
        assert rebuilt.fact("identity") == "whose collections"
        put(rebuilt, document(FIRST))
        assert rebuilt.search([stem("Verbund", "de")], 10) == list(rebuilt.ids())


def test_what_is_noted_of_vectors_in_another_form_is_forgotten(path: Path) -> None:
    with Catalogue(path) as catalogue:
        holdings.add(catalogue, "old", CollectionKind.LEXICAL, "test")
        catalogue.state(schema="of long ago")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE held RENAME COLUMN id TO passage")
        connection.commit()
    with Catalogue(path) as rebuilt:
        assert holdings.find(rebuilt, CollectionKind.LEXICAL, "test") == []


def test_threads_read_whole_documents_while_one_writes(catalogue: Catalogue) -> None:
    versions = [document(FIRST, SECOND, THIRD), document(SECOND, FIRST)]
    whole = [[p.text for p in passages(version, 320)] for version in versions]
    put(catalogue, versions[0])
    done = Event()

    def read() -> int:
        times = 0
        while not done.is_set():
            assert [entry.passage.text for entry in _entries_of(catalogue, "see.txt")] in whole
            assert catalogue.search([stem("Verbund", "de")], 10)
            assert catalogue.document("see.txt") in versions
            times += 1
        return times

    with ThreadPoolExecutor(8) as threads:
        readers = [threads.submit(read) for _ in range(8)]
        try:
            for number in range(60):
                put(catalogue, versions[number % 2])
        finally:
            done.set()
        assert all(reader.result() > 0 for reader in readers)
