"""The documents as a llama-index retriever, and what is imported with the package."""

import subprocess
import sys

import pytest
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer

import assistant
from assistant import DocumentRetriever
from assistant.access import Scope
from index.errors import ScopeError
from tests.library import Desk

QUESTION = "Seit wann ist die BIOPRO Mitglied im CEBR?"
FILE = "001_a305a8ea11b8cbe0.txt"


def test_the_retriever_brings_the_best_passages_with_their_places(desk: Desk) -> None:
    nodes = DocumentRetriever(desk.assistant, top=3).retrieve(QUESTION)
    assert len(nodes) == 3
    best = nodes[0]
    assert best.node.metadata["file"] == FILE
    assert best.node.metadata["date"] == "2024-04-01"
    start, end = best.node.start_char_idx, best.node.end_char_idx
    assert desk.text(FILE)[start:end] == best.node.get_content()
    assert [node.get_score() for node in nodes] == sorted(
        (node.get_score() for node in nodes), reverse=True
    )


def test_the_retriever_keeps_to_its_scope(desk: Desk) -> None:
    others = DocumentRetriever(desk.assistant, top=50, scope=Scope.read(files=["00[!1]*"]))
    files = {node.node.metadata["file"] for node in others.retrieve(QUESTION)}
    assert files
    assert FILE not in files
    with pytest.raises(ScopeError, match="nothing"):
        DocumentRetriever(desk.assistant, scope=Scope(("nothing",))).retrieve(QUESTION)


def test_a_query_engine_of_llama_index_names_the_passages_as_its_sources(desk: Desk) -> None:
    retriever = DocumentRetriever(desk.assistant, top=2)
    engine = RetrieverQueryEngine(retriever, get_response_synthesizer(llm=MockLLM()))
    response = engine.query(QUESTION)
    assert "April 2024" in str(response)
    assert response.source_nodes[0].node.metadata["file"] == FILE


def test_what_takes_long_is_imported_when_it_is_asked_for() -> None:
    code = (
        "import sys, assistant\n"
        "assert not {'httpx', 'llama_index', 'chromadb', 'gradio'} & sys.modules.keys()\n"
        "assert assistant.Client\n"
        "assert 'llama_index' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="Nothing"):
        assistant.Nothing  # noqa: B018
