"""Answers without an LLM, as llama-index's interfaces give them."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from llama_index.core.callbacks import CallbackManager
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.answering.extractive import CitedResponse, ExtractiveSynthesizer
from assistant.answering.library import Library
from tests.library import CENTRE, LIBRARY, NETWORK, Desk, fill, opened

QUESTION = "Wann wurde das Netzwerk Nordlicht gegründet?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("extract")
    with opened(folder / "data", fill(folder / "seeds", LIBRARY)) as desk:
        yield desk


@pytest.fixture(scope="module")
def synthesizer(desk: Desk) -> ExtractiveSynthesizer:
    return ExtractiveSynthesizer(desk.reader(), Library(desk.index.catalogue))


@pytest.fixture(scope="module")
def engine(desk: Desk, synthesizer: ExtractiveSynthesizer) -> RetrieverQueryEngine:
    """The parts, put together as a user of llama-index would."""
    reader = desk.reader()
    return RetrieverQueryEngine(
        desk.retriever(reader),
        synthesizer,
        node_postprocessors=[desk.rescoring(reader)],
        callback_manager=CallbackManager(),
    )


def _nodes(desk: Desk, question: str) -> list[NodeWithScore]:
    reader = desk.reader()
    nodes = desk.retriever(reader).retrieve(question)
    return desk.rescoring(reader).postprocess_nodes(nodes, query_str=question)


def test_the_parts_are_a_query_engine_for_plain_text(engine: RetrieverQueryEngine) -> None:
    response = engine.query(QUESTION)
    assert isinstance(response, CitedResponse)
    assert "14. März 2023" in str(response)
    assert response.citations[0].file == NETWORK
    assert response.source_nodes[0].node.metadata["file"] == NETWORK


def test_the_query_engine_can_be_awaited(engine: RetrieverQueryEngine) -> None:
    assert str(asyncio.run(engine.aquery(QUESTION))) == str(engine.query(QUESTION))


def test_the_query_engine_refuses_as_well(engine: RetrieverQueryEngine) -> None:
    response = engine.query("Wer schrieb den Roman Moby Dick?")
    assert isinstance(response, CitedResponse)
    assert response.citations == ()
    assert "nicht" in str(response)


def test_the_parts_agree_with_the_assistant(desk: Desk, engine: RetrieverQueryEngine) -> None:
    answer = desk.assistant.ask(QUESTION)
    response = engine.query(QUESTION)
    assert isinstance(response, CitedResponse)
    assert (answer.answer, tuple(answer.citations)) == (str(response), response.citations)


@pytest.mark.parametrize("query", [QUESTION, QueryBundle(QUESTION)], ids=["text", "bundle"])
def test_each_quote_stands_in_the_answer_before_its_number(
    desk: Desk, synthesizer: ExtractiveSynthesizer, query: str | QueryBundle
) -> None:
    response = synthesizer.synthesize(query, _nodes(desk, QUESTION))
    text = str(response)
    for citation in response.citations:
        one_line = re.escape(" ".join(citation.quote.split()))
        assert re.search(rf"„{one_line}“ \[{citation.number}\]", text), text


@pytest.mark.parametrize(
    ("question", "announced"),
    [
        ("Wer leitet das Zentrum Alpenblick?", None),
        ("Who is the managing director of Nordlicht?", "in German"),
        ("Combien de membres compte le réseau Nordlicht ?", "en allemand"),
    ],
)
def test_quotes_in_another_language_than_the_question_are_announced(
    engine: RetrieverQueryEngine, question: str, announced: str | None
) -> None:
    response = engine.query(question)
    assert isinstance(response, CitedResponse)
    lines = str(response).splitlines()
    if announced:
        assert announced in lines.pop(0)
    assert len(lines) == len(response.citations), "a line for each quote"
    for number, line in enumerate(lines, start=1):
        assert line.startswith("„")
        assert line.endswith(f"“ [{number}]")


def test_quotation_marks_are_those_of_the_quotes_language(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("marks")
    files = {
        "de.txt": "---\nlanguage: de\n---\nDas Netz Morgenrot hat elf Mitglieder in Kiel.\n",
        "en.txt": "---\nlanguage: en\n---\nThe network Sunrise has twelve members in York.\n",
        "fr.txt": "---\nlanguage: fr\n---\nLe réseau Aurore compte treize membres à Lyon.\n",
    }
    asked = {
        "Wie viele Mitglieder hat Morgenrot?": "„Das Netz Morgenrot hat elf Mitglieder in Kiel.“",
        "How many members has Sunrise?": "“The network Sunrise has twelve members in York.”",
        "Combien de membres compte Aurore ?": (
            "«\u00a0Le réseau Aurore compte treize membres à Lyon.\u00a0»"
        ),
    }
    with opened(folder / "data", fill(folder / "seeds", files)) as desk:
        for question, quoted in asked.items():
            assert desk.assistant.ask(question).answer.startswith(f"{quoted} [1]")


def test_no_passages_are_refused_without_naming_any(synthesizer: ExtractiveSynthesizer) -> None:
    response = synthesizer.synthesize(QUESTION, [])
    assert response.citations == ()
    assert str(response).strip()
    assert ":" not in str(response)


def test_a_refusal_names_the_nearest_first_and_each_once(
    desk: Desk, synthesizer: ExtractiveSynthesizer
) -> None:
    question = "Wer schrieb über das Zentrum Abendrot einen Roman?"
    nodes = _nodes(desk, question)
    response = synthesizer.synthesize(question, [*nodes, *nodes])
    assert response.related == ()
    titles = re.findall(r"„([^“]+)“", str(response))
    assert titles[0] == "Das Zentrum Alpenblick"
    assert len(titles) == len(set(titles)) <= 3


@pytest.mark.parametrize(
    ("question", "refused", "language"),
    [
        (
            "Wie hoch ist das Budget des Zentrums Alpenblick?",
            "Die Dokumente beantworten diese Frage nicht. Zum Thema sagen sie:",
            "",
        ),
        (
            "What is the budget of the centre Alpenblick?",
            "The documents do not answer this question. On its topic they say:",
            ", in German",
        ),
        (
            "Quel est le budget du centre Alpenblick ?",
            "Les documents ne répondent pas à cette question. À ce sujet, ils disent\u00a0:",
            ", en allemand",
        ),
    ],
)
def test_the_refusal_of_a_near_miss_says_what_there_is_on_the_topic(
    engine: RetrieverQueryEngine, question: str, refused: str, language: str
) -> None:
    response = engine.query(question)
    assert isinstance(response, CitedResponse)
    first, *said = str(response).splitlines()
    assert (first, response.citations) == (refused, ())
    assert said == [
        f"„{' '.join(related.quote.split())}“ ({related.title}{language})"
        for related in response.related
    ]
    assert said


def test_a_quoted_list_has_a_line_for_each_item(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("list")
    text = "Zum Verbund Polarlicht gehören:\n\n- Cluster Nord\n- Cluster Süd\n- Cluster West"
    before = "Der Verbund wurde im Mai 2021 in Kiel gegründet."
    files = {"list.txt": f"---\nlanguage: de\n---\n{before}\n\n{text}\n"}
    with opened(folder / "data", fill(folder / "seeds", files)) as desk:
        answer = desk.assistant.ask("Welche Cluster gehören zum Verbund Polarlicht?")
    assert answer.answer.splitlines() == [
        *("„Zum Verbund Polarlicht gehören:", "- Cluster Nord", "- Cluster Süd"),
        "- Cluster West“ [1]",
    ]
    assert answer.citations[0].quote == text


def test_further_sources_are_kept_and_not_cited(
    desk: Desk, synthesizer: ExtractiveSynthesizer
) -> None:
    nodes = _nodes(desk, QUESTION)
    further = [node for node in nodes if node.node.metadata["file"] == CENTRE]
    given = [node for node in nodes if node.node.metadata["file"] == NETWORK]
    response = synthesizer.synthesize(QUESTION, given, further)
    assert response.source_nodes == [*given, *further]
    assert {citation.file for citation in response.citations} == {NETWORK}


def test_texts_without_passages_cant_be_answered_from(synthesizer: ExtractiveSynthesizer) -> None:
    with pytest.raises(TypeError, match="cited"):
        synthesizer.get_response(QUESTION, ["Ein Text."])
    with pytest.raises(TypeError, match="cited"):
        asyncio.run(synthesizer.aget_response(QUESTION, ["Ein Text."]))
