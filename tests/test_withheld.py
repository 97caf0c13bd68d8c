"""What the LLM is never shown: the documents of LOTSE_LLM_EXCLUDE."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.dictionaries.dictionary import glossary
from assistant.engine import Assistant
from assistant.faults import Fault
from assistant.generating.withheld import Withheld
from assistant.settings import Settings
from tests.answering import language_model, settings
from tests.command import FOUNDED, Captured, main
from tests.generated import FOLLOW_UP, QUESTIONS, TURNS, is_extractive, is_sound, note, says
from tests.library import LIBRARY, NETWORK, Desk, fill, opened
from tests.model_server import ModelServer

FOLDER = "Verträge 2023"
KEPT = f"{FOLDER}/{NETWORK}"
DOCUMENTS = {KEPT if file == NETWORK else file: text for file, text in LIBRARY.items()}
ELSEWHERE = "Wer leitet das Zentrum Alpenblick?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("withheld")
    with opened(folder / "data", fill(folder / "seeds", DOCUMENTS)) as desk:
        yield desk


@pytest.fixture
def asked(desk: Desk, server: ModelServer) -> Assistant:
    return Assistant(
        desk.index, glossary(), language_model(server.url), withheld=Withheld((FOLDER,))
    )


@pytest.mark.parametrize(
    "name",
    [
        "Verträge 2023",
        "verträge 2023/",
        unicodedata.normalize("NFD", "Verträge 2023"),
        "*/netzwerk.md",
        "verträge*",
        "Verträge 2023/netzwerk.md",
    ],
)
def test_a_folder_a_file_and_a_pattern_hold_a_document_in_any_case(name: str) -> None:
    withheld = Withheld((name,))
    assert withheld.holds(KEPT)
    assert not withheld.holds("zentrum.txt")
    assert not withheld.holds("Verträge 2023 Entwurf.md") or name == "verträge*"


def test_names_are_written_with_commas_between_them() -> None:
    read = Settings.read({"LOTSE_LLM_EXCLUDE": "Verträge 2023, */intern/*,"}, Path("none"))
    assert read.llm_exclude == ("Verträge 2023", "*/intern/*")
    assert settings().llm_exclude == ()


def test_what_a_withheld_document_answers_is_quoted_and_never_sent(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    answer = asked.ask(QUESTIONS["de"])
    is_extractive(answer, desk, Fault.WITHHELD)
    assert {citation.file for citation in answer.citations} == {KEPT}
    assert not server.requests


def test_other_questions_are_answered_by_the_llm_from_the_other_documents(
    desk: Desk, asked: Assistant, server: ModelServer
) -> None:
    leader = "Leiter des Zentrums Alpenblick ist Anton Huber."
    says(server, lambda prompt: f"{leader} [{prompt.number(leader)}]")
    answer = asked.ask(ELSEWHERE)
    is_sound(answer, desk)
    (request,) = server.requests
    sent = str(request.body["messages"])
    assert "Alpenblick" in sent
    assert "Petersen" not in sent and "1,4 Millionen" not in sent and FOLDER not in sent


def test_no_answer_that_was_given_before_is_sent(asked: Assistant, server: ModelServer) -> None:
    asked.ask(FOLLOW_UP, history=TURNS)
    sent = str([request.body["messages"] for request in server.requests])
    assert TURNS[0].question in sent
    assert TURNS[0].answer not in sent


def test_where_nothing_may_be_sent_the_llm_is_not_asked(desk: Desk, server: ModelServer) -> None:
    model = language_model(server.url)
    asked = Assistant(desk.index, glossary(), model, withheld=Withheld(("*",)))
    assert asked.ask(QUESTIONS["de"]).note == note(Fault.WITHHELD)
    assert not server.requests


@pytest.mark.usefixtures("folder")
def test_a_name_that_no_document_has_is_told_at_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("LOTSE_LLM_EXCLUDE", f"Vertraege,{NETWORK}")
    assert main("ask", FOUNDED) == 0
    written = capsys.readouterr()
    assert "LOTSE_LLM_EXCLUDE: no document is called Vertraege." in written.err
    assert NETWORK not in written.err
