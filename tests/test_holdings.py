"""What collections hold follows documents, whatever happens to these meanwhile."""

from collections.abc import Iterator, Sequence

import pytest

from index.storage import holdings
from index.storage.catalogue import Catalogue
from index.storage.dialect import Place
from index.storage.holdings import CollectionKind, Holding
from tests.test_catalogue import FIRST, SECOND, THIRD, document, put


@pytest.fixture
def catalogue(place: Place) -> Iterator[Catalogue]:
    with Catalogue(place) as opened:
        yield opened


@pytest.fixture
def held(catalogue: Catalogue) -> Holding:
    return holdings.add(catalogue, "ours", CollectionKind.LEXICAL, "model 1")


def texts_pending(held: Holding) -> list[str]:
    return [entry.passage.text for entry in held.pending()]


def ids(catalogue: Catalogue, *sentences: str, file: str = "see.txt") -> Sequence[str]:
    return [passage.id for passage in put(catalogue, document(*sentences, file=file))]


def test_a_new_collection_lacks_every_passage(catalogue: Catalogue, held: Holding) -> None:
    first, second = ids(catalogue, FIRST, SECOND)
    assert texts_pending(held) == [FIRST, SECOND]
    held.entered([first])
    assert texts_pending(held) == [SECOND]
    held.entered([first, second])
    assert held.pending() == []
    assert held.ids() == held.passages() == {first, second}


def test_a_passage_that_stays_keeps_its_place(catalogue: Catalogue, held: Holding) -> None:
    first, second = ids(catalogue, FIRST, SECOND)
    held.entered([first, second])
    ids(catalogue, FIRST, THIRD)
    assert held.passages() == {first}
    assert held.leaving() == [second]
    assert texts_pending(held) == [THIRD]
    held.left([second])
    assert held.leaving() == []
    assert held.ids() == {first}


def test_a_passage_that_comes_back_is_neither_written_nor_taken_out(
    catalogue: Catalogue, held: Holding
) -> None:
    held.entered(ids(catalogue, FIRST, SECOND))
    ids(catalogue, FIRST, THIRD)
    ids(catalogue, FIRST, SECOND)
    assert held.leaving() == []
    assert held.pending() == []


def test_a_removed_document_leaves_its_ids_to_take_out(catalogue: Catalogue, held: Holding) -> None:
    removed, kept = ids(catalogue, FIRST, SECOND), ids(catalogue, THIRD, file="jena.txt")
    held.entered([*removed, *kept])
    catalogue.remove("see.txt")
    assert sorted(held.leaving()) == sorted(removed)
    assert held.passages() == set(kept)


def test_passages_of_some_files_alone_can_be_had(catalogue: Catalogue, held: Holding) -> None:
    (seldom,) = ids(catalogue, SECOND, file="ä'\".txt")
    (often,) = ids(catalogue, FIRST)
    assert held.passages({"ä'\".txt"}) == set(), "it is yet to be written"
    held.entered([seldom, often])
    assert held.passages({"ä'\".txt", "never there.txt"}) == {seldom}
    assert held.passages(()) == set()


def test_collections_hold_passages_of_their_own(catalogue: Catalogue, held: Holding) -> None:
    other = holdings.add(catalogue, "other", CollectionKind.SEMANTIC, "model 1")
    (first,) = ids(catalogue, FIRST)
    held.entered([first])
    assert texts_pending(other) == [FIRST]
    other.entered([first])
    other.left([first])
    assert held.pending() == []


def test_what_a_look_has_shown_replaces_what_was_noted(catalogue: Catalogue, held: Holding) -> None:
    first, second, third = ids(catalogue, FIRST, SECOND, THIRD)
    held.entered([first, second])
    held.replace({second, third})
    assert held.ids() == {second, third}
    assert texts_pending(held) == [FIRST]


def test_a_collection_is_found_by_what_made_it_and_a_whole_one_first(catalogue: Catalogue) -> None:
    whole = holdings.add(catalogue, "b", CollectionKind.SEMANTIC, "model 1")
    whole.take_over()
    for name, kind, embedding in (
        ("a", CollectionKind.SEMANTIC, "model 1"),
        ("c", CollectionKind.SEMANTIC, "model 2"),
        ("d", CollectionKind.LEXICAL, "model 1"),
    ):
        holdings.add(catalogue, name, kind, embedding)
    matching = holdings.find(catalogue, CollectionKind.SEMANTIC, "model 1")
    assert [holding.name for holding in matching] == ["b", "a"]
    assert [holding.is_whole() for holding in matching] == [True, False]
    assert holdings.find(catalogue, CollectionKind.SEMANTIC, "model 3") == []


def test_a_whole_collection_takes_over_from_the_others_of_its_kind(
    catalogue: Catalogue, held: Holding
) -> None:
    old = holdings.add(catalogue, "old", CollectionKind.SEMANTIC, "model 1")
    old.entered(ids(catalogue, FIRST))
    old.take_over()
    new = holdings.add(catalogue, "new", CollectionKind.SEMANTIC, "model 2")
    assert new.is_being_written()
    new.take_over()
    assert not new.is_being_written()
    assert holdings.find(catalogue, CollectionKind.SEMANTIC, "model 1") == []
    assert old.ids() == set()
    assert [
        holding.name for holding in holdings.find(catalogue, CollectionKind.LEXICAL, "model 1")
    ] == ["ours"]


def test_whether_a_write_has_ended_is_remembered(catalogue: Catalogue, held: Holding) -> None:
    held.writing(False)
    assert not held.is_being_written()
    held.writing(True)
    assert Holding(catalogue, held.name).is_being_written()


def test_more_ids_than_sql_takes_at_once_are_noted(catalogue: Catalogue, held: Holding) -> None:
    many = [str(number) for number in range(100_000)]
    held.entered(many)
    assert len(held.leaving()) == len(many)
    held.left(many)
    assert held.leaving() == []
