"""Passages for a question, found in a real Chroma and a real full text, and scored exactly."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.finding.nodes import hits_of
from index.vectors.chroma import Chroma
from tests.library import CENTRE, CONGRESS, LIBRARY, NETWORK, Desk, fill, opened


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("retrieve")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


def _found(desk: Desk, question: str) -> list[NodeWithScore]:
    """As an answer finds them: the candidates, rescored."""
    reader = desk.reader()
    nodes = desk.retriever(reader).retrieve(question)
    return desk.rescoring(reader).postprocess_nodes(nodes, query_str=question)


def _files(nodes: list[NodeWithScore]) -> list[str]:
    return list(dict.fromkeys(str(node.node.metadata["file"]) for node in nodes))


@pytest.mark.parametrize(
    ("question", "file"),
    [
        ("Wer hat die Absichtserklärung unterzeichnet?", CENTRE),
        ("Who signed the letter of intent?", CENTRE),
        ("Wie viele Teilnehmer hatte der Kongress?", CONGRESS),
        ("Combien de participants au congrès ?", CONGRESS),
        ("Mitglieder aus Dänemark", NETWORK),
        ("Daenemark", NETWORK),
        ("Wer baut ein Labor für Gelenke?", NETWORK),
    ],
)
def test_the_passage_that_answers_comes_first(desk: Desk, question: str, file: str) -> None:
    assert _files(_found(desk, question))[0] == file


def test_a_word_that_a_single_document_has_leads_to_it(desk: Desk) -> None:
    for word, file in (("Dornbirn", CENTRE), ("Innenohrimplantate", CONGRESS)):
        first, second = _found(desk, word)[:2]
        assert first.node.metadata["file"] == file
        assert first.get_score() > 2 * second.get_score()


def test_scores_fall_and_lie_between_nothing_and_all(desk: Desk) -> None:
    scores = [node.get_score() for node in _found(desk, "Wer fördert das Netzwerk Nordlicht?")]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] >= 0
    assert scores[0] > scores[-1]


def test_the_order_is_the_same_each_time(desk: Desk) -> None:
    for question in ("Wer?", "Netzwerk", "xyzzy"):
        runs = [[node.node.node_id for node in _found(desk, question)] for _ in range(3)]
        assert runs[0] == runs[1] == runs[2]


def test_the_order_of_the_candidates_does_not_matter(desk: Desk) -> None:
    reader = desk.reader()
    nodes = desk.retriever(reader).retrieve("Netzwerk Nordlicht")
    assert len(nodes) > 1
    forth = desk.rescoring(reader).postprocess_nodes([*nodes], query_str="Netzwerk Nordlicht")
    back = desk.rescoring(reader).postprocess_nodes(nodes[::-1], query_str="Netzwerk Nordlicht")
    assert [node.node.node_id for node in forth] == [node.node.node_id for node in back]


def test_a_small_document_is_found_among_many_that_fit_better(tmp_path: Path) -> None:
    files = {f"{number}.txt": f"Bienen Bienen Bienen {number}.\n" for number in range(120)}
    with opened(tmp_path / "data", fill(tmp_path / "seeds", {**LIBRARY, **files})) as desk:
        retriever, question = desk.retriever(desk.reader()), desk.reader().read("Bienen Husum")
        assert CONGRESS not in _files(retriever.retrieve(desk.reader().read("Bienen")))
        assert _files(retriever.retrieve(replace(question, files=frozenset({CONGRESS})))) == [
            CONGRESS
        ]
        within = replace(desk.reader().read("Bienen"), files=frozenset({CENTRE, CONGRESS}))
        assert set(_files(retriever.retrieve(within))) == {CENTRE, CONGRESS}, "by vector alone"


def test_no_passage_is_found_twice(desk: Desk) -> None:
    ids = [node.node.node_id for node in _found(desk, "Netzwerk Nordlicht Kongress Alpenblick")]
    assert len(ids) == len(set(ids)) >= 3


def test_a_found_passage_carries_what_a_citation_needs(desk: Desk) -> None:
    document = desk.assistant.document(NETWORK)
    assert document is not None
    (hit, *_) = hits_of(_found(desk, "Wann wurde das Netzwerk Nordlicht gegründet?"))
    metadata = hit.document
    assert (metadata.title, metadata.date, metadata.url, metadata.language) == (
        *(document.title, document.date, document.url),
        "de",
    )
    passage = hit.passage
    assert document.text[passage.start : passage.end] == passage.text
    assert passage.sentences
    for first, last in passage.sentences:
        assert passage.start <= first < last <= passage.end
        assert hit.text(first, last) == document.text[first:last]


def test_a_node_that_was_made_elsewhere_is_no_hit() -> None:
    with pytest.raises(TypeError, match="TextNode"):
        hits_of([NodeWithScore(node=TextNode(text="Von anderswo."), score=1.0)])


@pytest.mark.parametrize(
    "question",
    [
        "",
        '"',
        '"foo" OR NEAR(',
        "*",
        "stems:netzwerk",
        "netzwerk*",
        "NOT AND OR",
        "^netzwerk -nordlicht {a b}",
        "'; DROP TABLE passages; --",
        "%_\\",
        "\0\x1b\x7f",
        "\ud800",
        "🦄",
        "a" * 2_000,
        "wort " * 400,
    ],
)
def test_no_question_breaks_the_search(desk: Desk, question: str) -> None:
    for node in _found(desk, question):
        assert node.get_score() >= 0
    assert _files(_found(desk, "Dornbirn"))[0] == CENTRE


def test_a_query_of_llama_indexs_own_is_taken(desk: Desk) -> None:
    nodes = desk.retriever(desk.reader()).retrieve(QueryBundle("Dornbirn"))
    assert CENTRE in _files(nodes)


def test_passages_cant_be_scored_without_a_question(desk: Desk) -> None:
    reader = desk.reader()
    nodes = desk.retriever(reader).retrieve("Dornbirn")
    with pytest.raises(ValueError, match="question"):
        desk.rescoring(reader).postprocess_nodes(nodes)


def test_the_full_text_finds_what_the_vectors_miss(tmp_path: Path) -> None:
    """All that is asked stands in 150 passages, but for a word that only another one has."""
    asked = "Der Verein der Imker tagt im Wald und im Garten und am See"
    many = {f"{number:03}.txt": f"{asked}. Nummer {number}.\n" for number in range(150)}
    many["selten.txt"] = "Es kam ein Quastenflosser. " + "Lange regnete es auf dem Berg. " * 25
    with opened(tmp_path / "data", fill(tmp_path / "seeds", many)) as desk:
        nodes = desk.retriever(desk.reader()).retrieve(f"{asked}, und Quastenflosser?")
    assert len(nodes) < 150
    assert "selten.txt" in _files(nodes)


def test_without_chroma_the_full_text_finds_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(tmp_path / "data", fill(tmp_path / "seeds", LIBRARY)) as desk:
        chroma = Chroma.in_folder(tmp_path / "data" / "chroma")
        chroma.drop_others("clusterlotse", chroma.create("other"))
        with caplog.at_level(logging.ERROR):
            assert _files(_found(desk, "Wer sitzt in Dornbirn?"))[0] == CENTRE
        assert "full text" in caplog.text
